"""The example's own account, by a link that needs no password: to try the chat with oneself.

Only homes that are open to everybody have it, as `sanjeh demo` ends with. It may answer and
supervise, and as a visitor of the shop it counts as a customer.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.utils import timezone

from sanjeh.apps.desk import actions
from sanjeh.apps.desk.models import Member
from sanjeh.apps.surveys import editing
from sanjeh.apps.surveys.models import Survey
from sanjeh.web.people.models import Role, Seat

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

NAME: Final = "trial"
LASTS: Final = dt.timedelta(days=1)
ASKED: Final = ("csat", "ces", "text")
_SALT: Final = "sanjeh.trial"


class TrialError(ValueError):
    """A link that is not ours or too old, or a home that is not open to everybody."""


def is_trial(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether it is the account of the example: nobody chose a password for it."""
    return isinstance(user, User) and user.username == NAME and not user.has_usable_password()


def begin(survey: str, sender: str) -> str:
    """The secret of a link for a day; the account and a survey after chats are made once.

    survey, sender: how the survey is called, and who asks.
    """
    user, is_new = User.objects.get_or_create(username=NAME)
    if is_new:
        user.set_unusable_password()
        user.save()
        Seat.objects.create(user=user, role=Role.MANAGER)
    if not is_trial(user):
        raise TrialError("somebody's own account has the name")
    _set_active(user, True)
    if not Survey.objects.exists():
        editing.make({"name": survey, "sender": sender}, ASKED, timezone.now())
    return signing.dumps(user.pk, salt=_SALT)


def end() -> None:
    """Sign the account out wherever it is, until a link is made again."""
    user = User.objects.filter(username=NAME).first()
    if user is not None and is_trial(user):
        _set_active(user, False)


def _set_active(user: User, is_active: bool) -> None:
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])


def accept(secret: str) -> User:
    """The account that a link signs in, available for chats from then on."""
    if not settings.IS_OPEN:
        raise TrialError("the home is not open to everybody")
    try:
        number = signing.loads(secret, salt=_SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise TrialError("unknown or too old") from error
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or not is_trial(user):
        raise TrialError("the account is gone")
    member = Member.objects.filter(user=user, is_active=True).first()
    if member is not None:
        actions.choose_presence(timezone.now(), member, "available")
    return user
