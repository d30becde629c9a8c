"""From a metric and a question to one expression over one fact.

The expression groups by the dimensions, the bucket and the reason a row is left out; the rows
with no reason are the ones counted, so one scan gives the figure and what it leaves out.
Portable: int64 instants, equality joins on quarter-hour cells, exact quantiles, guarded sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from sanjeh.answers import dimensions
from sanjeh.answers.periods import CELL
from sanjeh.facts.clocks import stamped
from sanjeh.metrics.options import OPTIONS
from sanjeh.metrics.registry import (
    TOLD_BY_THE_FACT,
    Balance,
    Correlation,
    Count,
    Duration,
    Mean,
    Metric,
    Net,
    OfRows,
    Share,
    Total,
    Wait,
)

FAR = 2**62
DISTINCT = 100_000  # values of a dimension that are looked through
# Stand-ins for the period in compiled SQL, so that one compilation serves every period.
START, END, NOW = 4_000_000_000_000_000_001, 4_000_000_000_000_000_003, 4_000_000_000_000_000_005
BINS = (60, 300, 900, 3600, 4 * 3600, 8 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400)
WAITS = (30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 8 * 3600, 86_400, 3 * 86_400, 7 * 86_400)
AGENT_STARTED = "started by an agent"
UNANSWERED, WAITING = "ended without an answer", "still waiting"


@dataclass(frozen=True)
class Spec:
    """What shapes an expression, apart from the period."""

    by: tuple[str, ...]
    where: tuple[tuple[str, str, tuple[str | None, ...]], ...]
    grain: bool
    clocks: tuple[str, ...]
    distribution: bool
    options: tuple[tuple[str, str], ...]
    teams: frozenset[str] | None
    agents: frozenset[str] | None = None

    def option(self, name: str) -> str:
        """The chosen value of an option."""
        return dict(self.options)[name]


def literal(value: int) -> Any:
    """A 64-bit whole number."""
    return ibis.literal(value, type="int64")


def _options(spec: Spec) -> dict[str, Any]:
    """Every option as a column: `messages.unit` is `option_messages_unit`, a word or a number."""
    return {
        f"option_{name.replace('.', '_')}": ibis.literal(
            value if OPTIONS[name].choices else float(value)
        )
        for name, value in spec.options
        if not name.startswith("reopen.")  # those two are microseconds
    }


def candidates(
    metric: Metric, spec: Spec, tables: Mapping[str, Any], own: set[str], *,
    pending: bool = False, at: str | None = None,
) -> tuple[Any, list[str]]:  # fmt: skip
    """Rows of the period and filters with dimension columns d0, d1 …, before any is left out."""
    if metric.fact is None or metric.at is None:
        raise TypeError(f"{metric.name} reads no rows of its own.")
    t = united(metric, tables)
    t = seen_by(t, spec.teams, spec.agents, tables)
    t = t.mutate(
        now_at=literal(NOW), period_from_at=literal(START), period_until_at=literal(END),
        **_options(spec),
        option_reopen_window=literal(round(float(spec.option("reopen.window")) * 86_400_000_000)),
        option_reopen_undone_within=literal(
            round(float(spec.option("reopen.undone_within")) * 60_000_000)
        ),
    )  # fmt: skip
    if metric.fact == "backlog_flow":
        grouped = {*spec.by, *(w[0] for w in spec.where)}
        flags = [t[f"moved_{g}"] for g in ("team", "agent", "priority", "topic") if g in grouped]
        if "category" in grouped:
            flags.append(t.moved_topic)
        moved = flags[0] if flags else ibis.literal(False)
        for flag in flags[1:]:
            moved = moved | flag
        t = t.mutate(matters=~t.change.isin(["moved in", "moved out"]) | moved)
    if metric.is_level:
        t = _holding(t, metric, spec, tables)
    else:
        anchor = t[at or metric.at]
        if pending:
            t = t.filter(anchor < END)
        else:
            t = t.filter((anchor >= START) & (anchor < END))
            needs_cells = spec.grain or any(d in dimensions.TIMES for d, *_ in spec.where)
            if needs_cells or any(d in dimensions.TIMES for d in spec.by):
                cells = tables["cells"].view()
                t = t.mutate(at_cell=(t[at or metric.at] // CELL).cast("int64"))
                t = t.join(cells, t.at_cell == cells.cell).drop("cell")
            if spec.grain:
                t = t.mutate(period_from_at=t.bucket_from_at, period_until_at=t.bucket_until_at)
    if metric.context is not None and "explicit" not in t.columns:
        t = _beside(t, metric.context(t), ["bucket"] if spec.grain and not pending else [])
    if metric.prepare is not None:
        if "topic" not in t.columns and "topic_id" in t.columns:
            t, _ = dimensions.column(
                t, "topic", tables, metric=metric.name, is_level=False, own=own
            )
        t = metric.prepare(t, ["bucket"] if spec.grain and not pending else [], tables)
    for name, operator, values in spec.where:
        t, value = dimensions.column(
            t, name, tables, metric=metric.name, is_level=metric.is_level, own=own
        )
        t = t.filter(_among(value, operator, values))
    columns = []
    for n, name in enumerate(spec.by):
        t, value = dimensions.column(
            t, name, tables, metric=metric.name, is_level=metric.is_level, own=own
        )
        t = t.mutate(**{f"d{n}": value})
        columns.append(f"d{n}")
    if spec.grain and not pending:
        columns.append("bucket")
    return t, columns


def united(metric: Metric, tables: Mapping[str, Any]) -> Any:
    """All rows of the metric's fact and of the facts that go with it."""
    assert metric.fact is not None
    t = tables[metric.fact]
    return ibis.union(t, *(tables[n].select(t.columns) for n in metric.also), distinct=False)


