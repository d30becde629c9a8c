"""A fresh ledger for each test of the room."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_cases import open_ledger

from sanjeh.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path / "home")
