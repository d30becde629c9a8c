"""Which lines this process holds, and whom a signal reaches."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sanjeh.apps.desk.sockets.line import Line

if TYPE_CHECKING:
    from sanjeh.apps.desk.signals import Told


class Switchboard:
    """The lines by the names that signals use (`v:ID`, `m:N`, `board`)."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, Line]] = {}
        self._addresses: Counter[str] = Counter()

    def plug(self, line: Line, *names: str) -> None:
        """Have the line told what is for these names."""
        for name in names:
            self._lines.setdefault(name, {})[line.number] = line
        line.names |= frozenset(names)

    def unplug(self, line: Line, *names: str) -> None:
        """No longer; without names, for none at all."""
        for name in names or tuple(line.names):
            held = self._lines.get(name, {})
            held.pop(line.number, None)
            if not held:
                self._lines.pop(name, None)
        line.names -= frozenset(names or line.names)

    def deliver(self, told: Told) -> int:
        """Tell a signal's frame to every line it is for, once each; how many those were."""
        reached = {
            number: line for name in told.to for number, line in self._lines.get(name, {}).items()
        }
        for line in reached.values():
            line.tell(told.frame)
        return len(reached)

    def names(self, start: str) -> list[str]:
        """What follows a beginning in the names that are plugged: the ids of `v:`."""
        return [name[len(start) :] for name in self._lines if name.startswith(start)]

    def lines(self) -> list[Line]:
        """Every line, once."""
        return list({n: line for held in self._lines.values() for n, line in held.items()}.values())

    def lines_of(self, name: str) -> list[Line]:
        """The lines of one name."""
        return list(self._lines.get(name, {}).values())

    def come(self, address: str, most: int) -> bool:
        """Count a socket of an address; whether it may be opened."""
        if self._addresses[address] >= most:
            return False
        self._addresses[address] += 1
        return True

    def gone(self, address: str) -> None:
        """A socket of an address is closed."""
        self._addresses[address] -= 1
        if self._addresses[address] <= 0:
            del self._addresses[address]
