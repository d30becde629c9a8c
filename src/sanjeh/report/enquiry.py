"""The questions a report asks, each asked once and kept with the command that prints the same."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sanjeh.answers import dimensions
from sanjeh.answers.periods import Clockwork, Period, last, micros, moment, previous
from sanjeh.answers.question import Answer, Question, Result
from sanjeh.charts.spec import ContextEvent as ContextEvent
from sanjeh.charts.spec import Group
from sanjeh.hours import Schedule, schedules_from_records
from sanjeh.metrics.registry import Address, Metric, Ratio, find, under
from sanjeh.report.language import Language
from sanjeh.words import normalise

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

Condition = tuple[str, str, tuple[str, ...]]
DUTY = "agents_on_duty"  # where presence is unknown, those who served stand in for it


@dataclass(frozen=True)
class Asked:
    """A question that was asked: its answer, and the command that asks the same.

    told: the answer as the door gave it. answer: the same, each figure under the address that it
    was asked by, though the headline or a profile chose another statistic.
    """

    key: str
    command: str
    answer: Answer
    told: Answer

    def results(self, metric: str) -> list[Result]:
        """The figures of one metric, in the answer's order."""
        return [r for r in self.answer.results if r.metric == metric]

    def result(self, metric: str) -> Result:
        """The only figure of a metric that was asked for as a whole."""
        return self.results(metric)[0]


@dataclass(frozen=True)
class Scope:
    """What the report is about, every choice made: period, comparison, zone and calendar.

    given: what the reader chose of zone, calendar, week_start and options, for the commands.
    where: conditions that every question of the report carries. profile: as which helpdesk counts.
    """

    period: Period
    compare: str | None
    clock: Clockwork
    given: Mapping[str, str]
    options: Mapping[str, str]
    where: tuple[Condition, ...] = ()
    profile: str | None = None


