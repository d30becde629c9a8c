"""`sanjeh erase`: a person's name, contacts and words removed from the whole home."""

from __future__ import annotations

from typing import Annotated

import typer

from sanjeh.apps.handing import SOURCE
from sanjeh.cli import asking, failures, terminal
from sanjeh.cli.application import HomeOption, app, complain, home_of
from sanjeh.cli.bring_in import JsonOption
from sanjeh.web import site

ROLES = ("customer", "agent", "visitor")


@app.command(short_help="Erase a person from the whole home; figures stay.")
def erase(
    ctx: typer.Context,
    role: Annotated[str, typer.Argument(metavar="customer|agent|visitor")],
    person: Annotated[
        str, typer.Argument(metavar="ID", help="As the source has it; not the name.")
    ],
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="NAME",
            help="Whose id it is; needed where the home has several sources.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Erase a person: names, contacts and words go for good; counts and instants stay.

    \b
    sanjeh erase customer 4711 --source helpdesk
    sanjeh erase agent a17 --source helpdesk --yes

    The person's rows stay under a pseudonym, so that no figure changes. The id is remembered, so
    that a later import does not bring the name back. This cannot be undone; your own export files
    outside the home are yours to clean.

    \b
    Next: figures are as before; fields of the customer's own are gone with the person.
    """
    asking.one_of(role, ROLES, "ROLE")
    place = home_of(ctx, home)
    ledger = place.ledger()
    if source is None:
        known_sources = sorted(s.source for s in ledger.snapshot().sources)
        if len(known_sources) != 1:
            raise typer.BadParameter(
                f"say whose id it is: one of {', '.join(known_sources) or 'no source yet'}.",
                param_hint="--source",
            )
        source = known_sources[0]
    if not yes:
        typer.confirm(
            f"Erase {role} {person!r} of {source} from {place.path}? This cannot be undone.",
            abort=True,
            err=True,
        )
    with terminal.progress("Erasing"):
        if source == SOURCE:
            site.erase(place.path, role, person)
        done = ledger.erase(role, person, source=source)
    with terminal.progress("Refreshing") as tell:
        place.refresh(progress=tell)
    if as_json:
        terminal.emit_json({"role": role, "source": source, **done.__dict__})
    elif done.known:
        terminal.say(
            f"Erased: {done.rows:,} texts and fields removed, {done.tables} tables rewritten, "
            f"{done.rejects} files of rejects covered."
        )
    if not done.known:
        known = ", ".join(sorted(s.source for s in ledger.snapshot().sources)) or "none"
        complain(
            f"No {role} {person!r} of {source!r} was known, so nothing was removed. Expected the "
            f"id that the source uses, not a name; sources here: {known}. The id is remembered: a "
            "later import will not bring the name in."
        )
        raise typer.Exit(failures.NOTHING_DONE)
