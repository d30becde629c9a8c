"""`sanjeh targets`: what a figure is held against, and a target to consider (Z1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.wording import fresh_text, period_text, value_text

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers
    from sanjeh.answers.question import Question

USUAL_PERIOD = "30d"


@app.command(short_help="Benchmarks of a figure, and a target to consider.")
def targets(
    ctx: typer.Context,
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="One address.")],
    periods: Annotated[
        int, typer.Option("--periods", metavar="N", min=1, help="How many periods to look back on.")
    ] = 3,
    where: asking.Where = None,
    start: asking.From = None,
    end: asking.To = None,
    last: asking.Last = None,
    option: asking.Chosen = None,
    zone: asking.Zone = None,
    calendar: asking.MonthCalendar = None,
    form: Annotated[str, typer.Option("--format", metavar="table|json")] = "table",
    locale: asking.Locale = None,
    home: HomeOption = None,
) -> None:
    """Show the benchmarks in force for a figure, and a target to consider from your own results.

    \b
    sanjeh targets resolution_time --last 30d
    sanjeh targets resolution_rate --from 2016-05 --to 2016-06 --periods 6

    The suggestion is the median of the last periods of the same length, and beside it their best
    quartile. It is yours to accept: nothing is graded before a person sets a target. Without a
    period: the last 30 days.

    \b
    Next: set one by importing a benchmark record; `sanjeh show METRIC` has its status.
    """
    asking.one_of(form, ("table", "json"), "--format")
    asking.locale_of(locale)
    if not (start or end or last):
        last = USUAL_PERIOD
    question = asking.question_of(
        [metric], where=where, option=option, start=start, end=end, last=last, zone=zone,
        calendar=calendar,
    )  # fmt: skip
    with asking.answers_of(home_of(ctx, home)) as answers:
        from sanjeh.answers.benchmarks import suggested

        answer = answers.ask(question)
        result = answer.results[0]
        held = held_against(answers, question)
        advice = suggested(answers, question, periods)
        spoken = asking.locale_of(locale, answers)
    if form == "json":
        terminal.emit_json({"result": result.as_json(), "benchmarks": held, "suggestion": advice})
        return
    terminal.say(f"{result.title} · {result.metric}", "bold")
    terminal.say(period_text(answer.question, spoken))
    terminal.grey(fresh_text(answer, spoken))
    made = terminal.table(("", False), ("value", True), ("standing", False))

    def row(name: str, value: Any, standing: str = "") -> None:
        terminal.add_row(made, [name, value_text(value, result.unit, spoken), standing])

    row("now", result.value, result.why_null or "")
    for benchmark in held:
        row(benchmark["source"], benchmark["value"], benchmark["status"] or "")
    row(f"median of {advice['periods']} periods", advice["median"])
    row("best quartile of them", advice["best_quartile"])
    terminal.draw(made)
    if not held:
        terminal.grey("No benchmark is set for this figure: import a benchmark record to set one.")


def held_against(answers: Answers, question: Question) -> list[dict[str, Any]]:
    """For each kind of benchmark the one in force, and how the figure stands to it."""
    from sanjeh.metrics.options import OPTIONS

    held = []
    for source in OPTIONS["benchmark.source"].choices:
        options = {**question.options, "benchmark.source": source}
        result = answers.ask(replace(question, options=options)).results[0]
        if result.target is not None:
            held.append({"source": source, "value": result.target, "status": result.status})
    return held
