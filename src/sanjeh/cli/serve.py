"""`sanjeh serve`: the pages."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from sanjeh.cli import terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.terminal import progress


@app.command(short_help="The pages, for a browser: overview, every figure, its rows.")
def serve(
    ctx: typer.Context,
    host: Annotated[
        str, typer.Option("--host", metavar="NAME", help="Where to listen; 0.0.0.0 is everywhere.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", help="Which port.")] = 8000,
    open_to_all: Annotated[
        bool,
        typer.Option("--open", help="Anyone may look without signing in, as a guest who reads."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Serve the pages of a home until stopped with Ctrl+C.

    \b
    sanjeh serve                        # sign-in needed; the first start prints a link
    sanjeh serve --open --port 8080     # anyone may read: for demonstration data

    The first start makes the administrator: it prints a link that works once. To let other
    machines in, name them in SANJEH_HOSTS and listen with --host 0.0.0.0, behind https.

    \b
    Next: open the address that is printed.
    """
    found = home_of(ctx, home)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise typer.BadParameter(
                f"{host}:{port} cannot be listened on ({error.strerror}). Name another with "
                "--port, such as --port 8001.",
                param_hint="--port",
            ) from error
    from sanjeh.web import site

    if (found.path / "ledger").exists():
        with progress("Refreshing") as tell:
            found.refresh(progress=tell)
    site.prepare(found.path, is_open=open_to_all)
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    link = site.first_link(address)
    if link is not None:
        terminal.say(f"Make the administrator's account (works once, for three days): {link}")
    terminal.say(f"Serving {found.path} on {address}  (Ctrl+C stops)")
    site.serve(host, port)
