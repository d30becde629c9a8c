"""Which helpdesks there are: every folder of `sources/` with a `client` declares one.

A folder's `__init__` names its `Helpdesk` as HELPDESK; it is imported when it is first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from sanjeh.sources.errors import SourceError
from sanjeh.sources.helpdesk.contract import Helpdesk
from sanjeh.words import close_matches

PLACE: Final = Path(__file__).parent.parent


@cache
def names() -> tuple[str, ...]:
    """The helpdesks' names, in the order of the alphabet; nothing of theirs is imported."""
    return tuple(
        sorted(
            folder.name
            for folder in PLACE.iterdir()
            if (folder / "client.py").is_file() or (folder / "client" / "__init__.py").is_file()
        )
    )


def helpdesk(name: str) -> Helpdesk:
    """The helpdesk of that name. Errors: SourceError where there is none."""
    if name not in names():
        near = close_matches(name, list(names()))
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names())}."
        raise SourceError(f"There is no helpdesk {name!r}; {hint}")
    found = import_module(f"sanjeh.sources.{name}").HELPDESK
    assert isinstance(found, Helpdesk)
    return found


def recognised(path: Path) -> Helpdesk | None:
    """The helpdesk whose export the path looks like, if any does."""
    for name in names():
        found = helpdesk(name)
        if found.recognises(path):
            return found
    return None
