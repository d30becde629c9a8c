"""Every command, registered by being imported here."""

from __future__ import annotations

from sanjeh.cli import (  # noqa: F401
    bring_in,
    catalogue,
    check,
    closed,
    compare,
    connecting,
    demo,
    glossary,
    open_hours,
    persons,
    report,
    serve,
    show,
    targets,
    working,
)
from sanjeh.cli.application import app

__all__ = ["app"]
