"""A ticket's history: what changed, when, and who did it, out of its audits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Made
from sanjeh.sources.zendesk import words
from sanjeh.sources.zendesk.reading import (
    PRIORITIES,
    STATUSES,
    WORDS,
    Learnt,
    Object,
    Ticket,
    by_rule,
    id_of,
    inner,
    instant,
    listed,
    number,
    relation,
    required_id,
    text_id,
    ticket_of,
)
from sanjeh.sources.zendesk.tickets import DELETED, MERGED_TAG, flat
from sanjeh.sources.zendesk.words import Audit

IN_AN_AUDIT: Final = 1024
"""So many places an audit has in the order of one instant; ids grow with time."""
WORDY: Final = frozenset(
    ("type", "brand_id", "ticket_form_id", "custom_status_id", "problem_id", "organization_id",
     "is_public", "due_at", "locale_id", "satisfaction_score", "satisfaction_reason_code",
     "first_reply_time", "next_reply_time", "requester_wait_time", "agent_work_time",
     "periodic_update_time", "pausable_update_time", "total_resolution_time")
)  # fmt: skip
"""Fields whose values name nobody. Of others (subject, requester) it is kept that they changed."""
QUIET: Final = frozenset(
    ("Cc", "FollowerNotification", "External", "Error", "Push", "OrganizationActivity",
     "TicketSharingEvent", "LogMeInTranscript", "FacebookEvent", "Tweet", "SmsNotification",
     "SMSNotification", "MessagingNotification", "WebhookEvent", "AttachmentRedactionEvent",
     "CommentRedactionEvent", "CommentPrivacyChange", "AgentMacroReference", "KnowledgeLinked",
     "KnowledgeCaptured", "KnowledgeFlagged", "KnowledgeLinkAccepted", "KnowledgeLinkRejected",
     "SatisfactionRating", "ScheduleAssignment", "AssociateAttValsEvent", "ChannelBackEvent",
     "ChannelBackFailedEvent", "TranslationEvent", "CollabThreadCreated", "CollabThreadReply",
     "CollabThreadClosed", "CollabThreadReopened", "ChatEndedEvent", "SideConversation",
     "EmailCcChange", "FollowerChange", "RuleRevision", "WorkspaceChanged")
)  # fmt: skip
"""Events that make no record of their own; what some tell of a comment is read beside it."""


def audits(value: Object, learnt: Learnt) -> Iterator[Made]:
    """The records of one audit, in the order of its events; of a comment listed without one."""
    if "events" not in value and "body" in value:
        yield from _lone_comment(value, learnt)
        return
    ticket_id = required_id(value, "ticket_id")
    audit = Audit(
        number(required_id(value)),
        ticket_id,
        instant(value.get("created_at"), "created_at"),
        value.get("author_id"),
        value.get("via"),
        ticket_of(value),
        listed(value.get("events")),
    )
    for place, event in enumerate(audit.events):
        kind = event.get("type")
        read = READERS.get(kind)
        if read is not None:
            yield from read(event, audit, place, learnt)
        elif kind not in QUIET:
            learnt.unknown[f"audit event {kind}"] += 1
    if is_merge(value):
        target = text_id(merged_into(value))
        yield _changed(f"merge:{ticket_id}", ticket_id, "merged", target, audit, learnt)
    elif relation(audit.via) == "merge":
        source = inner(inner(inner(audit.via).get("source")).get("from"))
        for other in listed(source.get("ticket_ids")):
            id_ = f"link:{audit.id}:{other}"
            yield _changed(id_, str(other), "linked", ticket_id, audit, learnt)


def _changed(
    id_: str, ticket_id: str, type_: str, to: str | None, audit: Audit, learnt: Learnt
) -> Made:
    """What a merge did to a ticket, after everything else in its audit."""
    made: dict[str, Any] = {"id": id_, "ticket_id": ticket_id, "at": audit.at}
    made |= {"type": type_, "to": to}
    made["sequence"] = audit.id * IN_AN_AUDIT + IN_AN_AUDIT - 1
    return "ticket_event", made | actor({}, audit, learnt)


def learnt_of(audit: Object, ticket: Ticket) -> Ticket:
    """What the ticket's audit tells of it: that it is the first one, who opened it, a merge."""
    found: dict[str, Any] = {}
    events = listed(audit.get("events"))
    if "Create" in [event.get("type") for event in events]:
        found["complete"] = True
        author = next((_author(e, audit) for e in events if e.get("type") in words.COMMENTS), None)
        found["opened_by"] = id_of(author)
        told = ((event.get("field_name"), inner(event.get("value"))) for event in events)
        found["promised"] = tuple(
            (str(name), float(target["minutes"]), bool(target.get("in_business_hours")))
            for name, target in told
            if target.get("minutes") is not None
        )
    served = _serving(audit, events) - ticket.served - {None, -1, ticket.requester}
    if served:
        found["served"] = ticket.served | served
    if is_merge(audit):
        found["merged_into"] = merged_into(audit)
    return ticket._replace(**found) if found else ticket


