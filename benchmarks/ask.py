"""One metric on both clocks, by a dimension of 1,000 groups: milliseconds of an answer.

Every question has another period, so that no answer can be remembered; the first ones warm up.

    python benchmarks/ask.py HOME --questions 60
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import time
from pathlib import Path

from sanjeh.answers.ask import Answers
from sanjeh.answers.question import Question
from sanjeh.engines.duck import DuckEngine
from sanjeh.ledger import Ledger

FIRST = dt.date(2024, 1, 1)
WARM_UP = 5


def questions(metric: str, by: str, count: int, seed: int) -> list[Question]:
    """Periods of 30 to 700 days that all differ."""
    dice = random.Random(seed)
    found: set[tuple[dt.date, dt.date]] = set()
    while len(found) < count:
        start = FIRST + dt.timedelta(days=dice.randrange(0, 600))
        found.add((start, start + dt.timedelta(days=dice.randrange(30, 700))))
    return [
        Question(metrics=(metric,), by=(by,), start=s.isoformat(), end=e.isoformat())
        for s, e in sorted(found, key=lambda _: dice.random())
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--metric", default="resolution_time")
    parser.add_argument("--by", default="topic")
    parser.add_argument("--questions", type=int, default=60)
    given = parser.parse_args()
    answers = Answers(given.home, Ledger(given.home), DuckEngine)
    taken, groups = [], 0
    for number, question in enumerate(
        questions(given.metric, given.by, given.questions + WARM_UP, seed=1)
    ):
        started = time.perf_counter()
        answer = answers.ask(question)
        if number >= WARM_UP:
            taken.append((time.perf_counter() - started) * 1000)
            groups = max(groups, len(answer.results))
    taken.sort()
    print(
        f"{given.metric} by {given.by}: {len(taken)} questions, up to {groups} groups, "
        f"median {statistics.median(taken):.0f} ms, "
        f"95th percentile {taken[int(0.95 * len(taken)) - 1]:.0f} ms, slowest {taken[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
