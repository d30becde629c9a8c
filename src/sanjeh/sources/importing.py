"""The one door for files: pick the way in, hold the batch, hand back the report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sanjeh.ledger import Ledger
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
    source: str | None = None,
    zone: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import one file as one batch; importing it again changes nothing.

    With a mapping the file is a table. Without one, JSON lines that name their `kind` are records
    of the vocabulary, and anything else is read by a guessed mapping. `source` is whose records
    they are, for a table instead of the mapping's, for records where they name none; `zone` is for
    wall times without an offset. Bad rows are rejected one by one; SourceError means that nothing
    was imported.
    """
    tell = progress or (lambda share, what: None)
    if mapping is None and is_records(path):
        return _import_records(path, ledger, source=source, zone=zone, progress=tell)
    chosen, used = _mapping(path, mapping)
    chosen = _overridden(chosen, source, zone)

    def load(batch: Batch, rejects: Rejects) -> Loaded:
        return load_table(path, chosen, batch, rejects, tell)

    return _import(path, ledger, chosen.source, used, load)


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
        with _finished(rejects):
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


@contextmanager
def _finished(rejects: Rejects) -> Iterator[None]:
    """Keep the rejects file if the import went through, remove it if not."""
    try:
        yield
    except BaseException:
        rejects.close(keep=False)
        raise
    rejects.close(keep=True)


def _sample(rejects: Rejects, reason: str) -> str:
    """Where the first of them stands; never its text, which may name a person."""
    found = rejects.places.get(reason)
    return f"line {found}" if found is not None else ""
