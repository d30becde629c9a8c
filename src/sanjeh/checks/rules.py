"""The rules of integrity (catalogue 3.10), as conditions on the rows of each kind of record.

A rule may be asked of several kinds; each (rule, kind) is one `Test`. All tests of a kind are asked
in one pass over its rows (`integrity.py`). Conditions are SQL over the row `r` and the tables that
the kind's pass joins; instants are microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sanjeh.facts.surveys import USUAL
from sanjeh.ledger import KINDS, RecordKind

RULES = (
    "accepted_before_requested",
    "reply_before_message",
    "ended_before_started",
    "unknown_agent",
    "unknown_customer",
    "overlapping_status",
    "score_outside_scale",
    "nps_on_wrong_scale",
    "currency_mixed",
    "conversation_without_messages",
    "tag_on_missing",
    "duplicate_external_id",
    "dated_in_the_future",
)
# Pairs of a beginning and an end, by kind. An end before its beginning makes a negative time.
SPANS = {
    "conversation": (("started_at", "ended_at"), ("requested_at", "ended_at")),
    "participation": (("accepted_at", "left_at"),),
    "call": (("ring_at", "ended_at"), ("answered_at", "ended_at")),
    "bot_session": (("started_at", "ended_at"),),
    "ticket": (("created_at", "resolved_at"), ("created_at", "closed_at")),
    "worklog": (("started_at", "ended_at"),),
    "escalation": (("at", "resolved_at"),),
    "shift": (("start", "end"),),
    "absence": (("start", "end"),),
    "web_session": (("started_at", "ended_at"),),
    "subscription": (("started_at", "ended_at"),),
    "account": (("active_from", "active_to"),),
    "agent": (("hired_at", "left_at"),),
    "context_event": (("at", "until"),),
    "sme_consult": (("asked_at", "answered_at"),),
}
# Kinds whose instant may lie ahead: plans.
PLANS = frozenset({"shift", "context_event", "training_session"})
MONEY = ("revenue_event", "subscription", "conversion")


@dataclass(frozen=True)
class Test:
    """A rule asked of one kind. judged: which rows can be asked; broken: which of them break it."""

    rule: str
    kind: str
    judged: str
    broken: str


# What the pass over a kind joins, each by the kinds that it reads.
JOINS: dict[str, str] = {
    "participation": "LEFT JOIN ledger_conversation c ON c.id = r.conversation_id",
    "conversation": "LEFT JOIN talked m ON m.conversation_id = r.id "
    "LEFT JOIN ledger_call k ON k.conversation_id = r.id",
    "ticket_event": "LEFT JOIN ledger_ticket t ON t.id = r.ticket_id",
    "survey_response": "LEFT JOIN ledger_survey s ON s.id = r.survey_id",
    "tag_event": "LEFT JOIN ledger_message g ON r.target_type = 'message' AND g.id = r.target_id",
}
# When the customer and a person of the team first spoke in each conversation.
TALKED = """
SELECT conversation_id,
    min("at") FILTER (author_type = 'customer') AS asked_at,
    min("at") FILTER (author_type = 'agent' AND coalesce(visibility, 'public') = 'public'
        AND NOT coalesce(is_auto, false)) AS replied_at