def _beside(t: Any, figures: dict[str, Any], within: list[str]) -> Any:
    """The rows with figures over all of them, or over those of the same bucket, beside each."""
    if not within:
        return t.cross_join(t.agg(**figures))
    whole = t.group_by(within).agg(**figures)
    names = {f"beside_{c}": c for c in within}
    whole = whole.rename(names)
    joined = t.join(whole, [t[c] == whole[f"beside_{c}"] for c in within])
    return joined.drop(*names)


def seen_by(
    t: Any, teams: frozenset[str] | None, agents: frozenset[str] | None, tables: Mapping[str, Any]
) -> Any:
    """Only rows whose ticket or conversation one of the teams, or of the agents, had a part in."""
    if teams is not None:
        served, known, talks = (
            tables["served_by"], tables["agents"], tables["agent_conversations"],
        )  # fmt: skip
        served = served.filter(served.team_id.isin(sorted(teams)))
        theirs = known.filter(known.team_id.isin(sorted(teams))).agent_id
        ids = {kind: [served.filter(served.kind == kind).id] for kind in OWNED.values()}
        ids["conversation"].append(talks.filter(talks.agent_id.isin(theirs)).conversation_id)
        t = _owned(t, ids, "team_id", teams)
    if agents is not None:
        held, talks = tables["ticket_states"].view(), tables["agent_conversations"].view()
        ids = {
            "ticket": [held.filter(held.agent_id.isin(sorted(agents))).ticket_id],
            "conversation": [talks.filter(talks.agent_id.isin(sorted(agents))).conversation_id],
        }
        t = _owned(t, ids, "agent_id", agents)
    return t


OWNED = {"ticket_id": "ticket", "conversation_id": "conversation"}


def _owned(t: Any, ids: Mapping[str, list[Any]], other: str, allowed: frozenset[str]) -> Any:
    """The rows of those tickets and conversations; of a fact without either, by its column."""
    tests = [
        t[column].isin(found)
        for column, kind in OWNED.items()
        if column in t.columns
        for found in ids[kind]
    ]
    if not tests:
        known = other in t.columns
        return t.filter(t[other].isin(sorted(allowed)) if known else ibis.literal(False))
    test = tests[0]
    for another in tests[1:]:
        test = test | another
    return t.filter(test.fill_null(False))


