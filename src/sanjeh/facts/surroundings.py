"""What surrounds the work: agents on duty, customers, names, targets, fields of one's own."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.tagging import tag_names


@fact(grain="one stretch of one agent's presence", scope="whole", reads=("agent_status_event",))
def duty(t: Tables) -> Any:
    """Each status from its instant to the agent's next one (V3.2, U1)."""
    e = t["agent_status_event"]
    near = ibis.window(group_by=e.agent_id, order_by=[e["at"], e["sequence"], e.id])
    return e.select(
        "agent_id",
        source=e.source,
        from_at=e["at"],
        until_at=e["at"].lead().over(near),
        status=e.status,
        is_logged_in=e.status != "offline",
    )


@fact(
    grain="one customer that can come and go",
    scope="whole",
    reads=("account", "subscription", "customer"),
)
def customers(t: Tables) -> Any:
    """Who was a customer from when to when (Q6): accounts, else subscriptions, else persons."""
    a, s, p = t["account"], t["subscription"], t["customer"]
    accounts = a.filter(a.active_from.notnull()).select(
        customer_unit=a.id, source=a.source, active_from=a.active_from, active_to=a.active_to,
        unit=ibis.literal("account"),
    )  # fmt: skip
    subscribed = (
        s.filter(s.started_at.notnull())
        .group_by(["account_id", "source"])
        .agg(
            active_from=ibis._.started_at.min(),
            ends=ibis._.ended_at.max(),
            running=ibis._.count(where=ibis._.ended_at.isnull()),
        )
    )
    subscriptions = subscribed.select(
        customer_unit=subscribed.account_id,
        source=subscribed.source,
        active_from=subscribed.active_from,
        active_to=ibis.cases((subscribed.running == 0, subscribed.ends)),
        unit=ibis.literal("subscriber"),
    )
    persons = p.filter(p.created_at.notnull()).select(
        customer_unit=p.id, source=p.source, active_from=p.created_at, active_to=p.deleted_at,
        unit=ibis.literal("person"),
    )  # fmt: skip
    everyone = ibis.union(accounts, subscriptions, persons, distinct=False)
    have = everyone.agg(
        accounts=everyone.count(where=everyone.unit == "account"),
        subscribers=everyone.count(where=everyone.unit == "subscriber"),
    )
    j = everyone.cross_join(have)
    chosen = ibis.cases(
        (j.accounts > 0, "account"), (j.subscribers > 0, "subscriber"), else_="person"
    )
    return j.filter(j.unit == chosen).drop("accounts", "subscribers")


def _plain(identifier: Any) -> Any:
    """The source's own id: what follows the first slash."""
    return identifier.substr(identifier.find("/") + 1)


@fact(
    grain="one topic",
    scope="whole",
    reads=("topic", "ticket", "conversation", "ticket_event:topic_changed", "tag"),
)
def topics(t: Tables) -> Any:
    """Topics under one key for every spelling, with the category above them."""
    k = t["topic"]
    seen = ibis.union(
        t["ticket"].select(topic_id="topic_id"),
        t["conversation"].select(topic_id="topic_id"),
        t["ticket_event"].filter(ibis._.type == "topic_changed").select(topic_id=ibis._["to"]),
        t["tag"].select(topic_id="category_id"),
        k.select(topic_id="id"),
        distinct=True,
    )
    seen = seen.filter(seen.topic_id.notnull())
    named = k.select(k_id=k.id, name=k.name, parent_id=k.parent_id, topic_class=k["class"])
    parent = k.select(p_id=k.id, parent_name=k.name)
    j = seen.left_join(named, seen.topic_id == named.k_id)
    j = j.left_join(parent, j.parent_id == parent.p_id)
    label = ibis.coalesce(j.name, _plain(j.topic_id))
    above = ibis.coalesce(j.parent_name, _plain(j.parent_id))
    return j.select(
        topic_id=j.topic_id,
        topic=text.key(label),
        topic_label=label,
        category=text.key(above),
        category_label=above,
        topic_class=j.topic_class,
    )


