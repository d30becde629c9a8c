"""Which figures the records of a source can answer, and what the others lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sanjeh.answers.ask import Answers
from sanjeh.metrics.catalogue import METRICS
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.web.pages.families import family_of


@dataclass(frozen=True)
class Coverage:
    """How many figures come out, and of the others how many lack what, by family."""

    answered: int
    lacking: dict[str, Counter[str]]
    """By what is lacking (`survey_response`, `message or call`): figures of each family."""

    @property
    def of(self) -> int:
        """How many figures there are."""
        return self.answered + sum(found.total() for found in self.lacking.values())


def coverage(answers: Answers, sources: Iterable[str]) -> Coverage:
    """The figures that one source of those answers alone, and what none of them has."""
    named = list(sources)
    answered = 0
    lacking: dict[str, Counter[str]] = {}
    for metric in METRICS.values():
        missing = [answers.missing(metric, source) for source in named]
        if None in missing:
            answered += 1
        elif missing:
            lacking.setdefault(str(missing[0]), Counter())[family_of(metric)] += 1
    return Coverage(answered, lacking)


def told(found: Coverage, language: Language) -> Markup:
    """What comes out and what does not, in words."""
    lines = [
        tag("li", named_families(families, language), ": ", lacks(needs, language))
        for needs, families in sorted(found.lacking.items(), key=lambda pair: -pair[1].total())
    ]
    some = language.text(
        "site.imported.measures", count=found.answered, n=language.number(found.answered),
        of=language.number(found.of),
    )  # fmt: skip
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
        name = language.text(f"site.families.{family.replace('-', '_')}")
        parts += [language.text("comma")] if parts else []
        parts.append(tag("span", tag("strong", name), f" ({language.number(n)})"))
    return tag("span", parts)


def lacks(needs: str, language: Language) -> Markup:
    """What is lacking, in words: the first of several that would do has them."""
    for kind in needs.split(" or "):
        if language.has(f"site.lacks.{kind}"):
            return language.text(f"site.lacks.{kind}")
    return language.text("site.lacks.other", kind=needs.replace("_", " "))
