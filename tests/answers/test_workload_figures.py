"""Volume in proportion: a small home of its own, with figures worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import Desk, built, record, said, shared, talk, ticket

pytestmark = pytest.mark.xdist_group("workload")


def _chat(name: str, minutes: int, topic: str | None, **fields: object) -> list[object]:
    """A chat that ann took at 9:00 and left so many minutes later."""
    left = f"03-02 09:{minutes:02d}"
    return [
        talk(name, "03-02 09:00", ended_at=left, end_reason="agent", topic_id=topic,
             ticket_id=f"of {name}", **fields),
        said(name, "03-02 09:00"),
        said(name, "03-02 09:00:30", "ann"),
        record("participation", id=f"p {name}", conversation_id=name, agent_id="ann",
               offered_at="03-02 09:00", accepted_at="03-02 09:00", left_at=left,
               end_reason="ended", wrapup_seconds=0),
        ticket(f"of {name}", "03-02 09:00", topic_id=topic, product="app", channel_first="chat"),
    ]  # fmt: skip


# Handle times in minutes: how-to 10, 20, 30 (median 20), bug 40, without topic 20.
# Of all five the median is 20.
RECORDS = [
    record("topic", id="how-to", name="How to", **{"class": "question"}),
    record("topic", id="bug", name="Bug", **{"class": "bug"}),
    record("topic", id="odd", name="Odd"),
    record("kb_article", id="guide", topic_id="how-to", status="published", audience="public"),
    record("kb_article", id="draft", topic_id="bug", status="draft", audience="public"),
    record("kb_article", id="ours", topic_id="bug", status="published", audience="internal"),
    _chat("h1", 10, "how-to"), _chat("h2", 20, "how-to"), _chat("h3", 30, "how-to"),
    _chat("b1", 40, "bug"), _chat("n1", 20, None),
    # still waiting: as long as such chats usually take, 20 and, of a topic without any, the chats'
    talk("h4 waits", "03-03 09:00", topic_id="how-to"),
    said("h4 waits", "03-03 09:00"),
    talk("odd one waits", "03-03 09:00", topic_id="odd"),
    said("odd one waits", "03-03 09:00"),
    # by mail, handling not recorded: the median of all, 20
    talk("mail", "03-03 10:00", "email", topic_id="bug", ended_at="03-03 12:00"),
    said("mail", "03-03 10:00"),
    said("mail", "03-03 11:00", "bea"),
    # missed: no agent's time, though it weighs as a bug chat in the volume
    talk("missed", "03-03 11:00", topic_id="bug", ended_at="03-03 11:10"),
    said("missed", "03-03 11:00"),
    talk("spam", "03-03 12:00", topic_id="bug", is_spam=True),
    *[record("account", id=f"old {n}", active_from="2025-01-01 00:00") for n in range(40)],
    *[record("account", id=f"gone {n}", active_from="2025-01-01 00:00",
             active_to="2026-03-10 00:00") for n in range(10)],
    *[record("account", id=f"new {n}", active_from="2026-03-10 00:00") for n in range(20)],
    ticket("beacon", "06-30 00:00", is_spam=True),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "workload", lambda path: built(path, RECORDS)))
    yield found
    found.close()


def test_workload_measures_what_is_over_and_supposes_the_usual_for_the_rest(desk: Desk) -> None:
    # 10 + 20 + 30 + 40 + 20 measured, 20 + 20 + 20 supposed
    found = desk.figure("workload_hours")
    assert (found.value, found.n) == (pytest.approx(3.0), 8)
    share = desk.figure("workload_estimated_share")
    assert (share.numerator, share.denominator) == (3, 8)
    by_channel = desk.by("workload_hours", "channel")
    assert by_channel == {"chat": pytest.approx(160 / 60), "email": pytest.approx(20 / 60)}
    assert any("median handle time" in w for w in desk.answer("workload_hours").warnings)


def test_weighted_volume_counts_a_usual_conversation_as_one(desk: Desk) -> None:
    # how-to chats 4 x 20/20; bug chats 40/20, the missed one too; n1 20/20; odd: the chats', 20/20;
    # the mail's pair and channel have none on record: 1
    assert desk.value("weighted_volume") == pytest.approx(4 + 2 * 2 + 1 + 1 + 1)
    assert desk.value("conversations") == 9
    assert desk.by("weighted_volume", "topic")["Bug"] == pytest.approx(5.0)


def test_contact_rate_is_per_hundred_customers_on_average(desk: Desk) -> None:
    # 50 at the start, 60 at the end; five tickets and four conversations without one
    assert desk.value("customers_at_start") == 50
    assert desk.value("customers") == 60
    assert desk.value("average_customers") == 55
    assert desk.value("requests") == 9
    assert desk.value("contact_rate") == pytest.approx(900 / 55)
    nobody = {"start": "2024-03-01", "end": "2024-04-01"}
    assert desk.value("contact_rate", **nobody) is None
    months = desk.series("average_customers", "month", start="2026-02-01", end="2026-04-01")
    assert months == {"2026-02": 50, "2026-03": 55}


def test_requests_per_agent_without_presence_divides_by_those_who_served(desk: Desk) -> None:
    answer = desk.answer("requests_per_agent")
    assert answer.results[0].value == 4.5
    assert any("divided by the agents who served" in w for w in answer.warnings)
    assert desk.value("agents_serving") == 2


def test_requests_out_of_confusion_and_those_with_an_article(desk: Desk) -> None:
    found = desk.figure("confusion_share")
    assert (found.numerator, found.denominator) == (4, 7)
    assert dict(found.excluded) == {"its topic has no class": 2, "spam": 1}
    classes = desk.by("requests", "topic_class")
    assert classes == {"question": 4, "bug": 3, "unknown": 2}
    covered = desk.figure("article_coverage")
    assert (covered.numerator, covered.denominator) == (4, 8)
    assert dict(covered.excluded) == {"no topic is recorded": 1, "spam": 1}


def test_channels_that_were_used_and_their_share(desk: Desk) -> None:
    assert desk.value("reachable_channels") == 2
    assert desk.by("conversation_share", "channel") == {"chat": 8 / 9, "email": 1 / 9}
    mail = (("channel", "is", ("email",)),)
    assert desk.value("conversation_share", where=mail) == 1 / 9
