"""The reference pages, written from the declarations: `python -m sanjeh.reference docs/reference`.

A test holds the pages in the repository to what this writes, so they cannot lie.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from sanjeh.answers.dimensions import available
from sanjeh.engines.duck import DuckEngine
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.schema import schemas
from sanjeh.ledger import KINDS
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.options import OPTIONS
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import Example, Metric

DIRECTIONS = {
    "up": "higher is better",
    "down": "lower is better",
    "neutral": "neither",
    "target": "near its target",
}
POPULATIONS = {
    "valid": "not spam, test, merged or deleted",
    "actionable": "valid, and needing a reply",
    "requested": "valid, needing a reply, and not started by an agent",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; cells keep to one line."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    for row in rows:
        cells = (c.replace("\n", " ").replace("|", "\\|") for c in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}: {v}" for k, v in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _example(example: Example) -> str:
    lines = [line for line in example.rows.splitlines() if line.strip()]
    starts = [lines[0].index(n) for n in lines[0].split()]
    cells = [
        [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        for line in lines
    ]
    figures = "; ".join(f"{name} **{_figure(v)}**" for name, v in example.expect.items())
    return f"*{example.about}*\n\n{table(cells[0], cells[1:])}\n\ngives {figures}"


def metric_page(metric: Metric, dimensions: list[str]) -> str:
    """One metric: its definition, how it is counted, and its examples."""
    facts = [
        ("address", f"`{metric.name}`"),
        ("unit", metric.unit),
        ("good direction", DIRECTIONS[metric.better]),
        ("serves", ", ".join(metric.serves)),
        ("definition version", str(metric.version)),
    ]
    if metric.fact is not None:
        when = (
            f"by `{metric.at}`"
            if not metric.is_level
            else f"what holds {metric.holds} of the period"
        )
        facts += [
            ("counted over", f"`{metric.fact}` ({FACTS[metric.fact].grain} a row), {when}"),
            ("population", POPULATIONS[metric.population]),
        ]
    if metric.credit:
        facts.append(("an agent's figure is credited to", metric.credit))
    if metric.needs:
        facts.append(("needs records of", ", ".join(n.replace("|", " or ") for n in metric.needs)))
    facts.append(("statistics", ", ".join(f"`{s}`" for s in metric.statistics())))
    facts.append(("clocks", ", ".join(f"`{c}`" for c in metric.clocks())))
    if dimensions:
        facts.append(("split and filter by", ", ".join(f"`{d}`" for d in dimensions)))
    parts = [f"## {metric.title}", metric.doc, table(("", ""), facts)]
    parts += [f"> {note}" for note in metric.notes]
    parts += [_example(e) for e in metric.examples]
    return "\n\n".join(parts)


def profiles_page(note: str) -> str:
    """Every definition profile: its rules, what they count over and where they are documented."""
    parts = [
        "# Profiles",
        note.strip(),
        "As which helpdesk a figure is counted: `--profile NAME`, `metric~NAME`, `?profile=NAME`. "
        "What a profile has no rule for is counted as ours, and the answer says so.",
    ]
    for found in PROFILES.values():
        rules = table(
            ("metric", "rule", "counted over", "by", "headline", "documented"),
            (
                (
                    f"`{name}~{found.name}`", rule.says,
                    " and ".join(f"`{f}`" for f in (rule.metric.fact or "", *rule.metric.also)),
                    f"`{rule.metric.at}`", rule.statistic or "value", f"[source]({rule.source})",
                )
                for name, rule in found.rules.items()
            ),
        )  # fmt: skip
        page = f"[{found.decision}](../decisions/{found.decision})"
        parts += [f"## {found.title}", f"Worked by hand: {page}.", rules]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """File name to text of every generated page."""
    engine = DuckEngine()
    columns = {name: tuple(schema) for name, schema in schemas(engine).items()}
    engine.close()
    note = "Generated from the declarations by `make docs`; do not edit.\n"
    metrics = [
        metric_page(m, available(columns[m.fact], m.is_level) if m.fact else [])
        for m in METRICS.values()
    ]
    index = table(
        ("metric", "title", "unit", "serves"),
        ((f"`{m.name}`", m.title, m.unit, ", ".join(m.serves)) for m in METRICS.values()),
    )
    options = table(
        ("option", "default", "choices", "acts on", "meaning", "serves"),
        (
            (
                f"`{o.name}`", o.default, " or ".join(o.choices) or f"a number of {o.unit}",
                o.acts, o.meaning, o.serves,
            )
            for o in OPTIONS.values()
        ),
    )  # fmt: skip
    facts = [
        f"## {f.name}\n\nOne row: {f.grain}.\n\n{f.doc}\n\n"
        + ", ".join(f"`{c}`" for c in columns[f.name])
        for f in FACTS.values()
        if f.kept
    ]
    kinds = [
        f"## {k.name}\n\n{k.doc}\n\nKey: {', '.join(k.key) or 'the one record'}."
        + (f" Its instant: `{k.at}`." if k.at else "")
        + "\n\n"
        + table(
            ("field", "type", "unit", "meaning", "choices"),
            (
                (
                    f"`{f.name}`", f.type, f.unit or "",
                    f.meaning + (" (kept apart)" if f.apart else ""), ", ".join(f.choices),
                )
                for f in k.fields
            ),
        )
        for k in KINDS.values()
    ]  # fmt: skip
    return {
        "profiles.md": profiles_page(note),
        "metrics.md": "\n\n".join(["# Metrics", note.strip(), index, *metrics]) + "\n",
        "options.md": "\n\n".join(["# Options", note.strip(), options]) + "\n",
        "facts.md": "\n\n".join(["# Facts", note.strip(), *facts]) + "\n",
        "records.md": "\n\n".join(["# Records", note.strip(), *kinds]) + "\n",
    }


def main(folder: Path) -> None:
    """Write every page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
        sys.stdout.write(f"{folder / name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
