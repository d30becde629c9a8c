"""What a process of the site does beside answering: begun with it, ended with it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import tempfile

from django.conf import settings

from sanjeh.apps.desk.sockets.application import Sockets
from sanjeh.web.gate import App, Receive, Scope, Send

log = logging.getLogger(__name__)
LOOKS_EVERY = 0.5  # seconds between two looks at whether the first process is still there


def living(app: App, sockets: Sockets) -> App:
    """The application that begins and ends its process's own work when the server says so."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, sockets)
        else:
            await app(scope, receive, send)

    return handle


async def live(receive: Receive, send: Send, sockets: Sockets) -> None:
    """From the server's start to its stop."""
    await receive()
    begin()
    await sockets.start()
    watch = asyncio.create_task(leave_with(os.environ.get("SANJEH_FIRST", "")))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    watch.cancel()
    await sockets.stop()
    await send({"type": "lifespan.shutdown.complete"})


def begin() -> None:
    """Begin what needs nobody to ask for it."""
    from sanjeh.web.pages import warming

    # What comes in is on its way to where it is kept; the system's own folder may be memory.
    tempfile.tempdir = settings.FILE_UPLOAD_TEMP_DIR
    warming.start()


async def leave_with(first: str) -> None:
    """End where the process that started this one is gone, so that the port is free again.

    first: its number; empty where this one was started by nobody of ours.
    """
    if not first:
        return
    while os.getppid() == int(first):
        await asyncio.sleep(LOOKS_EVERY)
    log.warning("The process that started this one is gone: leaving too.")
    os.kill(os.getpid(), signal.SIGTERM)
