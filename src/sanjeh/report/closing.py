"""The end of the report: what the figures mean, what to know of them, how to print each again."""

from __future__ import annotations

from sanjeh.metrics.options import OPTIONS
from sanjeh.metrics.registry import find
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, coded, tag


def used(enquiry: Enquiry) -> list[str]:
    """Names of the metrics that were asked for, in the order of asking."""
    addresses = (m for asked in enquiry.asked.values() for m in asked.answer.question["metrics"])
    return list(dict.fromkeys(find(a).metric.name for a in addresses))


def definitions(enquiry: Enquiry, language: Language) -> Markup:
    """Every metric used: title, meaning, address and version; the options that differ."""
    items = []
    for name in used(enquiry):
        metric = find(name).metric
        items.append(
            tag(
                "div", tag("dt", language.title(name), " ", tag(
                    "small", tag("code", name), " ", language.text(
                        "definitions.version", n=language.number(metric.version)
                    ),
                )),
                tag("dd", coded(language.definition(name))),
            )
        )  # fmt: skip
    changed = {
        name: value
        for name, value in enquiry.scope.options.items()
        if name in OPTIONS and value != OPTIONS[name].default
    }
    options = language.text("definitions.usual")
    if changed:
        told = ", ".join(f"{name} = {value}" for name, value in changed.items())
        options = language.text("definitions.options", options=tag("code", told))
    return tag(
        "section", tag("h2", language.text("definitions.title"), id="definitions"),
        tag("p", options, class_="note"), tag("dl", items),
    )  # fmt: skip


def notes(enquiry: Enquiry, language: Language) -> Markup | None:
    """The warnings of all answers, each once."""
    warnings = dict.fromkeys(
        w for asked in enquiry.asked.values() for w in asked.answer.warnings
    )  # fmt: skip
    if not warnings:
        return None
    return tag(
        "section", tag("h2", language.text("notes.title"), id="notes"),
        tag("ul", (tag("li", coded(language.told(w))) for w in warnings)),
    )  # fmt: skip


def commands(enquiry: Enquiry, language: Language) -> Markup:
    """For each figure the command that prints it."""
    items = [
        tag("li", tag("code", asked.command, dir="ltr"), id=asked.key, data_command=asked.command)
        for asked in enquiry.asked.values()
    ]
    return tag(
        "footer", tag("h2", language.text("commands.title"), id="commands"),
        tag("p", coded(language.text("commands.lead")), class_="note"), tag("ol", items, dir="ltr"),
    )  # fmt: skip
