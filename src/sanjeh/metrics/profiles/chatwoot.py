"""As Chatwoot counts it: its reporting events, one row each."""

from __future__ import annotations

from typing import Any

import sanjeh.metrics.catalogue  # noqa: F401  (declares every metric)
from sanjeh.metrics.profiles.instants import FIRST, every_return, opened, untold
from sanjeh.metrics.profiles.registry import profile
from sanjeh.metrics.registry import Count, Duration, Share, Wait

SOURCE = "https://github.com/chatwoot/chatwoot/blob/develop/app/"
EVENTS = SOURCE + "listeners/reporting_event_listener.rb"
CLOCK = SOURCE + "helpers/reporting_event_helper.rb"
MESSAGES = SOURCE + "models/message.rb"
REPORTS = "https://www.chatwoot.com/hc/user-guide/articles/1777328138-lesson-6-reports-and-metrics"
BOT_LAST = "a bot had the last word"

chatwoot = profile("chatwoot", "Chatwoot", "0015-as-chatwoot-counts.md")


@chatwoot.counts(
    "first_response", source=CLOCK, statistic="mean", fact="desk_requests", at="first_said_at",
    population="valid", prepare=opened("waited_from_at", "first_said_at", "over_at"),
)  # fmt: skip
def first_response(r: Any) -> Wait:
    """From the last return to open or a bot's hand-over, else from the creation, to the first
    public message of a person, whoever began: where an agent began it is next to nothing. Counted
    by when the person wrote.
    """
    return Wait("waited_from_at", "first_said_at", gave_up="over_at", without=untold(r))


@chatwoot.counts(
    "response_time", source=MESSAGES, statistic="mean", fact="desk_waits", at="answered_at",
    population="valid", prepare=opened("waiting_since_at", "answered_at", "over_at"),
)  # fmt: skip
def response_time(r: Any) -> Wait:
    """Reply time: from the customer's first message that neither a person nor a bot has answered to
    the next message of a person. A person's first message in the conversation is not in it.
    Counted by when the person wrote.
    """
    return Wait(
        "waiting_since_at", "answered_at", gave_up="over_at",
        without={FIRST: r.is_first_said, BOT_LAST: r.waiting_since_at.isnull()},
    )  # fmt: skip


@chatwoot.counts(
    "resolution_time", source=EVENTS, statistic="mean", fact="resolutions",
    also=("quiet_solves",), at="solved_at", prepare=opened("created_at"),
)  # fmt: skip
def resolution_time(_: Any) -> Duration:
    """From the creation to each resolve: a conversation resolved twice counts twice, the second
    time from its creation again. A return by a mere thanks is a return.
    """
    return Duration("created_at", "solved_at")


@chatwoot.counts(
    "resolved_tickets", source=EVENTS, fact="resolutions", also=("quiet_solves",), at="solved_at"
)
def resolved_tickets(_: Any) -> Count:
    """Resolutions: every resolve counts, also a second one of the same conversation."""
    return Count()


@chatwoot.counts("reopenings", source=EVENTS, prepare=every_return)
def reopenings(_: Any) -> Count:
    """Every time a resolved conversation was opened again; a mere thanks opens it too."""
    return Count()


@chatwoot.counts("reopened_tickets", source=EVENTS, prepare=every_return)
def reopened_tickets(_: Any) -> Count:
    """Conversations that were opened again at least once; a mere thanks opens them too."""
    return Count(distinct="ticket_id")


@chatwoot.counts("satisfied_share", source=REPORTS)
def satisfied_share(r: Any) -> Share:
    """Ratings of 4 and 5 out of all ratings; several about one conversation count each."""
    return Share((r.position >= 0.75 - 1e-9).fill_null(False), where=r.survey_kind == "csat")
