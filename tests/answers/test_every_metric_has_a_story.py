"""No figure without a test that names it."""

from __future__ import annotations

import re
from pathlib import Path

from sanjeh.metrics import catalogue  # noqa: F401
from sanjeh.metrics.registry import METRICS

TESTS = Path(__file__).parents[1]


def test_every_metric_is_asked_for_by_name_in_some_story() -> None:
    told = "\n".join(
        path.read_text("utf-8")
        for room in ("facts", "answers")
        for path in (TESTS / room).glob("*.py")
    )
    asked = set(re.findall(r'"(\w+)(?:\.\w+)?(?:@\w+)?"', told))
    assert sorted(set(METRICS) - asked) == []
