"""A recording ledger, and a way to import small files through mappings given as dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recording_ledger import RecordingLedger

from sanjeh.sources import ImportReport, Mapping, import_path
from sanjeh.sources.table.mapping import read_mapping


@pytest.fixture
def ledger(tmp_path: Path) -> RecordingLedger:
    return RecordingLedger(tmp_path / "home")


Load = Callable[..., ImportReport]


@pytest.fixture
def load(tmp_path: Path, ledger: RecordingLedger) -> Load:
    """Import a file of the given bytes or text through a mapping given as a dictionary."""

    def run(
        content: str | bytes,
        mapping: dict[str, Any] | Mapping | None = None,
        *,
        name: str = "export.csv",
        **options: Any,
    ) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        chosen = read_mapping(mapping) if isinstance(mapping, dict) else mapping
        return import_path(path, ledger, mapping=chosen, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def tickets() -> dict[str, Any]:
    """The plainest mapping: an id, a date, a subject; one row a case."""
    return {
        "zone": "UTC",
        "records": [
            {"kind": "ticket", "fields": {"id": "id", "created_at": "at", "subject": "subject"}}
        ],
    }
