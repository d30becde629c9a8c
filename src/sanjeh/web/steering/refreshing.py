"""Bringing the figures up to what was written, in a process of its own, while the pages answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from sanjeh.home import Home

_running: dict[Path, subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


def begin(home: Home) -> None:
    """Refresh the facts of a home; one that runs already is followed by this one."""
    with _lock:
        before = _running.get(home.path)
        if before is not None:
            before.poll()  # so that one that is over is not kept by the system
        _running[home.path] = subprocess.Popen(
            [sys.executable, "-m", "sanjeh", "--home", str(home.path), "refresh"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip


def standing(home: Home) -> str | None:
    """`running` while figures are brought up to date, `behind` where that failed, else None."""
    with _lock:
        process = _running.get(home.path)
        is_running = process is not None and process.poll() is None
    current = home.facts().current()
    if current is None or current.version >= home.ledger().snapshot().version:
        return None
    return "running" if is_running else "behind"
