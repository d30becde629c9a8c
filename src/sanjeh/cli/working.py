"""`sanjeh working` and `ticket`: the rows behind a figure, and one ticket's story."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.wording import counted_lines, counts_text, moment_text, period_text
from sanjeh.words import DASH, duration, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanjeh.answers.tickets import Timeline
    from sanjeh.answers.working import Working


MOVES = {
    "us": "ours", "customer": "the customer's", "others": "on hold: somebody else's",
    "nobody": "nobody's, it is done",
}  # fmt: skip


@app.command(short_help="The rows behind a figure, and those left out and why.")
def working(
    ctx: typer.Context,
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="One address.")],
    ticket: Annotated[
        str | None,
        typer.Option("--ticket", metavar="ID", help="The counted and paused time of one ticket."),
    ] = None,
    conversation: Annotated[
        str | None,
        typer.Option("--conversation", metavar="ID", help="The rows of one conversation."),
    ] = None,
    rows: Annotated[
        str, typer.Option("--rows", metavar="counted|left-out|all", help="Which rows to list.")
    ] = "all",
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Only rows left out for this.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="How many rows to list.")
    ] = 20,
    where: asking.Where = None,
    start: asking.From = None,
    end: asking.To = None,
    last: asking.Last = None,
    option: asking.Chosen = None,
    profile: asking.ProfileName = None,
    as_of: asking.AsOf = None,
    zone: asking.Zone = None,
    calendar: asking.MonthCalendar = None,
    week_start: asking.WeekStart = None,
    form: asking.Format = "table",
    locale: asking.Locale = None,
    home: HomeOption = None,
) -> None:
    """Show the working: rows in, rows counted, rows left out and why, and the rows themselves.

    \b
    sanjeh working reopened_tickets --rows left-out
    sanjeh working resolution_time --where team=billing --from 2016-03 --to 2016-04
    sanjeh working resolution_time --ticket INC0000045
    sanjeh working response_time --conversation c000777

    Give the same filters as to `show`, and its n is the number of rows counted here. With
    --ticket: every stretch of that ticket, and whether it counts, is paused or stands outside.
    With --conversation: that conversation's rows, such as each wait for a reply. Under a --profile
    a ticket has rows too, as the helpdesk measures it.

    \b
    Next: `sanjeh ticket ID` for one ticket, `sanjeh explain METRIC` for the definition.
    """
    asking.one_of(form, asking.FORMATS, "--format")
    asking.locale_of(locale)
    question = asking.question_of(
        [metric], where=where, option=option, start=start, end=end, last=last, as_of=as_of,
        zone=zone, calendar=calendar, week_start=week_start, profile=profile,
    )  # fmt: skip
    with asking.answers_of(home_of(ctx, home)) as answers:
        from dataclasses import replace

        from sanjeh.answers import tickets
        from sanjeh.answers import working as rooms
        from sanjeh.answers.finding import find_conversation, find_ticket

        spoken = asking.locale_of(locale, answers)
        resolved = answers.resolve(question)
        if ticket is not None and resolved.addresses[0].metric.profile is not None:
            # A helpdesk measures a ticket in rows of its own: no stretch of it is paused.
            only = ("ticket", "is", (find_ticket(answers, ticket)["ticket_id"],))
            question = replace(question, where=(*question.where, only))
        elif ticket is not None:
            line = tickets.timeline(answers, question, ticket=ticket)
            show_timeline(line, resolved.describe(None), form, spoken)
            return
        if conversation is not None:
            (first, *_) = find_conversation(answers, conversation)
            only = ("conversation", "is", (first["conversation_id"],))
            question = replace(question, where=(*question.where, only))
        found = rooms.working(answers, question, rows=rows, reason=reason, limit=limit or 2**31)
    if form == "json":
        terminal.emit_json(found.as_json())
    elif form == "csv":
        from sanjeh.answers.exports import write_csv

        listed = [{"metric": w.metric, **row} for w in (found, *found.parts) for row in w.rows]
        columns = list(dict.fromkeys(name for row in listed for name in row)) or ["metric"]
        write_csv(listed, columns, locale or "en", sys.stdout)
    else:
        tell_working(found, spoken)


@app.command(short_help="One ticket: solved? how long? reopened?")
def ticket(
    ctx: typer.Context,
    ticket_id: Annotated[str, typer.Argument(metavar="ID", help="As the source has it.")],
    form: Annotated[str, typer.Option("--format", metavar="table|json")] = "table",
    home: HomeOption = None,
) -> None:
    """One ticket's card: is it solved, how long did it take, was it reopened, who had it.

    \b
    sanjeh ticket INC0000045
    sanjeh ticket helpdesk/1001 --format json

    Times are on the calendar, and in open hours where a calendar is set.

    \b
    Next: `sanjeh working resolution_time --ticket ID` shows which of its time counts.
    """
    asking.one_of(form, ("table", "json"), "--format")
    with asking.answers_of(home_of(ctx, home)) as answers:
        from sanjeh.answers.question import Question
        from sanjeh.answers.tickets import ticket_card

        card = ticket_card(answers, ticket_id)
        asked = answers.resolve(Question(("new_tickets",))).describe(None)
        spoken = asking.locale_of(None, answers)
    if form == "json":
        terminal.emit_json(card)
    else:
        tell_card(card, asked, spoken)


def tell_working(found: Working, locale: str, *, part: bool = False) -> None:
    """Rows in and out in words and tables; the working of each part after it."""
    terminal.say(found.metric, "bold")
    terminal.say(found.definition.splitlines()[0])
    if not part:
        terminal.say(period_text(found.question, locale))
        for counted in counted_lines(found.question):
            terminal.say(counted)
    if found.parts:
        terminal.say("Made of other figures; the working of each:")
        for inner in found.parts:
            terminal.say()
            tell_working(inner, locale, part=True)
        return
    left = sum(found.left_out.values())
    terminal.say(
        f"{number(found.rows_in, locale)} rows: {number(found.rows_counted, locale)} counted, "
        f"{number(left, locale)} left out"
    )
    if found.left_out:
        terminal.say(f"left out: {counts_text(found.left_out, locale)}")
    if found.rows:
        draw_rows(found, locale)
    if found.is_cut:
        terminal.grey("There are more rows: --limit 0 lists all.")


def draw_rows(found: Working, locale: str) -> None:
    """The rows listed; columns in which nothing stands are left away."""
    names = [
        name for name in found.rows[0]
        if name not in ("is_counted", "reason") and any(r[name] is not None for r in found.rows)
    ]  # fmt: skip
    made = terminal.table(
        *((n.replace("_", " "), n in ("seconds", "open_seconds")) for n in names),
        ("counted", False),
    )
    for row in found.rows:
        cells = [row_cell(name, row[name], found.question, locale) for name in names]
        counted = "yes" if row["is_counted"] else f"no: {row['reason']}"
        terminal.add_row(made, [*cells, counted], "" if row["is_counted"] else "bright_black")
    terminal.draw(made)


def row_cell(name: str, value: Any, question: Mapping[str, Any], locale: str) -> str:
    """One value of a row behind a figure."""
    if value is None:
        return DASH
    if name in ("seconds", "open_seconds"):
        return duration(value, locale)
    if name.endswith("_at"):
        return moment_text(value, question)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def show_timeline(line: Timeline, asked: Mapping[str, Any], form: str, locale: str) -> None:
    """One ticket's stretches in the form asked for."""
    if form == "json":
        terminal.emit_json(line.as_json())
        return
    if form == "csv":
        from sanjeh.answers.exports import write_csv

        columns = list(line.stretches[0]) if line.stretches else ["from", "until", "state"]
        write_csv(line.stretches, columns, "en", sys.stdout)
        return
    terminal.say(f"{line.ticket} · {line.metric}", "bold")
    made = terminal.table(
        ("from", False), ("until", False), ("state", False), ("team", False), ("agent", False),
        ("time", True), ("in open hours", True), ("counts", False),
    )  # fmt: skip
    for s in line.stretches:
        cells = [
            moment_text(s["from"], asked),
            moment_text(s["until"], asked) if s["until"] else "now",
            s["state"] or DASH, s["team"] or DASH, s["agent"] or DASH,
            duration(s["seconds"], locale), duration(s["open_seconds"], locale), s["why"],
        ]  # fmt: skip
        terminal.add_row(made, cells, "" if s["counts"] else "bright_black")
    terminal.draw(made)
    total = f"counted {duration(line.counted_seconds, locale)}"
    total += f", paused {duration(line.paused_seconds, locale)}"
    if line.counted_open_seconds is not None:
        total += f", counted in open hours {duration(line.counted_open_seconds, locale)}"
    terminal.say(total)
    if not line.in_figure:
        terminal.say(f"Not in the figure: {line.why_not}.", "yellow")


