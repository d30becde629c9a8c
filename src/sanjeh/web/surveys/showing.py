"""A survey as its page shows it: questions with what is chosen, in the customer's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sanjeh.apps.surveys.frames import options
from sanjeh.apps.surveys.models import Question
from sanjeh.apps.surveys.wording import LANGUAGES, digits, direction, word, words

NAMES = {"en": "English", "fa": "فارسی", "ru": "Русский"}


def shown(
    request: HttpRequest, name: str, language: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page for customers: found by no search engine, its address told to nobody."""
    code = language if language in LANGUAGES else "en"
    given = {
        "language": code, "direction": direction(code), "say": words(code)["page"],
        "languages": [(c, NAMES[c]) for c in LANGUAGES if c != code], **context,
    }  # fmt: skip
    response = render(request, f"web/surveys/{name}.html", given, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Language"] = code
    return response


def question(
    asked: Question, language: str, chosen: str, wrong: str = ""
) -> dict[str, Any]:  # fmt: skip
    """One question for the template. wrong: the code of what cannot be taken."""
    made: dict[str, Any] = {
        "code": asked.code, "kind": asked.kind, "text": asked.said("texts", language),
        "required": asked.is_required, "chosen": chosen,
        "wrong": word(language, f"page.wrong_{wrong}") if wrong else "",
    }  # fmt: skip
    if asked.kind == "text":
        return made
    if asked.is_scored:
        low, high = asked.low or 0, asked.high or 0
        pairs = [(str(n), digits(str(n), language)) for n in range(low, high + 1)]
        made |= {
            "low": asked.said("low_labels", language), "high": asked.said("high_labels", language),
            "is_scale": True, "first": pairs[0][1], "last": pairs[-1][1], "count": len(pairs),
        }  # fmt: skip
    else:
        pairs = [(o["value"], o["text"]) for o in options(asked, language)]
    made["options"] = [{"value": v, "text": t, "is_chosen": v == chosen} for v, t in pairs]
    return made


def pressed(asked: list[Question], code: str, value: str, language: str) -> tuple[str, str]:
    """What was pressed in a letter: its value and its words; two empty ones where it is nothing."""
    found = next((q for q in asked if q.code == code and q.kind != "text"), None)
    if found is None:
        return "", ""
    offered = question(found, language, "")["options"]
    return next(((o["value"], o["text"]) for o in offered if o["value"] == value), ("", ""))
