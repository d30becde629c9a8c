"""The frames of the protocol, made from the tables: what members and visitors are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet

from sanjeh.apps.desk import asking, signals
from sanjeh.apps.desk.models import Canned, Chat, Entry, Followup, Member, Segment, Team
from sanjeh.apps.desk.rules import rules
from sanjeh.apps.desk.surroundings import surroundings

Frame = dict[str, Any]
SHOWN: Final = 120  # letters of the last words of a chat in a list
HISTORY: Final = 20  # earlier chats of a customer
OTHERS: Final = 200  # chats in an inbox that are neither the member's nor waiting
AT_WORK: Final = (Chat.State.WAITING, Chat.State.TALKING, Chat.State.WRAPPING)
HELD: Final = (Segment.State.OPEN, Segment.State.WRAPPING)


def iso(at: dt.datetime | None) -> str | None:
    """An instant as frames carry it."""
    return None if at is None else at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


# -- who may see what ----------------------------------------------------------------------------


def may_see(member: Member, chat: Chat) -> bool:
    """Whether a chat is of the member's teams, of none, or one the member has a part in."""
    if member.sees_all or chat.team_id is None:
        return True
    if member.teams.filter(pk=chat.team_id).exists():
        return True
    return chat.segments.filter(member=member).exclude(end_reason="declined").exists()


def seen_by(member: Member) -> QuerySet[Chat]:
    """The chats that the member may see."""
    if member.sees_all:
        return Chat.objects.all()
    parts = Segment.objects.filter(member=member).exclude(end_reason="declined")
    return Chat.objects.filter(
        Q(team=None) | Q(team__in=member.teams.all()) | Q(pk__in=parts.values("chat_id"))
    )


def insiders(chat: Chat) -> set[int]:
    """Members who follow a chat word by word: owner, helpers, and supervisors who listen in."""
    parts = chat.segments.filter(state__in=HELD).values_list("member_id", flat=True)
    return {*parts, *chat.watches.values_list("member_id", flat=True)}


def audience(chat: Chat) -> set[int]:
    """Members who see that a chat is there and how it stands: insiders, and all who may see it."""
    wide = Member.objects.filter(is_active=True)
    if chat.team_id is not None:
        wide = wide.filter(Q(sees_all=True) | Q(teams=chat.team_id))
    return insiders(chat) | set(wide.values_list("pk", flat=True))


# -- to members ----------------------------------------------------------------------------------


def chat_frame(chat: Chat) -> Frame:
    """A chat as members see it."""
    state = str(chat.state)
    if chat.state == Chat.State.WAITING and chat.segments.filter(state="offered").exists():
        state = "offered"
    last = chat.entries.filter(kind=Entry.Kind.MESSAGE).order_by("-number").first()
    unread = chat.entries.filter(
        author_type="customer", kind=Entry.Kind.MESSAGE, number__gt=chat.agent_read
    )
    who = chat.customer
    return {
        "id": chat.pk,
        "state": state,
        "visitor": {
            "id": chat.visitor, "name": who.name, "email": who.email,
            "language": chat.language, "known": who.is_known,
        },
        "team": chat.team_id,
        "owner": chat.owner_id,
        "members": sorted(
            chat.segments.filter(state=Segment.State.OPEN).values_list("member_id", flat=True)
        ),
        "requested_at": iso(chat.requested_at),
        "started_at": iso(chat.taken_at),
        "ended_at": iso(chat.ended_at),
        "last": None if last is None else {
            "number": last.number, "at": iso(last.at), "body": last.body[:SHOWN],
            "author": last.author_type,
        },
        "unread": unread.count(),
        "tags": chat.tags,
        "topic": chat.topic or None,
        "language": chat.language,
        "initiation": chat.initiation,
        "priority": chat.priority,
        "level": chat.level,
        "outcome": chat.outcome or None,
        "missed_reason": chat.missed_reason or None,
        "visit": chat.visit or None,
        "page": chat.page,
    }  # fmt: skip


def entry_frame(entry: Entry) -> Frame:
    """A line of a chat as members see it."""
    name = entry.member.name if entry.member else ""
    author: Frame = {"type": entry.author_type, "name": name}
    if entry.member_id is not None:
        author["id"] = entry.member_id
    frame: Frame = {
        "type": "entry", "chat": entry.chat_id, "number": entry.number, "at": iso(entry.at),
        "kind": entry.kind, "author": author, "body": entry.body,
    }  # fmt: skip
    if entry.attachment:
        frame["attachment"] = entry.attachment
    if entry.nonce:
        frame["nonce"] = entry.nonce.partition(" ")[2]
    if entry.event:
        frame |= {"event": entry.event, "data": entry.data}
    if entry.mentions:
        frame["mentions"] = entry.mentions
    if entry.canned_id:
        frame["canned"] = entry.canned_id
    return frame


def entries(chat: Chat, after: int = 0) -> list[Frame]:
    """The lines of a chat after a number, as members see them."""
    found = chat.entries.filter(number__gt=after).select_related("member")
    return [entry_frame(e) for e in found.order_by("number")]


