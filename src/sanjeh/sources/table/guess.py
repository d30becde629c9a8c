"""A first mapping for an unknown export, from its headings and what its cells look like.

A guess to be read and mended: `to_toml` writes it out. Day before month is decided by evidence
over all date columns; where no day is past the 12th, day-first is assumed and the title says so.
What a person has said of the file (`Told`) is not guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from dataclasses import dataclass, field, replace
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
from sanjeh.sources.vocabulary import STATUSES
from sanjeh.words import ascii_digits

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
# How dates may be written, as a person would say it, and the patterns to try for each.
WRITINGS: dict[str, tuple[str, ...]] = {
    "iso": _ISO,
    "jalali": ("jalali",),
    "day_first": (*(d + t for d in _DAYS[True] for t in _TIMES), *_NAMED, *_NEUTRAL[-5:]),
    "month_first": (*(d + t for d in _DAYS[False] for t in _TIMES), *_NAMED, *_NEUTRAL[-5:]),
    "epoch": ("epoch",),
    "epoch_ms": ("epoch_ms",),
}
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


# The ends of a scale by its highest score: five stars, ten points, percent.
_SCALES = (5.0, 10.0, 100.0)
_SCORE = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Told:
    """What a person said of a file; nothing of it is guessed again. Null: guess."""

    roles: ReadMapping[str, str] | None = None
    """The heading that plays each role, all of them."""
    own: frozenset[str] | None = None
    """Headings to keep as fields of one's own."""
    writings: ReadMapping[str, str] = field(default_factory=dict)
    """How the dates of a heading are written: a key of `WRITINGS`."""
    words: ReadMapping[str, str] = field(default_factory=dict)
    """What words of the status column mean, a status each, beside those that are known."""
    zone: str | None = None
    source: str | None = None
    history: bool | None = None
    """Whether a row is a change of a case, not a case."""


NOTHING = Told()


def guess_mapping(path: Path, told: Told = NOTHING) -> Mapping:
    """The likeliest mapping of a file; MappingError where no column can be a case's id or date."""
    return mapping_of(read_table(path, FileShape()), path, told)


def mapping_of(raw: RawTable, path: Path, told: Told) -> Mapping:
    """The likeliest mapping of a table that was read from the path; see `guess_mapping`."""
    roles = dict(roles_of(raw.table.column_names) if told.roles is None else told.roles)
    nulls = _null_words(raw)
    file = replace(raw.shape, null=nulls, header_row=1)
    cells = {name: clean(raw.table.column(name), nulls) for name in raw.table.column_names}
    instants, assumed = _instant_shapes(roles, cells, told.writings)
    for role in _AT_ROLES:
        if role in roles and roles[role] not in instants:
            del roles[role]
    scores = _score_shape(roles, cells)
    if not scores:
        roles.pop("score", None)
    history = _is_history(roles, cells) if told.history is None else told.history
    if history and "updated_at" not in roles:
        raise MappingError("Rows that are changes need a column that says when each was made.")
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
        source=told.source or _source_name(path),
        zone=told.zone or ("Asia/Tehran" if jalali else "UTC"),
        title="Guessed" + ("; days are assumed to come before months" if assumed else ""),
        file=file,
        case=Case(roles["id"], _order(roles)) if history else None,
        columns=instants | _word_shapes(roles, cells, told.words) | _sequence_shape(roles) | scores,
        records=(
            *_ticket(roles, cells, history, told.own),
            *_named_records(roles),
            *_answers(roles, cells, history),
        ),
        changes=_changes(roles) if history else (),
    )
    check_mapping(mapping, "the guessed mapping")
    return mapping


def _source_name(path: Path) -> str:
    return heading_form(path.name.split(".")[0]).replace(" ", "_") or "table"


def _distinct(cells: Array) -> Array:
    """The texts that occur; a dictionary may hold others, such as the heading."""
    return cells.dictionary.take(pc.unique(cells.indices).drop_null()).drop_null()


def _null_words(raw: RawTable) -> tuple[str, ...]:
    words = pa.array(NULL_WORDS, pa.string())
    seen: set[str] = set()
    for column in raw.table.columns:
        found = pc.unique(pc.filter(column, pc.is_in(column, value_set=words)))
        seen.update(found.to_pylist())
    return tuple(word for word in NULL_WORDS if word in seen)


