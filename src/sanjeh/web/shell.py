"""What every page has around its figures: language, navigation, who looks, how fresh it is."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sanjeh.report.language import Language, language_of

FOLDER = Path(__file__).parent / "locales"


@cache
def site_language(code: str) -> Language:
    """The report's words with those of the pages beside, under `site`: one file an area."""
    words: dict[str, Any] = {}
    for file in sorted((FOLDER / code).glob("*.toml")):
        found = tomllib.loads(file.read_text("utf-8"))
        twice = words.keys() & found.keys()
        if twice:
            raise ValueError(f"{file} says again what another file says: {', '.join(twice)}.")
        words |= found
    return Language(code, {**language_of(code).words, "site": words})


def language_for(request: HttpRequest) -> Language:
    """The language that the reader has chosen."""
    return site_language(str(getattr(request, "LANGUAGE_CODE", "en")))


def dimension_name(language: Language, name: str) -> str:
    """What a dimension is called; a field of one's own by its own name."""
    return str(language.words["site"]["dimensions"].get(name, name.partition(".")[2] or name))


def column_name(language: Language, name: str) -> str:
    """What a column of rows is called."""
    known = language.words["site"]["columns"].get(name)
    return str(known) if known else dimension_name(language, name)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names for the templates."""
    language = language_for(request)
    place = getattr(request, "seat", None)
    entries = [("overview", "overview"), ("figures", "figures"), ("glossary", "glossary")]
    menu = [
        {
            "url": reverse(name), "text": language.text(f"site.nav.{key}"),
            "here": request.path == reverse(name),
        }
        for name, key in entries
    ]  # fmt: skip
    return {
        "language": language,
        "direction": language.direction,
        "say": _Saying(language),
        "menu": menu if place else [],
        "place": place,
        "languages": settings.LANGUAGES,
        "here": request.get_full_path(),
    }


class _Saying:
    """`{{ say.nav_overview }}` in a template: the words under site.nav.overview."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __getitem__(self, key: str) -> str:
        return str(self._language.text(f"site.{key.replace('__', '.')}"))
