"""Errors that a user can meet, to a message on stderr and an exit code.

0 fine; 1 nothing was imported or done; 2 wrong usage, or a metric, dimension, option or value
that is not known; 3 the home is busy or the disk is full; 130 interrupted. Anything else is a
fault of the program and shows its traceback.
"""

from __future__ import annotations

import errno

NOTHING_DONE = 1
WRONG_USAGE = 2
BUSY_OR_FULL = 3
INTERRUPTED = 130

# By name, so that no room is imported only to compare with its errors; the nearest class wins.
_CODES = {
    "sanjeh.ledger.errors.LedgerBusy": BUSY_OR_FULL,
    "sanjeh.ledger.errors.LedgerDiskFull": BUSY_OR_FULL,
    "sanjeh.ledger.errors.LedgerError": WRONG_USAGE,
    "sanjeh.sources.errors.FileUnreadable": NOTHING_DONE,
    "sanjeh.sources.errors.SourceError": WRONG_USAGE,
    "sanjeh.sources.errors.Busy": BUSY_OR_FULL,
    "sanjeh.sources.errors.Unreachable": NOTHING_DONE,
    "sanjeh.sources.errors.Refused": NOTHING_DONE,
    "sanjeh.sources.errors.Missing": NOTHING_DONE,
    "sanjeh.sources.errors.Declined": NOTHING_DONE,
    "sanjeh.answers.question.QuestionError": WRONG_USAGE,
    "sanjeh.answers.periods.PeriodError": WRONG_USAGE,
    "sanjeh.metrics.registry.UnknownMetric": WRONG_USAGE,
    "sanjeh.metrics.options.UnknownOption": WRONG_USAGE,
    "sanjeh.hours.errors.HoursError": WRONG_USAGE,
    "sanjeh.facts.generations.FactsError": BUSY_OR_FULL,
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = (
    "no space left", "disk is full", "quota exceeded", "file too large", "disk i/o error",
)  # fmt: skip


def exit_code(error: BaseException) -> int | None:
    """The exit code of an error that a user can meet; None for a fault of the program."""
    for kind in type(error).__mro__:
        code = _CODES.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code
    if getattr(error, "errno", None) in _FULL or _speaks_of_a_full_disk(error):
        return BUSY_OR_FULL
    if isinstance(error, (PermissionError, NotADirectoryError, FileExistsError)):
        return WRONG_USAGE
    return None


def _speaks_of_a_full_disk(error: BaseException) -> bool:
    """An engine that cannot write says so in words of its own."""
    rooms = ("duckdb", "_duckdb", "sqlite3")
    if isinstance(error, OSError) or type(error).__module__.split(".")[0] in rooms:
        text = str(error).lower()
        return any(words in text for words in _FULL_WORDS)
    return False


def message(error: BaseException) -> str:
    """What to print: the error's own words, or for the system's errors what they concern."""
    if exit_code(error) == BUSY_OR_FULL and not type(error).__module__.startswith("sanjeh"):
        return "The disk is full; nothing of this was kept. Make room and do it again."
    if isinstance(error, OSError) and error.strerror:
        place = f" {error.filename}" if error.filename else ""
        return f"{error.strerror}:{place}. Give another folder with --home, or change its rights."
    text = str(error)
    return text[:1].upper() + text[1:] if text else type(error).__name__