def _instant_shapes(
    roles: dict[str, str], cells: dict[str, Array], writings: ReadMapping[str, str]
) -> tuple[dict[str, ColumnShape], bool]:
    """How each date column is written, and whether the order of day and month was assumed."""
    columns = list(dict.fromkeys(roles[role] for role in _AT_ROLES if role in roles))
    samples = {column: _distinct(cells[column])[:_SAMPLE] for column in columns}
    numeric = [s for column, s in samples.items() if len(s) and column not in writings]
    fits = {
        first: sum(_share(sample, _ordered(first)) for sample in numeric) for first in (True, False)
    }
    day_first = fits[True] >= fits[False]
    assumed = fits[True] == fits[False] > 0
    shapes: dict[str, ColumnShape] = {}
    for column, sample in samples.items():
        guessed = (*_NEUTRAL, *_ordered(day_first), "epoch_ms", "epoch")
        formats = _formats(sample, WRITINGS.get(writings.get(column, ""), guessed))
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


def _word_shapes(
    roles: dict[str, str], cells: dict[str, Array], told: ReadMapping[str, str]
) -> dict[str, ColumnShape]:
    shapes: dict[str, ColumnShape] = {}
    for role, vocabulary, unknown in (
        ("status", STATUS_WORDS, "reject"),
        ("priority", PRIORITY_WORDS, "keep"),
    ):
        if role in roles:
            words = _distinct(cells[roles[role]])[:_FEW].to_pylist()
            meanings = meanings_of(words, vocabulary)
            if role == "status":
                # Where no word is known, none is taken for a status as it stands.
                meanings = meanings | dict(told) or {status: status for status in STATUSES}
            shapes[roles[role]] = ColumnShape(values=meanings, unknown=unknown)
    return shapes


def _ticket(
    roles: dict[str, str], cells: dict[str, Array], history: bool, own: frozenset[str] | None
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
        attributes=_attributes(roles, cells, own),
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


def _attributes(
    roles: dict[str, str], cells: dict[str, Array], own: frozenset[str] | None
) -> dict[str, Take]:
    """The columns kept as fields of one's own: those told, else others of few, short values."""
    if own is not None:
        kept = [name for name in cells if name in own]
        return {heading_form(name).replace(" ", "_") or name: Take(column=name) for name in kept}
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


def _scale(roles: dict[str, str], cells: dict[str, Array]) -> tuple[float, float] | None:
    """The ends of the scale of the scores; None where they are no numbers, or no known scale's."""
    if "score" not in roles:
        return None
    words = [ascii_digits(word) for word in _distinct(cells[roles["score"]]).to_pylist()]
    scores = [float(w.replace(",", ".")) for w in words if _SCORE.fullmatch(w)]
    if not scores or len(scores) < 0.9 * len(words) or max(scores) > _SCALES[-1]:
        return None
    high = next(end for end in _SCALES if max(scores) <= end)
    return (0.0 if min(scores) < 1 or high == _SCALES[-1] else 1.0), high


def _score_shape(roles: dict[str, str], cells: dict[str, Array]) -> dict[str, ColumnShape]:
    if _scale(roles, cells) is None:
        return {}
    words = _distinct(cells[roles["score"]]).to_pylist()
    comma = any("," in word for word in words)
    return {roles["score"]: ColumnShape(type="number", decimal="," if comma else ".")}


def _answers(
    roles: dict[str, str], cells: dict[str, Array], history: bool
) -> tuple[RecordShape, ...]:
    """The scores as answers to one survey, dated by the first date that all of them have."""
    scale = _scale(roles, cells)
    if scale is None:
        return ()
    ident, score = roles["id"], roles["score"]
    answered = pc.is_valid(cells[score].dictionary_decode())
    given = next(
        role for role in ("resolved_at", "closed_at", "updated_at", "created_at")
        if role == "created_at" or (role in roles and _is_filled(cells[roles[role]], answered))
    )  # fmt: skip
    fields = {
        "id": Take(template="{" + ident + "} score"),
        "survey_id": Take(constant="score"),
        "ticket_id": Take(column=ident),
        "score": Take(column=score),
        "submitted_at": Take(column=roles[given]),
    }
    if "customer_id" in roles:
        fields["customer_id"] = Take(column=roles["customer_id"])
    ends = {"scale_min": Take(constant=scale[0]), "scale_max": Take(constant=scale[1])}
    survey = {"id": Take(constant="score"), "kind": Take(constant="csat"), **ends}
    return (
        RecordShape("survey", needs=(score,), fields=survey),
        RecordShape("survey_response", "case" if history else "row", (score,), fields),
    )


def _is_filled(column: Array, where: Array) -> bool:
    """Whether a column has a value in every row of those."""
    return not pc.any(pc.and_(where, pc.is_null(column.dictionary_decode()))).as_py()


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
