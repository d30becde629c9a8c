"""The one family of errors of this room."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class HoursError(ValueError):
    """A calendar, an instant or a grid that cannot be used; the message says what to do."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return " Did you mean …?" with the closest known names, or nothing when none is close."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(given.lower(), by_lower, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(repr(by_lower[name]) for name in close)}?" if close else ""
