"""One-time links: an invitation's handle, signed, so that a forged one needs no look at a table."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, Signer

from sanjeh.apps.surveys.models import Invitation

_SALT = "sanjeh.surveys.link"
_STOP = "sanjeh.surveys.stop"


class LinkRefused(ValueError):
    """A link that leads nowhere. code: unknown, closed or used."""

    def __init__(self, code: str, language: str = "") -> None:
        super().__init__(code)
        self.code, self.language = code, language


def token(invitation: Invitation) -> str:
    """What names the invitation in an address, and in a frame of the chat."""
    return Signer(sep=".", salt=_SALT).sign(invitation.handle)


def find(given: str) -> Invitation:
    """The invitation of a token. Errors: LinkRefused `unknown`."""
    try:
        handle = Signer(sep=".", salt=_SALT).unsign(given)
    except BadSignature:
        raise LinkRefused("unknown") from None
    found = Invitation.objects.select_related("survey").filter(handle=handle).first()
    if found is None:
        raise LinkRefused("unknown")
    return found


def check_open(invitation: Invitation, now: dt.datetime) -> None:
    """That the invitation may be answered now, or its answer changed. Errors: LinkRefused."""
    if now >= invitation.closes_at:
        raise LinkRefused("closed", invitation.language)
    if invitation.answered_at is not None and not invitation.survey.may_change:
        raise LinkRefused("used", invitation.language)


def address(invitation: Invitation) -> str:
    """Where the customer answers."""
    return f"{settings.SITE_ADDRESS}/s/{token(invitation)}/"


def stop_token(digested: str) -> str:
    """What names an address that wants no more letters, without telling it."""
    return Signer(sep=".", salt=_STOP).sign(digested)


def find_stop(given: str) -> str:
    """The digest of the address of a token. Errors: LinkRefused `unknown`."""
    try:
        return Signer(sep=".", salt=_STOP).unsign(given)
    except BadSignature:
        raise LinkRefused("unknown") from None
