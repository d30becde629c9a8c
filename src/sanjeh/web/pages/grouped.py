"""Figures beside each other for each group of a dimension; each group is a link that filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.answers import dimensions
from sanjeh.answers.question import Result
from sanjeh.metrics.registry import METRICS, find
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import change
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.colleagues import cell
from sanjeh.web.pages.sides import titled
from sanjeh.web.shell import dimension_name


@dataclass(frozen=True)
class Group:
    """One value of a dimension: its key, and how it is called."""

    key: Any
    label: str
    name: str


class Grouped:
    """Some metrics by one dimension, over the address's period and filters."""

    def __init__(
        self, enquiry: Enquiry, asked: Asked, language: Language, dimension: str,
        metrics: Sequence[str],
    ) -> None:  # fmt: skip
        self.enquiry, self.asked, self.language = enquiry, asked, language
        self.dimension = dimension
        self.metrics = [
            m for m in metrics
            if enquiry.has(m) and fits(enquiry, m, (dimension, *asked_for(asked)))
        ]  # fmt: skip
        self.found: dict[str, Figures] = {}
        self.rows: dict[str, dict[Any, Result]] = {}
        for metric in self.metrics:
            where = asked.question(metric).where
            self.found[metric] = enquiry.ask(metric, by=(dimension,), where=where)
            self.rows[metric] = {
                r.group[dimension]["key"]: r
                for r in self.found[metric].results(str(find(metric)))
                if r.group
            }

    def groups(self) -> list[Group]:
        """Groups by the first metric, largest first; those of no value last."""
        first = self.rows[self.metrics[0]] if self.metrics else {}
        ordered = sorted(first.items(), key=lambda item: (item[0] is None, -_size(item[1])))
        return [self._group(key, result) for key, result in ordered]

    def _group(self, key: Any, result: Result) -> Group:
        label = str(result.group[self.dimension]["label"])
        return Group(key, label, self.enquiry.named(self.language, self.dimension, result))

    def column(self, metric: str) -> Column:
        """A column of one metric, n beside each figure."""
        heading = titled(metric, self.language)
        return Column(
            tag("span", heading, title=self.language.definition(find(metric).metric.name)),
            lambda g: cell(self.found[metric], self.rows[metric].get(g.key), self.language),
        )

    def change(self, metric: str) -> Column:
        """A column of how one metric moved."""

        def moved(group: Group) -> Any:
            result = self.rows[metric].get(group.key)
            if result is None or result.value is None:
                return "—"
            return change(self.found[metric], result, self.language, spoken=False)

        return Column(self.language.text("site.figure.change"), moved)

    def share(self, metric: str) -> Column:
        """A column of each group's part of the sum of a count."""
        total = sum(_size(r) for r in self.rows[metric].values())

        def part(group: Group) -> str:
            result = self.rows[metric].get(group.key)
            size = 0.0 if result is None else _size(result)
            return self.language.percent(size / total if total else None)

        return Column(self.language.text("share"), part)

    def table(self, path: str, columns: Sequence[Column], limit: int = 30) -> Markup | None:
        """The table; None where there is nothing to show."""
        groups = self.groups()
        if not groups:
            return None
        rest = None
        if len(groups) > limit:
            hidden = self.language.number(len(groups) - limit)
            rest = tag("p", self.language.text("site.figure.more_groups", n=hidden), class_="note")
        made = table(
            dimension_name(self.language, self.dimension), groups[:limit],
            lambda g: self.link(path, g), columns,
        )  # fmt: skip
        return render(made, rest)

    def link(self, path: str, group: Group) -> Markup:
        """A group's name as a link to the same page of that group alone."""
        if group.key is None:
            return tag("bdi", group.name)
        where = self.asked.narrowed(self.dimension, group.label)
        return blocks.link(tag("bdi", group.name), self.asked.link(path, where=where))


def _size(result: Result) -> float:
    return float(result.value or 0)


def asked_for(asked: Asked) -> tuple[str, ...]:
    """The dimensions that an address filters by."""
    return tuple(name for name, _, _ in asked.question("requests").where)


def fits(enquiry: Enquiry, metric: str, names: Sequence[str]) -> bool:
    """Whether a metric can be split or filtered by all of the dimensions."""
    offered = dimensions.offered(
        METRICS[find(metric).metric.name], lambda f: tuple(enquiry.answers.tables[f].columns)
    )
    return all(n in offered or "." in n for n in names)
