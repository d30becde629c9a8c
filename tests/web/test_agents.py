"""Agents and the page of one (D6): the mean, no ranking of few, and whose page may be opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from site_cases import LANGUAGES, PERIOD, account, text_of

from sanjeh.answers.people import Agent
from sanjeh.answers.question import Result
from sanjeh.web.pages.agents import ordered
from sanjeh.web.pages.colleagues import mean_of

if TYPE_CHECKING:
    from django.test import Client

ONE = f"{PERIOD}&column=conversations_served"
pytestmark = pytest.mark.xdist_group("web")


def result(metric: str, value: float | None, n: int, **more: Any) -> Result:
    """A figure of one agent."""
    given = {"unit": "share", "direction": "up", "statistic": "value", "clock": "calendar"}
    return Result(
        metric=metric, title=metric, value=value, n=n, period={}, filters={},
        definition_id=metric, definition_version=1, **{**given, **more},
    )  # fmt: skip


@pytest.fixture(scope="module")
def people(site: Path) -> dict[str, str]:
    """Pseudonyms of agents by name."""
    from sanjeh.answers.people import agents
    from sanjeh.web.pages.door import doors

    with doors().answers() as answers:
        return {a.name: a.id for a in agents(answers)}


# -- arithmetic ------------------------------------------------------------------------------


def test_mean_of_a_share_is_put_together_from_its_parts() -> None:
    few = result("satisfied_share", 0.25, 4, numerator=1, denominator=4)
    many = result("satisfied_share", 0.75, 16, numerator=12, denominator=16)
    found = mean_of("satisfied_share", [few, many])
    assert found is not None
    assert found.value == pytest.approx(0.65)  # 13 of 20; the mean of the shares would be 0.5


def test_mean_of_a_mean_weighs_its_rows_and_of_a_count_each_agent() -> None:
    times = [result("handle_time", 10, 1, statistic="mean", unit="seconds"),
             result("handle_time", 40, 3, statistic="mean", unit="seconds")]  # fmt: skip
    weighed = mean_of("handle_time", times)
    counts = [result("transfers", 10, 10, unit="transfers"),
              result("transfers", 30, 30, unit="transfers"),
              result("transfers", None, 0, unit="transfers")]  # fmt: skip
    counted = mean_of("transfers", counts)
    assert weighed is not None
    assert counted is not None
    assert weighed.value == 32.5
    assert (counted.value, counted.agents) == (20, 2)


def test_median_of_medians_is_not_made_up() -> None:
    assert mean_of("resolution_time", [result("resolution_time", 5, 3, statistic="median")]) is None
    assert mean_of("transfers", []) is None


def test_figures_of_few_rows_are_not_ranked() -> None:
    names = ("Ann", "Bea", "Cem", "Dan")
    people = [Agent(n.lower(), n, None, None) for n in names]
    found = {
        "ann": result("satisfied_share", 0.5, 20),
        "bea": result("satisfied_share", 1.0, 19),  # one row too few to be ranked
        "cem": result("satisfied_share", 0.9, 100),
    }  # fmt: skip
    assert [a.name for a in ordered(people, found, "-satisfied_share")] == [
        "Cem", "Ann", "Bea", "Dan",
    ]  # fmt: skip
    assert [a.name for a in ordered(people, found, "satisfied_share")] == [
        "Ann", "Cem", "Bea", "Dan",
    ]  # fmt: skip
    assert [a.name for a in ordered(people, found, "-name")] == ["Dan", "Cem", "Bea", "Ann"]


# -- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_agents_in_each_language(guest: Client, people: dict[str, str], code: str) -> None:
    guest.cookies["language"] = code
    for path in ("/agents/", f"/agent/{people['Fay 1']}/"):
        response = guest.get(f"{path}?{PERIOD}")
        assert response.status_code == 200
        assert "Fay 1" in response.content.decode()


def test_agent_stands_beside_the_mean_of_the_team(guest: Client, people: dict[str, str]) -> None:
    columns = f"{ONE}&team=desk/five"
    table = text_of(guest.get(f"/agents/?{columns}").content.decode())
    assert "Mean 1.2 Fay 1 Five 2 Fay 2 Five 1 Fay 3" in table
    assert "Ann" not in table
    page = text_of(guest.get(f"/agent/{people['Fay 1']}/?{PERIOD}").content.decode())
    assert "Conversations served the agent who had the contact last 2 1.2" in page
    assert "five1" in page  # a recent conversation
    assert "five2" not in page  # which is another agent's


def test_what_cannot_be_a_column_is_refused(guest: Client) -> None:
    assert guest.get("/agents/?column=backlog_new").status_code == 400
    assert guest.get("/agents/?column=nonsense").status_code == 400
    many = "&".join(f"column=c{n}" for n in range(30))
    assert guest.get(f"/agents/?{many}").status_code == 400


# -- whose page ------------------------------------------------------------------------------


def test_agent_opens_the_own_page_only(site: Path, people: dict[str, str]) -> None:
    fay = account("fay", "agent", agent=people["Fay 1"])
    own = fay.get(f"/agent/{people['Fay 1']}/?{PERIOD}")
    assert own.status_code == 200
    for other in ("Fay 2", "Ann"):
        refused = fay.get(f"/agent/{people[other]}/?{PERIOD}")
        assert refused.status_code == 400
        assert "No such agent" in text_of(refused.content.decode())
    everybody = text_of(fay.get(f"/agents/?{ONE}").content.decode())
    assert "Fay 1" in everybody
    assert "Fay 2" not in everybody


def test_agent_is_told_the_mean_of_five_and_more(site: Path, people: dict[str, str]) -> None:
    fay = account("fay", "agent", agent=people["Fay 1"])
    of_five = text_of(fay.get(f"/agent/{people['Fay 1']}/?{PERIOD}").content.decode())
    assert "Conversations served the agent who had the contact last 2 1.2" in of_five
    ann = account("ann", "agent", agent=people["Ann"])  # the north has two agents
    of_two = text_of(ann.get(f"/agent/{people['Ann']}/?{PERIOD}").content.decode())
    assert "fewer than five agents" in of_two


def test_lead_opens_pages_of_the_own_team_only(site: Path, people: dict[str, str]) -> None:
    lead = account("lead", "lead", ("desk/north",))
    assert lead.get(f"/agent/{people['Ann']}/?{PERIOD}").status_code == 200
    assert lead.get(f"/agent/{people['Cem']}/?{PERIOD}").status_code == 400
    page = text_of(lead.get(f"/agents/?{ONE}").content.decode())
    assert "Bea" in page
    assert "Cem" not in page
    assert "Fay" not in page
    other = text_of(lead.get(f"/agents/?{ONE}&team=desk/five").content.decode())
    assert "Fay" not in other
    idle = account("idle", "lead")
    assert "No agents here" in text_of(idle.get(f"/agents/?{ONE}").content.decode())
