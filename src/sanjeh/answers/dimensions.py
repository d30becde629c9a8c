"""What figures can be split and filtered by, for each fact."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

import ibis

from sanjeh.answers.question import QuestionError
from sanjeh.facts import text
from sanjeh.metrics.registry import METRICS, Metric

# name -> column, where the fact has it
COLUMNS = {
    "source": "source", "channel": "channel", "channel_kind": "channel_kind", "team": "team_id",
    "agent": "agent_id", "customer": "customer_id", "account": "account_id",
    "priority": "priority", "complexity": "complexity", "product": "product",
    "language": "language", "chat_type": "chat_type", "state": "state",
    "initiation": "initiation", "outcome": "outcome_class", "noise": "noise_reason",
    "initiator": "initiator", "reason": "reason", "change": "change", "calendar": "calendar",
    "solved_by": "actor_type", "reopened_by": "actor_type", "ticket": "ticket_id",
    "conversation": "conversation_id", "unit": "unit", "created_by": "created_by_type",
    "acknowledged": "is_acknowledged", "missed_reason": "missed_reason",
    "handling_source": "origin", "effort_source": "effort_source",
    "from_agent": "from_agent", "to_agent": "to_agent", "from_team": "from_team",
    "to_team": "to_team",
    "tag": "tag", "tagged_by": "tag_actor_type", "tagged_on": "tagged_on",
    "message_band": "message_band", "duration_band": "duration_band",
    "noise_decided_by": "noise_decided_by",
    "canned_response": "canned_response",
    "segment": "segment", "survey": "survey_id", "survey_kind": "survey_kind",
    "survey_scope": "survey_scope", "touchpoint": "touchpoint", "asked": "asked",
    "scale": "scale", "score": "score_label", "expectation": "expectation",
    "feedback_kind": "feedback_kind", "feedback_source": "feedback_source",
    "sentiment": "sentiment", "told_by": "told_by", "unresolved_reason": "unresolved_reason",
    "approach": "approach", "conversion_type": "conversion_type", "currency": "currency",
    "converted_within": "converted_within", "followup_kind": "followup_kind",
    "invited_by": "invited_by", "invitation_result": "invitation_result",
    "device": "device", "landing_page": "landing_page", "after_request": "after_request",
    "time_kind": "time_kind", "presence_source": "presence_source",
}  # fmt: skip
TOPICS = {"topic": "topic", "category": "category", "topic_class": "topic_class"}
TRAITS = ("age_band", "gender", "country", "customer_language")
ACCOUNTS = {"key_account": "is_key", "key_class": "key_class", "industry": "industry"}
TIMES = ("hour", "weekday")
FIRST_RESPONSE = "first_response_band"
OTHERS = ("age", "tag_category", "effort_band", FIRST_RESPONSE)
WAITS = ((120, "60 to 120 s"), (300, "2 to 5 min"))  # seconds at most
EFFORT = {"survey_kind", "position"}  # columns that tell how easy an answer says it was
THIRDS = (1 / 3 + 1e-9, 2 / 3 - 1e-9)  # of a scale: 3 and 5 of 1 to 7
AGES = ((86_400, "under 1 day"), (3 * 86_400, "1 to 3 days"), (7 * 86_400, "3 to 7 days"))
OLDEST = "over 7 days"
OWNERS = {
    "attr": (("ticket", "ticket_id"), ("conversation", "conversation_id")),
    "customer": (("customer", "customer_id"),),
    "account": (("account", "account_id"),),
}
PERSONS = {
    "agent": "agent", "customer": "customer", "from_agent": "agent", "to_agent": "agent",
}  # fmt: skip
TAG_CATEGORY = "tag_category_id"
IDENTIFIED = (
    "from_agent",
    "to_agent",
    "from_team",
    "to_team",
    "canned_response",
    "survey",
    "team",
    "agent",
    "customer",
    "account",
    "ticket",
    "conversation",
    "calendar",
)
WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


PARTS = ("over", "under", "of", "also", "less", "level")


def offered(
    metric: Metric, columns_of: Callable[[str], tuple[str, ...]], own: Collection[str] = ()
) -> list[str]:
    """Names a metric can be split and filtered by; of a rate those that all its parts offer.

    columns_of: the columns of a fact, by its name. own: fields of one's own, as attr.NAME, of
    which those are offered whose owner the fact names.
    """
    if metric.fact is not None:
        columns = columns_of(metric.fact)
        fields = [f for f in sorted(own) if _owner(f) & set(columns)]
        return available(columns, metric.is_level) + fields
    measure = metric.outline()
    parts = [METRICS[getattr(measure, part)] for part in PARTS if hasattr(measure, part)]
    found = [offered(part, columns_of, own) for part in parts]
    across = getattr(measure, "across", ())
    return [n for n in found[0] if n in across or all(n in other for other in found)]


def _owner(field: str) -> set[str]:
    return {column for _, column in OWNERS.get(field.partition(".")[0], ())}


def known(name: str, own: Collection[str]) -> str | None:
    """A dimension as it is called here, own fields in any spelling; None where unknown."""
    owner, dot, wanted = name.partition(".")
    if dot and owner in OWNERS:
        plain = f"{owner}.{text.plain_key(wanted)}"
        return name if name in own else plain if plain in own else None
    return name if name in {*COLUMNS, *TOPICS, *TRAITS, *ACCOUNTS, *TIMES, *OTHERS} else None


def unknown(name: str, own: Collection[str]) -> QuestionError:
    """What to say to a name that no figure has, with the nearest ones."""
    names = [*COLUMNS, *TOPICS, *TRAITS, *ACCOUNTS, *TIMES, *OTHERS, *sorted(own)]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    return QuestionError(f"Figures cannot be split or filtered by {name!r}.{hint}")


def available(columns: tuple[str, ...], is_level: bool) -> list[str]:
    """Dimensions a fact with these columns offers, besides fields of one's own."""
    names = [d for d, c in COLUMNS.items() if c in columns]
    if "topic_id" in columns:
        names += TOPICS
    if TAG_CATEGORY in columns:
        names.append("tag_category")
    if "account_id" in columns or "customer_id" in columns:
        names += ACCOUNTS
    if "customer_id" in columns:
        names += TRAITS
    names += [FIRST_RESPONSE] if "conversation_id" in columns else []
    names += ["effort_band"] if set(columns) >= EFFORT else []
    names += ["age"] if is_level and "created_at" in columns else []
    names += [] if is_level else TIMES
    return names


