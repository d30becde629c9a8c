"""`sanjeh metrics`, `explain`, `options`: what can be asked, what it means, what can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import terminal
from sanjeh.cli.application import HomeOption, app
from sanjeh.cli.bring_in import JsonOption
from sanjeh.cli.wording import value_text
from sanjeh.words import close_matches, normalise

if TYPE_CHECKING:
    from sanjeh.metrics.registry import Metric

BETTER = {"up": "more is better", "down": "less is better", "neutral": "neither is better",
          "target": "nearer its target is better"}  # fmt: skip
POPULATIONS = {
    "valid": "all but spam, tests, deleted and merged",
    "actionable": "of those, what needs a reply",
    "requested": "of those, what a customer began and what needs a reply",
}


@app.command(short_help="What can be asked.")
def metrics(
    word: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORD]", help="Part of a name, or a requirement's id.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List what can be asked. It is the same for every home.

    \b
    sanjeh metrics
    sanjeh metrics reopen
    sanjeh metrics --json

    Durations also have .mean .median .p90 .min .max .n .distribution, and @open for open hours, as
    in resolution_time.p90@open.

    \b
    Next: `sanjeh explain METRIC`, `sanjeh show METRIC`.
    """
    found = matching(word)
    if as_json:
        terminal.emit_json([described(metric) for metric in found])
        return
    made = terminal.table(("address", False), ("what", False), ("unit", False), ("serves", False))
    for metric in found:
        terminal.add_row(made, [metric.name, metric.title, metric.unit, ", ".join(metric.serves)])
    terminal.draw(made)


@app.command(short_help="What a figure means, with worked examples.")
def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="A name or an address.")],
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say what a figure means: what is counted and left out, worked examples, options.

    \b
    sanjeh explain resolution_time
    sanjeh explain reopen_rate --json

    The examples are the metric's own tests: small tables of rows with the figures they must give.

    \b
    Next: `sanjeh show METRIC`, `sanjeh working METRIC`.
    """
    from sanjeh.metrics.registry import find

    found = find(metric).metric
    if as_json:
        terminal.emit_json(described(found))
    else:
        tell(found)


@app.command(short_help="Definitions that can be chosen otherwise.")
def options(as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the definitions that can be chosen otherwise, with their usual value.

    \b
    sanjeh options
    sanjeh show reopen_rate --option reopen.window=7
    sanjeh show resolution_time --option duration.headline=median

    The choice is printed with the answer, so that a figure is never mistaken for another.
    """
    from sanjeh.metrics.options import OPTIONS

    if as_json:
        terminal.emit_json([{**o.__dict__, "choices": list(o.choices)} for o in OPTIONS.values()])
        return
    made = terminal.table(
        ("option", False),
        ("usual", False),
        ("choices", False),
        ("meaning", False),
        ("serves", False),
    )
    for o in OPTIONS.values():
        choices = " or ".join(o.choices) or f"a number of {o.unit}"
        terminal.add_row(made, [o.name, o.default, choices, o.meaning, o.serves])
    terminal.draw(made)


def matching(word: str | None) -> list[Metric]:
    """Metrics whose name, title, id or definition holds the word; all without one.

    Raises UnknownMetric where none does.
    """
    from sanjeh.metrics.catalogue import METRICS
    from sanjeh.metrics.registry import UnknownMetric

    if word is None:
        return list(METRICS.values())
    by_id = [m for m in METRICS.values() if word.upper() in m.serves]
    key = normalise(word)
    found = by_id or [
        m for m in METRICS.values() if key in normalise(f"{m.name} {m.title} {m.doc}")
    ]
    if not found:
        near = close_matches(word, METRICS)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownMetric(f"No metric speaks of {word!r}.{hint} `sanjeh metrics` lists all.")
    return found


def described(metric: Metric) -> dict[str, Any]:
    """A metric in plain values."""
    from sanjeh.answers.choices import options_of
    from sanjeh.cli.dimensions import OWN, dimensions_of

    return {
        "address": metric.key,
        "title": metric.title,
        "unit": metric.unit,
        "direction": metric.better,
        "dimensions": dimensions_of(metric),
        "own_fields": list(OWN),
        "requirement_ids": list(metric.serves),
        "statistics": list(metric.statistics()),
        "clocks": list(metric.clocks()),
        "definition": metric.doc,
        "definition_version": metric.version,
        "group": metric.group,
        "population": metric.population,
        "counted_by": metric.at,
        "needs": list(metric.needs),
        "credit": metric.credit or None,
        "options": options_of(metric),
        "examples": [
            {"about": e.about, "rows": example_rows(e.rows), "expect": dict(e.expect)}
            for e in metric.examples
        ],
    }


def tell(metric: Metric) -> None:
    """A metric in words."""
    from sanjeh.answers.choices import options_of
    from sanjeh.cli.dimensions import OWN, dimensions_of

    terminal.say(f"{metric.title} · {metric.key}", "bold")
    terminal.say()
    terminal.say(metric.doc)
    terminal.say()
    terminal.say(f"Unit        {metric.unit}; {BETTER[metric.better]}")
    if metric.fact is None:
        measure = metric.measure(None)
        made = ", ".join(str(v) for v in measure.__dict__.values() if isinstance(v, str))
        terminal.say(f"Made of     {made}")
    else:
        terminal.say(f"Counted     {POPULATIONS[metric.population]}")
        terminal.say(
            f"When        by {metric.at}" + (f", {metric.holds}" if metric.is_level else "")
        )
    if metric.credit:
        terminal.say(f"Credit      {metric.credit}")
    if metric.pending is not None:
        terminal.say("Pending     what is still running is counted beside the figure")
    if metric.needs:
        terminal.say(f"Needs       {', '.join(n.replace('|', ' or ') for n in metric.needs)}")
    terminal.say(f"Statistics  {', '.join(metric.statistics())}")
    terminal.say(f"Clocks      {', '.join(metric.clocks())}")
    terminal.say(f"Options     {', '.join(options_of(metric))}")
    terminal.say(f"Serves      {', '.join(metric.serves)}; definition version {metric.version}")
    for note in metric.notes:
        terminal.say(f"Note        {note}", "yellow")
    for example in metric.examples:
        terminal.say()
        terminal.say(f"For example: {example.about}", "bold")
        rows = example_rows(example.rows)
        made_table = terminal.table(*((column, False) for column in rows[0]))
        for row in rows:
            terminal.add_row(made_table, ["—" if v is None else v for v in row.values()])
        terminal.draw(made_table)
        terminal.say("gives " + expected_text(example.expect, metric.unit))
    terminal.say()
    terminal.say(f"Split by    {', '.join([*dimensions_of(metric), *OWN])}")
    terminal.grey(f"Ask for it: sanjeh show {metric.key}; its rows: sanjeh working {metric.key}")


def example_rows(text: str) -> list[dict[str, str | None]]:
    """The rows of an example's small table; columns stand two spaces or more apart."""
    import re

    lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]
    head, *body = lines
    return [
        {name: None if value == "-" else value for name, value in zip(head, line, strict=True)}
        for line in body
    ]


def expected_text(expect: Any, unit: str) -> str:
    """The figures an example must give."""
    parts = []
    for name, value in expect.items():
        if name == "excluded":
            left = ", ".join(f"{reason} {n}" for reason, n in value.items())
            parts.append(f"left out: {left}")
        elif name in ("n", "pending", "numerator", "denominator"):
            parts.append(f"{name} {value}")
        else:
            parts.append(f"{name} {value_text(value, unit, 'en')}")
    return "; ".join(parts)
