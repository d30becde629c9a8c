"""The answer to a page that says hello: who the visitor is, and what the widget has to know."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sanjeh.apps.desk import actions, telling
from sanjeh.apps.desk.models import Chat, Team
from sanjeh.apps.desk.rules import Rules, rules
from sanjeh.apps.desk.sockets.contents import ENDINGS
from sanjeh.apps.desk.sockets.files import MOST_BYTES
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import invitations, visits
from sanjeh.apps.site.tokens import token_of

LANGUAGES: Final = ("en", "fa", "ru")


def greet(
    *,
    visitor: str | None,
    page: visits.Page | None,
    caller: visits.Caller,
    consent: bool | None,
    language: str,
    known: actions.Known | None,
    now: dt.datetime,
) -> dict[str, Any]:
    """The answer, with the visit begun or gone on with."""
    spoken = spoken_of(language)
    with turn():
        if known is not None:
            actions.recognise(now, known)
        whose = None if known is None else visits.Known(known.id, known.email)
        coming = visits.come(visitor, page, caller, consent=consent, now=now, known=whose)
        invited = invitations.offered(coming.visit, spoken, now)
        who = coming.visitor.id
        chat = Chat.objects.filter(visitor=who, ended_at=None).values_list("pk", flat=True).first()
    return {
        "token": token_of(who),
        "visitor": who,
        "visit": None if coming.visit is None else coming.visit.id,
        "settings": settings_of(rules(), spoken),
        "open": telling.opening(now),
        "invitations": invited,
        "chat": chat,
    }


def spoken_of(language: str) -> str:
    """The language in which a visitor is spoken to."""
    code = language.replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else "en"


def settings_of(held: Rules, language: str) -> dict[str, Any]:
    """What the widget shows and asks."""
    return {
        "title": worded(held.title, language),
        "greeting": worded(held.greeting, language),
        "privacy": worded(held.privacy, language),
        "language": language,
        "questions": [_question(one, language) for one in held.questions],
        "teams": list(Team.objects.filter(is_active=True).order_by("name").values("id", "name")),
        "files": {
            "most_bytes": MOST_BYTES,
            "types": sorted({f".{e}" for endings in ENDINGS.values() for e in endings}),
        },
        "sound": held.has_sound,
    }


def worded(words: Any, language: str) -> str:
    """Words in a language, else in English, else in any."""
    if isinstance(words, dict):
        found = words.get(language) or words.get("en") or next(iter(words.values()), "")
        return str(found)
    return str(words or "")


def _question(held: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "name": str(held.get("name", "")),
        "label": worded(held.get("label"), language),
        "kind": held.get("kind", "text"),
        "choices": [worded(one, language) for one in held.get("choices") or []],
        "required": bool(held.get("required")),
    }
