"""`sanjeh demo`: the shipped log imported once, with its known figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_cases import run


@pytest.mark.slow
def test_demo_imports_once_and_tells_the_known_figures(tmp_path: Path) -> None:
    first = run("--home", tmp_path / "home", "demo").stdout
    assert "real, public and anonymised" in first
    assert "CC BY 4.0" in first
    assert "141,707 of 141,712 rows understood" in first
    assert "Half within 16.1\u00a0h, nine of ten within 15\u00a0d, mean 7\u00a0d" in first
    assert "Resolution rate: 99.9% (24,905 of 24,918)" in first
    assert "Resolution time: closed without a solution recorded 13" in first
    assert f"$ sanjeh show resolution_time --home {tmp_path / 'home'}" in first
    second = run("demo", "--home", tmp_path / "home").stdout
    assert "nothing is imported again" in second
    assert first.partition("How much comes in")[2] == second.partition("How much comes in")[2]
