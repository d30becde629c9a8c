"""The directory a ledger lives in: its paths, its secret, its lock and its pointer of tables."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import secrets
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanjeh.ledger.errors import LedgerBusy, LedgerDiskFull, LedgerError

log = logging.getLogger("sanjeh.ledger")

on_step: Callable[[str], None] | None = None
"""Tests set this to die at a given step; nothing else does."""


def step(name: str) -> None:
    """Mark a point at which a killed process must leave everything as it was."""
    if on_step is not None:
        on_step(name)


@dataclass(frozen=True)
class Tables:
    """Which directory holds which table now, and what has been erased.

    One file replaced at once, so that an erasure swaps all rewritten tables together.
    """

    directories: Mapping[str, str] = field(default_factory=dict)
    erasures: int = 0
    erased: tuple[str, ...] = ()


class Home:
    """Paths and single-writer lock of one ledger."""

    def __init__(self, path: Path) -> None:
        # TRICKY: Delta names files by their real path; a relative home or one behind a link would
        # not be recognised in its own list, and the clean-up would take it for a leftover.
        path.mkdir(parents=True, exist_ok=True)
        path = path.resolve()
        if "%" in str(path):
            raise LedgerError(
                f"The home is {str(path)!r}; a folder with '%' in its path cannot hold Delta "
                "tables. Choose another with --home or SANJEH_HOME."
            )
        self.path = path
        self.ledger = path / "ledger"
        self.persons = path / "persons"
        self.work = path / "work"
        self.rejects = path / "rejects"
        self.facts = path / "facts"
        self.closed = path / "closed"  # months, as `answers/closed.py` keeps them
        self.uploads = path / "web" / "uploads"  # files brought to the pages, not imported yet
        self.inbox = path / "inbox.sqlite"
        self.pending_erasure = self.ledger / "erasing.json"
        for directory in (self.ledger, self.persons, self.work):
            directory.mkdir(parents=True, exist_ok=True)
        self.secret = self._read_secret()

    def _read_secret(self) -> bytes:
        path = self.path / "secret"
        if not path.exists():
            draft = self.path / f".secret-{uuid.uuid4().hex}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            # A link fails where another process was first; its secret is then ours too.
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_bytes()

    # -- the pointer ------------------------------------------------------------------------

    def read_tables(self) -> Tables:
        try:
            known = json.loads((self.ledger / "tables.json").read_text())
        except FileNotFoundError:
            return Tables()
        return Tables(known["directories"], known["erasures"], tuple(known["erased"]))

    def write_tables(self, tables: Tables) -> None:
        self.replace_file(
            self.ledger / "tables.json",
            json.dumps(
                {
                    "directories": dict(tables.directories),
                    "erasures": tables.erasures,
                    "erased": list(tables.erased),
                },
                indent=1,
            ),
        )

    def replace_file(self, path: Path, content: str) -> None:
        """Write the file so that a reader sees the old or the new, and a kill leaves either."""
        draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        settle(path.parent)

    # -- numbers and scratch space -----------------------------------------------------------

    def take_number(self, least: int) -> int:
        """The next batch number, at least `least`; never given out again, even after a kill."""
        path = self.ledger / "next_batch"
        number = max(least, int(path.read_text()) if path.exists() else 1)
        self.replace_file(path, str(number + 1))
        return number

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A directory of our own under the home, removed afterwards."""
        path = self.work / f"{os.getpid()}-{uuid.uuid4().hex}"
        path.mkdir(parents=True)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what processes that are gone left behind."""
        for path in self.work.iterdir():
            owner = path.name.split("-")[0]
            if not owner.isdigit() or not _alive(int(owner)):
                shutil.rmtree(path, ignore_errors=True)

    # -- the lock ----------------------------------------------------------------------------

    @contextmanager
    def locked(self, purpose: str, wait_seconds: float) -> Iterator[None]:
        """Be the only writer of this home; readers are never blocked."""
        with (self.path / "lock").open("a+", encoding="utf-8") as file:
            deadline = time.monotonic() + wait_seconds
            told = False
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError as error:
                    if error.errno not in (errno.EAGAIN, errno.EACCES):
                        raise
                file.seek(0)
                holder = file.read().strip() or "another process"
                if time.monotonic() >= deadline:
                    raise LedgerBusy(
                        f"{purpose} waited {wait_seconds:g} s for {holder} to finish with "
                        f"{self.path}; try again later or wait longer"
                    )
                if not told:
                    log.warning("%s waits for %s to finish with %s", purpose, holder, self.path)
                    told = True
                time.sleep(0.05)
            file.truncate(0)
            file.write(f"{purpose} (process {os.getpid()})")
            file.flush()
            yield


def settle(path: Path) -> None:
    """Make sure that the file or directory is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_FULL = ("no space left", "file too large", "disk is full", "quota exceeded", "could not write all")


@contextmanager
def minding_the_disk(home: Home) -> Iterator[None]:
    """Say plainly when a write failed because the disk is full, whichever library noticed."""
    try:
        yield
    except LedgerError:
        raise
    except Exception as error:
        number = getattr(error, "errno", None)
        text = str(error).lower()
        if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or any(w in text for w in _FULL):
            raise LedgerDiskFull(
                f"the disk under {home.path} is full; nothing of this was kept. "
                "Make room and do it again"
            ) from error
        raise


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
