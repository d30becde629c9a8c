"""The form of a survey's rule: whom it asks, when, how, in which languages."""

from __future__ import annotations

from typing import Any

from sanjeh.apps.surveys.models import INCLUDED, SCOPES, Survey, Trigger, Way
from sanjeh.apps.surveys.wording import LANGUAGES
from sanjeh.web.steering import reading
from sanjeh.web.steering.forms import Field
from sanjeh.web.steering.reading import Reader, Wrong
from sanjeh.web.steering.room import Room
from sanjeh.web.surveys.showing import NAMES

MOST_DAYS, MOST_MINUTES = 730, 60 * 24 * 60
TOUCHPOINTS = ("support", "purchase", "delivery", "onboarding", "website", "product")
NAMED = ("name", "sender", "touchpoint", "scope", "trigger", "way", "languages", "include",
         "may_change", "opens_complaint", "is_active", "closes_days", "quiet_days",
         "delay_minutes", "share")  # fmt: skip


def whole(least: int, most: int) -> Reader:
    """A whole number within these limits."""

    def read(text: str) -> int:
        value = reading.number(text)
        if value != int(value) or not least <= value <= most:
            raise Wrong("between", given=text, least=least, most=most)
        return int(value)

    return read


def fields(inside: Room) -> list[Field]:
    """What may be set of a survey."""

    def choices(group: str, values: Any) -> list[tuple[str, str]]:
        return [(v, str(inside.language.text(f"site.surveys.{group}.{v}"))) for v in values]

    def field(name: str, *more: Any, **given: Any) -> Field:
        return Field(name, f"surveys.fields.{name}", *more, **given)

    return [
        field("name", is_required=True),
        field("sender"),
        field("touchpoint", is_required=True, suggestions=TOUCHPOINTS),
        field("scope", form="choice", choices=choices("scopes", SCOPES)),
        field("trigger", form="choice", choices=choices("triggers", Trigger.values)),
        field("way", form="choice", choices=choices("ways", Way.values)),
        field("share", reading.in_unit("share"), is_required=True),
        field("quiet_days", whole(0, MOST_DAYS), is_required=True),
        field("closes_days", whole(1, MOST_DAYS), is_required=True),
        field("delay_minutes", whole(0, MOST_MINUTES), is_required=True),
        field("languages", form="several", choices=[(c, NAMES[c]) for c in LANGUAGES]),
        field("include", form="several", choices=choices("included", INCLUDED)),
        field("may_change", form="check"),
        field("opens_complaint", form="check"),
        field("is_active", form="check"),
    ]  # fmt: skip


def start(inside: Room, survey: Survey) -> dict[str, Any]:
    """A survey as its form begins."""
    found = {name: getattr(survey, name) for name in NAMED}
    share = f"{survey.share * 100:g}".replace(".", "٫" if inside.language.code == "fa" else ".")
    found["share"] = inside.language.digits(share)
    for name in ("quiet_days", "closes_days", "delay_minutes"):
        found[name] = inside.language.digits(str(found[name]))
    return found


def contradiction(values: dict[str, Any]) -> tuple[str, str] | None:
    """Which field contradicts another, and the words that say so."""
    if values.get("way") == Way.CHAT and values.get("trigger") != Trigger.CHAT:
        return "way", "no_chat"
    if values.get("trigger") == Trigger.CHAT and values.get("way") == Way.LINK:
        return "way", "no_list"
    if values.get("trigger") == Trigger.TICKET and values.get("way") == Way.LINK:
        return "way", "no_list"
    touchpoint = values.get("touchpoint") or ""
    return ("touchpoint", "long_touchpoint") if len(touchpoint) > 60 else None
