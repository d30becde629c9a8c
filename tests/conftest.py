"""Homes that several rooms' tests share, each built once for all workers.

Slow cases that hold one rule for every metric in turn are some 1,600 and take hours. Of those a run
takes the quarter that falls to the sources as they are, so that every change is held against
another; `make exhaustive` takes them all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import Desk, built, of_stories, shared
from site_records import OPERATION

EVERY_METRIC = (
    "test_two_routes.py", "test_two_engines.py", "test_viewer_scope.py", "test_counts_by_day.py",
    "test_pages.py",
)  # fmt: skip
QUARTERS = 4


def _quarter() -> int | None:
    """Which quarter falls to the sources; None where all are wanted."""
    given = os.environ.get("SANJEH_QUARTER", "")
    if given:
        return None if given == "all" else (int(given) - 1) % QUARTERS
    git = shutil.which("git")
    if git is None:
        return 0
    asked = [git, "rev-parse", "HEAD:src"]
    told = subprocess.run(asked, cwd=Path(__file__).parent.parent, capture_output=True, text=True)
    return int(told.stdout.strip() or "0", 16) % QUARTERS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the slow cases of the other quarters."""
    quarter = _quarter()
    if quarter is None:
        return
    out = [
        item for item in items
        if item.path.name in EVERY_METRIC and item.get_closest_marker("slow")
        and zlib.crc32(item.name.encode()) % QUARTERS != quarter
    ]  # fmt: skip
    gone = set(out)
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in gone]


def pytest_report_header() -> str:
    """Say which quarter it is."""
    quarter = _quarter()
    which = "all" if quarter is None else f"quarter {quarter + 1} of {QUARTERS}"
    return f"slow cases of every metric: {which} (SANJEH_QUARTER=1 to {QUARTERS}, or all)"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every worker of this run sees."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def world(shared_folder: Path) -> Iterator[Desk]:
    """The home of every story that the collected modules tell."""
    desk = Desk(shared(shared_folder / "stories", of_stories))
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def bound(shared_folder: Path) -> Path:
    """Django, bound to the folder of a home that is empty yet, with its tables made.

    Only this process is: one that a test starts has the tables of the home that it is given.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    from sanjeh.web import site as made

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANJEH_DATABASE", str(shared_folder / f"web-{worker}.sqlite3"))
        made.prepare(shared_folder / "web home")
    from django.test.utils import setup_test_environment

    setup_test_environment()
    return shared_folder / "web home"


@pytest.fixture(scope="session")
def site(bound: Path) -> Path:
    """The site over a home; Django is bound to one home a process."""
    return shared(bound, lambda path: built(path, OPERATION)).path
