"""Homes that several rooms' tests share, each built once for all workers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import Desk, built, of_stories, shared
from site_records import OPERATION


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
    """Django, bound to the folder of a home that is empty yet, with its tables made."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    from sanjeh.web import site as made

    os.environ["SANJEH_DATABASE"] = str(shared_folder / f"web-{worker}.sqlite3")
    made.prepare(shared_folder / "web home")
    from django.test.utils import setup_test_environment

    setup_test_environment()
    return shared_folder / "web home"


@pytest.fixture(scope="session")
def site(bound: Path) -> Path:
    """The site over a home; Django is bound to one home a process."""
    return shared(bound, lambda path: built(path, OPERATION)).path