def tell_card(card: Mapping[str, Any], asked: Mapping[str, Any], locale: str) -> None:
    """The questions a manager asks of one ticket, answered (L8)."""
    terminal.say(f"{card['ticket']} · {card['source']}", "bold")
    solved = f"yes, {moment_text(card['final_solved_at'], asked)}" if card["is_solved"] else "no"
    took = duration(card["resolution_seconds"], locale)
    if card["resolution_open_seconds"] is not None:
        took += f"; in open hours {duration(card['resolution_open_seconds'], locale)}"
    times = card["reopened_count"]
    back = {0: "no", 1: "once"}.get(times, f"{number(times, locale)} times")
    sent = dict.fromkeys(str(r["ready_reply"]) for r in card["ready_replies"])
    lines = {
        "Solved?": solved,
        "State": card["state"] or DASH,
        "Created": moment_text(card["created_at"], asked),
        "Took": took,
        "First response": duration(card["first_response_seconds"], locale),
        "Mean response": duration(card["mean_response_seconds"], locale),
        "Ready replies": ", ".join(sent) or "none",
        "Whose move?": MOVES[card["move"]],
        "Reopened?": back,
        "Team, agent": f"{card['team'] or DASH}, {card['agent'] or DASH}",
        "Customer": card["customer"] or DASH,
        "Priority": card["priority"] or DASH,
        "Escalations": number(card["escalations"], locale),
        "SLA": str(card["sla"] or f"{DASH} {card['why_no_sla']}"),
    }
    for name, value in lines.items():
        terminal.say(f"{name:<15} {value}")
    if card["left_out"]:
        terminal.say(f"Left out of figures: {card['left_out']}.", "yellow")
    if not card["has_history"]:
        terminal.say("No history is recorded: only the present state is known.", "yellow")
    made = terminal.table(
        ("from", False), ("until", False), ("state", False), ("team", False), ("agent", False)
    )
    for s in card["states"]:
        until = moment_text(s["until"], asked) if s["until"] else "now"
        terminal.add_row(
            made,
            [
                moment_text(s["from"], asked),
                until,
                *(s[k] or DASH for k in ("state", "team", "agent")),
            ],
        )
    terminal.draw(made)
