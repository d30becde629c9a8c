"""Letters: what they hold, sent to a real server on loopback, tried again, whole after a kill."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from survey_cases import chat, codes, survey

pytestmark = pytest.mark.usefixtures("tables")
AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


class Server(socketserver.ThreadingTCPServer):
    """A mail server: keeps what it takes; refuses recipients and letters as it is told to."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.taken: list[EmailMessage] = []
        self.recipients, self.letters = "250 fine", "250 taken"


class Talk(socketserver.StreamRequestHandler):
    """One conversation in as much SMTP as is needed."""

    server: Server

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip().upper():
            match line.split(":")[0].split()[0]:
                case "RCPT":
                    self.say(self.server.recipients)
                case "DATA":
                    self.say("354 go on")
                    body = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        body += part.removeprefix(b".") if part.startswith(b"..") else part
                    if self.server.letters.startswith("250"):
                        made = email.message_from_bytes(body, policy=email.policy.default)
                        self.server.taken.append(made)  # type: ignore[arg-type]
                    self.say(self.server.letters)
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 fine")


@pytest.fixture
def server(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    from django.conf import settings

    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        backend = "django.core.mail.backends.smtp.EmailBackend"
        for name, value in {
            "EMAIL_BACKEND": backend, "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": made.server_address[1], "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False,
            "EMAIL_HOST_USER": "", "DEFAULT_FROM_EMAIL": "ask@shop.ir",
            "SITE_ADDRESS": "https://help.shop.ir",
        }.items():  # fmt: skip
            monkeypatch.setattr(settings, name, value)
        yield made
        made.shutdown()


def queued(key: str = "1", **fields: Any) -> Any:
    from sanjeh.apps.mail.letters import queue
    from sanjeh.apps.mail.models import Letter

    queue("ann@shop.ir", "Your chat", "words", "", "transcript", key, due_at=AT, **fields)
    return Letter.objects.get(kind="transcript", key=key)


def send(now: dt.datetime = AT) -> int:
    from sanjeh.apps.mail.sending import send_due

    return send_due(now)


def test_a_letter_of_a_survey_in_persian(server: Server) -> None:
    from sanjeh.apps.handing.models import Handing
    from sanjeh.apps.surveys.asking import invite
    from sanjeh.apps.surveys.links import token

    made = survey("csat", "text", way="mail", sender="فروشگاه\r\nBcc: x@y.z")
    invitation = invite(made, chat(1, language="fa", email="ann@shop.ir", name="<b>آنا</b>"), AT)
    assert invitation is not None
    assert not Handing.objects.filter(kind="survey_invite").exists()  # it is not on its way yet
    assert send() == 1
    [letter] = server.taken
    assert letter["To"] == "ann@shop.ir"
    assert letter["Bcc"] is None
    assert letter["From"].addresses[0].addr_spec == "ask@shop.ir"
    assert letter["From"].addresses[0].display_name == "فروشگاه Bcc: x@y.z"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip().startswith("<https://help.shop.ir/s/stop/")
    assert letter["Subject"] == "گفتگو با ما چطور بود؟"
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    address = f"https://help.shop.ir/s/{token(invitation)}/"
    assert address in text
    assert "سلام <b>آنا</b>،" in text
    assert '<html lang="fa" dir="rtl">' in html
    assert "&lt;b&gt;آنا&lt;/b&gt;" in html
    for score in "12345":
        assert f"{address}?q={codes(made)[0]}&amp;a={score}" in html
    invitation.refresh_from_db()
    assert invitation.sent_at == AT
    assert Handing.objects.filter(kind="survey_invite").count() == 1


def test_what_was_sent_is_not_kept(server: Server) -> None:
    letter = queued()
    assert send() == 1
    letter.refresh_from_db()
    assert (letter.state, letter.to, letter.text) == ("sent", "", "")
    assert send(AT + MINUTE) == 0
    assert len(server.taken) == 1


def test_the_same_key_is_one_letter_and_an_address_must_be_one(server: Server) -> None:
    from sanjeh.apps.mail.letters import NoAddress, queue

    assert queue("ann@shop.ir", "a", "b", "", "transcript", "chat-7")
    assert not queue("ann@shop.ir", "a", "b", "", "transcript", "chat-7")
    for wrong in ("", "ann", "ann@shop.ir, bob@shop.ir", "ann@shop.ir\nBcc: b@shop.ir", "a b@c.d"):
        with pytest.raises(NoAddress):
            queue(wrong, "a", "b", "", "transcript", "x")


def test_a_server_that_is_busy_is_asked_again_later_and_later(server: Server) -> None:
    letter = queued()
    server.letters = "451 later"
    waits = []
    now = AT
    for _ in range(7):
        assert send(now) == 0
        letter.refresh_from_db()
        if letter.state == "failed":
            break
        waits.append(int((letter.due_at - now).total_seconds()))
        assert send(letter.due_at - dt.timedelta(seconds=1)) == 0
        now = letter.due_at
    assert waits == [60, 300, 1_800, 7_200, 21_600, 86_400]
    assert (letter.state, letter.attempts, letter.to) == ("failed", 7, "")
    assert server.taken == []


def test_an_address_that_is_refused_for_good_is_given_up_at_once(server: Server) -> None:
    letter, other = queued(), queued("2")
    server.recipients = "550 nobody of this name"
    assert send() == 0
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("failed", 1)
    assert "ann" not in letter.error
    server.recipients = "450 try later"
    other.state = "waiting"
    other.to = "bob@shop.ir"
    other.due_at = AT
    other.save()
    assert send() == 0
    other.refresh_from_db()
    assert other.state == "waiting"


def test_no_server_at_all_loses_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    letter = queued()
    here = settings.EMAIL_PORT
    monkeypatch.setattr(settings, "EMAIL_PORT", 9)
    assert send() == 0
    monkeypatch.setattr(settings, "EMAIL_PORT", here)
    assert send(AT + MINUTE) == 1
    letter.refresh_from_db()
    assert letter.state == "sent"


class Killed(BaseException):
    """The process is gone at this point."""


def test_killed_before_the_server_took_it_it_is_sent_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.mail.backends.smtp import EmailBackend

    queued()
    with monkeypatch.context() as at_the_door:
        at_the_door.setattr(EmailBackend, "send_messages", _die)
        with pytest.raises(Killed):
            send()
    assert send(AT + 5 * MINUTE) == 0  # it may still be at it
    assert send(AT + 11 * MINUTE) == 1
    assert send(AT + 30 * MINUTE) == 0
    assert len(server.taken) == 1


def test_killed_after_the_server_took_it_the_second_has_the_same_name(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.apps.handing.models import Handing
    from sanjeh.apps.mail import sending
    from sanjeh.apps.surveys.asking import invite

    made = survey("csat", way="mail")
    assert invite(made, chat(1, email="ann@shop.ir"), AT)
    with monkeypatch.context() as at_the_door:
        at_the_door.setattr(sending.was_sent, "send", _die)
        with pytest.raises(Killed):
            send()
    assert send(AT + 11 * MINUTE) == 1
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_body(("plain",)).get_content() == second.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert Handing.objects.filter(kind="survey_invite").count() == 1


def _die(*_: Any, **__: Any) -> None:
    raise Killed


def test_a_survey_that_is_stopped_takes_its_letters_back(server: Server) -> None:
    from sanjeh.apps.surveys import editing
    from sanjeh.apps.surveys.asking import invite

    made = survey("csat", way="mail", delay_minutes=60)
    about = chat(1, email="ann@shop.ir")
    assert invite(made, about, AT)
    assert send(AT + 59 * MINUTE) == 0
    editing.change(made, {"is_active": False}, AT + 59 * MINUTE)
    assert send(AT + 61 * MINUTE) == 0
    assert made.invitations.count() == 0
    assert server.taken == []


def test_an_erased_customer_is_not_written_to_and_leaves_scores_only(server: Server) -> None:
    from sanjeh.apps.mail.models import Letter
    from sanjeh.apps.surveys.answering import answer
    from sanjeh.apps.surveys.asking import invite
    from sanjeh.apps.surveys.forgetting import forget
    from sanjeh.apps.surveys.links import token

    made = survey("csat", "text", way="mail")
    score, words = codes(made)
    first = invite(made, chat(1, "ann", email="ann@shop.ir"), AT)
    assert first is not None
    assert send() == 1
    answer(token(first), {score: 2, words: "I am Ann"}, AT)
    assert invite(made, chat(2, "ann", email="ann@shop.ir"), AT)
    assert invite(made, chat(3, "bob", email="bob@shop.ir"), AT)
    forget(["ann"])
    assert list(Letter.objects.exclude(to="").values_list("to", flat=True)) == ["bob@shop.ir"]
    assert send() == 1
    assert [letter["To"] for letter in server.taken] == ["ann@shop.ir", "bob@shop.ir"]
    first.refresh_from_db()
    assert (first.customer_id, first.address) == ("", "")
    assert [(a.score, a.comment) for a in first.answers.order_by("pk")] == [(2.0, ""), (None, "")]
