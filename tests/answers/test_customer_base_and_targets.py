"""A small home of its own: settings, the customer base, targets, and what no source records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import Desk, built, load, record, shared, talk, ticket
from sanjeh.answers.benchmarks import suggested
from sanjeh.answers.periods import PeriodError
from sanjeh.answers.question import Question, QuestionError
from sanjeh.home import Home
from sanjeh.metrics.options import UnknownOption
from sanjeh.metrics.registry import UnknownMetric

pytestmark = pytest.mark.xdist_group("customer base")

PERSONS = [
    record("customer", id="p1", created_at="2026-01-01 00:00"),
    record("customer", id="p2", created_at="2026-03-10 00:00"),
    record("customer", id="p3"),
]
SUBSCRIPTIONS = [
    record("subscription", id="s1", account_id="a", started_at="2025-01-01 00:00"),
    record("subscription", id="s2", account_id="a", started_at="2025-06-01 00:00",
           ended_at="2026-03-05 00:00"),
    record("subscription", id="s3", account_id="b", started_at="2025-01-01 00:00",
           ended_at="2026-03-20 00:00"),
]  # fmt: skip
ACCOUNTS = [
    *[record("account", id=f"old {n}", active_from="2025-01-01 00:00") for n in range(8)],
    *[record("account", id=f"lost {n}", active_from="2025-01-01 00:00",
             active_to="2026-03-15 00:00")
      for n in range(2)],
    record("account", id="on the first stroke", active_from="2026-03-01 00:00"),
    *[record("account", id=f"new {n}", active_from="2026-03-15 00:00") for n in range(3)],
    record("account", id="of April", active_from="2026-04-01 00:00"),
]  # fmt: skip
WORK = [
    {"kind": "settings", "tz": "Asia/Tehran", "month_calendar": "jalali", "week_start": "sat"},
    ticket("t1", "03-02 20:30", priority="High", channel_first="email"),
    ticket("t2", "03-03 09:00", priority="low", channel_first="email"),
    ticket("t3", "03-04 09:00", priority="low", channel_first="phone"),
    talk("c", "03-04 09:00"),
]
TARGETS = [
    record("benchmark", id="1", metric_id="new_tickets", value=3.0, comparator="at_most"),
    record("benchmark", id="2", metric_id="new_tickets", value=1.95, comparator="at_most",
           scope={"priority": "low"}),
    record("benchmark", id="3", metric_id="new_tickets", value=0.5, comparator="at_most",
           scope={"channel": "phone"}),
    record("benchmark", id="4", metric_id="new_tickets", value=100.0, comparator="at_least",
           valid_to="2026-01-01 00:00"),
    {"record": "benchmark", "id": "5", "metric_id": "new_tickets", "source": "competitor",
     "value": 2.0, "name": "Other Ltd", "cite": "their annual report"},
]  # fmt: skip


def _made(path: Path) -> None:
    built(path, [*WORK, *ACCOUNTS, *TARGETS])


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "customer-base", _made))
    yield found
    found.close()


MARCH = {"start": "2026-03-01", "end": "2026-04-01", "zone": "UTC"}


def test_customer_growth_over_those_at_the_start(desk: Desk) -> None:
    assert desk.value("customers", **MARCH) == 12
    assert desk.value("new_customers", **MARCH) == 4
    assert desk.value("lost_customers", **MARCH) == 2
    found = desk.figure("customer_growth", **MARCH)
    assert (found.value, found.numerator, found.denominator) == (0.2, 2, 10)
    nothing = desk.figure("customer_growth", start="2024-01-01", end="2024-02-01")
    assert nothing.value is None


def test_without_accounts_subscribers_and_without_them_persons_are_the_customers(
    tmp_path: Path,
) -> None:
    desk = Desk(built(tmp_path / "home", [*WORK, *PERSONS]))
    assert desk.value("customers", **MARCH) == 2
    assert desk.value("customer_growth", **MARCH) == 1.0
    load(desk.home, SUBSCRIPTIONS)
    desk.refresh()
    # a has one that runs on, b's only one ended
    assert desk.value("customers", **MARCH) == 1
    assert desk.value("lost_customers", **MARCH) == 1
    assert desk.value("customer_growth", **MARCH) == -0.5
    desk.close()


def test_settings_are_the_defaults_of_a_question(desk: Desk) -> None:
    answer = desk.answer("new_tickets", start="1404-12-01", end="1405-01-01", grain="week")
    assert answer.question["zone"] == "Asia/Tehran"
    assert answer.question["calendar"] == "jalali"
    # 20:30 UTC on Monday 2 March is Tuesday 12 Esfand in Tehran; weeks begin on Saturday
    assert {r.bucket["label"]: r.value for r in answer.results if r.bucket and r.value} == {
        "1404-12-09": 3
    }
    days = desk.series("new_tickets", "day", start="1404-12-11", end="1404-12-14")
    assert days == {"1404-12-11": 0, "1404-12-12": 2, "1404-12-13": 1}


def test_the_data_run_until_the_newest_event(desk: Desk) -> None:
    answer = desk.answer("new_tickets", last="1d")
    assert answer.freshness[0]["newest_event_at"] == "2026-03-04T09:00:00+00:00"
    assert answer.results[0].value == 1


def test_figure_is_held_against_the_target_that_fits_most_closely(desk: Desk) -> None:
    total = desk.figure("new_tickets", **MARCH)
    assert (total.value, total.target, total.status) == (3, 3.0, "met")
    by = desk.answer("new_tickets", by=("priority",), **MARCH).results
    assert [(r.group["priority"]["label"], r.target, r.status) for r in by] == [
        ("low", 1.95, "near"), ("High", 3.0, "met"),
    ]  # fmt: skip
    phone = desk.figure("new_tickets", where=(("channel", "is", ("phone",)),), **MARCH)
    assert (phone.target, phone.status) == (0.5, "missed")


def test_competitors_figure_is_no_target_of_ours(desk: Desk) -> None:
    asked = {"options": {"benchmark.source": "competitor"}}
    assert desk.figure("new_tickets", **MARCH, **asked).target == 2.0
    unset = desk.figure("requests", **MARCH)
    assert (unset.target, unset.status) == (None, None)


def test_target_is_suggested_from_the_last_whole_periods(desk: Desk) -> None:
    found = suggested(desk.answers, Question(("new_tickets",), **MARCH))
    # the record begins in March: months before it are no months of nought
    assert found["values"] == [3.0]
    assert found["median"] == 3.0


def test_what_no_source_records_is_said_and_never_zero(desk: Desk) -> None:
    for metric in ("reopened_tickets", "unattended_tickets", "customer_escalations",
                   "chat_satisfaction", "agents_on_duty"):  # fmt: skip
        answer = desk.answer(metric, **MARCH)
        assert answer.results[0].value is None, metric
        assert answer.results[0].why_null
        assert any("records" in warning for warning in answer.warnings)


# -- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metrics", "asked", "error", "said"),
    [
        (("request",), {}, UnknownMetric, "requests"),
        (("reqests",), {}, UnknownMetric, "requests"),
        (("resolution_time.p91",), {}, UnknownMetric, "p90"),
        (("resolution_time@business",), {}, UnknownMetric, "open"),
        (("resolution time",), {}, UnknownMetric, "resolution_time.p90@open"),
        (("requests~zendeks",), {}, UnknownMetric, "zendesk"),
        ((), {}, QuestionError, "metric"),
        (("new_tickets",), {"by": ("chanel",)}, QuestionError, "channel"),
        (("new_tickets",), {"where": (("priorty", "is", ("low",)),)}, QuestionError, "priority"),
        (("new_tickets",), {"by": ("attr.plan",)}, QuestionError, "attr.plan"),
        (("open_tickets",), {"by": ("hour",)}, QuestionError, "hour"),
        (("new_tickets",), {"options": {"reopen.windows": "3"}}, UnknownOption, "reopen.window"),
        (("new_tickets",), {"options": {"noise": "yes"}}, UnknownOption, "leave out"),
        (("new_tickets",), {"options": {"reopen.window": "-1"}}, UnknownOption, "0 or more"),
        (("new_tickets",), {"options": {"reopen.window": "nan"}}, UnknownOption, "0 or more"),
        (("new_tickets",), {"start": "yesterday"}, PeriodError, "2016-03-01"),
        (("new_tickets",), {"start": "2026-02-30"}, PeriodError, "2026-02-30"),
        (("new_tickets",), {"start": "2026-04-01", "end": "2026-04-01"}, PeriodError, "empty"),
        (("new_tickets",), {"grain": "fortnight"}, PeriodError, "week"),
        (("new_tickets",), {"zone": "Asia/Teheran"}, PeriodError, "Asia/Teheran"),
        (("new_tickets",), {"calendar": "hijri"}, PeriodError, "jalali"),
        (("new_tickets",), {"compare": "next"}, PeriodError, "previous"),
        (("new_tickets",), {"last": "a while", "start": None, "end": None}, PeriodError, "30d"),
    ],
)
def test_mistake_is_named_with_what_was_expected(
    desk: Desk,
    metrics: tuple[str, ...],
    asked: dict[str, object],
    error: type[Exception],
    said: str,
) -> None:
    with pytest.raises(error, match=said.replace(".", r"\.")):
        desk.answer(*metrics, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dimension", "value", "close"),
    [("priority", "hihg", "High"), ("channel", "emial", "email"), ("team", "nowhere", "nowhere"),
     ("agent", "nobody", "nobody"), ("state", "opn", "open")],
)  # fmt: skip
def test_value_that_no_row_has_is_named_and_not_answered_with_zero(
    desk: Desk, dimension: str, value: str, close: str
) -> None:
    metric = "open_tickets" if dimension == "state" else "new_tickets"
    with pytest.raises(QuestionError, match=close):
        desk.answer(metric, where=((dimension, "is", (value,)),), **MARCH)


def test_empty_home_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="import"):
        Home(tmp_path / "home").answers()
