"""What happened: the vocabulary of records and the store that keeps them.

Every room may import it; it imports none of ours. A new kind of record is one class in `kinds/`.
"""

from __future__ import annotations

from sanjeh.ledger.batches import Batch
from sanjeh.ledger.delta import ledger_schema
from sanjeh.ledger.erasure import Erasure
from sanjeh.ledger.errors import LedgerBusy, LedgerDiskFull, LedgerError
from sanjeh.ledger.kinds import COMMON_FIELDS, KINDS, FieldSpec, Record, RecordKind, as_row
from sanjeh.ledger.ledger import Ledger
from sanjeh.ledger.snapshots import Snapshot, SourceState
from sanjeh.ledger.superseding import Appended

__all__ = [
    "COMMON_FIELDS",
    "KINDS",
    "Appended",
    "Batch",
    "Erasure",
    "FieldSpec",
    "Ledger",
    "LedgerBusy",
    "LedgerDiskFull",
    "LedgerError",
    "Record",
    "RecordKind",
    "Snapshot",
    "SourceState",
    "as_row",
    "ledger_schema",
]
