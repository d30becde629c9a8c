"""A served home and a real browser: Debian's Chromium, or the one that CHROMIUM names."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from record_homes import shared
from sanjeh.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STARTS_WITHIN = 90.0  # seconds; a busy machine compiles for a while


def chromium() -> str | None:
    """The browser's path, None where there is none."""
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


@pytest.fixture(scope="module")  # while it is there, a loop runs that Django does not work beside
def browser() -> Iterator[Browser]:
    """Chromium without a window. On a machine without it the tests are skipped, in CI they fail."""
    found = chromium()
    if found is None:
        why = "no Chromium: apt-get install chromium, or name one in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield made
        made.close()


def simulated(path: Path) -> Home:
    """A month of the Persian shop, smaller than the demonstration's year."""
    import datetime as dt

    from sanjeh.simulation import simulate, write

    home = Home(path)
    operation = simulate("fa", days=45, until=dt.date(2026, 11, 1), seed=1, conversations=3_000)
    write(operation, home.ledger())
    home.refresh()
    return home


@contextmanager
def served(home: Path, *words: str, **environment: str) -> Iterator[str]:
    """The address at which a home is served by a process of its own, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sanjeh", "--home", str(home), "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **environment}, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


@pytest.fixture(scope="session")
def serving() -> Any:
    """`served`, for tests that serve homes of their own."""
    return served


def _wait(address: str, process: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            told = process.stdout.read().decode() if process.stdout else ""
            pytest.fail(f"the server ended: {told}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"no answer within {STARTS_WITHIN} s")


@pytest.fixture(scope="module")
def site(shared_folder: Path) -> Iterator[str]:
    """The address of the Persian shop, open to everyone."""
    home = shared(shared_folder / "browser home", simulated)
    with served(home.path, "--open") as address:
        yield address
