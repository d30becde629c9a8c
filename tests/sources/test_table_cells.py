"""Cells as people write them: dates, zones, numbers, durations, words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from sanjeh.sources.table.cells import Reading, clean, read_column
from sanjeh.sources.table.instants import parse_dates, parse_instants
from sanjeh.sources.table.mapping import ColumnShape


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "form", "zone", "instant"),
    [
        ("29/2/2016 01:16", "%d/%m/%Y %H:%M", "UTC", utc(2016, 2, 29, 1, 16)),
        ("30/2/2016 01:16", "%d/%m/%Y %H:%M", "UTC", None),  # no such day
        ("05/03/2026 01:16 x", "%d/%m/%Y %H:%M", "UTC", None),  # more than a date
        ("05/03/26 01:16", "%d/%m/%Y %H:%M", "UTC", None),  # not the year 26
        ("05/Mar/26 3:07 PM", "%d/%b/%y %I:%M %p", "UTC", utc(2026, 3, 5, 15, 7)),
        ("05.03.2026 01:16", "%d.%m.%Y %H:%M", "Europe/Moscow", utc(2026, 3, 4, 22, 16)),
        ("2026-03-05", "iso", "Europe/Moscow", utc(2026, 3, 4, 21)),
        ("2026-03-05 10:00:00.25", "iso", "UTC", utc(2026, 3, 5, 10, 0, 0, 250_000)),
        ("2026-03-05T10:00:00Z", "iso", None, utc(2026, 3, 5, 10)),
        ("2026-03-05T10:00:00+03:30", "iso", "UTC", utc(2026, 3, 5, 6, 30)),
        ("2026-03-05 10:00:00 +0300", "iso", None, utc(2026, 3, 5, 7)),
        ("2026-03-05 10:00:00 UTC", "iso", None, utc(2026, 3, 5, 10)),
        ("2026-03-05 10:00:00 +0300", "%Y-%m-%d %H:%M:%S %z", None, utc(2026, 3, 5, 7)),
        ("2026-03-05 10:00:00", "iso", None, None),  # a wall time on no wall
        ("1404/01/15", "jalali", "Asia/Tehran", utc(2025, 4, 3, 20, 30)),
        ("۱۴۰۴/۰۱/۱۵ ۱۴:۳۰", "jalali", "Asia/Tehran", utc(2025, 4, 4, 11)),
        ("1404-1-15 14:30:05", "jalali", "UTC", utc(2025, 4, 4, 14, 30, 5)),
        ("1404/12/30", "jalali", "UTC", None),  # not a leap year
        ("۰۵/۰۳/۲۰۲۶", "%d/%m/%Y", "UTC", utc(2026, 3, 5)),
        ("1772704800", "epoch", None, utc(2026, 3, 5, 10)),
        ("1772704800500", "epoch_ms", None, utc(2026, 3, 5, 10, 0, 0, 500_000)),
        ("soon", "epoch", None, None),
        # The clocks go back: the earlier of the two. They go forward: after the gap.
        ("2026-11-01 01:30:00", "iso", "America/New_York", utc(2026, 11, 1, 5, 30)),
        ("2026-03-08 02:30:00", "iso", "America/New_York", utc(2026, 3, 8, 7)),
    ],
)
def test_instants(text: str, form: str, zone: str | None, instant: dt.datetime | None) -> None:
    assert parse_instants(pa.array([text]), (form,), zone).to_pylist() == [instant]


def test_formats_are_tried_in_turn() -> None:
    texts = pa.array(["05/03/2026 10:00", "05/03/2026", None, "x"])
    found = parse_instants(texts, ("%d/%m/%Y %H:%M", "%d/%m/%Y"), "UTC")
    assert found.to_pylist() == [utc(2026, 3, 5, 10), utc(2026, 3, 5), None, None]


def test_dates_leave_the_time_of_day() -> None:
    texts = pa.array(["۱۴۰۴/۰۱/۱۵ ۲۳:۵۹", None])
    assert parse_dates(texts, ("jalali",)).to_pylist() == [dt.date(2025, 4, 4), None]


def read(texts: list[str], type_: str, **shape: Any) -> tuple[list[Any], list[int]]:
    choices = shape.pop("choices", ())
    reading = Reading("c", type_, ColumnShape(**shape), "UTC", (), choices)
    found = read_column(clean(pa.chunked_array([texts]), ["?"]), reading)
    return found.values.to_pylist(), list(found.failed)


def test_empty_cells_and_null_words_are_unknown_not_wrong() -> None:
    assert read(["5", "", " ", "?", "x"], "integer") == ([5, None, None, None, None], [4])


@pytest.mark.parametrize(
    ("text", "shape", "value"),
    [
        ("1,234.5", {}, 1234.5),
        ("1.234,5", {"decimal": ","}, 1234.5),
        ("1 234,5", {"decimal": ","}, 1234.5),
        ("1\u00a0234,5", {"decimal": ","}, 1234.5),
        ("۱٬۲۳۴٫۵", {}, 1234.5),
        ("−3", {}, -3.0),
        ("1,5", {}, None),  # a decimal comma that nobody declared
        ("nan", {}, None),
        ("90", {"unit": "minutes"}, 5400.0),
        ("1.5", {"unit": "hours"}, 5400.0),
        ("1:30:05", {"format": ("h:mm:ss",)}, 5405.0),
        ("26:00", {"format": ("h:mm:ss",)}, 93600.0),
    ],
)
def test_numbers_and_durations(text: str, shape: dict[str, Any], value: float | None) -> None:
    assert read([text], "number", **shape)[0] == [value]


def test_whole_numbers_refuse_fractions() -> None:
    assert read(["12", "۱۲", "12.0", "12.5"], "integer") == ([12, 12, 12, None], [3])


def test_flags_lists_and_structures() -> None:
    assert read(["yes", "نه", "Да", "0", "خیر"], "flag") == ([True, None, True, False, False], [1])
    assert read(["a, b", '["c"]'], "texts")[0] == [["a", "b"], ["c"]]
    assert read(['{"a": 1}', "{"], "json") == (['{"a": 1}', None], [1])


def test_words_are_compared_normalised_and_unknown_ones_fail() -> None:
    values = {"In Progress": "open", "حل‌شده": "solved"}
    found = read(["in  progress", "حل شده", "Closed"], "text", values=values)
    assert found == (["open", "solved", None], [2])


def test_unknown_words_are_kept_or_dropped_where_the_mapping_says_so() -> None:
    values = {"a": "A"}
    assert read(["a", "b"], "text", values=values, unknown="keep") == (["A", "b"], [])
    assert read(["a", "b"], "text", values=values, unknown="null") == (["A", None], [])


def test_words_of_a_field_with_choices_must_be_choices() -> None:
    assert read(["Low", "urgent"], "text", choices=("low", "high")) == (["low", None], [1])


def test_the_reason_says_what_to_do() -> None:
    reading = Reading("state", "text", ColumnShape(values={"Resolved": "solved"}), "UTC")
    reason = read_column(clean(pa.chunked_array([["Resolvd"]]), []), reading).reason("Resolvd")
    assert reason == (
        "unknown word 'Resolvd'; did you mean Resolved? add it to values of column 'state'"
    )
    reading = Reading("at", "instant", ColumnShape(format=("%d/%m/%Y",)), None)
    assert read_column(clean(pa.chunked_array([["x"]]), []), reading).reason("x") == (
        "'x' is no instant written as %d/%m/%Y; without an offset it needs a zone"
    )


def test_texts_that_repeat_are_coded_and_words_of_one_meaning_have_one_code() -> None:
    words = (("Closed", "closed"), ("Done", "closed"), ("New", "new"))
    reading = Reading("state", "text", ColumnShape(), None, words)
    cells = pa.chunked_array([["Done", "New", " Closed", "?", "what"] * 8])
    found = read_column(clean(cells, ["?"]), reading)
    assert found.values.to_pylist() == ["closed", "new", "closed", None, None] * 8
    coded = found.values.chunk(0)
    assert coded.dictionary.to_pylist() == ["closed", "new"]
    assert coded.null_count == 16
    assert found.failed == (4, 9, 14, 19, 24, 29, 34, 39)
