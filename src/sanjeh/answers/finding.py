"""Finding a ticket or conversation by its id or number, among what a viewer may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sanjeh.answers import plan
from sanjeh.answers.question import EVERYTHING, QuestionError, Viewer
from sanjeh.answers.working import plain
from sanjeh.words import ascii_digits

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

Row = dict[str, Any]
FACTS = {"ticket": "tickets", "conversation": "conversations"}
MOST = 20
SHORTEST = 2  # letters that a search by beginning needs


def find_ticket(answers: Answers, ticket: str, viewer: Viewer = EVERYTHING) -> Row:
    """The row of a ticket by its own id (or source/id); QuestionError where there is none."""
    return _found(answers, "ticket", ticket, viewer)[0]


def find_conversation(
    answers: Answers, conversation: str, viewer: Viewer = EVERYTHING
) -> list[Row]:
    """The stretches of a conversation by its own id, in order; QuestionError if there is none."""
    rows = _found(answers, "conversation", conversation, viewer)
    return sorted(rows, key=lambda row: row["part"])


def search(answers: Answers, text: str, viewer: Viewer = EVERYTHING) -> list[tuple[str, str]]:
    """Tickets and conversations of that id or number, as (kind, id); else those that begin so.

    At most 20, in order of their ids. Only what the viewer may see is looked among.
    """
    wanted = ascii_digits(text).strip()
    if not wanted:
        return []
    ids = _ids(answers, wanted)
    numbered = answers.ledger.among("ticket", "number", [wanted]).to_pylist()
    exact = {"ticket": [*ids, *(str(row["id"]) for row in numbered)], "conversation": ids}
    found = [
        (kind, identifier)
        for kind in FACTS
        for identifier in _known(answers, kind, exact[kind], viewer)
    ]
    if found or len(wanted) < SHORTEST:
        return _short(found)
    for kind, fact in FACTS.items():
        t = _seen(answers, fact, viewer)
        column = t[f"{kind}_id"]
        own = column.substr(column.find("/") + 1).lower()
        rows = t.filter(own.startswith(wanted.lower())).select(id=column).distinct()
        rows = answers.engine.run(rows.order_by("id").limit(MOST)).to_pylist()
        found += [(kind, row["id"]) for row in rows]
    return _short(found)[:MOST]


def _short(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Ids as the source has them; whole where two sources have the same."""
    plains = [(kind, plain(identifier) or identifier) for kind, identifier in found]
    return [
        given if plains.count(given) == 1 else whole
        for given, whole in zip(plains, found, strict=True)
    ]


def _found(answers: Answers, kind: str, given: str, viewer: Viewer) -> list[Row]:
    t = _seen(answers, FACTS[kind], viewer)
    column = f"{kind}_id"
    rows: list[Row] = answers.engine.run(t.filter(t[column].isin(_ids(answers, given)))).to_pylist()
    if not rows:
        raise QuestionError(
            f"No {kind} {given!r} is known. Give its id as the source has it, or source/id; "
            f"sources here: {', '.join(_sources(answers))}."
        )
    several = sorted({row[column] for row in rows})
    if len(several) > 1:
        raise QuestionError(
            f"{given!r} is a {kind} of several sources: say which of {', '.join(several)}."
        )
    return rows


def _known(answers: Answers, kind: str, ids: Iterable[str], viewer: Viewer) -> list[str]:
    t = _seen(answers, FACTS[kind], viewer)
    column = t[f"{kind}_id"]
    rows = answers.engine.run(t.filter(column.isin(list(ids))).select(id=column).distinct())
    return sorted(rows.column("id").to_pylist())[:MOST]


def _seen(answers: Answers, fact: str, viewer: Viewer) -> Any:
    return plan.seen_by(answers.tables[fact], viewer.teams, viewer.agents, answers.tables)


def _ids(answers: Answers, given: str) -> list[str]:
    return [given, *(f"{source}/{given}" for source in _sources(answers))]


def _sources(answers: Answers) -> list[str]:
    return sorted({source for source, _ in answers.covered})
