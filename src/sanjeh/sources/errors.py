"""What can go wrong with a whole file or mapping; a bad row is a `Reject`, not an error."""

from __future__ import annotations


class SourceError(Exception):
    """Nothing was imported; the message says what was given, what was expected, what to do."""


class FileUnreadable(SourceError):
    """The file cannot be read as what it should be."""


class MappingError(SourceError):
    """The mapping asks for something that does not exist or does not fit."""
