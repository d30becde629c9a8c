"""What the ledger's record kinds ask of whoever makes records: fields, choices, needs."""

from __future__ import annotations

from sanjeh.ledger import KINDS

NOT_FIELDS = ("source", "attributes")
STATUSES = ("new", "open", "pending_customer", "on_hold", "solved", "closed")


def field_types(kind: str) -> dict[str, str]:
    """Name and type of every field that a mapping may fill; attributes have their own table."""
    specs = KINDS[kind].all_fields
    return {spec.name: spec.type for spec in specs if spec.name not in NOT_FIELDS}


def field_choices(kind: str, name: str) -> tuple[str, ...]:
    """The values a field may have; empty where any may."""
    return KINDS[kind].by_name[name].choices


def required_fields(kind: str) -> tuple[str, ...]:
    """The fields without which a record of the kind is none: its key, and when it happened."""
    spec = KINDS[kind]
    key = tuple(name for name in spec.key if not spec.by_name[name].optional_key)
    return key if spec.at != "at" else tuple(dict.fromkeys((*key, "at")))
