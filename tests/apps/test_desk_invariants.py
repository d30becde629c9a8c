"""Whatever people do, in whatever order: what must hold, holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from desk_world import World
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.usefixtures("tables"), pytest.mark.slow]

MEMBERS, VISITORS = 3, 4
STEPS = st.one_of(
    st.tuples(st.just("start"), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("words"), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("end"), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("vanish"), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("come back"), st.integers(0, VISITORS - 1)),
    st.tuples(st.sampled_from(["accept", "decline", "say", "note", "close", "wrapped", "leave",
                               "escalate", "disconnect", "connect"]),
              st.integers(0, MEMBERS - 1)),
    st.tuples(st.just("pick"), st.integers(0, MEMBERS - 1), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("join"), st.integers(0, MEMBERS - 1), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("take"), st.integers(0, MEMBERS - 1), st.integers(0, VISITORS - 1)),
    st.tuples(st.just("transfer"), st.integers(0, MEMBERS - 1), st.integers(0, MEMBERS - 1)),
    st.tuples(st.just("to team"), st.integers(0, MEMBERS - 1), st.integers(0, 1)),
    st.tuples(st.just("presence"), st.integers(0, MEMBERS - 1),
              st.sampled_from(["available", "busy", "away", "break", "offline"])),
    st.tuples(st.just("pass"), st.sampled_from([1, 7, 31, 70, 200])),
    st.tuples(st.just("down"), st.sampled_from([25, 90])),
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(STEPS, min_size=8, max_size=40))
def test_any_order_of_actions_keeps_what_must_hold(steps: list[tuple[Any, ...]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        desk = World()
        teams = [desk.team("Sales"), desk.team("Support")]
        members = [
            desk.member("Ada", teams=[teams[0]], limit=1),
            desk.member("Bob", teams=teams, limit=2),
            desk.member("Sue", teams=[teams[1]], is_supervisor=True, sees_all=True),
        ]
        for step in steps:
            do(desk, members, teams, *step)
            look(desk)
        replayed()
        transaction.set_rollback(True)


def do(desk: World, members: list[Any], teams: list[Any], what: str, *of: Any) -> None:
    """One step; what the desk refuses is refused."""
    from sanjeh.apps.desk.refusals import Refused

    try:
        _do(desk, members, teams, what, *of)
    except Refused:
        return


def _do(desk: World, members: list[Any], teams: list[Any], what: str, *of: Any) -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.models import Chat, Segment

    def chat_of(number: int) -> int:
        chat = Chat.objects.filter(visitor=f"v{number}").order_by("-pk").first()
        return chat.pk if chat else 0

    def mine(number: int) -> int:
        part = Segment.objects.filter(member=members[number], state__in=["open", "wrapping"])
        found = part.order_by("pk").values_list("chat_id", flat=True).first()
        return found or 0

    match what, *of:
        case "start", visitor:
            desk.start(f"v{visitor}", team=teams[visitor % 2].pk if visitor < 3 else None)
        case "words", visitor:
            actions.visitor_say(desk.now, f"v{visitor}", desk.nonce(), "hello?")
        case "end", visitor:
            actions.end(desk.now, f"v{visitor}")
        case "vanish", visitor:
            desk.vanish(f"v{visitor}")
        case "come back", visitor:
            desk.gone.discard(f"v{visitor}")
        case ("accept" | "decline") as name, member:
            if desk.offer(members[member]):
                getattr(desk, name)(members[member])
        case "say", member:
            desk.say(members[member], Chat(pk=mine(member)))
        case "note", member:
            desk.do("note", members[member], mine(member), desk.nonce(), "hm")
        case "close", member:
            chat = Chat.objects.filter(pk=mine(member)).first()
            outcome = "resolved" if chat is not None and chat.answered_at else ""
            desk.do("close", members[member], mine(member), outcome)
        case ("wrapped" | "leave") as name, member:
            desk.do(name, members[member], mine(member))
        case "escalate", member:
            desk.do("escalate", members[member], mine(member), "too hard")
        case "disconnect", member:
            desk.disconnect(members[member])
        case "connect", member:
            desk.gone.discard(members[member].pk)
        case "pick", member, visitor:
            actions.accept(desk.now, members[member], chat=chat_of(visitor))
        case ("join" | "take") as name, member, visitor:
            desk.do(name, members[member], chat_of(visitor))
        case "transfer", member, other:
            desk.do("transfer", members[member], mine(member), to_member=members[other].pk)
        case "to team", member, team:
            desk.do("transfer", members[member], mine(member), to_team=teams[team].pk)
        case "presence", member, status:
            desk.presence(members[member], status)
        case "pass", seconds:
            desk.pass_(seconds, step=10)
        case "down", seconds:
            desk.now += dt.timedelta(seconds=seconds)
            desk.route()


def look(desk: World) -> None:
    """What must hold after every step, told by plain SQL."""
    from django.db import connection

    def none(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.fetchall() == [], sql

    none(
        "SELECT chat_id FROM desk_segment WHERE role = 'owner' AND state IN "
        "('open', 'wrapping', 'offered') GROUP BY chat_id HAVING count(*) > 1"
    )
    none(
        "SELECT chat_id FROM desk_entry GROUP BY chat_id "
        "HAVING count(*) <> max(number) OR count(shown) <> max(coalesce(shown, 0))"
    )
    none(
        "SELECT a.id FROM desk_entry a JOIN desk_entry b ON a.chat_id = b.chat_id "
        "AND a.number < b.number AND a.at > b.at"
    )
    none(
        "SELECT c.id FROM desk_chat c WHERE state = 'talking' AND NOT EXISTS (SELECT 1 FROM "
        "desk_segment s WHERE s.chat_id = c.id AND s.state = 'open' AND s.role = 'owner' "
        "AND s.member_id = c.owner_id)"
    )
    none(
        "SELECT c.id FROM desk_chat c WHERE state = 'waiting' AND (owner_id IS NOT NULL OR "
        "EXISTS (SELECT 1 FROM desk_segment s WHERE s.chat_id = c.id AND s.role = 'owner' "
        "AND s.state IN ('open', 'wrapping')))"
    )
    none(
        "SELECT id FROM desk_chat WHERE (state IN ('wrapping', 'closed')) <> (ended_at IS NOT NULL)"
    )
    none(
        "SELECT s.id FROM desk_segment s JOIN desk_chat c ON c.id = s.chat_id WHERE "
        "c.ended_at IS NOT NULL AND (s.state IN ('offered', 'open') OR s.left_at > c.ended_at "
        "OR s.offered_at > c.ended_at)"
    )
    none(
        "SELECT id FROM desk_segment WHERE left_at < coalesce(accepted_at, offered_at) "
        "OR accepted_at < offered_at OR wrapped_at < left_at"
    )
    none(
        "SELECT id FROM desk_chat WHERE ended_at IS NOT NULL AND "
        "(answered_at IS NULL) <> (missed_reason <> '')"
    )
    none(
        "SELECT a.id FROM desk_presence a JOIN desk_presence b ON a.member_id = b.member_id "
        "AND a.id < b.id AND (a.until_at IS NULL OR a.until_at > b.from_at)"
    )
    none("SELECT m.id FROM desk_member m JOIN desk_segment s ON s.member_id = m.id WHERE "
         "s.role = 'owner' AND s.state = 'offered' AND m.status NOT IN ('available', 'busy') "
         "AND m.status <> 'offline' AND s.offered_at > m.since")  # fmt: skip


def replayed() -> None:
    """The newest version of every record handed over says what the tables say."""
    from sanjeh.apps.desk.models import Chat, Entry, Segment
    from sanjeh.apps.handing.models import Handing

    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in Handing.objects.exclude(record__id=None).order_by("pk"):
        key = (row.kind, str(row.record.get("id")))
        before = newest.get(key)
        if before is None or str(row.record["version_at"]) >= str(before["version_at"]):
            newest[key] = row.record

    def instant(text: str | None) -> dt.datetime | None:
        return None if text is None else dt.datetime.fromisoformat(text)

    chats = {k[1]: r for k, r in newest.items() if k[0] == "conversation"}
    assert set(chats) == {f"chat-{c.pk}" for c in Chat.objects.all()}
    for chat in Chat.objects.select_related("team"):
        told = chats[f"chat-{chat.pk}"]
        assert instant(told["requested_at"]) == chat.requested_at
        assert instant(told["ended_at"]) == chat.ended_at
        assert (told["end_reason"] or "", told["outcome"] or "") == (chat.end_reason, chat.outcome)
        assert (told["missed_reason"] or "") == chat.missed_reason
        assert told["team_id"] == (f"team-{chat.team_id}" if chat.team_id else None)
    parts = {k[1]: r for k, r in newest.items() if k[0] == "participation"}
    assert set(parts) == {f"part-{p.pk}" for p in Segment.objects.all()}
    for part in Segment.objects.all():
        told = parts[f"part-{part.pk}"]
        assert told["agent_id"] == f"member-{part.member_id}"
        assert instant(told["accepted_at"]) == part.accepted_at
        assert instant(told["left_at"]) == part.left_at
        assert (told["end_reason"] or "") == part.end_reason
    said = Entry.objects.exclude(kind="event")
    messages = {k[1]: r["body"] for k, r in newest.items() if k[0] == "message"}
    assert messages == {f"chat-{e.chat_id}-{e.number}": e.body for e in said}
