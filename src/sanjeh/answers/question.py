"""What is asked and what comes back."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_CONDITION = re.compile(r"\s*([\w.\- ]+?)\s*(!?=)(.*)", re.DOTALL)


class QuestionError(ValueError):
    """A question that cannot be understood; says what was given, expected and to do."""


def condition_of(text: str) -> tuple[str, str, tuple[str, ...]]:
    """`DIM=a,b` or `DIM!=a` as one of a question's `where`; a value with a comma in quotes."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise QuestionError(
            f"{text!r} is no condition. Expected DIM=VALUE, DIM=VALUE,VALUE or DIM!=VALUE, "
            "as in team=billing."
        )
    values = next(csv.reader([found[3]], skipinitialspace=True), [""])
    operator = "is" if found[2] == "=" else "is_not"
    return found[1], operator, tuple(value.strip() for value in values)


def choice_of(text: str) -> tuple[str, str]:
    """`NAME=VALUE` of an option."""
    name, sign, value = text.partition("=")
    if not sign:
        raise QuestionError(
            f"{text!r} chooses nothing. Expected NAME=VALUE, as in duration.headline=median; "
            "`sanjeh options` lists them."
        )
    return name.strip(), value.strip()


@dataclass(frozen=True)
class Viewer:
    """Who asks, and which rows there are for that reader.

    teams: only rows that those teams served. agents: only rows in which those agents (their
    pseudonyms) had a part. Neither given: every row.
    """

    name: str = "owner"
    teams: frozenset[str] | None = None
    agents: frozenset[str] | None = None

    @property
    def scope(self) -> tuple[frozenset[str] | None, frozenset[str] | None] | None:
        """What tells one reader's rows from another's; None for every row."""
        return None if self.teams is None and self.agents is None else (self.teams, self.agents)

    def describe(self) -> str:
        """The scope as the resolved question prints it."""
        parts = [
            f"{name} {', '.join(sorted(ids)) or 'none'}"
            for name, ids in (("teams", self.teams), ("agents", self.agents))
            if ids is not None
        ]
        return " and ".join(parts) or "everything"


EVERYTHING = Viewer()


@dataclass(frozen=True)
class Question:
    """Which figures, over which rows and when. Dates are text as a reader types them.

    where: pairs (dimension, operator, values) with operator "is" or "is_not". start is counted,
    end is not. last: a span such as 30d, instead of start and end. compare: previous, last_year.
    totals: also the whole beside the groups, counted from the rows anew. profile: as which helpdesk
    counts it (`metrics/profiles`), for every metric whose address names none. longest: of a
    duration, only so many groups, those in which something lasts longest, and what lasts as long
    as the last of them.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    start: str | None = None
    end: str | None = None
    last: str | None = None
    grain: str | None = None
    compare: str | None = None
    zone: str | None = None
    calendar: str | None = None
    week_start: str | None = None
    as_of: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    totals: bool = False
    profile: str | None = None
    longest: int | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure of one group and bucket, with what it needs to be believed (0.2.2)."""

    metric: str
    title: str
    value: float | int | None = None
    unit: str
    direction: str
    statistic: str
    clock: str
    n: int = 0
    numerator: float | int | None = None
    denominator: float | int | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    pending: int | None = None
    statistics: Mapping[str, Any] = field(default_factory=dict)
    interval: tuple[float, float] | None = None
    group: Mapping[str, Any] = field(default_factory=dict)
    bucket: Mapping[str, Any] | None = None
    period: Mapping[str, Any]
    filters: Mapping[str, Any]
    definition_id: str
    definition_version: int
    previous_value: float | int | None = None
    previous_n: int | None = None
    delta_abs: float | None = None
    delta_pct: float | None = None
    target: float | None = None
    status: str | None = None
    is_small: bool = False
    why_null: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values, keys as in part 0.2.2 of the requirements."""
        return {
            **self.__dict__,
            "excluded": dict(self.excluded),
            "interval": self.interval and list(self.interval),
        }


@dataclass(frozen=True)
class Answer:
    """Results with the question as it was understood, warnings, and until when the data run."""

    question: Mapping[str, Any]
    results: tuple[Result, ...]
    totals: tuple[Result, ...]
    warnings: tuple[str, ...]
    freshness: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The whole answer as plain values."""
        return {
            "question": dict(self.question),
            "results": [r.as_json() for r in self.results],
            "totals": [r.as_json() for r in self.totals],
            "warnings": list(self.warnings),
            "freshness": [dict(f) for f in self.freshness],
        }
