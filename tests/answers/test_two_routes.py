"""Two routes to one number agree, for every metric and dimension, on a made-up operation."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generated_records import Operation
from record_homes import Desk, built, shared
from sanjeh.answers import dimensions
from sanjeh.answers.question import Question, QuestionError, Result
from sanjeh.metrics import catalogue  # noqa: F401
from sanjeh.metrics.registry import METRICS, Count, Difference, Growth, Midpoint, Ratio, Slope

pytestmark = pytest.mark.xdist_group("two routes")

OPERATION = Operation(7).operation(tickets=230, conversations=90)
SPAN = {"start": "2026-01-15", "end": "2026-04-10"}
MONTHS = (("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-04-01"))
# A row stands in several groups, or the figure divides two figures with other rows.
NOT_ADDITIVE = {"agents_on_duty", "chat_agents_serving", "chats_by_agent"}


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "operation", lambda path: built(path, OPERATION)))
    yield found
    found.close()


def _dimensions(desk: Desk, name: str) -> list[str]:
    metric = METRICS[name]
    measure = metric.measure(None) if metric.fact is None else None
    match measure:
        case Ratio():
            return [
                d for d in _dimensions(desk, measure.over) if d in _dimensions(desk, measure.under)
            ]
        case Difference():
            return [
                d for d in _dimensions(desk, measure.of) if d in _dimensions(desk, measure.less)
            ]
        case Midpoint():
            return [
                d for d in _dimensions(desk, measure.of) if d in _dimensions(desk, measure.also)
            ]
        case Growth():
            return _dimensions(desk, measure.level)
        case Slope():
            return _dimensions(desk, measure.of)
    assert metric.fact is not None
    columns = tuple(desk.answers.engine.table(metric.fact).columns)
    found = dimensions.available(columns, metric.is_level)
    if "ticket_id" in columns and metric.fact not in ("backlog_flow",):
        found.append("attr.plan")
    return [d for d in found if d not in ("ticket", "conversation", "customer")]


def _ask(desk: Desk, metric: str, **asked: Any) -> tuple[Result, ...]:
    return desk.answers.ask(Question((metric,), **asked)).results


def _key(result: Result, dimension: str) -> Any:
    return result.group[dimension]["key"]


def _same(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def _typed(result: Result, dimension: str) -> str:
    key = _key(result, dimension)
    if key is None:
        return "unknown"
    return str(key if dimension == "hour" else result.group[dimension]["label"])


def _filter(result: Result, by: tuple[str, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The filter that names a result's own group, as a reader would type it."""
    return tuple((d, "is", (_typed(result, d),)) for d in by)


def _differs(desk: Desk, metric: str, by: tuple[str, ...], result: Result) -> Any:
    """What tells a group from the same filter, if anything does."""
    (alone,) = _ask(desk, metric, where=_filter(result, by), **SPAN)
    if not (_same(result.value, alone.value) and result.n == alone.n):
        return _filter(result, by), result.value, result.n, alone.value, alone.n
    if dict(result.excluded) != dict(alone.excluded):
        return _filter(result, by), dict(result.excluded), dict(alone.excluded)
    return None


def _adds_up(metric: str, whole: Result, groups: tuple[Result, ...]) -> None:
    assert sum(r.n for r in groups) == whole.n
    values = sum(r.value or 0 for r in groups)
    assert values >= (whole.value or 0) if metric in _DISTINCT else values == whole.value
    left_out: Counter[str] = Counter()
    for r in groups:
        left_out.update(r.excluded)
    assert dict(left_out) == dict(whole.excluded)


# A slope over few weeks is null, and its count is held here by itself.
GROUPED = sorted(n for n, m in METRICS.items() if m.shape() is not Slope)
COUNTS = {
    n for n, m in METRICS.items()
    if m.shape() is Count and n not in NOT_ADDITIVE and not n.startswith("backlog_moved")
}  # fmt: skip


# One of each fact or kind of measure; the others are held slowly.
FIRST = {
    "backlog_solved", "canned_chat_share", "canned_message_share", "chat_satisfaction",
    "messages_per_chat", "tag_uses", "tagged_chat_share", "workload_hours",
    "chats_by_agent", "complex_resolution_time",
    "conversations", "escalated_tickets", "open_ticket_age", "reopen_rate", "requests",
    "resolution_rate", "resolution_time_without_waiting", "resolved_tickets",
    "chats_missed", "first_response", "handle_time", "time_per_ticket", "transfers",
    "first_contact_resolution", "complaints", "nps", "satisfaction_score", "feedback_received",
}  # fmt: skip


@pytest.mark.parametrize(
    "metric", [n if n in FIRST else pytest.param(n, marks=pytest.mark.slow) for n in GROUPED]
)
def test_groups_of_every_dimension_at_once_add_up_and_equal_the_same_filter(
    desk: Desk, metric: str
) -> None:
    by = tuple(_dimensions(desk, metric))
    answer = desk.answers.ask(Question((metric,), by=by, totals=True, **SPAN))
    if metric in COUNTS:
        _adds_up(metric, answer.totals[0], answer.results)
    for result in answer.results[:1]:
        assert _differs(desk, metric, by, result) is None


