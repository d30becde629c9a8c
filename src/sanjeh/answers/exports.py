"""Answers as CSV: one row a result, the same columns for every question, numbers as they are.

Totals are left out, so that a column can be summed; JSON has them. Text that a spreadsheet would
run as a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sanjeh.answers.question import Answer, Result


class Sink(Protocol):
    """What text is written to: stdout, a file, a page's response."""

    def write(self, text: str, /) -> Any: ...


PLAIN = (
    "value", "unit", "n", "numerator", "denominator", "pending", "previous_value", "previous_n",
    "delta_abs", "delta_pct", "target", "status", "direction", "statistic", "clock",
    "definition_id", "definition_version", "is_small", "why_null",
)  # fmt: skip
STATISTICS = ("mean", "median", "p90", "min", "max", "mean_per_slot")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], locale: str, sink: Sink
) -> None:
    """Rows as CSV; with ru the decimal comma and semicolons that spreadsheets there expect."""
    commas = locale == "ru"
    out = csv.writer(sink, delimiter=";" if commas else ",", lineterminator="\n")
    out.writerow([cell(column) for column in columns])
    for row in rows:
        out.writerow([cell(row.get(column), commas=commas) for column in columns])


def cell(value: Any, *, commas: bool = False) -> str:
    """One cell: numbers bare, null empty, text never a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            text = repr(value)
            return text.replace(".", ",") if commas else text
        case int():
            return str(value)
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def answer_rows(answer: Answer) -> tuple[list[dict[str, Any]], list[str]]:
    """The results as flat rows, and the columns in order."""
    by = list(answer.question["by"])
    groups = [column for name in by for column in (name, f"{name}_key")]
    columns = [
        "metric", "title", "period_from", "period_to", "zone", "bucket", "bucket_from", "bucket_to",
        "bucket_is_partial", *groups, *PLAIN, *STATISTICS, "interval_low", "interval_high",
        "left_out", "left_out_reasons", "distribution",
    ]  # fmt: skip
    return [_flat(result, by) for result in answer.results], columns


def _flat(result: Result, by: Iterable[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "metric": result.metric, "title": result.title, "period_from": result.period["from"],
        "period_to": result.period["to"], "zone": result.period["zone"],
    }  # fmt: skip
    if result.bucket is not None:
        row |= {
            "bucket": result.bucket["label"], "bucket_from": result.bucket["from"],
            "bucket_to": result.bucket["to"], "bucket_is_partial": result.bucket["is_partial"],
        }  # fmt: skip
    for name in by:
        row[name] = result.group[name]["label"]
        row[f"{name}_key"] = result.group[name]["key"]
    row |= {name: getattr(result, name) for name in PLAIN}
    row |= {name: result.statistics.get(name) for name in STATISTICS}
    if result.statistic in ("distribution", "answered_by"):
        row |= {"value": None, "distribution": result.statistics.get(result.statistic)}
    if result.interval is not None:
        row |= {"interval_low": result.interval[0], "interval_high": result.interval[1]}
    row["left_out"] = sum(result.excluded.values())
    row["left_out_reasons"] = dict(result.excluded) or None
    return row
