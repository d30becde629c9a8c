"""Feedback: what customers say, what is done about it, what it decides (S4, S5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Duration, Share, metric


def _acted_on(f: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Feedback with the first thing done about it and the decision it led to."""
    actions = tables["feedback_actions"]
    j = f.left_join(actions, f.feedback_id == actions.acted_on)
    return j.mutate(given_open=ibis.null("int64"), acted_open=ibis.null("int64"))


FEEDBACK: dict[str, Any] = {
    "group": "business", "fact": "feedback_given", "also": ("loose_feedback",), "at": "given_at",
    "needs": ("feedback",), "credit": "the agent who had the contact last",
}  # fmt: skip


@metric(
    unit="feedbacks", better="neutral", serves=("S4",), title="Feedback received", **FEEDBACK,
)  # fmt: skip
def feedback_received(_: Any) -> Count:
    """Complaints, praise and suggestions. `--by feedback_kind` or `--by sentiment` has each."""
    return Count()


@metric(
    unit="share", better="up", serves=("S4",), title="Feedback acted on", prepare=_acted_on,
    **FEEDBACK,
)  # fmt: skip
def feedback_actioned_rate(f: Any) -> Share:
    """Share of the feedback of the period about which something has been done by now."""
    return Share(f.acted_at.notnull())


@metric(
    unit="seconds", better="down", serves=("S4",), title="Time to act on feedback",
    prepare=_acted_on, pending=lambda f: f.acted_at.isnull(), **FEEDBACK,
)  # fmt: skip
def feedback_time_to_action(f: Any) -> Duration:
    """Seconds from feedback to the first thing done about it. `.median` is the figure to read.

    Feedback about which nothing has been done is pending.
    """
    return Duration("given_at", "acted_at", where=f.acted_at.notnull())


@metric(
    unit="feedbacks", better="down", serves=("S4",), title="Feedback nobody acted on",
    prepare=_acted_on, **FEEDBACK,
)  # fmt: skip
def feedback_unactioned(f: Any) -> Count:
    """Feedback of the period about which nothing has been done by now."""
    return Count(where=f.acted_at.isnull())


@metric(
    unit="share", better="up", serves=("S5",), title="Feedback that led to a decision",
    prepare=_acted_on, **FEEDBACK,
)  # fmt: skip
def feedback_linked_to_decision(f: Any) -> Share:
    """Share of the critical feedback linked to a decision about the product.

    Critical are complaints, suggestions, and what is constructive or negative in tone.
    """
    critical = f.feedback_kind.isin(["complaint", "suggestion"]).fill_null(False)
    critical = critical | f.sentiment.isin(["constructive", "negative"]).fill_null(False)
    return Share(f.product_ref.notnull(), where=critical)
