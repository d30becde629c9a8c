"""Planned expressions as statements: worked out once, kept with the home, run and remembered.

Working an expression out takes 20 to 200 ms, running its statement a few. A statement serves every
period and every value of a filter: they are put in when it runs. What it depends on (metric,
dimensions, options, the tables' columns, code and libraries) is its key or the fingerprint of its
file, as with the facts' own (`facts/statements.py`).
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa

import sanjeh.answers
import sanjeh.metrics
from sanjeh.answers import plan
from sanjeh.answers.by_day import AFTER, Days
from sanjeh.answers.curves import curves
from sanjeh.facts.statements import Statement, Statements, fingerprint
from sanjeh.metrics.registry import Metric, Wait

REMEMBERED, LARGE = 1500, 2000  # outcomes kept, and of how many rows at most
SUMS = 24_000_000  # counts by day that are kept in all, of eight bytes each
SERIES = 400  # series of which buckets are kept
# What differs from question to question: the period's places, and tables laid out for it.
MOVING = (str(plan.START), str(plan.END), str(plan.NOW), "cells", "moments")
DAYS = "days_of_cells"  # the table that tells the day of each quarter of an hour
CONSTANTS = "option_"
KEYS = {"topics": "topic_id", "accounts": "account_id", "customer_traits": "of_customer"}
_PLACE = re.compile(rf"'\{{(\w+\.[\d.]+)\}}'|({plan.START}|{plan.END}|{plan.NOW})")
Rows = list[dict[str, Any]]
PARTS = ("figures", "pending", "curve", "doubt")
BEFORE = ("figures", "curve")  # what is asked of a period that another is compared with
MAKERS: dict[str, Callable[..., Any]] = {
    "figures": plan.expression, "pending": plan.pending_expression,
    "curve": plan.waits_expression, "doubt": plan.doubt_expression,
    "distinct": plan.distinct_expression,
}  # fmt: skip


class Tables(Mapping[str, Any]):
    """The facts of an engine as expressions, each made when it is first looked up."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self._names = dict.fromkeys(engine.tables())
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            if name not in self._names:
                raise KeyError(name)
            self._known[name] = self.engine.table(name)
        return self._known[name]

    def __iter__(self) -> Any:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def laid(self, name: str) -> None:
        """Know of a table that was laid out meanwhile."""
        self._names[name] = None


class Remembered:
    """Outcomes of statements over one generation, which never changes. Threads may share one."""

    def __init__(self, after: float = AFTER) -> None:
        self._known: OrderedDict[Any, Rows] = OrderedDict()
        self._series: OrderedDict[Any, dict[int, Rows]] = OrderedDict()
        self._days: OrderedDict[Any, Days | None] = OrderedDict()
        self._looked: defaultdict[Any, float] = defaultdict(float)
        self._lock = threading.Lock()
        self.after = after

    def series(self, key: Any) -> dict[int, Rows]:
        """The rows of a series' whole buckets, by their beginning; what is put in stays."""
        with self._lock:
            found = self._series.setdefault(key, {})
            self._series.move_to_end(key)
            while len(self._series) > SERIES:
                self._series.popitem(last=False)
            return found

    def days(
        self, key: Any, part: float, *, at_once: bool, count: Callable[[], Days | None],
        later: Callable[[], None] | None = None,
    ) -> Days | None:  # fmt: skip
        """A statement's counts by day; None while it is asked too seldom, or where there are none.

        part: of the record that would be looked through instead. at_once: it is to be counted now.
        count: counts it; by one thread, others do without. later: where given, it is called when
        counting is due, instead.
        """
        with self._lock:
            if key in self._days:
                self._days.move_to_end(key)
                return self._days[key]
            is_due = at_once or self._looked[key] >= self.after
            is_put_off = is_due and not at_once and later is not None
            if is_due and not is_put_off:
                self._days[key] = None
            else:
                self._looked[key] = 0.0 if is_put_off else self._looked[key] + part
        if is_put_off and later is not None:
            later()
        if not is_due or is_put_off:
            return None
        found = count()
        with self._lock:
            self._days[key] = found
            kept = sum(d.size for d in self._days.values() if d is not None)
            for old in list(self._days):
                if kept <= SUMS or old == key:
                    break
                gone = self._days.pop(old)
                kept -= gone.size if gone is not None else 0
        return found

    def get(self, key: Any) -> Rows | None:
        """What a statement gave before. Not to be changed."""
        return self._known.get(key)

    def put(self, key: Any, rows: Rows) -> None:
        """Keep what a statement gave, unless it is much."""
        if len(rows) <= LARGE:
            self._known[key] = rows
        while len(self._known) > REMEMBERED:
            try:
                self._known.popitem(last=False)
            except KeyError:  # another thread took the last
                return


