"""The vocabulary of records: every kind of thing that can have happened (catalogue part 3).

A kind is one frozen, typed, documented class in the module of its family; `KINDS` is derived
from the classes. Anyone may import it. To add a kind, write its class under `@record_kind`; the
store needs nothing else.
"""

from __future__ import annotations

from sanjeh.ledger.kinds import (
    classification,
    commitments,
    conversations,
    people,
    steering,
    tickets,
    voice,
    web,
)
from sanjeh.ledger.kinds.fields import ARROW_TYPES, FieldSpec
from sanjeh.ledger.kinds.registry import COMMON_FIELDS, KINDS, Record, RecordKind, as_row

__all__ = [
    "ARROW_TYPES",
    "COMMON_FIELDS",
    "KINDS",
    "FieldSpec",
    "Record",
    "RecordKind",
    "as_row",
    "classification",
    "commitments",
    "conversations",
    "people",
    "steering",
    "tickets",
    "voice",
    "web",
]