def column(
    table: Any, name: str, tables: Mapping[str, Any], *, metric: str, is_level: bool, own: set[str]
) -> tuple[Any, Any]:
    """The table (joined where needed) and the expression of a dimension."""
    if name in COLUMNS and COLUMNS[name] in table.columns:
        return table, table[COLUMNS[name]]
    if name in TIMES and not is_level:
        return table, table[f"cell_{name}"]
    if name == "age" and is_level and "created_at" in table.columns:
        age = table.moment_at - table.created_at
        cases = [(age < limit * 1_000_000, label) for limit, label in AGES]
        return table, ibis.cases(*cases, else_=OLDEST)
    if name == "effort_band" and set(table.columns) >= EFFORT:
        told = (table.survey_kind == "ces").fill_null(False)
        hard, easy = table.position <= THIRDS[0], table.position >= THIRDS[1]
        middle = table.position.notnull()
        return table, ibis.cases(
            (told & hard, "hard"), (told & easy, "easy"), (told & middle, "neutral")
        )
    if name == FIRST_RESPONSE and "conversation_id" in table.columns:
        table = _with_first_response(table, tables)
        return table, table[name]
    if name in TOPICS and "topic_id" in table.columns:
        if "of_topic" not in table.columns:
            k = tables["topics"].select(
                of_topic="topic_id", topic="topic", category="category", topic_class="topic_class"
            )
            table = table.left_join(k, table.topic_id == k.of_topic)
        return table, table[TOPICS[name]]
    if name == "tag_category" and TAG_CATEGORY in table.columns:
        if "tag_category" not in table.columns:
            k = tables["topics"].view()
            k = k.select(of_category="topic_id", tag_category="topic")
            table = table.left_join(k, table[TAG_CATEGORY] == k.of_category)
        return table, table.tag_category
    if name in TRAITS and "customer_id" in table.columns:
        table = _with_traits(table, tables)
        return table, table[name]
    if name in ACCOUNTS and {"account_id", "customer_id"} & set(table.columns):
        if "account_id" not in table.columns:
            table = _with_traits(table, tables)
            table = table.mutate(account_id=table.customer_account)
        if "of_account" not in table.columns:
            k = tables["accounts"].select(
                of_account="account_id", is_key=ibis._.is_key.cast("string"),
                key_class="key_class", industry="industry",
            )  # fmt: skip
            table = table.left_join(k, table.account_id == k.of_account)
        return table, table[ACCOUNTS[name]]
    owner, dot, wanted = name.partition(".")
    if dot and owner in OWNERS:
        return _own_field(table, name, owner, wanted, tables, metric, own)
    known = [*available(tuple(table.columns), is_level), *sorted(own)]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    raise QuestionError(
        f"{metric} cannot be split or filtered by {name!r}.{hint} It can by: {', '.join(known)}."
    )


