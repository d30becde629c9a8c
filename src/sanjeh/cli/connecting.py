"""`sanjeh connect`, `pull`, `connections`: helpdesks' history in, and kept current."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import failures, terminal
from sanjeh.cli.application import HomeOption, app, complain, home_of
from sanjeh.cli.bring_in import JsonOption, refresh_home, tell_refresh

if TYPE_CHECKING:
    from sanjeh.home import Home
    from sanjeh.sources.helpdesk.connections import Connection, Connections
    from sanjeh.sources.helpdesk.pulling import PullReport

UNITS = {"m": 60, "h": 3600, "d": 86400}
SHOWN = 5


@app.command(short_help="Connect Zendesk, Intercom or Chatwoot.")
def connect(
    ctx: typer.Context,
    helpdesk: Annotated[
        str, typer.Argument(metavar="HELPDESK", help="zendesk, intercom or chatwoot.")
    ],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What to call it, where there are several."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Connect an account of a helpdesk: asks for what is needed, tries it, keeps it.

    \b
    sanjeh connect zendesk
    sanjeh connect chatwoot --name shop

    Addresses are kept in the home, keys in the system's keyring: never in a file. For a server, or
    where there is no keyring, set the key in the environment first (SANJEH_ZENDESK_TOKEN); then it
    is not asked for.

    \b
    Next: `sanjeh pull`.
    """  # fmt: skip
    from sanjeh.sources.helpdesk import registry
    from sanjeh.sources.helpdesk.connections import Connection

    rooms = connections_of(home_of(ctx, home))
    chosen = registry.helpdesk(helpdesk)
    called = name or chosen.name
    before = {c.name: c for c in rooms.all()}.get(called)
    if before is not None and before.helpdesk != chosen.name:
        raise typer.BadParameter(
            f"{called} is a connection to {before.helpdesk}; give another name.",
            param_hint="--name",
        )
    choices = {
        c.name: ask(
            f"{c.meaning[:1].upper()}{c.meaning[1:]}"
            + (f" (such as {c.example})" if c.example else ""),
            before.choices.get(c.name, "") if before else "",
        )
        for c in chosen.credentials
        if not c.secret
    }
    made = Connection(called, chosen.name, choices, before.every_minutes if before else None)
    secrets, typed = {}, []
    for credential in chosen.credentials:
        if not credential.secret:
            continue
        value = rooms.secret(made, credential.name)
        if value is None:
            value = ask_secret(credential.meaning, rooms.variables(made, credential.name)[-1])
            typed.append(credential.name)
        secrets[credential.name] = value
    whose = rooms.whose(made, secrets)
    rooms.save(made)
    terminal.say(f"Connected {called}: {whose}.", "bold")
    for kept in typed:
        if not rooms.keep_secret(made, kept, secrets[kept]):
            variable = rooms.variables(made, kept)[-1]
            terminal.say(
                f"This system has no keyring to keep the key in. Set {variable} in the "
                "environment before you pull; it is written nowhere.",
                "yellow",
            )
    terminal.grey(f"Next: sanjeh pull {called}")


