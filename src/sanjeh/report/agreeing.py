"""What a helpdesk says and what we say, in words: for the terminal and the pages."""

from __future__ import annotations

from sanjeh.checks.agreement import Agreement, Told
from sanjeh.metrics.profiles import PROFILES
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render


def name(m: Agreement, language: Language) -> Markup:
    """What was counted: a first response, reopenings."""
    return language.text(f"check.counted.{m.measure}")


def amount(m: Agreement, value: float | None, language: Language) -> str:
    """A figure of either side in its unit; null is a dash."""
    if m.metric == "satisfied_share":
        return language.value(value, "share")
    return language.value(value, "seconds" if m.unit in ("minutes", "seconds") else "")


def named(m: Agreement, language: Language) -> Markup:
    """What was counted, and on which clock."""
    if not m.clock:
        return name(m, language)
    return render(name(m, language), ", ", language.text(f"check.clocks.{m.clock}"))


def sentence(m: Agreement, language: Language) -> Markup:
    """What both say, and how many figures explain the difference."""
    vendor = PROFILES[m.vendor].title
    n, of = language.number(len(m.differing)), language.number(m.compared)
    if not m.compared:
        key = "without_hours" if m.without_hours else "unjudged"
        unjudged = language.number(m.incomplete + m.without_hours)
        return language.text(f"check.{key}", vendor=vendor, n=unjudged)
    theirs, ours = amount(m, m.theirs, language), amount(m, m.ours, language)
    if not m.differing:
        exact, rounded = language.number(m.exact), language.number(m.rounded)
        return language.text(
            "check.agreeing", vendor=vendor, theirs=theirs, ours=ours, n=of, exact=exact,
            rounded=rounded,
        )  # fmt: skip
    return language.text(
        "check.explain", len(m.differing), vendor=vendor, theirs=theirs, ours=ours, n=n, of=of
    )


def why(rule: str, one: Told, language: Language) -> Markup:
    """The rule that differs, in words."""
    reason = language.reason(one.held.reason or "")
    return language.text(f"check.why.{rule}", reason=reason)
