"""A pull: the vendor's pages, from where the last commit stood, into batches of the ledger."""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa

from sanjeh.ledger import Ledger
from sanjeh.sources.errors import Busy, Missing, Refused, SourceError
from sanjeh.sources.helpdesk.contract import Client, Helpdesk, Payload, Stream, Translation
from sanjeh.sources.helpdesk.gathering import Gathering
from sanjeh.sources.report import KindCounts, Reject, Rejects

ORIGIN: Final = "pull:"
BATCH_RECORDS: Final = 20_000
BATCH_SECONDS: Final = 30.0
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Standing:
    """How far a connection has been pulled: what the newest of its committed batches says.

    cursors: where each stream goes on. learnt: digest of what was learnt, to tell a change.
    left: streams that had not come to their end. batch: 0 where nothing was pulled yet.
    """

    batch: int = 0
    cursors: Mapping[str, Any] = field(default_factory=dict)
    learnt: str = ""
    left: tuple[str, ...] = ()


@dataclass
class PullReport:
    """What one pull did.

    streams: payloads read, by stream. lacking: optional streams that the account does not open,
    with the vendor's words. unknown: what the translation does not know. rejects: the first 20,
    all are in `rejects_paths`. batches: numbers of the committed batches.
    """

    connection: str
    streams: Counter[str] = field(default_factory=Counter)
    records: dict[str, KindCounts] = field(default_factory=dict)
    lacking: dict[str, str] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    rejects_paths: list[Path] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    batches: list[int] = field(default_factory=list)
    seconds: float = 0.0


def standing(ledger: Ledger, connection: str) -> Standing:
    """Where the next pull of that connection begins."""
    for batch in reversed(ledger.batches()):
        if batch.origin.startswith(ORIGIN):
            told = json.loads(batch.origin.removeprefix(ORIGIN))
            if told["connection"] == connection:
                return Standing(batch.number, told["cursors"], told["learnt"], tuple(told["left"]))
    return Standing()


def pulled_from(origin: str) -> str | None:
    """The connection whose pull an import's origin tells of; None where it was no pull."""
    if not origin.startswith(ORIGIN):
        return None
    return str(json.loads(origin.removeprefix(ORIGIN))["connection"])


