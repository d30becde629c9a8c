"""The options of a question, the same for every command that asks one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli.terminal import progress
from sanjeh.words import LOCALES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sanjeh.answers.ask import Answers
    from sanjeh.answers.question import Question
    from sanjeh.home import Home

Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="DIM=VALUE[,VALUE]",
        help="Only these; DIM!=VALUE leaves out. Repeatable; 'unknown' is no value.",
        show_default=False,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="First day, counted: 2016-03-01, 2016-03, 1395-01-01 (Jalali).",
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="End, not counted.")]
Last = Annotated[
    str | None,
    typer.Option("--last", metavar="SPAN", help="24h, 30d, 8w, 3m or 1y up to where the data end."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="INSTANT", help="As the record stood then; later is unknown."),
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="ZONE", help="Such as Asia/Tehran; else the settings'."),
]
MonthCalendar = Annotated[
    str | None,
    typer.Option("--calendar", metavar="gregorian|jalali", help="Whose months and years."),
]
WeekStart = Annotated[
    str | None,
    typer.Option("--week-start", metavar="DAY", help="First day of the week: mon, sat, sun."),
]
Chosen = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="NAME=VALUE",
        help="Another definition; `sanjeh options` lists them.",
        show_default=False,
    ),
]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="As a helpdesk counts it: zendesk, intercom or chatwoot.",
    ),
]
Locale = Annotated[
    str | None, typer.Option("--locale", metavar="en|fa|ru", help="How numbers are written.")
]
FORMATS = ("table", "json", "csv")
Format = Annotated[
    str,
    typer.Option("--format", metavar="table|json|csv", help="json and csv hold everything, raw."),
]


def question_of(
    metrics: Sequence[str], *, by: Sequence[str] | None = None, where: Sequence[str] | None = None,
    option: Sequence[str] | None = None, **rest: Any,
) -> Question:  # fmt: skip
    """The question that the options ask; rest: the remaining fields of a Question."""
    from sanjeh.answers.question import Question

    return Question(
        tuple(metrics), by=tuple(split(by or ())),
        where=tuple(condition(text) for text in where or ()),
        options=dict(choice(text) for text in option or ()), totals=True, **rest,
    )  # fmt: skip


def split(texts: Sequence[str]) -> list[str]:
    """Names given apart or with commas between."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def condition(text: str) -> tuple[str, str, tuple[str, ...]]:
    """A condition as it is typed; wrong usage where it is none."""
    from sanjeh.answers.question import QuestionError, condition_of

    try:
        return condition_of(text)
    except QuestionError as error:
        raise typer.BadParameter(str(error), param_hint="--where") from error


def choice(text: str) -> tuple[str, str]:
    """An option and its value as they are typed; wrong usage where they are not."""
    from sanjeh.answers.question import QuestionError, choice_of

    try:
        return choice_of(text)
    except QuestionError as error:
        raise typer.BadParameter(str(error), param_hint="--option") from error


def one_of(given: str, known: Sequence[str], hint: str) -> str:
    """What was given, if it is one of those known; else wrong usage."""
    if given not in known:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(known)}.", param_hint=hint)
    return given


def locale_of(given: str | None, answers: Answers | None = None) -> str:
    """The locale asked for, else the home's, else English."""
    if given is not None:
        return one_of(given, tuple(LOCALES), "--locale")
    kept = str((answers.settings.get("locale") if answers else None) or "en")
    return kept.replace("_", "-").split("-")[0].lower()


@contextmanager
def answers_of(home: Home) -> Iterator[Answers]:
    """The home's answers, its facts brought up to the record first."""
    from sanjeh.answers.ask import NothingImported

    if not (home.path / "ledger").exists():
        raise NothingImported(
            f"There is nothing to answer from in {home.path}. Import a file first: "
            "`sanjeh import FILE`, or `sanjeh demo` for example data; or name another folder "
            "with --home."
        )
    with progress("Refreshing") as tell:
        home.refresh(progress=tell)
    answers = home.answers()
    try:
        yield answers
    finally:
        answers.close()
