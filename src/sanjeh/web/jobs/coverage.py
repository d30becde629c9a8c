"""Which figures come out of a source and which do not, in words (`checks/coverage.py`)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sanjeh.checks.coverage import Coverage
from sanjeh.report.lacking import lacks
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag


def told(found: Coverage, language: Language) -> Markup:
    """What comes out and what does not, in words."""
    lines = [
        tag("li", named_families(families, language), ": ", lacks(needs, language))
        for needs, families in found.by_need()
    ]
    can = len(found.answered) + len(found.empty)
    some = language.text(
        "site.imported.measures", count=can, n=language.number(can), of=language.number(found.of)
    )
    if not lines:
        return tag("p", some, class_="summary")
    less = language.text("site.imported.less")
    return tag(
        "div",
        tag("p", some, class_="summary"),
        tag("details", tag("summary", less), tag("ul", lines, class_="lacks")),
    )


def named_families(families: Counter[str], language: Language) -> Markup:
    """Families by name, each with how many of its figures are meant."""
    parts: list[Any] = []
    for family, n in families.most_common():
        name = language.text(f"families.{family.replace('-', '_')}")
        parts += [language.text("comma")] if parts else []
        parts.append(tag("span", tag("strong", name), f" ({language.number(n)})"))
    return tag("span", parts)
