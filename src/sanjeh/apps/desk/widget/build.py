"""The widget's one script, put together from the plain files of this folder and made small.

    npm install --prefix DIR esbuild@0.28
    ESBUILD=DIR/node_modules/.bin/esbuild python -m sanjeh.apps.desk.widget.build

esbuild is needed for this alone; what it made is kept in the repository, with the hash of what it
was made of in its first line. A test says when that was forgotten.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
MADE: Final = HERE.parent / "static" / "desk" / "widget.js"
LOOK: Final = "look.css"
PARTS: Final = (
    "words.js", "dom.js", "store.js", "line.js", "log.js", "forms.js", "composer.js", "panel.js",
    "visit.js", "widget.js",
)  # fmt: skip

OWN: Final = (
    "renderStart", "afterwards", "afterNodes", "afterLook", "surveyNode", "sentFrames",
    "startNonce", "copyNonce", "copyTo", "invitationShown", "askedPerson", "helloFrame",
    "helloTries", "typingEnds", "flashEnds", "saveDraft", "changeTo", "toggleMenu", "menuKey",
    "lastTheirs", "readMark", "isReady", "remembers", "openness", "composer", "unsent",
    "mayInvite", "invited", "welcomed", "entered", "stated", "typed", "wasSeen", "taken",
    "stands", "greeted", "flashed", "dragging", "takesFiles", "pausing", "askedAt", "settled",
    "beacon", "timers", "lastKey", "wasLeft", "seesNone", "renderLog", "inMemory", "isMute",
    "wasUp", "recorded", "element", "kept", "words", "store", "panel", "log", "foot", "over",
    "badge", "face", "bubble", "drawn", "beat", "heard", "tries", "isUp", "wanted", "later",
    "chips", "pick", "options", "isOpen", "rated", "greet", "begin", "typist", "acts", "launch",
    "narrow", "under", "tell", "take", "render", "forget", "bottom", "flash", "keep",
    "once", "cover", "items", "quiet", "turn",
)  # fmt: skip
"""Names of properties that are ours alone, written shorter; none of them is part of a frame."""


def head() -> str:
    """The first line of the script: what it was made of."""
    parts = [(HERE / name).read_bytes() for name in (LOOK, *PARTS)]
    whole = b"\0".join([*parts, " ".join(OWN).encode()])
    return f"/* Sanjeh's chat, made of {hashlib.sha256(whole).hexdigest()[:16]} */\n"


def build(esbuild: str) -> None:
    """Write the script, and beside it the compressed one that is served. Needs esbuild."""

    def small(text: str, *more: str) -> str:
        command = [esbuild, "--minify", "--charset=utf8", "--legal-comments=none", *more]
        made = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
        return made.stdout.decode("utf-8").strip()

    look = small((HERE / LOOK).read_text("utf-8"), "--loader=css")
    parts = "\n".join((HERE / name).read_text("utf-8") for name in PARTS)
    style = json.dumps(look, ensure_ascii=False)
    whole = f'"use strict";(() => {{\nconst LOOK = {style};\n{parts}}})();'
    names = f"--mangle-props=^({'|'.join(OWN)})$"
    text = (head() + small(whole, "--target=es2022", names) + "\n").encode("utf-8")
    MADE.parent.mkdir(parents=True, exist_ok=True)
    MADE.write_bytes(text)
    MADE.with_suffix(".js.gz").write_bytes(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    found = os.environ.get("ESBUILD") or shutil.which("esbuild")
    if found is None:
        raise SystemExit("esbuild is needed: see the head of this file")
    build(found)
