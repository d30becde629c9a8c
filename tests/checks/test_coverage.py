"""Which figures a source can answer, against sources that lack surveys, presence or chats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import built, flat, record, said, shared, status, talk, ticket
from sanjeh.answers.ask import Answers
from sanjeh.checks.coverage import Coverage, by_source, coverage, sources_of, vendor_of
from sanjeh.home import Home
from sanjeh.metrics.catalogue import METRICS
from sanjeh.report.lacking import lacks, untold
from sanjeh.report.language import language_of

pytestmark = pytest.mark.xdist_group("checks")

# Tickets with their changes: no messages, no surveys, nobody's presence.
MAILS = [ticket("t1", "03-02 09:00"), status("t1", "03-03 09:00", "solved")]
# Chats with a satisfaction survey and presence; no tickets.
CHATS = [
    record("agent", id="ann"),
    record("channel", code="chat", channel_kind="realtime"),
    talk("c1", "03-02 09:00", ended_at="03-02 09:30", team_id="north"),
    said("c1", "03-02 09:00"), said("c1", "03-02 09:01", "ann"),
    record("survey", id="s", survey_kind="csat", scale_min=1, scale_max=5),
    record("survey_response", id="r", survey_id="s", conversation_id="c1", score=5,
           submitted_at="03-02 10:00"),
    record("agent_status_event", agent_id="ann", at="03-02 08:00", status="available"),
    record("agent_status_event", agent_id="ann", at="03-02 18:00", status="offline"),
]  # fmt: skip
# Set by the home itself, for all of its sources.
SETTINGS = [record("benchmark", id="b", metric_id="time_per_ticket", origin="target",
                   value=600, unit="seconds", comparator="at most")]  # fmt: skip


@pytest.fixture(scope="module")
def answers(shared_folder: Path) -> Iterator[Answers]:
    def make(path: Path) -> None:
        told = [{**r, "source": "zendesk"} for r in MAILS]
        told += [{**r, "source": "chats"} for r in flat(CHATS)]
        told += [{**r, "source": "settings"} for r in SETTINGS]
        built(path, told)

    shared(shared_folder / "coverage home", make)
    found = Home(shared_folder / "coverage home").answers()
    yield found
    found.close()


@pytest.fixture(scope="module")
def mails(answers: Answers) -> Coverage:
    return coverage(answers, ["zendesk"])


@pytest.fixture(scope="module")
def chats(answers: Answers) -> Coverage:
    return coverage(answers, ["chats"])


def test_each_source_is_told_for_itself_and_each_figure_once(answers: Answers) -> None:
    found = by_source(answers)
    assert sources_of(answers) == ["chats", "zendesk"]  # what the home sets is no source
    assert [c.source for c in found.coverages] == ["chats", "zendesk"]
    assert [c.vendor for c in found.coverages] == [None, "zendesk"]
    for one in found.coverages:
        named = [*one.answered, *one.empty, *one.lacking]
        assert sorted(named) == sorted(METRICS)
        assert sum(whole for _, _, _, whole in one.by_family()) == len(METRICS)
        assert sum(told for _, told, _, _ in one.by_family()) == len(one.answered)
    assert len(found.rows()) == 2 * len(METRICS)


def test_a_source_without_surveys_lacks_what_customers_said(mails: Coverage) -> None:
    assert {"new_tickets", "resolved_tickets", "resolution_time"} <= set(mails.answered)
    assert mails.lacking["satisfaction_score"] == "survey_response"
    assert mails.lacking["nps"] == "survey_response"
    assert mails.lacking["chats_missed"] == "conversation"
    assert mails.lacking["response_time"] == "message"


def test_a_figure_made_of_others_lacks_what_they_lack(mails: Coverage, chats: Coverage) -> None:
    assert "resolution_rate" in mails.answered  # tickets resolved over tickets created
    assert mails.lacking["complaints_per_100_served"] == "feedback or survey_response"
    assert mails.lacking["missed_chats_per_agent"] == "conversation"
    assert chats.lacking["resolution_rate"] == "ticket"
    assert chats.lacking["new_tickets_trend"] == "ticket"


def test_only_a_survey_that_asked_for_it_answers(chats: Coverage) -> None:
    assert "satisfaction_score" in chats.answered
    assert chats.lacking["nps"] == "nps"
    assert chats.lacking["effort_score"] == "ces"
    assert chats.by_need()[0][0] == "ticket"
    assert dict(chats.by_need())["nps"] == {"loyalty": 3}


def test_without_presence_figures_per_agent_are_of_those_who_served(
    mails: Coverage, chats: Coverage
) -> None:
    assert "agents_on_duty" in chats.answered
    assert "chats_per_agent" in chats.answered
    assert mails.lacking["agents_on_duty"] == "agent_status_event"
    # Nobody's messages are there either, so that who served is not known.
    assert mails.lacking["requests_per_agent"] == "agent_status_event"


def test_what_the_home_sets_is_set_for_every_source(mails: Coverage) -> None:
    assert "benchmark" not in mails.lacking.values()


def test_what_could_be_told_and_has_not_happened_is_neither(mails: Coverage) -> None:
    assert "reopenings" in mails.empty  # changes are recorded, and none was a return
    assert "reopenings" not in mails.lacking
    assert "reopenings" not in mails.answered


def test_together_two_sources_answer_what_one_of_them_does(answers: Answers) -> None:
    both = coverage(answers, ["chats", "zendesk"])
    assert both.source is None
    assert {"new_tickets", "satisfaction_score"} <= set(both.answered)
    assert both.lacking["nps"] in ("nps", "survey_response")


def test_of_a_helpdesk_it_is_told_why_it_does_not_tell() -> None:
    english = language_of("en")
    need = "agent_status_event"
    assert untold(need, "zendesk", english) == (
        "Zendesk tells only of Chat when an agent was available"
    )
    assert lacks(need, english) == "it does not say when agents were available"
    assert untold(need, None, english) is None
    assert untold("message or call", "intercom", english) == (
        "Intercom tells of calls only where the plan has its phone"
    )


@pytest.mark.parametrize(
    ("name", "vendor"),
    [("zendesk", "zendesk"), ("Zendesk EU", "zendesk"), ("intercom", "intercom"), ("desk", None)],
)
def test_a_vendor_is_known_by_the_name_of_the_source(name: str, vendor: str | None) -> None:
    assert vendor_of(name) == vendor
