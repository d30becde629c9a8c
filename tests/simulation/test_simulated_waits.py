"""Waits, missed chats and handling of a simulated operation are those of its truth (7.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from simulated import rows, small

from record_homes import Desk, shared
from sanjeh.answers.question import Question, Result
from sanjeh.home import Home
from sanjeh.simulation import Operation, write

pytestmark = pytest.mark.xdist_group("simulated waits")

LOCALE = "en"
THEIRS = ("initiation", "is_not", ("agent",))  # not our own mails about what came in otherwise
CHANNELS = ("live_chat", "whatsapp", "phone", "email", "ticket_form")


def _home(folder: Path, name: str, operation: Operation) -> Desk:
    def make(path: Path) -> None:
        home = Home(path)
        write(operation, home.ledger())
        home.refresh()

    return Desk(shared(folder / name, make))


def _without_reasons(operation: Operation) -> Operation:
    """The same, but nobody wrote down why chats were missed."""
    talks = operation.tables["conversation"]
    place = talks.schema.get_field_index("missed_reason")
    talks = talks.set_column(place, "missed_reason", pa.nulls(talks.num_rows, pa.string()))
    return replace(operation, tables={**operation.tables, "conversation": talks})


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = _home(shared_folder, "simulated waits", _without_reasons(small(LOCALE)))
    yield found
    found.close()


def _ask(desk: Desk, metric: str, channel: str, **options: str) -> Result:
    truth = small(LOCALE).truth
    where = (("channel", "is", (channel,)), THEIRS)
    chosen = tuple((name.replace("__", "."), value) for name, value in options.items())
    asked = Question(
        (metric,), where=where, start=truth["from"], end=truth["until"], options=chosen
    )
    (result,) = desk.answers.ask(asked).results
    return result


def _true(channel: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = small(LOCALE).truth["channels"][channel]
    return found


@pytest.mark.parametrize("channel", CHANNELS)
def test_handle_time_and_transfers_are_the_true_ones(desk: Desk, channel: str) -> None:
    true = _true(channel)
    found = _ask(desk, "handle_time", channel)
    assert found.n == true["handled"]
    # instants are written to the millisecond
    assert found.value == pytest.approx(true["handle_seconds_mean"], abs=0.01)
    assert found.statistics["median"] == pytest.approx(true["handle_seconds_median"], abs=0.05)
    rate = _ask(desk, "transfer_rate", channel)
    assert rate.value == pytest.approx(true["transferred_share"], abs=1e-6)


@pytest.mark.parametrize(
    ("channel", "metric"),
    [("live_chat", "answered_chat_wait"), ("phone", "first_response"),
     ("ticket_form", "first_response")],
)  # fmt: skip
def test_wait_for_a_person_is_the_true_one(desk: Desk, channel: str, metric: str) -> None:
    true = _true(channel)
    found = _ask(desk, metric, channel, missed__wait_start="human_requested")
    assert found.n == true["handled"]
    assert found.value == pytest.approx(true["response_seconds_mean"], abs=0.01)
    assert found.statistics["median"] == pytest.approx(true["response_seconds_median"], abs=0.01)


@pytest.mark.parametrize("channel", ["live_chat", "whatsapp"])
def test_first_words_are_those_of_the_messages(desk: Desk, channel: str) -> None:
    """Plain SQL: the first message of the customer to the agent's first after it."""
    waits = rows(
        small(LOCALE),
        'SELECT epoch(min(a."at") - q.asked) FROM (SELECT conversation_id, min("at") AS asked '
        "FROM message WHERE author_type = 'customer' GROUP BY 1) q JOIN message a "
        "ON a.conversation_id = q.conversation_id AND a.author_type = 'agent' "
        "AND a.visibility = 'public' AND a.\"at\" >= q.asked "
        "JOIN conversation c ON c.id = a.conversation_id "
        f"WHERE c.channel = '{channel}' AND NOT c.offline GROUP BY q.conversation_id, q.asked",
    )  # fmt: skip
    found = _ask(desk, "first_response", channel)
    assert found.n == _true(channel)["served"] == len(waits)
    assert found.value == pytest.approx(sum(w for (w,) in waits) / len(waits), abs=0.001)
    assert found.excluded["ended without an answer"] == _true(channel)["abandoned"]
    assert found.pending == _true(channel)["pending"]


