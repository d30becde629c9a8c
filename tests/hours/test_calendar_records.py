"""Schedules from records of the ledger, and what is said of records that cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sanjeh.hours import HoursError, schedules_from_records
from sanjeh.hours.records import weekday


def calendar(**fields: Any) -> dict[str, Any]:
    return {
        "id": "office",
        "name": "Office",
        "tz": "UTC",
        "weekly": json.dumps([{"dow": "mon", "from": "08:00", "to": "16:00"}]),
        "always_open": None,
        "exceptions": None,
        "valid_from": None,
        **fields,
    }


def holiday(on: date | str, **fields: Any) -> dict[str, Any]:
    return {"calendar_id": None, "date": on, "name": "Nowruz", "open_intervals": None, **fields}


def hours_on(
    day: str, calendars: list[dict[str, Any]], holidays: list[dict[str, Any]] | None = None
) -> float:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    end = start.replace(hour=23, minute=59, second=59, microsecond=999_999)
    schedule = schedules_from_records(calendars, holidays or [])[calendars[0]["id"]]
    return round(schedule.seconds_between(start, end) / 3600, 6)


def refused(calendars: list[dict[str, Any]], holidays: list[dict[str, Any]] | None = None) -> str:
    with pytest.raises(HoursError) as error:
        schedules_from_records(calendars, holidays or [])
    return str(error.value)


@pytest.mark.parametrize("name", ["mon", "Monday", " MON ", 1, "1"])
def test_monday_has_five_spellings(name: object) -> None:
    assert weekday(name) == 0


def test_iso_seven_is_sunday() -> None:
    assert weekday(7) == 6


def test_weekly_hours_as_text_or_as_a_list() -> None:
    # 2026-03-09 is a Monday.
    assert hours_on("2026-03-09", [calendar()]) == 8
    assert hours_on("2026-03-10", [calendar()]) == 0
    split = [{"dow": 1, "from": "08:00", "to": "12:00"}, {"dow": 1, "from": "13:00", "to": "15:00"}]
    assert hours_on("2026-03-09", [calendar(weekly=split)]) == 6


def test_always_open_needs_no_hours_and_no_zone() -> None:
    assert hours_on("2026-03-10", [calendar(weekly=None, tz=None, always_open=True)]) == 24


def test_empty_week_is_never_open() -> None:
    assert hours_on("2026-03-09", [calendar(weekly="[]")]) == 0


def test_holiday_of_all_calendars_and_of_one() -> None:
    calendars = [calendar(), calendar(id="other")]
    assert hours_on("2026-03-09", calendars, [holiday("2026-03-09")]) == 0
    assert hours_on("2026-03-09", calendars, [holiday(date(2026, 3, 9))]) == 0
    assert hours_on("2026-03-09", calendars, [holiday("2026-03-09", calendar_id="other")]) == 8
    assert hours_on("2026-03-09", calendars, [holiday("2026-03-09", calendar_id="office")]) == 0


def test_the_nearer_rule_goes_before_the_wider_one() -> None:
    short = json.dumps([{"from": "10:00", "to": "12:00"}])
    for_all = holiday("2026-03-09")
    for_one = holiday("2026-03-09", calendar_id="office", open_intervals=short)
    own = calendar(
        exceptions=[{"date": "2026-03-09", "intervals": [{"from": "09:00", "to": "10:00"}]}]
    )
    assert hours_on("2026-03-09", [calendar()], [for_one, for_all]) == 2
    assert hours_on("2026-03-09", [own], [for_one, for_all]) == 1


def test_entries_of_the_same_date_are_put_together() -> None:
    halves = [
        {"date": "2026-03-10", "intervals": [{"from": "08:00", "to": "10:00"}]},
        {"date": "2026-03-10", "intervals": [{"from": "14:00", "to": "15:00"}]},
    ]
    assert hours_on("2026-03-10", [calendar(exceptions=halves)]) == 3


def test_versions_follow_one_another_whatever_their_order() -> None:
    since = datetime(2026, 3, 16, tzinfo=UTC)
    later = calendar(
        valid_from=since, weekly=json.dumps([{"dow": "mon", "from": "08:00", "to": "10:00"}])
    )
    for records in ([calendar(), later], [later, calendar()]):
        assert hours_on("2026-03-09", records) == 8
        assert hours_on("2026-03-16", records) == 2


def test_first_version_also_holds_before_its_own_start() -> None:
    assert hours_on("2020-03-09", [calendar(valid_from=datetime(2026, 1, 1, tzinfo=UTC))]) == 8


def test_deleted_records_are_left_out() -> None:
    gone = datetime(2026, 1, 1, tzinfo=UTC)
    assert schedules_from_records([calendar(deleted_at=gone)], []) == {}
    closed = holiday("2026-03-09", deleted_at=gone)
    assert hours_on("2026-03-09", [calendar()], [closed]) == 8
    of_the_gone = holiday("2026-03-09", calendar_id="old")
    calendars = [calendar(), calendar(id="old", deleted_at=gone)]
    assert hours_on("2026-03-09", calendars, [of_the_gone]) == 8


def test_unknown_zone_names_the_close_ones() -> None:
    said = refused([calendar(tz="Asia/Teheran")])
    assert "Calendar 'office'" in said
    assert "'Asia/Tehran'" in said
    assert "'Europe/London'" in refused([calendar(tz="London")])


def test_unknown_weekday_names_the_accepted_forms() -> None:
    said = refused([calendar(weekly=[{"dow": "mnday", "from": "08:00", "to": "16:00"}])])
    assert "mon, tue, wed" in said
    assert "from 1 (Monday) to 7 (Sunday)" in said
    assert "'monday'" in said


def test_weekday_zero_is_refused() -> None:
    # Sunday for some, Monday for others: not guessed.
    assert "1 (Monday)" in refused([calendar(weekly=[{"dow": 0, "from": "08:00", "to": "9:00"}])])


def test_bad_time_is_named() -> None:
    assert "'8am'" in refused([calendar(weekly=[{"dow": 1, "from": "8am", "to": "16:00"}])])


def test_missing_parts_are_named() -> None:
    assert "no tz" in refused([calendar(tz=None)])
    assert "set always_open" in refused([calendar(weekly=None)])
    assert "'to'" in refused([calendar(weekly=[{"dow": 1, "from": "08:00"}])])
    assert "must be a list" in refused([calendar(weekly='{"mon": "8-16"}')])
    assert "must be a list" in refused([calendar(weekly="8-16")])


def test_bad_date_of_an_exception_is_named() -> None:
    assert "'1405/01/01'" in refused([calendar(exceptions=[{"date": "1405/01/01"}])])


def test_holiday_of_no_calendar_is_refused() -> None:
    said = refused([calendar()], [holiday("2026-03-09", calendar_id="ofice")])
    assert "Holiday 'Nowruz'" in said
    assert "Did you mean 'office'" in said


def test_two_versions_without_a_start_are_refused() -> None:
    assert "only the first" in refused([calendar(), calendar()])


def test_naive_start_of_a_version_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    assert "no time zone" in refused([calendar(), calendar(valid_from=naive)])
    assert "aware datetime" in refused([calendar(), calendar(valid_from="2026")])


def test_hours_may_be_written_as_days_of_pairs() -> None:
    listed = [{"dow": d, "from": "08:00", "to": "16:00"} for d in ("mon", "fri")]
    paired = {"mon": [["08:00", "16:00"]], "Friday": [{"from": "08:00", "to": "16:00"}]}
    closed = {"2026-03-09": [], "2026-03-13": [["10:00", "12:00"]]}
    entries = [
        {"date": "2026-03-09", "intervals": []},
        {"date": "2026-03-13", "intervals": [{"from": "10:00", "to": "12:00"}]},
    ]
    found = schedules_from_records(
        [
            {"id": "a", "tz": "UTC", "weekly": listed, "exceptions": entries},
            {"id": "b", "tz": "UTC", "weekly": paired, "exceptions": closed},
        ],
        [],
    )
    start, end = 1_772_323_200_000_000, 1_773_619_200_000_000  # 1 March to 16 March 2026, UTC
    # Mon 2, Fri 6: 16 h; Mon 9 closed; Fri 13: 2 h
    assert found["a"].open_microseconds(start, end) == 64_800_000_000
    assert found["b"].open_microseconds(start, end) == 64_800_000_000
