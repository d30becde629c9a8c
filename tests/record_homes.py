"""Homes built from a few records, through the real importer, and figures asked of them.

A test names only what matters to it: `ticket("a", "03-02 09:00")` is a ticket of 2 March 2026,
09:00 UTC. `story(NAME, …)` puts records into the one home that the stories share, each story a
source of its own, so that building is paid for once.
"""

from __future__ import annotations

import fcntl
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sanjeh.answers.ask import Answers
from sanjeh.answers.question import EVERYTHING, Answer, Question, Result, Viewer
from sanjeh.home import Home
from sanjeh.sources.importing import import_path

Record = dict[str, Any]
BEACON = "2026-06-30 00:00"
MONDAYS = ("03-02", "03-09", "03-16", "03-23", "03-30", "04-06", "04-13", "04-20")
STORIES: dict[str, list[Record]] = {}
_numbers = itertools.count(1)


def at(text: str) -> str:
    """`03-02 09:00`, `03-02 09:00:20` or `2025-03-02 09:00` as ISO in UTC, else of 2026."""
    day, _, time = text.partition(" ")
    day = day if len(day) > 5 else f"2026-{day}"
    return f"{day}T{time or '00:00'}{':00' if time.count(':') < 2 else ''}Z"


def ticket(id: str, created: str, **fields: Any) -> Record:
    """A ticket record."""
    return {"kind": "ticket", "id": id, "created_at": at(created), **fields}


def event(ticket_id: str, when: str, type: str, to: str | None = None, **fields: Any) -> Record:
    """A change of a ticket, by an agent unless it says otherwise."""
    return {
        "kind": "ticket_event", "id": f"e{next(_numbers)}", "ticket_id": ticket_id,
        "at": at(when), "type": type, "to": to, "actor_type": "agent", **fields,
    }  # fmt: skip


def status(ticket_id: str, when: str, to: str, **fields: Any) -> Record:
    """A change of status."""
    return event(ticket_id, when, "status_changed", to, **fields)


def team(ticket_id: str, when: str, to: str, **fields: Any) -> Record:
    """A change of team."""
    return event(ticket_id, when, "team_changed", to, **fields)


def talk(id: str, started: str | None, channel: str = "chat", **fields: Any) -> Record:
    """A conversation, a live chat unless it says otherwise."""
    for name, value in fields.items():
        if name.endswith("_at") and value is not None:
            fields[name] = at(value)
    when = {"started_at": at(started)} if started else {}
    return {"kind": "conversation", "id": id, "channel": channel, **when, **fields}


def said(
    conversation: str, when: str, by: str = "customer", body: str = "", **fields: Any
) -> Record:
    """A public message: by `customer`, `bot`, `system` or an agent's id."""
    kind = by if by in ("customer", "bot", "system") else "agent"
    who = {"author_id": by} if kind == "agent" else {}
    return {
        "kind": "message", "id": f"m{next(_numbers)}", "conversation_id": conversation,
        "at": at(when), "author_type": kind, **who, "body": body or "about my order", **fields,
    }  # fmt: skip


def record(kind: str, **fields: Any) -> Record:
    """Any other record; fields that end in _at, and `at`, may be short."""
    short = {
        k: at(v) if (k == "at" or k.endswith(("_at", "_from", "_to"))) and isinstance(v, str)
        and v[:1].isdigit() and "T" not in v else v
        for k, v in fields.items()
    }  # fmt: skip
    return {"kind": kind, **short}


def flat(records: Iterable[Any]) -> list[Record]:
    """Records out of nested lists."""
    return [
        r for item in records for r in (flat(item) if isinstance(item, list | tuple) else [item])
    ]


def story(name: str, *records: Any) -> str:
    """Add a story to the shared home; ask about it with `of=name`."""
    assert name not in STORIES, f"two stories are called {name}"
    STORIES[name] = flat(records)
    return name


def written(path: Path, records: Iterable[Record]) -> Path:
    """The records as a file of JSON lines."""
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), "utf-8")
    return path


def load(home: Home, records: Sequence[Record], *, source: str = "desk") -> None:
    """Import records; any that is rejected is a mistake of the test."""
    path = written(home.path.with_name(f"{home.path.name}-{next(_numbers)}.jsonl"), records)
    report = import_path(path, home.ledger(), source=source)
    assert report.rows_rejected == 0, report.rejects


def built(path: Path, *batches: Sequence[Record], source: str = "desk") -> Home:
    """A home that received the batches one after another, its facts refreshed."""
    home = Home(path)
    for batch in batches:
        load(home, flat(batch), source=source)
    home.refresh()
    return home


def shared(path: Path, make: Any) -> Home:
    """The home at a path, made by the first worker that needs it."""
    with _locked(path.with_suffix(".lock")):
        done = path.with_suffix(".done")
        if not done.exists():
            make(path)
            done.touch()
    return Home(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def of_stories(path: Path) -> Home:
    """The shared home of all stories; a spam ticket in each says that the data run till July."""
    records = [
        {**r, "source": name}
        for name, told in STORIES.items()
        for r in (*told, ticket("beacon", BEACON, is_spam=True))
    ]
    return built(path, records)


class Desk:
    """Asks one home, in short."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._answers: Answers | None = None

    @property
    def answers(self) -> Answers:
        """The door, opened once."""
        if self._answers is None:
            self._answers = self.home.answers()
        return self._answers

    def refresh(self, *, full: bool = False) -> None:
        """Bring the facts up to the record and look at the new ones."""
        self.close()
        self.home.refresh(full=full)

    def close(self) -> None:
        """Release the facts."""
        if self._answers is not None:
            self._answers.close()
            self._answers = None

    def answer(
        self, *metrics: str, of: str | None = None, viewer: Viewer = EVERYTHING,
        where: Sequence[tuple[str, str, tuple[str, ...]]] = (), start: str | None = "2026-03-01",
        end: str | None = "2026-04-01", **asked: Any,
    ) -> Answer:  # fmt: skip
        """The answer; March 2026 unless it says otherwise."""
        source = (("source", "is", (of,)),) if of else ()
        if "last" in asked:
            start = end = None
        question = Question(
            metrics, where=(*source, *where), start=start, end=end, totals=True, **asked
        )
        return self.answers.ask(question, viewer)

    def figure(self, metric: str, of: str | None = None, **asked: Any) -> Result:
        """The one result of a question without groups."""
        results = self.answer(metric, of=of, **asked).results
        assert len(results) == 1, results
        return results[0]

    def value(self, metric: str, of: str | None = None, **asked: Any) -> Any:
        """The one value."""
        return self.figure(metric, of, **asked).value

    def by(
        self, metric: str, dimension: str, of: str | None = None, **asked: Any
    ) -> dict[Any, Any]:
        """Values by the label of the group."""
        results = self.answer(metric, of=of, by=(dimension,), **asked).results
        return {r.group[dimension]["label"]: r.value for r in results}

    def series(
        self, metric: str, grain: str, of: str | None = None, **asked: Any
    ) -> dict[str, Any]:
        """Values by the label of the bucket."""
        results = self.answer(metric, of=of, grain=grain, **asked).results
        return {r.bucket["label"]: r.value for r in results if r.bucket}
