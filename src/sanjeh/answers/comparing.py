"""One period under all definitions: ours, and as each helpdesk counts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sanjeh.answers.question import Answer, Question, QuestionError, Result
from sanjeh.metrics.profiles import PROFILES, Rule
from sanjeh.metrics.registry import METRICS, UnknownMetric, find

OURS = "ours"


@dataclass(frozen=True)
class Counted:
    """One figure as somebody counts it. who: a profile's name, or `ours`."""

    who: str
    title: str
    result: Result
    says: str
    source: str | None


@dataclass(frozen=True)
class Compared:
    """One figure under every definition that has one, ours first. untold: who has no rule."""

    metric: str
    counted: tuple[Counted, ...]
    untold: tuple[str, ...]


class Door(Protocol):
    """Whoever answers questions, within a reader's scope or without one."""

    def ask(self, question: Question) -> Answer:
        """The figures."""
        ...


def comparable() -> list[str]:
    """Metrics that some helpdesk counts by a rule of its own, in the catalogue's order."""
    found = {name for profile in PROFILES.values() for name in profile.rules}
    return [name for name in METRICS if name in found]


def compare(door: Door, question: Question) -> tuple[tuple[Compared, ...], Answer]:
    """The figures of a question under every definition, and the answer that holds them all.

    Each stands with its helpdesk's own statistic and clock unless the address names one. Without a
    metric, all that some helpdesk has a rule for. Raises QuestionError where the question is split
    or names a profile.
    """
    if question.by or question.grain or question.compare or question.profile:
        raise QuestionError(
            "A comparison of definitions shows one period as a whole: leave out what splits it, "
            "the earlier period and the profile."
        )
    metrics = question.metrics or tuple(comparable())
    asked = {metric: addresses(metric) for metric in metrics}
    whole = replace(question, metrics=tuple(a for found in asked.values() for a in found.values()))
    answer = door.ask(whole)
    results = dict(zip(whole.metrics, answer.results, strict=True))
    return tuple(
        told(metric, {who: results[a] for who, a in found.items()})
        for metric, found in asked.items()
    ), answer


def addresses(metric: str) -> dict[str, str]:
    """The address under every definition that has the figure: `ours`, then by profile."""
    ours = find(metric)
    if ours.profile is not None:
        raise QuestionError(
            f"{metric} names a profile already; a comparison shows all. Leave out what follows ~."
        )
    found = {OURS: metric}
    for name, profile in PROFILES.items():
        if ours.metric.name in profile.rules:
            try:
                find(f"{metric}~{name}")
            except UnknownMetric:  # it has no such statistic or clock
                continue
            found[name] = f"{metric}~{name}"
    return found


def told(metric: str, results: Mapping[str, Result]) -> Compared:
    """A figure's results by who counts (see `addresses`), with the rule of each in words."""
    ours = find(metric).metric
    counted = [Counted(OURS, "Sanjeh", results[OURS], " ".join(ours.doc.split()), None)]
    rules: dict[str, Rule] = {
        name: PROFILES[name].rules[ours.name] for name in PROFILES if name in results
    }
    counted += [
        Counted(name, PROFILES[name].title, results[name], rule.says, rule.source)
        for name, rule in rules.items()
    ]
    untold = tuple(name for name in PROFILES if name not in results)
    return Compared(ours.name, tuple(counted), untold)


def rows(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """A comparison as flat rows: one a figure and definition."""
    return [
        {
            "metric": one.metric, "counted_as": c.who, "address": c.result.metric,
            "value": c.result.value, "unit": c.result.unit, "statistic": c.result.statistic,
            "clock": c.result.clock, "n": c.result.n,
            "left_out": sum(c.result.excluded.values()), "why_null": c.result.why_null,
            "rule": c.says, "source": c.source,
        }
        for one in compared
        for c in one.counted
    ]  # fmt: skip
