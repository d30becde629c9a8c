"""What is written down about a chat: tags, topic, later contacts, how it ended and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sanjeh.apps.desk import ending, lines, presence, records, signals, telling
from sanjeh.apps.desk.actions.finding import acting, chat_for, owned
from sanjeh.apps.desk.models import MISSED, OUTCOMES, UNRESOLVED, Chat, Followup, Member
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.surroundings import surroundings

FOLLOWUPS = ("email", "call", "message", "task")
MOST_TAGS = 30


@acting
def tag(
    now: dt.datetime,
    member: Member,
    chat: int,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> Chat:
    """Put tags on and take them off, by the ledger's ids; what is so already stays."""
    found = chat_for(member, chat)
    known = surroundings().tags
    if unknown := [t for t in add if t not in known and t not in found.tags]:
        raise Refused("wrong", f"add: there is no tag {unknown[0]!r}")
    came = [t for t in dict.fromkeys(add) if t not in found.tags]
    went = [t for t in dict.fromkeys(remove) if t in found.tags and t not in add]
    if len(found.tags) + len(came) - len(went) > MOST_TAGS:
        raise Refused("wrong", f"add: {MOST_TAGS} tags at most")
    if not came and not went:
        return found
    found.tags = [t for t in found.tags if t not in went] + came
    line = lines.happened(
        now, found, "tagged", member=member, is_public=False, add=came, remove=went
    )
    found.save()
    for one in came:
        records.label_of_other("tag", one)
        records.tag_event(found, one, "add", member, line.number, line.at)
    for one in went:
        records.tag_event(found, one, "remove", member, line.number, line.at)
    presence.active(now, member)
    telling.tell_chat(now, found, [member.pk])
    return found


@acting
def topic(now: dt.datetime, member: Member, chat: int, named: str) -> Chat:
    """Say what a chat is about, by the ledger's id; empty takes it back."""
    found = chat_for(member, chat)
    if named and named not in surroundings().topics:
        raise Refused("wrong", f"topic: there is no topic {named!r}")
    if named == found.topic:
        return found
    found.topic = named
    lines.happened(now, found, "topic", member=member, is_public=False, topic=named or None)
    found.save()
    records.label_of_other("topic", named)
    records.conversation(found, now)
    presence.active(now, member)
    telling.tell_chat(now, found, [member.pk])
    return found


@acting
def followup(
    now: dt.datetime, member: Member, chat: int, kind: str, due_at: dt.datetime, note: str = ""
) -> Followup:
    """Promise a later contact."""
    found = chat_for(member, chat)
    if kind not in FOLLOWUPS:
        raise Refused("wrong", f"kind: one of {', '.join(FOLLOWUPS)}")
    if due_at.utcoffset() is None:
        raise Refused("wrong", "due_at: an instant with its zone")
    made = Followup.objects.create(
        chat=found, member=member, kind=kind, note=lines.words(note, may_be_empty=True)[:1000],
        made_at=now, due_at=due_at,
    )  # fmt: skip
    lines.happened(now, found, "followup", member=member, is_public=False, id=made.pk, kind=kind)
    found.save()
    records.followup(made, now)
    signals.tell_members(now, [member.pk], telling.followup_frame(made))
    presence.active(now, member)
    return made


@acting
def followup_done(
    now: dt.datetime, member: Member, number: int, *, is_cancelled: bool = False
) -> Followup:
    """A promised contact was made, or is called off; by whoever did it."""
    made = Followup.objects.select_related("chat", "member").filter(pk=number).first()
    if made is None or not telling.may_see(member, made.chat):
        raise Refused("unknown", "id: there is no such follow-up for you")
    if made.done_at is not None or made.is_cancelled:
        return made
    before = made.member_id
    made.member = member
    if is_cancelled:
        made.is_cancelled = True
    else:
        made.done_at = now
    made.save()
    records.followup(made, now)
    whom = {member.pk, *([before] if before is not None else signals.everybody())}
    signals.tell_members(now, whom, telling.followup_frame(made))
    presence.active(now, member)
    return made


@acting
def close(now: dt.datetime, member: Member, chat: int, outcome: str = "", reason: str = "") -> Chat:
    """End a chat, with how it ended; where it is over already, only say how.

    outcome: resolved, escalated, unresolved; a chat that nobody answered has none. reason: why it
    was not solved. A supervisor may close what nobody has.
    """
    found = chat_for(member, chat)
    is_free = found.state == Chat.State.WAITING and member.is_supervisor
    if not is_free:
        owned(member, found, may_be_over=True)
    if outcome and outcome not in OUTCOMES:
        raise Refused("wrong", f"outcome: one of {', '.join(OUTCOMES)}")
    if outcome and found.answered_at is None:
        raise Refused("wrong", "outcome: nobody answered; say why it was missed")
    if found.answered_at is not None and not outcome:
        raise Refused("wrong", "outcome: say how it ended")
    if reason and (outcome != "unresolved" or reason not in UNRESOLVED):
        raise Refused("wrong", "reason: why it was not solved")
    found.outcome, found.unresolved_reason = outcome, reason
    for raised in found.escalations.filter(resolved_at=None) if outcome == "resolved" else ():
        raised.resolved_at = now
        raised.save()
        records.escalation(raised, now)
    if found.is_over:
        found.save()
        records.conversation(found, now)
        telling.tell_chat(now, found, [member.pk])
    else:
        ending.end(now, found, "agent", by=member)
    presence.active(now, member)
    return found


@acting
def missed_reason(now: dt.datetime, member: Member, chat: int, reason: str) -> Chat:
    """Put the reason of a missed chat right."""
    found = chat_for(member, chat)
    if reason not in MISSED:
        raise Refused("wrong", f"missed_reason: one of {', '.join(MISSED)}")
    if not found.missed_reason:
        raise Refused("wrong", "chat: it was not missed")
    if reason != found.missed_reason:
        before, found.missed_reason = found.missed_reason, reason
        lines.happened(
            now, found, "reason", member=member, is_public=False, before=before, after=reason
        )
        found.save()
        records.conversation(found, now)
        telling.tell_chat(now, found, [member.pk])
    presence.active(now, member)
    return found


@acting
def wrapped(now: dt.datetime, member: Member, chat: int) -> Chat:
    """The work after a chat is done; twice is once."""
    found = chat_for(member, chat)
    if found.state == Chat.State.CLOSED:
        return found
    if not found.is_over:
        raise Refused("wrong", "chat: it is not over")
    owned(member, found, may_be_over=True)
    presence.active(now, member)
    ending.wrap(now, found, now)
    return found
