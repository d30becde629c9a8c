"""As a helpdesk counts it, through every door: page, file and command say the same number."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from site_cases import LANGUAGES, PERIOD
from typer.testing import CliRunner

from sanjeh.metrics.profiles import PROFILES

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")

# One rule a shape of figure goes through every door at once, the others with the slow tests.
QUICK = {("zendesk", "first_response"), ("intercom", "response_time"), ("chatwoot", "reopenings"),
         ("zendesk", "first_contact_resolution")}  # fmt: skip
RULES = [
    pytest.param(p.name, m, marks=[] if (p.name, m) in QUICK else [pytest.mark.slow])
    for p in PROFILES.values()
    for m in p.rules
]


def told(site: Path, *words: str) -> dict[str, Any]:
    """What the command line says in JSON."""
    from sanjeh.cli.commands import app

    run = CliRunner().invoke(app, [*words, "--home", str(site), "--format", "json"])
    assert run.exit_code == 0, run.output
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize(("profile", "metric"), RULES)
def test_every_door_gives_the_same_figure(
    guest: Client, site: Path, profile: str, metric: str
) -> None:
    query = f"{PERIOD}&profile={profile}"
    page = guest.get(f"/figure/{metric}/?{query}").content.decode()
    (found,) = json.loads(guest.get(f"/figure/{metric}/file/?{query}&format=json").content)[
        "results"
    ]
    assert found["metric"].endswith(f"~{profile}")
    sheet = guest.get(f"/figure/{metric}/file/?{query}&format=csv").content.decode()
    (row,) = csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff")))
    assert row["metric"] == found["metric"]
    shown = re.search(r"sanjeh show [^<]*", page)
    assert shown is not None
    words = shlex.split(html.unescape(shown[0]))[1:]
    assert words[-2:] == ["--profile", profile]
    (same,) = told(site, *words)["results"]
    for name in ("value", "n", "excluded", "statistic", "clock"):
        assert same[name] == found[name], name
    address = f"{metric}~{profile}"
    (again,) = json.loads(guest.get(f"/figure/{address}/file/?{PERIOD}&format=json").content)[
        "results"
    ]
    assert (again["value"], again["n"]) == (found["value"], found["n"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_says_as_whom_it_counts_and_what_that_means(guest: Client, code: str) -> None:
    guest.cookies["language"] = code
    page = guest.get(f"/figure/first_response/?{PERIOD}&profile=zendesk").content.decode()
    assert {"en": "As <bdi>Zendesk</bdi> counts it", "fa": "به شیوهٔ <bdi>Zendesk</bdi>",
            "ru": "Как считает <bdi>Zendesk</bdi>"}[code] in page  # fmt: skip
    assert 'href="https://support.zendesk.com/' in page
    assert "counted as ours" not in page or code == "en"
    other = guest.get(f"/figure/new_tickets/?{PERIOD}&profile=zendesk").content.decode()
    assert {"en": "has no rule for it", "fa": "قاعده‌ای ندارد", "ru": "нет правила"}[code] in other


def test_profile_is_kept_in_links_and_can_be_lifted(guest: Client) -> None:
    page = guest.get(f"/figure/reopenings/?{PERIOD}&profile=chatwoot").content.decode()
    rows = re.search(r'href="(/figure/reopenings/rows/[^"]*)"', page)
    assert rows is not None
    assert "profile=chatwoot" in rows[1]
    assert 'aria-current="true"><bdi>Chatwoot</bdi>' in page
    listed = guest.get(html.unescape(rows[1])).content.decode()
    assert "Chatwoot" in listed
    lifted = re.search(r'href="([^"]*)"[^>]*aria-label="Lift: As Chatwoot', page)
    assert lifted is not None
    assert "profile" not in lifted[1]


def test_unknown_profile_is_told_and_left_aside(guest: Client) -> None:
    answer = guest.get(f"/figure/reopenings/?{PERIOD}&profile=freshdesk")
    assert answer.status_code == 400
    assert "freshdesk" in answer.content.decode()
    file = guest.get(f"/figure/reopenings/file/?{PERIOD}&profile=freshdesk&format=json")
    assert file.status_code == 400
    assert "zendesk" in file.content.decode()


def test_one_period_under_all_definitions(guest: Client, site: Path) -> None:
    start, end = re.findall(r"=([\d-]+)", PERIOD)
    part = guest.get(f"/figure/first_response/later/profiles/?{PERIOD}").content.decode()
    assert re.findall(r'data-profile="(\w+)"', part) == ["ours", "zendesk", "intercom", "chatwoot"]
    whole = guest.get(f"/profiles/?{PERIOD}").content.decode()
    for name in ("resolution_time", "first_contact_resolution", "satisfied_share"):
        assert f'href="/figure/{name}/' in whole
    found = told(site, "compare", "first_response", "--from", start, "--to", end)["compared"]
    assert [row["counted_as"] for row in found] == ["ours", "zendesk", "intercom", "chatwoot"]
    for row in found:
        suffix = "" if row["counted_as"] == "ours" else f"~{row['counted_as']}"
        (alone,) = told(site, "show", f"first_response{suffix}", "--from", start, "--to", end)[
            "results"
        ]
        assert (row["value"], row["n"]) == (alone["value"], alone["n"])
    assert len({row["value"] for row in found}) > 1


def test_overview_and_every_other_page_stand_under_a_profile(guest: Client) -> None:
    for path in ("/", "/satisfaction/", "/backlog/", "/waiting/"):
        assert guest.get(f"{path}?{PERIOD}&profile=intercom").status_code == 200, path


def test_figure_is_found_by_its_address_whatever_stands_first(guest: Client) -> None:
    query = f"{PERIOD}&option=duration.headline%3Dmedian"
    (found,) = json.loads(guest.get(f"/figure/resolution_time/file/?{query}&format=json").content)[
        "results"
    ]
    assert found["metric"] == "resolution_time.median"
    page = guest.get(f"/figure/resolution_time/?{query}")
    assert page.status_code == 200
    assert f"{found['value']}" in page.content.decode()
