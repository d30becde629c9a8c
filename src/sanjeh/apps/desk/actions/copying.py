"""A copy of a chat by mail, for its visitor."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Final

from sanjeh.apps.desk.models import Chat, Entry
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.rules import rules
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.mail.addresses import digest, is_address
from sanjeh.apps.mail.letters import queue
from sanjeh.apps.mail.models import Letter
from sanjeh.words import jalali_text, persian_digits

KIND: Final = "transcript"
MOST: Final = 3
"""Addresses that one chat is sent to: a copy is for who had it, not a way to write to others."""
WORDS: Final = {
    "en": {"subject": "Your chat of {day}", "you": "You", "us": "Our team", "file": "File: {name}"},
    "fa": {"subject": "گفتگوی شما در {day}", "you": "شما", "us": "همکاران ما",
           "file": "فایل: {name}"},
    "ru": {"subject": "Ваш диалог от {day}", "you": "Вы", "us": "Наша команда",
           "file": "Файл: {name}"},
}  # fmt: skip


@turn()
def transcript(now: dt.datetime, visitor: str, email: str) -> Chat:
    """Queue a letter with what was said in public in the visitor's latest chat.

    The same address again gets none for the same number of lines. Errors: Refused unknown without
    a chat, wrong for no address, too_fast where the chat went to too many addresses already.
    """
    chat = Chat.objects.filter(visitor=visitor).order_by("-pk").first()
    if chat is None:
        raise Refused("unknown", "chat: you have none")
    to = email.strip()
    if not is_address(to):
        raise Refused("wrong", "email: an address")
    start = f"{chat.key} {digest(to)[:16]} "
    others = Letter.objects.filter(kind=KIND, key__startswith=f"{chat.key} ")
    asked = {key.split(" ")[1] for key in others.values_list("key", flat=True)}
    if start.split(" ")[1] not in asked and len(asked) >= MOST:
        raise Refused("too_fast", "this chat went to enough addresses")
    language = chat.language if chat.language in WORDS else "en"
    lines = [
        (at(e.at, language), _who(e, language), _said(e, language))
        for e in chat.entries.filter(shown__isnull=False, kind=Entry.Kind.MESSAGE)
        .select_related("member")
        .order_by("number")
    ]
    subject = WORDS[language]["subject"].format(day=day(chat.requested_at, language))
    title = rules().title
    queue(
        to, subject, _text(lines), _html(lines, language, subject), KIND,
        f"{start}{chat.last_shown}", sender=title.get(language) or title.get("en") or "",
    )  # fmt: skip
    return chat


def day(moment: dt.datetime, language: str) -> str:
    """A day as the language writes it, in UTC as the times are."""
    if language == "fa":
        return persian_digits(jalali_text(moment.date()))
    return moment.date().isoformat()


def at(moment: dt.datetime, language: str) -> str:
    """A time of day, in UTC."""
    text = f"{moment.astimezone(dt.UTC):%H:%M} UTC"
    return persian_digits(text) if language == "fa" else text


def _who(entry: Entry, language: str) -> str:
    if entry.author_type == "customer":
        return WORDS[language]["you"]
    return entry.member.name if entry.member else WORDS[language]["us"]


def _said(entry: Entry, language: str) -> str:
    name = (entry.attachment or {}).get("name")
    file = WORDS[language]["file"].format(name=name) if name else ""
    return "\n".join(part for part in (entry.body, file) if part)


def _text(lines: list[tuple[str, str, str]]) -> str:
    return "\n\n".join(f"{who} ({when})\n{said}" for when, who, said in lines) + "\n"


def _html(lines: list[tuple[str, str, str]], language: str, subject: str) -> str:
    direction = "rtl" if language == "fa" else "ltr"
    rows = "".join(
        f'<p style="margin:0 0 14px"><b>{escape(who)}</b> '
        f'<span style="color:#56606b;font-size:13px">{escape(when)}</span><br>'
        f'<span dir="auto" style="white-space:pre-wrap">{escape(said)}</span></p>'
        for when, who, said in lines
    )
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><body style="margin:0;'
        "padding:24px;color:#1b2127;font:15px/1.6 Vazirmatn,Tahoma,'Segoe UI',Arial,sans-serif\">"
        f'<h1 style="font-size:19px">{escape(subject)}</h1>{rows}</body></html>'
    )
