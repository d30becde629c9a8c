"""A customer whom the shop's server vouches for: a JWT that it signed within the hour."""

from __future__ import annotations

import datetime as dt
from typing import Final

import jwt

from sanjeh.apps.desk.actions import Known
from sanjeh.apps.site import secrets

LONGEST: Final = dt.timedelta(hours=1)
CLOCKS: Final = dt.timedelta(minutes=1)  # that two machines may differ by
MOST_LETTERS: Final = 4000


class NotKnown(Exception):
    """The token names nobody; why, without repeating any of it."""


def known(token: str, now: dt.datetime) -> Known:
    """The customer, with name, address and account.

    NotKnown for a token that is forged, broken, or good for too long.
    HS256 alone, with the shop's secret as it is shown (`whsec_…`), so that a token cannot choose
    how it is to be verified. `sub` and `exp` must be there, `exp` within the hour.
    """
    if len(token) > MOST_LETTERS:
        raise NotKnown("longer than any token is")
    held = secrets.in_force("identity", now)
    if not held:
        raise NotKnown("no secret is set up")
    why = "signature"
    for secret in held:
        try:
            said = jwt.decode(
                token, secret, algorithms=["HS256"],
                options={
                    "require": ["exp", "sub"], "verify_exp": False, "verify_iat": False,
                    "verify_nbf": False, "verify_aud": False, "verify_iss": False,
                },
            )  # fmt: skip
        except jwt.InvalidTokenError as error:
            why = type(error).__name__
            continue
        return _read(said, now)
    raise NotKnown(why)


def _read(said: dict[str, object], now: dt.datetime) -> Known:
    exp, sub = said["exp"], said["sub"]
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        raise NotKnown("exp is no number")
    left = exp - now.timestamp()
    if left < -CLOCKS.total_seconds():
        raise NotKnown("expired")
    if left > (LONGEST + CLOCKS).total_seconds():
        raise NotKnown("good for more than an hour")
    if not isinstance(sub, str) or not 0 < len(sub) <= 200:
        raise NotKnown("sub is no name of 1 to 200 letters")

    def text(name: str, most: int) -> str:
        value = said.get(name)
        return value[:most] if isinstance(value, str) else ""

    return Known(sub, text("name", 200), text("email", 254), text("account", 200))