class Enquiry:
    """Asks a home the report's questions; the same question is asked once.

    A figure that a condition of the scope cannot apply to is not asked: as a whole it has no value
    and says why, in groups or buckets it has none. `passed` keeps which, and by what.
    """

    def __init__(self, answers: Answers, scope: Scope) -> None:
        self.answers, self.scope = answers, scope
        self.asked: dict[tuple[Any, ...], Asked] = {}
        self.passed: dict[str, tuple[str, ...]] = {}
        for name, *_ in scope.where:
            if dimensions.known(name, answers.own) is None:
                raise dimensions.unknown(name, answers.own)

    def ask(
        self, *metrics: str, by: Sequence[str] = (), grain: str | None = None,
        compare: bool = True, start: int | None = None, end: int | None = None,
        where: Sequence[Condition] = (), longest: int | None = None,
    ) -> Asked:  # fmt: skip
        """The figures over the report's period, or from an earlier instant, up to its end.

        longest: only so many groups, see `Question`; the command gives all of them.
        """
        how = self.scope.compare if compare and start is None else None
        narrowed = tuple(dict.fromkeys((*self.scope.where, *where)))
        known = (metrics, tuple(by), grain, how, start, end, narrowed, longest)
        if known not in self.asked:
            clock, span = self.scope.clock, self.scope.period
            question = Question(
                metrics, by=tuple(by), where=narrowed, grain=grain, compare=how,
                start=clock.label(span.start if start is None else start, None),
                end=clock.label(span.end if end is None else end, None),
                options=self.scope.options,
                zone=self.scope.given.get("zone"), calendar=self.scope.given.get("calendar"),
                week_start=self.scope.given.get("week_start"), profile=self.scope.profile,
                longest=longest,
            )  # fmt: skip
            told = self._answer(question)
            answer = _as_asked(told, metrics)
            self.asked[known] = Asked(f"q{len(self.asked) + 1}", command(question), answer, told)
        return self.asked[known]

    def address(self, metric: str) -> Address:
        """The address of a metric, under the scope's profile."""
        return under(find(metric), self.scope.profile)

    def _answer(self, question: Question) -> Answer:
        fit = [m for m in question.metrics if not self.unfit(m, question.where)]
        if len(fit) == len(question.metrics):
            return self.answers.ask(question)
        resolved = self.answers.resolve(question)
        earlier = (
            previous(resolved.period, question.compare, resolved.clockwork)
            if question.compare
            else None
        )
        answer = Answer(resolved.describe(earlier), (), (), (), tuple(self.answers.fresh()))
        if fit:
            answer = self.answers.ask(replace(question, metrics=tuple(fit)))
            every = [str(a) for a in resolved.addresses]
            answer = replace(answer, question={**answer.question, "metrics": every})
        results: list[Result] = []
        for address in resolved.addresses:
            unfit = self.unfit(address.asked, question.where)
            if not unfit:
                results += [r for r in answer.results if r.metric == str(address)]
            elif not (question.by or question.grain):
                metric = address.metric
                results.append(
                    Result(
                        metric=str(address), title=metric.title, unit=metric.unit,
                        direction=metric.better, statistic=address.statistic, clock=address.clock,
                        period=resolved.describe(None)["period"], filters={},
                        definition_id=metric.name, definition_version=metric.version,
                        why_null=f"{metric.name} cannot be filtered by {' or '.join(unfit)}",
                    )
                )  # fmt: skip
        return replace(answer, results=tuple(results))

    def unfit(self, address: str, where: Sequence[Condition] | None = None) -> tuple[str, ...]:
        """The dimensions of the conditions (else of the scope's) that a metric does not have."""
        given = self.scope.where if where is None else where
        if not given:
            return ()
        metric, own = self.address(address).metric, self.answers.own
        offered = self._offered.setdefault(metric.key, set(self.offers(metric)))
        found = tuple(d for d, *_ in given if dimensions.known(d, own) not in offered)
        if found:
            self.passed[metric.name] = found
        return found

    def offers(self, metric: Metric) -> list[str]:
        """What a metric can be split and filtered by in this home, own fields among it."""
        tables = self.answers.tables
        return dimensions.offered(metric, lambda f: tuple(tables[f].columns), self.answers.own)

    @cached_property
    def _offered(self) -> dict[str, set[str]]:
        return {}

    def has(self, address: str) -> bool:
        """Whether some source records what a metric needs, and the scope's conditions apply."""
        return self.records(address) and not self.unfit(address)

    def records(self, address: str) -> bool:
        """Whether some source records what a metric needs."""
        metric = self.address(address).metric
        match metric.outline():
            case Ratio(over, under):
                return self.records(over) and (under == DUTY or self.records(under))
            case _:
                return self.answers.missing(metric) is None

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Records of a small kind as the ledger has them now, deleted ones left out."""
        found = self.answers.ledger.rows(kind).to_pylist()
        return [r for r in found if r.get("deleted_at") is None]

    def named(self, language: Language, dimension: str, result: Result) -> str:
        """How the group of a result is called."""
        part = result.group[dimension]
        return self.called(language, Group(dimension, part["key"], str(part["label"])))

    def called(self, language: Language, group: Group) -> str:
        """How a group is called; a channel by its own name where it is of the report's language."""
        if group.dimension != "channel" or group.key is None:
            return language.label(group.dimension, group.key, group.label)
        own = self._channels.get(normalise(str(group.key)))
        if own is not None and self.answers.settings.get("locale") == language.code:
            return own
        return language.label(group.dimension, group.key, own or group.label)

    @cached_property
    def _channels(self) -> dict[str, str]:
        return {normalise(r["code"]): r["name"] for r in self.rows("channel") if r["name"]}

    def context(self, start: int, end: int) -> list[ContextEvent]:
        """What happened outside support between two instants, in order of time."""
        found = []
        for row in self.rows("context_event"):
            if row["at"] is None:
                continue
            began = micros(row["at"])
            ended = micros(row["until"]) if row["until"] is not None else began
            if began < end and ended >= start:
                found.append(ContextEvent(row["kind"] or "", row["title"] or "", began, ended))
        return sorted(found, key=lambda e: (e.began, e.title))

    def schedule(self) -> Schedule | None:
        """The open hours of the whole: the settings' calendar, else the only one there is."""
        schedules = schedules_from_records(
            self.answers.ledger.rows("business_calendar").to_pylist(),
            self.answers.ledger.rows("holiday").to_pylist(),
        )
        chosen = self.answers.settings.get("calendar_id")
        if chosen is not None:
            named = [s for name, s in schedules.items() if chosen in (name, plain(name))]
            return named[0] if named else None
        return next(iter(schedules.values())) if len(schedules) == 1 else None


