"""Building facts in an engine: each in its turn, by a statement that is worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import ibis.expr.operations as ops

from sanjeh.facts.registry import FACTS
from sanjeh.facts.statements import Statements

_PROCESS = Statements()  # for engines without a home: kept while the process lives


class FactTables(Mapping[str, ibis.Table]):
    """Ledger kinds and facts by name; a fact that is not built yet is built on the way.

    suffix: what the tables of facts in scope are called beyond their names, "" for the final ones;
    others, and steps, are `temporary`: for this connection, to be dropped when all is done.
    statements: where statements worked out before are kept.
    """

    def __init__(
        self,
        engine: Any,
        ledger: Mapping[str, ibis.Table],
        suffix: str = "",
        statements: Statements = _PROCESS,
    ) -> None:
        self.engine, self.ledger, self.suffix = engine, ledger, suffix
        self.statements = statements
        self.stored: dict[str, str] = {}
        self.temporary: list[str] = []
        self._known: dict[str, ibis.Table] = {}
        self._reading: list[dict[str, None]] = []
        inputs = {name: _name_of(table) for name, table in ledger.items()}
        self._inputs = None if None in inputs.values() else repr(sorted(inputs.items()))

    def ensure(self, name: str) -> str:
        """Build the fact if it is not built yet; the name of its table."""
        if name not in self.stored:
            fact = FACTS[name]
            stored = name if not self.suffix or fact.scope == "whole" else name + self.suffix
            if not fact.kept:
                stored = f"step_{name}"
            statement = self._statement(name)
            if stored == name and fact.lies_by:
                self.engine.create_in_order(stored, statement, fact.lies_by)
            else:
                self.engine.create_as(stored, statement, passing=stored != name)
            if stored != name:
                self.temporary.append(stored)
            self.stored[name] = stored
        return self.stored[name]

    def _statement(self, name: str) -> str:
        key = Statements.key(type(self.engine).__name__, self.suffix, name, self._inputs or "")
        kept = self.statements.get(key) if self._inputs is not None else None
        if kept is not None:
            statement, reads = kept
            for read in reads:
                self.ensure(read)
            return statement
        self._reading.append({})
        expression = FACTS[name].build(self)
        reads = tuple(self._reading.pop())
        statement = self.engine.statement(expression)
        if self._inputs is not None:
            self.statements.put(key, (str(statement), reads))
        return str(statement)

    def __getitem__(self, name: str) -> ibis.Table:
        if name not in FACTS:
            return self.ledger[name]
        if self._reading:
            self._reading[-1][name] = None
        stored = self.ensure(name)
        if stored not in self._known:
            self._known[stored] = self.engine.table(stored)
        return self._known[stored]

    def __contains__(self, name: object) -> bool:
        return name in FACTS or name in self.ledger

    def __iter__(self) -> Iterator[str]:
        return iter((*self.stored, *self.ledger))

    def __len__(self) -> int:
        return len(self.stored) + len(self.ledger)


def _name_of(table: ibis.Table) -> str | None:
    """The name of a table or view; None for a worked-out expression."""
    node = table.op()
    return node.name if isinstance(node, ops.DatabaseTable) else None