FROM ledger_message WHERE deleted_at IS NULL AND conversation_id IS NOT NULL
GROUP BY conversation_id
"""
# Whom a row is about, as "kind id": its card where it has one.
CARDS = {
    "conversation": "'conversation ' || r.id",
    "ticket": "'ticket ' || r.id",
    "agent_status_event": "'agent ' || r.agent_id",
    "shift": "'agent ' || r.agent_id",
    "absence": "'agent ' || r.agent_id",
    "tag_event": "coalesce('conversation ' || g.conversation_id, "
    "r.target_type || ' ' || r.target_id, 'tag_event ' || r.id)",
}


def card(kind: RecordKind) -> str:
    """SQL of what a row of the kind leads to: its conversation or ticket, else itself."""
    if kind.name in CARDS:
        return CARDS[kind.name]
    columns = {f.name for f in kind.fields}
    ways = [f"'{to} ' || r.{to}_id" for to in ("conversation", "ticket") if f"{to}_id" in columns]
    return f"coalesce({', '.join([*ways, _itself(kind)])})"


def _itself(kind: RecordKind) -> str:
    return f"'{kind.name} ' || r.\"{kind.identity}\""


def tests() -> Iterator[Test]:
    """Every rule on every kind that it can be asked of."""
    yield Test(
        "accepted_before_requested", "participation",
        "r.accepted_at IS NOT NULL AND coalesce(r.offered_at, c.requested_at) IS NOT NULL",
        "r.accepted_at < r.offered_at OR r.accepted_at < c.requested_at",
    )  # fmt: skip
    yield Test(
        "accepted_before_requested", "call",
        "r.answered_at IS NOT NULL AND r.ring_at IS NOT NULL", "r.answered_at < r.ring_at",
    )  # fmt: skip
    # Who began must be known to be the customer: an agent who writes first is no fault.
    began = "(r.direction = 'inbound' OR r.initiation = 'visitor')"
    yield Test(
        "reply_before_message", "conversation",
        f"m.replied_at IS NOT NULL AND (r.requested_at IS NOT NULL OR {began})",
        f"m.replied_at < r.requested_at OR ({began} AND m.replied_at < m.asked_at)",
    )  # fmt: skip
    for kind, spans in SPANS.items():
        yield Test(
            "ended_before_started", kind,
            " OR ".join(f'(r."{a}" IS NOT NULL AND r."{b}" IS NOT NULL)' for a, b in spans),
            " OR ".join(f'r."{b}" < r."{a}"' for a, b in spans),
        )  # fmt: skip
    yield Test(
        "ended_before_started", "ticket_event",
        """r."type" = 'status_changed' AND r."to" IN ('solved', 'closed')
        AND r."at" IS NOT NULL AND t.created_at IS NOT NULL""",
        'r."at" < t.created_at',
    )  # fmt: skip
    for role in ("agent", "customer"):
        for each in KINDS.values():
            yield from _of_unknown(each, role)
    yield Test(
        "overlapping_status", "agent_status_event", 'r."at" IS NOT NULL',
        """(r.agent_id, r."at") IN (SELECT (agent_id, "at") FROM ledger_agent_status_event
        WHERE deleted_at IS NULL GROUP BY agent_id, "at"
        HAVING count(DISTINCT status) > 1 AND count(DISTINCT sequence) < count(*))""",
    )  # fmt: skip
    yield Test(
        "overlapping_status", "shift", 'r.agent_id IS NOT NULL AND r."end" IS NOT NULL',
        """r.id IN (SELECT id FROM (SELECT id, "start" < max("end") OVER (
            PARTITION BY agent_id ORDER BY "start", id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS early
            FROM ledger_shift WHERE deleted_at IS NULL) WHERE early)""",
    )  # fmt: skip
    low, high = (
        f"coalesce(s.{column}, CASE s.kind "
        + " ".join(f"WHEN '{kind}' THEN {ends[n]}" for kind, ends in USUAL.items())
        + " END)"
        for n, column in enumerate(("scale_min", "scale_max"))
    )
    yield Test(
        "score_outside_scale", "survey_response",
        f"r.score IS NOT NULL AND {low} IS NOT NULL AND {high} IS NOT NULL",
        f"r.score < {low} OR r.score > {high}",
    )  # fmt: skip
    yield Test(
        "nps_on_wrong_scale", "survey",
        "r.kind = 'nps' AND r.scale_min IS NOT NULL AND r.scale_max IS NOT NULL",
        "r.scale_min <> 0 OR r.scale_max <> 10",
    )  # fmt: skip
    for kind in MONEY:
        yield Test(
            "currency_mixed", kind, "r.currency <> ''",
            "upper(r.currency) <> (SELECT currency FROM main_currency)",
        )  # fmt: skip
    yield Test(
        "conversation_without_messages", "conversation",
        "r.source IN (SELECT source FROM talking) AND k.conversation_id IS NULL",
        "m.conversation_id IS NULL",
    )  # fmt: skip
    there = {"conversation": "ledger_conversation", "ticket": "ledger_ticket",
             "message": "ledger_message"}  # fmt: skip
    yield Test(
        "tag_on_missing", "tag_event", "r.target_id IS NOT NULL AND r.target_type IS NOT NULL",
        " OR ".join(
            f"(r.target_type = '{what}' AND r.target_id NOT IN (SELECT id FROM {table}))"
            for what, table in there.items()
        ),
    )  # fmt: skip
    for each in KINDS.values():
        if not each.person:
            yield Test(
                "duplicate_external_id", each.name, "r.external_id IS NOT NULL",
                "(r.source, r.external_id) IN (SELECT (source, external_id) FROM "
                f"ledger_{each.name} WHERE external_id IS NOT NULL AND deleted_at IS NULL "
                f'GROUP BY source, external_id HAVING count(DISTINCT "{each.identity}") > 1)',
            )  # fmt: skip
        if each.at and each.name not in PLANS:
            yield Test(
                "dated_in_the_future", each.name, f'r."{each.at}" IS NOT NULL',
                f'r."{each.at}" > i.imported_at',
            )  # fmt: skip


def _of_unknown(kind: RecordKind, role: str) -> Iterator[Test]:
    """Whether a row names an agent (or customer) of whom there is no record."""
    named: list[tuple[str, str]] = []  # a condition, and the column that it is about
    for field in kind.fields:
        if field.type != "text" or field.apart or field.name == "id":
            continue
        column = f'r."{field.name}"'
        there = f"{column} IS NOT NULL"
        if field.ref == role:
            named.append((there, column))
        named += [
            (f"r.\"{field.ref_by}\" = '{word}' AND {there}", column)
            for word, to in field.ref_kinds if to == role
        ]  # fmt: skip
    if named:
        yield Test(
            f"unknown_{role}", kind.name,
            " OR ".join(f"({given})" for given, _ in named),
            " OR ".join(
                f"({given} AND {column} NOT IN (SELECT id FROM known_{role}))"
                for given, column in named
            ),
        )  # fmt: skip
