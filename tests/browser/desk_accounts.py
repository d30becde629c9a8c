"""People signed in at a served home: each has a session, made beside the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

MAKE = """
import json, sys
from pathlib import Path
from sanjeh.web import site
site.prepare(Path(sys.argv[1]))
from django.contrib.auth.models import User
from django.test import Client
from sanjeh.web.people.models import Seat
found = {}
for name, role, teams, agent in json.loads(sys.argv[2]):
    User.objects.filter(username=name).delete()
    user = User.objects.create_user(name, password="long and odd enough")
    Seat.objects.create(user=user, role=role, teams=teams, agent=agent)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found[name] = client.cookies["sessionid"].value
print(json.dumps(found))
"""
Person = tuple[str, str, list[str], str]  # name, role, teams, agent


def sessions(home: Path, people: list[Person]) -> dict[str, str]:
    """The session of each person, by name."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE, str(home), json.dumps(people)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found: dict[str, str] = json.loads(made.stdout)
    return found
