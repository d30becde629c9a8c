"""A bulk export through the same translation as the live API: one batch, all of it or nothing."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from sanjeh.ledger import Ledger
from sanjeh.sources.errors import FileUnreadable
from sanjeh.sources.helpdesk.contract import Helpdesk
from sanjeh.sources.helpdesk.gathering import Gathering
from sanjeh.sources.report import ImportReport, KindCounts, Rejects

CHUNK: Final = 40_000
"""So many records are handed over at once: enough for the ledger's pace, little memory."""
TELL_EVERY: Final = 10_000
Progress = Callable[[float, str], None]


def import_dump(
    helpdesk: Helpdesk,
    path: Path,
    ledger: Ledger,
    *,
    source: str | None = None,
    account: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import an export as one batch; importing it again changes nothing.

    source: whose records they are; the helpdesk's name if not given. account: the credentials that
    are not secret, where the translation asks for them. The export is read twice: once for what
    later payloads are read by (who is staff), once for everything.

    Errors: FileUnreadable where it holds nothing of this vendor's; LedgerError.
    """
    tell = progress or (lambda share, what: None)
    began = time.monotonic()
    name = source or helpdesk.name
    gathering = Gathering(helpdesk.translation(dict(account or {})))
    with _without_collecting():
        total = _learn(helpdesk, path, gathering, tell)
    records: dict[str, KindCounts] = {}
    with (
        ledger.importing(name, origin=path.name) as batch,
        ThreadPoolExecutor(1) as appending,
    ):
        rejects = Rejects(ledger.path / "rejects" / f"{batch.number}.jsonl")
        # One chunk is appended while the next is read, so that neither waits for the other's core.
        under_way: list[tuple[str, Future[Any]]] = []

        def settle() -> None:
            for kind, appended in under_way:
                records[kind] = records.get(kind, KindCounts()).plus(appended.result())
            under_way.clear()

        def hand_over() -> None:
            settled = list(under_way)
            made: list[tuple[str, pa.Table]] = []
            gathering.hand_over(lambda kind, table: made.append((kind, table)), rejects)
            if settled:
                settle()
            under_way.extend((k, appending.submit(batch.append, k, t)) for k, t in made)

        with rejects.finished(), _without_collecting():
            for payload in helpdesk.dump(path):
                gathering.take(payload)
                if gathering.waiting >= CHUNK:
                    hand_over()
                if gathering.read % TELL_EVERY == 0:
                    tell(_share(gathering.read, total), _words(gathering.read, total, began))
            _something(helpdesk, path, gathering.read)
            hand_over()
            settle()
            for unknown, count in gathering.unknown().items():
                batch.warn(f"not known to this version: {unknown}", "", count)
            for reason, count in rejects.reasons.items():
                batch.warn(reason, f"payload {rejects.places[reason]}", count)
        warnings = {reason: doubt.count for reason, doubt in batch.warnings.items()}
    return ImportReport(
        batch=batch.number,
        source=name,
        rows_read=gathering.read,
        rows_rejected=rejects.rows,
        rejects_path=rejects.path if rejects.rows else None,
        rejects=tuple(rejects.first),
        records=records,
        warnings=warnings,
        seconds=time.monotonic() - began,
        mapping_used=helpdesk.name,
    )


def _learn(helpdesk: Helpdesk, path: Path, gathering: Gathering, tell: Progress) -> int:
    """Let the translation learn what the export holds of it; how many payloads there are, if known.

    Errors: FileUnreadable where there are none.
    """
    if helpdesk.dump_learnt is not None:
        for payload in helpdesk.dump_learnt(path):
            gathering.learn(payload)
        return 0
    learnt = {stream.name for stream in helpdesk.streams if stream.learnt}
    total = 0
    for payload in helpdesk.dump(path):
        total += 1
        if payload.stream in learnt:
            gathering.learn(payload)
        if total % TELL_EVERY == 0:
            tell(0.0, f"{total:,} payloads seen")
    return total


def _something(helpdesk: Helpdesk, path: Path, read: int) -> None:
    """Refuse an export in which nothing was found."""
    if not read:
        raise FileUnreadable(
            f"{path.name} holds nothing that {helpdesk.title} exports; nothing was imported. "
            f"Expected were: {', '.join(stream.name for stream in helpdesk.streams)}."
        )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Nothing made here refers to itself; looking for such rings takes a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _share(read: int, total: int) -> float:
    return min(1.0, read / total) if total else 0.0


def _words(read: int, total: int, began: float) -> str:
    if not total:
        return f"{read:,} payloads read"
    left = (time.monotonic() - began) / read * (total - read)
    return f"{read:,} of {total:,} payloads, about {left:.0f} s left"
