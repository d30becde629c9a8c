"""Running the command line in the process, and small records to run it on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from sanjeh.cli.commands import app

RUNNER = CliRunner()


def run(*args: object, code: int = 0, text_in: str | None = None) -> Any:
    """The outcome of a command, which must end with the exit code."""
    result = RUNNER.invoke(app, [str(a) for a in args], input=text_in, catch_exceptions=False)
    assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr)
    return result


def run_json(*args: object, code: int = 0) -> Any:
    """What a command printed, which must be one JSON document and nothing else."""
    return json.loads(run(*args, code=code).stdout)


def written(
    folder: Path, records: Iterable[Mapping[str, Any]], name: str = "records.jsonl"
) -> Path:
    """The records as a file of JSON lines."""
    path = folder / name
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return path


def home_with(folder: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """A home that holds the records, imported by the command line as source `desk`."""
    home = folder / "home"
    file = written(folder, records)
    report = run_json("import", file, "--home", home, "--source", "desk", "--json")["files"][0]
    assert report["rows_rejected"] == 0, report["rejects"]
    return home


def figure(home: Path, *args: object) -> Any:
    """The one result of `show … --format json`."""
    results = run_json("show", *args, "--format", "json", "--home", home)["results"]
    assert len(results) == 1, results
    return results[0]


def ticket(id: str, created_at: str, **fields: Any) -> dict[str, Any]:
    """A ticket created at an instant such as 2026-03-02T09:00."""
    return {"kind": "ticket", "id": id, "created_at": f"{created_at}:00Z", **fields}


def status(ticket_id: str, at: str, to: str, before: str = "open", **fields: Any) -> dict[str, Any]:
    """A change of a ticket's status."""
    return {
        "kind": "ticket_event", "id": f"{ticket_id}-{at}-{to}", "ticket_id": ticket_id,
        "type": "status_changed", "at": f"{at}:00Z", "from": before, "to": to, **fields,
    }  # fmt: skip


def solved(id: str, created_at: str, solved_at: str, **fields: Any) -> list[dict[str, Any]]:
    """A ticket and its solve."""
    return [ticket(id, created_at, **fields), status(id, solved_at, "solved")]
