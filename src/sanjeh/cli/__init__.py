"""The command line: `sanjeh import`, `show`, `working`, `explain` and the rest.

`main` runs the application of `application.py`. A module here is a command or a few that belong
together, registered by `@app.command` in the module itself and named in `commands.py`; what they
share is `asking` (options to a question), `wording` (figures to text), `tables`, `exports`,
`terminal` and `failures` (errors to messages and exit codes).

It wires the other rooms together and never reaches past `answers`. Nothing heavy is imported
until a command runs, so that `--help` answers at once. To add a command: one module, one name in
`commands.py`.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; exits with 0, 1, 2, 3 or 130 (see `failures`)."""
    from sanjeh.cli.application import hush
    from sanjeh.cli.commands import app

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(prog_name="sanjeh")
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            hush()
