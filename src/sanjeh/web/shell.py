"""What every page has around its figures: language, navigation, who looks, how fresh it is."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from sanjeh.report.language import Language, language_of

if TYPE_CHECKING:
    from sanjeh.web.people.roles import Place

FOLDER = Path(__file__).parent / "locales"


@cache
def site_language(code: str) -> Language:
    """The report's words with those of the pages beside, under `site`: one file an area.

    `[[told]]` of an area are more sentences that answers and refusals are told by.
    """
    words: dict[str, Any] = {}
    told: list[Any] = []
    for file in sorted((FOLDER / code).glob("*.toml")):
        found = tomllib.loads(file.read_text("utf-8"))
        told += found.pop("told", [])
        twice = words.keys() & found.keys()
        if twice:
            raise ValueError(f"{file} says again what another file says: {', '.join(twice)}.")
        words |= found
    known = language_of(code).words
    return Language(code, {**known, "told": [*known.get("told", []), *told], "site": words})


def language_for(request: HttpRequest) -> Language:
    """The language that the reader has chosen."""
    return site_language(str(getattr(request, "LANGUAGE_CODE", "en")))


def dimension_name(language: Language, name: str) -> str:
    """What a dimension is called; a field of one's own by its own name."""
    return language.dimension(name)


def column_name(language: Language, name: str) -> str:
    """What a column of rows is called."""
    known = language.words["site"]["columns"].get(name)
    return str(known) if known else dimension_name(language, name)


# The menu, in the order of a manager's questions: name of the address, and who may.
EVERYONE, ANSWERS, CHANGES = "everyone", "answers", "changes"
MENU = (
    ("overview", EVERYONE), ("team", EVERYONE), ("business", EVERYONE), ("agents", EVERYONE),
    ("waiting", EVERYONE), ("backlog", EVERYONE), ("satisfaction", EVERYONE),
    ("topics", EVERYONE), ("website", EVERYONE), ("time", EVERYONE),
    ("figures", EVERYONE), ("check", EVERYONE), ("glossary", EVERYONE),
    ("console", ANSWERS), ("data", CHANGES), ("settings", CHANGES),
)  # fmt: skip


# Each area's own style, after what all share.
STYLES = (
    "report", "site", "charts", "fonts", "overview", "sides", "work", "data", "filters", "settings",
    "closing",
)  # fmt: skip


def menu_for(place: Place, path: str, language: Language) -> list[dict[str, Any]]:
    """The entries that exist and that the reader may open; the longest that fits is `here`."""
    from sanjeh.web.desk.roles import answers  # whose models need settings, as this room does not

    found = []
    for name, who in MENU:
        if (who == CHANGES and not place.may_change) or (who == ANSWERS and not answers(place)):
            continue
        try:
            found.append((name, reverse(name)))
        except NoReverseMatch:
            continue
    fitting = [url for _, url in found if path == url or (url != "/" and path.startswith(url))]
    here = max(fitting, key=len, default=None)
    return [
        {"url": url, "text": language.text(f"site.nav.{name}"), "here": url == here}
        for name, url in found
    ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names for the templates."""
    language = language_for(request)
    place = getattr(request, "seat", None)
    menu = menu_for(place, request.path, language) if place else []
    return {
        "language": language,
        "direction": language.direction,
        "say": _Saying(language),
        "styles": [f"web/{name}.css" for name in STYLES],
        "menu": menu,
        "section": next((e["text"] for e in menu if e["here"]), None),
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
