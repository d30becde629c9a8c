"""Statements compiled once for each open door, for lists that are asked again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

MOST = 512
_known: WeakKeyDictionary[Answers, dict[Hashable, tuple[str, Any]]] = WeakKeyDictionary()


def once(answers: Answers, key: Hashable, make: Callable[[], tuple[Any, Any]]) -> tuple[str, Any]:
    """The SQL of the expression that `make` gives, and what it gives beside, made once a key."""
    known = _known.setdefault(answers, {})
    if key not in known:
        if len(known) >= MOST:
            known.clear()
        expression, beside = make()
        known[key] = answers.engine.compiled(expression), beside
    return known[key]
