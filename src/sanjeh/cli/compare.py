"""`sanjeh compare`: one period under all definitions, ours and the helpdesks'."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.wording import fresh_text, period_text, value_text
from sanjeh.words import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanjeh.answers.comparing import Compared
    from sanjeh.answers.question import Answer

COLUMNS = (
    "metric", "counted_as", "address", "value", "unit", "statistic", "clock", "n", "left_out",
    "why_null", "rule", "source",
)  # fmt: skip


@app.command(short_help="One period as we, Zendesk, Intercom and Chatwoot count it.")
def compare(
    ctx: typer.Context,
    metrics: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[METRIC]", help="Addresses; else all that a helpdesk has a rule for."
        ),
    ] = None,
    where: asking.Where = None,
    start: asking.From = None,
    end: asking.To = None,
    last: asking.Last = None,
    option: asking.Chosen = None,
    as_of: asking.AsOf = None,
    zone: asking.Zone = None,
    calendar: asking.MonthCalendar = None,
    week_start: asking.WeekStart = None,
    form: asking.Format = "table",
    locale: asking.Locale = None,
    home: HomeOption = None,
) -> None:
    """Compare definitions: the same rows and period as we and as each helpdesk counts them.

    \b
    sanjeh compare first_response --last 30d
    sanjeh compare
    sanjeh compare resolution_time.p90 reopenings --where team=billing --format csv

    Each stands with the statistic that its helpdesk shows first, unless you name one. A helpdesk
    that has no rule for a figure is left away.

    \b
    Next: `sanjeh show METRIC --profile zendesk` splits and filters, `sanjeh working METRIC
    --profile zendesk` shows the rows, `sanjeh explain METRIC~zendesk` the rule.
    """
    asking.one_of(form, asking.FORMATS, "--format")
    asking.locale_of(locale)
    question = asking.question_of(
        metrics or (), where=where, option=option, start=start, end=end, last=last, as_of=as_of,
        zone=zone, calendar=calendar, week_start=week_start,
    )  # fmt: skip
    with asking.answers_of(home_of(ctx, home)) as answers:
        from dataclasses import replace

        from sanjeh.answers import comparing

        found, answer = comparing.compare(answers, replace(question, totals=False))
        spoken = asking.locale_of(locale, answers)
    if form == "json":
        terminal.emit_json(
            {"question": dict(answer.question), "compared": comparing.rows(found),
             "warnings": list(answer.warnings)}
        )  # fmt: skip
    elif form == "csv":
        from sanjeh.answers.exports import write_csv

        write_csv(comparing.rows(found), list(COLUMNS), locale or "en", sys.stdout)
    else:
        draw(found, answer, spoken)


def draw(found: Sequence[Compared], answer: Answer, locale: str) -> None:
    """A table: figures down, definitions across; then how each counts."""
    terminal.say(period_text(answer.question, locale), "bold")
    terminal.grey(fresh_text(answer, locale))
    made = terminal.table(
        ("figure", False), ("as", False), ("value", True), ("statistic", False), ("n", True),
        ("left out", True),
    )  # fmt: skip
    for one in found:
        for at, counted in enumerate(one.counted):
            result = counted.result
            statistic = "" if result.statistic == "value" else result.statistic
            cells = [
                result.title if at == 0 else "", counted.title,
                value_text(result.value, result.unit, locale),
                f"{statistic}@open" if result.clock == "open" else statistic,
                number(result.n, locale), number(sum(result.excluded.values()), locale),
            ]  # fmt: skip
            terminal.add_row(made, cells)
    terminal.draw(made)
    for one in found:
        terminal.say()
        terminal.say(one.counted[0].result.title, "bold")
        for counted in one.counted:
            terminal.say(f"{counted.title}: {counted.says}")
    for warning in answer.warnings:
        terminal.say(f"Note: {warning}", "yellow")
