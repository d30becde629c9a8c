"""The pages over a made-up operation: every figure, its rows and files, in three languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES, PERIOD, account, rows_of

from sanjeh.metrics.catalogue import METRICS

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")


def test_nobody_sees_a_figure_without_a_seat(site: Path) -> None:
    from django.test import Client

    for path in ("/", "/figures/", "/figure/requests/", "/figure/requests/rows/",
                 "/figure/requests/file/", "/figure/requests/rows/file/", "/ticket/x1/",
                 "/glossary/"):  # fmt: skip
        response = Client().get(path)
        assert response.status_code == 302, path
        assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("code", LANGUAGES)
def test_overview_families_and_glossary_in_each_language(guest: Client, code: str) -> None:
    guest.cookies["language"] = code
    for path in (f"/?{PERIOD}", f"/figures/?{PERIOD}", f"/figures/volume/?{PERIOD}", "/glossary/"):
        response = guest.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        direction = "rtl" if code == "fa" else "ltr"
        assert f'<html lang="{code}" dir="{direction}">' in text
        assert response.headers["Content-Language"] == code


@pytest.mark.slow
@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_figure_has_its_page_and_its_rows(guest: Client, metric: str) -> None:
    for path in (f"/figure/{metric}/?{PERIOD}", f"/figure/{metric}/rows/?{PERIOD}"):
        response = guest.get(path)
        assert response.status_code == 200, path


def test_figure_on_the_page_is_the_one_of_the_answer_and_of_the_files(guest: Client) -> None:
    page = guest.get(f"/figure/new_tickets/?{PERIOD}").content.decode()
    told = json.loads(guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=json").content)
    (result,) = told["results"]
    assert result["value"] > 0
    assert f'data-field="value" dir="ltr">{result["value"]}</data>' in page
    (row,) = rows_of(guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=csv"))
    assert int(row["value"]) == result["value"]
    by_team = rows_of(guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=csv&by=team"))
    assert sum(int(r["value"]) for r in by_team) == result["value"]


def test_difference_has_the_n_of_both(guest: Client) -> None:
    path = "/figure/canned_satisfaction_difference/"
    page = guest.get(f"{path}?{PERIOD}").content.decode()
    (result,) = json.loads(guest.get(f"{path}file/?{PERIOD}&format=json").content)["results"]
    for name in ("n_of", "n_less"):
        n = result["statistics"][name]
        assert f'data-field="statistics.{name}" dir="ltr">{n}</data>' in page


def test_filter_in_the_address_is_the_filter_of_the_figure(guest: Client) -> None:
    told = json.loads(
        guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=json&where=team=north").content
    )
    grouped = json.loads(
        guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=json&by=team").content
    )
    north = [r for r in grouped["results"] if r["group"]["team"]["label"] == "North"]
    assert told["results"][0]["value"] == north[0]["value"]


def test_script_and_formulas_do_nothing(guest: Client) -> None:
    page = guest.get(f"/figure/new_tickets/?{PERIOD}&by=topic").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    found = guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=csv&by=topic")
    assert all(
        not (c or "").startswith(("=", "+", "@")) for r in rows_of(found) for c in r.values()
    )
    policy = guest.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_what_cannot_be_asked_says_why(guest: Client) -> None:
    for path, word in (
        ("/figure/no_such/", "No metric is called"),
        ("/figure/requests/?from=yesterdayish", "yesterdayish"),
        ("/figure/requests/?where=nonsense", "is no condition"),
        ("/figure/requests/?where=moon=full", "cannot be split or filtered"),
        ("/figure/requests/?grain=eon", "is none of"),
    ):
        response = guest.get(path)
        assert response.status_code == 400, path
        assert word in response.content.decode(), path
    assert guest.get("/?" + "x=" + "y" * 5000).status_code == 414


def test_persian_digits_are_read_in_an_address(guest: Client) -> None:
    a = guest.get("/figure/new_tickets/file/?from=۲۰۲۶-۰۲-۰۱&to=۲۰۲۶-۰۳-۰۱&format=json")
    b = guest.get(f"/figure/new_tickets/file/?{PERIOD}&format=json")
    assert (
        json.loads(a.content)["results"][0]["value"]
        == (json.loads(b.content)["results"][0]["value"])
    )


# -- whose rows ------------------------------------------------------------------------------


def test_lead_sees_the_own_team_through_every_door(site: Path) -> None:
    lead = account("lead", "lead", ("desk/north",))
    everyone = account("manager", "manager")

    def tickets(client: Client) -> set[str]:
        path = f"/figure/new_tickets/rows/file/?{PERIOD}&format=csv"
        return {r["ticket"] for r in rows_of(client.get(path))}

    mine, all_of_them = tickets(lead), tickets(everyone)
    assert mine
    assert mine < all_of_them
    other = sorted(all_of_them - mine)[0]
    assert lead.get(f"/ticket/{other}/").status_code == 400
    assert lead.get(f"/ticket/{sorted(mine)[0]}/").status_code == 200
    assert everyone.get(f"/ticket/{other}/").status_code == 200
    for where in ("team=south", "team=south,north"):
        path = f"/figure/new_tickets/rows/file/?{PERIOD}&format=csv&where={where}"
        assert {r["ticket"] for r in rows_of(lead.get(path))} <= mine
    page = lead.get(f"/figure/new_tickets/rows/?{PERIOD}").content.decode()
    assert other not in page


def test_agent_and_a_lead_of_nothing_see_nothing_of_others(site: Path) -> None:
    for client in (account("agent", "agent"), account("idle", "lead")):
        path = f"/figure/requests/file/?{PERIOD}&format=json"
        assert json.loads(client.get(path).content)["results"][0]["value"] == 0


def test_rows_are_no_file_for_guests_and_agents(site: Path, guest: Client) -> None:
    path = f"/figure/requests/rows/file/?{PERIOD}&format=csv"
    assert guest.get(path).status_code == 403
    assert account("agent", "agent").get(path).status_code == 403
    assert account("analyst", "analyst").get(path).status_code == 200


# -- people ----------------------------------------------------------------------------------


def test_first_link_makes_the_administrator_once(site: Path) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from sanjeh.web.people.invitations import invite_first
    from sanjeh.web.people.models import Seat, Trace

    User.objects.all().delete()
    secret = invite_first()
    assert secret is not None
    client = Client()
    assert client.get(f"/welcome/{secret}/").status_code == 200
    weak = client.post(f"/welcome/{secret}/", {"username": "root", "password": "12345"})
    assert weak.status_code == 422
    made = client.post(f"/welcome/{secret}/", {"username": "root", "password": "a long phrase 42"})
    assert made.status_code == 302
    assert Seat.objects.get(user__username="root").role == "administrator"
    assert client.get("/figures/").status_code == 200
    assert Client().get(f"/welcome/{secret}/").status_code == 410
    assert invite_first() is None
    assert Trace.objects.filter(who="root", action="joined").exists()


def test_requests_from_other_sites_are_refused(site: Path) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert client.post("/language/", {"code": "fa"}).status_code == 403
    back = Client().post("/language/", {"code": "fa", "next": "https://evil.example/"})
    assert back.headers["Location"] == "/"
    assert back.cookies["language"].value == "fa"