def _serving(audit: Object, events: list[Any]) -> set[int | None]:
    """Who can only be staff by this audit: assignees, authors of notes, who gave it to another."""
    found: set[int | None] = set()
    for event in events:
        match event.get("type"), event.get("field_name"):
            case "Comment", _ if event.get("public") is False:
                found.add(id_of(_author(event, audit)))
            case "Create" | "Change" as kind, "assignee_id" | "group_id" as field:
                if field == "assignee_id":
                    found |= {id_of(event.get("value")), id_of(event.get("previous_value"))}
                if kind == "Change" and not by_rule(event.get("via") or audit.get("via")):
                    found.add(id_of(audit.get("author_id")))
    return found


def _author(event: Object, audit: Object) -> Any:
    return event.get("author_id", audit.get("author_id"))


def is_merge(audit: Object) -> bool:
    """Whether this audit closed its ticket by merging it into another."""
    for event in listed(audit.get("events")):
        if event.get("type") != "Change":
            continue
        match event.get("field_name"):
            case "tags" if MERGED_TAG in str(event.get("value")):
                before = tags(event.get("previous_value"))
                return MERGED_TAG in tags(event.get("value")) and MERGED_TAG not in before
            case "status" if event.get("value") == "closed":
                if "merge" in (relation(audit.get("via")), relation(event.get("via"))):
                    return True
    return False


def merged_into(audit: Object) -> int | None:
    """The ticket that a merging audit names; null where it does not tell.

    Where no `via` names it, the first #number in the comment that the merge left.
    """
    events = listed(audit.get("events"))
    own = str(audit.get("ticket_id"))
    for via in (audit.get("via"), *(event.get("via") for event in events)):
        source = inner(inner(via).get("source"))
        for end in ("to", "from"):
            told = inner(source.get(end)).get("ticket_id")
            if told is not None and str(told) != own:
                return number(told)
    for event in events:
        if event.get("type") == "Comment":
            found = re.search(r"#(\d+)", str(event.get("body") or ""))
            if found and found[1] != own:
                return int(found[1])
    return None


def _lone_comment(value: Object, learnt: Learnt) -> Iterator[Made]:
    """The same message that the comment's audit would give."""
    ticket_id = required_id(value, "ticket_id")
    audit = Audit(
        0,
        ticket_id,
        instant(value.get("created_at"), "created_at"),
        value.get("author_id"),
        value.get("via"),
        ticket_of(value),
        [],
    )
    read = words.voice if value.get("type") == "VoiceComment" else words.comment
    yield from read(value, audit, 0, learnt)


def change(event: Object, audit: Audit, place: int, learnt: Learnt) -> Iterator[Made]:
    """A field set at the creation, or changed."""
    field = str(event.get("field_name") or "")
    after, before = event.get("value"), event.get("previous_value")
    is_new = event.get("type") == "Create"
    id_ = required_id(event)
    made: dict[str, Any] = {
        "id": id_,
        "ticket_id": audit.ticket_id,
        "at": audit.at,
        "sequence": audit.id * IN_AN_AUDIT + place,
        **actor(event, audit, learnt),
    }
    match field:
        case "tags":
            yield from _tagged(id_, tags(before), tags(after), made)
            return
        case "status":
            made |= _status(before, after, is_new, audit, learnt)
        case "assignee_id":
            made |= {"type": "assigned", "from": text_id(before), "to": text_id(after)}
        case "group_id":
            made |= {"type": "team_changed", "from": text_id(before), "to": text_id(after)}
        case "priority":
            ends = (v if v in PRIORITIES else None for v in (before, after))
            made |= {"type": "priority_changed", **dict(zip(("from", "to"), ends, strict=True))}
        case _ if is_new:
            return  # how the ticket was made stands on the ticket
        case _:
            name, tells = _field(field, learnt)
            ends = (_word(v) if tells else None for v in (before, after))
            made |= {"type": "field_changed", "field": name}
            made |= dict(zip(("from", "to"), ends, strict=True))
    yield "ticket_event", made
    handed_on = not is_new and before not in (None, "") and after not in (None, "")
    alone = field == "assignee_id" and _event("group_id", audit) is None
    if handed_on and (field == "group_id" or alone):
        yield "transfer", _transfer(event, audit)


