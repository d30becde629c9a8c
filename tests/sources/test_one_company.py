"""One small company's history, written once and rendered as three helpdesks would send it.

Under our own definitions the three give the same answers, and those that were worked by hand: the
table below has, for each matter, minutes to the first answer of a person, minutes to the last
solve, and how often it came back. Everybody in it is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import chatwoot_desk as chatwoot
import pytest
import zendesk_company as zendesk

import intercom_workspace as intercom
from record_homes import Desk, shared
from sanjeh.answers.per_target import per_target
from sanjeh.home import Home
from sanjeh.sources.chatwoot import HELPDESK as CHATWOOT
from sanjeh.sources.helpdesk import Payload
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.intercom import HELPDESK as INTERCOM
from sanjeh.sources.zendesk import HELPDESK as ZENDESK

pytestmark = pytest.mark.xdist_group("one_company")

Json = dict[str, Any]
DESKS = ("zendesk", "intercom", "chatwoot")
GOOD, BAD = 5, 1


@dataclass(frozen=True)
class Matter:
    """A mail of one customer and what became of it. Steps: `02 09:10 ann says`, one a line.

    first, solved: minutes from the mail to the first answer of a person, and to the last solve;
    null where there is none. back: how often it came back after a solve.
    """

    number: int
    opened: str
    told: str
    first: int | None
    solved: int | None
    back: int = 0
    rating: int | None = None

    @property
    def steps(self) -> list[tuple[str, str, str, str]]:
        """When, who, what, and to whom."""
        found = []
        for line in self.told.split(";"):
            day, time, who, what, *to = line.split()
            found.append((f"{day} {time}", who, what, to[0] if to else ""))
        return found


MATTERS = (
    Matter(1, "02 09:00", "02 09:10 ann says; 02 09:30 ann solves", 10, 30),
    Matter(2, "02 09:00", "02 09:05 ann notes; 02 09:20 ben says; 02 09:50 ben solves", 20, 50),
    Matter(3, "02 10:00", "02 10:01 bot says; 02 10:30 ann says; 02 11:00 ann solves", 30, 60),
    Matter(4, "02 10:00", "02 10:40 ann says; 02 11:00 customer says; 02 11:20 ann says;"
           "02 11:30 ann solves", 40, 90),
    Matter(5, "02 11:00", "02 11:10 ann says; 02 11:15 ann solves; 02 12:00 customer says;"
           "02 12:30 ann says; 02 13:00 ann solves", 10, 120, back=1),
    Matter(6, "02 11:00", "02 12:00 ben says; 02 12:10 ben solves; 03 09:00 customer says;"
           "03 10:00 ben says; 03 11:00 ben solves", 60, 1440, back=1),
    Matter(7, "03 09:00", "03 09:40 customer says", None, None),
    Matter(8, "03 09:00", "03 09:30 customer says; 03 10:00 ann says; 03 10:05 ann solves", 60, 65),
    Matter(9, "03 09:00", "03 09:10 ann passes ben; 03 09:45 ben says; 03 10:00 ben solves",
           45, 60),
    Matter(10, "03 10:00", "03 10:10 ann moves billing; 03 10:50 ben says; 03 11:00 ben solves",
           50, 60),
    Matter(11, "03 12:00", "03 12:05 ann says", 5, None),
    Matter(12, "04 09:00", "04 09:15 ann says; 04 09:20 ann solves", 15, 20, rating=GOOD),
    Matter(13, "04 09:00", "04 11:00 ben says; 04 11:10 ben solves", 120, 130, rating=BAD),
    Matter(14, "04 10:00", "04 10:25 ann says; 04 10:30 ann solves", 25, 30, rating=GOOD),
    Matter(15, "04 10:00", "04 10:02 ann says; 04 10:04 customer says; 04 10:06 ann says;"
           "04 10:10 customer says; 04 10:20 ann says; 04 10:40 ann solves", 2, 40),
    Matter(16, "05 09:00", "05 09:35 ann solves", None, 35),
    Matter(17, "05 09:00", "05 09:08 ann says; 05 09:10 ann solves; 05 10:10 ann reopens;"
           "05 10:20 ann says; 05 11:00 ann solves", 8, 120, back=1),
    Matter(18, "05 12:00", "05 12:01 bot says; 05 12:02 customer says; 05 12:20 ben says;"
           "05 12:30 ben solves", 20, 30),
    Matter(19, "06 16:00", "09 09:00 ann says; 09 09:30 ann solves", 3900, 3930),
    Matter(20, "09 09:00", "09 09:12 ann says; 09 09:14 ann solves; 10 09:00 customer says;"
           "10 09:30 ann solves; 11 09:00 customer says; 11 09:30 ben says; 11 10:00 ben solves",
           12, 2940, back=2),
    Matter(21, "09 10:00", "09 10:05 ann notes; 09 10:06 ann moves billing; 09 10:27 ben says",
           27, None),
    Matter(22, "10 09:00", "10 09:01 customer says; 10 09:02 customer says; 10 09:32 ben says;"
           "10 10:00 ben solves", 32, 60),
    Matter(23, "10 10:00", "10 10:18 ben says; 10 10:20 customer says", 18, None),
    Matter(24, "11 09:00", "11 09:55 ann says; 11 10:00 ann solves", 55, 60, rating=BAD),
    Matter(25, "12 09:00", "12 09:01 bot says", None, None),
)  # fmt: skip
# The whole company, by hand from the table: 22 first answers, 20 solved, 5 returns to 4 matters.
WHOLE = {
    "new_tickets": 25,
    "requests": 25,
    "conversations": 25,
    "resolved_tickets": 20,
    "reopenings": 5,
    "reopened_tickets": 4,
    "first_response.median": 1560,  # between 25 and 27 minutes
    "first_response.max": 234_000,  # the weekend: 65 hours
    "first_response.n": 22,
    "resolution_time.median": 3600,  # the tenth and eleventh of 20 are both 60 minutes
    "resolution_time.max": 235_800,  # 65 h 30 min
    "resolution_time.n": 20,
    "satisfied_share": 0.5,  # two of four
    "reassignments": 2,
    "next_response_time": 15_920,  # 20, 30, 60, 2, 10 and 1470 minutes, of matters 4 5 6 15 15 20
    "next_response_time.n": 6,
    "agent_messages": 29,
    "solves": 25,  # 20 last ones, and 5 that did not hold
    "open_tickets": 5,  # matters 7 11 21 23 25
    "unattended_tickets": 2,  # matters 7 and 25
    "awaiting_tickets": 3,  # matters 7 23 25: the customer had the last word
}


def says(who: str) -> str:
    """What was written, never a mere thanks."""
    return "It is still broken." if who == "customer" else "We look into it."


def minutes_after(when: str, minutes: int) -> str:
    """A little later on the same day."""
    day, _, time = when.partition(" ")
    hour, minute = (int(part) for part in time.split(":"))
    hour, minute = divmod(hour * 60 + minute + minutes, 60)
    return f"{day} {hour:02}:{minute:02}"


# -- as Zendesk sends it ---------------------------------------------------------------------------


def as_zendesk() -> dict[str, list[Json]]:
    """Tickets and audits, stream by stream; ids from 901."""
    who = {"ann": zendesk.ANN, "ben": zendesk.BEN, "bot": -1}
    company = zendesk.Company()
    for m in MATTERS:
        id_ = 900 + m.number
        customer = 200 + (m.number if m.number != 23 else 40)  # customer 23 is suspended there
        ticket = company.ticket(id_, m.opened, by=customer, group_id=zendesk.SUPPORT)
        for when, by, what, to in m.steps:
            state = ticket.value["status"]
            author = who.get(by, customer)
            via = zendesk.BOT if by == "bot" else ticket.value["via"]
            via = zendesk.WEB if by in ("ann", "ben") else via
            match what:
                case "says":
                    moved = state == "solved" or (state == "new" and by in ("ann", "ben"))
                    events = [zendesk.says(says(by))]
                    ticket.audit(when, author, *events, *([_open()] if moved else []), via=via)
                case "notes":
                    ticket.audit(when, author, zendesk.says("Who knows?", public=False), via=via)
                case "solves":
                    ticket.audit(when, author, zendesk.to("status", "solved"), via=via)
                case "reopens":
                    ticket.audit(when, author, _open(), via=via)
                case "passes":
                    ticket.audit(when, author, zendesk.to("assignee_id", who[to]), via=via)
                case "moves":
                    ticket.audit(when, author, zendesk.to("group_id", zendesk.BILLING), via=via)
        if m.rating is not None:
            solved = m.steps[-1][0]
            company.rated(
                id_ * 10, id_, minutes_after(solved, 1), minutes_after(solved, 10),
                "good" if m.rating == GOOD else "bad",
            )  # fmt: skip
    return company.json(*(900 + m.number for m in MATTERS))


def _open() -> Json:
    return zendesk.to("status", "open")


# -- as Intercom sends it --------------------------------------------------------------------------


def as_intercom() -> Iterator[Payload]:
    """Conversations with their parts; ids from 9001."""
    who = {"ann": "ann", "ben": "bea", "bot": "operator"}
    for name in ("admins", "teams", "tags", "contacts"):
        for n, value in enumerate(intercom.STREAMS[name]):
            yield Payload(name, value, f"{name} {n}")
    for m in MATTERS:
        customer = f"c{m.number}"
        closed = False
        parts = [intercom.part("default_assignment", f"03-{m.opened}", "operator", to="front")]
        for when, by, what, to in m.steps:
            author, at = who.get(by, customer), f"03-{when}"
            match what:
                case "says":
                    kind = "open" if closed else "comment"
                    parts.append(intercom.part(kind, at, author, says(by)))
                    closed = False
                case "notes":
                    parts.append(intercom.part("note", at, author, "Who knows?"))
                case "solves":
                    parts.append(intercom.part("close", at, author))
                    closed = True
                case "reopens":
                    parts.append(intercom.part("open", at, author))
                    closed = False
                case "passes":
                    parts.append(intercom.part("assignment", at, author, to=who[to]))
                case "moves":
                    parts.append(intercom.part("assignment", at, author, to="specialists"))
        rating: Json | None = None
        if m.rating is not None:
            asked, given = (f"03-{minutes_after(m.steps[-1][0], n)}" for n in (1, 10))
            rating = {
                "rating": m.rating, "remark": None, "created_at": intercom.ts(asked),
                "updated_at": intercom.ts(given),
                "contact": {"type": "contact", "id": intercom.contact_id(customer)},
                "teammate": {"type": "admin", "id": intercom.ADMINS[who[m.steps[-1][1]]]},
            }  # fmt: skip
            parts.append(intercom.part("conversation_rating_changed", given, customer))
        value = intercom.conversation(
            9000 + m.number, f"03-{m.opened}", customer, *parts, by="email",
            body=says("customer"), state="closed" if closed else "open", conversation_rating=rating,
        )  # fmt: skip
        yield Payload("conversations", value, f"conversation {m.number}")


# -- as Chatwoot sends it --------------------------------------------------------------------------


def as_chatwoot() -> Iterator[Payload]:
    """Conversations of the inbox of mails; ids from 801."""
    who = {"ann": 1, "ben": 2}
    talks = []
    for m in MATTERS:
        talk = chatwoot.Talk(800 + m.number, chatwoot.MAIL, m.opened)
        talk.customer(m.opened, says("customer"))
        talk.says(m.opened, "Assigned to support by Admin 5")
        status, team, assignee = "open", 1, None
        for when, by, what, to in m.steps:
            name = chatwoot.AGENTS.get(who.get(by, 0), "")
            match what, by:
                case "says", "customer":
                    talk.customer(when, says(by))
                    status = "open"
                case "says", "bot":
                    # It acknowledges and calls a person at once; else the matter would be its own.
                    talk.bot(when, says(by)).event("conversation_bot_handoff", m.opened, when)
                case "says", _:
                    talk.agent(when, who[by], says(by))
                case "notes", _:
                    talk.agent(when, who[by], "Who knows?", private=True)
                case "solves", _:
                    talk.says(when, chatwoot.RESOLVED(name))
                    status = "resolved"
                case "reopens", _:
                    talk.says(when, f"Conversation was reopened by {name}")
                    status = "open"
                case "passes", _:
                    assignee = who[to]
                    talk.says(when, f"Assigned to {chatwoot.AGENTS[assignee]} by {name}")
                case "moves", _:
                    team = 2
                    talk.says(when, f"Assigned to billing by {name}")
        if m.rating is not None:
            solved, by = m.steps[-1][:2]
            talk.template(minutes_after(solved, 1), "Please rate", **chatwoot.CSAT)
            talk.rated(minutes_after(solved, 10), m.rating, None, who[by])
        talks.append(talk.now(status, assignee, team))
    lists = chatwoot.desk(101).lists | {"contacts": [chatwoot.contact(t.number) for t in talks]}
    yield from chatwoot.payloads(
        chatwoot.Desk(
            lists, [t.row for t in talks], {t.number: t.messages for t in talks},
            {t.number: t.events for t in talks}, [r for t in talks for r in t.ratings],
        )
    )  # fmt: skip


# -- the answers -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    def make(path: Path) -> None:
        home = Home(path)
        export = zendesk.written(path.with_name("one company's zendesk"), as_zendesk())
        reports = [import_dump(ZENDESK, export, home.ledger())]
        for helpdesk, told in ((INTERCOM, as_intercom), (CHATWOOT, as_chatwoot)):
            fed = replace(helpdesk, dump=lambda _, told=told: told())
            reports.append(import_dump(fed, Path(helpdesk.name), home.ledger()))
        for report in reports:
            assert (report.rows_rejected, dict(report.warnings)) == (0, {})
        home.refresh()

    made = Desk(shared(shared_folder / "one company", make))
    yield made
    made.close()


FIRST_ID = {"zendesk": 900, "intercom": 9000, "chatwoot": 800}


def by_matter(desk: Desk, metric: str, source: str) -> dict[int, list[Any]]:
    """The counted rows of a metric by the number of the matter."""
    found: dict[int, list[Any]] = {}
    for id_, rows in per_target(desk.answers, metric).items():
        name, _, own = id_.partition("/")
        if name == source:
            found[int(own) - FIRST_ID[source]] = [row for row in rows if row.is_counted]
    return {number: rows for number, rows in found.items() if rows}


@pytest.mark.parametrize("source", DESKS)
def test_each_first_answer_is_the_one_worked_by_hand(desk: Desk, source: str) -> None:
    found = by_matter(desk, "first_response", source)
    seconds = {number: rows[0].seconds for number, rows in found.items()}
    assert seconds == {m.number: m.first * 60 for m in MATTERS if m.first is not None}


@pytest.mark.parametrize("source", DESKS)
def test_each_last_solve_is_the_one_worked_by_hand(desk: Desk, source: str) -> None:
    found = by_matter(desk, "resolution_time", source)
    seconds = {number: rows[-1].seconds for number, rows in found.items()}
    assert seconds == {m.number: m.solved * 60 for m in MATTERS if m.solved is not None}


@pytest.mark.parametrize("source", DESKS)
def test_each_return_is_the_one_worked_by_hand(desk: Desk, source: str) -> None:
    found = by_matter(desk, "reopenings", source)
    assert {n: len(rows) for n, rows in found.items()} == {
        m.number: m.back for m in MATTERS if m.back
    }


@pytest.mark.parametrize("metric", sorted(WHOLE))
def test_the_whole_company_is_the_same_in_every_shape(desk: Desk, metric: str) -> None:
    found = {source: desk.value(metric, of=source) for source in DESKS}
    assert found == dict.fromkeys(DESKS, WHOLE[metric])
