"""As Zendesk counts it: from its documentation of native metrics and of Explore."""

from __future__ import annotations

from typing import Any

import sanjeh.metrics.catalogue  # noqa: F401  (declares every metric)
from sanjeh.metrics.profiles.registry import profile
from sanjeh.metrics.registry import Count

HELP = "https://support.zendesk.com/hc/en-us/articles/"
EXPLORE = HELP + "4408827693594-Metrics-and-attributes-for-Zendesk-Support"
THANKS = "a thanks, needing no reply"

zendesk = profile("zendesk", "Zendesk", "0013-as-zendesk-counts.md")


def every_return(r: Any, _: Any, __: Any) -> Any:
    """Returns to open, those by a mere thanks among them."""
    return r.mutate(excluded_reason=r.excluded_reason.nullif(THANKS))


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