def _as_asked(told: Answer, metrics: Sequence[str]) -> Answer:
    """The answer with each figure under the address it was asked by."""
    asked = {
        given: str(find(metric))
        for given, metric in zip(told.question["metrics"], metrics, strict=True)
    }
    if all(given == name for given, name in asked.items()):
        return told
    results, totals = (
        tuple(replace(r, metric=asked.get(r.metric, r.metric)) for r in found)
        for found in (told.results, told.totals)
    )
    return replace(told, results=results, totals=totals)


def plain(identifier: str) -> str:
    """The source's own id: what follows the first slash."""
    return identifier.partition("/")[2] or identifier


def typed(value: str) -> str:
    """A value as a condition writes it: in double quotes where it holds a comma or a quote."""
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"') else value


def command(question: Question) -> str:
    """The `sanjeh show` that asks a question."""
    words = ["sanjeh", "show", *question.metrics]
    if question.by:
        words += ["--by", ",".join(question.by)]
    for name, operator, values in question.where:
        words += [
            "--where",
            f"{name}{'=' if operator == 'is' else '!='}{','.join(map(typed, values))}",
        ]
    pairs = (
        ("--from", question.start), ("--to", question.end), ("--grain", question.grain),
        ("--compare", question.compare), ("--zone", question.zone),
        ("--calendar", question.calendar), ("--week-start", question.week_start),
        ("--profile", question.profile),
    )  # fmt: skip
    for name, value in pairs:
        words += [name, value] if value else []
    for name, value in question.options.items():
        words += ["--option", f"{name}={value}"]
    return shlex.join(words)


def scope_of(answers: Answers, question: Question, compare: str | None) -> Scope:
    """The period and comparison of a report.

    question: the reader's period, zone, calendar, options. Without a period, the last whole month
    of the month calendar that the data cover, else all of them. Its conditions are those of every
    question. compare: previous, last_year or
    none; None compares with the period before where the data reach back that far.
    """
    resolved = answers.resolve(replace(question, metrics=("requests",)))
    clock, span = resolved.clockwork, resolved.period
    oldest = min(int(row["oldest_at"]) for row in answers.freshness)
    if not (question.start or question.end or question.last):
        span = _last_month(resolved.as_of, oldest, clock) or span
    how = None if compare == "none" else compare
    if compare is None:
        before = _before(answers, question, span, clock)
        how = "previous" if before >= _day_start(oldest, clock) else None
    given = {
        name: value
        for name in ("zone", "calendar", "week_start")
        if (value := getattr(question, name)) is not None
    }
    return Scope(
        span, how, clock, given, dict(question.options), tuple(question.where), question.profile
    )


def _last_month(as_of: int, oldest: int, clock: Clockwork) -> Period | None:
    found = last("last_month", as_of, clock)
    if found.start < _day_start(oldest, clock):
        return None
    return found


def _day_start(instant: int, clock: Clockwork) -> int:
    return clock.instant(clock.local(instant).date())


def _before(answers: Answers, question: Question, span: Period, clock: Clockwork) -> int:
    return previous(span, "previous", clock).start


def period_of(described: Mapping[str, Any]) -> Period:
    """The period of a resolved question."""
    ends = (dt.datetime.fromisoformat(described[end]) for end in ("from", "to"))
    return Period(*(micros(end) for end in ends))


def group_key(result: Result) -> str:
    """What tells a result from the others of its question, as a reader of the page needs it."""
    return json.dumps({name: part["key"] for name, part in result.group.items()})


def iso(instant: int) -> str:
    """Microseconds as ISO text in UTC."""
    return moment(instant).isoformat()
