"""`sanjeh glossary`: what a term of the trade means, and which figures tell of it."""

from __future__ import annotations

from typing import Annotated

import typer

from sanjeh.cli import terminal
from sanjeh.cli.application import HomeOption, app
from sanjeh.cli.bring_in import JsonOption

BETTER = {"up": "More is better.", "down": "Less is better.", "neutral": "Neither is better.",
          "target": "Nearer its target is better."}  # fmt: skip


@app.command(short_help="What a term of the trade means.")
def glossary(
    term: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TERM]", help="A term in any language.", show_default=False),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="en, fa or ru.")
    ] = "en",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say what a term means, how it is worked out, and which figures tell of it.

    \b
    sanjeh glossary first contact resolution
    sanjeh glossary AHT --language fa
    sanjeh glossary --json

    English, Persian and Russian words are understood, and so are usual abbreviations.

    \b
    Next: `sanjeh explain METRIC`, `sanjeh show METRIC`.
    """
    from sanjeh.metrics import catalogue  # noqa: F401  (declares every metric)
    from sanjeh.metrics.registry import UnknownMetric
    from sanjeh.report.glossary import sought_terms, terms
    from sanjeh.report.language import language_of
    from sanjeh.words import LOCALES, close_matches

    if language not in LOCALES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(LOCALES)}.")
    spoken = language_of(language)
    wanted = " ".join(term or ())
    found = sought_terms(wanted, spoken)
    if not found:
        near = close_matches(wanted, (t.title for t in terms(spoken)))
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownMetric(f"No term is called {wanted!r}.{hint} `sanjeh glossary` lists all.")
    if as_json:
        told = [{k: v for k, v in t.__dict__.items() if k != "aliases"} for t in found]
        terminal.emit_json([{**t, "better": f.better} for t, f in zip(told, found, strict=True)])
        return
    for n, one in enumerate(found):
        if n:
            terminal.say()
        terminal.say(f"{one.title}  {', '.join(one.serves)}", "bold")
        terminal.say(one.definition)
        if one.formula:
            terminal.say(f"= {one.formula}")
        direction = f"{BETTER[one.better]} " if one.better else ""
        figures = "; ".join(f"sanjeh show {m}" for m in one.metrics) or "Not measured yet."
        terminal.grey(direction + figures)
