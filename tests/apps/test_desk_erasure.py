"""Erasing a person leaves no word of theirs in the desk's tables, and every figure as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NAME, WORDS = "Zebulon Quagmire", "my parrot swallowed the voucher"

MAKE = """
import datetime as dt, sys
from pathlib import Path
from sanjeh.web.site import prepare
prepare(Path(sys.argv[1]))
from sanjeh.apps.desk import actions
from sanjeh.apps.desk.members import enrol
now = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ada = enrol(now, "Ada")
actions.choose_presence(now, ada, "available")
for visitor, name, words in (("v1", NAME, WORDS), ("v2", "Nia", "where is my parcel")):
    answers = {"name": name, "email": name + "@x.example"}
    begin = actions.Start(visitor=visitor, nonce="a", body=words, answers=answers)
    chat = actions.start(now, begin)
    actions.accept(now, ada, chat=chat.pk)
    actions.say(now, ada, chat.pk, "b", "Dear " + name)
    actions.note(now, ada, chat.pk, "c", name + " again")
    actions.followup(now, ada, chat.pk, "call", now, "ring " + name)
    actions.close(now, ada, chat.pk, "resolved")
    actions.wrapped(now, ada, chat.pk)
""".replace("NAME", repr(NAME)).replace("WORDS", repr(WORDS))


def run(*command: Any) -> str:
    """In a process of its own: Django is bound to one home."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SANJEH_")}
    done = subprocess.run(
        [sys.executable, *map(str, command)], env=environment, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_no_word_of_an_erased_person_is_left_under_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    run("-c", MAKE, home)

    def holders(text: str) -> list[str]:
        files = (p for p in home.rglob("*") if p.is_file())
        return [p.name for p in files if text.encode() in p.read_bytes()]

    assert holders(WORDS) != []
    run("-m", "sanjeh", "erase", "customer", "v1", "--source", "desk", "--yes", "--home", home)
    assert (holders(NAME), holders(WORDS)) == ([], [])
    assert holders("where is my parcel") != []  # nobody else's
    shown = run("-m", "sanjeh", "show", "chats_served", "--home", home, "--format", "json")
    assert '"value": 2' in shown
