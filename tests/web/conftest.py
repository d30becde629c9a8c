"""One site over the made-up operation; Django is bound to one home a process."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from settings_cases import RECORDS
from site_cases import account

from record_homes import built, shared
from sanjeh.home import Home

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def guest(site: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who looks at an open home."""
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "IS_OPEN", True)
    return Client()


@pytest.fixture(scope="session")
def made(shared_folder: Path) -> Path:
    """A home with the records that the tests of the settings change, to be copied."""
    return shared(shared_folder / "settings home", lambda path: built(path, RECORDS)).path


@pytest.fixture
def desk(site: Path, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own behind the site; figures are brought up to date when a test says so."""
    from django.conf import settings

    from sanjeh.web.steering import refreshing

    home = Home(Path(shutil.copytree(made, tmp_path / "home")))
    monkeypatch.setattr(settings, "HOME", home.path)
    monkeypatch.setattr(refreshing, "begin", lambda who: None)
    return home


@pytest.fixture
def manager(desk: Home) -> Client:
    """Somebody who may write."""
    return account("mina", "manager")
