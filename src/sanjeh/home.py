"""One home: its ledger, its facts, its answers, wired together for the doors (cli, web)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers
    from sanjeh.facts.generations import Facts, Generation
    from sanjeh.ledger import Ledger

VARIABLE = "SANJEH_HOME"
DEFAULT = Path("~/.sanjeh")
Progress = Callable[[float, str], None]


def home_path(given: str | None) -> Path:
    """The folder of the data: what was given, else SANJEH_HOME, else ~/.sanjeh."""
    return Path(given or os.environ.get(VARIABLE) or DEFAULT).expanduser()


@dataclass(frozen=True)
class Home:
    """Opens the rooms of one folder of data, each when it is first needed."""

    path: Path

    def ledger(self) -> Ledger:
        """The record."""
        from sanjeh.ledger import Ledger

        return Ledger(self.path)

    def facts(self) -> Facts:
        """The generations of facts."""
        from sanjeh.engines.duck import DuckEngine
        from sanjeh.facts.generations import Facts

        return Facts(self.path, DuckEngine)

    def refresh(self, *, full: bool = False, progress: Progress | None = None) -> Generation:
        """Bring the facts up to the record."""
        return self.facts().refresh(self.ledger(), full=full, progress=progress)

    def answers(self) -> Answers:
        """The door to the figures. Facts that are behind the record are refreshed first."""
        from sanjeh.answers.ask import Answers
        from sanjeh.engines.duck import DuckEngine

        return Answers(self.path, self.ledger(), DuckEngine)
