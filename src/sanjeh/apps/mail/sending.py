"""Sending what is due: one letter at a time, tried again later and later.

A letter is marked before it is given to the server and after. What was marked and never finished
(a killed process) is given again after a while, under the same Message-ID, so that a mail server
that had taken it can tell; a survey's link in it is the same one, and answers count once.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import threading
from email.headerregistry import Address
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, close_old_connections, transaction
from django.dispatch import Signal
from django.utils import timezone

from sanjeh.apps.mail.models import Letter, State

was_sent = Signal()
"""In the transaction that writes down that a letter was sent: `letter` and `now`."""
log = logging.getLogger(__name__)
WAITS = (60, 300, 1_800, 7_200, 21_600, 86_400)  # seconds before each further attempt
FORGOTTEN = dt.timedelta(minutes=10)  # a claim as old as this was left by a process that is gone
LOOKS_EVERY = 2.0  # seconds
MOST = 50  # letters at a look


def send_due(now: dt.datetime | None = None, most: int = MOST) -> int:
    """Send letters that are due; how many were taken by the server."""
    now = now or timezone.now()
    _take_back(now)
    sent = 0
    connection: BaseEmailBackend | None = None
    try:
        for _ in range(most):
            letter = _claim(now)
            if letter is None:
                break
            connection = connection or get_connection()
            sent += _send(letter, connection, now)
    finally:
        if connection is not None:
            connection.close()
    return sent


def _take_back(now: dt.datetime) -> None:
    Letter.objects.filter(state=State.SENDING, claimed_at__lt=now - FORGOTTEN).update(
        state=State.WAITING
    )


def _claim(now: dt.datetime) -> Letter | None:
    """The next letter, marked so that no other process takes it."""
    while True:
        with transaction.atomic():
            found = (
                Letter.objects.filter(state=State.WAITING, due_at__lte=now)
                .order_by("due_at", "pk")
                .first()
            )
            if found is None:
                return None
            mine = Letter.objects.filter(pk=found.pk, state=State.WAITING).update(
                state=State.SENDING, claimed_at=now, attempts=found.attempts + 1
            )
        if mine:
            found.attempts += 1
            return found


def _send(letter: Letter, connection: BaseEmailBackend, now: dt.datetime) -> int:
    try:
        connection.send_messages([message_of(letter)])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        _put_off(letter, now, error, is_final=bool(codes) and all(c >= 500 for c in codes))
        return 0
    except smtplib.SMTPResponseException as error:
        _put_off(letter, now, error, is_final=False)
        connection.close()
        return 0
    except (smtplib.SMTPException, OSError) as error:
        _put_off(letter, now, error, is_final=False)
        connection.close()
        return 0
    with transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(
            state=State.SENT, sent_at=now, error="", to="", text="", html="", headers={}
        )
        was_sent.send(Letter, letter=letter, now=now)
    return 1


def _put_off(letter: Letter, now: dt.datetime, error: Exception, *, is_final: bool) -> None:
    """Try again later, or give up: at once where the address is refused for good."""
    # The server's words may hold the address; only the sort of fault is kept.
    said = type(error).__name__
    code = getattr(error, "smtp_code", None)
    told = f"{said} {code}" if code else said
    log.warning("Letter %s was not sent: %s", letter.pk, told)
    if is_final or letter.attempts > len(WAITS):
        Letter.objects.filter(pk=letter.pk).update(
            state=State.FAILED, error=told, to="", text="", html="", headers={}
        )
        return
    due = now + dt.timedelta(seconds=WAITS[letter.attempts - 1])
    Letter.objects.filter(pk=letter.pk).update(state=State.WAITING, due_at=due, error=told)


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """The letter as a message: plain text, with HTML beside it where there is some."""
    own = settings.DEFAULT_FROM_EMAIL
    sender = str(Address(letter.sender, addr_spec=own)) if letter.sender else own
    domain = own.rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{letter.kind}-{letter.pk}-{letter.made_at:%Y%m%d%H%M%S}@{domain}>",
        "Date": format_datetime(letter.made_at),
        "Auto-Submitted": "auto-generated",
        **letter.headers,
    }
    made = EmailMultiAlternatives(letter.subject, letter.text, sender, [letter.to], headers=headers)
    if letter.html:
        made.attach_alternative(letter.html, "text/html")
    return made


class Postman(threading.Thread):
    """Sends what is due every two seconds until stopped."""

    def __init__(self) -> None:
        super().__init__(name="postman", daemon=True)
        self._stopping = threading.Event()

    def run(self) -> None:
        """Look after the letters."""
        while not self._stopping.wait(LOOKS_EVERY):
            close_old_connections()
            try:
                send_due()
            except DatabaseError:  # a busy database: next time
                log.exception("Letters could not be looked after.")

    def stop(self) -> None:
        """End it after the letter in hand."""
        self._stopping.set()
