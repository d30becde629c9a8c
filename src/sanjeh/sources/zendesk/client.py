"""Zendesk's API: lists by cursor, exports by time, and each changed ticket with its audits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sanjeh.sources.errors import Missing, Refused, SourceError
from sanjeh.sources.helpdesk.contract import Client, Page, Payload
from sanjeh.sources.zendesk.audits import learnt_of
from sanjeh.sources.zendesk.reading import KNOWN, Ticket, id_of, inner, instant, listed

if TYPE_CHECKING:
    from sanjeh.sources.helpdesk.http import Http

API: Final = "/api/v2"
MOST: Final = 100
"""Objects a page, which is what Zendesk gives at most of lists and audits."""
AT_A_TIME: Final = 50
"""So many tickets of a page of the export are a page of ours: their audits are a request each."""
FULL: Final = 500
"""An export by time gives up to 500 or 1,000 objects an answer; fewer are not cut off."""
BEGINNING: Final = 1  # seconds since 1970
RATED_LATER: Final = 30 * 86_400
"""A rating may be given or changed until its ticket closes, four weeks after it was solved."""

LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "custom_statuses": (f"{API}/custom_statuses", "custom_statuses"),
    "ticket_fields": (f"{API}/ticket_fields", "ticket_fields"),
    "ticket_forms": (f"{API}/ticket_forms", "ticket_forms"),
    "brands": (f"{API}/brands", "brands"),
    "macros": (f"{API}/macros", "macros"),
    "groups": (f"{API}/groups", "groups"),
    "sla_policies": (f"{API}/slas/policies", "sla_policies"),
    "deleted_tickets": (f"{API}/deleted_tickets", "deleted_tickets"),
    "shortcuts": (f"{API}/chat/shortcuts", "shortcuts"),
}
"""Small lists, read whole each time: the path, and the name of the list in the answer."""
EXPORTS: Final[Mapping[str, tuple[str, str]]] = {
    "organizations": (f"{API}/incremental/organizations", "organizations"),
    "ticket_metric_events": (f"{API}/incremental/ticket_metric_events", "ticket_metric_events"),
    "chats": (f"{API}/chat/incremental/chats?fields=chats(*)", "chats"),
    "agent_timeline": (
        f"{API}/chat/incremental/agent_timeline?fields=agent_timeline(*)",
        "agent_timeline",
    ),
    "calls": (f"{API}/channels/voice/stats/incremental/calls", "calls"),
    "call_legs": (f"{API}/channels/voice/stats/incremental/legs", "legs"),
}
"""Exports by time: what changed since `start_time`; the answer's `end_time` is the next."""
CHAT: Final = ("chats", "shortcuts", "agent_timeline")
WITH_OTHERS: Final = ("ticket_audits", "ticket_metrics")
"""Streams of exports that the API gives together with the tickets."""


