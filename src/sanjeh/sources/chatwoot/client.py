"""Chatwoot's API of one account: its lists, and conversations with all that belongs to them.

Conversations and contacts come newest activity first, as every version of Chatwoot lists them.
Whatever changes while pages are read moves to the front and pushes the rest back, so that a page
may show something twice, and skips nothing; what moved is read by a further pass over the front.
Only a deletion pulls the rest forward: the list's own count tells it, and the reading steps back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sanjeh.sources.chatwoot.translate import EVENTS, MESSAGES
from sanjeh.sources.errors import Missing, Refused, SourceError
from sanjeh.sources.helpdesk.contract import Page, Payload
from sanjeh.sources.helpdesk.http import Http

MESSAGES_A_PAGE: Final = 20
"""Fixed in every version of Chatwoot; a shorter page is the last."""
PASSES: Final = 5
"""A busy desk always has news: after so many passes the next pull takes over."""
RATING_OPEN: Final = 15 * 86400
"""Seconds in which a customer may change a rating (14 days), and one day for good measure."""
_FAR: Final = 4_102_444_800  # the year 2100: a range needs an end


class ChatwootClient:
    """The API under `/api/v1/accounts/NUMBER`. Cursors are small JSON objects."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._lists_events: bool | None = None

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        """The stream's pages after the cursor. Messages come with their conversations."""
        match stream:
            case "conversations":
                yield from self._conversations(cursor)
            case "contacts":
                asked = _Order(
                    "contacts", {"sort": "-last_activity_at"}, "last_activity_at", "count"
                )
                yield from self._newest_first(
                    asked, cursor, lambda row: [Payload("contacts", row, f"contact {row['id']}")]
                )
            case "csat_survey_responses":
                yield from self._ratings(cursor)
            case "messages":
                yield Page([], None, done=True)
            case "teams":
                yield self._whole("teams", [self._with_members(row) for row in self._list("teams")])
            case _:
                yield self._whole(stream, self._list(stream))

    def whose(self) -> str:
        """The account, as it is called."""
        return f"account {self._http.get('').get('name')}"

    def _list(self, address: str, query: dict[str, Any] | None = None) -> list[Any]:
        return rows_of(self._http.get(address, query), address)

    def _whole(self, stream: str, rows: list[Any]) -> Page:
        found = [Payload(stream, row, f"{stream} {_name(row)}") for row in rows]
        return Page(found, None, done=True, total=len(found))

    def _with_members(self, row: Any) -> Any:
        try:
            members = self._list(f"teams/{row['id']}/team_members")
        except (Missing, Refused):  # deleted meanwhile, or not open to this key
            return row
        return {**row, "members": members}

    # Conversations

    def _conversations(self, cursor: Any) -> Iterator[Page]:
        read: dict[Any, Any] = {}
        fetched = 0

        def whole(row: Any) -> list[Payload]:
            """The conversation and its messages; nothing where this pull has it already."""
            nonlocal fetched
            state = (row.get("updated_at"), row.get("last_activity_at"))
            if read.get(row["id"]) == state:
                return []
            read[row["id"]] = state
            fetched += 1
            return self._with_messages(row)

        asked = _Order(
            "conversations",
            {"status": "all", "assignee_type": "all", "sort_by": "last_activity_at_desc"},
            "last_activity_at",
            "all_count",
        )
        for left in reversed(range(PASSES)):
            before = fetched
            for page in self._newest_first(asked, cursor, whole):
                cursor = page.cursor
                is_over = fetched == before or not left
                yield replace(page, done=page.done and is_over)
            if is_over:
                return

    def _with_messages(self, row: Any) -> list[Payload]:
        number = row["id"]
        try:
            messages = self._messages(number)
        except Missing:  # deleted since the page was listed
            return []
        whole = {**row, MESSAGES: messages, EVENTS: self._events(number)}
        return [
            Payload("conversations", whole, f"conversation {number}"),
            *(Payload("messages", m, f"message {_name(m)}") for m in messages),
        ]

    def _messages(self, number: Any) -> list[Any]:
        """All of them, oldest first. New ones that come meanwhile are read by the next pass."""
        found: list[Any] = []
        before = None
        while True:
            page = self._list(f"conversations/{number}/messages", {"before": before})
            found = page + found
            if len(page) < MESSAGES_A_PAGE:
                return found
            before = min(message["id"] for message in page)

    def _events(self, number: Any) -> list[Any] | None:
        """The conversation's reporting events; None where this server lists none."""
        if self._lists_events is False:
            return None
        try:
            found = self._list(f"conversations/{number}/reporting_events")
        except (Missing, Refused):
            self._lists_events = bool(self._lists_events)
            return None
        self._lists_events = True
        return found

    # Lists that are read by pages

    def _newest_first(
        self, asked: _Order, cursor: Any, made: Callable[[Any], list[Payload]]
    ) -> Iterator[Page]:
        """Pages from the newest activity down to where the last pass began.

        cursor: {"until": seconds} between passes; within one also the page that comes next, the
        newest activity at its beginning, and how many there were on the page before.
        """
        start = cursor or {}
        until, page = start.get("until", 0), start.get("page", 1)
        newest, count = start.get("newest", 0), start.get("count")
        while True:
            said = self._http.get(asked.address, {**asked.query, "page": page})
            rows, now = rows_of(said, asked.address), _count(said, asked.count)
            if page > 1 and count is not None and now is not None and now < count:
                page, count = page - 1, now
                continue
            times = [row.get(asked.time) or 0 for row in rows]
            newest = max([newest, *times])
            payloads = [
                p for row, at in zip(rows, times, strict=True) if at >= until for p in made(row)
            ]
            if not rows or (until and min(times) < until):
                yield Page(payloads, {"until": newest or until}, done=True, total=now)
                return
            page, count = page + 1, now
            going = {"until": until, "page": page, "newest": newest, "count": count}
            yield Page(payloads, going, done=False, total=now)

    def _ratings(self, cursor: Any) -> Iterator[Page]:
        """Oldest first. Those that the customer may still change are read again."""
        start = cursor or {}
        since, page, newest = start.get("since", 0), start.get("page", 1), start.get("newest", 0)
        while True:
            query = {"sort": "created_at", "since": since, "until": _FAR, "page": page}
            rows = self._list("csat_survey_responses", query)
            payloads = [Payload("csat_survey_responses", r, f"rating {_name(r)}") for r in rows]
            newest = max([newest, *(row.get("created_at") or 0 for row in rows)])
            if not rows:
                yield Page([], {"since": max(since, newest - RATING_OPEN)}, done=True)
                return
            page += 1
            yield Page(payloads, {"since": since, "page": page, "newest": newest}, done=False)


@dataclass(frozen=True)
class _Order:
    """A list by pages. time: the field it is ordered by; count: where it says how many it holds."""

    address: str
    query: dict[str, Any]
    time: str
    count: str


def rows_of(said: Any, address: str) -> list[Any]:
    """The rows of an answer: a bare list, or under "payload", "data" or both.

    Errors: SourceError where there are none of these.
    """
    found = said
    for name in ("data", "payload"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    if isinstance(found, list):
        return found
    raise SourceError(
        f"Chatwoot answered {address} with something that holds no list; a list, or one under "
        '"payload" was expected. Check that the address is that of a Chatwoot server.'
    )


def _count(said: Any, name: str) -> int | None:
    inner = said.get("data", said) if isinstance(said, dict) else {}
    meta = inner.get("meta") if isinstance(inner, dict) else None
    told = meta.get(name) if isinstance(meta, dict) else None
    return int(told) if isinstance(told, (int, str)) and str(told).isdecimal() else None


def _name(row: Any) -> Any:
    return row.get("id") if isinstance(row, dict) else "?"
