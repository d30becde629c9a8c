"""Tags as they stand: put on and not taken off, one for every spelling of a word (G, 7.4).

A tag is known by its compared name, so that renaming a tag renames its uses, and giving two tags
one name makes them one. A tag without a record of its own goes by its id.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact

HIGH = ("high", "urgent")
OF_CONVERSATIONS = (
    "source", "channel", "channel_kind", "customer_id", "team_id", "topic_id", "complexity",
    "priority", "product", "excluded_reason",
)  # fmt: skip


def tag_names(t: Tables) -> Any:
    """Tags by id, as written: the name of the record, else the source's id."""
    e, k = t["tag_event"], t["tag"]
    put_on = e.filter(e.tag_id.notnull() & (e["op"].fill_null("add") == "add"))
    used = put_on.group_by("tag_id").agg(uses=ibis._.count())
    known = k.select(k_id=k.id, name=k.name)
    j = used.left_join(known, used.tag_id == known.k_id)
    return j.select(raw=_written(j.name, j.tag_id), uses=j.uses)


def _written(name: Any, tag_id: Any) -> Any:
    return ibis.coalesce(name.strip().nullif(""), tag_id.substr(tag_id.find("/") + 1))


@fact(grain="one tag put on or taken off", key="conversation_id", kept=False)
def tag_changes(t: Tables) -> Any:
    """Events of tags on conversations, their messages and tickets, under the tag's key."""
    e, k, m = t["tag_event"], t["tag"], t["message"]
    named = k.select(
        k_id=k.id,
        name=k.name,
        tag_category_id=k.category_id,
        is_high_tag=k.high_priority.fill_null(False),
    )
    e = e.left_join(named, e.tag_id == named.k_id)
    e = e.select(
        "target_type", "target_id", "tag_category_id",
        event_id=e.id,
        tagged_at=e["at"],
        order_in=e["sequence"].fill_null(0),
        tag=text.key(_written(e.name, e.tag_id)),
        is_on=(e["op"].fill_null("add") == "add"),
        is_high_tag=e.is_high_tag.fill_null(False),
        tag_actor_type=e.actor_type,
        agent_id=ibis.cases((e.actor_type == "agent", e.actor_id)),
    )  # fmt: skip
    e = e.filter(e.tag.notnull())
    said = m.select(said_id=m.id, said_in=m.conversation_id)
    of_messages = e.filter(e.target_type == "message")
    of_messages = of_messages.join(said, of_messages.target_id == said.said_id)
    of_messages = of_messages.mutate(
        conversation_id=of_messages.said_in, ticket_id=ibis.null("string")
    )
    talks, matters = t["conversation_core"], t["ticket_core"]
    of_talks = e.filter(e.target_type == "conversation")
    of_talks = of_talks.semi_join(talks, of_talks.target_id == talks.conversation_id)
    of_talks = of_talks.mutate(conversation_id=of_talks.target_id, ticket_id=ibis.null("string"))
    of_tickets = e.filter(e.target_type == "ticket")
    of_tickets = of_tickets.semi_join(matters, of_tickets.target_id == matters.ticket_id)
    of_tickets = of_tickets.mutate(
        conversation_id=ibis.null("string"), ticket_id=of_tickets.target_id
    )
    columns = [
        "conversation_id", "ticket_id", "tag", "tag_category_id", "is_high_tag", "event_id",
        "tagged_at", "order_in", "is_on", "tag_actor_type", "agent_id",
    ]  # fmt: skip
    parts = [part.select(columns) for part in (of_talks, of_tickets, of_messages)]
    return ibis.union(*parts, distinct=False)


@fact(grain="one tag on one conversation or ticket", key="conversation_id", kept=False)
def tags_in_force(t: Tables) -> Any:
    """Tags whose last change put them on, in the stretch of the thread in which that was."""
    e = t["tag_changes"]
    same = [e.conversation_id, e.ticket_id, e.tag]
    newest = [e.tagged_at.fill_null(0).desc(), e.order_in.desc(), e.event_id.desc()]
    e = e.mutate(
        place=ibis.row_number().over(ibis.window(group_by=same, order_by=newest)),
        is_high_tag=e.is_high_tag.cast("int64").max().over(
            ibis.window(group_by=same, order_by=newest, preceding=None, following=None)
        ),
    )  # fmt: skip
    e = e.filter((e.place == 0) & e.is_on).drop("place", "is_on", "order_in")
    stretches = t["conversations"].select(s_id="conversation_id", part="part", from_at="started_at")
    talks = e.filter(e.conversation_id.notnull())
    talks = talks.join(stretches, talks.conversation_id == stretches.s_id)
    begun = (talks["part"] == 0) | (talks.from_at <= talks.tagged_at).fill_null(False)
    talks = talks.filter(begun)
    talks = talks.mutate(
        place=ibis.row_number().over(
            ibis.window(group_by=[talks.s_id, talks.tag], order_by=talks["part"].desc())
        )
    )
    talks = talks.filter(talks.place == 0)
    columns = [
        "conversation_id", "ticket_id", "part", "tag", "tag_category_id", "is_high_tag",
        "tagged_at", "tag_actor_type", "agent_id",
    ]  # fmt: skip
    tickets = e.filter(e.ticket_id.notnull()).mutate(part=ibis.literal(0).cast("int64"))
    rows = talks.select(columns).union(tickets.select(columns), distinct=False)
    return rows.mutate(is_high_tag=rows.is_high_tag == 1)