class ZendeskClient(Client):
    """The API of one account. Limits are waited for by Http; cursors are Zendesk's own."""

    def __init__(self, http: Http, size: int = MOST, at_a_time: int = AT_A_TIME) -> None:
        self._http = http
        self._size = size
        self._at_a_time = at_a_time

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        """The stream's pages after the cursor; from its beginning where that is None."""
        special: Mapping[str, Callable[[Any], Iterator[Page]]] = {
            "agents": lambda cursor: self._agents(),
            "schedules": lambda cursor: self._schedules(),
            "users": self._users,
            "tickets": self._tickets,
            "satisfaction_ratings": self._ratings,
        }
        if stream in special:
            yield from special[stream](cursor)
        elif stream in WITH_OTHERS:
            yield Page([], None, True)
        elif stream not in LISTS and stream not in EXPORTS:
            raise SourceError(f"Zendesk has no stream {stream!r}.")
        else:
            with _chat_may_be_shut(stream):
                if stream in LISTS:
                    path, name = LISTS[stream]
                    yield from self._list(stream, path, name, {})
                else:
                    yield from self._export(stream, cursor)

    def whose(self) -> str:
        """The person whose key it is, and what they are."""
        user = self._http.get("/api/v2/users/me.json").get("user") or {}
        return f"{user.get('name')} ({user.get('role')})"

    # -- lists ---------------------------------------------------------------------------------

    def _list(
        self, stream: str, path: str, name: str, query: dict[str, Any], cursor: Any = None
    ) -> Iterator[Page]:
        """A list by cursor, to its end. Offsets, which end at 10,000, only where there is no other.

        Where the pull goes on within a list, the cursor is the link of the next page.
        """
        address, asked = path, {"page[size]": self._size, **query}
        if cursor:
            address, asked = cursor, {}
        seen: set[str] = set()
        while True:
            told = self._http.get(address, asked or None)
            answer: dict[str, Any] = (
                {name: told} if isinstance(told, list) else told
            )  # as Chat does
            found = [
                Payload(stream, v, f"{stream} {v.get('id')}") for v in listed(answer.get(name))
            ]
            more = inner(answer.get("meta")).get("has_more")
            link = inner(answer.get("links")).get("next") if more else answer.get("next_page")
            if not link:
                yield Page(found, None, True, answer.get("count") if not seen else None)
                return
            if link in seen:
                raise SourceError(f"Zendesk's list of {stream} names the same next page again.")
            seen.add(link)
            yield Page(found, link, False)
            address, asked = link, {}

    def _agents(self) -> Iterator[Page]:
        """Everybody who answers."""
        return self._list("agents", f"{API}/users", "users", {"role[]": ["agent", "admin"]})

    def _schedules(self) -> Iterator[Page]:
        """Schedules with their holidays."""
        path = f"{API}/business_hours/schedules"
        for page in self._list("schedules", path, "schedules", {}):
            whole = []
            for payload in page.payloads:
                answer = self._http.get(f"{path}/{payload.value['id']}/holidays")
                value = {**payload.value, "holidays": listed(answer.get("holidays"))}
                whole.append(Payload("schedules", value, payload.place))
            yield Page(whole, page.cursor, page.done)

    def _ratings(self, cursor: Any) -> Iterator[Page]:
        """Ratings by the time they were offered, from a month before the newest that is known."""
        newest = int(inner(cursor).get("newest") or 0)
        link = inner(cursor).get("link")
        query = {"start_time": newest - RATED_LATER} if newest > RATED_LATER else {}
        path = f"{API}/satisfaction_ratings"
        for page in self._list("satisfaction_ratings", path, "satisfaction_ratings", query, link):
            for payload in page.payloads:
                offered = instant(payload.value.get("created_at"), "created_at")
                newest = max(newest, int(offered.timestamp()) if offered else 0)
            yield Page(page.payloads, {"newest": newest, "link": page.cursor}, page.done)

    # -- exports -------------------------------------------------------------------------------

    def _export(self, stream: str, cursor: Any) -> Iterator[Page]:
        """What changed since a time. Things of the last second come again, and are the same."""
        path, name = EXPORTS[stream]
        path, _, fields = path.partition("?")
        query = dict([fields.split("=", 1)]) if fields else {}
        start = int(cursor or BEGINNING)
        while True:
            answer = self._http.get(path, {"start_time": start, **query})
            found = [
                Payload(stream, v, f"{stream} {v.get('id')}") for v in listed(answer.get(name))
            ]
            end = answer.get("end_time")
            after = int(end) if end else start
            told = answer.get("end_of_stream")
            stands = after <= start
            if told is None:  # Talk and Chat do not tell; at their end the time stands still
                done = not answer.get("next_page") or (stands and len(found) < FULL)
            else:
                done = bool(told)
            if stands and not done:
                raise SourceError(
                    f"Zendesk's export of {stream} does not go on from {start}; more happened in "
                    "that second than it gives at a time. What came before is kept."
                )
            yield Page(found, after, done)
            if done:
                return
            start = after

    def _users(self, cursor: Any) -> Iterator[Page]:
        """Everybody, by cursor."""
        for answer, after, done in self._cursor_export("users", cursor, {}):
            found = [
                Payload("users", v, f"users {v.get('id')}") for v in listed(answer.get("users"))
            ]
            yield Page(found, after, done)

    def _cursor_export(
        self, name: str, cursor: Any, query: dict[str, Any]
    ) -> Iterator[tuple[Any, Any, bool]]:
        """Answers of an incremental export, each with the cursor behind it, and whether it ends."""
        asked = {"per_page": self._size, **query}
        while True:
            where = {"cursor": cursor} if cursor else {"start_time": BEGINNING}
            answer = self._http.get(f"{API}/incremental/{name}/cursor", {**where, **asked})
            after = answer.get("after_cursor") or cursor
            done = bool(answer.get("end_of_stream")) or after == cursor
            yield answer, after, done
            if done:
                return
            cursor = after

    def _tickets(self, cursor: Any) -> Iterator[Page]:
        """Tickets that changed, each with its audits.

        A page of the export is cut into smaller ones, since each ticket is a request more; the
        cursor then also says how far into the page it is. TRICKY: by the time and id of the last
        ticket, not by its place; one that changes meanwhile leaves the page and comes again later.
        """
        passed = tuple(inner(cursor).get("passed") or ())
        start = inner(cursor).get("after")
        query = {"include": "metric_sets,slas"}
        for answer, after, done in self._cursor_export("tickets", start, query):
            coming = [t for t in _in_order(answer) if not passed or _place(t) > passed]
            for first in range(0, len(coming), self._at_a_time):
                part = coming[first : first + self._at_a_time]
                payloads = [p for ticket in part for p in self._with_audits(ticket)]
                last = first + self._at_a_time >= len(coming)
                here = {"after": start, "passed": list(_place(part[-1]))}
                yield Page(payloads, {"after": after} if last else here, done and last)
            if not coming:
                yield Page([], {"after": after}, done)
            passed, start = (), after

    def _with_audits(self, ticket: dict[str, Any]) -> list[Payload]:
        """The ticket and its audits, each with what it must know of the other."""
        audits: list[Any] = []
        id_ = ticket.get("id")
        if ticket.get("status") != "deleted":
            try:
                pages = self._list("ticket_audits", f"{API}/tickets/{id_}/audits", "audits", {})
                audits = [p.value for page in pages for p in page.payloads]
            except Missing:
                audits = []  # deleted since the export was made; the next one says so
        known = Ticket(id_of(ticket.get("requester_id")), id_of(ticket.get("assignee_id")))
        for audit in audits:
            known = learnt_of(audit, known)
        solved = inner(ticket.get("metric_set")).get("solved_at")
        known = known._replace(complete=bool(known.complete), solved_at=solved)
        return [
            Payload("tickets", {**ticket, KNOWN: known}, f"tickets {id_}"),
            *(
                Payload("ticket_audits", {**a, KNOWN: known}, f"audit {a.get('id')}")
                for a in audits
            ),
        ]


