"""A first mapping for an unknown export, from its headings and what its cells look like.

A guess to be read and mended: `to_toml` writes it out. Day before month is decided by evidence
over all date columns; where no day is past the 12th, day-first is assumed and the title says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from sanjeh.sources.errors import MappingError
from sanjeh.sources.table.arrow import Array
from sanjeh.sources.table.arrow import compute as pc
from sanjeh.sources.table.cells import clean
from sanjeh.sources.table.headings import (
    PRIORITY_WORDS,
    STATUS_WORDS,
    heading_form,
    meanings_of,
    roles_of,
)
from sanjeh.sources.table.instants import parse_instants
from sanjeh.sources.table.mapping import (
    Case,
    ChangeShape,
    ColumnShape,
    FileShape,
    Mapping,
    RecordShape,
    Take,
    check_mapping,
)
from sanjeh.sources.table.reading import RawTable, read_table

NULL_WORDS = ("?", "-", "—", "NULL", "null", "N/A", "n/a", "None", "NaN", "نامشخص")
_ISO = ("iso", "%Y-%m-%d %H:%M:%S %z", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")
_TIMES = (" %H:%M:%S", " %H:%M", "", " %I:%M %p", " %I:%M:%S %p", ", %H:%M:%S", ", %H:%M")
_DAYS = {
    True: ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"),
    False: ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"),
}
_NAMED = ("%d/%b/%y %I:%M %p", "%d/%b/%y %H:%M", "%d/%b/%Y %H:%M", "%d %b %Y %H:%M", "%b %d, %Y")
_NEUTRAL = (
    "jalali",
    *_ISO,
    *_NAMED,
    "%d %b %Y",
    "%d %b %Y %H:%M:%S",
    "%d-%b-%Y %H:%M:%S",
    "%b %d, %Y %I:%M %p",
    "%d/%b/%Y",
)
_AT_ROLES = ("created_at", "updated_at", "resolved_at", "closed_at")
_SAMPLE = 2_000
_FEW = 100
_PLAIN = ("subject", "priority", "product")
_NAMED_KINDS = {
    "assignee_id": ("agent", "id", "name"),
    "team_id": ("team", "id", "name"),
    "department_id": ("department", "id", "name"),
    "topic_id": ("topic", "id", "name"),
    "account_id": ("account", "id", "name"),
    "channel_first": ("channel", "code", "name"),
}
_CHANGES = {
    "status": "status_changed",
    "assignee_id": "assigned",
    "team_id": "team_changed",
    "priority": "priority_changed",
    "topic_id": "topic_changed",
}


def guess_mapping(path: Path) -> Mapping:
    """The likeliest mapping of a file; MappingError where no column can be a case's id or date."""
    raw = read_table(path, FileShape())
    roles = roles_of(raw.table.column_names)
    nulls = _null_words(raw)
    file = replace(raw.shape, null=nulls, header_row=1)
    cells = {name: clean(raw.table.column(name), nulls) for name in raw.table.column_names}
    instants, assumed = _instant_shapes(roles, cells)
    for role in _AT_ROLES:
        if role in roles and roles[role] not in instants:
            del roles[role]
    history = _is_history(roles, cells)
    if history:
        roles.setdefault("created_at", roles["updated_at"])
    if "id" not in roles or "created_at" not in roles:
        missing = "a case's id" if "id" not in roles else "when a case was created"
        raise MappingError(
            f"No column of {path.name} looks like {missing}; its headings are "
            f"{', '.join(raw.table.column_names)}. Write a mapping that names it."
        )
    jalali = any("jalali" in shape.format for shape in instants.values())
    mapping = Mapping(
        source=_source_name(path),
        zone="Asia/Tehran" if jalali else "UTC",
        title="Guessed" + ("; days are assumed to come before months" if assumed else ""),
        file=file,
        case=Case(roles["id"], _order(roles)) if history else None,
        columns=instants | _word_shapes(roles, cells) | _sequence_shape(roles),
        records=(*_ticket(roles, cells, history), *_named_records(roles)),
        changes=_changes(roles) if history else (),
    )
    check_mapping(mapping, "the guessed mapping")
    return mapping


