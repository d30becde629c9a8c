"""The carrier: what the apps recorded reaches the ledger, and pages are told to count it."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_world import World

from sanjeh.ledger import Ledger

pytestmark = pytest.mark.usefixtures("tables")


def test_what_was_recorded_is_moved_and_a_refresh_asked_for(tmp_path: Path) -> None:
    from sanjeh.web.jobs.carrying import Carrier
    from sanjeh.web.jobs.models import Job

    desk = World()
    ada = desk.member("Ada")
    carrier = Carrier(tmp_path)
    assert carrier.carry() == 0  # a member alone is nothing to be counted
    assert not Job.objects.filter(kind="refresh").exists()
    desk.served(ada, "v1")
    assert carrier.carry() > 5
    assert Job.objects.filter(kind="refresh", state="waiting").count() == 1
    assert Ledger(tmp_path).rows("agent").num_rows == 1
    assert carrier.carry() == 0
    desk.presence(ada, "break")
    assert carrier.carry() == 1  # from now on everything goes


def test_what_builds_all_facts_anew_does_it_once(tmp_path: Path) -> None:
    from sanjeh.home import Home
    from sanjeh.web.jobs.carrying import Carrier

    desk = World()
    ada = desk.member("Ada")
    carrier = Carrier(tmp_path)
    desk.served(ada, "v1")
    carrier.carry()
    home = Home(tmp_path)
    assert home.ledger().inbox.count() == 0  # the desk's channel was among it
    home.refresh()
    assert home.facts().current().how == "full"
    for visitor in ("v2", "v3"):
        desk.served(ada, visitor)
        assert carrier.carry() > 5
        assert home.ledger().inbox.count() > 5  # which is not moved for every chat
        home.refresh()
        assert home.facts().current().how == "incremental"
    desk.team("sales")
    desk.served(ada, "v4")
    carrier.carry()
    home.refresh()
    assert home.facts().current().how == "full"
    desk.served(ada, "v5")
    carrier.carry()
    home.refresh()
    assert home.facts().current().how == "incremental"


def test_a_seat_that_may_answer_has_a_member_and_one_that_may_not_has_none() -> None:
    from django.contrib.auth.models import User

    from sanjeh.apps.desk.models import Member
    from sanjeh.web.people.models import Seat

    user = User.objects.create_user("mina")
    seat = Seat.objects.create(user=user, role="agent")
    member = Member.objects.get(user=user)
    assert (member.is_active, member.is_supervisor, member.sees_all) == (True, False, False)
    assert Seat.objects.get(pk=seat.pk).agent.startswith("p")
    own = Seat.objects.create(user=User.objects.create_user("olga"), role="agent", agent="pabc")
    assert own.agent == "pabc"  # an agent of the record stays that
    seat.role = "manager"
    seat.save()
    member.refresh_from_db()
    assert (member.is_supervisor, member.sees_all) == (True, True)
    seat.role = "analyst"
    seat.save()
    member.refresh_from_db()
    assert (member.is_active, member.status) == (False, "offline")
    seat.role = "agent"
    seat.save()
    user.is_active = False
    user.save()
    member.refresh_from_db()
    assert member.is_active is False