def test_reasons_derived_from_presence_and_offers_are_the_true_ones(desk: Desk) -> None:
    truth = small(LOCALE).truth
    told = rows(
        small(LOCALE),
        "SELECT missed_reason, count(*) FROM conversation "
        "WHERE channel = 'live_chat' AND missed_reason IS NOT NULL GROUP BY 1",
    )
    asked = Question(
        ("chats_missed",), by=("missed_reason",), start=truth["from"], end=truth["until"],
        options=(("missed.min_wait", "0"),),
    )  # fmt: skip
    found = {
        r.group["missed_reason"]["key"]: r.value for r in desk.answers.ask(asked).results if r.value
    }
    # An offer let pass goes before one declined, also where the later one was declined.
    order = ("offered_not_accepted", "declined")
    true = dict(told)
    assert {k: v for k, v in found.items() if k not in order} == {
        k: v for k, v in true.items() if k not in order
    }
    assert sum(found.get(k, 0) for k in order) == sum(true.get(k, 0) for k in order)


def test_missed_chats_are_the_abandoned_ones(desk: Desk) -> None:
    true = _true("live_chat")
    missed, short = (_ask(desk, m, "live_chat") for m in ("chats_missed", "short_abandons"))
    assert missed.value + short.value == true["abandoned"]
    rate = _ask(desk, "missed_chat_rate", "live_chat", missed__min_wait="0")
    assert rate.value == pytest.approx(
        true["abandoned"] / (true["abandoned"] + true["served"]), abs=1e-9
    )


# -- ignoring people never improves a wait -----------------------------------------------------


def _half_ignored(operation: Operation) -> Operation:
    """The same, but of all served in writing every second one gave up half-way, unanswered."""
    tables = dict(operation.tables)
    waits = rows(
        operation,
        "SELECT c.id, epoch_us(min(m.\"at\") FILTER (m.author_type = 'customer')), "
        "epoch_us(min(m.\"at\") FILTER (m.author_type = 'agent' AND m.visibility = 'public')), "
        "FROM conversation c JOIN message m ON m.conversation_id = c.id "
        "WHERE c.channel IN ('live_chat', 'whatsapp') AND NOT c.offline "
        "GROUP BY 1, c.channel ORDER BY c.channel, 1",
    )
    served = [(id, asked, answered) for id, asked, answered in waits if answered is not None]
    left = {id: (asked + answered) // 2 for id, asked, answered in served[::2]}
    ignored = pa.array(left, pa.string())
    message = tables["message"]
    kept = pc.or_(
        pc.invert(pc.is_in(message["conversation_id"], ignored)),
        pc.not_equal(message["author_type"], "agent"),
    )
    tables["message"] = message.filter(kept)
    part = tables["participation"]
    tables["participation"] = part.filter(pc.invert(pc.is_in(part["conversation_id"], ignored)))
    talks = tables["conversation"]
    gone = pc.is_in(talks["id"], ignored)
    ends = pa.array([left.get(id) for id in talks["id"].to_pylist()], pa.int64())
    instants = talks.schema.field("ended_at").type
    for name, values in (
        ("ended_at", ends.cast(pa.timestamp("us", "UTC")).cast(instants)),
        ("end_reason", pa.scalar("customer_left")),
        ("outcome", pa.scalar(None, pa.string())),
    ):
        column = pc.if_else(gone, values, talks[name])
        talks = talks.set_column(talks.schema.get_field_index(name), name, column)
    tables["conversation"] = talks
    return replace(operation, tables=tables)


@pytest.fixture(scope="module")
def ignoring(shared_folder: Path) -> Iterator[Desk]:
    found = _home(shared_folder, "simulated ignoring", _half_ignored(small(LOCALE)))
    yield found
    found.close()


@pytest.mark.parametrize("channel", ["live_chat", "whatsapp"])
def test_ignoring_customers_never_improves_a_wait(desk: Desk, ignoring: Desk, channel: str) -> None:
    before = _ask(desk, "first_response", channel)
    after = _ask(ignoring, "first_response", channel)
    ignored = before.n - after.n
    assert abs(ignored - before.n / 2) <= 1
    assert (
        after.excluded["ended without an answer"]
        == before.excluded["ended without an answer"] + ignored
    )
    pairs = list(
        zip(before.statistics["answered_by"], after.statistics["answered_by"], strict=True)
    )
    assert len(pairs) > 8
    for earlier, later in pairs:
        assert later["share"] <= earlier["share"] + 1e-9, earlier["seconds"]
    assert before.statistics["half_answered"] is not None
    assert after.statistics["half_answered"] is None  # not even half are answered any more
    for metric in ("answered_within", "first_response.half_answered"):
        had, has = (_ask(d, metric, channel).value for d in (desk, ignoring))
        assert has is None or has < (had or 0)
    for metric in ("missed_chat_rate", "chats_missed") if channel == "live_chat" else ():
        had, has = (_ask(d, metric, channel).value for d in (desk, ignoring))
        assert (had or 0) < (has or 0)
