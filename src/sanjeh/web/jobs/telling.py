"""From the form of a preview to what its reader says of the file."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from sanjeh.sources import OWN, ROLES, STATUSES, WRITINGS

LONGEST = 60


class Untellable(ValueError):
    """The form says something that cannot be; `word` names it, `about` what it is about."""

    def __init__(self, word: str, about: str = "") -> None:
        super().__init__(f"{word} {about}".strip())
        self.word, self.about = word, about


def told_by(
    given: QueryDict, seen: dict[str, Any], before: dict[str, Any] | None
) -> dict[str, Any]:
    """What the form says, in plain values; before: what it said last. Errors: Untellable."""
    told: dict[str, Any] = {"zone": zone_of(given), "source": source_of(given)}
    if "columns" in seen:
        told["words"] = words_of(given, seen["columns"], (before or {}).get("words", {}))
        told |= columns_of(given, seen["columns"], (before or {}).get("writings", {}))
        told["history"] = given.get("row") == "change"
    return told


def zone_of(given: QueryDict) -> str | None:
    """The zone that was named, None where none was."""
    name = given.get("zone", "").strip()[:LONGEST]
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Untellable("zone", name) from None
    return name


def source_of(given: QueryDict) -> str | None:
    """Whose records they are, None where nothing was said."""
    name = " ".join(given.get("source", "").split())[:LONGEST]
    if "/" in name:
        raise Untellable("source", name)
    return name or None


def words_of(
    given: QueryDict, columns: list[dict[str, Any]], before: dict[str, str]
) -> dict[str, str]:
    """What words of the status column mean: what was said before, and what is said now."""
    words = dict(before)
    for n, column in enumerate(columns):
        for m, word in enumerate(column["unknown"]):
            meaning = given.get(f"word-{n}-{m}", "")
            if meaning in STATUSES:
                words[word] = meaning
    return words


def columns_of(
    given: QueryDict, columns: list[dict[str, Any]], before: dict[str, str]
) -> dict[str, Any]:
    """Roles, fields of one's own, and how dates are written, by heading.

    A writing that was found and left as it was is no word of the reader's, and may be several.
    """
    roles: dict[str, str] = {}
    own: list[str] = []
    writings: dict[str, str] = {}
    for n, column in enumerate(columns):
        role = given.get(f"role-{n}", column["role"] or "")
        heading = column["heading"]
        if role == OWN:
            own.append(heading)
        elif role in ROLES:
            if role in roles:
                raise Untellable("twice", f"{roles[role]}, {heading}")
            roles[role] = heading
        writing = given.get(f"writing-{n}", "")
        said = writing != column["writing"] or heading in before
        if said and writing in WRITINGS and role in ROLES:
            writings[heading] = writing
    return {"roles": roles, "own": own, "writings": writings}
