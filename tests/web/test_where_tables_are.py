"""Where the site's tables are, and how many processes serve them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres_server import new_database, running
from sanjeh.web.database import database

USUAL = Path("/data/web.sqlite3")


@pytest.mark.parametrize(
    ("named", "name"), [("", USUAL), ("/else/where.sqlite3", "/else/where.sqlite3"), ("x", "x")]
)
def test_nothing_or_a_path_is_sqlite(named: str, name: Path | str) -> None:
    told = database(named, USUAL)
    assert (told["ENGINE"], told["NAME"]) == ("django.db.backends.sqlite3", name)


def test_address_is_postgresql_with_its_odd_letters() -> None:
    told = database(
        "postgresql://the%40desk:p%2Fw%3A%25@db.shop.test:6543/sanjeh?sslmode=require", USUAL
    )
    assert told == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "sanjeh", "USER": "the@desk", "PASSWORD": "p/w:%", "HOST": "db.shop.test",
        "PORT": "6543", "OPTIONS": {"connect_timeout": 10, "sslmode": "require"},
    }  # fmt: skip


def test_address_without_a_database_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="names no database") as told:
        database("postgresql://user:hidden@host", USUAL)
    assert "hidden" not in str(told.value)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running() as address:
        yield address


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _serve(home: Path, port: int, *words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sanjeh", "--home", str(home), "serve", "--port", str(port), *words],
        env={**os.environ, **environment}, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _answers(port: int, within: float = 90.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as told:
                return bool(told.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def _workers(of: int) -> list[int]:
    command = ["ps", "-ww", "--ppid", str(of), "-o", "pid=", "-o", "args="]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in told.splitlines() if "spawn_main" in line]


@pytest.mark.slow
def test_two_processes_serve_from_postgresql_and_leave_together(
    postgres: str, tmp_path: Path
) -> None:
    port = _port()
    address = new_database(postgres, "two")
    served = _serve(tmp_path, port, "--processes", "2", SANJEH_DATABASE=address)
    try:
        assert _answers(port)
        import psycopg

        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT count(*) FROM people_invitation").fetchone()
        assert row == (1,)  # the first link was made there, and once
        until = time.monotonic() + 30
        while len(_workers(served.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        workers = _workers(served.pid)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)  # the other answers, and a new one comes
        assert _answers(port)
        served.kill()  # the first process alone: the others leave by themselves
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except ConnectionRefusedError:
                break
            time.sleep(0.2)
        else:
            pytest.fail("the port is still taken")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(served.pid, signal.SIGKILL)
        served.wait(10)
    assert not (tmp_path / "web" / "web.sqlite3").exists()
