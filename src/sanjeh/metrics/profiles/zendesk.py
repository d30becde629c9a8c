"""As Zendesk counts it: its native metrics of a ticket, and what Explore makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

import sanjeh.metrics.catalogue  # noqa: F401  (declares every metric)
from sanjeh.facts.clocks import stamped
from sanjeh.metrics.profiles.instants import (
    FIRST,
    NOT_DONE,
    NOT_DUE,
    every_return,
    opened,
    untold,
)
from sanjeh.metrics.profiles.registry import profile
from sanjeh.metrics.registry import Count, Duration, Share, Wait

HELP = "https://support.zendesk.com/hc/en-us/articles/"
NATIVE = HELP + "4408834848154-About-native-Support-time-duration-metrics"
EXPLORE = HELP + "4408827693594-Metrics-and-attributes-for-Zendesk-Support"
FIRST_REPLY = HELP + "4408821871642-Calculating-first-reply-time-Professional-and-Enterprise-"
POLICIES = HELP + "4408829459866-Defining-SLA-policies"
ONE_TOUCH = HELP + "4408820618266-How-are-one-touch-resolutions-calculated"
SATISFACTION = HELP + "203662256-Using-customer-satisfaction-ratings"

zendesk = profile("zendesk", "Zendesk", "0013-as-zendesk-counts.md")


@zendesk.counts(
    "first_response", source=FIRST_REPLY, statistic="median", fact="desk_requests",
    at="created_at", population="valid", prepare=opened("created_at", "replied_at", "over_at"),
)  # fmt: skip
def first_response(r: Any) -> Wait:
    """From the ticket's creation to the first public comment of an agent; where an agent created
    the ticket with a public comment, to the agent's next one. Bots do not answer. Tickets opened
    by agents and tickets that need no reply are counted too, by when they were created.
    """
    return Wait(
        "created_at", "replied_at", gave_up="over_at",
        without=untold(r) | {NOT_DUE: r.asked_at.isnull() & r.replied_at.isnull()},
    )  # fmt: skip


@zendesk.counts(
    "response_time", source=POLICIES, statistic="median", fact="desk_waits", at="asked_at",
    population="valid", prepare=opened("asked_at", "answered_at", "over_at"),
)  # fmt: skip
def response_time(r: Any) -> Wait:
    """Next reply time: from the oldest comment of the customer that is not yet answered to the next
    public comment of an agent. The first reply is not in it; a reply to a mere thanks is.
    """
    return Wait("asked_at", "answered_at", gave_up="over_at", without={FIRST: r.is_first_reply})


def _settled(r: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """When the ticket was last solved, if it is; closed unsolved is taken for solved."""
    last = ibis.coalesce(r.last_solved_at, r.last_done_at)
    r = r.mutate(settled_at=ibis.cases((r.is_done, last)))
    return stamped(r, tables, ["created_at", "settled_at"])


@zendesk.counts(
    "resolution_time", source=NATIVE, statistic="median", fact="desk_requests", at="last_done_at",
    population="valid", prepare=_settled,
)  # fmt: skip
def resolution_time(r: Any) -> Duration:
    """Full resolution time: from the creation to the last time the ticket was set to solved, of
    tickets that are solved or closed. A return by a mere thanks makes it longer. A ticket closed
    without being solved counts as solved then.
    """
    return Duration("created_at", "settled_at", without={NOT_DONE: ~r.is_done})


@zendesk.counts(
    "first_resolution_time", source=NATIVE, statistic="median", fact="desk_requests",
    at="first_done_at", population="valid", prepare=opened("created_at", "first_done_at"),
)  # fmt: skip
def first_resolution_time(_: Any) -> Duration:
    """From the creation to the first time the ticket was set to solved, whether or not it held; a
    ticket closed without being solved counts as solved then.
    """
    return Duration("created_at", "first_done_at")


@zendesk.counts("reopenings", source=EXPLORE, prepare=every_return)
def reopenings(_: Any) -> Count:
    """Every change from solved back to an unsolved status, whoever made it and for whatever
    reason: a mere thanks and a slip of the agent count too.
    """
    return Count()


@zendesk.counts("reopened_tickets", source=EXPLORE, prepare=every_return)
def reopened_tickets(_: Any) -> Count:
    """Tickets that went from solved back to an unsolved status at least once, a mere thanks and a
    slip of the agent among them.
    """
    return Count(distinct="ticket_id")


@zendesk.counts(
    "reopen_rate", source=EXPLORE, fact="desk_requests", at="last_done_at", population="valid"
)
def reopen_rate(r: Any) -> Share:
    """Tickets that were reopened at least once, out of those that are solved or closed, by when
    they were last solved. However long after the solve.
    """
    return Share((r.reopened_count > 0).fill_null(False), where=r.is_done)


@zendesk.counts(
    "resolved_tickets", source=EXPLORE, fact="desk_requests", at="last_done_at", population="valid"
)
def resolved_tickets(r: Any) -> Count:
    """Tickets that are solved or closed now, by when they were last solved; each once. What was
    closed without a solution is among them.
    """
    return Count(where=r.is_done, distinct="ticket_id")


@zendesk.counts(
    "first_contact_resolution", source=ONE_TOUCH, fact="desk_requests", at="last_done_at",
    population="valid",
)  # fmt: skip
def first_contact_resolution(r: Any) -> Share:
    """One-touch tickets: solved or closed with fewer than two public replies of agents, out of all
    that are solved or closed. Nobody looks whether the customer came back with the matter.
    """
    return Share(r.reply_count < 2, where=r.is_done)


@zendesk.counts("satisfied_share", source=SATISFACTION)
def satisfied_share(r: Any) -> Share:
    """Good ratings out of good and bad ones, the last of each ticket; on five points 4 and 5 are
    good. Surveys offered and not answered do not count.
    """
    return Share(
        (r.position >= 0.75 - 1e-9).fill_null(False), where=r.survey_kind == "csat",
        without={"another answer about the same conversation counts": ~r.is_last},
    )  # fmt: skip
