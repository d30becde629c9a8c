"""Parts of a statement that are the same in every period, taken out to be worked out once.

The usual handle time of each topic is of the whole record, whichever month is asked for: as a part
of the statement it is worked out for every period anew. Only what is grouped is taken out, and not
by an id, so that what is kept is small.
"""

from __future__ import annotations

import hashlib

import sqlglot
import sqlglot.expressions as sge

KEPT = "kept_"


def hoisted(sql: str, moving: tuple[str, ...]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The statement with names in the place of such parts, and each name with its statement.

    moving: literals and names of tables that differ from question to question; text in braces does
    too.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    made = {cte.alias: cte for cte in tree.find_all(sge.CTE)}
    found: dict[str, str] = {}
    gone: set[int] = set()  # what stands inside a part that was taken out
    for part in list(tree.find_all(sge.Subquery)):
        inner = part.this
        if not (isinstance(inner, sge.Select) and isinstance(part.parent, sge.From | sge.Join)):
            continue
        if id(part) in gone or not _is_small(inner):
            continue
        read = _read_by(inner, made)
        if read is None or any(_moves(of, moving) for of in (inner, *read)):
            continue
        gone |= {id(node) for node in inner.find_all(sge.Subquery)}
        whole = inner.copy()
        for cte in read:
            whole = whole.with_(cte.alias, as_=cte.this.copy())
        text = str(whole.sql("duckdb"))
        name = KEPT + hashlib.sha256(text.encode()).hexdigest()[:16]
        found[name] = text
        part.set("this", sge.select("*").from_(sge.to_table(name)))
    return (str(tree.sql("duckdb")), tuple(found.items())) if found else (sql, ())


def _is_small(select: sge.Select) -> bool:
    """Whether it has a row for each group by other columns than ids, or one row in all."""
    group = select.args.get("group")
    if group is None:
        return any(
            node.find_ancestor(sge.Select) is select for node in select.find_all(sge.AggFunc)
        ) and not any(
            node.find_ancestor(sge.Select) is select for node in select.find_all(sge.Window)
        )
    keys = [
        select.expressions[int(key.this) - 1] if isinstance(key, sge.Literal) else key
        for key in group.expressions
    ]
    return all(
        isinstance(key.unalias(), sge.Column)
        and not key.unalias().name.endswith("id")
        and not key.alias_or_name.endswith("id")
        for key in keys
    )


def _read_by(select: sge.Expression, made: dict[str, sge.CTE]) -> list[sge.CTE] | None:
    """The parts that a part names, those that they name first; None where it is tied to others."""
    found: dict[str, sge.CTE] = {}
    for table in select.find_all(sge.Table):
        cte = made.get(table.name)
        if cte is not None and cte.alias not in found:
            inner = _read_by(cte.this, made)
            if inner is None:
                return None
            found |= {c.alias: c for c in inner}
            found[cte.alias] = cte
    return list(found.values())


def _moves(part: sge.Expression, moving: tuple[str, ...]) -> bool:
    """Whether a part names anything that differs from question to question."""
    return any(
        node.this in moving or "{" in node.this for node in part.find_all(sge.Literal)
    ) or any(table.name in moving for table in part.find_all(sge.Table))
