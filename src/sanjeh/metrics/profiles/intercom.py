"""As Intercom counts it: the statistics of a conversation, and the reports made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

import sanjeh.metrics.catalogue  # noqa: F401  (declares every metric)
from sanjeh.facts.clocks import stamped
from sanjeh.metrics.profiles.instants import NOT_DUE, every_return, opened, untold
from sanjeh.metrics.profiles.registry import profile
from sanjeh.metrics.registry import Count, Duration, Share, Wait

HELP = "https://www.intercom.com/help/en/articles/"
STATISTICS = HELP + "6762778-reporting-metrics-for-rest-api-and-csv-exports"
METRICS = HELP + "7022438-reporting-metrics-attributes"
RATINGS = HELP + "7872853-measure-customer-satisfaction-with-conversation-ratings"

intercom = profile("intercom", "Intercom", "0014-as-intercom-counts.md")


@intercom.counts(
    "first_response", source=STATISTICS, statistic="median", fact="desk_requests",
    at="created_at", population="valid", prepare=opened("asked_at", "answered_at", "over_at"),
)  # fmt: skip
def first_response(r: Any) -> Wait:
    """From the customer's first message to the first visible reply of a teammate after it. Bots
    and notes do not answer. Counted by when the conversation began; office hours are taken off on
    request only.
    """
    return Wait(
        "asked_at", "answered_at", gave_up="over_at",
        without=untold(r) | {NOT_DUE: r.asked_at.isnull()},
    )  # fmt: skip


def _medians(r: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Each conversation's median wait for a reply, on both clocks."""
    w = tables["desk_waits"]
    w = w.filter(w.answered_at.notnull())
    w = stamped(w.semi_join(r, "request_id"), tables, ["asked_at", "answered_at"])
    w = w.mutate(waited=w.answered_at - w.asked_at, waited_open=w.answered_open - w.asked_open)
    middle = w.group_by(w_id=w.request_id).agg(
        median_wait=w.waited.quantile(0.5).round().cast("int64"),
        median_wait_open=w.waited_open.quantile(0.5).round().cast("int64"),
        last_answered_at=w.answered_at.max(),
    )
    return r.left_join(middle, r.request_id == middle.w_id).drop("w_id")


@intercom.counts(
    "response_time", source=STATISTICS, statistic="median", fact="desk_requests", at="created_at",
    population="valid", prepare=_medians,
)  # fmt: skip
def response_time(r: Any) -> Duration:
    """Each conversation's median wait for a reply of a teammate, the first reply in it; a
    conversation of forty replies counts once. Counted by when the conversation began.
    """
    return Duration(
        "created_at", "last_answered_at", lasting="median_wait",
        without=untold(r) | {"no reply yet": r.median_wait.isnull()},
    )  # fmt: skip


def _begun(r: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """From when a conversation is measured: the customer's first message, else its creation."""
    first = ibis.cases((~r.started_by_agent, r.created_at))
    r = r.mutate(begun_at=ibis.coalesce(r.asked_at, first))
    return stamped(r, tables, ["begun_at", "first_done_at", "last_done_at"])


@intercom.counts(
    "resolution_time", source=STATISTICS, statistic="median", fact="desk_requests",
    at="created_at", population="valid", prepare=_begun,
)  # fmt: skip
def resolution_time(r: Any) -> Duration:
    """Time to the last close: from the customer's first message to the last time the conversation
    was closed, even where it is open again. Whoever closed it, a bot too. Counted by when the
    conversation began.
    """
    return Duration(
        "begun_at", "last_done_at", where=r.last_done_at.notnull(),
        without={NOT_DUE: r.begun_at.isnull()},
    )  # fmt: skip


@intercom.counts(
    "first_resolution_time", source=STATISTICS, statistic="median", fact="desk_requests",
    at="created_at", population="valid", prepare=_begun,
)  # fmt: skip
def first_resolution_time(r: Any) -> Duration:
    """Time to the first close: from the customer's first message to the first time the
    conversation was closed. Counted by when the conversation began.
    """
    return Duration(
        "begun_at", "first_done_at", where=r.first_done_at.notnull(),
        without={NOT_DUE: r.begun_at.isnull()},
    )  # fmt: skip


@intercom.counts("reopenings", source=STATISTICS, prepare=every_return)
def reopenings(_: Any) -> Count:
    """Every time a closed conversation was opened again; a mere thanks opens it too."""
    return Count()


@intercom.counts("reopened_tickets", source=STATISTICS, prepare=every_return)
def reopened_tickets(_: Any) -> Count:
    """Conversations that were opened again at least once; a mere thanks opens them too."""
    return Count(distinct="ticket_id")


@intercom.counts(
    "first_contact_resolution", source=METRICS, fact="desk_requests", at="created_at",
    population="valid",
)  # fmt: skip
def first_contact_resolution(r: Any) -> Share:
    """Conversations closed once, with one teammate taking part, out of those that were closed, by
    when they began. Nobody looks whether the customer came back with the matter.
    """
    return Share((r.done_count == 1) & r.has_one_replier, where=(r.done_count > 0).fill_null(False))


@intercom.counts("satisfied_share", source=RATINGS)
def satisfied_share(r: Any) -> Share:
    """Ratings of 4 and 5 of 5 out of all ratings, one of each conversation."""
    return Share(
        (r.position >= 0.75 - 1e-9).fill_null(False), where=r.survey_kind == "csat",
        without={"another answer about the same conversation counts": ~r.is_last},
    )  # fmt: skip
