"""The one door for files and exports: pick the way in, hold the batch, hand back the report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sanjeh.ledger import Ledger
from sanjeh.sources.errors import FileUnreadable
from sanjeh.sources.helpdesk import Helpdesk, registry
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.helpdesk.export import ENDINGS
from sanjeh.sources.records import DEFAULT_SOURCE, is_records, load_records
from sanjeh.sources.report import ImportReport, Rejects
from sanjeh.sources.table.guess import guess_mapping
from sanjeh.sources.table.mapping import Mapping, check_mapping, load_mapping
from sanjeh.sources.table.run import Batch, Loaded, load_table

Progress = Callable[[float, str], None]


def import_path(
    path: Path,
    ledger: Ledger,
    *,
    mapping: Path | Mapping | None = None,
    helpdesk: str | None = None,
    source: str | None = None,
    zone: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import one file, or a helpdesk's export, as one batch; importing it again changes nothing.

    With a mapping the file is a table. Without one, what a helpdesk recognises as its export (a
    folder, a zip, JSON) goes through that helpdesk's translation; JSON lines that name their `kind`
    are records of the vocabulary; and anything else is read by a guessed mapping. `helpdesk` names
    whose export it is where it is not recognised. `source` is whose records they are, for a table
    instead of the mapping's, for records where they name none; `zone` is for wall times without an
    offset. Bad rows are rejected one by one; SourceError means that nothing was imported.
    """
    tell = progress or (lambda share, what: None)
    if mapping is None and (vendor := export_of(path, helpdesk)) is not None:
        return import_dump(vendor, path, ledger, source=source, progress=tell)
    if path.is_dir():
        raise FileUnreadable(
            f"{path} is a folder, and no helpdesk's export that is known; nothing was imported. "
            f"If it is one, say whose: --as {' or '.join(registry.names())}."
        )
    if mapping is None and is_records(path):
        return _import_records(path, ledger, source=source, zone=zone, progress=tell)
    chosen, used = _mapping(path, mapping)
    chosen = _overridden(chosen, source, zone)

    def load(batch: Batch, rejects: Rejects) -> Loaded:
        return load_table(path, chosen, batch, rejects, tell)

    return _import(path, ledger, chosen.source, used, load)


def export_of(path: Path, helpdesk: str | None = None) -> Helpdesk | None:
    """The helpdesk whose export this is: the one named, else the one that recognises it."""
    if helpdesk is not None:
        return registry.helpdesk(helpdesk)
    plain = path.name.lower().removesuffix(".gz")
    if path.is_dir() or plain.endswith((".zip", *ENDINGS)):
        return registry.recognised(path)
    return None


def _mapping(path: Path, mapping: Path | Mapping | None) -> tuple[Mapping, str]:
    match mapping:
        case None:
            return guess_mapping(path), "guessed"
        case Mapping():
            return mapping, mapping.title or "given"
    return load_mapping(Path(mapping)), Path(mapping).name


def _overridden(mapping: Mapping, source: str | None, zone: str | None) -> Mapping:
    chosen = replace(mapping, source=source or mapping.source, zone=zone or mapping.zone)
    check_mapping(chosen)
    return chosen


def _import_records(
    path: Path, ledger: Ledger, *, source: str | None, zone: str | None, progress: Progress
) -> ImportReport:
    fallback = source or DEFAULT_SOURCE

    def load(batch: Batch, rejects: Rejects) -> Loaded:
        return load_records(path, batch, rejects, source=fallback, zone=zone, progress=progress)

    return _import(path, ledger, fallback, "records", load)


def _import(
    path: Path,
    ledger: Ledger,
    source: str,
    used: str,
    load: Callable[[Batch, Rejects], Loaded],
) -> ImportReport:
    started = time.monotonic()
    with ledger.importing(source, origin=path.name) as batch:
        rejects = Rejects(ledger.path / "rejects" / f"{batch.number}.jsonl")
        with rejects.finished():
            loaded = load(batch, rejects)
            warnings = Counter(rejects.reasons)
            if loaded.duplicates:
                warnings["row repeated in every cell"] = loaded.duplicates
            for reason, count in warnings.items():
                batch.warn(reason, _sample(rejects, reason), count)
            # What the ledger itself found doubtful, such as dates in the future.
            warnings |= {reason: doubt.count for reason, doubt in batch.warnings.items()}
    return ImportReport(
        batch=batch.number,
        source=", ".join(sorted(loaded.sources)) or source,
        rows_read=loaded.rows,
        rows_rejected=rejects.rows,
        rejects_path=rejects.path if rejects.rows else None,
        rejects=tuple(rejects.first),
        records=loaded.records,
        warnings=dict(warnings),
        seconds=time.monotonic() - started,
        mapping_used=used,
    )


def _sample(rejects: Rejects, reason: str) -> str:
    """Where the first of them stands; never its text, which may name a person."""
    found = rejects.places.get(reason)
    return f"line {found}" if found is not None else ""
