"""What the desk refuses, in the words of the protocol."""

from __future__ import annotations


class Refused(Exception):
    """An action that is not done; `code` is for machines, `message` for developers, in English.

    Codes: unknown (no such thing, or none of yours), ended, not_yours, gone (the offer is over),
    not_available, full, wrong (a field), long, empty, too_fast, closed.
    """

    def __init__(self, code: str, message: str, after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.after_seconds = code, message, after_seconds