def _source_name(path: Path) -> str:
    return heading_form(path.name.split(".")[0]).replace(" ", "_") or "table"


def _distinct(cells: Array) -> Array:
    return cells.dictionary.drop_null()


def _null_words(raw: RawTable) -> tuple[str, ...]:
    words = pa.array(NULL_WORDS, pa.string())
    seen: set[str] = set()
    for column in raw.table.columns:
        found = pc.unique(pc.filter(column, pc.is_in(column, value_set=words)))
        seen.update(found.to_pylist())
    return tuple(word for word in NULL_WORDS if word in seen)


def _instant_shapes(
    roles: dict[str, str], cells: dict[str, Array]
) -> tuple[dict[str, ColumnShape], bool]:
    """How each date column is written, and whether the order of day and month was assumed."""
    columns = list(dict.fromkeys(roles[role] for role in _AT_ROLES if role in roles))
    samples = {column: _distinct(cells[column])[:_SAMPLE] for column in columns}
    numeric = [sample for sample in samples.values() if len(sample)]
    fits = {
        first: sum(_share(sample, _ordered(first)) for sample in numeric) for first in (True, False)
    }
    day_first = fits[True] >= fits[False]
    assumed = fits[True] == fits[False] > 0
    shapes: dict[str, ColumnShape] = {}
    for column, sample in samples.items():
        formats = _formats(sample, (*_NEUTRAL, *_ordered(day_first), "epoch_ms", "epoch"))
        if formats:
            shapes[column] = ColumnShape(type="instant", format=formats)
    return shapes, assumed


def _ordered(day_first: bool) -> tuple[str, ...]:
    return tuple(day + time for day in _DAYS[day_first] for time in _TIMES)


def _read(sample: Array, form: str) -> Array:
    """Which texts a format reads; epochs only in living memory, else any number would be one."""
    found = parse_instants(sample, (form,), "UTC")
    if form.startswith("epoch"):
        since = pa.scalar(dt.datetime(1990, 1, 1, tzinfo=dt.UTC), found.type)
        found = pc.if_else(pc.greater(found, since), found, pa.scalar(None, found.type))
    return pc.is_valid(found)


def _share(sample: Array, formats: Iterable[str]) -> float:
    read = pc.is_valid(parse_instants(sample, formats, "UTC"))
    return (pc.sum(read).as_py() or 0) / len(sample)


def _formats(sample: Array, candidates: Iterable[str]) -> tuple[str, ...]:
    """The fewest formats that read nine tenths of the sample, the most useful first.

    Where no format reads the rest, those that read at least half will do: what they cannot read is
    refused row by row, with its reason.
    """
    chosen: list[str] = []
    left = sample
    while len(left) > len(sample) / 10:
        counts = {form: pc.sum(_read(left, form)).as_py() or 0 for form in candidates}
        best = max(counts, key=lambda form: counts[form])
        if counts[best] < max(1, len(sample) / 20):
            return tuple(chosen) if len(left) <= len(sample) / 2 else ()
        chosen.append(best)
        left = pc.filter(left, pc.invert(_read(left, best)))
    return tuple(chosen)


def _is_history(roles: dict[str, str], cells: dict[str, Array]) -> bool:
    """Whether a row is a change: ids come again, with a time of change and something to change."""
    if "id" not in roles or "updated_at" not in roles or not _CHANGES.keys() & roles.keys():
        return False
    ids = cells[roles["id"]]
    return bool(len(_distinct(ids)) < 0.9 * (len(ids) - ids.null_count))


def _order(roles: dict[str, str]) -> tuple[str, ...]:
    return tuple(roles[role] for role in ("updated_at", "sequence") if role in roles)


def _sequence_shape(roles: dict[str, str]) -> dict[str, ColumnShape]:
    return {roles["sequence"]: ColumnShape(type="integer")} if "sequence" in roles else {}


