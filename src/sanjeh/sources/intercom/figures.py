"""What Intercom counted itself, and what customers answered when asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sanjeh.sources.helpdesk import Made
from sanjeh.sources.intercom.parts import Telling
from sanjeh.sources.intercom.words import instant, is_number, known_id

SURVEY: Final = "conversation_rating"
FIN_SURVEY: Final = "ai_agent_rating"

# Name in `statistics`, our measure, and the instants between which Intercom counted.
SPANS: Final = (
    ("time_to_admin_reply", "first_response", "first_contact_reply_at", "first_admin_reply_at"),
    ("time_to_first_close", "first_resolution", "first_contact_reply_at", "first_close_at"),
    ("time_to_last_close", "final_resolution", "first_contact_reply_at", "last_close_at"),
    ("median_time_to_reply", "reply_time", None, None),
)
COUNTS: Final = (("count_reopens", "reopenings"), ("count_assignments", "assignments"))


def figures(
    conversation_id: str, statistics: Any, rating: Any, complete: bool, version_at: Any
) -> Iterator[Made]:
    """Intercom's `statistics` and rating of one conversation, one record a figure.

    Intercom leaves time outside office hours out of its durations. Where a duration equals the
    time between its two instants nothing was left out, and it is marked `calendar`; so is the
    median of the replies that lie within such a time.
    """
    told = statistics if isinstance(statistics, dict) else {}
    common = {
        "vendor": "intercom",
        "target_type": "conversation",
        "target_id": conversation_id,
        "complete": complete,
        "version_at": version_at,
    }
    whole_until: dt.datetime | None = None  # up to here no time was left out
    for name, measure, begin, end in SPANS:
        value = told.get(name)
        if not is_number(value):
            continue
        from_at = instant(told.get(begin), begin) if begin else None
        to_at = instant(told.get(end), end) if end else None
        if from_at is not None and to_at is not None:
            is_whole = (to_at - from_at).total_seconds() == value
            if is_whole and (whole_until is None or to_at > whole_until):
                whole_until = to_at
        else:
            last = instant(told.get("last_admin_reply_at"), "last_admin_reply_at")
            is_whole = whole_until is not None and last is not None and last <= whole_until
        yield (
            "vendor_figure",
            {
                "id": f"{conversation_id}:{name}",
                "measure": measure,
                "value": value,
                "unit": "seconds",
                "clock": "calendar" if is_whole else "business",
                "from_at": from_at,
                "to_at": to_at,
                **common,
            },
        )
    for name, measure in COUNTS:
        value = told.get(name)
        if is_number(value):
            yield (
                "vendor_figure",
                {
                    "id": f"{conversation_id}:{name}",
                    "measure": measure,
                    "value": value,
                    "unit": "count",
                    **common,
                },
            )
    if isinstance(rating, dict) and is_number(rating.get("rating")):
        yield (
            "vendor_figure",
            {
                "id": f"{conversation_id}:conversation_rating",
                "measure": "csat",
                "value": rating["rating"],
                "unit": "score",
                **common,
            },
        )


def ratings(
    told: Telling, rating: Any, ai_agent: Any, customer_id: str | None, channel: str | None
) -> Iterator[Made]:
    """The invitation to rate, and the answer once it was given.

    Fin's own rating counts only where the conversation has no other: Intercom shows one
    answer in both places.
    """
    if isinstance(rating, dict) and (rating.get("created_at") or is_number(rating.get("rating"))):
        yield from _rated(told, SURVEY, rating, rating, customer_id, channel)
    elif isinstance(ai_agent, dict) and is_number(ai_agent.get("rating")):
        answer = {**ai_agent, "remark": ai_agent.get("rating_remark")}
        yield from _rated(told, FIN_SURVEY, answer, {}, customer_id, channel)


def _rated(
    told: Telling,
    survey: str,
    answer: Mapping[str, Any],
    about: Mapping[str, Any],
    customer_id: str | None,
    channel: str | None,
) -> Iterator[Made]:
    yield (
        "survey",
        {
            "id": survey,
            "kind": "csat",
            "scale_min": 1,
            "scale_max": 5,
            "satisfied": [4, 5],
            "polarity": "high_good",
            "scope": "support",
        },
    )
    who = about.get("contact")
    asked = known_id(who.get("id")) if isinstance(who, dict) else None
    # The lead that rated may have become the contact of the conversation since.
    customer = customer_id if told.only_contact or asked is None else asked
    common = {
        "survey_id": survey,
        "customer_id": customer,
        "conversation_id": told.conversation_id,
        "ticket_id": told.ticket_id,
        "version_at": told.version_at,
    }
    id = f"{told.conversation_id}:{survey}"
    sent = instant(answer.get("created_at"), "created_at")
    yield "survey_invite", {"id": id, "sent_at": sent, "channel": channel, **common}
    if not is_number(answer.get("rating")):
        return
    mate = about.get("teammate")
    agent = known_id(mate.get("id")) if isinstance(mate, dict) else None
    if isinstance(mate, dict) and (mate.get("type") != "admin" or agent in told.learnt.bots):
        agent = None
    given = told.rated_at or instant(answer.get("updated_at"), "updated_at") or sent
    yield (
        "survey_response",
        {
            "id": id,
            "invite_id": id,
            "agent_id": agent,
            "submitted_at": given,
            "score": answer["rating"],
            "comment": answer.get("remark") or None,
            **common,
        },
    )
