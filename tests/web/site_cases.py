"""The made-up operation behind the pages, and people who look at them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from generated_records import Operation

if TYPE_CHECKING:
    from django.test import Client

PERIOD = "from=2026-02-01&to=2026-03-01"
HOSTILE = '<script>alert(1)</script>,=cmd|" /C calc"!A1'
OPERATION = [
    *Operation(5).operation(tickets=40, conversations=30),
    {"kind": "topic", "id": "hostile", "name": HOSTILE},
    {"kind": "ticket", "id": "x1", "created_at": "2026-02-10T09:00:00Z", "topic_id": "hostile",
     "team_id": "north"},
]  # fmt: skip
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
