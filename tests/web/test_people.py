"""People by form: inviting, roles, the last administrator, sessions, second factor, the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from site_cases import account

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("web work")


@pytest.fixture
def root(desk: Home) -> Client:
    """The only administrator."""
    from django.contrib.auth.models import User

    User.objects.all().delete()
    return account("root", "administrator")


def number(name: str) -> int:
    from django.contrib.auth.models import User

    return int(User.objects.get(username=name).pk)


def seat(name: str) -> Any:
    from sanjeh.web.people.models import Seat

    return Seat.objects.get(user__username=name)


def was(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return page.partition('name="was" value="')[2].partition('"')[0]


def test_link_makes_a_lead_of_chosen_teams_once(root: Client) -> None:
    from django.test import Client

    lacking = root.post("/people/", {"role": "lead", "agent": "", "do": "invite"})
    assert lacking.status_code == 422
    assert "choose at least one" in lacking.content.decode()
    sent = {"role": "lead", "teams": ["desk/north", "desk/nowhere"], "agent": "", "do": "invite"}
    page = root.post("/people/", sent).content.decode()
    link = page.partition("<code")[2].partition(">")[2].partition("</code>")[0]
    assert link.startswith("http://testserver/welcome/")
    path = link.removeprefix("http://testserver")
    given = {"username": "lina", "password": "a long phrase 42"}
    assert Client().post(path, given).status_code == 302
    assert (seat("lina").role, seat("lina").teams) == ("lead", ["desk/north"])
    assert Client().get(path).status_code == 410
    page = root.get("/people/").content.decode()
    assert "Team lead · <bdi>North</bdi>" in page
    assert "a long phrase" not in page


def test_link_can_be_withdrawn(root: Client) -> None:
    from django.test import Client

    from sanjeh.web.people.models import Invitation

    page = root.post("/people/", {"role": "guest", "agent": "", "do": "invite"}).content.decode()
    link = page.partition("/welcome/")[2].partition("</code>")[0]
    (one,) = Invitation.objects.filter(role="guest", used_at=None)
    root.post("/people/", {"do": "withdraw", "invitation": one.pk})
    assert Client().get(f"/welcome/{link}").status_code == 410


def test_last_administrator_stays(root: Client) -> None:
    path = f"/people/of/{number('root')}/"
    sent = {"role": "manager", "agent": "", "do": "save", "was": was(root, path)}
    response = root.post(path, sent)
    assert response.status_code == 422
    assert "only administrator" in response.content.decode()
    assert root.post(path, {"do": "leave"}).status_code == 422
    assert seat("root").role == "administrator"
    assert seat("root").user.is_active
    account("second", "administrator")
    assert root.post(path, sent).status_code == 302
    assert seat("root").role == "manager"
    assert root.get("/people/").status_code == 403


def test_shut_out_ends_sessions(root: Client) -> None:
    lead = account("lina", "lead", ("desk/north",))
    assert lead.get("/targets/").status_code == 200
    path = f"/people/of/{number('lina')}/"
    assert root.post(path, {"do": "sessions"}).status_code == 302
    assert lead.get("/targets/").status_code == 302
    lead = account("lina", "lead", ("desk/north",))
    path = f"/people/of/{number('lina')}/"
    assert root.post(path, {"do": "leave"}).status_code == 302
    assert lead.get("/targets/").status_code == 302
    assert not lead.login(username="lina", password="long and odd enough")
    assert root.post(path, {"do": "come"}).status_code == 302
    assert lead.login(username="lina", password="long and odd enough")


def test_role_changed_meanwhile_is_told(root: Client) -> None:
    account("ana", "analyst")
    path = f"/people/of/{number('ana')}/"
    stale = was(root, path)
    sent = {"role": "guest", "agent": "", "do": "save", "was": stale}
    assert root.post(path, sent).status_code == 302
    again = root.post(path, {**sent, "role": "manager"})
    assert again.status_code == 422
    assert "after you opened the form" in again.content.decode()
    assert seat("ana").role == "guest"


def test_administrators_need_a_second_factor_where_that_is_asked(root: Client) -> None:
    from sanjeh.web.people.models import Rule

    try:
        root.post("/people/", {"do": "rule", "second_factor": "yes"})
        response = root.get("/people/")
        assert response.status_code == 302
        assert response.headers["Location"] == "/accounts/2fa/totp/activate/"
        assert account("mina", "manager").get("/targets/").status_code == 200
    finally:
        Rule.objects.all().delete()
    assert root.get("/people/").status_code == 200


def test_trail_tells_who_did_what_and_no_secret(root: Client) -> None:
    from sanjeh.web.people.models import Trace
    from sanjeh.web.people.trail import trace

    Trace.objects.all().delete()
    for n in range(60):
        trace("lina", "took a file", f"<b>{n}</b>")
    root.post("/people/", {"role": "guest", "agent": "", "do": "invite"})
    page = root.get("/people/trail/").content.decode()
    assert page.count("<tr>") == 51
    assert "<bdi>root</bdi>" in page
    assert "&lt;b&gt;59&lt;/b&gt;" in page
    older = root.get("/people/trail/?page=2").content.decode()
    assert older.count("<tr>") == 12
    own = root.get("/people/trail/?who=root&action=invited").content.decode()
    assert own.count("<tr>") == 2
    assert "took a file</td>" not in own
    none = root.get("/people/trail/?to=۱۴۰۰/۰۱/۰۱").content.decode()
    assert "No line fits." in none


def test_guessing_passwords_is_slowed_down(root: Client) -> None:
    from django.core.cache import cache
    from django.test import Client

    cache.clear()
    guesser = Client()
    given = {"login": "root", "password": "wrong"}
    pages = [guesser.post("/accounts/login/", given) for _ in range(12)]
    assert "Too many" in pages[-1].content.decode() or pages[-1].status_code == 429
    right = {"login": "root", "password": "long and odd enough"}
    refused = guesser.post("/accounts/login/", right)
    assert refused.status_code != 302
    cache.clear()
