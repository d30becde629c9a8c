"""Where the pages are served, and how the demonstration ends."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_cases import run

from sanjeh.cli import demo, serve
from sanjeh.home import Home

HOST = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        yield other.getsockname()[1]


def test_next_free_port_is_taken_where_none_is_named(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "USUAL", taken)
    found = serve.free_port(HOST)
    assert taken < found < taken + serve.TRIED
    assert serve.taken(HOST, found) is None


def test_named_port_that_is_taken_is_refused(taken: int, tmp_path: Path) -> None:
    told = run("serve", "--port", taken, "--home", tmp_path, code=2).stderr
    assert f"--port {taken + 1}" in " ".join(told.split())


def test_demonstration_serves_only_where_somebody_watches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[tuple[Path, bool, str]] = []

    def serve_home(home: Home, host: str, port: None, *, is_open: bool, trial: str) -> None:
        assert (host, port) == (HOST, None)
        served.append((home.path, is_open, trial))

    monkeypatch.setattr(demo, "serve_home", serve_home)
    demo.end_with_pages(Home(tmp_path), None, "fa")  # no terminal, as in a pipeline
    assert served == []
    assert f"sanjeh serve --open --home {tmp_path}" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("DEMO_SERVE", "no")
    demo.end_with_pages(Home(tmp_path), None, "fa")
    assert served == []
    monkeypatch.delenv("DEMO_SERVE")
    demo.end_with_pages(Home(tmp_path), None, "fa")
    demo.end_with_pages(Home(tmp_path), False, "fa")
    assert served == [(tmp_path, True, "fa")]


def test_two_starts_at_once_make_the_tables_once(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from sanjeh.web import site; site.prepare(pathlib.Path(sys.argv[1]))"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = [start.communicate(timeout=120)[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], told