@contextmanager
def _chat_may_be_shut(stream: str) -> Iterator[None]:
    """Chat takes OAuth tokens only: whoever has an API token lacks it, which is no failure."""
    try:
        yield
    except Refused as error:
        if stream in CHAT and error.status == 401:
            raise Missing(
                f"Zendesk Chat does not let an API token in, so there are no {stream}. Give an "
                "OAuth token that may read Chat, if the account has it."
            ) from None
        raise


def _in_order(answer: Any) -> list[dict[str, Any]]:
    """Tickets of one answer in the order of their change, with the figures laid beside."""
    figures = {m.get("ticket_id"): m for m in listed(answer.get("metric_sets"))}
    tickets = [dict(ticket) for ticket in listed(answer.get("tickets"))]
    for ticket in tickets:
        if ticket.get("id") in figures:
            ticket.setdefault("metric_set", figures[ticket["id"]])
    return sorted(tickets, key=_place)


def _place(ticket: Mapping[str, Any]) -> tuple[float, int]:
    """When Zendesk last touched the ticket, and its id: the order of the export."""
    touched = ticket.get("generated_timestamp")
    if touched is None:
        changed = instant(ticket.get("updated_at"), "updated_at")
        touched = changed.timestamp() if changed else 0.0
    return float(touched), int(ticket.get("id") or 0)
