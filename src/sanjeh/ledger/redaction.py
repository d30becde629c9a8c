"""Finding and covering a person's name, addresses and ids in text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sanjeh.ledger.delta import literal

COVER: Final = "█"
_SHORTEST: Final = 3
_TELLING_DIGITS: Final = 7

# Letters that are written one way and meant the other (catalogue 7.4).
_ALIKE: Final = ("یيى", "کك", "هة", "её", "0۰٠", "1۱١", "2۲٢", "3۳٣", "4۴٤", "5۵٥", "6۶٦", "7۷٧")
_CLASSES: Final = {letter: f"[{group}]" for group in (*_ALIKE, "8۸٨", "9۹٩") for letter in group}


@dataclass(frozen=True)
class Needles:
    """What names one person, as patterns of whole words.

    words: everything of at least three characters. telling: those that name the person outside
    free text too; a short bare number does not (it may as well be a ticket's number).
    """

    words: tuple[str, ...]
    telling: tuple[str, ...]

    @staticmethod
    def of(texts: Iterable[str]) -> Needles:
        words = sorted({" ".join(t.split()) for t in texts}, key=lambda w: (-len(w), w))
        words = [w for w in words if len(w) >= _SHORTEST]
        telling = [w for w in words if not w.isdigit() or len(w) >= _TELLING_DIGITS]
        return Needles(tuple(words), tuple(telling))

    def matches(self, expression: str, *, free: bool) -> str:
        """SQL (DuckDB): whether the text holds any of the needles."""
        words = self.words if free else self.telling
        if not words:
            return "false"
        return f"coalesce(regexp_matches({expression}, {literal(_re2(words))}), false)"

    def covered(self, expression: str, *, free: bool) -> str:
        """SQL (DuckDB): the text with the needles covered."""
        words = self.words if free else self.telling
        if not words:
            return expression
        pattern = literal(_re2(words))
        once = f"regexp_replace({expression}, {pattern}, '\\1{COVER}\\2', 'g')"
        # Neighbours share the blank between them, so a second pass takes every other one.
        return f"regexp_replace({once}, {pattern}, '\\1{COVER}\\2', 'g')"

    def covered_value(self, value: Any) -> Any:
        """A JSON value with the needles covered in every text of it, keys included."""
        if isinstance(value, str) and self.words:
            return _python(self.words).sub(COVER, value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return COVER if str(value) in self.telling else value
        if isinstance(value, list):
            return [self.covered_value(v) for v in value]
        if isinstance(value, dict):
            return {self.covered_value(k): self.covered_value(v) for k, v in value.items()}
        return value

    def covered_line(self, line: str) -> str:
        """One line of JSON (or of anything) with the needles covered."""
        try:
            value = json.loads(line)
        except ValueError:
            return str(self.covered_value(line))
        covered = self.covered_value(value)
        return line if covered == value else json.dumps(covered, ensure_ascii=False)


def _pattern(word: str) -> str:
    made = []
    for letter in word:
        if letter.isspace():
            made.append("[\\s\u200c\u00a0]+")
        else:
            made.append(_CLASSES.get(letter.lower(), re.escape(letter)))
    return "".join(made)


def _re2(words: Iterable[str]) -> str:
    # RE2 has no look-around and its \b knows ASCII only, hence the two outer groups.
    inner = "|".join(_pattern(w) for w in words)
    return f"(?i)(^|[^\\pL\\pN_])(?:{inner})($|[^\\pL\\pN_])"


def _python(words: Iterable[str]) -> re.Pattern[str]:
    inner = "|".join(_pattern(w) for w in words)
    return re.compile(f"(?<!\\w)(?:{inner})(?!\\w)", re.IGNORECASE)
