"""Adding a line to a chat: numbered without gaps, told, and handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sanjeh.apps.desk import records, telling
from sanjeh.apps.desk.models import Canned, Chat, Entry, Member
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.rules import rules


def nonce_of(member: Member | None, nonce: str) -> str:
    """A sender's nonce as the table holds it, so that nobody can take another's."""
    if not nonce or len(nonce) > 80:
        raise Refused("wrong", "nonce: 1 to 80 letters")
    return f"{'v' if member is None else member.pk} {nonce}"


def words(body: str, *, may_be_empty: bool = False) -> str:
    """What was written, without what no text holds."""
    # PostgreSQL holds no NUL, and UTF-8 no half of a pair.
    text = body.replace("\x00", "").encode("utf-8", "ignore").decode().strip()
    if not text and not may_be_empty:
        raise Refused("empty", "body: nothing was written")
    if len(text) > rules().most_letters:
        raise Refused("long", f"body: {rules().most_letters} letters at most")
    return text


def add(
    now: dt.datetime,
    chat: Chat,
    kind: Entry.Kind,
    author_type: str,
    *,
    member: Member | None = None,
    is_public: bool = True,
    body: str = "",
    nonce: str | None = None,
    attachment: dict[str, Any] | None = None,
    event: str = "",
    data: dict[str, Any] | None = None,
    canned: Canned | None = None,
    canned_edited: bool | None = None,
    mentions: Sequence[int] = (),
) -> Entry:
    """A further line; the chat's counters are changed and not saved yet.

    Lines stand in the order of their instants: one that comes with an earlier clock (another
    machine's) is dated as the line before.
    """
    before = chat.entries.order_by("-number").values_list("at", flat=True).first()
    chat.last_number += 1
    if is_public:
        chat.last_shown += 1
    made = Entry.objects.create(
        chat=chat, number=chat.last_number, shown=chat.last_shown if is_public else None,
        at=max(now, before or now), kind=kind, author_type=author_type, member=member, body=body,
        nonce=nonce, attachment=attachment, event=event, data=data or {}, canned=canned,
        canned_edited=canned_edited, mentions=list(mentions),
    )  # fmt: skip
    records.message(made, chat.customer.key)
    telling.tell_line(now, chat, made)
    return made


def happened(
    now: dt.datetime,
    chat: Chat,
    event: str,
    *,
    member: Member | None = None,
    is_public: bool = True,
    **data: Any,
) -> Entry:
    """A line for something that happened."""
    author = "agent" if member else "system"
    return add(
        now, chat, Entry.Kind.EVENT, author, member=member, is_public=is_public, event=event,
        data={k: v for k, v in data.items() if v is not None},
    )  # fmt: skip
