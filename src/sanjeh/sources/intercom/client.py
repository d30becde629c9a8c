"""Intercom's API of one workspace: which question brings each stream, and where it goes on.

Conversations, tickets and contacts are searched by their time of change and sorted by it, so a
cursor is a time: `{"newest": T, "seen": {id: time of change}}`. Whatever changes while it is
paged moves behind the cursor and comes again. Intercom matches the times of contacts by whole
days only; what was seen before is passed over here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sanjeh.sources.errors import Missing, SourceError
from sanjeh.sources.helpdesk import Client, Page, Payload, Unreadable
from sanjeh.sources.helpdesk.http import Http, account_address
from sanjeh.sources.intercom.words import instant

VERSION: Final = "2.14"
LAG: Final = 600
"""Seconds by which Intercom's search may be behind."""
CALLS: Final = 25  # a page at most
LISTED: Final = 10_000  # companies at most; Intercom refuses to list on
REGIONS: Final[Mapping[str, str]] = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}


def connect(http: Http, given: Mapping[str, str]) -> IntercomClient:
    """The client for the given credentials. Errors: SourceError for a region that is none."""
    region = (given.get("REGION") or "us").strip()
    address = REGIONS.get(region.lower())
    if address is None and "." not in region and "://" not in region:
        raise SourceError(
            f"{region!r} is no region of Intercom; write us, eu or au, or a whole address."
        )
    return IntercomClient(
        http.at(
            account_address(address or region),
            headers={
                "Authorization": f"Bearer {given['TOKEN']}",
                "Intercom-Version": VERSION,
            },
        )
    )


class IntercomClient(Client):
    """Pages of one workspace's streams."""

    def __init__(self, http: Http, *, per_page: int = 50) -> None:
        self._http = http
        self._per_page = per_page

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        """The stream's pages after the cursor; from its beginning where that is None."""
        return _WAYS[stream](self, stream, cursor)

    def whose(self) -> str:
        """The teammate whose token it is, and the workspace."""
        me = self._http.get("/me")
        return f"{me.get('name')}, workspace {(me.get('app') or {}).get('name')}"

    def one(self, stream: str, id: str) -> Payload | None:
        """One object as it stands now; none where it is gone."""
        try:
            value = self._http.get(f"/{stream}/{id}")
        except Missing:
            return None
        return Payload(stream, value, f"{stream} {id}")

    # -- the ways ---------------------------------------------------------------------------

    def _listed(self, stream: str, cursor: Any) -> Iterator[Page]:
        """A short list in one answer."""
        yield Page(_payloads(stream, self._http.get(f"/{stream}")), None, True)

    def _numbered(self, stream: str, cursor: Any) -> Iterator[Page]:
        """Numbered pages, read whole at every pull: Intercom cannot say what changed."""
        number = cursor["page"] if cursor else 1
        while True:
            size = min(self._per_page, CALLS) if stream == "calls" else self._per_page
            asked = f"page={number}&per_page={size}"
            if stream == "companies":
                said = self._http.post(f"/companies/list?{asked}&order=asc", {})
            else:
                said = self._http.get(f"/{stream}?{asked}")
            done = number >= (_pages(said).get("total_pages") or 1)
            done = done or (stream == "companies" and number * size >= LISTED)
            number = 1 if done else number + 1
            yield Page(_payloads(stream, said), {"page": number}, done, _total(said))
            if done:
                return

    def _newest_first(self, stream: str, cursor: Any) -> Iterator[Page]:
        """Pages from the newest back, told to begin after what the last pull saw."""
        since = cursor["since"] if cursor else 0
        newest, token = (cursor or {}).get("newest", since), (cursor or {}).get("token")
        while True:
            said = self._http.get(
                f"/{stream}",
                {"per_page": self._per_page, "updated_since": since or None,
                 "starting_after": token},
            )  # fmt: skip
            payloads = _payloads(stream, said)
            newest = max([newest, *(_changed(p) for p in payloads)])
            token = _next(said)
            if token is None:
                yield Page(payloads, {"since": newest}, True)
                return
            yield Page(payloads, {"since": since, "newest": newest, "token": token}, False)

    def _logged(self, stream: str, cursor: Any) -> Iterator[Page]:
        """The log of what admins did, from an instant on, newest first; links lead on."""
        since = cursor["since"] if cursor else 1
        newest = since
        address: str | None = f"/admins/{stream}?created_at_after={since}"
        while address is not None:
            said = self._http.get(address)
            payloads = _payloads(stream, said)
            stamps = [p.value.get("created_at") for p in payloads]
            newest = max([newest, *(s for s in stamps if isinstance(s, int))])
            following = _pages(said).get("next")
            address = following if isinstance(following, str) and following else None
            # Until its end is reached the log begins anew: its newest page comes first.
            done = address is None
            yield Page(payloads, {"since": newest if done else since}, done)

    def _searched(self, stream: str, cursor: Any) -> Iterator[Page]:
        """Everything changed since the cursor, oldest change first."""
        place = _Place.of(cursor)
        token: str | None = None
        while True:
            said = self._http.post(f"/{stream}/search", self._search(place.floor, token))
            found = _payloads(stream, said)
            fresh = [p for p in found if place.is_new(p)]
            token = _next(said)
            for payload in fresh:
                place.pass_by(payload)
            whole = [p for p in map(self._retrieve, fresh) if p is not None]
            if fresh or token is None:
                yield Page(whole, place.cursor(), token is None, _total(said))
            if token is None:
                return

    def _search(self, since: int, token: str | None) -> dict[str, Any]:
        page: dict[str, Any] = {"per_page": self._per_page}
        if token is not None:
            page["starting_after"] = token
        return {
            "query": {
                "operator": "OR",
                "value": [
                    {"field": "updated_at", "operator": ">", "value": since},
                    {"field": "updated_at", "operator": "=", "value": since},
                ],
            },
            "sort": {"field": "updated_at", "order": "ascending"},
            "pagination": page,
        }

    def _retrieve(self, payload: Payload) -> Payload | None:
        """A search shows conversations without their parts: those are asked for one by one."""
        if payload.stream != "conversations":
            return payload
        return self.one("conversations", str(payload.value.get("id")))