@app.command(short_help="Bring in what is new at the connected helpdesks.")
def pull(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="10m", help="Again and again: 10m, 2h, 1d; Ctrl+C stops."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="From the beginning; nothing is doubled.")
    ] = False,
    no_refresh: Annotated[
        bool, typer.Option("--no-refresh", help="Leave the facts as they are for now.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Bring in what is new at the connected helpdesks: all, or those named.

    \b
    sanjeh pull
    sanjeh pull zendesk --every 10m

    The first pull brings the whole history and may take hours; it can be stopped with Ctrl+C or
    killed at any time, and the next one goes on from there. Limits of the helpdesk are waited for.

    \b
    Next: `sanjeh connections`, `sanjeh show new_tickets`.
    """
    seconds = None if every is None else interval(every)
    place = home_of(ctx, home)
    rooms = connections_of(place)
    chosen = [rooms.get(name) for name in names] if names else rooms.all()
    if not chosen:
        complain("Nothing is connected yet. Make a connection: sanjeh connect zendesk.")
        raise typer.Exit(failures.WRONG_USAGE)
    while True:
        code = pull_all(place, rooms, chosen, again=again, refresh=not no_refresh, as_json=as_json)
        if seconds is None:
            if code:
                raise typer.Exit(code)
            return
        again = False
        terminal.grey(f"Again in {every}.")
        time.sleep(seconds)


@app.command(short_help="What is connected, and how far it has been pulled.")
def connections(ctx: typer.Context, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the connections: the helpdesk, its address, the last pull, and what is left.

    \b
    sanjeh connections
    sanjeh connections --json

    \b
    Next: `sanjeh pull NAME`.
    """
    from sanjeh.sources.helpdesk.pulling import standing

    place = home_of(ctx, home)
    rooms = connections_of(place)
    rows: list[dict[str, Any]] = []
    for one in rooms.all():
        looked = rooms.looked(one.name)
        stands = standing(place.ledger(), one.name)
        rows.append(
            {
                "name": one.name,
                "helpdesk": one.helpdesk,
                "address": ", ".join(v for v in one.choices.values() if v),
                "last_pull_at": looked.at.isoformat(timespec="seconds") if looked else None,
                "last_error": (looked.error or None) if looked else None,
                "batch": stands.batch or None,
                "left": list(stands.left),
            }
        )
    if as_json:
        terminal.emit_json({"connections": rows})
        return
    if not rows:
        terminal.say("Nothing is connected yet. Make a connection: sanjeh connect zendesk.")
        return
    made = terminal.table(
        ("name", False), ("helpdesk", False), ("account", False), ("last pull", False),
        ("left", False),
    )  # fmt: skip
    for row in rows:
        left = ", ".join(row["left"]) if row["batch"] else "everything"
        told = [row["name"], row["helpdesk"], row["address"], row["last_pull_at"] or "never"]
        terminal.add_row(made, [*told, left or "nothing"])
    terminal.draw(made)
    for row in rows:
        if row["last_error"]:
            terminal.say(f"{row['name']}: the last pull failed: {row['last_error']}", "yellow")


def connections_of(place: Home) -> Connections:
    """The connections of a home."""
    from sanjeh.sources.helpdesk.connections import Connections

    return Connections(place.path)


def pull_all(
    place: Home,
    rooms: Connections,
    chosen: list[Connection],
    *,
    again: bool,
    refresh: bool,
    as_json: bool,
) -> int:
    """Pull each; one that fails does not stop the others. The exit code."""
    from sanjeh.sources import SourceError

    code = 0
    reports = []
    for one in chosen:
        try:
            with terminal.progress(f"Pulling {one.name}") as tell:
                report = rooms.pull(one, place.ledger(), again=again, progress=tell)
        except SourceError as error:
            complain(f"{one.name}: {failures.message(error)}")
            code = max(code, failures.exit_code(error) or failures.NOTHING_DONE)
            continue
        reports.append(report)
        if not as_json:
            tell_pull(report)
    if as_json:
        terminal.emit_json({"pulls": [pull_json(report) for report in reports]})
    if refresh and (place.path / "ledger").exists():
        done = refresh_home(place, full=False)
        if not as_json:
            tell_refresh(done)
    return code


def pull_json(report: PullReport) -> dict[str, object]:
    """A pull in plain values."""
    from dataclasses import asdict

    return {
        "connection": report.connection,
        "streams": dict(report.streams),
        "records": {kind: asdict(counts) for kind, counts in report.records.items()},
        "lacking": report.lacking,
        "unknown": dict(report.unknown),
        "refused": dict(report.refused),
        "rejects_paths": [str(path) for path in report.rejects_paths],
        "warnings": dict(report.warnings),
        "batches": report.batches,
        "seconds": round(report.seconds, 3),
    }


def tell_pull(report: PullReport) -> None:
    """A pull in words."""
    read = ", ".join(f"{n:,} {name}" for name, n in report.streams.items()) or "nothing new"
    terminal.say(f"{report.connection}: {read}, in {report.seconds:.1f} s", "bold")
    made = terminal.table(
        ("records", False), ("new", True), ("replaced", True), ("unchanged", True), ("older", True)
    )
    for kind, counts in sorted(report.records.items()):
        numbers = (counts.added, counts.replaced, counts.unchanged, counts.older)
        terminal.add_row(made, [kind, *(f"{n:,}" for n in numbers)])
    if report.records:
        terminal.draw(made)
    for stream, why in report.lacking.items():
        terminal.say(f"Note: this account has no {stream}: {why}", "yellow")
    for reject in report.rejects[:SHOWN]:
        terminal.say(f"Refused: {reject.reason}", "yellow")
    for path in report.rejects_paths:
        terminal.say(f"All that was refused: {path}")
    for reason, count in report.warnings.items():
        terminal.say(f"Note: {reason}: {count:,}", "yellow")


def interval(text: str) -> int:
    """Seconds of "10m", "2h", "1d"."""
    found = re.fullmatch(r"([1-9]\d{0,3})([mhd])", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no interval; write 10m, 2h or 1d.")
    return int(found[1]) * UNITS[found[2]]


def ask(question: str, before: str) -> str:
    """A line typed by a person; an empty one keeps what was there before."""
    answer: str = typer.prompt(question, default=before, show_default=bool(before), err=True)
    return answer.strip()


def ask_secret(meaning: str, variable: str) -> str:
    """A secret typed without echo."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"{meaning} is needed, and nobody is there to type it. Set {variable} in the "
            "environment.",
            param_hint=variable,
        )
    answer: str = typer.prompt(f"{meaning[:1].upper()}{meaning[1:]}", hide_input=True, err=True)
    return answer.strip()
