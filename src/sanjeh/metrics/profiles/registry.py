"""How a profile is declared, and a metric as a profile counts it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sanjeh.metrics.registry import METRICS, Address, Measure, Metric, UnknownMetric


@dataclass(frozen=True)
class Rule:
    """How a helpdesk counts one metric.

    metric: ours, with the fact, the instants and the population that the helpdesk goes by. says:
    the rule in a manager's words. source: where the helpdesk documents it. statistic, clock: what
    the helpdesk's own reports show first.
    """

    metric: Metric
    says: str
    source: str
    statistic: str | None
    clock: str


@dataclass(frozen=True)
class Profile:
    """A helpdesk's way of counting: a rule for some metrics; the others are counted as ours."""

    name: str
    title: str
    decision: str
    rules: dict[str, Rule] = field(default_factory=dict)

    def counts(
        self, metric: str, *, source: str, statistic: str | None = None, clock: str = "calendar",
        **changes: Any,
    ) -> Callable[[Callable[[Any], Measure]], Callable[[Any], Measure]]:  # fmt: skip
        """Declare how the helpdesk counts a metric: the decorated function is its measure.

        The function's docstring is the rule in words. changes: other fields of our metric that the
        helpdesk has otherwise: `fact` (its grain), `at` (when it counts), `population`, `prepare`.
        """

        def declare(body: Callable[[Any], Measure]) -> Callable[[Any], Measure]:
            if metric in self.rules:
                raise ValueError(f"{self.title} has two rules for {metric}.")
            says = " ".join(inspect.cleandoc(body.__doc__ or "").split())
            counted_so = replace(
                METRICS[metric], measure=body, doc=says, profile=self.name, notes=(),
                **{"context": None, "prepare": None, "pending": None, "lower_bound": None,
                   "examples": (), "per": "", **changes},
            )  # fmt: skip
            self.rules[metric] = Rule(counted_so, says, source, statistic, clock)
            return body

        return declare


PROFILES: dict[str, Profile] = {}


def profile(name: str, title: str, decision: str) -> Profile:
    """Declare a profile. decision: the page of `docs/decisions` that works it by hand.

    Profiles stand in the order of their pages, whichever module was read first.
    """
    made = Profile(name, title, decision)
    found = sorted((*PROFILES.values(), made), key=lambda p: p.decision)
    PROFILES.clear()
    PROFILES.update({p.name: p for p in found})
    return made


def known(name: str) -> Profile:
    """The profile of a name. Errors: UnknownMetric where there is none."""
    if name not in PROFILES:
        raise UnknownMetric(
            f"No definition profile is called {name!r}. Expected one of {', '.join(PROFILES)}, or "
            "none for our own definitions; `sanjeh compare METRIC` shows all beside one another."
        )
    return PROFILES[name]


def counted(metric: Metric, name: str | None) -> Metric:
    """The metric as a profile counts it; as it is where the profile says nothing about it."""
    if name is None:
        return metric
    rule = known(name).rules.get(metric.name)
    return metric if rule is None else rule.metric


def rule_of(address: Address) -> Rule | None:
    """The rule that an address is counted by; none where it is counted as ours."""
    if address.metric.profile is None:
        return None
    return known(address.metric.profile).rules[address.metric.name]


def rules_of(metric: str) -> Mapping[str, Rule | None]:
    """The rule of every profile for a metric, None where it says nothing about it."""
    return {name: found.rules.get(metric) for name, found in PROFILES.items()}