def _holding(t: Any, metric: Metric, spec: Spec, tables: Mapping[str, Any]) -> Any:
    """Rows that hold at the moment a level is looked at; with a grain, at the end of each bucket.

    A row holds at m when it began before m and had not ended before m.
    """
    # Where a fact keeps it without NULL, the database skips what ended before.
    kept = f"lasts_{metric.until}"
    holds_until = t[kept] if kept in t.columns else t[metric.until].fill_null(FAR)
    t = t.mutate(holds_until=holds_until)
    if spec.grain:
        moments = tables["moments"].view()
        # Which rows may hold somewhere in the period the database can see before it joins.
        t = t.filter((t[metric.at] < END) & (t.holds_until >= START))
        start, until = t[metric.at], t.holds_until
        test = {
            "at the end": [start < moments.bucket_until_at, until >= moments.bucket_until_at],
            "at the start": [start < moments.bucket_from_at, until >= moments.bucket_from_at],
            "at any moment": [start < moments.bucket_until_at, until > moments.bucket_from_at],
        }[metric.holds]
        t = t.join(moments, test)
        t = t.mutate(period_from_at=t.bucket_from_at, period_until_at=t.bucket_until_at)
    else:
        start, until = t[metric.at], t.holds_until
        moment = START if metric.holds == "at the start" else END
        far_edge = until > START if metric.holds == "at any moment" else until >= moment
        t = t.filter((start < moment) & far_edge)
    at_start = metric.holds == "at the start"
    return t.mutate(moment_at=t.period_from_at if at_start else t.period_until_at)


def _among(value: Any, operator: str, values: Sequence[str | None]) -> Any:
    known = [v for v in values if v is not None]
    test = ibis.literal(False)
    if known:
        cast = value if value.type().is_string() else value.cast("string")
        test = cast.isin(known).fill_null(False)
    if None in values:
        test = test | value.isnull()
    return ~test if operator == "is_not" else test


def judged(metric: Metric, spec: Spec, t: Any) -> tuple[Any, Any]:
    """The table with `reason` (null: counted) and the values that its measure reads; the measure.

    `value_<clock>`: microseconds of a duration; `value`: the number of a mean or a total;
    `first_value` and `second_value`: of a pair.
    """
    measure = metric.measure(t)
    if not isinstance(measure, OfRows):
        raise TypeError(f"{metric.name} reads no rows of its own.")
    if measure.where is not None:
        t = t.filter(measure.where.fill_null(False))
        measure = metric.measure(t)
        assert isinstance(measure, OfRows)
    reasons = []
    if "excluded_reason" in t.columns:
        reasons.append(t.excluded_reason)
    if metric.population == "requested" and spec.option("agent_started") == "leave out":
        reasons.append(ibis.cases((t.started_by_agent, AGENT_STARTED)))
    if metric.population in ("requested", "actionable") and spec.option("noise") == "leave out":
        reasons.append(t.noise_reason)
    without = measure.without
    reasons += [
        test if why == TOLD_BY_THE_FACT else ibis.cases((test.fill_null(False), why))
        for why, test in without.items()
    ]
    values = {}
    if isinstance(measure, Wait):
        assert measure.end is not None
        never = t[measure.end].isnull() & t[measure.start].notnull()
        gone = t[measure.gave_up].notnull()
        reasons.append(ibis.cases((never & gone, UNANSWERED), (never, WAITING)))
    if isinstance(measure, Mean | Total):
        values["value"] = t[measure.column].cast("float64")
        reasons.append(ibis.cases((values["value"].isnull(), "no value is recorded")))
    if isinstance(measure, Correlation):
        values = {"first_value": t[measure.first].cast("float64"),
                  "second_value": t[measure.second].cast("float64")}  # fmt: skip
        unknown = values["first_value"].isnull() | values["second_value"].isnull()
        reasons.append(ibis.cases((unknown, "no value is recorded")))
    if isinstance(measure, Duration):
        for clock in spec.clocks:
            values[f"value_{clock}"] = _elapsed(t, measure, clock)
        calendar = _elapsed(t, measure, "calendar")
        negative = calendar < 0 if not measure.minus else ibis.literal(False)
        reasons.append(
            ibis.cases(
                (calendar.isnull(), "an instant is unknown"),
                (negative, "ends before it starts"),
            )
        )
    reason = ibis.coalesce(*reasons) if reasons else ibis.null("string")
    extra = {}
    if isinstance(measure, Share):
        extra["counted_part"] = measure.part.fill_null(False)
    if isinstance(measure, Balance):
        extra = {"is_up": measure.up.fill_null(False), "is_down": measure.down.fill_null(False)}
    return t.mutate(reason=reason, **values, **extra), measure


def _elapsed(t: Any, measure: Duration, clock: str) -> Any:
    if measure.lasting is not None:
        return t[measure.lasting + ("_open" if clock == "open" else "")]
    if measure.end is None:
        return t.moment_at - t[measure.start]
    suffix = "_open" if clock == "open" else "_at"
    start = t[measure.start.removesuffix("_at") + suffix]
    end = t[measure.end.removesuffix("_at") + suffix]
    value = end - start
    for column in measure.minus:
        twin = f"{column}_open"
        off = t[twin if clock == "open" and twin in t.columns else column]
        value = value - off.fill_null(0)
    return value


