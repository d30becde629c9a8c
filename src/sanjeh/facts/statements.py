"""Statements of facts kept from one process to the next.

Working an expression out takes longer than running it on the few rows of a refresh, and gives the
same statement whenever code, libraries and the names of its inputs are the same. A process keeps
the statements of all its homes, and a home keeps its own in one file, under a fingerprint of all
that; another fingerprint starts it anew. Answers keep theirs in the same way, in another file.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import sanjeh.facts
import sanjeh.hours
import sanjeh.ledger.kinds
import sanjeh.words

Statement = tuple[str, tuple[str, ...]]  # what to run, and the facts that it reads
MOST = 5000  # statements of a file; the ones put in first go first
_worked_out: dict[tuple[str, str], Statement] = {}  # of this process, by fingerprint and key
_saving = threading.Lock()


@cache
def fingerprint(*beyond: ModuleType) -> str:
    """A hash of the code and libraries that statements, and so the facts, come from.

    beyond: further packages that other statements come from.
    """
    seen = hashlib.sha256()
    for package in (sanjeh.facts, sanjeh.hours, sanjeh.ledger.kinds, sanjeh.words, *beyond):
        for file in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            seen.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in ("ibis-framework", "sqlglot", "duckdb"):
        seen.update(version(library).encode() + b"\0")
    return seen.hexdigest()


class Statements:
    """Statements by key, read from a file once and written back when there are new ones.

    of: the fingerprint they hold under; the facts' own if none is given. A file that cannot be
    read or is of other code is as good as none. Threads may share one.
    """

    def __init__(self, file: Path | None = None, of: str | None = None) -> None:
        self.file = file
        self.of = fingerprint() if of is None else of
        self.known: dict[str, Statement] = self._kept()
        self.is_new = False

    def _kept(self) -> dict[str, Statement]:
        """What the file holds of the same fingerprint."""
        if self.file is None or not self.file.exists():
            return {}
        try:
            kept = json.loads(self.file.read_text("utf-8"))
        except (ValueError, OSError):
            return {}
        if not isinstance(kept, dict) or kept.get("fingerprint") != self.of:
            return {}
        return {key: (s, tuple(reads)) for key, (s, reads) in kept["statements"].items()}

    @staticmethod
    def key(*parts: str) -> str:
        """One text for several."""
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def get(self, key: str) -> Statement | None:
        """The statement kept under the key, here or by another home of this process."""
        found = self.known.get(key) or _worked_out.get((self.of, key))
        if found is not None and key not in self.known:
            self.put(key, found)
        return found

    def put(self, key: str, statement: Statement) -> None:
        """Keep a statement."""
        self.known[key] = _worked_out[self.of, key] = statement
        self.is_new = True

    def save(self) -> None:
        """Write the file, replaced at once, if there is anything new.

        What another process has put into it meanwhile stays.
        """
        if self.file is None or not self.is_new:
            return
        with _saving:
            self.is_new = False
            whole = [*{**self._kept(), **self.known}.items()][-MOST:]
            draft = self.file.with_name(f"{self.file.name}.{os.getpid()}.draft")
            told = {"fingerprint": self.of, "statements": dict(whole)}
            draft.write_text(json.dumps(told), "utf-8")
            os.replace(draft, self.file)
