"""The kinds of long work. Each can be begun again after a kill without doubling anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sanjeh.home import Home
from sanjeh.simulation.year import has_year, make_year
from sanjeh.sources import ImportReport, Told, guess_mapping, import_path, look_at
from sanjeh.sources.errors import Paused
from sanjeh.sources.helpdesk.connections import Connections
from sanjeh.sources.records import is_records, kinds_of
from sanjeh.web.jobs import queue, uploads
from sanjeh.web.jobs.worker import Work

Result = dict[str, Any]
AT_A_STRETCH = 300.0  # seconds of one pull, before other work has its turn
IMPORTED = 0.7  # of an import's work, the rest being the facts


def look(work: Work) -> Result:
    """Look at an uploaded file, and keep what it would be taken for beside it."""
    token = str(work.job.given["upload"])
    path = uploads.needed(work.home, token)
    uploads.check_size(path)
    work.part("looking", 0.0, 1.0)
    if is_records(path):
        found = kinds_of(path)
        seen: Result = {"kinds": dict(found), "rows": found.total()}
    else:
        looked = look_at(path, told_of(work.home, token))
        mapping = looked.mapping
        seen = {
            "rows": looked.rows, "misfits": looked.misfits, "tried": looked.tried,
            "columns": [asdict(column) for column in looked.columns], "first": looked.first,
            "shape": asdict(looked.shape), "why": looked.why, "is_history": looked.is_history,
            "zone": mapping.zone if mapping else None,
            "source": mapping.source if mapping else None,
        }  # fmt: skip
    uploads.note(work.home, token, uploads.SEEN, seen)
    return {"rows": seen["rows"]}


def bring_in(work: Work) -> Result:
    """Import an uploaded file, bring the facts up to it, and remove it."""
    token = str(work.job.given["upload"])
    path = uploads.needed(work.home, token)
    uploads.check_size(path)
    told = told_of(work.home, token)
    tell = work.part("importing", 0.0, IMPORTED)
    home = Home(work.home)
    mapping = None if is_records(path) else guess_mapping(path, told)
    report = import_path(
        path, home.ledger(), mapping=mapping, source=told.source, zone=told.zone, progress=tell
    )
    # What is in the record is in: from here on nothing is called off.
    home.refresh(progress=work.part("refreshing", IMPORTED, 1.0, final=True))
    return result_of(report)


def told_of(home: Path, token: str) -> Told:
    """What the bringer said of an uploaded file."""
    said = uploads.noted(home, token, uploads.TOLD) or {}
    own = said.get("own")
    return Told(
        roles=said.get("roles"), own=None if own is None else frozenset(own),
        writings=said.get("writings", {}), words=said.get("words", {}), zone=said.get("zone"),
        source=said.get("source"), history=said.get("history"),
    )  # fmt: skip


def result_of(report: ImportReport) -> Result:
    """What an import did, without a name or a cell of the file."""
    return {
        "batch": report.batch, "sources": report.source.split(", "), "rows": report.rows_read,
        "refused": report.rows_rejected, "warnings": dict(report.warnings),
        "records": {kind: asdict(counts) for kind, counts in report.records.items()},
        "seconds": round(report.seconds, 1),
    }  # fmt: skip


def refresh(work: Work) -> Result:
    """Bring the facts up to the record."""
    done = Home(work.home).refresh(progress=work.part("refreshing", 0.0, 1.0))
    return {"version": done.version, "how": done.how, "seconds": done.seconds}


def pull(work: Work) -> Result:
    """Pull a connection, for so long that others come to their turn; what is left waits again."""
    name = str(work.job.given["connection"])
    home = Home(work.home)
    rooms = Connections(work.home)
    until = time.monotonic() + AT_A_STRETCH
    tell = work.part("pulling", 0.0, IMPORTED)

    def or_pause(share: float, what: str) -> None:
        tell(share, what)
        if time.monotonic() > until:
            raise Paused

    try:
        read = rooms.pull(rooms.get(name), home.ledger(), progress=or_pause).streams.total()
    except Paused:
        read = None
    home.refresh(progress=work.part("refreshing", IMPORTED, 1.0, final=True))
    if read is None:
        queue.again(work.job)
    return {"connection": name, "read": read}


def sample(work: Work) -> Result:
    """Make the synthetic year of a language, in a home of its own."""
    code = str(work.job.given["code"])
    home = Home(work.home / "sample" / code)
    home.path.mkdir(parents=True, exist_ok=True)
    if not has_year(home.ledger(), code):
        make_year(home.ledger(), code, work.part("making", 0.0, 0.4))
    home.refresh(progress=work.part("refreshing", 0.4, 1.0))
    return {"code": code}


KINDS: dict[str, Callable[[Work], Result]] = {
    "look": look, "import": bring_in, "refresh": refresh, "sample": sample, "pull": pull,
}  # fmt: skip