def expression(metric: Metric, spec: Spec, tables: Mapping[str, Any], own: set[str]) -> Any:
    """The figures of a metric, a row for each group, bucket and reason."""
    t, keys = candidates(metric, spec, tables, own)
    t, measure = judged(metric, spec, t)
    if isinstance(measure, Correlation):
        t = _ranked(t, [*keys, "reason"])
    figures: dict[str, Any] = {"row_count": t.count().cast("int64")}
    distinct = getattr(measure, "distinct", None)
    if isinstance(measure, Count) and distinct:
        figures["distinct_count"] = t[distinct].nunique().cast("int64")
    elif isinstance(measure, Share):
        if distinct:
            figures["distinct_count"] = t[distinct].nunique().cast("int64")
            figures["part_count"] = t[distinct].nunique(where=t.counted_part).cast("int64")
        else:
            figures["part_count"] = t.count(where=t.counted_part).cast("int64")
    elif isinstance(measure, Net):
        figures["net"] = t[measure.column].sum().cast("int64")
    elif isinstance(measure, Balance):
        figures["up_count"] = t.count(where=t.is_up).cast("int64")
        figures["down_count"] = t.count(where=t.is_down).cast("int64")
    elif isinstance(measure, Total):
        figures["total"] = t["value"].sum()
    elif isinstance(measure, Correlation):
        figures |= _together(t)
    elif isinstance(measure, Mean):
        figures |= _spread(t["value"], "calendar", measure.bins if spec.distribution else (), 1)
    elif isinstance(measure, Duration):
        for clock in spec.clocks:
            bins = BINS if spec.distribution else ()
            figures |= _spread(t[f"value_{clock}"], clock, bins, 1_000_000)
    if isinstance(measure, Mean | Balance) and measure.same is not None:
        figures["kinds_count"] = t[measure.same].nunique().cast("int64")
    return t.group_by([*keys, "reason"]).agg(**figures)


def _spread(value: Any, clock: str, bins: Sequence[float], one: int) -> dict[str, Any]:
    """Figures of a distribution; `one`: how many of the value make one of the unit."""
    figures = {
        f"{clock}_n": value.count().cast("int64"),
        f"{clock}_sum": value.cast("float64").sum(),
        f"{clock}_min": value.min(),
        f"{clock}_max": value.max(),
        # One list for both: asked one by one, an engine sorts twice.
        f"{clock}_quantiles": value.quantile([0.5, 0.9]),
        f"{clock}_deviation": (value.cast("float64") / float(one)).std(how="sample"),
    }
    for n, limit in enumerate(bins):
        figures[f"{clock}_bin{n}"] = (value <= limit * one).cast("int64").sum().cast("int64")
    return figures


def _ranked(t: Any, keys: list[str]) -> Any:
    """Pairs with each value's rank in its group, equal ones sharing it, both about their means."""
    for side in ("first", "second"):
        value = f"{side}_value"
        near = ibis.window(group_by=keys, order_by=[t[value]])
        t = t.mutate(**{f"{side}_place": ibis.row_number().over(near).cast("int64")})
        same = ibis.window(group_by=[*keys, value], order_by=[t[f"{side}_place"]])
        place = t[f"{side}_place"]
        rank = (place.min().over(same) + place.max().over(same)).cast("float64") / 2.0
        t = t.mutate(**{f"{side}_rank": rank})
    whole = ibis.window(group_by=keys, order_by=[t.first_place])
    return t.mutate(
        **{f"{name}_off": t[name] - t[name].mean().over(whole)
           for name in ("first_value", "second_value", "first_rank", "second_rank")}
    )  # fmt: skip


def _together(t: Any) -> dict[str, Any]:
    """Sums of squares and products, of the values and of their ranks; the ends of both values."""
    figures: dict[str, Any] = {}
    for of in ("value", "rank"):
        first, second = t[f"first_{of}_off"], t[f"second_{of}_off"]
        figures |= {
            f"{of}_first": (first * first).sum(), f"{of}_second": (second * second).sum(),
            f"{of}_both": (first * second).sum(),
        }  # fmt: skip
    for side in ("first", "second"):
        value = t[f"{side}_value"]
        figures |= {f"{side}_min": value.min(), f"{side}_max": value.max()}
    return figures


