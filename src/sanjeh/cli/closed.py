"""`sanjeh close` and `closed`: closing a month, and what moved it since (7.3)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.wording import digits, moment_text, value_text
from sanjeh.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sanjeh.answers.closed import Closing
    from sanjeh.answers.moved import FigureMoved, Move, Moved

MonthArgument = Annotated[
    str, typer.Argument(metavar="MONTH", help="2026-03, or 1404-12 of the Jalali calendar.")
]
CLOSINGS = ("month", "calendar", "zone", "number", "closed_at", "data_until")
SHOWN = 20


@app.command(short_help="Close a month: keep its figures and the rows behind them.")
def close(
    ctx: typer.Context,
    month: MonthArgument,
    again: Annotated[
        bool, typer.Option("--again", help="Close a closed month anew; the earlier one is kept.")
    ] = False,
    zone: asking.Zone = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    home: HomeOption = None,
) -> None:
    """Close a month: store its figures as they are now, and which records are behind each.

    \b
    sanjeh close 2026-03
    sanjeh close 1404-12 --zone Asia/Tehran

    A month can be closed when the data run past its end. Figures are not frozen by it: they stay
    what the record says. `sanjeh closed MONTH` lists the records that moved them since. Only ids
    of tickets, conversations and survey answers are stored, nothing that names a person.

    \b
    Next: report the figures; later `sanjeh closed MONTH` says what changed since.
    """
    import datetime as dt

    with asking.answers_of(home_of(ctx, home)) as answers:
        from sanjeh.answers import closing
        from sanjeh.answers.closed import Month

        spoken = asking.locale_of(None, answers)
        made = closing.close(
            answers, Month.read(month), now=dt.datetime.now(dt.UTC), zone=zone, again=again
        )
    if as_json:
        terminal.emit_json(_plain(made))
        return
    rows = sum(1 for _ in made.rows())
    terminal.say(
        f"Closed {digits(made.month.label, spoken)} ({made.month.calendar}, {made.zone}): "
        f"{number(len(made.answers), spoken)} figures, {number(rows, spoken)} rows behind them."
    )
    if made.number > 1:
        terminal.grey(f"It was closed before; this is closing {number(made.number, spoken)}.")


@app.command(short_help="Closed months, and what moved one since it was closed.")
def closed(
    ctx: typer.Context,
    month: Annotated[
        str | None,
        typer.Argument(
            metavar="[MONTH]", help="What moved this one; without it: all.", show_default=False
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="Rows listed a figure; 0 is all.")
    ] = SHOWN,
    form: asking.Format = "table",
    locale: asking.Locale = None,
    home: HomeOption = None,
) -> None:
    """List closed months; of one, which records moved it since, and by how much.

    \b
    sanjeh closed
    sanjeh closed 2026-03
    sanjeh closed 1404-12 --format csv

    For every figure: its value when the month was closed and now; the rows that came in, went out
    and why, or have another value. Rows then + in - out = rows now. Zone, calendar and options are
    those of the closing, so that only the record can have moved a figure.

    \b
    Next: `sanjeh ticket ID` for a ticket that moved it; `sanjeh close MONTH --again`.
    """
    asking.one_of(form, asking.FORMATS, "--format")
    asking.locale_of(locale)
    place = home_of(ctx, home)
    if month is None:
        from sanjeh.answers.closed import closings

        show_list(closings(place.path), form, locale or "en")
        return
    with asking.answers_of(place) as answers:
        from sanjeh.answers.closed import Month, newest
        from sanjeh.answers.moved import moved

        found = moved(answers, newest(place.path, Month.read(month)))
        spoken = asking.locale_of(locale, answers)
    if form == "json":
        terminal.emit_json(found.as_json())
    elif form == "csv":
        from sanjeh.answers.exports import write_csv
        from sanjeh.answers.moved import COLUMNS

        write_csv(found.lines(), COLUMNS, locale or "en", sys.stdout)
    else:
        tell(found, spoken, limit)


def _plain(made: Closing) -> dict[str, Any]:
    return {
        "month": made.month.label, "calendar": made.month.calendar, "zone": made.zone,
        "number": made.number, "closed_at": made.closed_at, "data_until": made.data_until,
        "figures": list(made.answers),
    }  # fmt: skip


def show_list(found: Sequence[Closing], form: str, locale: str) -> None:
    """Closed months in the form asked for."""
    if form == "json":
        terminal.emit_json([_plain(c) for c in found])
        return
    if form == "csv":
        from sanjeh.answers.exports import write_csv

        write_csv([_plain(c) for c in found], CLOSINGS, locale, sys.stdout)
        return
    if not found:
        terminal.say("No month was closed yet. `sanjeh close 2026-03` closes one.")
        return
    made = terminal.table(
        ("month", False), ("calendar", False), ("closed", False), ("data until", False),
        ("closing", True),
    )  # fmt: skip
    for c in found:
        when = [moment_text(text, _asked(c)) for text in (c.closed_at, c.data_until)]
        terminal.add_row(made, [c.month.label, c.month.calendar, *when, str(c.number)])
    terminal.draw(made)


def _asked(made: Closing) -> Mapping[str, Any]:
    """What tells how its instants are read."""
    return {"zone": made.zone, "calendar": made.month.calendar}


def tell(found: Moved, locale: str, limit: int) -> None:
    """What moved a month, in words and tables."""
    made = found.closing
    asked = _asked(made)
    terminal.say(
        f"{digits(made.month.label, locale)} · {made.month.calendar} · {made.zone}", "bold"
    )
    terminal.say(
        f"Closed {digits(moment_text(made.closed_at, asked), locale)}, with data until "
        f"{digits(moment_text(made.data_until, asked), locale)}."
    )
    terminal.say(f"Records that moved it since: {number(len(found.records), locale)}")
    columns = terminal.table(
        ("figure", False), ("then", True), ("now", True), ("rows then", True), ("in", True),
        ("out", True), ("changed", True), ("rows now", True),
    )  # fmt: skip
    for f in found.figures:
        counts = [number(f.count(kind), locale) for kind in ("came in", "went out", "changed")]
        terminal.add_row(
            columns,
            [
                title(f), value_text(f.value_then, f.unit, locale),
                value_text(f.value_now, f.unit, locale), number(f.n_then, locale), *counts,
                number(f.n_now, locale),
            ],
            "" if f.has_moved else "bright_black",
        )  # fmt: skip
    terminal.draw(columns)
    for f in found.figures:
        if f.moves:
            _draw_moves(f, asked, locale, limit)
    for name in found.versions:
        terminal.say(f"Note: {name} is defined anew since; that moves it too.", "yellow")


def title(f: FigureMoved) -> str:
    """A figure's address, and the group where it is of one."""
    return f"{f.address} · {f.group}" if f.group is not None else f.address


def _draw_moves(f: FigureMoved, asked: Mapping[str, Any], locale: str, limit: int) -> None:
    terminal.say()
    terminal.say(title(f), "bold")
    made = terminal.table(
        ("record", False), ("move", False), ("then", True), ("now", True), ("why", False)
    )
    shown = f.moves[:limit] if limit else f.moves
    for m in shown:
        values = [value_text(v, f.unit, locale) for v in (m.value_then, m.value_now)]
        terminal.add_row(made, [m.record, m.kind, *values, _why(m, asked, locale)])
    terminal.draw(made)
    if len(shown) < len(f.moves):
        rest = number(len(f.moves) - len(shown), locale)
        terminal.grey(f"{rest} more rows: --limit 0 lists all.")


def _why(m: Move, asked: Mapping[str, Any], locale: str) -> str:
    if m.now_at is not None:
        return f"{m.reason}: {digits(moment_text(m.now_at, asked), locale)}"
    return m.reason or ""
