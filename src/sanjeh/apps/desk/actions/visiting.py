"""What visitors do."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sanjeh.apps.desk import asking, ending, lines, records, signals, telling
from sanjeh.apps.desk.actions.finding import of_visitor
from sanjeh.apps.desk.models import RELATED, Chat, Customer, Entry, Followup, Member, Team
from sanjeh.apps.desk.raising import raise_level
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.rules import Rules, rules
from sanjeh.apps.desk.surroundings import surroundings
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import invitations
from sanjeh.apps.site.models import Invitation

ANSWERS: Final = 20  # to questions before the chat, at most
LETTERS: Final = 1000  # of one of them
AT_ONCE: Final = dt.timedelta(seconds=10)
HOUR: Final = dt.timedelta(hours=1)
REPLY_WITHIN: Final = dt.timedelta(hours=4)
"""After the next opening, of what was left while closed."""


@dataclass(frozen=True)
class Known:
    """Who a visitor is, as the shop's signature says."""

    id: str
    name: str = ""
    email: str = ""
    account: str = ""


@dataclass(frozen=True)
class Start:
    """A `start` frame, and what the server knows of who sent it."""

    visitor: str
    nonce: str
    body: str = ""
    visit: str = ""
    language: str = ""
    team: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    page: Mapping[str, str] = field(default_factory=dict)
    invitation: str = ""
    attachment: dict[str, Any] | None = None
    known: Known | None = None
    address: str = ""  # the computer's; only a digest is kept


@turn()
def start(now: dt.datetime, given: Start) -> Chat:
    """Begin a chat, or leave words while the desk is closed.

    The same nonce again gives the same chat; while a chat runs, the words go into it.
    """
    found = Chat.objects.select_related(*RELATED).filter(visitor=given.visitor)
    known = found.filter(nonce=given.nonce).first()
    if known is not None:
        return known
    nonce = lines.nonce_of(None, given.nonce)
    body = lines.words(given.body, may_be_empty=True)
    running = found.filter(ended_at=None).first()
    if running is not None:
        if body or given.attachment:
            visitor_say(now, given.visitor, given.nonce, body, attachment=given.attachment)
        return of_visitor(given.visitor)
    held = rules()
    address = hashlib.sha256(given.address.encode()).hexdigest() if given.address else ""
    _not_too_often(now, given.visitor, address, held)
    who = _customer(now, given)
    is_open = surroundings().is_open(held.calendar, now)
    by, invited = _invited(given)
    team = Team.objects.filter(pk=given.team, is_active=True).first() if given.team else None
    chat = Chat.objects.create(
        visitor=given.visitor, visit=given.visit, nonce=given.nonce, customer=who, team=team,
        language=given.language[:20], initiation=by, invitation=given.invitation[:64],
        page=_short(given.page), answers=_short(given.answers), address=address,
        priority="high" if who.account and who.account in surroundings().key_accounts else "normal",
        wanted=invited, requested_at=now, queued_at=now, last_at=now, visitor_seen_at=now,
        is_offline=not is_open,
    )  # fmt: skip
    if given.invitation and by != "visitor":
        invitations.settle(given.invitation, "accepted", now, conversation_id=chat.key)
    lines.happened(now, chat, "started", is_public=False, page=dict(chat.page))
    if body or given.attachment:
        lines.add(
            now, chat, Entry.Kind.MESSAGE, "customer", body=body, nonce=nonce,
            attachment=given.attachment,
        )  # fmt: skip
    if is_open:
        chat.save()
        records.conversation(chat, now)
        telling.tell_chat(now, chat)
    else:
        _leave_words(now, chat, held)
    return chat


def _leave_words(now: dt.datetime, chat: Chat, held: Rules) -> None:
    """Close what was begun while the desk is closed, and have somebody reply by mail."""
    ending.end(now, chat, "system")
    opens = surroundings().opens_at(held.calendar, now)
    if chat.customer.email and opens is not None:
        made = Followup.objects.create(
            chat=chat, kind="email", made_at=now, due_at=opens + REPLY_WITHIN
        )
        records.followup(made, now)
        signals.tell_members(now, signals.everybody(), telling.followup_frame(made))


@turn()
def recognise(now: dt.datetime, known: Known) -> None:
    """Keep what the shop's signature says of a customer; the ledger has it with the first chat."""
    who, _ = Customer.objects.get_or_create(key=known.id[:200], defaults={"made_at": now})
    before = _told(who)
    _believe(who, known)
    if before == _told(who):
        return
    who.save()
    if who.chats.exists():
        records.customer(who, now)


def _customer(now: dt.datetime, given: Start) -> Customer:
    """Who asks, with what is known of them by now."""
    known = given.known
    key = known.id if known else given.visitor
    who, _ = Customer.objects.get_or_create(key=key[:200], defaults={"made_at": now})
    before = _told(who)
    signed = (who.name, who.email) if who.is_known else ("", "")
    who.name = signed[0] or _line(given.answers.get("name", ""))[:200] or who.name
    who.email = signed[1] or _line(given.answers.get("email", ""))[:254] or who.email
    who.language = given.language[:20] or who.language
    if known is not None:
        _believe(who, known)
    is_changed = before != _told(who)
    if is_changed:
        who.save()
    if is_changed or not who.chats.exists():
        records.customer(who, now)
    return who


def _believe(who: Customer, known: Known) -> None:
    """Take what the signature says; what it says nothing of stays."""
    who.name = _line(known.name)[:200] or who.name
    who.email = _line(known.email)[:254] or who.email
    who.account = known.account[:200] or who.account
    who.is_known = True


