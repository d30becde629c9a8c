"""Making the site ready and serving it."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from pathlib import Path

from sanjeh.home import VARIABLE

FRAME_BYTES = 32_000  # of one message on a socket; what is longer ends the connection
STARTS_WITHIN = 60  # seconds that a process has to begin; one that is silent for longer is replaced
LEAVES_WITHIN = 10  # seconds that answers under way have when the server stops


def prepare(home: Path, *, is_open: bool = False) -> None:
    """Bind this process to a home and bring its tables of people up to date.

    Two processes may start on one home at once: one of them changes the tables, the other waits.
    """
    os.environ[VARIABLE] = str(home)
    (home / "web" / "uploads").mkdir(parents=True, exist_ok=True)
    os.environ["SANJEH_OPEN"] = "yes" if is_open else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanjeh.web.settings")
    import django
    from django.core.management import call_command

    django.setup()
    with (home / "web" / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("migrate", verbosity=0, interactive=False)
        from sanjeh.web.people.answering import seat_everybody

        seat_everybody(dt.datetime.now(dt.UTC))


def erase(home: Path, role: str, person: str) -> int:
    """Remove a person from what the desk itself holds; how many rows that touched.

    What waits for the ledger is moved into it first, where it is erased next.
    """
    from sanjeh.web.database import SCHEMES

    named = os.environ.get("SANJEH_DATABASE", "")
    is_here = named.startswith(SCHEMES) or Path(named or home / "web" / "web.sqlite3").exists()
    if not is_here:
        return 0
    prepare(home)
    from sanjeh.apps.desk import erasing
    from sanjeh.apps.handing.outbox import move
    from sanjeh.ledger import Ledger

    touched = erasing.erase(role, person)
    move(Ledger(home))
    erasing.shred()
    return touched


def first_link(base: str) -> str | None:
    """The one-time link that makes the administrator; None where there is an account already."""
    from sanjeh.web.people.invitations import invite_first

    token = invite_first()
    return None if token is None else f"{base}/welcome/{token}/"


def try_link(base: str, language: str | None) -> str | None:
    """The link to the console of an example, for a day; its survey speaks the language.

    None where no language is given, or somebody's own account has the example's name. Then nobody
    is signed in by an earlier link any more.
    """
    from sanjeh.web.people import trial
    from sanjeh.web.shell import site_language

    if language is None:
        trial.end()
        return None

    spoken = site_language(language)
    survey, sender = (spoken.text(f"site.onsite.shop.{key}") for key in ("survey", "title"))
    try:
        return f"{base}/try/{trial.begin(survey, sender)}/"
    except trial.TrialError:
        return None


def serve(host: str, port: int, processes: int = 1) -> None:
    """Answer requests until stopped, with somebody who looks after the long work.

    Several processes share the port; those who work beside do so in the one that
    started them.
    """
    import uvicorn
    from django.conf import settings

    from sanjeh.apps.mail.sending import Postman
    from sanjeh.apps.surveys.solved import Asker
    from sanjeh.web.jobs.carrying import Carrier
    from sanjeh.web.jobs.foreman import Foreman

    os.environ["SANJEH_FIRST"] = str(os.getpid()) if processes > 1 else ""
    if not os.environ.get("SANJEH_ADDRESS"):  # links in letters lead here
        here = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        os.environ["SANJEH_ADDRESS"] = settings.SITE_ADDRESS = here
    home = Path(os.environ[VARIABLE])
    beside = (Foreman(home), Carrier(home), Postman(), Asker(home))
    for one in beside:
        one.start()
    try:
        uvicorn.run(
            "sanjeh.web.asgi:application", host=host, port=port, log_level="warning",
            access_log=False, server_header=False, workers=processes, lifespan="on",
            ws_max_size=FRAME_BYTES, ws_per_message_deflate=False,
            timeout_graceful_shutdown=LEAVES_WITHIN, timeout_worker_healthcheck=STARTS_WITHIN,
        )  # fmt: skip
    finally:
        for one in reversed(beside):
            one.stop()
