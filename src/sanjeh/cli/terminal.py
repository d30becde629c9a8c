"""Where output goes: figures to stdout, progress and complaints to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED_WIDTH = 200
Progress = Callable[[float, str], None]


def console(*, stderr: bool = False) -> Console:
    """A console; where nobody watches it is wide, so that no cell is cut."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(stderr=stderr, highlight=False, width=width, markup=False)


def say(text: str = "", style: str = "") -> None:
    """A line to stdout, as it is, never wrapped or read as markup."""
    from rich.text import Text

    console().print(Text(text, style=style), soft_wrap=True)


def grey(text: str) -> None:
    """A line of lesser weight."""
    say(text, "bright_black")


def table(*headings: tuple[str, bool]) -> Table:
    """An empty table; each heading with whether its cells stand right."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading, right in headings:
        made.add_column(
            heading, justify="right" if right else "left", no_wrap=right, overflow="fold"
        )
    return made


def add_row(to: Table, cells: list[str], style: str = "") -> None:
    """A row of plain text."""
    from rich.text import Text

    to.add_row(*(Text(cell) for cell in cells), style=style)


def draw(made: Table) -> None:
    """A table to stdout."""
    console().print(made)


def emit_json(value: Any) -> None:
    """One JSON document to stdout, and nothing else."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A function to report progress to: a bar on a terminal, silent elsewhere."""
    watched = console(stderr=True)
    if not watched.is_terminal:
        yield lambda share, what: None
        return
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(),
        TimeElapsedColumn(), TextColumn("{task.fields[what]}", markup=False),
        console=watched, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(title, total=1.0, what="")
        yield lambda share, what: bar.update(task, completed=share, what=what)
