"""The application: its name, its help, the home, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sanjeh.cli import failures
from sanjeh.home import Home, home_path

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="The folder of your data. Else SANJEH_HOME, else ~/.sanjeh.",
        show_default=False,
    ),
]


class Commands(TyperGroup):
    """Turns the rooms' errors into a message and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of work rather than of the alphabet."""
        known = super().list_commands(ctx)
        return [n for n in _ORDER if n in known] + [n for n in known if n not in _ORDER]

    def get_help_option(self, ctx: Any) -> Any:
        """The option --help, not given being False rather than None.

        TRICKY: Typer hands any value but a bool to Pydantic, and only loading that costs every
        `sanjeh COMMAND --help` a fifth of a second.
        """
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take a --home that stands before the command; by hand, as `get_help_option` says why."""
        ctx.obj = None
        while args and args[0].partition("=")[0] == "--home":
            name, sign, value = args[0].partition("=")
            if not sign and len(args) < 2:
                raise typer.BadParameter("it needs a folder: --home DIR.", param_hint=name)
            ctx.obj, args = (Path(value), args[1:]) if sign else (Path(args[1]), args[2:])
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            complain("Interrupted. What was committed before stands; nothing half done is visible.")
            raise typer.Exit(failures.INTERRUPTED) from None
        except BrokenPipeError:
            hush()
            raise typer.Exit from None
        except Exception as error:
            code = failures.exit_code(error)
            if code is None:
                raise
            complain(failures.message(error))
            raise typer.Exit(code) from None


_ORDER = (
    "demo", "import", "connect", "pull", "connections", "guess", "show", "compare", "report",
    "serve", "working", "ticket", "check", "close", "closed", "metrics", "explain", "glossary",
    "options", "targets", "hours", "refresh", "erase", "compact",
)  # fmt: skip

app = typer.Typer(
    name="sanjeh",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def show_version(asked: bool) -> None:
    """Print the version and stop, where asked."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"sanjeh {version('sanjeh')}")
        raise typer.Exit


@app.callback()
def sanjeh(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=show_version, is_eager=True),
    ] = False,
) -> None:
    """Measure customer support: figures with their definition, n, and the rows behind them.

    \b
    Start here:
      sanjeh demo                          a year of example data, figures, and a report of it
      sanjeh import tickets.csv            your own export; the columns are guessed and shown
      sanjeh connect zendesk               or Intercom, Chatwoot: their history, kept current
      sanjeh show new_tickets --grain month
      sanjeh show resolution_time --by team --last 30d --compare previous

    \b
    Then:
      sanjeh metrics                       what can be asked
      sanjeh explain resolution_time       what a figure means, with a worked example
      sanjeh working resolution_time       the rows behind it, and those left out and why

    Everything is kept in one folder: --home DIR (before or after the command), SANJEH_HOME, or
    ~/.sanjeh. Nothing leaves this machine.
    """


def given_home(ctx: typer.Context, home: Path | None) -> Path | None:
    """The folder named with --home, after the command or before it."""
    return home or (ctx.obj if isinstance(ctx.obj, Path) else None)


def home_of(ctx: typer.Context, home: Path | None) -> Home:
    """The home a command works on."""
    given = given_home(ctx, home)
    return Home(home_path(str(given) if given else None))


def complain(text: str) -> None:
    """A message for people, on stderr."""
    print(text, file=sys.stderr)


def hush() -> None:
    """Send what is still to come nowhere: the reader of stdout went away, as `| head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
