"""From a frame to the desk's actions: one function for visitors, one for members.

Called in the thread of changes. What is returned goes to the socket that asked; everybody else is
told by signals. A Refused that is raised is answered as one. A field of another type than the
protocol's is refused before any action sees it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

from sanjeh.apps.desk import actions, routing, telling
from sanjeh.apps.desk.actions.finding import chat_for
from sanjeh.apps.desk.models import Member
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.signals import of_member, of_visitor
from sanjeh.apps.desk.sockets import files
from sanjeh.apps.desk.sockets.callers import Caller
from sanjeh.apps.desk.sockets.fields import flag, number, obj, text, texts, whole
from sanjeh.apps.desk.sockets.frames import Frame
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import invitations, visits
from sanjeh.apps.site.calling import page_of
from sanjeh.apps.site.models import Invitation, Visit, Visitor

PAGES: Final = 50
ROUTED: Final = frozenset(
    ("start", "end", "presence", "accept", "decline", "transfer", "close", "wrapped", "take",
     "leave", "person", "escalate")
)  # fmt: skip
"""What changes who is free or who waits: routing is due after it."""


def heard(visitor_ids: Sequence[str], members: Sequence[int], now: dt.datetime) -> None:
    """These have a connection here."""
    actions.alive(now, members=members, visitors=visitor_ids)


def second(now: dt.datetime) -> None:
    """What is due once a second."""
    routing.route(now)


# -- visitors ------------------------------------------------------------------------------------


def greet(visitor_id: str, hello: Frame, now: dt.datetime) -> Frame:
    """The first frame of a visitor's socket."""
    actions.alive(now, visitors=[visitor_id])
    after = number(hello, "after", least=0) or 0
    return telling.visitor_welcome(visitor_id, after, now, number(hello, "chat"))


