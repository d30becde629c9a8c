"""Which records are a customer's own: theirs, and whatever hangs on their conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sanjeh.ledger.delta import quoted, scan, schema_of
from sanjeh.ledger.kinds import KINDS, RecordKind


def owned_by(persons: str, kind: RecordKind, files: Mapping[str, Sequence[str]]) -> str:
    """SQL for the identities of the kind's records that belong to the persons.

    persons: SQL that lists pseudonyms. An agent owns the agent record only; a customer or visitor
    owns what names them as its customer or visitor, what they wrote, and everything that belongs
    to their conversations and tickets.
    """
    tickets = _rooted(persons, KINDS["ticket"], files, "")
    conversations = _rooted(persons, KINDS["conversation"], files, f" OR ticket_id IN ({tickets})")
    rows = scan(files[kind.name], schema_of(kind.name))
    tests = [f"{quoted(name)} IN ({persons})" for name in _person_columns(kind)]
    if kind.name == "conversation":
        tests.append(f"ticket_id IN ({tickets})")
    else:
        names = {f.name for f in kind.fields}
        if "conversation_id" in names:
            tests.append(f"conversation_id IN ({conversations})")
        if "ticket_id" in names:
            tests.append(f"ticket_id IN ({tickets})")
    if not tests:
        return "SELECT NULL::VARCHAR WHERE false"
    return f"SELECT {quoted(kind.identity)} FROM {rows} WHERE {' OR '.join(tests)}"


def _rooted(persons: str, kind: RecordKind, files: Mapping[str, Sequence[str]], more: str) -> str:
    tests = " OR ".join(f"{quoted(name)} IN ({persons})" for name in _person_columns(kind))
    return f"SELECT id FROM {scan(files[kind.name], schema_of(kind.name))} WHERE {tests}{more}"


def _person_columns(kind: RecordKind) -> list[str]:
    if kind.person:
        return ["id"]
    named = [f.name for f in kind.fields if f.ref in ("customer", "visitor") and f.type == "text"]
    if kind.name == "message":
        named.append("author_id")
    return named
