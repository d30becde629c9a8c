"""Default words of surveys and their letters, by language: `wording/CODE.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sanjeh.words import persian_digits

LANGUAGES = ("en", "fa", "ru")
FOLDER = Path(__file__).parent / "wording"


@cache
def words(language: str) -> dict[str, Any]:
    """All words of a language; English where there is none of it."""
    code = language if language in LANGUAGES else "en"
    return tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))


def word(language: str, key: str, **parts: str) -> str:
    """The words under a dotted key, their places filled."""
    found: Any = words(language)
    for name in key.split("."):
        found = found[name]
    return str(found).format(**parts)


def by_language(key: str) -> dict[str, str]:
    """The words under a key in each language."""
    return {code: word(code, key) for code in LANGUAGES}


def digits(text: str, language: str) -> str:
    """A number as the language writes it."""
    return persian_digits(text) if language == "fa" else text


def direction(language: str) -> str:
    """ltr or rtl."""
    return "rtl" if language == "fa" else "ltr"
