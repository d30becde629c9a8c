"""Makes a desk for a served home: members who are signed in, an allowed shop, a shared secret.

    python made_desk.py HOME '{"members": [{"name": "mina", "teams": ["North"]}]}'

Prints what the tests need to know: {members: {name: {id, session}}, teams: {name: id}, identity}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SHOP = "https://shop.example"


def make(home: Path, wanted: dict[str, Any]) -> dict[str, Any]:
    """Make it in the site's tables."""
    home.mkdir(parents=True, exist_ok=True)
    from sanjeh.web import site

    site.prepare(home)
    from django.utils import timezone

    from sanjeh.apps.desk import members, rules
    from sanjeh.apps.site import secrets
    from sanjeh.apps.site.models import Setup

    now = timezone.now()
    Setup.objects.create(origins=[SHOP], assumes_consent=True)
    rules.change(now, **wanted.get("rules", {}))
    names = {team for one in wanted["members"] for team in one.get("teams", [])}
    teams = {name: members.make_team(now, name) for name in sorted(names)}
    return {
        "members": {one["name"]: _member(one, teams, now) for one in wanted["members"]},
        "teams": {name: team.pk for name, team in teams.items()},
        "identity": secrets.change("identity", now),
    }


def _member(one: dict[str, Any], teams: dict[str, Any], now: Any) -> dict[str, Any]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    from sanjeh.apps.desk import members
    from sanjeh.apps.desk.models import Member
    from sanjeh.web.people.models import Seat

    user = User.objects.create_user(one["name"], password="long and odd enough")
    Seat.objects.create(user=user, role=one.get("role", "agent"))  # a member comes along
    member = members.change(
        now, Member.objects.get(user=user), name=one["name"].title(), limit=one.get("limit", 5),
        teams=[teams[name] for name in one.get("teams", [])],
    )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"id": member.pk, "session": session.session_key}


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), json.loads(sys.argv[2]))))
