"""A shorter statement that gives the same rows: databases spend long on what nothing reads.

An expression over a wide fact names every column at every level, and every option as a constant
column; a third to a half of a small answer's time went into planning that. Options are put in
where they are read, what they decide is decided, and columns that nothing reads are left out, with
the joins that were only for them. A condition stands as plainly as it can, so that the database
sees which stretches of a table it rules out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlglot
import sqlglot.expressions as sge
from sqlglot.optimizer.pushdown_projections import pushdown_projections


def trimmed(sql: str, constants: str, keys: Mapping[str, str]) -> str:
    """The statement without columns that nothing reads.

    constants: how the names of columns begin that are one literal wherever they are made.
    keys: of tables, the column in which no value stands twice: a LEFT JOIN by it adds no row.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    _put_in(tree, constants)
    for node in reversed(list(tree.walk())):  # parts before what they are parts of
        decide = DECIDED.get(type(node))
        decided = decide(node) if decide else None
        if decided is not None and node.parent is not None:
            node.replace(decided)
    for condition in tree.find_all(sge.Where):
        condition.set("this", _plain(condition.this))
    tree = pushdown_projections(tree)
    if _unjoined(tree, keys):  # then the columns that were joined by are read no more
        tree = pushdown_projections(tree)
    return str(tree.sql("duckdb"))


def _plain(test: sge.Expression) -> sge.Expression:
    """A condition that picks the same rows: where NULL is as good as FALSE, it need not be made it.

    That holds for the whole of a WHERE, and for what AND and OR join there; not under a NOT.
    """
    if isinstance(test, sge.Coalesce) and [_truth(e) for e in test.expressions] == [False]:
        return _plain(test.this)
    if isinstance(test, sge.Paren):
        return sge.Paren(this=_plain(test.this.copy()))
    if isinstance(test, sge.And | sge.Or):
        sides = (sge.paren(_plain(side.copy()), copy=False) for side in (test.left, test.right))
        return type(test)(**dict(zip(("this", "expression"), sides, strict=True)))
    return test


def _unjoined(tree: sge.Expression, keys: Mapping[str, str]) -> bool:
    """Take out left joins of which nothing but the key is left to read: they add no row."""
    found = False
    for select in list(tree.find_all(sge.Select)):
        joins = [] if select.is_star else select.args.get("joins") or []
        for join in list(joins):
            if join.side == "LEFT" and _is_key_only(join.this, keys):
                own = set(join.find_all(sge.Column))
                read = (c for c in select.find_all(sge.Column) if c not in own)
                if not any(c.table == join.this.alias for c in read):
                    joins.remove(join)
                    found = True
    return found


def _is_key_only(joined: sge.Expression, keys: Mapping[str, str]) -> bool:
    """Whether it is `SELECT key AS name FROM table` of a table with such a key."""
    if not (isinstance(joined, sge.Subquery) and isinstance(joined.this, sge.Select)):
        return False
    inner = joined.this
    told = {name for name, part in inner.args.items() if part} - {"expressions", "from", "from_"}
    table = inner.find(sge.From)
    names = [c.unalias().name for c in inner.expressions]
    return (
        not told and table is not None and isinstance(table.this, sge.Table)
        and names == [keys.get(table.this.name)]
    )  # fmt: skip


def _put_in(tree: sge.Expression, constants: str) -> None:
    """Read a constant column as the literal that it is; where it is handed on, leave it."""
    made: dict[str, set[sge.Expression]] = {}
    for alias in tree.find_all(sge.Alias):
        if alias.alias.startswith(constants):
            made.setdefault(alias.alias, set()).add(alias.this)
    literal = {
        name: next(iter(values))
        for name, values in made.items()
        if len(values) == 1 and isinstance(next(iter(values)), sge.Literal)
    }
    for column in list(tree.find_all(sge.Column)):
        if column.name in literal and not isinstance(column.parent, sge.Select):
            column.replace(literal[column.name].copy())


def _truth(node: sge.Expression | None) -> bool | None:
    """What a plain TRUE or FALSE says, in brackets or not."""
    node = node.unnest() if node is not None else None
    return bool(node.this) if isinstance(node, sge.Boolean) else None


def _compared(node: sge.Expression) -> sge.Expression | None:
    """Two words, compared."""
    one, other = node.left.unnest(), node.right.unnest()
    if not (isinstance(one, sge.Literal) and isinstance(other, sge.Literal)):
        return None
    if not (one.is_string and other.is_string):
        return None
    return sge.Boolean(this=(one.this == other.this) == isinstance(node, sge.EQ))


def _joined(node: sge.Expression) -> sge.Expression | None:
    """AND and OR of which one side is known; NULL beside it changes nothing."""
    ends = isinstance(node, sge.Or)  # the truth that settles the whole
    for side, other in ((node.this, node.expression), (node.expression, node.this)):
        known = _truth(side)
        if known is not None:
            return sge.Boolean(this=ends) if known == ends else other.copy()
    return None


def _negated(node: sge.Expression) -> sge.Expression | None:
    known = _truth(node.this)
    return None if known is None else sge.Boolean(this=not known)


def _chosen(node: sge.Expression) -> sge.Expression | None:
    """A CASE without the branches that are never taken."""
    if node.this is not None:
        return None
    left = [branch for branch in node.args["ifs"] if _truth(branch.this) is not False]
    otherwise = node.args.get("default")
    for n, branch in enumerate(left):
        if _truth(branch.this):
            left, otherwise = left[:n], branch.args["true"]
            break
    if len(left) == len(node.args["ifs"]):
        return None
    otherwise = sge.Null() if otherwise is None else otherwise.copy()
    if not left:
        return sge.Paren(this=otherwise)
    return sge.Case(ifs=[branch.copy() for branch in left], default=otherwise)


DECIDED: dict[type[sge.Expression], Callable[[sge.Expression], sge.Expression | None]] = {
    sge.EQ: _compared, sge.NEQ: _compared, sge.And: _joined, sge.Or: _joined, sge.Not: _negated,
    sge.Case: _chosen,
}  # fmt: skip
