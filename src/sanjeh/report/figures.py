"""A figure on the page: its text, where it comes from, how it moved, what was left out.

Every number carries its raw value and the question, group and field it was read from, so that the
page can be held against `sanjeh show`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanjeh.answers.question import Result
from sanjeh.report.enquiry import Asked, group_key
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag

REASONS_SHOWN = 3
UP, DOWN, LEVEL = "▲", "▼", "="


def field_of(result: Result, path: str) -> Any:
    """A field of a result by its dotted path: value, n, statistics.median, excluded.spam …"""
    name, _, rest = path.partition(".")
    found: Any = getattr(result, name)
    return found.get(rest) if rest and isinstance(found, Mapping) else found


def shown(
    asked: Asked, result: Result, language: Language, path: str = "value", text: str | None = None
) -> Markup:
    """A number of an answer as the language writes it, with where it comes from."""
    raw = field_of(result, path)
    if text is None:
        counted = path in ("n", "pending", "numerator", "denominator") and result.unit != "seconds"
        counted = counted or path == "n" or path.startswith("excluded")
        text = language.number(raw) if counted else language.value(raw, result.unit)
    worded = language.direction == "rtl" and any(letter.isalpha() for letter in text)
    return tag(
        "data", text, value="" if raw is None else raw, data_question=asked.key,
        data_metric=result.metric, data_group=group_key(result) if result.group else None,
        data_bucket=result.bucket["index"] if result.bucket else None, data_field=path,
        dir=None if worded else "ltr",
    )  # fmt: skip


def change(asked: Asked, result: Result, language: Language, *, spoken: bool = True) -> Markup:
    """How a figure moved: arrow, size, and in words whether that is good; never colour alone."""
    if result.delta_abs is None:
        return tag("span", language.text("change.unknown"), class_="change none")
    if not result.delta_abs:
        return tag("span", LEVEL, " ", language.text("change.same"), class_="change same")
    path = "delta_abs" if result.unit == "share" or result.delta_pct is None else "delta_pct"
    moved = language.moved(result.delta_abs, result.delta_pct, result.unit)
    kind = judged(result)
    word = None
    if kind in ("good", "bad", "chance"):
        word = tag("span", language.text(f"change.{kind}"), class_=None if spoken else "unseen")
    arrow = UP if result.delta_abs > 0 else DOWN
    return tag(
        "span", tag("span", arrow, class_="arrow", aria_hidden="true"), " ",
        shown(asked, result, language, path, moved), " " if word else None, word,
        class_=f"change {kind}",
    )  # fmt: skip


def judged(result: Result) -> str:
    """good, bad, chance (a survey's figure within its interval) or plain."""
    if result.interval is not None and result.previous_value is not None and _surveyed(result):
        low, high = result.interval
        if low <= result.previous_value <= high:
            return "chance"
    if not result.delta_abs or result.direction not in ("up", "down"):
        return "plain"
    return "good" if (result.delta_abs > 0) == (result.direction == "up") else "bad"


def _surveyed(result: Result) -> bool:
    """Whether the figure rests on answers of some, not on a full count (7.17)."""
    return result.definition_id in SURVEYED


SURVEYED = frozenset({
    "satisfied_share", "satisfaction_score", "very_satisfied_share", "nps", "effort_score",
    "easy_share", "expectations_met",
})  # fmt: skip


def before(asked: Asked, result: Result, language: Language) -> Markup | None:
    """The figure of the period compared with."""
    if asked.answer.question["compare"] is None or result.previous_value is None:
        return None
    return language.text("was", value=shown(asked, result, language, "previous_value"))


def left_out(asked: Asked, result: Result, language: Language) -> Markup | None:
    """How many rows were not counted and why, the commonest reasons first."""
    counts = {reason: n for reason, n in result.excluded.items() if n}
    if not counts:
        return None
    ordered = sorted(counts, key=lambda reason: -counts[reason])
    parts: list[Any] = []
    for reason in ordered[:REASONS_SHOWN]:
        number = shown(asked, result, language, f"excluded.{reason}")
        parts += [language.text("comma") if parts else None, f"{language.reason(reason)} ", number]
    rest = sum(counts[reason] for reason in ordered[REASONS_SHOWN:])
    if rest:
        parts += [language.text("comma"), language.text("other"), f" {language.number(rest)}"]
    return language.text("left_out", reasons=render(parts))


def why(result: Result, language: Language) -> Markup:
    """Why there is no figure."""
    return language.told(result.why_null or "no rows to count")
