"""Finding what an action is about, for who may see it; what is not theirs is unknown to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sanjeh.apps.desk import telling
from sanjeh.apps.desk.models import RELATED, Chat, Member, Segment
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.handing.turns import turn

P = ParamSpec("P")
R = TypeVar("R")
Action = Callable[Concatenate[dt.datetime, Member, P], R]


def acting(action: Action[P, R]) -> Action[P, R]:
    """An action of a member: in its turn, with the member as the table has it now.

    Errors: Refused unknown, for who answers here no longer.
    """

    @wraps(action)
    def act(now: dt.datetime, member: Member, /, *args: P.args, **given: P.kwargs) -> R:
        with turn():
            member.refresh_from_db()
            if not member.is_active:
                raise Refused("unknown", "you answer here no longer")
            return action(now, member, *args, **given)

    return act


def of_visitor(visitor: str, chat: int | None = None) -> Chat:
    """The visitor's chat that runs; of the number, where one is given.

    Errors: Refused unknown, or ended.
    """
    own = Chat.objects.select_related(*RELATED).filter(visitor=visitor)
    if chat is not None:
        found = own.filter(pk=chat).first()
    else:
        found = own.filter(ended_at=None).first() or own.order_by("-pk").first()
    if found is None:
        raise Refused("unknown", "chat: you have none of that number")
    if found.is_over:
        raise Refused("ended", "chat: it is over")
    return found


def chat_for(member: Member, chat: int) -> Chat:
    """A chat that the member may see.

    Errors: Refused unknown.
    """
    found = Chat.objects.select_related(*RELATED).filter(pk=chat).first()
    if found is None or not telling.may_see(member, found):
        raise Refused("unknown", "chat: there is none of that number for you")
    return found


def running(member: Member, chat: int) -> Chat:
    """A chat that the member may see and that is not over.

    Errors: Refused unknown, or ended.
    """
    found = chat_for(member, chat)
    if found.is_over:
        raise Refused("ended", "chat: it is over")
    return found


def part_of(member: Member, chat: Chat, *, may_be_over: bool = False) -> Segment:
    """The member's part in a chat, as owner or helper.

    may_be_over: whether the work after the chat is enough.
    Errors: Refused not_yours.
    """
    states = [Segment.State.OPEN]
    if may_be_over:
        states.append(Segment.State.WRAPPING)
    found = chat.segments.select_related("member", "team").filter(member=member, state__in=states)
    part = found.first()
    if part is None:
        raise Refused("not_yours", "chat: you have no part in it")
    return part


def owned(member: Member, chat: Chat, *, may_be_over: bool = False) -> Segment:
    """The member's part as the owner of a chat.

    Errors: Refused not_yours.
    """
    part = part_of(member, chat, may_be_over=may_be_over)
    if part.role != "owner":
        raise Refused("not_yours", "chat: another member has it")
    return part