def visitor(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> list[Frame]:
    """What a visitor says."""
    do = _VISITORS.get(frame["type"])
    if do is None:
        raise Refused("unknown", "type: there is no such frame")
    told = do(visitor_id, who, frame, now) or {}
    return _done(frame, told)


def _start(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> Frame:
    attachment = _attachment(frame, of_visitor(visitor_id), None)
    known = Visitor.objects.filter(pk=visitor_id).exclude(customer_id="").first()
    visit = visits.stir(visitor_id, now, wrote=True)
    page = page_of(frame.get("page"))
    chat = actions.start(
        now,
        actions.Start(
            visitor=visitor_id,
            nonce=text(frame, "nonce", least=1),
            body=text(frame, "body"),
            visit="" if visit is None else visit.pk,
            language=text(frame, "language"),
            team=number(frame, "team"),
            answers=texts(frame, "answers"),
            page={} if page is None else {
                "url": page.url[:1000], "title": page.title[:300], "referrer": page.referrer[:1000]
            },
            invitation=text(frame, "invitation"),
            attachment=attachment,
            known=None if known is None else actions.Known(known.customer_id),
            address=who.address,
        ),
    )  # fmt: skip
    if attachment is not None:
        files.sent(of_visitor(visitor_id), attachment["id"], chat.pk)
    return {"chat": chat.pk}


def _visitor_say(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> Frame:
    with turn():
        made = actions.visitor_say(
            now, visitor_id, text(frame, "nonce", least=1), text(frame, "body"),
            chat=number(frame, "chat"), attachment=_attachment(frame, of_visitor(visitor_id), None),
        )  # fmt: skip
        if made.attachment:
            files.sent(of_visitor(visitor_id), made.attachment["id"], made.chat_id)
        visits.stir(visitor_id, now, wrote=True)
    return {"chat": made.chat_id, "number": made.shown}


def _visitor_typing(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> None:
    actions.visitor_typing(now, visitor_id, flag(frame, "on"))


def _visitor_seen(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> None:
    with turn():
        actions.visitor_seen(now, visitor_id, whole(frame, "number"))
        visits.go_on(visitor_id, now)


def _person(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> Frame:
    return {"chat": actions.ask_for_person(now, visitor_id).pk}


def _end(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> Frame:
    with turn():
        chat = actions.end(now, visitor_id)
        visits.go_on(visitor_id, now)
    return {"chat": chat.pk}


def _rate(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> None:
    with turn():
        actions.rate(now, visitor_id, text(frame, "invitation", least=1), obj(frame, "answers"))
        visits.go_on(visitor_id, now)


def _invitation(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> None:
    result, named = text(frame, "result"), text(frame, "id", least=1)
    if result not in ("shown", "accepted", "dismissed"):
        raise Refused("wrong", "result: shown, accepted or dismissed")
    if len(named) > 40:
        raise Refused("wrong", "id: 40 letters at most")
    visit = visits.stir(visitor_id, now)
    if visit is None:
        return
    with turn():
        if result == "shown":
            if invitations.shown(visit, named, now, rule=number(frame, "rule")) is None:
                raise Refused("unknown", "id: another visit's")
            return
        if not Invitation.objects.filter(pk=named, visit__visitor_id=visitor_id).exists():
            raise Refused("unknown", "id: no invitation of yours")
        invitations.settle(named, result, now)


def _page(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> None:
    page = page_of(frame if "url" in frame else frame.get("page"))
    if page is None:
        raise Refused("wrong", "url: the page's address")
    visits.look(visitor_id, page, visits.Caller(who.agent, who.address), now)


def _above(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> Frame:
    return {"chat": actions.ask_for_above(now, visitor_id, text(frame, "reason")).pk}


def _transcript(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> Frame:
    return {"chat": actions.transcript(now, visitor_id, text(frame, "email", least=1)).pk}


def _hello(visitor_id: str, who: Caller, frame: Frame, now: dt.datetime) -> None:
    raise Refused("wrong", "hello: once, as the first frame")


_Said = Callable[[str, Caller, Frame, dt.datetime], Frame | None]
_VISITORS: Final[dict[str, _Said]] = {
    "hello": _hello, "start": _start, "say": _visitor_say, "typing": _visitor_typing,
    "seen": _visitor_seen, "person": _person, "end": _end, "rate": _rate,
    "invitation": _invitation, "page": _page, "transcript": _transcript, "escalate": _above,
}  # fmt: skip


# -- members -------------------------------------------------------------------------------------


def come(member: int, now: dt.datetime) -> Frame:
    """The first frame of a member's socket."""
    actions.alive(now, members=[member])
    return telling.welcome(_of(member), now)


def member(number_: int, frame: Frame, now: dt.datetime) -> list[Frame]:
    """What a member says."""
    do = _MEMBERS.get(frame["type"])
    if do is None:
        raise Refused("unknown", "type: there is no such frame")
    told = do(_of(number_), frame, now) or {}
    before = told.pop("before_done", None)
    return [*([before] if before else []), *_done(frame, told)]


def _of(number_: int) -> Member:
    found = Member.objects.filter(pk=number_, is_active=True).first()
    if found is None:
        raise Refused("unknown", "you are no member of the desk any more")
    return found


def _done(frame: Frame, told: Frame) -> list[Frame]:
    nonce = frame.get("nonce")
    return [{"type": "done", "nonce": nonce, **told}] if isinstance(nonce, str) else []


def _presence(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.choose_presence(now, me, text(frame, "status"), text(frame, "reason"))


def _accept(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    offer, chat = number(frame, "offer"), number(frame, "chat")
    return {"chat": actions.accept(now, me, offer, chat=None if offer else chat).pk}


def _decline(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.decline(now, me, whole(frame, "offer"), text(frame, "reason"))


def _open(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    chat = chat_for(me, whole(frame, "chat"))
    history = {
        "type": "history",
        "chat": chat.pk,
        "entries": telling.entries(chat, number(frame, "after", least=0) or 0),
        **telling.history(chat),
        "visit": _visit(chat.visit),
    }
    return {"chat": chat.pk, "before_done": history}


def _visit(visit_id: str) -> Frame | None:
    found = Visit.objects.filter(pk=visit_id).first() if visit_id else None
    if found is None:
        return None
    pages = list(found.pages.order_by("-at")[:PAGES])[::-1]
    return {
        "id": found.pk, "started_at": telling.iso(found.started_at), "referrer": found.referrer,
        "device": found.device, "landing": found.landing_url,
        "visits": visits.visits_of(found.visitor_id),
        "pages": [{"at": telling.iso(p.at), "url": p.url, "title": p.title} for p in pages],
    }  # fmt: skip


def _say(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    chat = whole(frame, "chat")
    made = actions.say(
        now, me, chat, text(frame, "nonce", least=1), text(frame, "body"),
        attachment=_attachment(frame, of_member(me.pk), chat), canned=number(frame, "canned"),
        canned_edited=flag(frame, "canned_edited"),
    )  # fmt: skip
    return {"chat": chat, "number": made.number}


def _note(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    mentions = frame.get("mentions") or []
    if not isinstance(mentions, list):
        raise Refused("wrong", "mentions: numbers of members")
    made = actions.note(
        now, me, whole(frame, "chat"), text(frame, "nonce", least=1), text(frame, "body"),
        [m for m in mentions if isinstance(m, int) and not isinstance(m, bool) and 0 < m < 2**53],
    )  # fmt: skip
    return {"chat": made.chat_id, "number": made.number}


def _typing(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.typing(now, me, whole(frame, "chat"), flag(frame, "on"))


def _seen(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.seen(now, me, whole(frame, "chat"), whole(frame, "number"))


def _transfer(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    to, chat = obj(frame, "to"), whole(frame, "chat")
    actions.transfer(
        now, me, chat, to_member=number(to, "member"), to_team=number(to, "team"),
        reason=text(frame, "reason"),
    )  # fmt: skip
    return {"chat": chat}


def _join(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.join(now, me, whole(frame, "chat"))


def _leave(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.leave(now, me, whole(frame, "chat"))


def _take(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    return {"chat": actions.take(now, me, whole(frame, "chat")).pk}


def _escalate(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.escalate(now, me, whole(frame, "chat"), text(frame, "reason"), number(frame, "level"))


def _names(frame: Frame, key: str) -> list[str]:
    held = frame.get(key) or []
    if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
        raise Refused("wrong", f"{key}: a list of ids")
    return [one[:200] for one in held[:100]]


def _tag(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.tag(
        now, me, whole(frame, "chat"), add=_names(frame, "add"), remove=_names(frame, "remove")
    )


def _topic(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.topic(now, me, whole(frame, "chat"), text(frame, "topic"))


def _followup(me: Member, frame: Frame, now: dt.datetime) -> None:
    if number(frame, "id") is not None:
        actions.followup_done(now, me, whole(frame, "id"), is_cancelled=flag(frame, "cancelled"))
        return
    try:
        due_at = dt.datetime.fromisoformat(text(frame, "due_at", least=1))
    except ValueError as error:
        raise Refused("wrong", "due_at: an instant with its zone") from error
    actions.followup(
        now, me, whole(frame, "chat"), text(frame, "kind"), due_at, text(frame, "note")
    )


def _close(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    chat = whole(frame, "chat")
    actions.close(now, me, chat, text(frame, "outcome"), text(frame, "reason"))
    return {"chat": chat}


def _reason(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.missed_reason(now, me, whole(frame, "chat"), text(frame, "missed_reason"))


def _wrapped(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.wrapped(now, me, whole(frame, "chat"))


def _invite(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    made = actions.invite(now, me, text(frame, "visit", least=1), text(frame, "text", least=1))
    return {"invitation": made.pk}


def _watch(me: Member, frame: Frame, now: dt.datetime) -> Frame:
    chat = actions.watch(now, me, whole(frame, "chat"))
    return {"before_done": {"type": "chat", "chat": telling.chat_frame(chat)}}


def _unwatch(me: Member, frame: Frame, now: dt.datetime) -> None:
    actions.unwatch(now, me, whole(frame, "chat"))


_Does = Callable[[Member, Frame, dt.datetime], Frame | None]
_MEMBERS: Final[dict[str, _Does]] = {
    "presence": _presence, "accept": _accept, "decline": _decline, "open": _open, "say": _say,
    "note": _note, "typing": _typing, "seen": _seen, "transfer": _transfer, "join": _join,
    "leave": _leave, "take": _take, "escalate": _escalate, "tag": _tag, "topic": _topic,
    "followup": _followup, "close": _close, "reason": _reason, "wrapped": _wrapped,
    "invite": _invite, "watch": _watch, "unwatch": _unwatch,
}  # fmt: skip


# -- the supervisor's board ----------------------------------------------------------------------


def board(number_: int, now: dt.datetime) -> Frame | None:
    """The board as a supervisor sees it; None for everybody else."""
    found = Member.objects.filter(pk=number_, is_active=True, is_supervisor=True).first()
    if found is None:
        return None
    shown = telling.board(found, now)
    recent = Visit.objects.filter(ended_at=None, last_at__gt=now - visits.SILENCE)
    there = recent.filter(visitor__robot="", visitor__is_internal=False).order_by("-last_at")[
        :PAGES
    ]
    shown["visits"] = [_there(visit) for visit in there]
    return shown


def _there(visit: Visit) -> dict[str, Any]:
    seen = visit.pages.order_by("-at")
    last = seen.first()
    return {
        "visit": visit.pk, "since": telling.iso(visit.started_at),
        "page": "" if last is None else last.title or last.url, "pages": seen.count(),
    }  # fmt: skip


def _attachment(frame: Frame, by: str, chat: int | None) -> dict[str, Any] | None:
    """The file that a message names: the sender's own, and of no other chat."""
    if frame.get("attachment") is None:
        return None
    found = files.sent(by, frame["attachment"], chat)
    if found is None:
        raise Refused("unknown", "attachment: no such file of yours")
    return found
