"""What can go wrong with a whole file, mapping or account; a bad row is a `Reject`, no error."""

from __future__ import annotations


class SourceError(Exception):
    """Nothing was imported; the message says what was given, what was expected, what to do."""


class FileUnreadable(SourceError):
    """The file cannot be read as what it should be."""


class MappingError(SourceError):
    """The mapping asks for something that does not exist or does not fit."""


class Unreachable(SourceError):
    """The vendor did not answer as agreed for as long as was agreed; trying later may help."""


class Refused(SourceError):
    """The vendor does not let us in (401), or not to this (402, 403)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Missing(SourceError):
    """The vendor has nothing at that address (404, 410)."""


class Declined(SourceError):
    """The vendor understood and will not do it, such as for a cursor it no longer knows (400)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Busy(SourceError):
    """Another process is at the same work."""


class Paused(SourceError):
    """Whoever asked for a pull told it to stop for now; what came so far is kept."""
