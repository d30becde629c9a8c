"""Bringing the figures up to what was written, as long work beside the pages."""

from __future__ import annotations

from sanjeh.home import Home
from sanjeh.web.jobs import queue


def begin(who: str) -> None:
    """Have the facts of the site's home refreshed."""
    queue.refresh(who)


def standing(home: Home) -> str | None:
    """`running` while figures are brought up to date, `behind` where that failed, else None."""
    current = home.facts().current()
    if current is None or current.version >= home.ledger().snapshot().version:
        return None
    return "running" if queue.unfinished() else "behind"
