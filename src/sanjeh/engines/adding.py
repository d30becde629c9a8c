"""Statements whose counts add up over time, told by their form, and the same counted by day.

Such a statement picks rows by one instant, looks at each of them alone and counts: then the count
of a period is the sum of the counts of its days, whichever period it is. Whatever compares a row
with others of the period, or knows where the period ends, does not add up and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
import sqlglot.expressions as sge

CELL = 900_000_000  # microseconds
ROWWISE_NOT = (sge.Window, sge.AggFunc, sge.Distinct)
SHAPING = ("group", "having", "qualify", "distinct", "limit", "offset")
AT = "at_of_day"


@dataclass(frozen=True)
class ByDay:
    """The statement by day, its instants between the same two places; the columns of counts."""

    sql: str
    counts: tuple[str, ...]
    from_start: bool  # whether it counts from the period's start on; else all up to its end


def by_day(
    sql: str, start: int, end: int, days: str, *, may_look_round: bool = False
) -> ByDay | None:
    """The statement grouped by the day of its instant too; None where its counts do not add up.

    start, end: the literals in the places of the period's ends. days: a table that tells the `day`
    of each `cell`, a quarter of an hour. may_look_round: what is joined to the rows depends on the
    period by its form only.
    """
    root = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(root, sge.Select):
        return None
    counts = _counts(root)
    path = _path(root, start, end)
    if not counts or path is None:
        return None
    anchor = path[-1]
    column, ends = _picked_by(anchor, start, end)
    if column is None or any(_is_shaped(select) for select in path[1:]):
        return None
    allowed = {id(node) for node in ends}
    others = [
        node
        for node in root.find_all(sge.Literal)
        if node.this in (str(start), str(end)) and id(node) not in allowed
    ]
    if any(not may_look_round or _stands_in(node, path) for node in others):
        return None
    _hand_up(path, column)
    return ByDay(
        _grouped(root, path, column, days), tuple(counts), any(n.this == str(start) for n in ends)
    )


def _counts(root: sge.Select) -> list[str]:
    """The names of the counts, if everything selected is one or is grouped by."""
    found = []
    for term in root.expressions:
        value = term.unalias()
        value = value.this if isinstance(value, sge.Cast) else value
        value = value.this if isinstance(value, sge.Filter) else value
        if isinstance(value, sge.Column):
            continue
        counted = isinstance(value, sge.Count) and not value.find(sge.Distinct)
        # Only whole numbers are cast to whole numbers: their sums do not depend on an order.
        summed = isinstance(value, sge.Sum) and isinstance(term.unalias(), sge.Cast)
        if not (counted or summed):
            return []
        found.append(term.alias)
    if any(root.args.get(part) for part in SHAPING if part != "group"):
        return []
    return found


def _path(root: sge.Select, start: int, end: int) -> list[sge.Select] | None:
    """The selects from the outermost down its first tables to the one that picks by the period."""
    made = {cte.alias: cte for cte in root.find_all(sge.CTE)}
    path, select = [root], root
    while True:
        where = select.args.get("where")
        if where is not None and any(
            n.this in (str(start), str(end)) and n.find_ancestor(sge.Select) is select
            for n in where.find_all(sge.Literal)
        ):
            return path
        source = select.args.get("from_")
        source = source.this if source is not None else None
        if isinstance(source, sge.Table) and source.name in made:
            inner = sge.Subquery(
                this=made[source.name].this.copy(), alias=sge.TableAlias(this=sge.to_identifier(
                    source.alias or source.name, quoted=True
                )),
            )  # fmt: skip
            source.replace(inner)
            _drop_unread(root, made[source.name])
            source = inner
        if not (isinstance(source, sge.Subquery) and isinstance(source.this, sge.Select)):
            return None
        select = source.this
        path.append(select)


def _drop_unread(root: sge.Select, made: sge.CTE) -> None:
    """Take out a part that nothing names any more."""
    if any(table.name == made.alias for table in root.find_all(sge.Table)):
        return
    with_ = made.parent
    made.pop()
    if isinstance(with_, sge.With) and not with_.expressions:
        with_.pop()


def _picked_by(
    anchor: sge.Select, start: int, end: int
) -> tuple[sge.Column | None, list[sge.Literal]]:
    """The instant that rows are picked by, and the ends' places in `at >= START`, `at < END`."""
    columns: dict[str, sge.Column] = {}
    ends: list[sge.Literal] = []
    tests = [anchor.args["where"].this]
    while tests:
        test = tests.pop().unnest()
        if isinstance(test, sge.And):
            tests += [test.left, test.right]
            continue
        limit = {sge.GTE: start, sge.LT: end}.get(type(test))
        if limit is None or not isinstance(test.this, sge.Column):
            continue
        place = test.expression.unnest()
        if isinstance(place, sge.Literal) and place.this == str(limit):
            columns[test.this.sql()] = test.this
            ends.append(place)
    told = {n.this for n in ends}
    if len(columns) != 1 or str(end) not in told or len(ends) > 2:
        return None, []
    return next(iter(columns.values())), ends


def _is_shaped(select: sge.Select) -> bool:
    """Whether a select does more than choose and change rows one by one."""
    if any(select.args.get(part) for part in SHAPING):
        return True
    return any(node.find_ancestor(sge.Select) is select for node in select.find_all(*ROWWISE_NOT))


def _stands_in(node: sge.Expression, path: list[sge.Select]) -> bool:
    """Whether it is part of a select of the path itself, not of one inside or beside it."""
    around = node.find_ancestor(sge.Select)
    return any(around is select for select in path)


def _hand_up(path: list[sge.Select], column: sge.Column) -> None:
    """Each select but the outermost hands the instant on."""
    given: sge.Expression = column
    for select in reversed(path[1:]):
        select.append("expressions", sge.alias_(given.copy(), AT, quoted=True))
        table = select.parent.alias if isinstance(select.parent, sge.Subquery) else ""
        given = sge.column(AT, table=table or None, quoted=True)


def _grouped(root: sge.Select, path: list[sge.Select], column: sge.Column, days: str) -> str:
    at: sge.Expression = column.copy()
    if len(path) > 1:
        inner = path[1].parent
        at = sge.column(AT, table=inner.alias if inner is not None else None, quoted=True)
    cell = sge.IntDiv(this=at, expression=sge.Literal.number(CELL))
    day = sge.column("day", table="of_day")
    root.join(
        sge.to_table(days).as_("of_day"), on=sge.column("cell", table="of_day").eq(cell),
        join_type="left", copy=False,
    )  # fmt: skip
    root.select(sge.alias_(day, "day"), copy=False)
    root.group_by(day.copy(), copy=False)
    return str(root.sql("duckdb"))
