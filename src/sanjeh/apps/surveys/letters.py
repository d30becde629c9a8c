"""Letters of surveys: plain text and HTML, with a link for each score of the first question."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any
from urllib.parse import quote

from django.conf import settings

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.mail.addresses import digest
from sanjeh.apps.mail.letters import queue
from sanjeh.apps.mail.models import Letter, State
from sanjeh.apps.surveys import records
from sanjeh.apps.surveys.frames import options
from sanjeh.apps.surveys.links import address, stop_token
from sanjeh.apps.surveys.models import Invitation, Question, Survey
from sanjeh.apps.surveys.wording import digits, direction, word
from sanjeh.words import jalali_text

KIND = "survey"
INK, SOFT, ACCENT, RULE = "#1b2127", "#56606b", "#0a5a78", "#d8dde2"
FONT = "Vazirmatn, Tahoma, 'Segoe UI', system-ui, Arial, sans-serif"


def write(invitation: Invitation, to: str, name: str) -> None:
    """Queue the letter of an invitation. List-Unsubscribe is one click (RFC 8058)."""
    language = invitation.language
    stop = stop_address(to)
    headers = {
        "List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Language": language,
    }  # fmt: skip
    subject = word(language, f"mail.subject_{invitation.survey.trigger}")
    queue(
        to, subject, _text(invitation, name, stop), _html(invitation, name, stop, subject), KIND,
        invitation.handle, sender=invitation.survey.sender, headers=headers,
        due_at=invitation.due_at,
    )  # fmt: skip


def on_its_way(letter: Letter, now: dt.datetime, **_: Any) -> None:
    """The letter was taken: from now on the customer counts as asked."""
    if letter.kind != KIND:
        return
    with turn():
        invitation = Invitation.objects.filter(handle=letter.key, sent_at=None).first()
        if invitation is None:
            return
        invitation.sent_at = now
        invitation.closes_at = now + dt.timedelta(days=invitation.survey.closes_days)
        invitation.save(update_fields=["sent_at", "closes_at"])
        records.hand_invitation(invitation)


def withdraw(survey: Survey) -> None:
    """Send none of the letters that wait; who would have got them may be asked again."""
    waiting = survey.invitations.filter(sent_at=None)
    handles = list(waiting.values_list("handle", flat=True))
    Letter.objects.filter(kind=KIND, key__in=handles, state=State.WAITING).update(
        state=State.DROPPED, to="", text="", html="", headers={}
    )
    dropped = Letter.objects.filter(kind=KIND, key__in=handles, state=State.DROPPED)
    waiting.filter(handle__in=dropped.values_list("key", flat=True)).delete()


def stop_address(to: str) -> str:
    """Where an address asks for no more letters."""
    return f"{settings.SITE_ADDRESS}/s/stop/{stop_token(digest(to))}/"


def one_click(invitation: Invitation, question: Question, value: str) -> str:
    """The link of one score. Opening it counts nothing: programs open links too."""
    return f"{address(invitation)}?q={quote(question.code)}&a={quote(value)}"


def scores(question: Question, language: str) -> list[tuple[str, str]]:
    """What may be pressed: value and words; none where words are asked for."""
    if question.is_scored:
        span = range(question.low or 0, (question.high or 0) + 1)
        return [(str(n), digits(str(n), language)) for n in span]
    return [(o["value"], o["text"]) for o in options(question, language)]


def day(moment: dt.datetime, language: str) -> str:
    """A day as the language writes it, Persian ones in the Jalali calendar."""
    if language == "fa":
        return digits(jalali_text(moment.date()), language)
    return moment.strftime("%d.%m.%Y") if language == "ru" else moment.strftime("%Y-%m-%d")


def _beginning(invitation: Invitation, name: str) -> tuple[str, str]:
    language = invitation.language
    hello = word(language, "mail.hello", name=name) if name else word(language, "mail.hello_nobody")
    return hello, word(language, f"mail.lead_{invitation.survey.trigger}")


def _text(invitation: Invitation, name: str, stop: str) -> str:
    language, link = invitation.language, address(invitation)
    hello, lead = _beginning(invitation, name)
    asked = invitation.asked()[0]
    return "\n\n".join((
        hello, lead, asked.said("texts", language), word(language, "mail.more", link=link),
        word(language, "mail.closes", date=day(invitation.closes_at, language)),
        *([invitation.survey.sender] if invitation.survey.sender else []),
        f"-- \n{word(language, 'mail.stop', link=stop)}",
    )) + "\n"  # fmt: skip


def _html(invitation: Invitation, name: str, stop: str, subject: str) -> str:
    """The letter as HTML: styles in the elements, since mail programs drop sheets."""
    language = invitation.language
    hello, lead = _beginning(invitation, name)
    asked = invitation.asked()[0]
    way = direction(language)
    start = "right" if way == "rtl" else "left"
    press = scores(asked, language)
    button = (
        f"display:inline-block;padding:10px 18px;border-radius:6px;background:{ACCENT};"
        "color:#ffffff;text-decoration:none;font-weight:bold"
    )
    small = f"font-size:13px;color:{SOFT};margin:18px 0 0"
    stop_words = escape(word(language, "page.stop"))
    closes = escape(word(language, "mail.closes", date=day(invitation.closes_at, language)))
    sender = escape(invitation.survey.sender)
    return (
        f'<!DOCTYPE html><html lang="{language}" dir="{way}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(subject)}</title>'
        f'</head><body dir="{way}" style="margin:0;padding:24px 12px;background:#f4f6f8;'
        f'font-family:{FONT};color:{INK};text-align:{start}">'
        f'<div dir="{way}" style="max-width:560px;margin:0 auto;background:#ffffff;'
        f'border:1px solid {RULE};border-radius:10px;padding:28px;line-height:1.7">'
        + (
            f'<p style="margin:0 0 12px;font-weight:bold;color:{SOFT}">{sender}</p>'
            if sender
            else ""
        )
        + f'<p style="margin:0 0 8px">{escape(hello)}</p>'
        f'<p style="margin:0 0 18px">{escape(lead)}</p>'
        f'<p style="margin:0 0 14px;font-size:19px;font-weight:bold">'
        f"{escape(asked.said('texts', language))}</p>"
        + (_pressed(invitation, asked, press) if press else "")
        + f'<p style="margin:20px 0 0"><a href="{escape(address(invitation))}" style="{button}">'
        f'{escape(word(language, "mail.open"))}</a></p><p style="{small}">{closes}</p>'
        f'<p style="{small}"><a href="{escape(stop)}" style="color:{SOFT}">{stop_words}</a></p>'
        "</div></body></html>"
    )


def _pressed(invitation: Invitation, asked: Question, press: list[tuple[str, str]]) -> str:
    """A row of scores, each a link, with the ends of the scale beneath; choices one a line."""
    language = invitation.language
    cell = (
        "display:inline-block;min-width:22px;padding:8px 9px;margin:0 2px 6px 2px;"
        f"border:1px solid {ACCENT};"
        f"border-radius:6px;color:{ACCENT};text-decoration:none;text-align:center;font-weight:bold"
    )
    wide = cell + ";display:block"
    links = "".join(
        f'<a href="{escape(one_click(invitation, asked, value))}" '
        f'style="{cell if asked.is_scored else wide}">{escape(words)}</a>'
        for value, words in press
    )
    made = (
        f'<p style="margin:0 0 6px;font-size:13px;color:{SOFT}">'
        f"{escape(word(language, 'mail.press'))}</p><div>{links}</div>"
    )
    if not asked.is_scored:
        return made
    low, high = (escape(asked.said(f, language)) for f in ("low_labels", "high_labels"))
    first, last = press[0][1], press[-1][1]
    return (
        f'{made}<p style="margin:2px 0 0;font-size:13px;color:{SOFT}">'
        f"{first} = {low} &nbsp;·&nbsp; {last} = {high}</p>"
    )
