"""One site over the made-up operation; Django is bound to one home a process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from site_cases import OPERATION

from record_homes import built, shared

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture(scope="session")
def site(shared_folder: Path) -> Path:
    """The site over a home; Django is bound to one home a process."""
    home = shared(shared_folder / "web home", lambda path: built(path, OPERATION))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    from sanjeh.web import site as made

    os.environ["SANJEH_DATABASE"] = str(shared_folder / f"web-{worker}.sqlite3")
    made.prepare(home.path)
    from django.test.utils import setup_test_environment

    setup_test_environment()
    return home.path


@pytest.fixture
def guest(site: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who looks at an open home."""
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "IS_OPEN", True)
    return Client()
