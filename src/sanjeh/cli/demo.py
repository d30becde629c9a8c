"""`sanjeh demo`: example data, what a manager would ask of them, and a report to mail.

A synthetic year (`simulated`), or the shipped incident log, which is real and told here.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanjeh.cli import asking, bring_in, simulated, terminal
from sanjeh.cli.application import HomeOption, app, given_home
from sanjeh.cli.serve import serve_home
from sanjeh.cli.wording import counts_text, figure_text, fresh_text, value_text
from sanjeh.home import Home
from sanjeh.words import duration, number, percent

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers
    from sanjeh.answers.question import Answer, Result

FOLDER = Path("home-demo")
EXAMPLES = ("year", "incident-log")
LOG = "incident_event_log.csv.gz"
MAPPING = "incident_log.toml"
ABOUT = (
    "Example data: real, public and anonymised. 141,712 changes of 24,918 incidents of an IT help "
    "desk, 2016 to 2017.\nAmaral, Fantinato and Peres (2018), Incident management process enriched "
    "event log, UCI Machine Learning Repository 498, doi:10.24432/C57S4H, CC BY 4.0."
)
FEWEST = 200  # a topic with fewer solved tickets is not ranked
SHOWN = 5
NO = ("no", "0", "false")
APRIL, MONDAY = (
    "2016-04-01",
    "2016-05-01",
)  # the log ends with everything closed, so the backlog is looked at earlier


@app.command(short_help="A year of example data: figures, and a report. Start here.")
def demo(
    ctx: typer.Context,
    home: HomeOption = None,
    locale: Annotated[
        str | None,
        typer.Option(
            metavar="en|fa|ru",
            help="Which shop's year, and the language of its report; else that of LANG.",
        ),
    ] = None,
    example: Annotated[
        str,
        typer.Option(
            metavar="year|incident-log",
            help="The log is a year of an IT help desk: real, public, tickets only.",
        ),
    ] = "year",
    pages: Annotated[
        bool | None,
        typer.Option(
            "--serve/--no-serve",
            show_default=False,
            help="End with the pages. Else on a terminal only, and never with DEMO_SERVE=no.",
        ),
    ] = None,
) -> None:
    """Make a year of example data, print what a manager would ask of it, write a report.

    \b
    sanjeh demo
    sanjeh demo --locale fa --home /tmp/try
    sanjeh demo --example incident-log

    The year is a made-up shop's, with chats, calls and mails, and says so on every page. It goes
    into a folder of home-demo, or the one given. The second run makes nothing again. Under each
    figure stands the command that prints it. On a terminal it ends with the pages in a browser.

    \b
    Next: look at the pages or the report, try those commands, then `sanjeh import` with your own
    export.
    """
    asking.one_of(example, EXAMPLES, "--example")
    given = given_home(ctx, home)
    if example == "year":
        spoken = asking.locale_of(locale or simulated.language_of(os.environ))
        place = Home(given or FOLDER / spoken)
        simulated.demo(place, spoken)
        end_with_pages(place, pages, spoken)
        return
    place = Home(given or FOLDER / example)
    simulated.refuse_others(place, LOG)
    terminal.say(ABOUT)
    bring(place)
    with asking.answers_of(place) as answers:
        Tour(answers, place.path).tell()
        simulated.report(answers, place, asking.locale_of(locale), start=APRIL, end=MONDAY)
    end_with_pages(place, pages, asking.locale_of(locale))


def end_with_pages(place: Home, wanted: bool | None, language: str) -> None:
    """Serve the example to everybody, or where nobody watches say how.

    Example data hold nobody's secrets, so that no account is needed to look at them.
    """
    watched = sys.stdout.isatty() and os.environ.get("DEMO_SERVE", "").lower() not in NO
    terminal.say()
    terminal.say("The same as pages, every figure down to its rows", "bold")
    terminal.grey("  $ " + shlex.join(["sanjeh", "serve", "--open", "--home", str(place.path)]))
    if wanted or (wanted is None and watched):
        serve_home(place, "127.0.0.1", None, is_open=True, trial=language)


def bring(place: Home) -> None:
    """Import the log unless this home has it already."""
    examples = Path(__file__).parents[1] / "sources" / "examples"
    if any(batch.origin == LOG for batch in place.ledger().batches()):
        terminal.grey(f"Already in {place.path}; nothing is imported again.")
        return
    terminal.say()
    report, _ = bring_in.import_one(place, examples / LOG, examples / MAPPING, None, None)
    bring_in.tell_report(examples / LOG, report, None)


class Tour:
    """The questions in order, each with its figures and the command that prints them."""

    def __init__(self, answers: Answers, folder: Path) -> None:
        self.answers, self.folder = answers, folder

    def tell(self) -> None:
        """Ask and print everything."""
        self.volume()
        self.backlog()
        self.speed()
        self.lasting()
        self.busiest()
        self.slowest()
        self.left_out()
        terminal.say()
        terminal.say("And then", "bold")
        for words in (
            ("metrics",), ("explain", "resolution_time"), ("ticket", "INC0000045"),
            ("working", "reopened_tickets", "--rows", "left-out"),
        ):  # fmt: skip
            self.command(*words)

    def volume(self) -> None:
        """New, resolved and open tickets month by month."""
        names = ("new_tickets", "resolved_tickets", "open_tickets")
        answer = self.ask("How much comes in, and do we keep up?", names, grain="month")
        terminal.grey(fresh_text(answer, "en"))
        made = terminal.table(
            ("month", False), ("new", True), ("resolved", True), ("open at its end", True)
        )
        months: dict[str, dict[str, Result]] = {}
        for result in answer.results:
            assert result.bucket is not None
            months.setdefault(result.bucket["label"], {})[result.metric] = result
        for month, row in months.items():
            terminal.add_row(made, [month, *(figure_text(row[name], "en") for name in names)])
        terminal.draw(made)
        self.command("show", *names, "--grain", "month")

    def backlog(self) -> None:
        """How old the open tickets were on a day in the middle."""
        answer = self.ask(
            f"What was open on {MONDAY}, and how old?", ("open_tickets",), by=("age",), end=MONDAY
        )
        oldest = self.answers.ask(asking.question_of(("open_ticket_age.max",), end=MONDAY)).results[
            0
        ]
        by_age = {r.group["age"]["label"]: number(r.value) for r in answer.results}
        ages = ", ".join(f"{age} {by_age[age]}" for age in self.ages() if age in by_age)
        terminal.say(
            f"{number(answer.totals[0].value)} open: {ages}. Oldest: {duration(oldest.value)}."
        )
        self.command("show", "open_tickets", "--by", "age", "--to", MONDAY)
        self.command("show", "open_ticket_age.max", "--to", MONDAY)

    @staticmethod
    def ages() -> list[str]:
        """The steps of age, youngest first."""
        from sanjeh.answers.dimensions import AGES, OLDEST

        return [*(age for _, age in AGES), OLDEST]

    def speed(self) -> None:
        """Resolution time, mean beside median."""
        answer = self.ask("How long does it take to solve one?", ("resolution_time",))
        result = answer.results[0]
        spread = {n: duration(result.statistics[n]) for n in ("mean", "median", "p90")}
        terminal.say(
            f"Half within {spread['median']}, nine of ten within {spread['p90']}, mean "
            f"{spread['mean']}, over {number(result.n)} tickets: a few very long ones pull it."
        )
        self.command("show", "resolution_time")

    def lasting(self) -> None:
        """Resolution rate, reopened tickets, reopen rate."""
        names = ("resolution_rate", "reopened_tickets", "reopen_rate")
        answer = self.ask("Are they solved, and do they stay solved?", names)
        for result in answer.results:
            parts = ""
            if result.denominator is not None and result.unit == "share":
                parts = f" ({number(result.numerator)} of {number(result.denominator)})"
            terminal.say(f"{result.title}: {figure_text(result, 'en')}{parts}")
        self.command("show", *names)

    def busiest(self) -> None:
        """The busiest weekday and hour."""
        question = "When does work come in?"
        days = self.ask(question, ("new_tickets",), by=("weekday",))
        hours = self.answers.ask(asking.question_of(("new_tickets",), by=("hour",)))
        for answer, name in ((days, "weekday"), (hours, "hour")):
            top = max(answer.results, key=lambda r: r.value or 0)
            share = percent(float(top.value or 0) / float(answer.totals[0].value or 1))
            each = number(top.statistics["mean_per_slot"], places=1)
            terminal.say(
                f"Busiest {name}: {top.group[name]['label']}, {share} of all, {each} each time."
            )
        self.command("show", "new_tickets", "--by", "weekday")
        self.command("show", "new_tickets", "--by", "hour")

    def slowest(self) -> None:
        """Topics with the longest median resolution."""
        answer = self.ask(
            f"Which topics take longest? (of those with {FEWEST} solved or more)",
            ("resolution_time.median",), by=("topic",),
        )  # fmt: skip
        ranked = [r for r in answer.results if r.n >= FEWEST]
        ranked.sort(key=lambda r: -(r.value or 0))
        made = terminal.table(("topic", False), ("median", True), ("p90", True), ("n", True))
        for r in ranked[:SHOWN]:
            p90 = value_text(r.statistics["p90"], "seconds", "en")
            terminal.add_row(
                made, [r.group["topic"]["label"], figure_text(r, "en"), p90, number(r.n)]
            )
        terminal.draw(made)
        self.command("show", "resolution_time.median", "--by", "topic", "--limit", "0")

    def left_out(self) -> None:
        """What the figures above do not count."""
        answer = self.ask("What was left out, and why?", ("resolution_time", "reopened_tickets"))
        for result in answer.results:
            terminal.say(f"{result.title}: {counts_text(result.excluded, 'en') or 'nothing'}")
        self.command("working", "resolution_time", "--rows", "left-out")

    def ask(
        self,
        title: str,
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        grain: str | None = None,
        end: str | None = None,
    ) -> Answer:
        """An answer, with its question in words printed before it."""
        terminal.say()
        terminal.say(title, "bold")
        return self.answers.ask(asking.question_of(metrics, by=by, grain=grain, end=end))

    def command(self, *words: str) -> None:
        """The command that prints the figures above."""
        terminal.grey("  $ " + shlex.join(["sanjeh", *words, "--home", str(self.folder)]))
