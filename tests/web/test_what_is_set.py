"""Holidays, targets, topics, tags, events and decisions by form: records, figures, suggestions."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from settings_cases import HOSTILE, rows, seen
from site_cases import account

from sanjeh.answers.question import Question
from sanjeh.steering.national import suggested

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.answers.question import Answer
    from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("web work")

APRIL = {"start": "2026-04-01", "end": "2026-05-01"}


def ask(home: Home, *metrics: str, **asked: Any) -> Answer:
    """Figures after bringing them up to date."""
    home.refresh()
    answers = home.answers()
    try:
        return answers.ask(Question(metrics, **asked))
    finally:
        answers.close()


# -- holidays ------------------------------------------------------------------------------------


def test_iran_has_persian_names_and_days_that_go_by_the_moon() -> None:
    found = suggested("IR", dt.date(2026, 3, 21), dt.date(2026, 4, 14), "fa")
    assert [(s.on.isoformat(), s.by_moon) for s in found] == [
        ("2026-03-21", False), ("2026-03-22", False), ("2026-03-23", False),
        ("2026-03-24", False), ("2026-04-01", False), ("2026-04-02", False),
        ("2026-04-14", True),
    ]  # fmt: skip
    assert found[4].name == "روز جمهوری اسلامی"
    (victory,) = suggested("ru", dt.date(2026, 5, 9), dt.date(2026, 5, 9), "ru")
    assert (victory.name, victory.by_moon) == ("День Победы", False)


def test_national_holidays_are_taken_as_mended(desk: Home, manager: Client) -> None:
    path = "/settings/holidays/suggested/?country=IR&year=1405"
    page = manager.get(path).content.decode()
    assert "announces each by the moon" in page
    sent = {
        "calendar_id": "office", "take-0": "yes", "date-0": "۱۴۰۵/۰۱/۱۷", "name-0": HOSTILE,
        "hours-0": "08:00-12:00", "take-1": "yes", "date-1": "1405-01-02", "name-1": "Nowruz",
        "hours-1": "",
    }  # fmt: skip
    assert manager.post(path, {**sent, "date-1": "1405-13-02"}).status_code == 422
    assert rows(desk, "holiday") == []
    assert manager.post(path, sent).status_code == 302
    second, first = sorted(rows(desk, "holiday"), key=lambda r: r["date"])
    assert (second["date"], second["name"]) == (dt.date(2026, 3, 22), "Nowruz")
    assert second["open_intervals"] is None
    assert (first["date"], first["calendar_id"]) == (dt.date(2026, 4, 6), "desk/office")
    assert json.loads(first["open_intervals"]) == [{"from": "08:00", "to": "12:00"}]
    assert "<script>alert" not in manager.get("/settings/holidays/?year=1405").content.decode()
    # Monday 6 April 9:00 to 12:00 and Tuesday 8:00 to 10:00: 5 hours.
    answer = ask(desk, "resolution_time.mean@open", **APRIL)
    assert answer.results[0].value == 18_000.0


def test_holiday_is_moved_and_deleted(desk: Home, manager: Client) -> None:
    sent = {"date": "2026-04-06", "name": "Feast", "kind": "public", "calendar_id": "",
            "open_intervals": "", "do": "save"}  # fmt: skip
    assert manager.post("/settings/holidays/new/", sent).status_code == 302
    # Monday is closed: Tuesday 8:00 to 10:00.
    assert ask(desk, "resolution_time.mean@open", **APRIL).results[0].value == 7_200.0
    assert manager.post("/settings/holidays/new/", sent).status_code == 422
    (row,) = rows(desk, "holiday")
    path = f"/settings/holidays/day/{row['id']}/"
    moved = {**sent, "date": "1405-01-18", "seen": seen(manager, path)}
    assert manager.post(path, moved).status_code == 302
    (there,) = rows(desk, "holiday", deleted_at=None)
    assert there["date"] == dt.date(2026, 4, 7)
    # Monday 9:00 to 16:00.
    assert ask(desk, "resolution_time.mean@open", **APRIL).results[0].value == 25_200.0
    path = f"/settings/holidays/day/{there['id']}/"
    assert manager.post(path, {"do": "delete", "seen": seen(manager, path)}).status_code == 302
    assert rows(desk, "holiday", deleted_at=None) == []


# -- targets -------------------------------------------------------------------------------------


def target(**changed: str) -> dict[str, str]:
    """The form of a target."""
    return {
        "metric_id": "resolution_time", "origin": "target", "value": "30 h",
        "comparator": "at_most", "name": "", "cite": "", "valid_from": "", "valid_to": "",
        "scope-channel": "", "scope-team": "", "scope-agent": "", "scope-topic": "",
        "scope-segment": "", "do": "save", **changed,
    }  # fmt: skip


def test_target_is_kept_and_old_periods_keep_the_old_one(desk: Home, manager: Client) -> None:
    assert ask(desk, "resolution_time", **APRIL).results[0].status is None
    assert manager.post("/targets/new/", target()).status_code == 302
    (row,) = rows(desk, "benchmark")
    assert (row["metric_id"], row["origin"], row["value"], row["unit"], row["comparator"]) == (
        "resolution_time", "target", 108_000.0, "seconds", "at_most",
    )  # fmt: skip
    # Each ticket took 25 hours.
    result = ask(desk, "resolution_time", **APRIL).results[0]
    assert (result.value, result.target, result.status) == (90_000.0, 108_000.0, "met")
    path = f"/targets/of/{row['id']}/"
    later = target(value="۲۰ ساعت", valid_from="2026-04-01", seen=seen(manager, path))
    assert manager.post(path, later).status_code == 302
    assert len(rows(desk, "benchmark")) == 2
    april = ask(desk, "resolution_time", **APRIL).results[0]
    march = ask(desk, "resolution_time", start="2026-03-01", end="2026-04-01").results[0]
    assert (april.target, april.status) == (72_000.0, "missed")
    assert (march.target, march.status) == (108_000.0, "met")
    page = manager.get("/targets/").content.decode().replace("\u00a0", " ")
    assert "+5 h" in page  # 25 h are 5 h over 20 h
    assert "80.0%" in page  # 20 h of 25 h


def test_target_of_a_team_holds_for_the_team(desk: Home, manager: Client) -> None:
    sent = target(**{"scope-team": "desk/north", "value": "1:30"})
    assert manager.post("/targets/new/", sent).status_code == 302
    (row,) = rows(desk, "benchmark")
    assert json.loads(row["scope"]) == {"team": "desk/north"}
    assert row["value"] == 5_400.0
    narrowed = ask(desk, "resolution_time", where=(("team", "is", ("North",)),), **APRIL)
    assert narrowed.results[0].target == 5_400.0
    assert ask(desk, "resolution_time", **APRIL).results[0].target is None


def test_competitor_needs_name_source_and_date(desk: Home, manager: Client) -> None:
    response = manager.post("/targets/new/", target(origin="competitor", value="a day"))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("This is needed.") == 3
    assert "is not a length of time" in page
    assert rows(desk, "benchmark") == []
    whole = target(origin="competitor", name="Acme", cite="report 2026", valid_from="2026-01-31")
    assert manager.post("/targets/new/", whole).status_code == 302
    # A comparison grades nothing: no target was set.
    assert ask(desk, "resolution_time", **APRIL).results[0].status is None
    assert "Acme" in manager.get("/targets/").content.decode()


def test_suggestion_is_of_whole_months_and_sets_nothing(desk: Home, manager: Client) -> None:
    page = manager.get("/targets/suggested/?metric=resolution_time&k=5").content.decode()
    page = page.replace("\u00a0", " ")
    # April and March took 25 hours, February 10; January is before the record.
    assert "whole months looked back on: 3" in page
    assert page.count("<bdi>25 h</bdi>") == 3  # two months and the median
    assert page.count("<bdi>10 h</bdi>") == 2  # one month and the best quartile
    assert "value=25+h" in page
    assert rows(desk, "benchmark") == []


# -- topics and tags -----------------------------------------------------------------------------


def test_topic_is_renamed_and_its_past_follows(desk: Home, manager: Client) -> None:
    sent = {"name": "Shipping", "parent_id": "", "class": "", "product": "", "do": "save"}
    assert manager.post("/settings/topics/new/", sent).status_code == 302
    (above,) = rows(desk, "topic", name="Shipping")
    path = "/settings/topics/of/desk/late/"
    changed = {**sent, "name": "Parcel is late", "parent_id": above["id"].partition("/")[2],
               "class": "question", "seen": seen(manager, path)}  # fmt: skip
    assert manager.post(path, changed).status_code == 302
    (row,) = rows(desk, "topic", id="desk/late")
    assert (row["name"], row["parent_id"], row["class"]) == (
        "Parcel is late", above["id"], "question",
    )  # fmt: skip
    answer = ask(desk, "new_tickets", by=("topic",), start="2026-03-01", end="2026-04-01")
    assert [r.group["topic"]["label"] for r in answer.results if r.value] == ["Parcel is late"]
    path = f"/settings/topics/of/{above['id']}/"
    assert 'value="late"' not in manager.get(path).content.decode()  # not under what is under it


def test_tags_of_one_name_are_one_and_part_again(desk: Home, manager: Client) -> None:
    sent = {"name": "v.i.p.", "kind": "issue", "category_id": "", "active": "yes",
            "high_priority": "yes", "do": "save"}  # fmt: skip
    assert manager.post("/settings/tags/new/", sent).status_code == 302
    (made,) = rows(desk, "tag", name="v.i.p.")
    assert (made["kind"], made["high_priority"], made["active"]) == ("issue", True, True)
    path = f"/settings/tags/of/{made['id']}/"
    joined = {**sent, "name": "vip", "seen": seen(manager, path)}
    assert manager.post(path, joined).status_code == 302
    assert "(one tag of 2 records)" in manager.get("/settings/tags/").content.decode()
    history = f"/settings/history/tag/{made['id']}/"
    back = {"batch": made["batch"], "seen": seen(manager, history)}
    assert manager.post(history, back).status_code == 302
    assert rows(desk, "tag", id=made["id"])[0]["name"] == "v.i.p."


# -- events and decisions ------------------------------------------------------------------------


def event(**changed: str) -> dict[str, str]:
    """The form of an event."""
    names = ("product", "feature", "channel", "topic", "segment", "url")
    return {
        "kind": "release", "title": "Version 2", "at": "2026-04-06 12:00", "until": "", "ref": "",
        "metric": "", "do": "save", **{f"scope-{n}": "" for n in names}, **changed,
    }  # fmt: skip


def test_event_is_drawn_on_a_trend_at_once(desk: Home, manager: Client) -> None:
    sent = event(title=HOSTILE, at="۱۴۰۵/۰۱/۱۷ ۱۲:۰۰", **{"scope-channel": "chat"})
    assert manager.post("/settings/events/new/", sent).status_code == 302
    (row,) = rows(desk, "context_event")
    assert row["at"] == dt.datetime(2026, 4, 6, 12, tzinfo=dt.UTC)
    assert json.loads(row["scope"]) == {"channel": "chat"}
    page = manager.get("/figure/new_tickets/?from=2026-04-01&to=2026-05-01").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    path = f"/settings/events/of/{row['id']}/"
    wrong = event(until="2026-04-05", seen=seen(manager, path))
    assert manager.post(path, wrong).status_code == 422
    assert manager.post(path, {"do": "delete", "seen": seen(manager, path)}).status_code == 302
    page = manager.get("/figure/new_tickets/?from=2026-04-01&to=2026-05-01").content.decode()
    assert "&lt;script&gt;alert(1)" not in page


def test_decision_has_its_figure_before_and_after(desk: Home, manager: Client) -> None:
    without = event(kind="decision", title="More people", at="2026-04-01")
    assert manager.post("/settings/events/new/", without).status_code == 422
    sent = {**without, "metric": "new_tickets"}
    assert manager.post("/settings/events/new/", sent).status_code == 302
    # 28 days from 1 April hold the ticket of 6 April; the 28 before, from 4 March, hold none.
    page = manager.get("/decisions/").content.decode()
    after = page.partition('data-field="value"')[2].partition("</data>")[0]
    before = page.partition('data-field="previous_value"')[2].partition("</data>")[0]
    assert (before.rpartition(">")[2], after.rpartition(">")[2]) == ("0", "1")
    assert "This is an observation, no proof" in page


def test_figures_of_another_team_are_not_beside_targets(desk: Home, manager: Client) -> None:
    manager.post("/targets/new/", target(metric_id="new_tickets", value="5"))
    desk.refresh()
    south = account("sara", "lead", ("desk/south",))
    page = south.get("/targets/").content.decode()
    own = page.partition('data-field="value"')[2].partition("</data>")[0]
    assert own.rpartition(">")[2] == "0"
    assert "Set a target" not in page
