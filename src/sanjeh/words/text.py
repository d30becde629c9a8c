"""Text made comparable, and the nearest names to a misspelt one.

Tags, topics and names are compared after `normalise` (requirement 7.4); the raw form is kept by
whoever calls. The forms of a letter that differ only by keyboard become one.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from sanjeh.words.digits import ascii_digits

_SAME_LETTER = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ی",
        "ё": "е",
        "ـ": None,  # tatweel
        "\u200c": " ",  # half-space
        "\u200b": None,
        "\u200d": None,
        "\u200e": None,
        "\u200f": None,
        "\ufeff": None,
        "\u00ad": None,
    }
)
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """The text in its comparable form: one spelling a letter, ASCII digits, lower case.

    Half-spaces count as spaces and runs of spaces as one; Arabic vowel marks, accents of Latin
    letters and tatweel go; «آ» and «й» keep their marks, being letters of their own.
    """
    if text.isascii():
        return _SPACES.sub(" ", text).strip().lower()
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SAME_LETTER)
    text = "".join(_without_marks(letter) for letter in text)
    return _SPACES.sub(" ", ascii_digits(text)).strip()


def _without_marks(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    if letter in "آй" or letter.isascii():
        return letter
    return "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))


def close_matches(word: str, choices: Iterable[str], *, most: int = 3) -> list[str]:
    """Up to `most` of the choices that look like the word, nearest first; none is an empty list."""
    by_form: dict[str, str] = {}
    for choice in choices:
        by_form.setdefault(normalise(choice), choice)
    found = difflib.get_close_matches(normalise(word), list(by_form), n=most, cutoff=0.6)
    return [by_form[form] for form in found]