def history(chat: Chat) -> Frame:
    """What else is known of who asks: earlier chats and the visit."""
    before = chat.customer.chats.exclude(pk=chat.pk).order_by("-requested_at")[:HISTORY]
    return {
        "before": [
            {
                "id": c.pk, "requested_at": iso(c.requested_at), "ended_at": iso(c.ended_at),
                "outcome": c.outcome or None, "topic": c.topic or None, "tags": c.tags,
                "missed_reason": c.missed_reason or None,
            }
            for c in before
        ],
        "customer": {
            "id": chat.customer.key, "name": chat.customer.name, "email": chat.customer.email,
            "known": chat.customer.is_known, "account": chat.customer.account or None,
            "is_key": chat.priority == "high",
            "answers": chat.answers,
        },
        "followups": [followup_frame(f) for f in chat.followups.order_by("due_at")],
    }  # fmt: skip


def offer_frame(part: Segment) -> Frame:
    """An offer to its member."""
    return {
        "type": "offer", "offer": part.pk, "chat": chat_frame(part.chat), "until": iso(part.until),
    }  # fmt: skip


def presence_frame(member: Member, chats: int | None = None) -> Frame:
    """A member's presence."""
    if chats is None:
        chats = member.segments.filter(role="owner", state__in=HELD).count()
    return {
        "type": "presence", "member": member.pk, "status": member.status,
        "since": iso(member.since), "chats": chats,
    }  # fmt: skip


def member_frame(member: Member) -> Frame:
    """A member as colleagues see it."""
    shown = presence_frame(member)
    return {
        "id": member.pk, "name": member.name, "status": shown["status"], "since": shown["since"],
        "chats": shown["chats"], "teams": list(member.teams.values_list("pk", flat=True)),
        "limit": member.limit or rules().limit, "is_supervisor": member.is_supervisor,
    }  # fmt: skip


def followup_frame(made: Followup) -> Frame:
    """A promised later contact."""
    return {
        "type": "followup", "id": made.pk, "chat": made.chat_id, "member": made.member_id,
        "kind": made.kind, "note": made.note, "due_at": iso(made.due_at),
        "done_at": iso(made.done_at),
    }  # fmt: skip


def canned_frame(reply: Canned) -> Frame:
    """A ready reply."""
    return {
        "id": reply.pk, "shortcut": reply.shortcut, "title": reply.title, "body": reply.body,
        "language": reply.language, "team": reply.team_id, "is_holding": reply.is_holding,
    }  # fmt: skip


def welcome(member: Member, now: dt.datetime) -> Frame:
    """The first frame of a member's socket."""
    mine = Chat.objects.filter(
        Q(segments__member=member, segments__state__in=HELD) | Q(watches__member=member),
        state__in=AT_WORK,
    ).distinct()
    offers = Segment.objects.filter(member=member, state=Segment.State.OFFERED)
    teams = member.teams.all()
    replies = Canned.objects.filter(is_active=True).filter(Q(team=None) | Q(team__in=teams))
    held = surroundings()
    due = Followup.objects.filter(member=member, done_at=None, is_cancelled=False)
    return {
        "type": "welcome",
        "me": member_frame(member),
        "presence": member.status,
        "chosen": member.chosen,
        "limit": member.limit or rules().limit,
        "members": [
            member_frame(m) for m in Member.objects.filter(is_active=True).order_by("name")
        ],
        "teams": [
            {"id": t.pk, "name": t.name} for t in Team.objects.filter(is_active=True)
        ],
        "canned": [canned_frame(c) for c in replies.order_by("shortcut")],
        "topics": [{"id": t.id, "name": t.name, "parent": t.parent or None}
                   for t in held.topics.values()],
        "tags": [{"id": t.id, "name": t.name, "is_urgent": t.is_urgent}
                 for t in held.tags.values()],
        "chats": [chat_frame(c) for c in mine],
        "offers": [offer_frame(o) for o in offers],
        "waiting": [chat_frame(c) for c in waiting(member)],
        "others": [chat_frame(c) for c in others(member, now)],
        "followups": [followup_frame(f) for f in due.order_by("due_at")],
        "settings": {
            "offer_seconds": rules().offer_seconds, "wrapup_seconds": rules().wrapup_seconds,
            "has_sound": rules().has_sound,
            "levels": [{"order": level.order, "role": level.role} for level in held.levels],
        },
        "now": iso(now),
    }  # fmt: skip


def others(member: Member, now: dt.datetime) -> Iterable[Chat]:
    """What else the member may see: chats that run, and those that were closed within a day."""
    running = Q(state__in=(Chat.State.TALKING, Chat.State.WRAPPING))
    lately = Q(state=Chat.State.CLOSED, ended_at__gte=now - dt.timedelta(days=1))
    found = seen_by(member).filter(running | lately).select_related("customer")
    return found.order_by("-ended_at", "-pk")[:OTHERS]


def waiting(member: Member) -> Iterable[Chat]:
    """The chats that wait and that the member may see, in the order of the queue."""
    found = seen_by(member).filter(state=Chat.State.WAITING).select_related("customer")
    return found.order_by("position", "queued_at", "pk")