@pytest.mark.slow
@pytest.mark.parametrize("metric", GROUPED)
def test_groups_of_dimensions_two_by_two_add_up_and_equal_the_same_filter(
    desk: Desk, metric: str
) -> None:
    # Two by two: working a statement out is nearly all of the time, and each stands in one.
    found = _dimensions(desk, metric)
    for by in (tuple(found[n : n + 2]) for n in range(0, len(found), 2)):
        answer = desk.answers.ask(Question((metric,), by=by, totals=True, **SPAN))
        if metric in COUNTS:
            _adds_up(metric, answer.totals[0], answer.results)
        for result in answer.results[:8]:
            assert _differs(desk, metric, by, result) is None


def test_hour_is_filtered_by_the_label_that_the_answer_shows(desk: Desk) -> None:
    (first, *_) = _ask(desk, "new_tickets", by=("hour",), **SPAN)
    assert first.group["hour"]["label"] == "00:00"
    for typed in ("00:00", "0"):
        where = (("hour", "is", (typed,)),)
        assert _ask(desk, "new_tickets", where=where, **SPAN)[0].value == first.value


_DISTINCT = {
    "reopened_tickets", "resolved_tickets", "net_resolved_tickets", "escalated_tickets",
    "awaiting_tickets", "chats_with_tag", "distinct_tags_used", "canned_chats", "agents_serving",
    "reachable_channels", "training_flags", "repeat_customers", "repeat_customers_7d",
    "complaints", "touchpoints_answered", "touchpoints_defined",
    "visitors", "visitors_who_chatted", "visitors_answered", "visitors_converted",
    "chats_handled", "working_days",
}  # fmt: skip


# One of each way of being put into a period; the others are held slowly.
TIMED = {
    "agents_on_duty", "backlog_opening", "chats_per_agent", "net_resolved_tickets",
    "open_tickets_created", "reopen_rate", "resolution_time", "unattended_tickets",
}  # fmt: skip


@pytest.mark.parametrize(
    "metric",
    [n if n in TIMED else pytest.param(n, marks=pytest.mark.slow) for n in sorted(METRICS)],
)
def test_bucket_of_a_series_equals_that_month_asked_alone(desk: Desk, metric: str) -> None:
    if METRICS[metric].shape() in (Slope, Growth):
        pytest.skip("has its own grain")
    series = _ask(desk, metric, grain="month", start="2026-01-01", end="2026-04-01")
    assert len(series) == 3
    for bucket, (start, end) in zip(series, MONTHS, strict=True):
        alone = _ask(desk, metric, start=start, end=end)[0]
        assert _same(bucket.value, alone.value), (start, bucket.value, alone.value)
        assert bucket.n == alone.n
        assert dict(bucket.excluded) == dict(alone.excluded)


IN = ("new", "reopened", "unmerged", "restored", "moved in")
OUT = ("solved", "closed otherwise", "merged", "deleted", "moved out")


GROUPINGS = (
    ("team",),
    *(pytest.param(by, marks=pytest.mark.slow) for by in (
        (), ("team", "agent", "priority", "topic", "channel"), ("agent",), ("priority",),
        ("topic",), ("category",), ("channel",),
        ("team", "priority"),
    )),
)  # fmt: skip


@pytest.mark.parametrize("by", GROUPINGS)
def test_opening_backlog_and_its_flow_give_the_closing_one(desk: Desk, by: tuple[str, ...]) -> None:
    flow = ["backlog_" + change.replace(" ", "_") for change in (*IN, *OUT)]
    names = ("backlog_opening", *flow, "open_tickets")
    for start, end in (*MONTHS, ("2026-02-11", "2026-02-12"), ("2026-01-01", "2026-05-20")):
        sums: Counter[Any] = Counter()
        found = desk.answers.ask(Question(names, by=by, start=start, end=end)).results
        for r in found:
            sign = -1 if r.metric in (*flow[len(IN) :], "open_tickets") else 1
            sums[tuple(_key(r, d) for d in by)] += sign * (r.value or 0)
        assert found
        assert not {group: value for group, value in sums.items() if value}


DONE, GONE = ("solved", "closed"), ("merged", "deleted")
OF = {"team_changed": "team", "priority_changed": "priority"}
NOISE = ("thanks", "ممنون", "спасибо", "out of office")
Event = tuple[str, str | None, dict[str, Any]]


@cache
def _customers_words() -> dict[str, list[tuple[str, bool]]]:
    """When customers spoke in public in a ticket's conversations, and whether it was noise."""
    ticket_of = {r["id"]: r.get("ticket_id") for r in OPERATION if r["kind"] == "conversation"}
    said = defaultdict(list)
    for r in OPERATION:
        if (
            r["kind"] == "message"
            and r["author_type"] == "customer"
            and r["visibility"] == "public"
        ):
            is_noise = r["body"] in NOISE or bool(r.get("is_auto"))
            said[ticket_of[r["conversation_id"]] or ""].append((r["at"], is_noise))
    return said


