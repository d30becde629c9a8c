"""Texts to instants and dates, over distinct texts only.

A pattern is strptime's, `iso`, `epoch` (seconds), `epoch_ms`, or `jalali` (a Jalali date with or
without a time, in any digits). A wall time without an offset is read in the zone; one that the
clocks repeat is the earlier, one that they skip is the moment after the gap.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from sanjeh.sources.table.arrow import Array, whole
from sanjeh.sources.table.arrow import compute as pc
from sanjeh.words import ascii_digits, from_jalali

UTC = dt.UTC
INSTANT = pa.timestamp("us", "UTC")
_NAIVE = pa.timestamp("us")
# Outside these years a reading is taken for a wrong pattern ("16" read as the year 16).
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_FIRST = dt.datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
_LAST = dt.datetime(_LAST_YEAR, 1, 1, tzinfo=UTC)
_JALALI = re.compile(
    r"(1[2-5]\d\d)[/\-.](\d{1,2})[/\-.](\d{1,2})(?:[ T,،]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
Moment = dt.datetime | None


def parse_instants(values: Array, formats: Iterable[str], zone: str | None) -> Array:
    """Instants of the texts, null where no format fits; null too for a wall time without a zone."""
    result = pa.nulls(len(values), INSTANT)
    for form in formats:
        result = pc.coalesce(result, _one_format(values, form, zone))
        if result.null_count == values.null_count:
            break
    sensible = pc.and_(
        pc.greater_equal(result, pa.scalar(_FIRST, INSTANT)),
        pc.less(result, pa.scalar(_LAST, INSTANT)),
    )
    return pc.if_else(sensible, result, pa.scalar(None, INSTANT))


def parse_dates(values: Array, formats: Iterable[str]) -> Array:
    """Civil dates of the texts; a time of day beside the date is left off."""
    instants = parse_instants(values, formats, "UTC")
    return pc.cast(pc.cast(instants, pa.timestamp("s", "UTC"), safe=False), pa.date32(), safe=False)


def _one_format(values: Array, form: str, zone: str | None) -> Array:
    reader = _READERS.get(form)
    if reader is not None:
        return _read_each(values, reader, zone)
    ascii_values = _ascii(values)
    if "%z" in form:
        return _strptime(ascii_values, form).cast(INSTANT)
    return _in_zone(_strptime(ascii_values, form), zone)


def _ascii(values: Array) -> Array:
    if pc.all(pc.string_is_ascii(values)).as_py() is not False:
        return values
    return pa.array(
        [None if text is None else ascii_digits(text) for text in values.to_pylist()], pa.string()
    )


@cache
def _session() -> Any:
    """One in-memory DuckDB for the process: opening one costs more than most columns."""
    session = duckdb.connect()
    # TRICKY: in a Persian locale DuckDB takes dates for Jalali ones; its cursors too.
    session.execute("SET GLOBAL Calendar = 'gregorian'")
    return session


def _strptime(values: Array, form: str) -> Array:
    """DuckDB's strptime: refuses 30 February and trailing text, where Arrow's lets them pass."""
    with _session().cursor() as session:
        session.execute("SET TimeZone = 'UTC'")
        session.register("texts", pa.table({"text": values}))
        found = session.execute(
            "SELECT try_strptime(text, ?) AS at FROM texts", [form]
        ).to_arrow_table()
    column = whole(found.column("at"))
    return column.cast(INSTANT if "%z" in form else _NAIVE)


def _in_zone(naive: Array, zone: str | None) -> Array:
    if zone is None:
        return pa.nulls(len(naive), INSTANT)
    return pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="latest").cast(INSTANT)


def _read_each(values: Array, reader: Callable[[str], Moment], zone: str | None) -> Array:
    """Each distinct text through a Python reader: aware moments as they are, naive in the zone."""
    aware: list[Moment] = []
    naive: list[Moment] = []
    for text in values.to_pylist():
        moment = None if text is None else reader(text)
        local = moment is None or moment.tzinfo is None
        naive.append(moment if local else None)
        aware.append(None if local else moment)
    return pc.coalesce(pa.array(aware, INSTANT), _in_zone(pa.array(naive, _NAIVE), zone))


def read_iso(text: str) -> Moment:
    """An ISO 8601 instant or date; aware if the text has an offset."""
    try:
        return dt.datetime.fromisoformat(ascii_digits(text).replace(" UTC", "Z"))
    except ValueError:
        return None


def read_jalali(text: str) -> Moment:
    """A Jalali date with or without a time: «۱۴۰۴/۰۱/۱۵ ۱۴:۳۰»; naive."""
    match = _JALALI.fullmatch(ascii_digits(text).strip())
    if match is None:
        return None
    try:
        day = _jalali_day(int(match[1]), int(match[2]), int(match[3]))
        time = dt.time(int(match[4] or 0), int(match[5] or 0), int(match[6] or 0))
    except ValueError:
        return None
    return dt.datetime.combine(day, time)


_jalali_day = cache(from_jalali)


def _read_epoch(scale: int) -> Callable[[str], Moment]:
    def read(text: str) -> Moment:
        try:
            return dt.datetime.fromtimestamp(float(ascii_digits(text)) / scale, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    return read


_READERS: dict[str, Callable[[str], Moment]] = {
    "iso": read_iso,
    "jalali": read_jalali,
    "epoch": _read_epoch(1),
    "epoch_ms": _read_epoch(1000),
}
