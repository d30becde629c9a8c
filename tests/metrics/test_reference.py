"""The generated pages in the repository are current."""

from __future__ import annotations

from pathlib import Path

from sanjeh.reference import pages

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def test_generated_pages_are_current() -> None:
    for name, text in pages().items():
        found = (FOLDER / name).read_text("utf-8") if (FOLDER / name).exists() else ""
        assert found == text, f"docs/reference/{name} is stale: run `make docs`"
