"""What an import did: counts by kind, rejected rows with their reasons, warnings, seconds.

A reject is written to HOME/rejects/BATCH.jsonl with its raw row, so that it can be mended and
imported again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

SHOWN = 20


@dataclass(frozen=True)
class Reject:
    """One thing refused: a row, or one cell of a row whose rest was loaded."""

    line: int
    """The physical line in the file, from 1; the row number in a spreadsheet."""
    column: str | None
    """The heading or field; null where the whole row is at fault."""
    value: str | None
    reason: str
    lost: str = "row"
    """`row`: nothing of the row was loaded; `record`: one of its records; `cell`: this value."""


@dataclass(frozen=True)
class KindCounts:
    """What the ledger did with the records of one kind."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    older: int = 0

    def plus(self, appended: object) -> KindCounts:
        """These counts and those of one more append."""
        return KindCounts(
            added=self.added + int(getattr(appended, "added", 0)),
            replaced=self.replaced + int(getattr(appended, "replaced", 0)),
            unchanged=self.unchanged + int(getattr(appended, "unchanged", 0)),
            older=self.older + int(getattr(appended, "older", 0)),
        )


@dataclass(frozen=True)
class ImportReport:
    """The result of one import."""

    batch: int
    source: str
    rows_read: int
    rows_rejected: int
    """Rows with at least one reject; most of them were loaded but for a cell."""
    rejects_path: Path | None
    rejects: tuple[Reject, ...]
    """The first 20; all are in `rejects_path`."""
    records: Mapping[str, KindCounts]
    warnings: Mapping[str, int]
    seconds: float
    mapping_used: str


class Rejects:
    """Collects rejects: counts them, keeps the first few, writes them all to one file.

    The file is written as `.part` and named at the end, so a killed import leaves no false list.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first: list[Reject] = []
        self.reasons: Counter[str] = Counter()
        self.places: dict[str, int] = {}
        """The first line at which each reason was met."""
        self._lines: set[int] = set()
        self._part = path.with_suffix(".part")
        self._out: TextIO | None = None

    @property
    def rows(self) -> int:
        """How many rows have at least one reject."""
        return len(self._lines)

    def add(self, reject: Reject, raw: object, *, kind: str) -> None:
        """Keep one reject with its raw row; `kind` is the reason without the particulars."""
        if self._out is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Half a surrogate pair becomes its escape, which JSON reads back.
            self._out = self._part.open("w", encoding="utf-8", errors="backslashreplace")
        self._out.write(json.dumps({**asdict(reject), "row": raw}, ensure_ascii=False) + "\n")
        self._lines.add(reject.line)
        self.reasons[kind] += 1
        self.places.setdefault(kind, reject.line)
        if len(self.first) < SHOWN:
            self.first.append(reject)

    @contextmanager
    def finished(self) -> Iterator[None]:
        """Keep the file if the import went through, remove it if not."""
        try:
            yield
        except BaseException:
            self.close(keep=False)
            raise
        self.close(keep=True)

    def close(self, *, keep: bool) -> Path | None:
        """Finish the file; its path, or null where there is none or it was not to be kept."""
        if self._out is None:
            return None
        self._out.close()
        self._out = None
        if not keep:
            self._part.unlink(missing_ok=True)
            return None
        self._part.replace(self.path)
        return self.path
