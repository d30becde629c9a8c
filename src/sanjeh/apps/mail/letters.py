"""Keeping a letter until it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from sanjeh.apps.mail.addresses import is_address
from sanjeh.apps.mail.models import Letter

LONGEST_SUBJECT = 300


class NoAddress(ValueError):
    """Where a letter is to go is no e-mail address."""


def queue(
    to: str, subject: str, text: str, html: str, kind: str, key: str, *,
    sender: str = "", headers: Mapping[str, str] | None = None, due_at: dt.datetime | None = None,
) -> bool:  # fmt: skip
    """Keep a letter in the transaction of the caller; False where one of this kind and key was.

    key: what the letter is about, such as the chat's id and the address; the same one is written
    once. Errors: NoAddress.
    """
    if not is_address(to):
        raise NoAddress("This is not an e-mail address.")
    now = timezone.now()
    _, made = Letter.objects.get_or_create(
        kind=kind, key=key,
        defaults={
            "to": to, "sender": _line(sender)[:200], "subject": _line(subject)[:LONGEST_SUBJECT],
            "text": text, "html": html, "headers": dict(headers or {}), "due_at": due_at or now,
            "made_at": now,
        },
    )  # fmt: skip
    return made


def _line(text: str) -> str:
    """One line: a break would begin a header of somebody else's."""
    return " ".join(text.split())