def _with_traits(table: Any, tables: Mapping[str, Any]) -> Any:
    """The table with what is known of each row's customer."""
    if "of_customer" in table.columns:
        return table
    k = tables["customer_traits"].view()
    return table.left_join(k, table.customer_id == k.of_customer)


def _with_first_response(table: Any, tables: Mapping[str, Any]) -> Any:
    """The table with how long each row's conversation waited for a person's first answer.

    Null where it may still come, or none was due. Of a divided conversation that a row names as a
    whole: its last part.
    """
    if FIRST_RESPONSE in table.columns:
        return table
    r = tables["first_responses"].view()
    waited = r.replied_at - r.asked_at
    due = r.not_due_reason.isnull()
    band = ibis.cases(
        ((r.outcome_class == "missed").fill_null(False), "never"),
        (due & r.replied_at.isnull() & r.given_up_at.notnull(), "never"),
        (due & (waited >= 0) & (waited < 60_000_000), "under 60 s"),
        *[(due & (waited >= 0) & (waited <= limit * 1_000_000), label) for limit, label in WAITS],
        (due & (waited >= 0), "over 5 min"),
    )
    r = r.select(of_talk=r.conversation_id, of_part=r["part"], **{FIRST_RESPONSE: band})
    if "part" in table.columns:
        same = [table.conversation_id == r.of_talk, table["part"] == r.of_part]
        return table.left_join(r, same).drop("of_talk", "of_part")
    last = tables["contacts"].view()
    last = last.filter(last.is_last).select(last_talk="conversation_id", last_part="part")
    r = r.semi_join(last, [r.of_talk == last.last_talk, r.of_part == last.last_part])
    return table.left_join(r, table.conversation_id == r.of_talk).drop("of_talk", "of_part")


def _own_field(
    table: Any, name: str, owner: str, wanted: str, tables: Mapping[str, Any], metric: str,
    own: set[str],
) -> tuple[Any, Any]:  # fmt: skip
    key = text.plain_key(wanted)
    kinds = [(k, c) for k, c in OWNERS[owner] if c in table.columns]
    if not kinds:
        raise QuestionError(f"{metric} has no {owner} whose fields it could be split by.")
    if name not in own and f"{owner}.{key}" not in own:
        close = difflib.get_close_matches(name, own, n=3, cutoff=0.4)
        hint = f" Did you mean {', '.join(close)}?" if close else ""
        known = ", ".join(sorted(own)) or "none"
        raise QuestionError(f"No record has a field {name!r}.{hint} Fields of one's own: {known}.")
    found = []
    for kind, reference in kinds:
        label = f"own_{kind}_{abs(hash(key)) % 10**8}"
        if label not in table.columns:
            a = tables["attributes"].view()
            a = a.filter((a.kind == kind) & (a["name"] == key))
            a = a.select(**{f"{label}_id": a.id, label: a["value"]})
            table = table.left_join(a, table[reference] == a[f"{label}_id"])
        found.append(label)
    return table, ibis.coalesce(*(table[label] for label in found))
