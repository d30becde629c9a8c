"""Objects out of files of every shape an export has."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from sanjeh.sources import FileUnreadable
from sanjeh.sources.helpdesk import export
from sanjeh.sources.helpdesk.export import entries

ITEMS = [{"id": n, "text": "é" * n} for n in range(1, 40)]
LINES = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in ITEMS)
PAGE = {"count": 39, "next_page": None, "tickets": ITEMS, "users": [{"id": 5}]}


def found(path: Path) -> list[tuple[str, object]]:
    return [(entry.name, entry.value) for entry in entries(path, {"tickets", "users"})]


TICKETS = [("tickets", item) for item in ITEMS]


@pytest.mark.parametrize("small", [True, False], ids=["at once", "piece by piece"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps(ITEMS), TICKETS),
        (json.dumps(ITEMS, indent=2, ensure_ascii=False), TICKETS),
        ("\ufeff" + json.dumps(ITEMS), TICKETS),
        (json.dumps(PAGE, indent=1), [*TICKETS, ("users", {"id": 5})]),
        ("[]", []),
        (" [ ] ", []),
    ],
)
def test_lists_are_taken_apart(
    text: str, expected: list[object], small: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not small:
        monkeypatch.setattr(export, "WHOLE", 1)
        monkeypatch.setattr(export, "PIECE", 7)
    path = tmp_path / "tickets.json"
    path.write_text(text, encoding="utf-8")
    assert found(path) == expected


@pytest.mark.parametrize("ending", [".jsonl", ".ndjson", ".json"])
def test_lines(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"tickets{ending}"
    path.write_text(LINES, encoding="utf-8")
    assert found(path) == TICKETS
    packed = tmp_path / f"tickets{ending}.gz"
    packed.write_bytes(gzip.compress(LINES.encode()))
    assert found(packed) == TICKETS


def test_object_with_an_id_is_one_entry(tmp_path: Path) -> None:
    path = tmp_path / "conversation.json"
    path.write_text(json.dumps({"id": 1, "users": [1, 2]}))
    assert found(path) == [("conversation", {"id": 1, "users": [1, 2]})]


def test_folder_and_zip_are_read_file_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "deep").mkdir(parents=True)
    (folder / "tickets.jsonl").write_text(LINES)
    (folder / "deep" / "users.json").write_text('[{"id": 5}]')
    (folder / "notes.txt").write_text("not ours")
    (folder / ".hidden.json").write_text("{")
    expected = [("users", {"id": 5}), *TICKETS]
    assert found(folder) == expected
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        for file in sorted(folder.rglob("*.*")):
            packed.write(file, file.relative_to(folder))
    assert found(tmp_path / "export.zip") == expected


@pytest.mark.parametrize("text", ['{"id": 1', '[{"id": 1}, ', '{"id": 1}\n{"id"', "nonsense"])
def test_what_is_damaged_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    path.write_text(text)
    with pytest.raises(FileUnreadable, match=r"tickets\.json"):
        found(path)
    (tmp_path / "cut.json.gz").write_bytes(gzip.compress(LINES.encode())[:-20])
    with pytest.raises(FileUnreadable, match="cut short"):
        found(tmp_path / "cut.json.gz")