def board(member: Member, now: dt.datetime) -> Frame:
    """The supervisor's board: who waits, who is there, what was missed within a day."""
    seen = seen_by(member).select_related("customer")
    since = now - dt.timedelta(days=1)
    missed = seen.filter(ended_at__gte=since).exclude(missed_reason="").order_by("-ended_at")
    talking = seen.filter(state__in=(Chat.State.TALKING, Chat.State.WRAPPING))
    return {
        "type": "board",
        "waiting": [
            {"chat": c.pk, "since": iso(c.requested_at), "team": c.team_id,
             "visitor": c.customer.name, "priority": c.priority}
            for c in waiting(member)
        ],
        "talking": [
            {"chat": c.pk, "owner": c.owner_id, "since": iso(c.taken_at), "state": c.state,
             "visitor": c.customer.name, "last_at": iso(c.last_at)}
            for c in talking.order_by("taken_at")
        ],
        "members": [
            {k: m[k] for k in ("id", "name", "status", "since", "chats", "limit")}
            for m in map(
                member_frame, Member.objects.filter(is_active=True).order_by("name")
            )
        ],
        "missed": [
            {"chat": c.pk, "at": iso(c.ended_at), "reason": c.missed_reason,
             "waited": (c.ended_at - c.requested_at).total_seconds() if c.ended_at else None,
             "visitor": c.customer.name, "email": c.customer.email}
            for c in missed[:100]
        ],
    }  # fmt: skip


# -- to visitors ---------------------------------------------------------------------------------


def visitor_entry(entry: Entry) -> Frame | None:
    """A line of a chat as the visitor sees it; None for what is not the visitor's."""
    if entry.shown is None:
        return None
    frame: Frame = {
        "type": "entry", "chat": entry.chat_id, "number": entry.shown, "at": iso(entry.at),
        "kind": entry.kind,
        "author": {"type": entry.author_type, "name": entry.member.name if entry.member else ""},
        "body": entry.body,
    }  # fmt: skip
    if entry.attachment:
        frame["attachment"] = entry.attachment
    if entry.nonce and entry.author_type == "customer":
        frame["nonce"] = entry.nonce.partition(" ")[2]
    if entry.event:
        frame["event"] = entry.event
    return frame


def visitor_entries(chat: Chat, after: int = 0) -> list[Frame]:
    """The lines that a visitor does not have yet."""
    found = chat.entries.filter(shown__gt=after).select_related("member").order_by("shown")
    return [frame for e in found if (frame := visitor_entry(e)) is not None]


def visitor_state(chat: Chat) -> Frame:
    """How a chat stands for its visitor."""
    state = "ended" if chat.is_over else "talking" if chat.state == "talking" else "waiting"
    frame: Frame = {"type": "state", "chat": chat.pk, "state": state}
    if state == "waiting" and chat.position:
        frame["position"] = chat.position
    if chat.owner is not None and state == "talking":
        frame["agent"] = {"name": chat.owner.name}
    if state == "ended":
        frame["reason"] = chat.missed_reason or chat.end_reason
    return frame


def opening(now: dt.datetime) -> Frame:
    """Whether the desk is open, when it opens, and whether anybody is there."""
    held, calendar = surroundings(), rules().calendar
    there = Member.objects.filter(is_active=True, status__in=("available", "busy")).exists()
    return {
        "is_open": held.is_open(calendar, now),
        "opens_at": iso(held.opens_at(calendar, now)),
        "is_staffed": there,
    }


def visitor_welcome(visitor: str, after: int, now: dt.datetime, chat: int | None = None) -> Frame:
    """The first frame of a visitor's socket: the chat that runs, or the one named, or none."""
    own = Chat.objects.filter(visitor=visitor)
    found = own.filter(ended_at=None).first()
    if found is None and chat is not None:
        found = own.filter(pk=chat).first()
    return {
        "type": "welcome",
        "chat": None if found is None else visitor_state(found),
        "entries": [] if found is None else visitor_entries(found, after),
        "open": opening(now),
        "survey": None if found is None else asking.pending(now, found),
    }


# -- telling -------------------------------------------------------------------------------------


def tell_line(now: dt.datetime, chat: Chat, entry: Entry) -> None:
    """Tell a new line to who follows the chat."""
    signals.tell_members(now, insiders(chat), entry_frame(entry))
    shown = visitor_entry(entry)
    if shown is not None:
        signals.tell(now, [signals.of_visitor(chat.visitor)], shown)


def tell_chat(now: dt.datetime, chat: Chat, also: Iterable[int] = ()) -> None:
    """Tell how a chat stands now, to members and to its visitor.

    also: members who saw it until now; who sees it no longer is told that it is gone.
    """
    seeing = audience(chat)
    signals.tell_members(now, seeing, {"type": "chat", "chat": chat_frame(chat)})
    signals.tell_members(now, set(also) - seeing, {"type": "gone", "chat": chat.pk})
    signals.tell(now, [signals.of_visitor(chat.visitor)], visitor_state(chat))
    signals.tell(now, [signals.BOARD], {"type": "board"})