def _told(who: Customer) -> tuple[Any, ...]:
    return (who.name, who.email, who.language, who.account, who.is_known)


def _line(text: str) -> str:
    return " ".join(str(text).replace("\x00", "").split())


def _short(given: Mapping[str, str]) -> dict[str, str]:
    return {_line(k)[:60]: str(v)[:LETTERS] for k, v in list(given.items())[:ANSWERS]}


def _invited(given: Start) -> tuple[str, Member | None]:
    """Who or what began a chat, and the member who invited to it."""
    if not given.invitation:
        return "visitor", None
    found = Invitation.objects.filter(pk=given.invitation, visit__visitor_id=given.visitor).first()
    if found is None:
        return "visitor", None
    if not found.agent_id:
        return "trigger", None
    number = found.agent_id.removeprefix("member-")
    members = Member.objects.filter(is_active=True)
    return "agent", members.filter(pk=int(number)).first() if number.isdigit() else None


def _not_too_often(now: dt.datetime, visitor: str, address: str, held: Rules) -> None:
    """Refuse who begins chats without end."""
    recent = Chat.objects.filter(requested_at__gt=now - HOUR)
    if recent.filter(visitor=visitor).count() >= held.starts_an_hour or (
        address and recent.filter(address=address).count() >= held.starts_an_hour_address
    ):
        raise Refused("too_fast", "too many chats were begun", after_seconds=HOUR.total_seconds())


@turn()
def visitor_say(
    now: dt.datetime,
    visitor: str,
    nonce: str,
    body: str,
    *,
    chat: int | None = None,
    attachment: dict[str, Any] | None = None,
) -> Entry:
    """A message of the visitor. The same nonce again gives the same line."""
    kept = lines.nonce_of(None, nonce)
    own = Entry.objects.filter(chat__visitor=visitor, nonce=kept, author_type="customer")
    known = own.order_by("-pk").first()
    if known is not None and (chat is None or known.chat_id == chat):
        return known
    found = of_visitor(visitor, chat)
    text = lines.words(body, may_be_empty=attachment is not None)
    recent = found.entries.filter(author_type="customer", kind="message", at__gt=now - AT_ONCE)
    if recent.count() >= rules().words_at_once:
        raise Refused("too_fast", "too many messages at once", AT_ONCE.total_seconds())
    made = lines.add(
        now, found, Entry.Kind.MESSAGE, "customer", body=text, nonce=kept, attachment=attachment
    )
    found.last_at, found.visitor_seen_at = made.at, max(now, found.visitor_seen_at)
    found.save()
    return made


@turn()
def ask_for_person(now: dt.datetime, visitor: str) -> Chat:
    """The visitor asks for a person; once is enough."""
    chat = of_visitor(visitor)
    if chat.human_requested_at is None:
        chat.human_requested_at = now
        lines.happened(now, chat, "person")
        chat.save()
        records.conversation(chat, now)
        telling.tell_chat(now, chat)
    return chat


@turn()
def ask_for_above(now: dt.datetime, visitor: str, reason: str = "") -> Chat:
    """The visitor asks for somebody above who answers now: an escalation by the customer."""
    chat = of_visitor(visitor)
    if not chat.escalations.filter(initiator="customer", resolved_at=None).exists():
        raise_level(now, chat, "customer", lines.words(reason, may_be_empty=True), None, None)
    return chat


@turn()
def end(now: dt.datetime, visitor: str) -> Chat:
    """The visitor ends the chat; ending it again changes nothing."""
    try:
        chat = of_visitor(visitor)
    except Refused as refused:
        if refused.code != "ended":
            raise
        return Chat.objects.filter(visitor=visitor).order_by("-pk")[0]
    ending.end(now, chat, "customer_left")
    return chat


@turn()
def fail(now: dt.datetime, chat: int, why: str) -> None:
    """The line failed: the server cannot go on with a chat, through no one's choice."""
    found = Chat.objects.select_related(*RELATED).filter(pk=chat, ended_at=None).first()
    if found is not None:
        lines.happened(now, found, "failed", is_public=False, why=why[:200])
        ending.end(now, found, "system")


@turn()
def rate(now: dt.datetime, visitor: str, invitation: str, answers: Mapping[str, Any]) -> None:
    """The visitor answers a survey; see `asking.answered`."""
    if not Chat.objects.filter(visitor=visitor).exists():
        raise Refused("unknown", "chat: you have none")
    asking.answered(now, invitation, answers)


@turn()
def visitor_seen(now: dt.datetime, visitor: str, number: int) -> None:
    """The visitor has read up to a number; members who follow the chat are told."""
    chat = of_visitor(visitor)
    read = min(number, chat.last_shown)
    if read > chat.visitor_read:
        chat.visitor_read = read
        chat.save(update_fields=["visitor_read"])
        line = chat.entries.filter(shown=read).values_list("number", flat=True).first()
        frame = {"type": "seen", "chat": chat.pk, "number": line}
        signals.tell_members(now, telling.insiders(chat), frame)


@turn()
def visitor_typing(now: dt.datetime, visitor: str, on: bool) -> None:
    """The visitor writes, or stopped."""
    chat = of_visitor(visitor)
    frame = {"type": "typing", "chat": chat.pk, "on": on, "name": chat.customer.name}
    signals.tell_members(now, telling.insiders(chat), frame)
