"""Whose names and words a reader may see on a card (D7), and the trace that reading leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from sanjeh.report.language import Language
from sanjeh.report.markup import tag
from sanjeh.simulation import SOURCE
from sanjeh.web.pages.seen import Seen
from sanjeh.web.people.trail import trace

SHORT = 6  # letters of a pseudonym that tell one customer from another


@dataclass(frozen=True)
class Privacy:
    """What of persons stands on a page. In a home of made-up persons: everything."""

    who: str
    sees_names: bool
    reads_texts: bool
    is_made_up: bool

    @staticmethod
    def of(request: HttpRequest, seen: Seen) -> Privacy:
        """The reader's."""
        place = request.seat  # type: ignore[attr-defined]
        made_up = {row["source"] for row in seen.freshness} == {SOURCE}
        return Privacy(
            place.name, place.sees_names or made_up, place.reads_texts or made_up, made_up
        )

    def customer(self, identifier: str | None, name: str | None, language: Language) -> Any:
        """What a customer is called: the name, else the beginning of the pseudonym."""
        if identifier is None:
            return "—"
        if name is None or name.startswith(f"erased {identifier}"):
            return language.text("site.work.erased_person")
        if self.sees_names:
            return tag("bdi", name)
        return language.text("site.work.nameless", id=tag("bdi", identifier[1 : 1 + SHORT]))

    def was_read(self, kind: str, identifier: str) -> None:
        """Leave a trace that what persons wrote was read."""
        if not self.is_made_up:
            trace(self.who, "read what persons wrote", f"{kind} {identifier}")