class Compiled:
    """The statements of one engine's tables."""

    def __init__(self, folder: Path, engine: Any, own: set[str], remembered: Remembered) -> None:
        self.engine, self.own, self.remembered = engine, own, remembered
        self.tables = Tables(engine)
        self._looked_up: dict[Any, str] = {}  # to find a statement's key takes longer than this
        self._by_day: dict[Any, Statement] = {}
        self._made: set[str] = set()  # tables of what statements have in common in every period
        # What an engine makes of an expression depends on its room's code too.
        code = fingerprint(sanjeh.metrics, sanjeh.answers, sys.modules[type(engine).__module__])
        of = f"{code} {Statements.key(engine.schema())}"
        self.statements = _shared(folder / "answers.json", of)

    def run(
        self, metric: Metric, spec: plan.Spec, clock: str, period: tuple[int, int, int], laid: Any,
        parts: Sequence[str] = PARTS, longest: int | None = None,
    ) -> tuple[Rows, ...]:  # fmt: skip
        """Rows of the figures, of what still runs, of the curve and of doubts; empty where none.

        period: start, end and now (microseconds). laid: what the table of cells was laid out for.
        parts: those of them that are wanted. longest: see `Question`.
        """
        shape, values = anonymous(spec)
        found = []
        for part in PARTS:
            sql = self._statement(part, metric, shape, clock) if part in parts else ""
            if sql and longest is not None and part == "figures":
                sql = _longest(sql, shape, clock, longest)
            made = curves if part == "curve" else pa.Table.to_pylist
            found.append(self._rows(sql, values, period, laid, made))
        if longest is not None:
            names = [f"d{n}" for n in range(len(shape.by))]
            shown = {tuple(row[n] for n in names) for row in found[0]}
            found[1] = [row for row in found[1] if tuple(row[n] for n in names) in shown]
        return tuple(found)

    def has(self, part: str, metric: Metric, spec: plan.Spec, clock: str) -> bool:
        """Whether a metric has such a part."""
        return bool(self._statement(part, metric, anonymous(spec)[0], clock))

    def told(
        self, part: str, metric: Metric, spec: plan.Spec, clock: str, now: int
    ) -> str:  # fmt: skip
        """The statement of a part with its values put in, but for the period's ends."""
        shape, values = anonymous(spec)
        sql = self._statement(part, metric, shape, clock)
        return self.filled(sql, values, (plan.START, plan.END, now)) if sql else ""

    def by_day(
        self, part: str, metric: Metric, spec: plan.Spec, clock: str, now: int
    ) -> tuple[str, tuple[str, ...], bool] | None:  # fmt: skip
        """The same by day: statement, names of counts, whether it counts from a start.

        None where the part's counts do not add up over time. The period's ends are left in it.
        """
        shape, values = anonymous(spec)
        asked = (part, metric.key, shape, clock)
        kept = self._by_day.get(asked)
        if kept is None:
            kept = self._by_day[asked] = self._kept_by_day(part, metric, shape, clock)
        if not kept[0]:
            return None
        filled = self.filled(kept[0], values, (plan.START, plan.END, now))
        return filled, kept[1][1:], kept[1][0] == "1"

    def _kept_by_day(self, part: str, metric: Metric, shape: plan.Spec, clock: str) -> Statement:
        sql = self._statement(part, metric, shape, clock)
        key = Statements.key("by day", self._key(part, metric, shape, clock))
        kept = self.statements.get(key)
        if kept is None:
            found = sql and self.engine.by_day(
                sql, (plan.START, plan.END), DAYS, may_look_round=metric.may_look_round
            )
            kept = (found.sql, (str(int(found.from_start)), *found.counts)) if found else ("", ())
            self.statements.put(key, kept)
        return kept

    def distinct(
        self, metric: Metric, name: str, teams: frozenset[str] | None,
        agents: frozenset[str] | None,
    ) -> list[str]:  # fmt: skip
        """The values that a dimension has in a metric's fact, at most DISTINCT of them."""
        spec = plan.Spec((name,), (), False, (), False, (), teams, agents)
        shape, values = anonymous(spec)
        sql = self._statement("distinct", metric, shape, "")
        return [row["value"] for row in self._rows(sql, values, (0, 0, 0), None)]

    def listed(
        self, name: str, spec: plan.Spec, when: tuple[tuple[int, int, int], Any],
        make: Callable[[plan.Spec], tuple[Any, Sequence[str]]], page: tuple[int, int] | None = None,
    ) -> tuple[Rows, tuple[str, ...]]:  # fmt: skip
        """Rows of an expression of one's own, and what `make` says beside it.

        name: what tells it from others of the same spec. when: the period, and what the table of
        cells was laid out for, as in `run`. make: from the spec, a place in it for
        each value, to the expression, ordered where a page of it is asked for. page: how many
        rows, after how many.
        """
        shape, values = anonymous(spec)
        own = sorted(self.own & {*shape.by, *(d for d, *_ in shape.where)})
        key = Statements.key("listed", name, _told(shape), json.dumps(own))
        kept = self.statements.get(key)
        if kept is None:
            expression, beside = make(shape)
            kept = (str(self.engine.trimmed(expression, CONSTANTS, KEYS)), tuple(beside))
            self.statements.put(key, kept)
        sql = kept[0] if page is None else f"{kept[0]} LIMIT {page[0]:d} OFFSET {page[1]:d}"
        return self._rows(sql, values, *when), kept[1]

    def knows(self, metric: Metric, spec: plan.Spec, clock: str) -> bool:
        """Whether nothing needs working out to run it."""
        shape, _ = anonymous(spec)
        return all(self.statements.get(self._key(p, metric, shape, clock)) for p in PARTS)

    def _rows(
        self, sql: str, values: Mapping[str, str], period: tuple[int, int, int], laid: Any,
        made: Callable[[pa.Table], Rows] = pa.Table.to_pylist,
    ) -> Rows:  # fmt: skip
        if not sql:
            return []
        filled = self.filled(sql, values, period)
        key = (filled, laid)
        found = self.remembered.get(key)
        if found is None:
            found = made(self.engine.rows(filled))
            self.remembered.put(key, found)
        return found

    def filled(self, sql: str, values: Mapping[str, str], period: tuple[int, int, int]) -> str:
        """The statement with its period and values, put in at one go: none is read again."""
        instants = dict(zip(map(str, (plan.START, plan.END, plan.NOW)), period, strict=True))

        def put_in(found: re.Match[str]) -> str:
            if found[2]:
                return str(instants[found[2]])
            return str(self.engine.literal(values[found[1]])) if found[1] in values else found[0]

        return _PLACE.sub(put_in, sql)

    def _key(self, part: str, metric: Metric, shape: plan.Spec, clock: str) -> str:
        named = {*shape.by, *(name for name, *_ in shape.where)}
        of_curve = clock if part == "curve" else ""
        own = sorted(self.own & named)
        return Statements.key(part, metric.key, of_curve, _told(shape), json.dumps(own))

    def _statement(self, part: str, metric: Metric, shape: plan.Spec, clock: str) -> str:
        """The SQL of a part, "" where a metric has none."""
        asked = (part, metric.key, shape, clock)
        if asked not in self._looked_up:
            self._looked_up[asked] = self._made_or_kept(part, metric, shape, clock)
        return self._looked_up[asked]

    def _made_or_kept(self, part: str, metric: Metric, shape: plan.Spec, clock: str) -> str:
        key = self._key(part, metric, shape, clock)
        kept = self.statements.get(key)
        if kept is not None:
            self._make(kept[1])
            return kept[0]
        given: tuple[Any, ...] = (metric, shape, self.tables, self.own)
        if part == "curve":
            given = (*given, clock)
        wanted = None
        if part != "curve" or metric.shape() is Wait:
            wanted = MAKERS[part](*given)
        sql: str = "" if wanted is None else self.engine.trimmed(wanted, CONSTANTS, KEYS)
        steady: tuple[tuple[str, str], ...] = ()
        if sql and part in PARTS:
            sql, steady = self.engine.hoisted(sql, MOVING)
        kept = (sql, tuple(text for pair in steady for text in pair))
        self.statements.put(key, kept)
        self._make(kept[1])
        return sql

    def _make(self, steady: Sequence[str]) -> None:
        """Work out, once for this engine, what a statement reads that is the same in any period."""
        for name, sql in zip(steady[::2], steady[1::2], strict=True):
            if name not in self._made:
                with self.engine.lock:
                    self.engine.create_as(name, sql, passing=True)
                self._made.add(name)


