"""The made-up operation behind the pages, and people who look at them."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_records import HOSTILE as HOSTILE
from site_records import OPERATION as OPERATION

if TYPE_CHECKING:
    from django.test import Client

PERIOD = "from=2026-02-01&to=2026-03-01"
LANGUAGES = ("en", "fa", "ru")


def account(name: str, role: str, teams: tuple[str, ...] = (), agent: str = "") -> Client:
    """Somebody signed in, in a seat."""
    from django.contrib.auth.models import User
    from django.test import Client

    from sanjeh.web.people.models import Seat

    User.objects.filter(username=name).delete()
    user = User.objects.create_user(name, password="long and odd enough")
    Seat.objects.create(user=user, role=role, teams=list(teams), agent=agent)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def text_of(page: str) -> str:
    """A page's words, one space between."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def beside(home: Path) -> dict[str, str]:
    """The environment of a process that works on a home and on this process's own tables."""
    from django.conf import settings

    tables = str(settings.DATABASES["default"]["NAME"])
    return {**os.environ, "SANJEH_HOME": str(home), "SANJEH_DATABASE": tables}