def pull(
    helpdesk: Helpdesk,
    client: Client,
    translation: Translation,
    ledger: Ledger,
    *,
    connection: str,
    source: str | None = None,
    again: bool = False,
    progress: Progress | None = None,
    batch_records: int = BATCH_RECORDS,
    batch_seconds: float = BATCH_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> PullReport:
    """Bring in what the vendor has and the ledger has not; the report of it.

    connection: whose cursors these are. source: whose records; the connection's name if not given.
    again: from the beginning, which brings nothing twice. What was gathered before an error or an
    interruption is committed first, in whole pages. The facts are refreshed by the caller.

    Errors: Busy while another pull of the connection runs; what the client raises (Refused,
    Unreachable, …); LedgerError.
    """
    with _alone(ledger.path / "connections", connection):
        job = _Pull(helpdesk, client, translation, ledger, connection, source or connection)
        job.progress = progress or job.progress
        job.batch_records, job.batch_seconds, job.clock = batch_records, batch_seconds, clock
        return job.run(Standing() if again else standing(ledger, connection))


class _Pull:
    """The state of one pull under way."""

    batch_records: int
    batch_seconds: float
    clock: Callable[[], float]

    def __init__(
        self,
        helpdesk: Helpdesk,
        client: Client,
        translation: Translation,
        ledger: Ledger,
        connection: str,
        source: str,
    ) -> None:
        self.helpdesk = helpdesk
        self.client = client
        self.ledger = ledger
        self.source = source
        self.gathering = Gathering(translation)
        self.report = PullReport(connection)
        self.progress: Progress = lambda share, what: None

    def run(self, start: Standing) -> PullReport:
        began = self.clock()
        self.committed = start
        self.cursors = dict(start.cursors)
        self.learnt = start.learnt
        coming = [s for s in self.helpdesk.streams if not s.learnt]
        self.left = [s.name for s in coming]
        self.flushed_at = began
        try:
            self._learn()
            for place, stream in enumerate(coming):
                self._bring(stream, place / len(coming), 1 / len(coming))
        except (SourceError, KeyboardInterrupt):
            self._flush()  # whole pages, so that the next pull need not ask for them again
            raise
        self._flush()
        self.report.seconds = self.clock() - began
        self.report.streams = self.gathering.streams
        return self.report

    def _learn(self) -> None:
        """Read the learnt streams whole; their records are made if anything in them changed."""
        payloads: list[Payload] = []
        for stream in self.helpdesk.streams:
            if stream.learnt:
                with self._may_lack(stream):
                    for page in self.client.pages(stream.name, None):
                        payloads += page.payloads
                        self.progress(0.0, f"{stream.name}: {len(payloads):,} read")
        for payload in payloads:
            self.gathering.learn(payload)
        digest = _digest(payloads)
        if digest != self.learnt:
            for payload in payloads:
                self.gathering.take(payload)
            self.learnt = digest

    def _bring(self, stream: Stream, before: float, part: float) -> None:
        """One stream, page by page, from its cursor."""
        began, read = self.clock(), 0
        with self._may_lack(stream):
            for page in self.client.pages(stream.name, self.cursors.get(stream.name)):
                for payload in page.payloads:
                    self.gathering.take(payload)
                self.cursors[stream.name] = page.cursor
                read += len(page.payloads)
                share, words = _how_far(stream.name, read, page.total, self.clock() - began)
                self.progress(before + part * share, words)
                if page.done:
                    self.left = [name for name in self.left if name != stream.name]
                if self._due():
                    self._flush()

    @contextmanager
    def _may_lack(self, stream: Stream) -> Iterator[None]:
        """Go on without a stream that this account does not have, where that is foreseen."""
        try:
            yield
        except (Refused, Missing) as error:
            if not stream.optional or (isinstance(error, Refused) and error.status == 401):
                raise
            self.report.lacking[stream.name] = str(error)
            self.left = [name for name in self.left if name != stream.name]

    def _due(self) -> bool:
        waited = self.clock() - self.flushed_at
        return self.gathering.waiting >= self.batch_records or (
            waited >= self.batch_seconds and self.gathering.waiting > 0
        )

    def _flush(self) -> None:
        """Commit what was gathered, and in the same step where to go on."""
        now = Standing(0, dict(self.cursors), self.learnt, tuple(self.left))
        before = self.committed
        if not self.gathering.waiting and now == Standing(
            0, before.cursors, before.learnt, before.left
        ):
            return
        origin = ORIGIN + json.dumps(
            {
                "connection": self.report.connection,
                "helpdesk": self.helpdesk.name,
                "cursors": now.cursors,
                "learnt": now.learnt,
                "left": now.left,
            },
            ensure_ascii=False,
        )
        with self.ledger.importing(self.source, origin=origin) as batch:
            rejects = Rejects(self.ledger.path / "rejects" / f"{batch.number}.jsonl")

            def append(kind: str, table: pa.Table) -> None:
                counts = self.report.records.get(kind, KindCounts())
                self.report.records[kind] = counts.plus(batch.append(kind, table))

            with rejects.finished():
                self.gathering.hand_over(append, rejects)
                for name, count in self.gathering.unknown().items():
                    self.report.unknown[name] += count
                    batch.warn(f"not known to this version: {name}", "", count)
                for reason, count in rejects.reasons.items():
                    batch.warn(reason, "", count)
            doubts = {reason: doubt.count for reason, doubt in batch.warnings.items()}
        self.report.batches.append(batch.number)
        self.report.warnings.update(doubts)
        self.report.refused.update(rejects.reasons)
        self.report.rejects += rejects.first[: max(0, 20 - len(self.report.rejects))]
        if rejects.rows:
            self.report.rejects_paths.append(rejects.path)
        self.committed = Standing(batch.number, now.cursors, now.learnt, now.left)
        self.flushed_at = self.clock()


def _how_far(name: str, read: int, total: int | None, seconds: float) -> tuple[float, str]:
    """Share of the stream that is read, and the same in words with the time left."""
    if not total or read > total:
        return 0.0, f"{name}: {read:,} read"
    words = f"{name}: {read:,} of {total:,}"
    if 0 < read < total and seconds > 0:
        left = seconds / read * (total - read)
        words += f", about {left / 60:.0f} min left" if left >= 90 else f", about {left:.0f} s left"
    return read / total, words


def _digest(payloads: list[Payload]) -> str:
    """Tells one state of what is learnt from another, in any order; and a change of program."""
    each = sorted(
        hashlib.sha256(
            orjson.dumps([p.stream, p.value], option=orjson.OPT_SORT_KEYS, default=str)
        ).digest()
        for p in payloads
    )
    return hashlib.sha256(b"".join([version("sanjeh").encode(), *each])).hexdigest()[:32]


@contextmanager
def _alone(folder: Path, connection: str) -> Iterator[None]:
    """Be the only pull of the connection; whatever ends the process lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{connection}.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(
                f"{connection} is being pulled by another process; nothing was done. Wait until "
                "it is through: what it brings is then there."
            ) from None
        yield
