"""Definition profiles: as Zendesk, as Intercom, as Chatwoot counts it, beside our own.

A profile is a set of rules, one a metric: which instants, whose rows, which statistic, which clock.
The facts are the same, and so is the way from them to an answer. A metric that a profile says
nothing about is counted as ours, and the answer says so. To add one: a module here that declares a
`profile` and its rules, imported below, and a decision page with conversations worked by hand.
"""

from __future__ import annotations

from sanjeh.metrics.profiles import chatwoot, intercom, zendesk  # noqa: F401  (declare rules)
from sanjeh.metrics.profiles.registry import (
    PROFILES,
    Profile,
    Rule,
    counted,
    known,
    rule_of,
    rules_of,
)

__all__ = ["PROFILES", "Profile", "Rule", "counted", "known", "rule_of", "rules_of"]
