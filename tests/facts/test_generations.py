"""Generations: a failed refresh leaves the one before, an erasure meanwhile starts it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sanjeh.answers.question import Question
from sanjeh.facts import generations
from sanjeh.facts.generations import Facts, FactsError
from sanjeh.home import Home
from sanjeh.sources.importing import import_path

TICKETS = [{"kind": "ticket", "id": n, "created_at": "2026-03-02T09:00:00Z"} for n in "ab"]


def bring(home: Path, records: list[dict[str, Any]], name: str) -> None:
    file = home.parent / name
    file.write_text("\n".join(map(json.dumps, records)))
    import_path(file, Home(home).ledger())


def counted(home: Path) -> int:
    answers = Home(home).answers()
    try:
        return answers.ask(Question(("new_tickets",))).results[0].value  # type: ignore[return-value]
    finally:
        answers.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    bring(tmp_path / "home", TICKETS, "first.jsonl")
    Home(tmp_path / "home").refresh()
    return tmp_path / "home"


@pytest.mark.parametrize("words", ["IO Error: No space left on device", "something else"])
def test_failed_refresh_leaves_the_facts_of_before(
    home: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    more = [{"kind": "ticket", "id": "c", "created_at": "2026-03-02T10:00:00Z"}]
    bring(home, more, "second.jsonl")
    files = sorted(p.name for p in (home / "facts").glob("*.duckdb*"))

    def fail(*_: Any) -> None:
        raise OSError(words)

    monkeypatch.setattr(generations, "replace", fail)
    expected = FactsError if "space" in words else OSError
    with pytest.raises(expected):
        Home(home).refresh()
    assert sorted(p.name for p in (home / "facts").glob("*.duckdb*")) == files
    assert counted(home) == 2
    monkeypatch.undo()
    assert Home(home).refresh().how == "incremental"
    assert counted(home) == 3


def test_erasure_during_a_refresh_starts_it_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(home, [{"kind": "customer", "id": "k", "display_name": "Somebody"}], "customer.jsonl")
    build, calls = Facts._build, []

    def erased_meanwhile(self: Facts, *given: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            Home(home).ledger().erase("customer", "k", source="records")
            raise FileNotFoundError("a file that the erasure removed")
        return build(self, *given)

    monkeypatch.setattr(Facts, "_build", erased_meanwhile)
    assert Home(home).refresh().erasures == 1
    assert len(calls) == 2
    assert counted(home) == 2