def _status(before: Any, after: Any, is_new: bool, audit: Audit, learnt: Learnt) -> dict[str, Any]:
    if after in DELETED:
        return {"type": "deleted", "from": STATUSES.get(str(before))}
    if before in DELETED:
        return {"type": "restored", "to": STATUSES.get(str(after))}
    made: dict[str, Any] = {
        "type": "created" if is_new else "status_changed",
        "from": STATUSES.get(str(before)),
        "to": STATUSES.get(str(after)),
    }
    own = _event("custom_status_id", audit)
    if own and own.get("value"):
        label = learnt.statuses.get(number(own["value"]))
        if label:
            made["attributes"] = {"status": label[1]}
    return made


def _event(field: str, audit: Audit) -> Object | None:
    """The event of the same audit that changed a field; none where nothing did."""
    return next((event for event in audit.events if event.get("field_name") == field), None)


def _transfer(event: Object, audit: Audit) -> dict[str, Any]:
    """A ticket handed on: to another group, with the change of agent in the same update, if any."""
    to_team = event["field_name"] == "group_id"
    agent = (_event("assignee_id", audit) if to_team else event) or {}
    team = event if to_team else {}
    return {
        "id": required_id(event),
        "conversation_id": audit.ticket_id,
        "at": audit.at,
        "from_agent": text_id(agent.get("previous_value")),
        "to_agent": text_id(agent.get("value")),
        "from_team": text_id(team.get("previous_value")),
        "to_team": text_id(team.get("value")),
        "kind": "department" if to_team else "agent",
        "sequence": audit.id * IN_AN_AUDIT,
    }


def _field(name: str, learnt: Learnt) -> tuple[str, bool]:
    """A field's title, and whether its values are words that name nobody."""
    if name.isdigit():
        title, type_ = learnt.fields.get(int(name), (name, ""))
        return title, type_ in WORDS
    return name, name in WORDY


def _word(value: Any) -> str | None:
    """A value as a word; a target of an SLA as its minutes."""
    if isinstance(value, dict):
        minutes = value.get("minutes")
        return None if minutes is None else f"{minutes} minutes"
    return text_id(flat(value))


def _tagged(
    id_: str, before: list[str], after: list[str], common: dict[str, Any]
) -> Iterator[Made]:
    """One record for each tag put on or taken off."""
    about = {"target_type": "ticket", "target_id": common["ticket_id"]}
    shared = {k: v for k, v in common.items() if k != "ticket_id"} | about
    for op, given, others in (("remove", before, after), ("add", after, before)):
        for tag in given:
            if tag not in others:
                yield "tag_event", {**shared, "id": f"{id_}:{op}:{tag}", "tag_id": tag, "op": op}


def tags(value: Any) -> list[str]:
    """Tags as a list; some exports write them as one text."""
    if isinstance(value, str):
        value = value.strip("[]").replace('"', "").replace(",", " ").split()
    return [str(tag) for tag in value] if isinstance(value, list) else []


def actor(event: Object, audit: Audit, learnt: Learnt) -> dict[str, Any]:
    """Who did it: rules and Zendesk itself are the system."""
    if by_rule(event.get("via") or audit.via):
        return {"actor_type": "system"}
    type_, who = learnt.author(audit.author_id, audit.ticket)
    return {"actor_type": type_, "actor_id": who} if who else {"actor_type": type_}


Reader = Callable[[Object, Audit, int, Learnt], Iterator[Made]]
READERS: Final[dict[Any, Reader]] = {
    "Comment": words.comment,
    "FacebookComment": words.comment,
    "VoiceComment": words.voice,
    "Create": change,
    "Change": change,
    "Notification": words.notification,
    "NotificationWithCcs": words.notification,
    "ChatStartedEvent": words.chat,
}
