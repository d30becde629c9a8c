"""Which figures the records of a source can answer, and what the others lack.

A figure needs kinds of records (`needs` of its declaration); one made of others needs what they
need. Where the records are there, nothing may have come of them yet: no row of the fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.families import FAMILIES, family_of
from sanjeh.metrics.registry import Difference, Growth, Metric, Midpoint, Ratio, Slope

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

# What a home sets for all its sources, by file or by form.
OF_THE_HOME = frozenset({"benchmark", "topic"})
# Families whose figures come of one question only.
QUESTIONS = {"loyalty": "nps", "effort": "ces"}
VENDORS = ("zendesk", "intercom", "chatwoot")


@dataclass(frozen=True)
class Coverage:
    """Of one source (or several together): the figures answered, and of the others why not.

    answered: names of metrics. empty: those it could answer, of which nothing has happened yet.
    lacking: what a metric needs and no record tells (`message or call`, `nps`). vendor: the
    helpdesk that the source is, where it is one.
    """

    source: str | None
    answered: tuple[str, ...]
    empty: tuple[str, ...]
    lacking: Mapping[str, str]
    vendor: str | None = None

    @property
    def of(self) -> int:
        """How many figures there are."""
        return len(self.answered) + len(self.lacking) + len(self.empty)

    def by_need(self) -> list[tuple[str, Counter[str]]]:
        """What is lacking, the most figures first: how many of each family it costs."""
        found: dict[str, Counter[str]] = {}
        for metric, need in self.lacking.items():
            found.setdefault(need, Counter())[family_of(METRICS[metric])] += 1
        return sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))

    def by_family(self) -> list[tuple[str, int, int, int]]:
        """Each family with how many of its figures are answered, are empty, and there are."""
        told = Counter(family_of(METRICS[m]) for m in self.answered)
        empty = Counter(family_of(METRICS[m]) for m in self.empty)
        lack = Counter(family_of(METRICS[m]) for m in self.lacking)
        return [
            (f, told[f], empty[f], told[f] + empty[f] + lack[f])
            for f in FAMILIES if told[f] + empty[f] + lack[f]
        ]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "source": self.source, "vendor": self.vendor, "of": self.of,
            "answered": list(self.answered), "empty": list(self.empty),
            "lacking": dict(self.lacking),
        }  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """A row a metric, for a file."""
        told: dict[str, tuple[str, str | None]] = dict.fromkeys(self.answered, ("answered", None))
        told |= dict.fromkeys(self.empty, ("empty", None))
        told |= {m: ("lacking", need) for m, need in self.lacking.items()}
        return [
            {
                "source": self.source, "family": family_of(METRICS[m]), "metric": m,
                "standing": told[m][0], "why": told[m][1],
            }
            for m in METRICS if m in told
        ]  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """The coverage of every source of a home, each for itself."""

    coverages: tuple[Coverage, ...]

    @property
    def faults(self) -> int:
        """None: that a source does not tell something is no fault of its records."""
        return 0

    def as_json(self) -> list[dict[str, Any]]:
        """Plain values."""
        return [one.as_json() for one in self.coverages]

    def rows(self) -> list[dict[str, Any]]:
        """A row a source and metric, for a file."""
        return [row for one in self.coverages for row in one.rows()]


def by_source(answers: Answers, source: str | None = None) -> Sources:
    """The coverage of each source of the home, or of the one named."""
    named = sources_of(answers) if source is None else [source]
    return Sources(tuple(coverage(answers, [one]) for one in named))


def coverage(answers: Answers, sources: Iterable[str]) -> Coverage:
    """The figures that one source of those answers alone, and what none of them has."""
    named = list(sources)
    asked = _questions(answers)
    there = _sources_with_rows(answers)
    answered, empty, lacking = [], [], {}
    for metric in METRICS.values():
        needs = {source: _need(answers, metric, source, asked) for source in named}
        telling = [source for source, need in needs.items() if need is None]
        if any(not _is_empty(metric, source, there) for source in telling):
            answered.append(metric.name)
        elif telling:
            empty.append(metric.name)
        elif needs:
            lacking[metric.name] = str(needs[named[0]])
    one = named[0] if len(named) == 1 else None
    return Coverage(one, tuple(answered), tuple(empty), lacking, vendor_of(one))


def sources_of(answers: Answers) -> list[str]:
    """The sources that tell what happened; what the home itself sets is none."""
    return sorted({row["source"] for row in answers.freshness})


def vendor_of(source: str | None) -> str | None:
    """Which helpdesk a source is, by its name: an account's name may follow it."""
    given = (source or "").lower()
    return next((v for v in VENDORS if given.startswith(v)), None)


def _need(answers: Answers, metric: Metric, source: str, asked: set[tuple[str, str]]) -> str | None:
    """What a metric needs and the source does not tell; null where it tells all."""
    need = answers.missing(metric, source)
    if need in OF_THE_HOME:
        need = answers.missing(metric)
    if need is not None:
        return need
    question = QUESTIONS.get(family_of(metric))
    if question is not None and (source, question) not in asked:
        return question
    for way in _made_of(metric):
        lacks = [_need(answers, METRICS[name], source, asked) for name in way]
        if None not in lacks:
            return lacks[0]
    return None


def _made_of(metric: Metric) -> list[tuple[str, ...]]:
    """The metrics that one is made of; of each place, those that can stand there."""
    match metric.outline():
        case Ratio(over, under, serving=serving):
            # Whom a figure per agent divides by is told by presence, else by who served.
            return [(over,), (under, serving) if under == "agents_on_duty" else (under,)]
        case Difference(of, less):
            return [(of,), (less,)]
        case Midpoint(of, also):
            return [(of,), (also,)]
        case Growth(level):
            return [(level,)]
        case Slope(of=of):
            return [(of,)]
    return []


def _questions(answers: Answers) -> set[tuple[str, str]]:
    """Which source has answers to which kind of survey."""
    found = set()
    for fact in ("survey_ratings", "loose_ratings"):
        t = answers.tables[fact]
        rows = answers.engine.run(t.select("source", "survey_kind").distinct()).to_pylist()
        found |= {(row["source"], row["survey_kind"]) for row in rows}
    return found


def _sources_with_rows(answers: Answers) -> dict[str, set[str]]:
    """Of each fact that tells the source of its rows: which sources have any."""
    found = {}
    for fact in {n for m in METRICS.values() if m.fact is not None for n in (m.fact, *m.also)}:
        t = answers.tables[fact]
        if "source" in t.columns:
            rows = answers.engine.run(t.select("source").distinct()).to_pylist()
            found[fact] = {row["source"] for row in rows}
    return found


def _is_empty(metric: Metric, source: str, there: Mapping[str, set[str]]) -> bool:
    """Whether the source has no row that the metric could be counted from.

    Of a ratio that is what it divides by: no row above is none, no row below is no figure.
    """
    made = _made_of(metric)
    if metric.fact is None:
        ways = made[1:] if isinstance(metric.outline(), Ratio) else made
        return any(all(_is_empty(METRICS[n], source, there) for n in way) for way in ways)
    facts = (metric.fact, *metric.also)
    return all(source not in there.get(fact, {source}) for fact in facts)
