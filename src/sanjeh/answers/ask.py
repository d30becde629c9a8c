"""`Answers.ask`: the only door to a figure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from sanjeh.answers import dimensions, plan
from sanjeh.answers.assemble import Frame, assemble, slope
from sanjeh.answers.benchmarks import targets_of
from sanjeh.answers.periods import (
    Clockwork,
    Period,
    PeriodError,
    cells,
    last,
    moment,
    parse,
    previous,
)
from sanjeh.answers.question import EVERYTHING, Answer, Question, QuestionError, Result, Viewer
from sanjeh.facts import text
from sanjeh.facts.generations import Facts, Generation
from sanjeh.metrics.options import chosen
from sanjeh.metrics.registry import (
    METRICS,
    Address,
    Difference,
    Growth,
    Metric,
    Ratio,
    Slope,
    find,
)

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger

STALE_PLANS = 512
Given = TypeVar("Given")


class NothingImported(QuestionError):
    """There is no record to answer from."""


class Resolved:
    """A question with every choice made: what the answer echoes."""

    def __init__(
        self, question: Question, addresses: list[Address], clockwork: Clockwork, period: Period,
        as_of: int, rewound: bool, options: dict[str, str],
        where: tuple[tuple[str, str, tuple[str | None, ...]], ...], viewer: Viewer,
    ) -> None:  # fmt: skip
        self.question, self.addresses, self.clockwork = question, addresses, clockwork
        self.period, self.as_of, self.rewound = period, as_of, rewound
        self.options, self.where, self.viewer = options, where, viewer

    def describe(self, earlier: Period | None) -> dict[str, Any]:
        """The question as it was understood, in plain values."""
        clock = self.clockwork
        return {
            "metrics": [str(a) for a in self.addresses],
            "by": list(self.question.by),
            "where": [
                {"dimension": d, "operator": o, "values": list(v)} for d, o, v in self.question.where
            ],
            "period": described(self.period, clock),
            "compare": self.question.compare,
            "compare_period": described(earlier, clock) if earlier else None,
            "grain": self.question.grain,
            "zone": clock.zone,
            "calendar": clock.calendar,
            "week_start": clock.week_start,
            "as_of": moment(self.as_of).isoformat(),
            "as_it_stood": self.rewound,
            "options": self.options,
            "viewer": self.viewer.describe(),
        }


def described(period: Period, clockwork: Clockwork) -> dict[str, Any]:
    """A period as plain values: UTC instants, and local labels in the month calendar."""
    return {
        "from": moment(period.start).isoformat(),
        "to": moment(period.end).isoformat(),
        "from_local": clockwork.label(period.start, None),
        "to_local": clockwork.label(period.end, None),
        "zone": clockwork.zone,
    }


class Answers:
    """Answers from one home. Build once and keep: compiled questions are remembered."""

    def __init__(
        self, home: Path, ledger: Ledger, open_engine: Callable[..., Any],
        generation: Generation | None = None,
    ) -> None:  # fmt: skip
        self.facts = Facts(home, open_engine)
        self.ledger = ledger
        self.open_engine = open_engine
        found = generation or self.facts.current()
        if found is None:
            raise NothingImported(
                f"There is nothing to answer from in {home}. Import a file first: "
                "`sanjeh import FILE`, or `sanjeh demo` for example data."
            )
        self.generation = found
        self.engine = open_engine(found.path, read_only=True)
        self.tables = {name: self.engine.table(name) for name in self.engine.tables()}
        rows = self.engine.rows("SELECT * FROM freshness ORDER BY source").to_pylist()
        self.freshness = [row for row in rows if row["newest_at"] is not None]
        self.settings: dict[str, Any] = json.loads(
            self.engine.rows("SELECT settings FROM settings").to_pylist()[0]["settings"]
        )
        self.covered = {
            (row["source"], row["kind"])
            for row in self.engine.rows("SELECT source, kind FROM coverage").to_pylist()
        }
        self.own = self._own_fields()
        self._compiled: dict[Any, tuple[str, ...]] = {}
        self._cells: Any = None

    def close(self) -> None:
        """Release the generation's file."""
        self.engine.close()

    # -- the door --------------------------------------------------------------------------

    def ask(self, question: Question, viewer: Viewer = EVERYTHING) -> Answer:
        """Figures for a question, as the viewer may see them.

        Raises QuestionError (and PeriodError, UnknownMetric, UnknownOption) with what was given,
        what is expected and what to do.
        """
        if question.as_of is not None and self.generation.until is None:
            return self._as_it_stood(question, viewer)
        resolved = self.resolve(question, viewer)
        warnings: list[str] = []
        results: list[Result] = []
        totals: list[Result] = []
        earlier = (
            previous(resolved.period, question.compare, resolved.clockwork)
            if question.compare
            else None
        )
        for address in resolved.addresses:
            rows = self._figures(resolved, address, resolved.period, question.by, warnings)
            if earlier is not None:
                before = self._figures(resolved, address, earlier, question.by, [])
                rows = compared(rows, before)
            results += rows
            if question.by:
                whole = self._figures(resolved, address, resolved.period, (), [], grain=None)
                if earlier is not None:
                    whole = compared(whole, self._figures(resolved, address, earlier, (), [], grain=None))
                totals += whole
            warnings += address.metric.notes
            if question.by and not address.metric.is_level and _overlaps(address.metric, question.by):
                warnings.append(
                    f"{address.metric.name}: a row can stand in several groups; the total counts it once."
                )
        small = float(resolved.options["small_n"])
        results = [replace(r, is_small=r.n < small) for r in results]
        targeted = targets_of(self, resolved)
        results = [targeted(r) for r in results]
        totals = [targeted(r) for r in totals]
        return Answer(
            resolved.describe(earlier), tuple(results), tuple(totals),
            tuple(dict.fromkeys(warnings)), tuple(self._fresh()),
        )  # fmt: skip

    def resolve(self, question: Question, viewer: Viewer = EVERYTHING) -> Resolved:
        """Every choice of a question made: period, zone, options, filters."""
        if not question.metrics:
            raise QuestionError("Which figure? Name at least one metric; `sanjeh metrics` lists all.")
        if not self.freshness:
            raise NothingImported(
                "Nothing in this home carries an instant yet, so no period can be asked for. "
                "Import conversations or tickets first."
            )
        addresses = [find(m) for m in question.metrics]
        options = chosen(dict(question.options))
        addresses = [
            replace(a, statistic=options["duration.headline"])
            if "." not in a.asked and a.statistic == "mean"
            else a
            for a in addresses
        ]
        clockwork = Clockwork(
            question.zone or self.settings.get("tz") or "UTC",
            question.calendar or self.settings.get("month_calendar") or "gregorian",
            question.week_start or self.settings.get("week_start") or "mon",
        )
        _ = clockwork.tz
        as_of = self.generation.until or min(row["newest_at"] for row in self.freshness)
        period = self._period(question, clockwork, as_of)
        where = tuple(
            (d, o, tuple(value for v in values for value in self._values(d, v)))
            for d, o, values in question.where
        )
        return Resolved(
            question, addresses, clockwork, period, as_of, self.generation.until is not None,
            options, where, viewer,
        )  # fmt: skip

    def _as_it_stood(self, question: Question, viewer: Viewer) -> Answer:
        assert question.as_of is not None
        return self.rewound(question.as_of, lambda then: then._with_gaps(then.ask(question, viewer)))

    def rewound(self, as_of: str, ask: Callable[[Answers], Given]) -> Given:
        """What `ask` gives of the record as it stood at an instant."""
        clockwork = Clockwork(
            self.settings.get("tz") or "UTC", self.settings.get("month_calendar") or "gregorian"
        )
        generation = self.facts.as_of(self.ledger, parse(as_of, clockwork))
        then = Answers(self.facts.folder.parent, self.ledger, self.open_engine, generation)
        try:
            return ask(then)
        finally:
            then.close()

    def _with_gaps(self, answer: Answer) -> Answer:
        t = self.tables["tickets"]
        lost = self.engine.run(t.filter(~t.has_history).count().as_table()).to_pylist()[0]
        count = next(iter(lost.values()))
        if not count:
            return answer
        gap = f"{count} tickets have no history and cannot be rewound: they stand as they are now."
        return replace(answer, warnings=(*answer.warnings, gap))

    # -- one metric ------------------------------------------------------------------------

    def _figures(
        self, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
        warnings: list[str], grain: str | None = "as asked",
    ) -> list[Result]:  # fmt: skip
        wanted = resolved.question.grain if grain == "as asked" else grain
        metric = address.metric
        shape = metric.shape()
        if shape in (Ratio, Difference):
            return self._combined(resolved, address, period, by, warnings, wanted)
        if shape is Growth:
            return self._growth(resolved, address, period, by, warnings)
        if shape is Slope:
            return self._slope(resolved, address, period, by, warnings)
        frame = self._frame(resolved, metric, period, by, wanted, address)
        missing = self._missing(metric)
        if missing:
            why = f"{metric.name}: no source in this home records {missing}."
            warnings.append(why)
            return [replace(frame.empty(address), why_null=why)]
        rows, pending = self._run(resolved, metric, period, by, wanted, address)
        return assemble(frame, address, rows, pending, self.labels)

    def _frame(
        self, resolved: Resolved, metric: Metric, period: Period, by: tuple[str, ...],
        grain: str | None, address: Address,
    ) -> Frame:  # fmt: skip
        found = cells(period, grain, resolved.clockwork)[0] if grain else []
        return Frame(
            metric=metric, by=by, buckets=tuple(found), clockwork=resolved.clockwork,
            period=described(period, resolved.clockwork),
            filters={
                f"{d}{'!' if o == 'is_not' else ''}": list(v) for d, o, v in resolved.question.where
            },
            span=period,
        )  # fmt: skip

    def _run(
        self, resolved: Resolved, metric: Metric, period: Period, by: tuple[str, ...],
        grain: str | None, address: Address,
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
        spec = self.spec(
            resolved, metric, by, grain, distribution=address.statistic == "distribution"
        )
        self._lay_out(resolved.clockwork, period, grain, spec)
        key = (metric.name, spec)
        if key not in self._compiled:
            if len(self._compiled) > STALE_PLANS:
                self._compiled.clear()
            main = self.engine.compiled(plan.expression(metric, spec, self.tables, self.own))
            waiting = plan.pending_expression(metric, spec, self.tables, self.own)
            self._compiled[key] = (
                (main,) if waiting is None else (main, self.engine.compiled(waiting))
            )
        found = [
            self.engine.rows(plan.with_period(sql, period.start, period.end, resolved.as_of)).to_pylist()
            for sql in self._compiled[key]
        ]
        return found[0], found[1] if len(found) > 1 else []

    def spec(
        self, resolved: Resolved, metric: Metric, by: tuple[str, ...], grain: str | None, *,
        distribution: bool,
    ) -> plan.Spec:  # fmt: skip
        """What shapes the expression of a metric in this question."""
        return plan.Spec(
            by=by, where=resolved.where, grain=grain is not None,
            clocks=("calendar", "open") if "open" in metric.clocks() else ("calendar",),
            distribution=distribution, options=tuple(sorted(resolved.options.items())),
            teams=resolved.viewer.teams,
        )  # fmt: skip

    def rows_of(self, expression: Any, resolved: Resolved) -> list[dict[str, Any]]:
        """The rows of a planned expression over the question's period."""
        sql = self.engine.compiled(expression)
        period = resolved.period
        rows: list[dict[str, Any]] = self.engine.rows(
            plan.with_period(sql, period.start, period.end, resolved.as_of)
        ).to_pylist()
        return rows

    def _lay_out(
        self, clockwork: Clockwork, period: Period, grain: str | None, spec: plan.Spec
    ) -> None:
        """Load the quarter-hour cells and the bucket ends that the expression joins."""
        timed = any(d in dimensions.TIMES for d in (*spec.by, *(w[0] for w in spec.where)))
        if not (spec.grain or timed):
            return
        state = (clockwork, period, grain)
        if self._cells == state:
            return
        found, rows = cells(period, grain, clockwork)
        table = pa.table(
            {
                "cell": pa.array(rows["cell"], pa.int64()),
                "bucket": pa.array(rows["bucket"], pa.int64()),
                "cell_hour": pa.array(rows["hour"], pa.int64()),
                "cell_weekday": pa.array(rows["weekday"], pa.int64()),
            }
        )
        moments = pa.table(
            {
                "bucket": pa.array([b.index for b in found], pa.int64()),
                "moment_at": pa.array([b.end for b in found], pa.int64()),
            }
        )
        self.engine.load_temporary("cells", table)
        self.engine.load_temporary("moments", moments)
        self.tables["cells"] = self.engine.table("cells")
        self.tables["moments"] = self.engine.table("moments")
        self._cells = state

    # -- figures from other figures --------------------------------------------------------

    def _combined(
        self, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
        warnings: list[str], grain: str | None,
    ) -> list[Result]:  # fmt: skip
        measure = address.metric.measure(None)
        if isinstance(measure, Ratio):
            names = [measure.over, measure.under]
        else:
            assert isinstance(measure, Difference)
            names = [measure.of, measure.less]
        if names[1] == "agents_on_duty" and (
            self._missing(METRICS["agents_on_duty"]) or resolved.options["agents.base"] == "served"
        ):
            names[1] = "chat_agents_serving"
            warnings.append(
                f"{address.metric.name}: divided by the agents who served; presence is "
                + ("not recorded." if resolved.options["agents.base"] != "served" else "set aside.")
            )
        parts = [
            {
                _place(r): r
                for r in self._figures(
                    resolved, replace(address, metric=METRICS[n], statistic="value"), period,
                    by, warnings, grain,
                )
            }
            for n in names
        ]  # fmt: skip
        combined = []
        for place in {**parts[0], **parts[1]}:
            first, second = parts[0].get(place), parts[1].get(place)
            a, b = first and first.value, second and second.value
            if first is not None and second is None and first.why_null is None:
                b = 0
            if second is not None and first is None and second.why_null is None:
                a = 0
            if isinstance(measure, Ratio):
                value = a / b if a is not None and b else None
            else:
                value = a - b if a is not None and b is not None else None
            shown = first or second
            assert shown is not None
            combined.append(
                replace(
                    shown, metric=str(address), title=address.metric.title, value=value,
                    unit=address.metric.unit, direction=address.metric.better, numerator=a,
                    denominator=b, n=int(b or 0), statistics={}, interval=None,
                    definition_id=address.metric.name, definition_version=address.metric.version,
                    excluded={
                        **{f"{names[1]}: {k}": v for k, v in (second.excluded if second else {}).items()},
                        **{f"{names[0]}: {k}": v for k, v in (first.excluded if first else {}).items()},
                    },
                    why_null=(first and first.why_null) or (second and second.why_null)
                    or (f"{names[1]} is 0" if not b and isinstance(measure, Ratio) else None),
                )
            )  # fmt: skip
        return combined

    def _growth(
        self, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
        warnings: list[str],
    ) -> list[Result]:  # fmt: skip
        measure = address.metric.measure(None)
        assert isinstance(measure, Growth)
        level = replace(address, metric=METRICS[measure.level], statistic="value")
        after = self._figures(resolved, level, period, by, warnings, None)
        moments = Period(period.start - 1, period.start)
        before = {_place(r): r for r in self._figures(resolved, level, moments, by, [], None)}
        grown = []
        for r in after:
            first = before.get(_place(r))
            start = first.value if first is not None else 0
            change = r.value - start if r.value is not None and start is not None else None
            grown.append(
                replace(
                    r, metric=str(address), title=address.metric.title,
                    value=change / start if change is not None and start else None,
                    unit="share", direction=address.metric.better, numerator=change,
                    denominator=start, n=int(start or 0), definition_id=address.metric.name,
                    why_null=r.why_null or (None if start else f"{measure.level} was 0 at the start"),
                )
            )  # fmt: skip
        return grown

    def _slope(
        self, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
        warnings: list[str],
    ) -> list[Result]:  # fmt: skip
        measure = address.metric.measure(None)
        assert isinstance(measure, Slope)
        inner = replace(address, metric=METRICS[measure.of], statistic="value")
        series = self._figures(resolved, inner, period, by, warnings, measure.grain)
        return slope(series, address, measure)

    # -- helpers ---------------------------------------------------------------------------

    def _period(self, question: Question, clockwork: Clockwork, as_of: int) -> Period:
        oldest = min(row["oldest_at"] for row in self.freshness)
        if question.last is not None:
            if question.start or question.end:
                raise QuestionError("Give either --last or --from and --to, not both.")
            return last(question.last, as_of, clockwork)
        end = (
            parse(question.end, clockwork)
            if question.end
            else clockwork.instant(clockwork.step(clockwork.local(as_of).date(), "day"))
        )
        start = (
            parse(question.start, clockwork)
            if question.start
            else clockwork.instant(clockwork.local(min(oldest, end)).date())
        )
        if start >= end:
            raise PeriodError(
                f"The period from {moment(start).isoformat()} to {moment(end).isoformat()} is empty: "
                "the end is not counted and must come later than the start."
            )
        return Period(start, end)

    def _missing(self, metric: Metric) -> str | None:
        kinds = {kind for _, kind in self.covered}
        for need in metric.needs:
            if not kinds & set(need.split("|")):
                return need.replace("|", " or ")
        return None

    def _own_fields(self) -> set[str]:
        rows = self.engine.rows("SELECT DISTINCT kind, name FROM attributes").to_pylist()
        owners = {"ticket": "attr", "conversation": "attr", "customer": "customer", "account": "account"}
        return {f"{owners[r['kind']]}.{r['name']}" for r in rows if r["kind"] in owners}

    def _values(self, dimension: str, value: str) -> Iterable[str | None]:
        """What a typed value stands for in the facts: ids by name, words by compared form."""
        if value.strip().lower() in ("", "none", "unknown", "null", "-"):
            return [None]
        if dimension in dimensions.PERSONS:
            found = self.ledger.find_persons(dimensions.PERSONS[dimension], value)
            return found or [value]
        if dimension in dimensions.IDENTIFIED:
            return self._ids(dimension, value)
        if dimension == "weekday" and value.lower()[:3] in dimensions.WEEKDAY_NAMES:
            return [str(dimensions.WEEKDAY_NAMES.index(value.lower()[:3]) + 1)]
        if dimension in (
            "source", "state", "outcome", "noise", "reason", "initiator", "change", "age", "unit",
            "solved_by", "reopened_by", "channel_kind", "initiation", "hour", "key_account",
            "topic_class", "created_by",
        ):  # fmt: skip
            return [value]
        return [text.plain_key(value)]

    def _ids(self, dimension: str, value: str) -> list[str | None]:
        key = text.plain_key(value)
        named = [
            row["id"]
            for row in self.engine.rows("SELECT kind, id, key FROM names").to_pylist()
            if row["kind"] == dimension and row["key"] == key
        ]
        sources = sorted({source for source, _ in self.covered})
        return [*named, value, *(f"{source}/{value}" for source in sources)]

    def labels(self, dimension: str, keys: list[Any]) -> dict[Any, str]:
        """How keys are shown: names of persons and teams, the usual spelling of words."""
        present = [k for k in keys if k is not None]
        if dimension in dimensions.PERSONS:
            return self.ledger.labels(present)
        if dimension == "weekday":
            return {k: dimensions.WEEKDAY_NAMES[k - 1] for k in present}
        if dimension == "hour":
            return {k: f"{k:02d}:00" for k in present}
        if dimension in dimensions.TOPICS and dimension != "topic_class":
            rows = self.engine.rows(
                f"SELECT {dimension} AS key, min({dimension}_label) AS label FROM topics GROUP BY 1"
            ).to_pylist()
            return {row["key"]: row["label"] for row in rows if row["key"] is not None}
        if dimension in dimensions.IDENTIFIED:
            rows = self.engine.rows("SELECT id, label FROM names").to_pylist()
            named = {row["id"]: row["label"] for row in rows}
            return {k: named.get(k) or k.partition("/")[2] or k for k in present}
        if dimension in ("source", "state", "outcome", "noise", "reason", "age", "change"):
            return {k: str(k) for k in present}
        if not hasattr(self, "_spelt"):
            self._spelt = {
                row["key"]: row["raw"]
                for row in self.engine.rows("SELECT key, raw FROM spellings").to_pylist()
            }
        return {k: self._spelt.get(k, str(k)) for k in present}

    def _fresh(self) -> list[Mapping[str, Any]]:
        return [
            {
                "source": row["source"],
                "newest_event_at": moment(row["newest_at"]).isoformat(),
                "imported_at": moment(row["imported_at"]).isoformat(),
            }
            for row in self.freshness
        ]


def _place(result: Result) -> tuple[Any, ...]:
    group = tuple(sorted((k, v["key"]) for k, v in result.group.items()))
    return (repr(group), result.bucket["index"] if result.bucket else None)


def compared(rows: list[Result], before: list[Result]) -> list[Result]:
    """Results with the earlier period's figure beside; a count of nothing earlier is 0."""
    earlier = {_place(r): r for r in before}
    out = []
    for r in rows:
        old = earlier.get(_place(r))
        value = old.value if old is not None else None
        if old is None and isinstance(r.value, int):
            value = 0
        change = r.value - value if r.value is not None and value is not None else None
        out.append(
            replace(
                r, previous_value=value, previous_n=old.n if old else 0, delta_abs=change,
                delta_pct=change / value if change is not None and value else None,
            )
        )  # fmt: skip
    return out


def _overlaps(metric: Metric, by: tuple[str, ...]) -> bool:
    return metric.fact in ("agent_conversations",) and "agent" in by