def waits_expression(
    metric: Metric, spec: Spec, tables: Mapping[str, Any], own: set[str], clock: str
) -> Any:
    """How many waits came to each length: what `answers/curves.py` makes its curves of (7.5).

    A row for each group, bucket and length in microseconds (`waited`): how many were `answered`
    then, how many `ended`, answered or not, and how many were `here`, open ones among them.
    """
    t, keys = candidates(metric, spec, tables, own)
    t, measure = judged(metric, spec, t)
    assert isinstance(measure, Wait)
    t = t.filter(t.reason.isnull() | t.reason.isin([UNANSWERED, WAITING]))
    suffix = "_open" if clock == "open" else "_at"
    if clock == "open" and "now_open" not in t.columns:
        t = stamped(t, tables, ["now_at"])
    start = t[measure.start.removesuffix("_at") + suffix]
    ended = {
        None: t[f"value_{clock}"],
        UNANSWERED: t[measure.gave_up.removesuffix("_at") + suffix] - start,
        WAITING: t["now" + suffix] - start,
    }
    waited = ibis.cases(
        (t.reason.isnull(), ended[None]),
        (t.reason == UNANSWERED, ended[UNANSWERED]),
        else_=ended[WAITING],
    )
    t = t.mutate(waited=waited, kind=t.reason.fill_null("answered"))
    t = t.filter(t.waited.notnull() & (t.waited >= 0))
    return t.group_by([*keys, "waited"]).agg(
        answered=t.count(where=t["kind"] == "answered").cast("int64"),
        ended=t.count(where=t["kind"] != WAITING).cast("int64"),
        here=t.count().cast("int64"),
    )


def pending_expression(
    metric: Metric, spec: Spec, tables: Mapping[str, Any], own: set[str]
) -> Any | None:
    """Rows that began before the end of the period and are still running, by group."""
    if metric.pending is None or spec.grain:
        return None
    started = "created_at" if metric.fact == "tickets" else metric.at
    times = any(d in dimensions.TIMES for d in (*spec.by, *(w[0] for w in spec.where)))
    if times:
        return None
    in_period = metric.fact != "tickets"
    t, keys = candidates(metric, spec, tables, own, pending=not in_period, at=started)
    test = metric.pending(t).fill_null(False)
    if "excluded_reason" in t.columns:
        test = test & t.excluded_reason.isnull()
    t = t.filter(test)
    if keys:
        return t.group_by(keys).agg(pending_count=t.count().cast("int64"))
    return t.agg(pending_count=t.count().cast("int64"))


def doubt_expression(
    metric: Metric, spec: Spec, tables: Mapping[str, Any], own: set[str]
) -> Any | None:
    """How many rows are counted, and how many of them make the figure a lower bound."""
    if metric.lower_bound is None:
        return None
    t, _ = candidates(metric, spec, tables, own)
    t, _ = judged(metric, spec, t)
    t = t.filter(t.reason.isnull())
    doubtful = metric.lower_bound[1](t).fill_null(False)
    return t.agg(counted=t.count().cast("int64"), doubtful=t.count(where=doubtful).cast("int64"))


def distinct_expression(
    metric: Metric, spec: Spec, tables: Mapping[str, Any], own: set[str]
) -> Any:
    """The values of the spec's dimension in a metric's fact, whatever the period."""
    t = seen_by(united(metric, tables), spec.teams, spec.agents, tables)
    t, value = dimensions.column(
        t, spec.by[0], tables, metric=metric.name, is_level=metric.is_level, own=own
    )
    return t.select(value=value.cast("string")).distinct().limit(DISTINCT)


def doubts(metric: Metric, rows: Sequence[Mapping[str, int]]) -> list[str]:
    """The warning that a figure is a lower bound, where a tenth of its rows or more make it one."""
    if metric.lower_bound is None or not rows or 10 * rows[0]["doubtful"] < rows[0]["counted"]:
        return []
    lacking, counted = rows[0]["doubtful"], rows[0]["counted"]
    if not lacking:
        return []
    return [f"{metric.name}: a lower bound; {lacking} of {counted} {metric.lower_bound[0]}."]


def with_period(sql: str, start: int, end: int, now: int) -> str:
    """The compiled statement for one period."""
    return (
        sql.replace(str(START), str(start)).replace(str(END), str(end)).replace(str(NOW), str(now))
    )
