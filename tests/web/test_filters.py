"""The bar: address, question and command say the same; filters, scopes, refusals."""

from __future__ import annotations

import html
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_cases import HOSTILE, PERIOD, account, text_of
from typer.testing import CliRunner

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")

VALUES = ("North", "a,b", 'say "so"', "میانه", "unknown", "=1+1", "x&y=z")


def figure(client: Client, metric: str, query: str) -> list[dict[str, Any]]:
    response = client.get(f"/figure/{metric}/file/?{query}&format=json")
    assert response.status_code == 200, response.content.decode()
    results: list[dict[str, Any]] = json.loads(response.content)["results"]
    return results


def boxes(page: str) -> dict[str, int]:
    """The values that a page offers to choose from, with their rows."""
    found = re.findall(
        r'name="value" value="([^"]*)"[^>]*>\s*<bdi>[^<]*</bdi><small> ([\d,]+)</small>', page
    )
    return {html.unescape(value): int(n.replace(",", "")) for value, n in found}


# -- address, question, command --------------------------------------------------------------


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.sampled_from([None, "2026-02-01", "1404-11-12", "2026-02"]),
    last=st.sampled_from([None, "7d", "last_quarter"]),
    compare=st.sampled_from([None, "previous", "last_year", "none"]),
    zone=st.sampled_from([None, "Asia/Tehran"]),
    week_start=st.sampled_from([None, "sat"]),
    grain=st.sampled_from([None, "week", "quarter"]),
    values=st.lists(st.sampled_from(VALUES), min_size=1, max_size=4, unique=True),
    operator=st.sampled_from(["is", "is_not"]),
    option=st.sampled_from([(), ("reopen.window=7",), ("frt.count_bot=yes", "noise=include")]),
)  # fmt: skip
def test_address_and_what_it_asks_are_one(
    site: Path, start: str | None, last: str | None, compare: str | None, zone: str | None,
    week_start: str | None, grain: str | None, values: list[str], operator: str,
    option: tuple[str, ...],
) -> None:  # fmt: skip
    from django.http import QueryDict

    from sanjeh.web.pages.asking import Asked

    asked = Asked(start=start, last=None if start else last, compare=compare, zone=zone,
                  week_start=week_start, grain=grain, option=option)  # fmt: skip
    asked = Asked(**{**asked.__dict__, "where": asked.narrowed("team", *values, operator=operator)})
    again = Asked.of(QueryDict(asked.link("/").partition("?")[2]))
    assert again == asked
    assert again.question("requests").where == (("team", operator, tuple(values)),)
    assert again.question("requests").zone == zone
    assert dict(again.question("requests").options) == dict(o.split("=") for o in option)


def test_printed_command_gives_the_number_of_the_page(guest: Client, site: Path) -> None:
    from sanjeh.cli.commands import app

    hostile = HOSTILE.replace('"', '""')
    query = urlencode([
        ("from", "2026-02-01"), ("to", "2026-03-01"), ("zone", "Asia/Tehran"),
        ("compare", "previous"), ("where", "team=north,South"), ("where", f'topic!="{hostile}"'),
        ("option", "noise=include"), ("week_start", "sat"),
    ])  # fmt: skip
    page = guest.get(f"/figure/new_tickets/?{query}").content.decode()
    found = re.search(r"sanjeh show new_tickets[^<]*", page)
    assert found is not None
    words = shlex.split(html.unescape(found[0]))[1:]
    told = CliRunner().invoke(app, [*words, "--home", str(site), "--format", "json"])
    assert told.exit_code == 0, told.output
    (result,) = json.loads(told.stdout)["results"]
    (same,) = figure(guest, "new_tickets", query)
    assert result["value"] == same["value"] > 0
    assert result["previous_value"] == same["previous_value"]


def test_form_of_the_bar_leads_to_the_plain_address(guest: Client) -> None:
    given = urlencode([
        ("to_page", "/figures/volume/"), ("from", "۱۴۰۴/۱۱/۱۲"), ("to", ""), ("grain", ""),
        ("dimension", "team"), ("operator", "is_not"), ("value", "North"), ("value", "a,b"),
        ("option.reopen.window", "۷"), ("option.noise", "leave out"),
    ])  # fmt: skip
    answer = guest.get(f"/asked/?{given}")
    assert answer.status_code == 302
    wanted = [("from", "1404/11/12"), ("where", 'team!=North,"a,b"'), ("option", "reopen.window=7")]
    assert answer.headers["Location"] == f"/figures/volume/?{urlencode(wanted)}"
    away = guest.get("/asked/?to_page=//evil.example/&from=2026-02-01")
    assert away.headers["Location"] == "/?from=2026-02-01"


# -- filters ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dimension", ["channel", "team", "agent", "topic", "priority", "weekday"])
def test_filter_by_a_value_is_its_group(guest: Client, dimension: str) -> None:
    groups = figure(guest, "new_tickets" if dimension != "channel" else "conversations",
                    f"{PERIOD}&by={dimension}")  # fmt: skip
    metric = groups[0]["definition_id"]
    known = {r["group"][dimension]["label"]: r for r in groups if r["group"][dimension]["key"]}
    assert known
    for label, group in list(known.items())[:3]:
        value = '"' + label.replace('"', '""') + '"'
        (alone,) = figure(guest, metric, f"{PERIOD}&where={quote(f'{dimension}={value}')}")
        assert alone["value"] == group["value"], label


