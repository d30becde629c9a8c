"""Kinds of questions, their scales, and what an answer to one may be. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.words import ascii_digits

EXPECTATIONS = ("below", "met", "exceeded")
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Kind:
    """One kind of question.

    scales: those that may be chosen, the usual one first. satisfied: scores of the usual scale
    that count as satisfied. record: what the ledger calls it.
    """

    name: str
    record: str
    scales: tuple[tuple[int, int], ...] = ()
    satisfied: Mapping[tuple[int, int], tuple[int, ...]] | None = None


KINDS = {
    k.name: k
    for k in (
        Kind("csat", "csat", ((1, 5), (1, 7), (1, 3), (1, 2), (1, 10)),
             {(1, 5): (4, 5), (1, 7): (6, 7), (1, 3): (3,), (1, 2): (2,), (1, 10): (9, 10)}),
        Kind("ces", "ces", ((1, 7), (1, 5)), {(1, 7): (5, 6, 7), (1, 5): (4, 5)}),
        Kind("nps", "nps", ((0, 10),)),
        Kind("expectation", "expectation"),
        Kind("choice", "custom"),
        Kind("text", "custom"),
    )
}  # fmt: skip


class NotAnAnswer(ValueError):
    """What was given is no answer to the question. code: needed, scale, choice, long."""

    def __init__(self, code: str, question: str = "") -> None:
        super().__init__(f"{question or 'a question'}: {code}")
        self.code, self.question = code, question


@dataclass(frozen=True)
class Given:
    """One answer, read: a score, a choice or words."""

    score: float | None = None
    choice: str = ""
    comment: str = ""


def read(kind: str, low: int | None, high: int | None, options: Sequence[str], given: Any) -> Given:
    """What was given as an answer. Errors: NotAnAnswer."""
    if kind == "text":
        if not isinstance(given, str) or "\0" in given:
            raise NotAnAnswer("choice")
        text = given.strip()
        if len(text) > LONGEST_TEXT:
            raise NotAnAnswer("long")
        return Given(comment=text)
    if kind in ("expectation", "choice"):
        known = EXPECTATIONS if kind == "expectation" else tuple(options)
        if not isinstance(given, str) or given not in known:
            raise NotAnAnswer("choice")
        return Given(choice=given)
    score = whole(given)
    if score is None or low is None or high is None or not low <= score <= high:
        raise NotAnAnswer("scale")
    return Given(score=float(score))


def whole(given: Any) -> int | None:
    """A whole number, or its digits in any script; None for anything else (a flag, 4.5, a list)."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return given
    if isinstance(given, float):
        return int(given) if given.is_integer() and abs(given) < 1_000 else None
    if isinstance(given, str):
        digits = ascii_digits(given.strip())
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else None
    return None


def position(low: int, high: int, polarity: str, score: float) -> float:
    """The place of a score on its scale: 0 at the worst end, 1 at the best."""
    straight = (score - low) / (high - low)
    return 1.0 - straight if polarity == "low_good" else straight
