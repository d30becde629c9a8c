"""Addresses: which are some, and which of them want no more letters."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from sanjeh.apps.mail.models import Letter, State, Unsubscribed

SALT = "sanjeh.mail.unsubscribed"


def is_address(text: str) -> bool:
    """Whether the text is one e-mail address, without a line break or a name around it."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 320


def digest(address: str) -> str:
    """What is kept of an address: the same for every spelling of its letters' case."""
    return salted_hmac(SALT, address.strip().casefold(), algorithm="sha256").hexdigest()


def unsubscribe(digested: str, now: dt.datetime) -> None:
    """Write to the address of this digest no more; what waits for it is dropped."""
    Unsubscribed.objects.get_or_create(digest=digested, defaults={"at": now})
    for letter in Letter.objects.filter(state=State.WAITING, kind="survey"):
        if digest(letter.to) == digested:
            Letter.objects.filter(pk=letter.pk, state=State.WAITING).update(
                state=State.DROPPED, to="", text="", html="", headers={}
            )


def is_unsubscribed(address: str) -> bool:
    """Whether the address wants no more letters of surveys."""
    return Unsubscribed.objects.filter(digest=digest(address)).exists()