def test_values_are_offered_with_their_rows(guest: Client) -> None:
    path = f"/values/?{PERIOD}&dimension=team&of=new_tickets&to_page=/"
    offered = boxes(guest.get(path).content.decode())
    groups = figure(guest, "new_tickets", f"{PERIOD}&by=team")
    assert offered == {
        r["group"]["team"]["label"]: r["n"] for r in groups if r["n"]
    }  # fmt: skip
    searched = boxes(guest.get(f"{path}&q=nor").content.decode())
    assert list(searched) == ["North"]
    chosen = guest.get(f"{path}&where=team=North").content.decode()
    assert boxes(chosen) == offered  # its own condition does not narrow what is offered
    assert re.search(r'value="North" checked', chosen)


def test_lead_is_offered_the_own_team_and_agents_alone(site: Path) -> None:
    lead = account("filter lead", "lead", ("desk/north",))
    path = f"/values/?{PERIOD}&of=new_tickets&to_page=/&dimension="
    teams = boxes(lead.get(f"{path}team").content.decode())
    assert set(teams) == {"North"}
    everyone = account("filter manager", "manager")
    assert {"North", "South"} <= set(boxes(everyone.get(f"{path}team").content.decode()))
    mine = set(boxes(lead.get(f"{path}agent").content.decode()))
    theirs = set(boxes(everyone.get(f"{path}agent").content.decode())) - mine
    assert theirs
    page = lead.get(f"{path}agent").content.decode()
    assert not [name for name in theirs - {"unknown"} if f"<bdi>{name}</bdi>" in page]


def test_chips_name_what_is_in_force_and_lift_it(guest: Client) -> None:
    page = guest.get(
        f"/figure/new_tickets/?{PERIOD}&where=team=north,South&option=noise=include"
    ).content.decode()
    words = text_of(page)
    assert "Team: north" in words
    assert "Team: South" in words
    assert "Requests that need no reply: count too" in words
    kept = html.escape(f"/figure/new_tickets/?{PERIOD}&where=team%3DSouth&option=noise%3Dinclude")
    assert f'href="{kept}"' in page
    cleared = html.escape(f"/figure/new_tickets/?{PERIOD}")
    assert f'href="{cleared}"' in page


def test_figures_that_a_filter_cannot_apply_to_are_told(guest: Client) -> None:
    page = guest.get(f"/figures/volume/?{PERIOD}&where=outcome=missed")
    assert page.status_code == 200
    words = text_of(page.content.decode())
    assert "A filter by Outcome cannot apply to:" in words
    refused = guest.get(f"/figure/new_tickets/file/?{PERIOD}&where=outcome=missed&format=csv")
    assert refused.status_code == 400


# -- what cannot be read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "word"), [("en", "is no date"), ("fa", "تاریخ نیست"), ("ru", "не дата")]
)
def test_date_typed_wrongly_is_answered_beside_its_field(
    guest: Client, code: str, word: str
) -> None:
    guest.cookies["language"] = code
    answer = guest.get("/figure/new_tickets/?from=31.02.2026&to=2026-03-01")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert re.search(r'name="from" value="31.02.2026"[^>]*aria-invalid="true"', page)
    assert word in page
    assert 'data-metric="new_tickets"' in page  # the rest of the page is there
    refused = guest.get("/figure/new_tickets/file/?from=31.02.2026&format=csv")
    assert refused.status_code == 400


def test_jalali_dates_and_any_digits_are_the_same_period(guest: Client) -> None:
    (wanted,) = figure(guest, "new_tickets", PERIOD)
    for start, end in (("1404-11-12", "1404-12-10"), ("۱۴۰۴/۱۱/۱۲", "۱۴۰۴/۱۲/۱۰"),
                       ("١٤٠٤-١١-١٢", "2026-03-01")):  # fmt: skip
        (same,) = figure(guest, "new_tickets", urlencode({"from": start, "to": end}))
        assert same["value"] == wanted["value"] > 0


@pytest.mark.parametrize("query", [
    "from=1970-01-01&to=2029-01-01",  # longer than 15 years
    "from=9999-12-31", "from=0001-01-01", "to=2026-02-01&from=2026-02-01",
    "last=999999999d", "zone=../../etc/passwd", "week_start=yesterday",
    "from=2016-01-01&to=2026-01-01&grain=hour",
    "where=hour=99", "where=hour=9abc", "where=weekday=noday", "where=team=nobody",
    "where=attr.moon=full", "option=moon=full", "option=small_n=many",
    "&".join(f"where=team=t{n}" for n in range(21)),
    "where=team=" + ",".join(f"t{n}" for n in range(101)),
    "by=team&by=agent&by=topic&by=channel",
])  # fmt: skip
def test_hostile_or_oversized_questions_are_refused(guest: Client, query: str) -> None:
    for code in ("en", "fa"):
        guest.cookies["language"] = code
        answer = guest.get(f"/figure/conversations/?{query}")
        assert answer.status_code == 400
        assert "Traceback" not in answer.content.decode()
    assert guest.get(f"/figure/conversations/file/?{query}&format=csv").status_code == 400


def test_refusals_are_in_the_readers_language(guest: Client) -> None:
    guest.cookies["language"] = "fa"
    page = guest.get(f"/figure/new_tickets/?{PERIOD}&where=team=nort").content.decode()
    assert "منظورتان North, South است؟" in text_of(page)
    long = guest.get("/?where=" + "y" * 5000)
    assert long.status_code == 414
    assert "نشانی" in long.content.decode()


@pytest.mark.parametrize(
    "where", ["state=open", "outcome=missed", "survey_kind=csat", "age=unknown"]
)
def test_overview_stands_under_a_filter_that_most_of_it_does_not_have(
    guest: Client, where: str
) -> None:
    answer = guest.get(f"/?{PERIOD}&where={where}")
    assert answer.status_code == 200
    assert "cannot apply to:" in text_of(answer.content.decode())