def _longest(sql: str, shape: plan.Spec, clock: str, most: int) -> str:
    """The statement of a duration's figures, of the groups with the greatest maximum only."""
    names = [f"d{n}" for n in range(len(shape.by))]
    same = " AND ".join(f"f.{n} IS NOT DISTINCT FROM g.{n}" for n in names)
    return (
        f"WITH f AS ({sql}), g AS (SELECT {', '.join(names)}, "
        f"RANK() OVER (ORDER BY {clock}_max DESC) AS place FROM f "
        f"WHERE reason IS NULL AND {clock}_max IS NOT NULL) "
        f"SELECT f.* FROM f JOIN g ON {same} WHERE g.place <= {most:d}"
    )


def _told(shape: plan.Spec) -> str:
    """The spec as one text."""
    return json.dumps({
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in shape.__dict__.items()
    })  # fmt: skip


def anonymous(spec: plan.Spec) -> tuple[plan.Spec, Mapping[str, str]]:
    """The spec with a place for each value that a reader typed or is held to, and the values.

    So one statement serves all values, and no file holds what anybody searched for.
    """
    values: dict[str, str] = {}

    def place(kind: str, value: str | None, *at: int) -> str | None:
        if value is None:
            return None
        name = f"{kind}.{'.'.join(map(str, at))}"
        values[name] = value
        return "{" + name + "}"

    where = tuple(
        (name, operator, tuple(place("where", v, n, m) for m, v in enumerate(given)))
        for n, (name, operator, given) in enumerate(spec.where)
    )

    def held(kind: str, ids: frozenset[str] | None) -> frozenset[str] | None:
        if ids is None:
            return None
        return frozenset(str(place(kind, value, n)) for n, value in enumerate(sorted(ids)))

    shape = replace(
        spec, where=where, teams=held("teams", spec.teams), agents=held("agents", spec.agents)
    )
    return shape, MappingProxyType(values)


_files: dict[tuple[Path, str], Statements] = {}


def _shared(file: Path, of: str) -> Statements:
    """The statements of a file, one for all doors of this process."""
    return _files.setdefault((file, of), Statements(file, of))
