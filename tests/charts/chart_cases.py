"""Figures written out, as an answer would hold them."""

from __future__ import annotations

from typing import Any

from sanjeh.answers.question import Answer, Result

WEEKS = [
    ("2026-03-02T00:00:00+00:00", "2026-03-09T00:00:00+00:00"),
    ("2026-03-09T00:00:00+00:00", "2026-03-16T00:00:00+00:00"),
    ("2026-03-16T00:00:00+00:00", "2026-03-23T00:00:00+00:00"),
]
HOSTILE = '<script>alert("x")</script>'


def figure(value: Any, **more: Any) -> Result:
    """A result; a test names only what matters to it."""
    given = {
        "metric": "requests", "title": "Requests", "unit": "requests", "direction": "neutral",
        "statistic": "value", "clock": "calendar", "period": {}, "filters": {},
        "definition_id": "requests", "definition_version": 1, "n": 1,
    }  # fmt: skip
    return Result(**{**given, "value": value, **more})


def week(n: int, value: Any, *, partial: bool = False, **more: Any) -> Result:
    """A result of the n-th week."""
    start, end = WEEKS[n]
    bucket = {"index": n, "label": "", "from": start, "to": end, "is_partial": partial}
    return figure(value, bucket=bucket, **more)


def group(key: str | None, value: Any, dimension: str = "topic", **more: Any) -> Result:
    """A result of a group."""
    label = "unknown" if key is None else key.title()
    return figure(value, group={dimension: {"key": key, "label": label}}, **more)


def answer(*results: Result) -> Answer:
    """Results as an answer."""
    return Answer({"compare": None}, results, (), (), ())
