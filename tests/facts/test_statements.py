"""Statements kept between processes: used while they fit, set aside when they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanjeh.facts import statements
from sanjeh.facts.statements import Statements


def test_kept_statement_is_found_by_the_next_process(tmp_path: Path) -> None:
    first = Statements(tmp_path / "kept.json")
    first.put(Statements.key("a", "b"), ("SELECT 1", ("tickets",)))
    first.save()
    assert Statements(tmp_path / "kept.json").get(Statements.key("a", "b")) == (
        "SELECT 1", ("tickets",),
    )  # fmt: skip
    assert Statements(tmp_path / "kept.json").get(Statements.key("ab")) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"fingerprint": "another"}'])
def test_file_that_does_not_fit_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "kept.json").write_text(content)
    assert Statements(tmp_path / "kept.json").known == {}


def test_other_code_sets_kept_statements_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Statements(tmp_path / "kept.json")
    first.put("k", ("SELECT 1", ()))
    first.save()
    monkeypatch.setattr(statements, "fingerprint", lambda: "of other code")
    later = Statements(tmp_path / "kept.json")
    assert later.get("k") is None
    later.put("k", ("SELECT 2", ()))
    later.save()
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["statements"] == {"k": ["SELECT 2", []]}


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    Statements(tmp_path / "kept.json").save()
    assert not (tmp_path / "kept.json").exists()
