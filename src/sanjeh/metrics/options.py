"""The options of the catalogue's part 2 that the present families read, declared once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


class UnknownOption(LookupError):
    """An option that does not exist, or a value that it does not take."""


@dataclass(frozen=True)
class Option:
    """One choice a reader may make: `acts` on facts (at refresh) or answers (at ask)."""

    name: str
    default: str
    choices: tuple[str, ...]
    unit: str
    acts: str
    meaning: str
    serves: str


OPTIONS = {
    o.name: o
    for o in (
        Option("noise", "leave out", ("leave out", "include"), "", "answers",
               "Whether requests that need no reply are counted.", "Z4"),
        Option("agent_started", "leave out", ("leave out", "include"), "", "answers",
               "Whether requests that an agent started are counted.", "7.14"),
        Option("duration.headline", "mean", ("mean", "median"), "", "answers",
               "Which statistic stands first for durations; the other stands beside.", "7.7"),
        Option("reopen.window", "14", (), "days", "answers",
               "How long after a solve a return counts in the reopen rate.", "L2"),
        Option("reopen.undone_within", "5", (), "minutes", "answers",
               "A reopening that the agent takes back sooner than this is a slip.", "L2"),
        Option("benchmark.source", "target", ("target", "historical", "competitor", "industry"), "",
               "answers", "Which benchmark a figure is held against.", "AMB-64"),
        Option("agents.base", "on_duty", ("on_duty", "served"), "", "answers",
               "Whom per-agent figures divide by; without presence always who served.", "AMB-11"),
        Option("small_n", "5", (), "rows", "answers",
               "Groups with fewer rows than this are marked.", "AMB-67"),
        Option("target.tolerance", "0.05", (), "share of the target", "answers",
               "How far off a target still counts as near it.", "Z1"),
    )
}  # fmt: skip


def chosen(given: dict[str, str]) -> dict[str, str]:
    """All options with their values; UnknownOption says what was given and what is expected."""
    values = {name: option.default for name, option in OPTIONS.items()}
    for name, value in given.items():
        if name not in OPTIONS:
            close = difflib.get_close_matches(name, OPTIONS, n=3, cutoff=0.4)
            hint = f" Did you mean {', '.join(close)}?" if close else ""
            raise UnknownOption(
                f"No option is called {name!r}.{hint} Options: {', '.join(OPTIONS)}."
            )
        option = OPTIONS[name]
        if option.choices and value not in option.choices:
            raise UnknownOption(
                f"Option {name} was given {value!r}; it takes {' or '.join(option.choices)}."
            )
        if not option.choices:
            try:
                number = float(value)
            except ValueError:
                number = -1.0
            if not 0 <= number < 1e9:
                raise UnknownOption(
                    f"Option {name} was given {value!r}; "
                    f"it takes a number of {option.unit}, 0 or more."
                )
        values[name] = value
    return values
