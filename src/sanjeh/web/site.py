"""Making the site ready and serving it."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

from sanjeh.home import VARIABLE


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


def first_link(base: str) -> str | None:
    """The one-time link that makes the administrator; None where there is an account already."""
    from sanjeh.web.people.invitations import invite_first

    token = invite_first()
    return None if token is None else f"{base}/welcome/{token}/"


def serve(host: str, port: int) -> None:
    """Answer requests until stopped, with somebody who looks after the long work."""
    import uvicorn
    from django.conf import settings

    from sanjeh.web.jobs.foreman import Foreman
    from sanjeh.web.pages import warming

    # What comes in is on its way to where it is kept; the system's own folder may be memory.
    tempfile.tempdir = settings.FILE_UPLOAD_TEMP_DIR
    foreman = Foreman(Path(settings.HOME))
    foreman.start()
    warming.start()
    try:
        uvicorn.run(
            "sanjeh.web.asgi:application", host=host, port=port, log_level="warning",
            access_log=False, server_header=False,
        )  # fmt: skip
    finally:
        foreman.stop()
