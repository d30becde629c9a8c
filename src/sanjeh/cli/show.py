"""`sanjeh show`: figures, split, filtered, compared."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of


@app.command(short_help="Figures: by team, by month, compared, as table, JSON or CSV.")
def show(
    ctx: typer.Context,
    metrics: Annotated[
        list[str],
        typer.Argument(metavar="METRIC", help="Addresses: new_tickets, resolution_time.p90@open"),
    ],
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="DIM[,DIM]",
            help="Split by these: team, agent, topic, attr.NAME …",
            show_default=False,
        ),
    ] = None,
    where: asking.Where = None,
    start: asking.From = None,
    end: asking.To = None,
    last: asking.Last = None,
    grain: Annotated[
        str | None,
        typer.Option("--grain", metavar="GRAIN", help="hour, day, week, month, quarter or year."),
    ] = None,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="WITH", help="previous or last_year.")
    ] = None,
    option: asking.Chosen = None,
    profile: asking.ProfileName = None,
    as_of: asking.AsOf = None,
    zone: asking.Zone = None,
    calendar: asking.MonthCalendar = None,
    week_start: asking.WeekStart = None,
    form: asking.Format = "table",
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="Groups in the table; 0 shows all.")
    ] = 20,
    locale: asking.Locale = None,
    home: HomeOption = None,
) -> None:
    """Show figures: each with its n, what was left out and why, and until when the data run.

    \b
    sanjeh show resolution_time --by team --last 30d --compare previous
    sanjeh show new_tickets resolved_tickets --grain month --from 2016-03 --to 2016-07
    sanjeh show resolution_time.p90@open --where priority=high --where team!=test --format csv

    A metric's address is metric, metric.statistic or metric.statistic@clock. Without a period,
    everything up to where the data end. A dash is no figure, with the reason beneath; 0 is none.

    \b
    Next: `sanjeh metrics` lists what can be asked, `sanjeh explain METRIC` says what it means,
    `sanjeh working METRIC` with the same options shows the rows behind it.
    """
    asking.one_of(form, asking.FORMATS, "--format")
    question = asking.question_of(
        metrics, by=by, where=where, option=option, start=start, end=end, last=last, grain=grain,
        compare=compare, as_of=as_of, zone=zone, calendar=calendar, week_start=week_start,
        profile=profile,
    )  # fmt: skip
    asking.locale_of(locale)
    with asking.answers_of(home_of(ctx, home)) as answers:
        answer = answers.ask(question)
        spoken = asking.locale_of(locale, answers)
    if form == "json":
        terminal.emit_json(answer.as_json())
    elif form == "csv":
        from sanjeh.answers.exports import answer_rows, write_csv

        write_csv(*answer_rows(answer), locale or "en", sys.stdout)
    else:
        from sanjeh.cli.tables import draw_answer

        draw_answer(answer, spoken, limit)