@dataclass
class _Place:
    """How far a search has come: the newest change seen, and what was seen shortly before it.

    Intercom's search lags behind by some minutes, so the next pull looks back that far; `seen`
    keeps it from asking again for what it has.
    """

    newest: int
    seen: dict[str, int]
    floor: int

    @classmethod
    def of(cls, cursor: Any) -> _Place:
        if not cursor:
            return cls(0, {}, 0)
        return cls(cursor["newest"], dict(cursor["seen"]), max(0, cursor["newest"] - LAG))

    def is_new(self, payload: Payload) -> bool:
        changed = _changed(payload)
        return changed >= self.floor and self.seen.get(str(payload.value.get("id"))) != changed

    def pass_by(self, payload: Payload) -> None:
        changed = _changed(payload)
        self.newest = max(self.newest, changed)
        self.seen[str(payload.value.get("id"))] = changed

    def cursor(self) -> dict[str, Any]:
        self.seen = {id: at for id, at in self.seen.items() if at >= self.newest - LAG}
        return {"newest": self.newest, "seen": dict(sorted(self.seen.items()))}


_WAYS: Final[Mapping[str, Callable[[IntercomClient, str, Any], Iterator[Page]]]] = {
    "admins": IntercomClient._listed,
    "teams": IntercomClient._listed,
    "tags": IntercomClient._listed,
    "companies": IntercomClient._numbered,
    "contacts": IntercomClient._searched,
    "conversations": IntercomClient._searched,
    "tickets": IntercomClient._searched,
    "articles": IntercomClient._numbered,
    "calls": IntercomClient._numbered,
    "macros": IntercomClient._newest_first,
    "activity_logs": IntercomClient._logged,
}


def _payloads(stream: str, said: Any) -> list[Payload]:
    """The objects of an answer, which stand under the stream's name or `data`."""
    listed = said.get(stream, said.get("data")) if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise SourceError(
            f"Intercom answered the question for {stream} without a list of them. "
            f"This version speaks Intercom's API {VERSION}."
        )
    return [
        Payload(stream, value, f"{stream} {value.get('id') if isinstance(value, dict) else value}")
        for value in listed
    ]


def _pages(said: Any) -> Mapping[str, Any]:
    pages = said.get("pages")
    return pages if isinstance(pages, dict) else {}


def _next(said: Any) -> str | None:
    """Where the next page begins, if there is one."""
    following = _pages(said).get("next")
    token = following.get("starting_after") if isinstance(following, dict) else None
    return token if isinstance(token, str) and token else None


def _total(said: Any) -> int | None:
    total = said.get("total_count")
    return total if type(total) is int else None


def _changed(payload: Payload) -> int:
    """When it was changed last, in seconds; what does not say so is as old as can be."""
    changed = payload.value.get("updated_at")
    if type(changed) is int:
        return changed
    try:
        read = instant(changed, "updated_at")
    except Unreadable:
        return 0
    return int(read.timestamp()) if read else 0
