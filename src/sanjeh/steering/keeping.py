"""Writing what a person set: always a further version of a record, never over an older one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjeh.ledger.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger

ORIGIN = "settings by "
HERE = "settings"
WAIT_SECONDS = 20.0
Row = dict[str, Any]


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the same thing since it was looked at."""

    def __init__(self, who: str, at: dt.datetime | None) -> None:
        super().__init__(f"It was changed meanwhile by {who or 'an import'}.")
        self.who, self.at = who, at


@dataclass(frozen=True)
class Change:
    """One version to keep.

    record: its fields, ids and references as the source itself writes them (without `source/`).
    seen: the `state` of the thing as the person saw it; None where nobody looked first.
    """

    kind: str
    record: Mapping[str, Any]
    source: str
    seen: int | None = None


def keep(
    ledger: Ledger, changes: Sequence[Change], *, who: str, now: dt.datetime | None = None
) -> int:
    """Append the versions in one batch; the number of the batch.

    Each is dated now, or just after the newest version of the same record, so that neither an
    earlier version nor the next import of the same file stands before it.
    Raises ChangedMeanwhile where a thing is no longer as it was seen, LedgerBusy, LedgerError.
    """
    now = now or dt.datetime.now(dt.UTC)
    source = changes[0].source
    origin = f"{ORIGIN}{who}"
    with ledger.importing(source, origin=origin, wait_seconds=WAIT_SECONDS) as batch:
        for change in changes:
            kind = KINDS[change.kind]
            rows = ledger.rows(change.kind).to_pylist()
            if change.seen is not None and change.seen != state(kind, rows, change):
                raise ChangedMeanwhile(*_last_hand(ledger, kind, rows, change))
            before = [r for r in rows if _is_same(kind, r, change, kind.key)]
            newest = max((r["version_at"] for r in before if r["version_at"]), default=None)
            dated = now if newest is None or newest < now else newest + dt.timedelta(microseconds=1)
            record = {**change.record, "source": change.source, "version_at": dated}
            batch.append(change.kind, kind.table([record]))
        return batch.number


def state(kind: RecordKind, rows: Iterable[Row], change: Change) -> int:
    """The newest batch that said something about the thing; 0 where nothing did.

    All versions of a calendar are one thing, whatever they are valid from.
    """
    thing = tuple(k for k in kind.key if k != "valid_from")
    return max((int(r["batch"]) for r in rows if _is_same(kind, r, change, thing)), default=0)


def state_of(ledger: Ledger, kind: str, record: Mapping[str, Any], source: str) -> int:
    """The state of one thing as it is now; see `state`."""
    return state(KINDS[kind], ledger.rows(kind).to_pylist(), Change(kind, record, source))


def _is_same(kind: RecordKind, row: Row, change: Change, key: Sequence[str]) -> bool:
    return row["source"] == change.source and all(
        row[name] == prefixed(kind, name, change.record.get(name), change.source) for name in key
    )


def prefixed(kind: RecordKind, name: str, value: Any, source: str) -> Any:
    """A field's value as the ledger holds it: ids and references with their source before."""
    if value in (None, "") or kind.by_name[name].ref is None:
        return value or None if isinstance(value, str) else value
    return f"{source}/{value}"


def _last_hand(
    ledger: Ledger, kind: RecordKind, rows: Iterable[Row], change: Change
) -> tuple[str, dt.datetime | None]:
    number = state(kind, rows, change)
    for batch in ledger.batches():
        if batch.number == number:
            return batch.origin.removeprefix(ORIGIN), batch.committed_at
    return "", None


# -- from the ledger's row back to a record ------------------------------------------------------


def as_given(ledger: Ledger, kind_name: str, row: Row) -> Row:
    """A ledger row as the record that it was made from, to be changed and kept again."""
    kind = KINDS[kind_name]
    before = f"{row['source']}/"
    found: Row = {}
    for field in kind.all_fields:
        value = row.get(field.name)
        if value is None or field.name in ("source", "version_at", "deleted_at", "attributes"):
            continue
        if field.ref in ("agent", "customer", "visitor"):
            many = value if isinstance(value, list) else [value]
            known = ledger.own_ids(many)
            own = [known[v] for v in many if v in known]
            found[field.name] = own if isinstance(value, list) else (own[0] if own else None)
        elif field.ref and isinstance(value, list):
            found[field.name] = [str(v).removeprefix(before) for v in value]
        elif field.ref:
            found[field.name] = str(value).removeprefix(before)
        elif field.type == "json":
            found[field.name] = json.loads(value) if isinstance(value, str) else value
        else:
            found[field.name] = value
    more = ledger.attributes(kind_name, [row[kind.identity]])
    if more:
        found["attributes"] = more[row[kind.identity]]
    return found


@dataclass(frozen=True)
class Version:
    """One version of a record: its row, who brought it and when; whether it is the one in force."""

    row: Row
    who: str
    by_hand: bool
    at: dt.datetime | None
    is_current: bool

    @property
    def is_deleted(self) -> bool:
        """Whether the version says that the record is no more."""
        return self.row["deleted_at"] is not None


def versions(ledger: Ledger, kind_name: str, identity: str | None = None) -> list[Version]:
    """The versions of one record, or of all of a kind, newest first."""
    kind = KINDS[kind_name]
    current = {(r[kind.identity], r["batch"]) for r in ledger.rows(kind_name).to_pylist()}
    batches = {b.number: b for b in ledger.batches()}
    found = []
    for row in ledger.history(kind_name).to_pylist():
        if identity is not None and row[kind.identity] != identity:
            continue
        batch = batches.get(row["batch"])
        origin = batch.origin if batch else ""
        found.append(
            Version(
                row, origin.removeprefix(ORIGIN), origin.startswith(ORIGIN),
                batch.committed_at if batch else None,
                (row[kind.identity], row["batch"]) in current,
            )
        )  # fmt: skip
    return found[::-1]


def home_source(ledger: Ledger, settings: Sequence[Row]) -> str:
    """Whose records new ones are: the settings' source, else the only source, else one's own.

    Teams and channels can be given a calendar of their own source only.
    """
    if settings:
        return str(newest_settings(settings)["source"])
    sources = {s.source for s in ledger.snapshot().sources}
    return sources.pop() if len(sources) == 1 else HERE


def newest_settings(rows: Sequence[Row]) -> Row:
    """The settings in force where several sources have some: the last that a person changed."""
    least = dt.datetime.min.replace(tzinfo=dt.UTC)
    return max(rows, key=lambda r: (r["version_at"] or least, r["source"] or ""))
