"""Seconds from a chat's end to its being counted by the pages: through table, inbox and facts.

Starts `sanjeh serve` on the home, ends chats on the desk's tables as a socket's process would, and
asks the server's page of the figure until it counts them.

    python benchmarks/counted.py --home HOME --chats 5
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 120  # seconds


def main() -> None:
    """Measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, required=True)
    asked.add_argument("--chats", type=int, default=5)
    given = asked.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    os.environ["SANJEH_HOME"] = str(given.home.resolve())
    from sanjeh.web.site import prepare

    prepare(given.home.resolve())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "sanjeh", "--home", str(given.home), "serve", "--port", str(port),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            taken = [one(given.home.resolve(), number) for number in range(given.chats)]
        finally:
            server.terminate()
    print(f"load {os.getloadavg()[0]:.1f}")
    print("seconds:", " ".join(f"{s:.1f}" for s in taken))
    print(f"median {statistics.median(taken):.1f}, most {max(taken):.1f}")


def one(home: Path, number: int) -> float:
    """End one chat, and wait until the facts have it."""
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.members import enrol
    from sanjeh.apps.desk.models import Member

    now = dt.datetime.now(dt.UTC)
    member = Member.objects.filter(user=None).first() or enrol(now, "Ada")
    actions.choose_presence(now, member, "available")
    visitor = f"counted-{number}-{time.time_ns()}"
    chat = actions.start(now, actions.Start(visitor=visitor, nonce="a", body="hello"))
    actions.accept(now, member, chat=chat.pk)
    actions.say(now, member, chat.pk, "b", "yes")
    actions.close(now, member, chat.pk, "resolved")
    actions.wrapped(now, member, chat.pk)
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if counted(home, f"desk/{chat.key}"):
            return time.monotonic() - began
        time.sleep(0.1)
    raise SystemExit(f"{chat.key} was not counted within {PATIENCE} s")


def counted(home: Path, chat: str) -> bool:
    """Whether the facts that pages read have the chat as served."""
    from sanjeh.answers.ask import Answers
    from sanjeh.engines.duck import DuckEngine
    from sanjeh.home import Home

    current = Home(home).facts().current()
    if current is None:
        return False
    answers = Answers(home, Home(home).ledger(), DuckEngine, current)
    try:
        rows = answers.engine.rows(
            f"SELECT outcome_class FROM conversations WHERE conversation_id = '{chat}'"
        )
    finally:
        answers.close()
    return bool(rows.column("outcome_class").to_pylist() == ["served"])


if __name__ == "__main__":
    main()
