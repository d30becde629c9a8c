"""`sanjeh report`: one HTML file with the figures that matter, to read, print or mail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers
    from sanjeh.answers.question import Question

COMPARISONS = ("previous", "last_year", "none")


@app.command(short_help="One HTML page to mail or print, in en, fa or ru.")
def report(
    ctx: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write the page.")
    ] = Path("report.html"),
    locale: Annotated[
        str | None,
        typer.Option("--locale", metavar="en|fa|ru", help="Its language; else the settings'."),
    ] = None,
    start: asking.From = None,
    end: asking.To = None,
    last: asking.Last = None,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare",
            metavar="WITH",
            help="previous, last_year or none; else the period before, if the data reach back.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="Your operation's, as heading.")
    ] = None,
    option: asking.Chosen = None,
    profile: asking.ProfileName = None,
    zone: asking.Zone = None,
    calendar: asking.MonthCalendar = None,
    week_start: asking.WeekStart = None,
    home: HomeOption = None,
) -> None:
    """Write a report as one HTML file that needs no network and prints well.

    \b
    sanjeh report --out october.html
    sanjeh report --last 4w --locale fa --out report.html
    sanjeh report --from 1405-07-01 --to 1405-08-01 --compare last_year --name "Our shop"

    Without a period it is about the last whole month of the data, against the month before. The
    language changes words and digits, never a figure or the period. It holds no names of
    customers.

    \b
    Next: every figure's `sanjeh show` stands at the end of the page.
    """
    if compare is not None:
        asking.one_of(compare, COMPARISONS, "--compare")
    asking.locale_of(locale)
    question = asking.question_of(
        (), option=option, start=start, end=end, last=last, zone=zone, calendar=calendar,
        week_start=week_start, profile=profile,
    )  # fmt: skip
    with asking.answers_of(home_of(ctx, home)) as answers:
        spoken = asking.locale_of(locale, answers)
        write(answers, question, compare, spoken, name, out)
    terminal.say(str(out))


def write(
    answers: Answers, question: Question, compare: str | None, locale: str, name: str | None,
    out: Path,
) -> None:  # fmt: skip
    """Write the page, whole or not at all."""
    from sanjeh.report import About, Enquiry, html_of, language_of, scope_of
    from sanjeh.simulation import SOURCE

    if not out.parent.is_dir():
        raise typer.BadParameter(
            f"{str(out.parent)!r} is no folder. Make it first, or name another file.",
            param_hint="--out",
        )
    enquiry = Enquiry(answers, scope_of(answers, question, compare))
    html = html_of(enquiry, language_of(locale), About(name, frozenset({SOURCE})))
    partial = out.with_name(f".{out.name}.part")
    try:
        partial.write_text(html, "utf-8")
        os.replace(partial, out)
    finally:
        partial.unlink(missing_ok=True)
