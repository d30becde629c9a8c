"""The stories of this folder: records as JSON lines, and beside each a header with its figures.

`NAME.jsonl` is what `sanjeh import` takes. `NAME.toml` has `title`, `happens`, `teaches`, `serves`
(requirement ids), `part` (of the page) and a list `expect`, each worked by hand from the catalogue:

* the question: `ask` (an address), `by`, `where` (as `DIM=VALUE,VALUE`), `from`, `to`, `grain`,
  `zone`, `options`; March 2026 unless it says otherwise;
* the answer: `value`, or `none = true`; or by group `groups`, or by bucket `buckets`; and of
  `n`, `numerator`, `denominator`, `pending`, `excluded`, `left_out`, `total`, `interval`,
  `answered_by` those that matter;
* `why`: the arithmetic.

`alone = true`: the record ends with the story's last event, not in summer; it has its own home.
`python tests/stories/told_stories.py` writes docs/explanation/stories.md anew.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "explanation" / "stories.md"
PARTS = (
    "What comes in",
    "The life of a ticket",
    "Clocks",
    "Waiting",
    "Missed",
    "Handling",
    "Words used",
    "Solved at the first contact",
    "What customers say",
    "The website and sales",
    "Agents' time",
)
QUESTION = ("by", "where", "from", "to", "grain", "zone", "options")
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}


@dataclass(frozen=True)
class Expectation:
    """One question about a story, and the answer that the catalogue gives."""

    story: str
    ask: str
    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    why: str

    @property
    def command(self) -> tuple[str, ...]:
        """The question as arguments of `sanjeh show`."""
        told = []
        for name, value in self.question.items():
            option = "option" if name == "options" else name
            pairs = [f"{k}={v}" for k, v in value.items()] if option == "option" else value
            values = [",".join(pairs)] if name == "by" else pairs
            for one in [values] if isinstance(values, str) else values:
                told += [f"--{option}", one]
        return (self.ask, *told)

    @property
    def period(self) -> Mapping[str, str]:
        """From when to when it asks; March 2026 where it does not say."""
        return MARCH | {k: v for k, v in self.question.items() if k in MARCH}


@dataclass(frozen=True)
class Story:
    """A named story: what happens, what it teaches, its records, its figures."""

    name: str
    title: str
    happens: str
    teaches: str
    serves: tuple[str, ...]
    part: str
    alone: bool
    expect: tuple[Expectation, ...]

    @property
    def path(self) -> Path:
        """The records as a file."""
        return FOLDER / f"{self.name}.jsonl"

    def records(self) -> list[dict[str, Any]]:
        """The records, in the order of the file."""
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]


def stories() -> list[Story]:
    """Every story of this folder, by name."""
    return [_story(path) for path in sorted(FOLDER.glob("*.toml"))]


def _story(path: Path) -> Story:
    told = tomllib.loads(path.read_text("utf-8"))
    expected = []
    for entry in told.pop("expect"):
        ask, why = entry.pop("ask"), entry.pop("why", "")
        question = {name: entry.pop(name) for name in QUESTION if name in entry}
        expected.append(Expectation(path.stem, ask, question, entry, why))
    return Story(
        path.stem, told["title"], told["happens"], told["teaches"], tuple(told["serves"]),
        told["part"], told.get("alone", False), tuple(expected),
    )  # fmt: skip


def page() -> str:
    """The stories as a page of the documentation."""
    told = stories()
    lines = [INTRODUCTION]
    for part in PARTS:
        lines += [f"* {part}", *(f"  * [{s.title}](#{s.name})" for s in told if s.part == part)]
    for part in PARTS:
        lines += [f"\n## {part}"]
        for s in (s for s in told if s.part == part):
            lines += [
                f'\n<a id="{s.name}"></a>\n\n### {s.title}\n',
                f"{fill(s.happens, 100)}\n",
                f"{fill(s.teaches, 100)}\n",
                f"Serves {', '.join(s.serves)}. Records: "
                f"[{s.path.name}](../../tests/stories/{s.path.name}).\n",
                "| asked | figure | worked |\n|---|---|---|",
                *(f"| `{' '.join(e.command)}` | {_shown(e.answer)} | {e.why} |" for e in s.expect),
            ]
    return "\n".join(lines) + "\n"


def _shown(answer: Mapping[str, Any]) -> str:
    told = []
    for name, value in answer.items():
        match name:
            case "value":
                told.append(f"**{_number(value)}**")
            case "none":
                told.append("**none**")
            case "groups" | "buckets":
                told += [f"{group}: **{_number(one)}**" for group, one in value.items()]
            case "excluded":
                told += [f"left out, {reason}: {count}" for reason, count in value.items()]
            case "answered_by":
                told += [f"by {limit} s: {_number(share)}" for limit, share in value.items()]
            case "interval":
                told.append(f"{_number(value[0])} to {_number(value[1])}")
            case _:
                told.append(f"{name.replace('_', ' ')} {_number(value)}")
    return "; ".join(told)


def _number(value: float) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".")


INTRODUCTION = """# Stories

What a figure means is best told by a case. Each of these is a file of records in
[tests/stories](../../tests/stories), and each figure beside it was worked by hand from the
definitions; the tests import the file and ask. To ask yourself:

```console
$ sanjeh --home tale import tests/stories/worked-handle-time.jsonl
$ sanjeh --home tale show handle_time transfer_rate
```

Durations are seconds, shares 0 to 1, instants UTC unless a place is named. The days are in March
2026, which began on a Sunday, and so is the period asked about unless it is given.

This page is written from those files; do not edit it.
"""

if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
