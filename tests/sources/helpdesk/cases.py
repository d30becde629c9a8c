"""What a vendor hands to the tests that every helpdesk passes, and the ways they look at it.

A vendor joins with one file beside this one, `case_NAME.py`, that names its `Case` as CASE.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loopback import Loopback

from sanjeh.ledger import KINDS, Ledger
from sanjeh.sources.helpdesk import Helpdesk, Payload
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.helpdesk.http import Http
from sanjeh.sources.helpdesk.pulling import PullReport, pull
from sanjeh.sources.report import ImportReport


@dataclass(frozen=True)
class Case:
    """One vendor with a small synthetic account: a few pages of each stream, made-up people.

    account: a new copy of the account, in any shape the vendor's test likes (it may be changed).
    server: the vendor's API over that account; small pages, so that there are several.
    credentials: what `open` needs, for the server at the given address.
    write_dump: the same account as the vendor's export, written under the folder; its path.
    touch: change something that is listed early, as an agent would, with a newer time of change.
    unknown: payloads of a kind that the translation cannot know.
    silent: streams whose payloads may hold unknown fields without a word (say why).
    """

    helpdesk: Helpdesk
    account: Callable[[], Any]
    server: Callable[[Any], Loopback]
    credentials: Callable[[str], Mapping[str, str]]
    write_dump: Callable[[Any, Path], Path]
    touch: Callable[[Any], None]
    unknown: tuple[Payload, ...] = (Payload("zz_unheard_of", {"id": 1}, "zz 1"),)
    silent: frozenset[str] = frozenset()

    def payloads(self, account: Any, folder: Path) -> list[Payload]:
        """Everything in the account, as its export gives it."""
        folder.mkdir(parents=True, exist_ok=True)
        return list(self.helpdesk.dump(self.write_dump(account, folder)))

    def public(self, base: str = "") -> dict[str, str]:
        """The credentials that are not secret."""
        secret = {c.name for c in self.helpdesk.credentials if c.secret}
        given = self.credentials(base or "http://127.0.0.1:9")
        return {name: value for name, value in given.items() if name not in secret}

    def take(self, payloads: Iterable[Payload], ledger: Ledger) -> ImportReport:
        """Import the payloads as if an export had held them."""
        whole = list(payloads)
        fed = replace(self.helpdesk, dump=lambda path: iter(whole), dump_learnt=None)
        return import_dump(fed, Path("fed"), ledger, source="account", account=self.public())

    def pull(self, server: Loopback, ledger: Ledger, **options: Any) -> PullReport:
        """One pull from the server; nothing of it waits by the clock."""
        with self.client(server) as client:
            return pull(
                self.helpdesk,
                options.pop("wrap", lambda c: c)(client),
                self.helpdesk.translation(self.public(server.base)),
                ledger,
                connection="account",
                **options,
            )

    @contextmanager
    def client(self, server: Loopback):
        """The vendor's client of the server; `waits` of the server tells how long it would wait."""
        time = Time()
        server.waits = time.waits
        http = Http(sleep=time.sleep, clock=time.clock, check="SANJEH_TEST")
        yield self.helpdesk.open(http, self.credentials(server.base))


class Time:
    """A clock that only goes on while somebody sleeps."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds


def every_case() -> list[Case]:
    """The cases of all vendors, found by their files."""
    files = sorted(Path(__file__).parent.glob("case_*.py"))
    return [importlib.import_module(file.stem).CASE for file in files]


def new_ledger(folder: Path) -> Ledger:
    """An empty home; all of them give a person the same pseudonym."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret").write_bytes(b"the same in every test".ljust(32))
    return Ledger(folder)


def content(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is visible, by kind, without which batch brought it; texts too."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    seen = ledger.snapshot()
    for kind in KINDS:
        if not seen.files(kind):
            continue
        rows = ledger.rows(kind).drop_columns(["batch"]).to_pylist()
        ids = [row["id"] for row in rows]
        texts = ledger.texts(kind, ids) if seen.files(f"text_{kind}") else {}
        own = ledger.attributes(kind, ids) if seen.files(f"attribute_{kind}") else {}
        found[kind] = sorted(
            (
                *(f"{name}={value}" for name, value in row.items()),
                str(sorted(texts.get(row["id"], {}).items())),
                str(sorted(own.get(row["id"], {}).items())),
            )
            for row in rows
        )
    return found
