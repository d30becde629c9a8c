"""`sanjeh demo`: a synthetic year of a shop, what a manager would ask of it, and its report."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.wording import counts_text, figure_text, fresh_text, value_text
from sanjeh.home import Home
from sanjeh.words import LOCALES, number, percent

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers
    from sanjeh.answers.question import Answer, Question
    from sanjeh.simulation.operation import Locale

LANGUAGE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
ABOUT = {
    "en": "Synthetic data: a year of an English shop (live chat, WhatsApp, phone, mail, form).",
    "fa": "Synthetic data: a year of a Persian shop (live chat, Telegram, Bale, phone, mail).",
    "ru": "Synthetic data: a year of a Russian shop (live chat, VK, Telegram, phone, mail).",
}
CHATS = (
    "chats",
    "chats_served",
    "chats_missed",
    "chats_pending",
    "chats_bot_only",
    "chats_offline",
)


def demo(home: Home, locale: str) -> None:
    """Make the year unless this home has it, and print what a manager would ask of it."""
    from sanjeh.simulation import TRUTH_FILE
    from sanjeh.simulation.year import has_year, make_year, origin_of

    refuse_others(home, origin_of(locale))
    terminal.say(ABOUT[locale])
    terminal.grey(f"Nobody in it exists. The truth it was made from: {home.path / TRUTH_FILE}")
    if has_year(home.ledger(), locale):
        terminal.grey(f"Already in {home.path}; nothing is made again.")
    else:
        with terminal.progress("Making a year") as tell:
            make_year(home.ledger(), locale, tell)
    with asking.answers_of(home) as answers:
        _Tour(answers, home, locale).tell()
        report(answers, home, locale)


def language_of(environment: Mapping[str, str]) -> str:
    """The language of the environment, as programs find it; English where it is none of ours."""
    given = next((v for name in LANGUAGE_VARIABLES if (v := environment.get(name))), "")
    spoken = given.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return spoken if spoken in LOCALES else "en"


def refuse_others(home: Home, origin: str) -> None:
    """Wrong usage where the home holds anything but this example: figures would mix."""
    if not (home.path / "ledger").exists():
        return
    others = sorted({b.origin for b in home.ledger().batches()} - {origin})
    if others:
        raise typer.BadParameter(
            f"{str(home.path)!r} already holds other data ({', '.join(others[:3])}), and the "
            "example would mix with them. Name another folder with --home.",
            param_hint="--home",
        )


def report(answers: Answers, home: Home, locale: str, **period: str) -> None:
    """Write the report into the home, and say where it is and how to make another."""
    from sanjeh.cli.report import write
    from sanjeh.simulation.shops import SHOPS
    from sanjeh.simulation.year import has_year

    out = home.path / "report.html"
    synthetic = has_year(home.ledger(), locale)
    name = SHOPS[cast("Locale", locale)].words.shop if synthetic else None
    write(answers, asking.question_of((), **period), None, locale, name, out)
    terminal.say()
    terminal.say("A report to read, print or mail", "bold")
    terminal.say(str(out.resolve()))
    words = ["sanjeh", "report", "--locale", locale, "--home", str(home.path)]
    for option, value in zip(("--from", "--to"), period.values(), strict=False):
        words += [option, value]
    terminal.grey("  $ " + shlex.join(words))


class _Tour:
    """The questions in order, each with its figures and the command that prints them."""

    def __init__(self, answers: Answers, home: Home, locale: str) -> None:
        self.answers, self.home, self.locale = answers, home, locale

    def tell(self) -> None:
        """Ask and print everything."""
        self.channels()
        self.figures("What became of the chats?", CHATS)
        self.figures("Are the rated ones satisfied?", ("chat_satisfaction",))
        self.hours()
        self.figures(
            "Tickets: how many, how long, do they stay solved?",
            ("new_tickets", "resolution_rate", "resolution_time", "resolution_time@open",
             "reopen_rate", "open_tickets", "unattended_tickets", "customer_escalations"),
        )  # fmt: skip
        self.figures("Do the customers grow?", ("customers", "customer_growth"))

    def channels(self) -> None:
        """Conversations by channel, and what of them is noise."""
        answer = self.ask("How much comes in, and where?", ("conversations",), by=("channel",))
        terminal.grey(fresh_text(answer, self.locale))
        total = answer.totals[0]
        made = terminal.table(("channel", False), ("conversations", True), ("share", True))
        for result in answer.results:
            share = percent(result.n / total.n, self.locale) if total.n else ""
            label = str(result.group["channel"]["label"])
            terminal.add_row(made, [label, figure_text(result, self.locale), share])
        terminal.add_row(made, ["total", figure_text(total, self.locale), ""])
        terminal.draw(made)
        if total.excluded:
            terminal.grey(f"left out: {counts_text(total.excluded, self.locale)}")
        self.command("show", "conversations", "--by", "channel")

    def hours(self) -> None:
        """The busiest hour and weekday, and how much comes while closed."""
        hours = self.ask("When does it come in?", ("conversations",), by=("hour",))
        days = self.answers.ask(self.question(("conversations",), by=("weekday",)))
        for name, answer in (("hour", hours), ("weekday", days)):
            top = max(answer.results, key=lambda r: r.value or 0)
            each = number(float(top.statistics["mean_per_slot"]), self.locale, places=1)
            terminal.say(f"Busiest {name}: {top.group[name]['label']}, {each} each time.")
        closed = self.answers.ask(self.question(("conversations_outside_hours",))).results[0]
        terminal.say(f"{closed.title}: {value_text(closed.value, closed.unit, self.locale)}")
        self.command("show", "conversations", "--by", "weekday,hour")

    def figures(self, title: str, metrics: Sequence[str]) -> None:
        """A line for each figure: value, n, what was left out."""
        answer = self.ask(title, metrics)
        for result in answer.results:
            left = counts_text(result.excluded, self.locale)
            tail = f" (left out: {left})" if left else ""
            value = figure_text(result, self.locale)
            median = result.statistics.get("median")
            if median is not None:
                value = f"mean {value}, median {value_text(median, result.unit, self.locale)}"
            clock = ", open hours" if result.clock == "open" else ""
            size = f", n {number(result.n, self.locale)}" if result.value != result.n else ""
            terminal.say(f"{result.title}{clock}: {value}{size}{tail}")
        self.command("show", *metrics)

    def ask(self, title: str, metrics: Sequence[str], *, by: Sequence[str] = ()) -> Answer:
        """An answer, with its question in words printed before it."""
        terminal.say()
        terminal.say(title, "bold")
        return self.answers.ask(self.question(metrics, by=by))

    def question(self, metrics: Sequence[str], *, by: Sequence[str] = ()) -> Question:
        """What is asked over the whole year."""
        return asking.question_of(metrics, by=by)

    def command(self, *words: str) -> None:
        """The command that prints the figures above."""
        shown = ["sanjeh", *words, "--home", str(self.home.path)]
        terminal.grey("  $ " + shlex.join(shown))
