"""The columns of every fact, from building them over an empty ledger."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.generations import Facts
from sanjeh.ledger import KINDS
from sanjeh.ledger.snapshots import Snapshot


def schemas(engine: Any) -> dict[str, ibis.Schema]:
    """Name of each kept fact to its schema. The engine must be empty, and is filled."""
    tables = Facts.over(engine, engine.scan_ledger(Snapshot(), KINDS))
    return {f.name: tables[f.name].schema() for f in FACTS.values() if f.kept}
