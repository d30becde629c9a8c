"""`sanjeh hours`: open time between two instants, and whether it is open at one (A1)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.words import DASH, close_matches, duration

if TYPE_CHECKING:
    from pathlib import Path

    from sanjeh.hours import Schedule
    from sanjeh.ledger import Ledger


@app.command(short_help="Open time between two instants; open at one?")
def hours(
    ctx: typer.Context,
    calendar: Annotated[str, typer.Argument(metavar="CALENDAR", help="Its id or its name.")],
    start: asking.From = None,
    end: asking.To = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="INSTANT", help="Is it open then? When next?")
    ] = None,
    add: Annotated[
        float | None,
        typer.Option(
            "--add", metavar="SECONDS", min=0, help="With --at: when so much open time is over."
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="table|json")] = "table",
    home: HomeOption = None,
) -> None:
    """Work out open hours: between two instants, or at one, by a calendar of your records.

    \b
    sanjeh hours office --from "2026-03-06 15:30" --to "2026-03-09 09:00"
    sanjeh hours office --at "2026-03-21 10:00" --add 14400

    Times without an offset are on the calendar's own wall clock. Holidays, exceptions and clock
    changes are in. Calendars come with the records (business_calendar, holiday).

    \b
    Next: `sanjeh show resolution_time@open` measures in open hours.
    """
    asking.one_of(form, ("table", "json"), "--format")
    if (start is None) != (end is None) or (start is None and at is None):
        raise typer.BadParameter("Give --from and --to together, or --at.", param_hint="hours")
    if add is not None and at is None:
        raise typer.BadParameter("--add counts from an instant: give --at.", param_hint="--add")
    from sanjeh.answers.periods import Clockwork, moment, parse

    place = home_of(ctx, home)
    name, zone, schedule = schedule_of(existing_ledger(place.path), calendar)
    clock = Clockwork(zone)
    result: dict[str, Any] = {"calendar": name, "zone": zone}
    if start is not None and end is not None:
        first, beyond = parse(start, clock), parse(end, clock)
        result |= {
            "from": moment(first).isoformat(),
            "to": moment(beyond).isoformat(),
            "open_seconds": schedule.seconds_between(moment(first), moment(beyond)),
        }
    if at is not None:
        instant = moment(parse(at, clock))
        result |= {
            "at": instant.isoformat(),
            "is_open": schedule.is_open(instant),
            "next_opening": written(schedule.next_opening(instant)),
            "next_closing": written(schedule.next_closing(instant)),
        }
        if add is not None:
            result |= {"added_seconds": add, "reached_at": written(schedule.after(instant, add))}
    if form == "json":
        terminal.emit_json(result)
    else:
        tell(result, clock.tz)


def existing_ledger(path: Path) -> Ledger:
    """The record of a home that has one; else wrong usage, and no folder is made."""
    from sanjeh.hours import HoursError
    from sanjeh.ledger import Ledger

    if not (path / "ledger").exists():
        raise HoursError(
            f"There is no record in {path}, so no calendar. Import a file with business_calendar "
            "records, or name another folder with --home."
        )
    return Ledger(path)


def schedule_of(ledger: Ledger, asked: str) -> tuple[str, str, Schedule]:
    """Id, zone and schedule of a calendar by its id, source/id or name."""
    from sanjeh.hours import HoursError, schedules_from_records

    records = ledger.rows("business_calendar").to_pylist()
    named = [
        r for r in records
        if asked in (r["id"], str(r["id"]).partition("/")[2], r["name"]) and r["deleted_at"] is None
    ]  # fmt: skip
    ids = {r["id"] for r in named}
    if len(ids) > 1:
        raise HoursError(f"{asked!r} is a calendar of several sources: {', '.join(sorted(ids))}.")
    if not ids:
        known = sorted({str(r["id"]).partition("/")[2] for r in records})
        near = close_matches(asked, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise HoursError(
            f"No calendar is called {asked!r}.{hint} Calendars here: {', '.join(known) or 'none'}. "
            "They are imported as business_calendar records."
        )
    name = ids.pop()
    schedules = schedules_from_records(records, ledger.rows("holiday").to_pylist())
    newest = max(named, key=lambda r: r["valid_from"] or dt.datetime.min.replace(tzinfo=dt.UTC))
    return name, newest["tz"] or "UTC", schedules[name]


def written(instant: dt.datetime | None) -> str | None:
    """An instant as ISO text; null where there is none."""
    return None if instant is None else instant.isoformat()


def tell(result: dict[str, Any], zone: dt.tzinfo) -> None:
    """The outcome in words, on the calendar's wall clock."""

    def clock(key: str) -> str:
        text = result[key]
        return (
            DASH
            if text is None
            else f"{dt.datetime.fromisoformat(text).astimezone(zone):%a %Y-%m-%d %H:%M:%S}"
        )

    terminal.say(f"{result['calendar']}, {result['zone']}", "bold")
    if "open_seconds" in result:
        seconds = result["open_seconds"]
        terminal.say(
            f"{clock('from')} until {clock('to')}: open {duration(seconds)} ({seconds:,.0f} s)"
        )
    if "at" in result:
        terminal.say(f"{clock('at')}: {'open' if result['is_open'] else 'closed'}")
        terminal.say(f"next opening  {clock('next_opening')}")
        terminal.say(f"next closing  {clock('next_closing')}")
    if "reached_at" in result:
        terminal.say(f"{result['added_seconds']:,.0f} open seconds later: {clock('reached_at')}")