def _word_shapes(roles: dict[str, str], cells: dict[str, Array]) -> dict[str, ColumnShape]:
    shapes: dict[str, ColumnShape] = {}
    for role, vocabulary, unknown in (
        ("status", STATUS_WORDS, "reject"),
        ("priority", PRIORITY_WORDS, "keep"),
    ):
        if role in roles:
            words = _distinct(cells[roles[role]])[:_FEW].to_pylist()
            meanings = meanings_of(words, vocabulary)
            shapes[roles[role]] = ColumnShape(values=meanings, unknown=unknown)
    return shapes


def _ticket(
    roles: dict[str, str], cells: dict[str, Array], history: bool
) -> tuple[RecordShape, ...]:
    ident = roles["id"]
    fields = {"id": Take(column=ident), "number": Take(column=ident)}
    first = {"created_at", "channel_first"}
    present = (*_PLAIN, "customer_id", "account_id", "department_id", "topic_id")
    once = ("status", "resolved_at", "closed_at", "assignee_id", "team_id")
    for role in ("created_at", "channel_first", *present, *(() if history else once)):
        if role in roles:
            keep = "first" if history and role in first else "last"
            fields[role] = Take(column=roles[role], keep=keep)
    if "updated_at" in roles:
        fields["version_at"] = Take(column=roles["updated_at"])
    ticket = RecordShape(
        kind="ticket",
        per="case" if history else "row",
        fields=fields,
        attributes=_attributes(roles, cells),
    )
    return (ticket, *(() if history else _ends(roles)))


def _ends(roles: dict[str, str]) -> list[RecordShape]:
    """The end of a case as events; a closing date alone says when it was solved."""
    ends = {"solved": "resolved_at", "closed": "closed_at"}
    if "resolved_at" not in roles:
        ends = {"solved": "closed_at"}
    return [
        RecordShape(
            kind="ticket_event",
            needs=(roles[role],),
            fields={
                "id": Take(template="{" + roles["id"] + "} " + status),
                "ticket_id": Take(column=roles["id"]),
                "at": Take(column=roles[role]),
                "type": Take(constant="status_changed"),
                "to": Take(constant=status),
            },
        )
        for status, role in ends.items()
        if role in roles
    ]


def _attributes(roles: dict[str, str], cells: dict[str, Array]) -> dict[str, Take]:
    """The other columns that have few distinct, short values."""
    found: dict[str, Take] = {}
    for name, column in cells.items():
        distinct = _distinct(column)
        if name in roles.values() and roles.get("tags") != name:
            continue
        few = 0 < len(distinct) <= _FEW and len(distinct) < max(2, len(column))
        if few and (pc.max(pc.utf8_length(distinct)).as_py() or 0) <= 60:
            found[heading_form(name).replace(" ", "_") or name] = Take(column=name)
    return found


def _named_records(roles: dict[str, str]) -> list[RecordShape]:
    """One record for each agent, team, topic … that the cases name, and one for each customer."""
    records = [
        RecordShape(
            kind=kind,
            needs=(roles[role],),
            fields={key: Take(column=roles[role]), name: Take(column=roles[role])},
        )
        for role, (kind, key, name) in _NAMED_KINDS.items()
        if role in roles
    ]
    if "customer_id" in roles:
        display = roles.get("customer_name", roles["customer_id"])
        fields = {"id": Take(column=roles["customer_id"]), "display_name": Take(column=display)}
        records.append(RecordShape("customer", needs=(roles["customer_id"],), fields=fields))
    return records


def _changes(roles: dict[str, str]) -> tuple[ChangeShape, ...]:
    return tuple(
        ChangeShape(
            type=type_,
            column=roles[role],
            at=roles["updated_at"],
            sequence=roles.get("sequence"),
            initial=role in ("status", "assignee_id", "team_id"),
        )
        for role, type_ in _CHANGES.items()
        if role in roles
    )
