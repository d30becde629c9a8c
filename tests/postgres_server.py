"""A PostgreSQL of the tests' own: on loopback, in a folder of its own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STARTS_WITHIN = 30.0  # seconds
USER = "sanjeh"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: on the path, Debian's, or named in POSTGRES_BIN."""
    found = shutil.which("initdb")
    named = os.environ.get("POSTGRES_BIN")
    folders = [
        *([Path(named)] if named else []),
        *([Path(found).parent] if found else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    ]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _other() -> str | None:
    """Who runs it: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@contextmanager
def running() -> Iterator[str]:
    """The address of a server, without a database's name. Skips where there is no PostgreSQL."""
    found = programs()
    if found is None:
        why = "no PostgreSQL: apt-get install postgresql, or name its folder in POSTGRES_BIN"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="sanjeh-pg-"))
    other = _other()
    if other is not None:
        os.chown(folder, pwd.getpwnam(other).pw_uid, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(
        [found / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-N", "-E", "UTF8",
         "--locale=C"],
        check=True, user=other, cwd=folder, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [found / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", "",
         "-c", "fsync=off", "-c", "max_connections=200"],
        user=other, cwd=folder, stdout=log, stderr=log,
    )  # fmt: skip
    address = f"postgresql://{USER}@127.0.0.1:{port}"
    try:
        _wait(address, server, folder / "log")
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for who is still connected
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(f"{address}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {log.read_text()}")


def new_database(address: str, name: str) -> str:
    """The address of a new, empty database."""
    import psycopg

    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{address}/{name}"
