"""Everything that a check can find has its words in three languages."""

from __future__ import annotations

import pytest

from sanjeh.checks.agreement import METRIC
from sanjeh.checks.coverage import VENDORS
from sanjeh.checks.explaining import WHY
from sanjeh.checks.rules import RULES
from sanjeh.ledger import KINDS
from sanjeh.metrics.families import FAMILIES
from sanjeh.metrics.profiles import PROFILES
from sanjeh.report.language import language_of

MEASURES = KINDS["vendor_figure"].by_name["measure"].choices


@pytest.mark.parametrize("code", ["en", "fa", "ru"])
def test_rules_measures_families_and_reasons_have_words(code: str) -> None:
    language = language_of(code)
    wanted = [f"check.rules.{r}.{part}" for r in RULES for part in ("title", "effect", "do")]
    wanted += [f"check.why.{rule}" for rule in WHY]
    wanted += [f"check.counted.{measure}" for measure in MEASURES]
    wanted += [f"families.{family.replace('-', '_')}" for family in FAMILIES]
    wanted += [f"check.desks.{vendor}.worklog" for vendor in VENDORS]
    assert [key for key in wanted if not language.has(key)] == []


def test_every_vendor_has_a_profile_and_every_metric_a_measure() -> None:
    assert set(VENDORS) == set(PROFILES)
    assert set(METRIC) <= set(MEASURES)
