"""`sanjeh import` and `guess`: what came of the rows, in words and in JSON, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_cases import run, run_json, solved, ticket, written

SOUND = [f"{n},2026-03-02 09:{n:02d},2026-03-02 10:00,High" for n in range(1, 41)]
TABLE = ["Ticket ID,Created at,Resolved at,Priority", *SOUND, "41,no date,,Low"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(TABLE) + "\n", "utf-8")
    return path


def test_records_are_counted_and_the_second_time_unchanged(tmp_path: Path) -> None:
    file = written(tmp_path, solved("a", "2026-03-02T09:00", "2026-03-02T10:00"))
    asked = (
        "import",
        file,
        "--home",
        tmp_path / "home",
        "--source",
        "desk",
        "--json",
        "--no-refresh",
    )
    first = run_json(*asked)["files"][0]
    assert (first["rows_read"], first["rows_rejected"], first["source"]) == (2, 0, "desk")
    assert first["records"]["ticket"] == {"added": 1, "replaced": 0, "unchanged": 0, "older": 0}
    second = run_json(*asked)["files"][0]
    assert second["records"]["ticket"] == {"added": 0, "replaced": 0, "unchanged": 1, "older": 0}


def test_refused_rows_are_shown_and_the_rest_loads(tmp_path: Path) -> None:
    records = [ticket("a", "2026-03-02T09:00"), {"kind": "tikcet", "id": "b"}]
    out = run(
        "import", written(tmp_path, records), "--home", tmp_path / "home", "--no-refresh"
    ).stdout
    assert "1 of 2 rows understood" in out
    assert "did you mean ticket?" in out
    kept = tmp_path / "home" / "rejects" / "1.jsonl"
    assert str(kept) in out
    assert kept.exists()


def test_all_refused_is_exit_code_1(tmp_path: Path) -> None:
    file = written(tmp_path, [{"kind": "tikcet", "id": "b"}])
    report = run_json(
        "import", file, "--home", tmp_path / "home", "--json", "--no-refresh", code=1
    )["files"][0]
    assert report["rows_rejected"] == 1
    assert report["rejects"][0]["line"] == 1
    assert report["rejects"][0]["column"] == "kind"


def test_a_table_without_a_map_is_guessed_and_the_guess_is_shown(
    table: Path, tmp_path: Path
) -> None:
    out = run("import", table, "--home", tmp_path / "home", "--zone", "UTC", "--no-refresh").stdout
    assert "ticket: id ← Ticket ID" in out
    assert f"sanjeh guess {table} > map.toml" in out
    assert "40 of 41 rows understood" in out


def test_a_guess_written_out_is_a_map(table: Path, tmp_path: Path) -> None:
    guessed = run("guess", table)
    assert "Read it, above all zone" in guessed.stderr
    mapping = tmp_path / "map.toml"
    mapping.write_text(guessed.stdout, "utf-8")
    report = run_json(
        "import", table, "--map", mapping, "--home", tmp_path / "home", "--json", "--no-refresh"
    )["files"][0]
    assert report["mapping"] == "map.toml"
    assert report["rows_rejected"] == 1
    assert report["rejects"][0]["line"] == 42
    assert report["records"]["ticket"]["added"] == 41  # the last without its date


def test_a_wrong_map_is_wrong_usage(table: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('source = "x"\n[[records]]\nkind = "tikcet"\n', "utf-8")
    result = run("import", table, "--map", mapping, "--home", tmp_path / "home", code=2)
    assert "tikcet" in result.stderr


def test_a_damaged_file_is_exit_code_1_and_the_others_load(tmp_path: Path) -> None:
    damaged = tmp_path / "cut.jsonl.gz"
    damaged.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03cut")
    sound = written(tmp_path, [ticket("a", "2026-03-02T09:00")])
    asked = ("import", damaged, sound, "--home", tmp_path / "home", "--json", "--no-refresh")
    result = run(*asked, code=1)
    assert "cut.jsonl.gz" in result.stderr
    assert '"added": 1' in result.stdout


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    result = run("import", tmp_path / "none.csv", "--home", tmp_path / "home", code=2)
    assert "does not exist" in " ".join(result.stderr.split())