@fact(grain="one conversation with tags", key="conversation_id", kept=False)
def tag_counts(t: Tables) -> Any:
    """How many different tags each stretch of a conversation carries, and who put them on."""
    k = t["tags_in_force"].filter(ibis._.conversation_id.notnull())
    by_machine = k.tag_actor_type.isin(["bot", "system"]).fill_null(False)
    return k.group_by(tagged_id=k.conversation_id, tagged_part=k["part"]).agg(
        tag_count=k.count().cast("int64"),
        automatic_tag_count=k.count(where=by_machine).cast("int64"),
        high_tag_count=k.count(where=k.is_high_tag).cast("int64"),
    )


@fact(
    grain="one tag on one conversation or ticket", key="conversation_id",
    several=("agent", "tag", "tag_category", "tagged_by"), lies_by=("ended_at",),
)  # fmt: skip
def tag_uses(t: Tables) -> Any:
    """Each tag in force with what carries it; `agent_id` is who put it on (G3 to G5)."""
    marks, c, k = t["tags_in_force"], t["conversations"], t["tickets"]
    ends, counts = t["conversation_ends"], t["tag_counts"]
    c = c.left_join(ends, [c.conversation_id == ends.end_id, c["part"] == ends.end_part])
    c = c.left_join(
        counts, [c.conversation_id == counts.tagged_id, c["part"] == counts.tagged_part]
    )
    urgent = k.select(u_id=k.ticket_id, ticket_priority=k.priority)
    c = c.left_join(urgent, c.ticket_id == urgent.u_id)
    c = c.mutate(priority=ibis.coalesce(c.priority, c.ticket_priority))
    c = c.select(
        *OF_CONVERSATIONS, "chat_type", "language",
        c_id=c.conversation_id, c_part=c["part"], in_ticket=c.ticket_id,
        ended_at=c.end_at, is_closed=c.is_closed,
        is_served=c.outcome_class == "served",
        high_tag_count=c.high_tag_count,
    )  # fmt: skip
    own = [
        "conversation_id", "part", "tag", "tag_category_id", "tagged_at", "tag_actor_type",
        "agent_id",
    ]  # fmt: skip
    talks = marks.filter(marks.conversation_id.notnull())
    talks = talks.join(c, [talks.conversation_id == c.c_id, talks["part"] == c.c_part])
    of_talks = talks.select(
        *own, *OF_CONVERSATIONS, "chat_type", "language", "ended_at", "is_closed", "is_served",
        ticket_id=talks.in_ticket,
        tagged_on=ibis.literal("conversation"),
        is_high_priority=(
            talks.priority.isin(HIGH).fill_null(False) | (talks.high_tag_count > 0)
        ).fill_null(False),
    )  # fmt: skip
    flagged = marks.filter(marks.ticket_id.notnull() & marks.is_high_tag)
    flagged = flagged.select(f_id=flagged.ticket_id).distinct()
    k = k.select(*OF_CONVERSATIONS, k_id=k.ticket_id)
    k = k.left_join(flagged, k.k_id == flagged.f_id)
    owned = marks.filter(marks.ticket_id.notnull())
    owned = owned.join(k, owned.ticket_id == k.k_id)
    of_tickets = owned.select(
        *own, *OF_CONVERSATIONS,
        chat_type=ibis.null("string"),
        language=ibis.null("string"),
        ended_at=ibis.null("int64"),
        is_closed=ibis.null("boolean"),
        is_served=ibis.literal(False),
        ticket_id=owned.ticket_id,
        tagged_on=ibis.literal("ticket"),
        is_high_priority=owned.priority.isin(HIGH).fill_null(False) | owned.f_id.notnull(),
    )  # fmt: skip
    return of_talks.union(of_tickets.select(of_talks.columns), distinct=False)
