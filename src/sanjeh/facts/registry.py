"""How a fact table is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import ibis

Tables = Mapping[str, ibis.Table]
Scope = Literal["touched", "whole", "after", "days"]
Lies = tuple[str | tuple[str, str], ...]


@dataclass(frozen=True)
class Fact:
    """One fact table: its grain, the key it is refreshed by, and how it is built."""

    name: str
    grain: str
    key: str | None
    scope: Scope
    kept: bool
    reads: tuple[str, ...]
    several: tuple[str, ...]
    lies_by: Lies
    build: Callable[[Tables], ibis.Table]
    doc: str


FACTS: dict[str, Fact] = {}


def fact(
    *,
    grain: str,
    key: str | None = None,
    scope: Scope = "touched",
    kept: bool = True,
    reads: tuple[str, ...] = (),
    several: tuple[str, ...] = (),
    lies_by: Lies = (),
) -> Callable[[Callable[[Tables], Any]], Callable[[Tables], Any]]:
    """Declare the decorated function as the fact of its name.

    grain: what one row is. key: the column whose touched values are replaced at a refresh
    (`ticket_id`, `conversation_id` or `session_id`). scope: "whole" facts are small and rebuilt
    every time; "after" ones read finished facts, and are rebuilt from them; so do "days", of which
    the days (UTC) of agents that something touched are renewed.
    kept: False for a step that later facts read and no question asks. reads: for these, the
    kinds whose change renews them (`kind`, `ticket_event:type`, or `attribute`); none: always.
    several: dimensions by which one conversation or ticket may stand in more than one row, so
    that distinct counts of groups add up to more than the total. lies_by: what orders the rows
    in the file of a full build (`engines/lying.py`), so that what a question reads is together.
    Order of declaration is the order of building.
    """

    def declare(build: Callable[[Tables], Any]) -> Callable[[Tables], Any]:
        name = build.__name__
        if scope == "touched" and key is None:
            raise ValueError(f"Fact {name} is refreshed by key: say which.")
        FACTS[name] = Fact(
            name, grain, key, scope, kept, reads, several, lies_by, build,
            (build.__doc__ or "").strip(),
        )  # fmt: skip
        return build

    return declare
