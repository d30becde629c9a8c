"""A desk with a clock that a test moves: members, visitors, and what they were told.

desk = World()
ada = desk.member("Ada")
chat = desk.start("v1", "where is my parcel?")
desk.pass_(5)                 # seconds, routed every one of them
desk.accept(ada)
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from sanjeh.apps.desk.surroundings import Label, Surroundings

if TYPE_CHECKING:
    from sanjeh.apps.desk.models import Chat, Entry, Member, Segment, Team
    from sanjeh.ledger import Ledger

NINE = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
LABELS = Surroundings(
    topics={id_: Label(id_, id_.partition("/")[2]) for id_ in ("desk/billing", "desk/parcel")},
    tags={id_: Label(id_, id_.partition("/")[2]) for id_ in ("desk/refund", "desk/urgent")},
    key_accounts=frozenset({"big"}),
)


class World:
    """One desk. Members' connections are there until `disconnect`, visitors' until `vanish`."""

    def __init__(self, now: dt.datetime = NINE, given: Surroundings = LABELS) -> None:
        from sanjeh.apps.desk import surroundings

        surroundings.use(given)
        self.now = now
        self.members: list[Member] = []
        self._heard = now
        self.gone: set[Any] = set()
        self.visitors: set[str] = set()
        self._nonces = itertools.count(1)

    # -- time --------------------------------------------------------------------------------

    def pass_(self, seconds: int, step: int = 5) -> None:
        """Let time pass; who is connected gives a sign every ten seconds."""
        from sanjeh.apps.desk import actions

        until = self.now + dt.timedelta(seconds=seconds)
        while self.now < until:
            self.now = min(until, self.now + dt.timedelta(seconds=step))
            if self.now >= self._heard + dt.timedelta(seconds=10):
                self._heard = self.now
                actions.alive(
                    self.now,
                    members=[m.pk for m in self.members if m.pk not in self.gone],
                    visitors=[v for v in self.visitors if v not in self.gone],
                )
            self.route()

    def route(self) -> None:
        from sanjeh.apps.desk.routing import route

        route(self.now)

    def until(self, clock: str) -> None:
        """Let time pass until a time of day, such as `09:10:30`."""
        at = dt.datetime.combine(self.now.date(), dt.time.fromisoformat(clock), dt.UTC)
        assert at >= self.now, f"{clock} is over"
        self.pass_(int((at - self.now).total_seconds()))

    # -- people ------------------------------------------------------------------------------

    def team(self, name: str) -> Team:
        from sanjeh.apps.desk.members import make_team

        return make_team(self.now, name)

    def member(self, name: str, status: str = "available", **given: Any) -> Member:
        """A member at work, connected, with a presence; `teams` and the like as `enrol` has."""
        from sanjeh.apps.desk import actions
        from sanjeh.apps.desk.members import enrol

        made = enrol(self.now, name, **given)
        self.members.append(made)
        if status != "offline":
            actions.choose_presence(self.now, made, status)
        return made

    def presence(self, member: Member, status: str, reason: str = "") -> None:
        from sanjeh.apps.desk import actions

        actions.choose_presence(self.now, member, status, reason)
        self.route()

    def disconnect(self, member: Member) -> None:
        self.gone.add(member.pk)

    def vanish(self, visitor: str) -> None:
        """The visitor's connection is gone from now on."""
        from sanjeh.apps.desk import actions

        actions.alive(self.now, visitors=[visitor])
        self.gone.add(visitor)

    def nonce(self) -> str:
        return f"n{next(self._nonces)}"

    # -- chats -------------------------------------------------------------------------------

    def start(self, visitor: str, body: str = "hello", **given: Any) -> Chat:
        from sanjeh.apps.desk import actions

        self.visitors.add(visitor)
        self.gone.discard(visitor)
        chat = actions.start(
            self.now, actions.Start(visitor=visitor, nonce=self.nonce(), body=body, **given)
        )
        self.route()
        return fresh(chat)

    def offer(self, member: Member) -> Segment | None:
        """The offer that stands to a member."""
        from sanjeh.apps.desk.models import Segment

        return Segment.objects.filter(member=member, state="offered").first()

    def accept(self, member: Member) -> Chat:
        """The member takes what is offered to them."""
        from sanjeh.apps.desk import actions

        part = self.offer(member)
        assert part is not None, f"nothing is offered to {member.name}"
        chat = actions.accept(self.now, current(member), part.pk)
        self.route()
        return fresh(chat)

    def decline(self, member: Member) -> None:
        from sanjeh.apps.desk import actions

        part = self.offer(member)
        assert part is not None, f"nothing is offered to {member.name}"
        actions.decline(self.now, current(member), part.pk)
        self.route()

    def visitor(self, chat: Chat, body: str = "and then?") -> Entry:
        from sanjeh.apps.desk import actions

        return actions.visitor_say(self.now, chat.visitor, self.nonce(), body)

    def say(self, member: Member, chat: Chat, body: str = "yes", **given: Any) -> Entry:
        from sanjeh.apps.desk import actions

        return actions.say(self.now, current(member), chat.pk, self.nonce(), body, **given)

    def end(self, chat: Chat) -> Chat:
        """The visitor ends it."""
        from sanjeh.apps.desk import actions

        actions.end(self.now, chat.visitor)
        self.route()
        return fresh(chat)

    def close(self, member: Member, chat: Chat, outcome: str = "resolved", why: str = "") -> Chat:
        from sanjeh.apps.desk import actions

        actions.close(self.now, current(member), chat.pk, outcome, why)
        self.route()
        return fresh(chat)

    def wrapped(self, member: Member, chat: Chat) -> None:
        from sanjeh.apps.desk import actions

        actions.wrapped(self.now, current(member), chat.pk)
        self.route()

    def do(self, name: str, member: Member, *given: Any, **named: Any) -> Any:
        """Any other action of a member."""
        from sanjeh.apps.desk import actions

        made = getattr(actions, name)(self.now, current(member), *given, **named)
        self.route()
        return made

    # -- what came of it ---------------------------------------------------------------------

    def served(self, member: Member, visitor: str, outcome: str = "resolved") -> Chat:
        """A whole chat: asked, taken after 5 s, answered after 10, closed after 60."""
        self.start(visitor)
        self.pass_(5)
        chat = self.accept(member)
        self.pass_(5)
        self.say(member, chat)
        self.pass_(50)
        return self.close(member, chat, outcome)

    def told(self, to: str, type_: str | None = None) -> list[dict[str, Any]]:
        """The frames told to whom: `v:ID`, `m:N` or `board`."""
        from sanjeh.apps.desk import signals

        frames = [t.frame for t in signals.after(0, most=100_000) if to in t.to]
        return [f for f in frames if type_ is None or f["type"] == type_]

    def records(self, kind: str) -> dict[str, dict[str, Any]]:
        """What was handed over of a kind: the newest version by id, read off the waiting table."""
        from sanjeh.apps.handing.models import Handing

        found: dict[str, dict[str, Any]] = {}
        for row in Handing.objects.filter(kind=kind).order_by("pk"):
            found[row.record.get("id") or str(row.pk)] = row.record
        return found

    def move(self, ledger: Ledger) -> int:
        from sanjeh.apps.handing.outbox import move

        return move(ledger)


def fresh(chat: Chat) -> Chat:
    """The chat as the table has it now."""
    from sanjeh.apps.desk.models import Chat

    return Chat.objects.select_related("owner", "team", "customer").get(pk=chat.pk)


def current(member: Member) -> Member:
    """The member as the table has it now."""
    from sanjeh.apps.desk.models import Member

    return Member.objects.get(pk=member.pk)
