"""`sanjeh import`, `guess`, `refresh`, `compact`: records in, facts up to them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import failures, terminal
from sanjeh.cli.application import HomeOption, app, complain, home_of

if TYPE_CHECKING:
    from sanjeh.facts.generations import Generation
    from sanjeh.home import Home
    from sanjeh.sources import ImportReport, Mapping

SHOWN_REJECTS = 5
FileArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE", exists=True, show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document instead of words.")]


@app.command("import", short_help="Records in: CSV, Excel, Parquet, JSON, JSON lines.")
def import_files(
    ctx: typer.Context,
    files: FileArgument,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="MAPPING.toml",
            exists=True,
            dir_okay=False,
            show_default=False,
            help="What the columns mean. Without it they are guessed.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Whose records: a name for the helpdesk."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option("--zone", metavar="ZONE", help="Of times that name none: Asia/Tehran."),
    ] = None,
    helpdesk: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="HELPDESK", help="Whose export it is, where it is not recognised."
        ),
    ] = None,
    no_refresh: Annotated[
        bool, typer.Option("--no-refresh", help="Leave the facts as they are for now.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Import support records: CSV, Excel, Parquet, JSON, or a helpdesk's export.

    \b
    sanjeh import tickets.csv --source helpdesk --zone Europe/Moscow
    sanjeh import export.csv.gz --map helpdesk.toml
    sanjeh import records.jsonl
    sanjeh import zendesk-export/
    sanjeh import dump.zip --as intercom

    An export of a helpdesk (a folder, a zip, JSON) is recognised and needs no mapping.
    JSON lines such as {"kind": "ticket", "id": "1", "created_at": "2026-03-02T09:00:00Z"} need no
    mapping. For any other file the columns are guessed and the guess is shown; `sanjeh guess FILE >
    map.toml` writes it out to be mended. Rows that cannot be understood are listed and kept in a
    rejects file; the rest load. Importing the same thing twice changes nothing.

    \b
    Next: `sanjeh show new_tickets --grain month`.
    """  # fmt: skip
    from sanjeh.sources import SourceError

    place = home_of(ctx, home)
    reports: list[dict[str, Any]] = []
    code = 0
    for file in files:
        try:
            report, guess = import_one(place, file, mapping, source, zone, helpdesk)
        except SourceError as error:
            complain(f"{file.name}: {failures.message(error)}")
            code = max(code, failures.exit_code(error) or failures.NOTHING_DONE)
            continue
        reports.append({"file": str(file), **report_json(report)})
        if not sum(count for kind in report_counts(report).values() for count in kind.values()):
            code = max(code, failures.NOTHING_DONE)
        if not as_json:
            tell_report(file, report, guess)
    refreshed = None
    if reports and not no_refresh:
        refreshed = refresh_home(place, full=False)
        if not as_json:
            tell_refresh(refreshed)
    if as_json:
        terminal.emit_json(
            {"files": reports, "refresh": generation_json(refreshed) if refreshed else None}
        )
    if code:
        raise typer.Exit(code)


@app.command(short_help="Print a guess of what a table's columns mean.")
def guess(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, show_default=False)
    ],
) -> None:
    """Guess what a table's columns mean, and print it as a mapping to be mended.

    \b
    sanjeh guess tickets.csv > helpdesk.toml
    sanjeh guess обращения.xlsx

    Headings are understood in English, Persian and Russian. Read the guess before you trust it:
    above all the zone, and whether days come before months.

    \b
    Next: `sanjeh import tickets.csv --map helpdesk.toml`.
    """
    from sanjeh.sources import guess_mapping, to_toml

    mapping = guess_mapping(file)
    sys.stdout.write(to_toml(mapping))
    complain(
        f"{mapping.title}. Read it, above all zone = {mapping.zone!r}, before you import by it."
    )


