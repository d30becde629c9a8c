"""Spark Connect, served by Sail: the same expressions on a second engine, without a JVM.

Used by the tests that hold every metric's examples to two engines; a Spark cluster is reached
in the same way, by its own address.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa


class SailEngine:
    """A Spark session on a Sail server of this process."""

    def __init__(self) -> None:
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        logging.getLogger("pyspark").setLevel(logging.ERROR)
        self._server = SparkConnectServer("127.0.0.1", 0)
        self._server.start(background=True)
        _, port = self._server.listening_address
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.session: Any = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
            self.ibis = ibis.pyspark.connect(self.session)

    def close(self) -> None:
        """End the session and the server."""
        self.session.stop()
        self._server.stop()

    def load(self, table: str, rows: pa.Table) -> None:
        """Offer an Arrow table under a name."""
        frame = self.session.createDataFrame(rows if rows.num_rows else _one_row(rows.schema))
        if not rows.num_rows:  # TRICKY: Spark cannot infer a schema from no rows
            frame = frame.limit(0)
        frame.createOrReplaceTempView(table)

    def table(self, table: str) -> ibis.Table:
        """A loaded table as an expression."""
        return self.ibis.table(table)

    def compiled(self, expression: ibis.Table) -> str:
        """The SQL of an expression, in Spark's dialect."""
        return str(ibis.to_sql(expression, dialect="pyspark"))

    def trimmed(self, expression: ibis.Table, constants: str, keys: Mapping[str, str]) -> str:
        """The SQL of an expression; Spark's own optimiser leaves out what nothing reads."""
        return self.compiled(expression)

    def hoisted(self, sql: str, moving: tuple[str, ...]) -> tuple[str, tuple[()]]:
        """The statement as it is: this engine keeps no tables of its own."""
        return sql, ()

    def by_day(self, sql: str, ends: tuple[int, int], days: str, *, may_look_round: bool) -> None:
        """No counts by day: they are of one process's memory, and this engine of many."""

    def literal(self, value: str) -> str:
        """A text as a literal of Spark, where a backslash hides what follows it."""
        hidden = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{hidden}'"

    def rows(self, sql: str) -> pa.Table:
        """The rows of a statement, straight as Arrow: nullable whole numbers stay whole."""
        found: pa.Table = self.session.sql(sql).toArrow()
        return found

    def run(self, expression: ibis.Table) -> pa.Table:
        """The rows of an expression."""
        return self.rows(self.compiled(expression))


def _one_row(schema: pa.Schema) -> pa.Table:
    return pa.table({f.name: pa.nulls(1, f.type) for f in schema}, schema=schema)
