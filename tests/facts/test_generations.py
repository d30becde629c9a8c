"""Generations: a failed refresh leaves the one before, an erasure meanwhile starts it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sanjeh.answers.question import Question
from sanjeh.facts import generations, overlays
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

    def erased_meanwhile(*_: Any) -> Any:
        Home(home).ledger().erase("customer", "k", source="records")
        raise FileNotFoundError("a file that the erasure removed")

    monkeypatch.setattr(Facts, "_brought_up", erased_meanwhile)
    found = Home(home).refresh()
    assert (found.erasures, found.how) == (1, "full")
    assert counted(home) == 2


def ticket(name: str) -> list[dict[str, Any]]:
    return [{"kind": "ticket", "id": name, "created_at": "2026-03-02T10:00:00Z"}]


def merging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlays, "LARGE_ROWS", -1)
    monkeypatch.setattr(overlays, "LARGE_SHARE", 0.0)


def generation_files(home: Path) -> list[str]:
    return sorted(p.name for p in (home / "facts").glob("generation-*"))


def test_base_stays_while_an_overlay_stands_over_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "KEEP_SECONDS", -1)
    for name in "cd":
        bring(home, ticket(name), f"{name}.jsonl")
        assert Home(home).refresh().how == "incremental"
    assert generation_files(home) == [
        "generation-000001.duckdb", "generation-000003.over-generation-000001.duckdb",
    ]  # fmt: skip
    assert counted(home) == 4
    merging(monkeypatch)
    bring(home, ticket("e"), "e.jsonl")
    Home(home).refresh()
    assert generation_files(home) == ["generation-000005.duckdb"]
    assert counted(home) == 5


def test_failed_merge_leaves_the_overlay(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    merging(monkeypatch)
    bring(home, ticket("c"), "c.jsonl")

    def fail(*_: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(generations, "merge", fail)
        with pytest.raises(FactsError):
            Home(home).refresh()
    assert counted(home) == 3
    assert generation_files(home)[1:] == ["generation-000002.over-generation-000001.duckdb"]


def test_reader_of_an_overlay_keeps_its_state(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(home, ticket("c"), "c.jsonl")
    Home(home).refresh()
    answers = Home(home).answers()
    monkeypatch.setattr(generations, "KEEP_SECONDS", -1)
    merging(monkeypatch)
    bring(home, ticket("d"), "d.jsonl")
    Home(home).refresh()
    assert answers.ask(Question(("new_tickets",))).results[0].value == 3
    answers.close()
    assert counted(home) == 4


def test_erasure_takes_overlay_and_base(home: Path) -> None:
    bring(home, [{"kind": "customer", "id": "k", "display_name": "Somebody"}], "customer.jsonl")
    Home(home).refresh()
    bring(home, [{**ticket("c")[0], "customer_id": "k"}], "c.jsonl")
    assert Home(home).refresh().base is not None
    before = generation_files(home)
    Home(home).ledger().erase("customer", "k", source="records")
    assert Home(home).refresh().how == "full"
    assert not any((home / "facts" / name).exists() for name in before[1:])
    assert counted(home) == 3


def test_facts_of_an_earlier_moment_stand_alone(home: Path) -> None:
    bring(home, ticket("c"), "c.jsonl")
    assert Home(home).refresh().base is not None
    nine_thirty = 1_772_443_800_000_000  # 2 March 2026, 09:30 UTC
    then = Home(home).facts().as_of(Home(home).ledger(), nine_thirty)
    assert (then.base, then.number) == (None, 0)
    with duckdb.connect(str(then.path), read_only=True) as sql:
        assert sql.execute("SELECT count(*) FROM tickets").fetchone() == (2,)
    assert counted(home) == 3


def test_facts_of_other_code_are_built_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "fingerprint", lambda: "a newer version")
    assert Home(home).facts().current() is None
    assert Home(home).refresh().how == "full"
    assert counted(home) == 2