@app.command(short_help="Bring the facts up to the record.")
def refresh(
    ctx: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Build everything again.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Bring the facts up to the record; what is asked does it by itself where needed.

    \b
    sanjeh refresh
    sanjeh refresh --full

    Only what changed is worked out again, and the outcome equals a full rebuild row for row.

    \b
    Next: `sanjeh show METRIC`.
    """
    done = refresh_home(home_of(ctx, home), full=full)
    if as_json:
        terminal.emit_json(generation_json(done))
    else:
        tell_refresh(done)


@app.command(short_help="Merge the record's small files.")
def compact(ctx: typer.Context, home: HomeOption = None) -> None:
    """Merge the record's many small files into few; no figure changes.

    \b
    sanjeh compact
    sanjeh compact --home ~/support

    Worth doing after very many small imports. Readers are not disturbed.

    \b
    Next: nothing; figures are the same as before.
    """
    place = home_of(ctx, home)
    with terminal.progress("Compacting"):
        place.ledger().compact()
    terminal.say(f"Compacted {place.path}.")


def import_one(
    place: Home,
    file: Path,
    mapping: Path | None,
    source: str | None,
    zone: str | None,
    helpdesk: str | None = None,
) -> tuple[ImportReport, Mapping | None]:
    """Import a file; with it the mapping that was guessed, where one was."""
    from sanjeh.sources import export_of, guess_mapping, import_path
    from sanjeh.sources.records import is_records

    understood = mapping is not None or export_of(file, helpdesk) or file.is_dir()
    guessed = None if understood or is_records(file) else guess_mapping(file)
    with terminal.progress(f"Importing {file.name}") as tell:
        report = import_path(
            file,
            place.ledger(),
            mapping=mapping or guessed,
            helpdesk=helpdesk,
            source=source,
            zone=zone,
            progress=tell,
        )
    return report, guessed


def refresh_home(place: Home, *, full: bool) -> Generation:
    """The facts of a home, brought up to its record."""
    with terminal.progress("Refreshing") as tell:
        return place.refresh(full=full, progress=tell)


def report_counts(report: ImportReport) -> dict[str, dict[str, int]]:
    """What became of the records of each kind."""
    return {kind: asdict(counts) for kind, counts in report.records.items()}


def report_json(report: ImportReport) -> dict[str, Any]:
    """The report in plain values."""
    return {
        "batch": report.batch,
        "source": report.source,
        "mapping": report.mapping_used,
        "rows_read": report.rows_read,
        "rows_rejected": report.rows_rejected,
        "rejects": [asdict(reject) for reject in report.rejects],
        "rejects_path": str(report.rejects_path) if report.rejects_path else None,
        "records": report_counts(report),
        "warnings": dict(report.warnings),
        "seconds": round(report.seconds, 3),
    }


def generation_json(done: Generation) -> dict[str, Any]:
    """A refresh in plain values."""
    return {
        "version": done.version,
        "how": done.how,
        "seconds": done.seconds,
        "touched_tickets": done.touched_tickets,
        "touched_conversations": done.touched_conversations,
    }


def tell_report(file: Path, report: ImportReport, guessed: Mapping | None) -> None:
    """An import in words."""
    understood = report.rows_read - report.rows_rejected
    terminal.say(f"{file.name}, as source {report.source}", "bold")
    if guessed is not None:
        tell_guess(file, guessed)
    said = f"{understood:,} of {report.rows_read:,} rows understood, in {report.seconds:.1f} s"
    terminal.say(
        said
        + (f"; {report.rows_rejected:,} with something refused" if report.rows_rejected else "")
    )
    made = terminal.table(
        ("records", False), ("new", True), ("replaced", True), ("unchanged", True), ("older", True)
    )
    for kind, counts in sorted(report_counts(report).items()):
        terminal.add_row(made, [kind, *(f"{n:,}" for n in counts.values())])
    terminal.draw(made)
    if report.rejects:
        made = terminal.table(
            ("line", True), ("column", False), ("value", False), ("why", False), ("lost", False)
        )
        for reject in report.rejects[:SHOWN_REJECTS]:
            value = "" if reject.value is None else reject.value[:60]
            terminal.add_row(
                made, [str(reject.line), reject.column or "", value, reject.reason, reject.lost]
            )
        terminal.draw(made)
        terminal.say(
            f"All that was refused, to be mended and imported again: {report.rejects_path}"
        )
    for reason, count in report.warnings.items():
        terminal.say(f"Note: {reason}: {count:,}", "yellow")


def tell_guess(file: Path, guessed: Mapping) -> None:
    """What the columns were taken for."""
    terminal.say(f"{guessed.title}: times read in {guessed.zone}", "yellow")
    for record in guessed.records:
        taken = ", ".join(
            f"{name} ← {take.column}" for name, take in record.fields.items() if take.column
        )
        terminal.say(f"  {record.kind}: {taken}")
    for change in guessed.changes:
        terminal.say(f"  ticket_event {change.type} ← changes of {change.column}")
    terminal.grey(
        f"To mend the guess: sanjeh guess {file} > map.toml, then import with --map map.toml"
    )


def tell_refresh(done: Generation) -> None:
    """A refresh in words."""
    touched = (
        f": {done.touched_tickets:,} tickets and {done.touched_conversations:,} conversations"
        if done.how == "incremental"
        else ""
    )
    terminal.grey(f"Facts are up to import {done.version} ({done.how}{touched}).")
