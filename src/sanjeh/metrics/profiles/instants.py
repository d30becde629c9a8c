"""What the rules of several profiles share: open hours beside instants, whose rows are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanjeh.facts.clocks import stamped

THANKS = "a thanks, needing no reply"
NO_MESSAGES = "no messages are recorded"
NOT_DUE = "the customer has written nothing"
NOT_DONE = "open again, or not yet solved"
FIRST = "the first reply"

Prepare = Callable[[Any, list[str], Mapping[str, Any]], Any]


def opened(*instants: str) -> Prepare:
    """Lays open hours beside these instants of the rows asked for."""

    def prepare(r: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
        return stamped(r, tables, instants)

    return prepare


def every_return(r: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Returns to open, those by a mere thanks among them."""
    return r.mutate(excluded_reason=r.excluded_reason.nullif(THANKS))


def untold(r: Any) -> dict[str, Any]:
    """Requests of which nobody recorded what was said."""
    return {NO_MESSAGES: r.asked_at.isnull() & r.first_said_at.isnull()}
