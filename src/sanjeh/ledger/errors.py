"""What can go wrong in the ledger, said so that its reader knows what to do."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger refused or could not finish; nothing half done is visible."""


class LedgerBusy(LedgerError):
    """Another import, erasure or compaction held the home for longer than we would wait."""


class LedgerDiskFull(LedgerError):
    """The disk (or a quota) under the home is full."""
