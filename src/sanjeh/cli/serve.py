"""`sanjeh serve`: the pages."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from sanjeh.cli import terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.terminal import progress
from sanjeh.home import Home

USUAL = 8000
TRIED = 30


@app.command(short_help="The pages, for a browser: overview, every figure, its rows.")
def serve(
    ctx: typer.Context,
    host: Annotated[
        str, typer.Option("--host", metavar="NAME", help="Where to listen; 0.0.0.0 is everywhere.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            show_default=False,
            help="Which port. Else 8000, or the next free.",
        ),
    ] = None,
    open_to_all: Annotated[
        bool,
        typer.Option("--open", help="Anyone may look without signing in, as a guest who reads."),
    ] = False,
    processes: Annotated[
        int,
        typer.Option(
            "--processes", metavar="N", min=1, max=64, help="How many processes share the port."
        ),
    ] = 1,
    home: HomeOption = None,
) -> None:
    """Serve the pages of a home until stopped with Ctrl+C.

    \b
    sanjeh serve                        # sign-in needed; the first start prints a link
    sanjeh serve --open --port 8080     # anyone may read: for demonstration data
    sanjeh serve --processes 2          # one for each core

    The first start makes the administrator: it prints a link that works once. To let other
    machines in, name them in SANJEH_HOSTS and listen with --host 0.0.0.0, behind https.

    \b
    Next: open the address that is printed.
    """
    serve_home(home_of(ctx, home), host, port, is_open=open_to_all, processes=processes)


def serve_home(
    home: Home, host: str, port: int | None, *, is_open: bool, processes: int = 1,
    trial: str | None = None,
) -> None:  # fmt: skip
    """Serve until stopped; where no port is named, the usual one or the next that is free.

    trial: the language of an example whose chat one may try with oneself.
    """
    chosen = free_port(host) if port is None else port
    why = taken(host, chosen)
    if why is not None:
        raise typer.BadParameter(
            f"{host}:{chosen} cannot be listened on ({why}). Name another with "
            f"--port, such as --port {chosen + 1}.",
            param_hint="--port",
        )
    from sanjeh.web import site

    if (home.path / "ledger").exists():
        with progress("Refreshing") as tell:
            home.refresh(progress=tell)
    site.prepare(home.path, is_open=is_open)
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{chosen}"
    if port is None and chosen != USUAL:
        terminal.grey(f"Port {USUAL} is taken; this is the next that is free.")
    link = site.first_link(address)
    if link is not None:
        terminal.say(f"Make the administrator's account (works once, for three days): {link}")
    if is_open:
        terminal.say(f"A made-up shop with the chat, answered at /desk/: {address}/shop/")
    console = site.try_link(address, trial)
    if console is not None:
        terminal.say(f"Answer it yourself in another tab (signs in for a day): {console}")
    terminal.say(f"Serving {home.path} on {address}  (Ctrl+C stops)")
    site.serve(host, chosen, processes)


def free_port(host: str) -> int:
    """The usual port, or the first free one after it; the usual one again where none is."""
    ports = range(USUAL, USUAL + TRIED)
    return next((port for port in ports if taken(host, port) is None), USUAL)


def taken(host: str, port: int) -> str | None:
    """Why a port cannot be listened on; None where it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            return error.strerror
    return None