@cache
def _life(ticket_id: str) -> tuple[Event, ...]:
    """Every change of a ticket: instant, state from then on, what it is held under."""
    made = next(r for r in OPERATION if r["kind"] == "ticket" and r["id"] == ticket_id)
    events = sorted(
        (r for r in OPERATION if r["kind"] == "ticket_event" and r["ticket_id"] == ticket_id),
        key=lambda e: (e["at"], e["sequence"], e["id"]),
    )
    held = {"team": made.get("team_id"), "priority": made.get("priority")}
    for kind, name in OF.items():
        first = next((e for e in events if e["type"] == kind), None)
        if first is not None:
            held[name] = first.get("from")
    told = made.get("status") and not any(
        e["type"] in ("status_changed", *GONE, "unmerged", "restored") for e in events
    )
    state = {"pending": "pending_customer", "open": "open"}.get(made.get("status", ""), "new")
    life: list[Event] = [(made["created_at"], state if told else "new", dict(held))]
    if told and made.get("resolved_at"):
        life.append((made["resolved_at"], "solved", dict(held)))
    for e in events:
        state = None
        if (name := OF.get(e["type"])) is not None:
            held[name] = e.get("to")
        match e["type"]:
            case "status_changed":
                state = e["to"]
            case "merged" | "deleted":
                state = e["type"]
            case "unmerged" | "restored":
                state = "open"
        life.append((e["at"], state, dict(held)))
    return tuple(life)


def _stages(ticket_id: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The life as open, done or gone; a return to open by mere noise reads as done."""
    stages: list[tuple[str, str, dict[str, Any]]] = []
    stage = "open"
    for at, state, held in _life(ticket_id):
        if state is not None:
            stage = "done" if state in DONE else "gone" if state in GONE else "open"
        stages.append((at, stage, held))
    for n in range(1, len(stages)):
        if stages[n][1] == "open" and stages[n - 1][1] == "done":
            end = next((k for k in range(n, len(stages)) if stages[k][1] != "open"), len(stages))
            until = stages[end][0] if end < len(stages) else "9999"
            since = (dt.datetime.fromisoformat(stages[n][0]) - dt.timedelta(minutes=2)).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            )
            words = [noise for at, noise in _customers_words()[ticket_id] if since <= at < until]
            if words and all(words):
                for k in range(n, end):
                    stages[k] = (stages[k][0], "done again", stages[k][2])
    return [(at, "done" if stage == "done again" else stage, held) for at, stage, held in stages]


def _open_at(moment: str) -> Counter[tuple[str | None, str | None]]:
    """Open tickets before an instant, by team and priority, told by walking through each life."""
    found: Counter[tuple[str | None, str | None]] = Counter()
    for r in OPERATION:
        if r["kind"] != "ticket" or r["created_at"] >= moment or r["is_spam"] or r["is_test"]:
            continue
        _, stage, held = [s for s in _stages(r["id"]) if s[0] < moment][-1]
        if stage == "open":
            priority = held["priority"]
            found[held["team"], priority.lower() if priority else None] += 1
    return found


@pytest.mark.parametrize(
    "day", ["2026-01-20", "2026-02-01", "2026-03-01", "2026-04-10", "2026-06-01"]
)
def test_backlog_is_what_a_plain_replay_of_the_records_gives(desk: Desk, day: str) -> None:
    results = _ask(desk, "open_tickets", by=("team", "priority"), start="2026-01-01", end=day)
    found = {
        ((_key(r, "team") or "/").partition("/")[2] or None, _key(r, "priority")): r.value
        for r in results
    }
    assert found == dict(_open_at(f"{day}T00:00:00Z"))


def test_sum_of_channels_is_the_total_for_conversations(desk: Desk) -> None:
    for name in ("conversations", "conversations_raw", "requests", "chats"):
        total = _ask(desk, name, **SPAN)[0].value
        assert total
        assert sum(r.value or 0 for r in _ask(desk, name, by=("channel",), **SPAN)) == total


def test_answer_is_the_same_in_any_order_and_company(desk: Desk) -> None:
    names = ("open_tickets", "resolution_time", "conversations")
    alone = {n: _ask(desk, n, by=("team",), **SPAN) for n in names}
    together = desk.answers.ask(Question(names[::-1], by=("team",), **SPAN)).results
    for name in names:
        assert [r for r in together if r.metric == name] == list(alone[name])


def test_unknown_dimension_is_refused_everywhere(desk: Desk) -> None:
    for metric in METRICS:
        if METRICS[metric].shape() is Slope:
            continue
        with pytest.raises(QuestionError):
            _ask(desk, metric, by=("no such thing",), **SPAN)