@fact(grain="one account", scope="whole", reads=("account",))
def accounts(t: Tables) -> Any:
    """Accounts with what figures are split by."""
    a = t["account"]
    return a.select(
        account_id=a.id,
        account_label=a.name,
        is_key=a.is_key,
        key_class=text.key(a.key_class),
        industry=text.key(a.industry),
    )


@fact(grain="one agent", scope="whole", reads=("agent",))
def agents(t: Tables) -> Any:
    """Agents with the team they are in now."""
    return t["agent"].select(agent_id="id", team_id="team_id")


@fact(grain="one name", scope="whole", reads=("team", "account", "canned_response"))
def names(t: Tables) -> Any:
    """Names of teams, accounts, ready replies and surveys, to show and to find them by."""
    team, account, ready = t["team"], t["account"], t["canned_response"]
    survey = t["survey"]
    rows = ibis.union(
        team.select(kind=ibis.literal("team"), id=team.id, label=team.name),
        account.select(kind=ibis.literal("account"), id=account.id, label=account.name),
        ready.select(
            kind=ibis.literal("canned_response"),
            id=ready.id,
            label=ibis.coalesce(ready.title, ready.shortcut),
        ),
        survey.select(
            kind=ibis.literal("survey"),
            id=survey.id,
            label=ibis.coalesce(survey.statement, survey.question),
        ),
        distinct=False,
    )
    return rows.filter(rows.label.notnull()).mutate(key=text.key(rows.label))


@fact(
    grain="one word as written",
    scope="whole",
    reads=(
        "ticket",
        "conversation",
        "channel",
        "attribute",
        "ticket_event:priority_changed",
        "tag",
        "tag_event",
        "survey_response",
        "feedback",
    ),
)
def spellings(t: Tables) -> Any:
    """The commonest spelling of every compared word, for labels (7.4: the raw form is kept)."""
    columns = {
        "ticket": ("channel_first", "priority", "product", "complexity"),
        "conversation": (
            "channel", "priority", "product", "complexity", "chat_type", "language",
            "segment_snapshot",
        ),
        "survey_response": ("touchpoint", "segment_snapshot"),
        "survey": ("touchpoint",),
        "feedback": ("origin",),
    }  # fmt: skip
    parts = []
    for kind, fields in columns.items():
        together = t[kind].group_by(fields).agg(together=ibis._.count())  # one look at each record
        parts += [together.select(raw=together[f], uses=together.together) for f in fields]
    event, one = t["ticket_event"], ibis.literal(1).cast("int64")
    event = event.filter(event["type"] == "priority_changed")
    parts.append(event.select(raw=event["to"], uses=one))
    parts.append(t["attribute"].select(raw=t["attribute"]["value"], uses=one))
    parts.append(t["attribute"].select(raw=t["attribute"]["name"], uses=one))
    parts.append(t["channel"].select(raw=t["channel"].code, uses=one))
    parts.append(tag_names(t))
    words = ibis.union(*parts, distinct=False)
    words = words.filter(words.raw.notnull()).group_by("raw").agg(uses=ibis._.uses.sum())
    words = words.mutate(key=text.key(words.raw))
    near = ibis.window(group_by=words.key, order_by=[words.uses.desc(), words.raw])
    words = words.mutate(place=ibis.row_number().over(near))
    return words.filter(words.place == 0).select("key", "raw")


@fact(grain="one value of a field of one's own", scope="whole", reads=("attribute",))
def attributes(t: Tables) -> Any:
    """The customer's own fields, one row a value, in compared form."""
    a = t["attribute"]
    rows = a.select(kind=a.kind, id=a.id, name=text.key(a.name), value=text.key(a.value))
    return (
        rows.filter(rows.value.notnull())
        .group_by(["kind", "id", "name"])
        .agg(value=ibis._["value"].max())
    )


@fact(grain="one target or comparison", scope="whole", reads=("benchmark",))
def benchmarks(t: Tables) -> Any:
    """Targets, competitors' and earlier figures entered by a person (Z1, Z1.1, R1.4)."""
    b = t["benchmark"]
    b = b.filter(b.deleted_at.isnull())
    return b.select(
        "metric_id", "scope", "value", "comparator", "unit", "name", "cite", "valid_from",
        "valid_to", benchmark_id=b.id, kind=b.origin,
    )  # fmt: skip
