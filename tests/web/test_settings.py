"""Settings by form: what each writes is what the ledger then holds, and figures follow."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from settings_cases import HOSTILE, WEEK, rows, seen
from site_cases import account

from sanjeh.answers.question import Question

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("web work")


def open_hours(home: Home, month: str) -> tuple[Any, Any]:
    """Time to resolve in open hours of one month, and the hours that it was counted by."""
    home.refresh()
    answers = home.answers()
    try:
        last = {"03": "04", "04": "05"}[month]
        answer = answers.ask(
            Question(
                ("resolution_time.mean@open",), start=f"2026-{month}-01", end=f"2026-{last}-01"
            )
        )
        return answer.results[0].value, answer.question["open_hours"]
    finally:
        answers.close()


def week(**days: str) -> dict[str, str]:
    """The day fields of the calendar's form."""
    return {f"day-{d}": days.get(d, "") for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


CALENDAR = "/settings/hours/of/desk/office/"
SHORT = week(mon="10:00-12:00, 13:00-16:00", tue="۰۸:۰۰-۱۶:۰۰", wed="22:00-02:00")


def test_new_hours_hold_from_their_day_and_old_figures_keep_theirs(
    desk: Home, manager: Client
) -> None:
    # Monday 9:00 to 16:00 and Tuesday 8:00 to 10:00 are 9 hours.
    assert open_hours(desk, "03")[0] == 32_400.0
    assert open_hours(desk, "04")[0] == 32_400.0
    sent = {
        "name": "Office", "tz": "UTC", "kind": "week", **SHORT, "valid_from": "۱۴۰۵/۰۱/۱۲",
        "exceptions": "2026-12-24 09:00-12:00\n1405-10-05", "seen": seen(manager, CALENDAR),
        "do": "save",
    }  # fmt: skip
    assert manager.post(CALENDAR, sent).status_code == 302
    old, new = sorted(rows(desk, "business_calendar"), key=lambda r: r["valid_from"] is not None)
    assert json.loads(old["weekly"]) == WEEK
    assert old["valid_from"] is None
    assert new["id"] == "desk/office"
    assert new["valid_from"] == dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    assert json.loads(new["weekly"]) == [
        {"dow": "mon", "from": "10:00", "to": "12:00"},
        {"dow": "mon", "from": "13:00", "to": "16:00"},
        {"dow": "tue", "from": "08:00", "to": "16:00"},
        {"dow": "wed", "from": "22:00", "to": "02:00"},
    ]
    assert json.loads(new["exceptions"]) == [
        {"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]},
        {"date": "2026-12-26", "intervals": []},
    ]
    # March stays; in April Monday 10 to 12 and 13 to 16, Tuesday 8 to 10: 7 hours.
    march, by_march = open_hours(desk, "03")
    april, by_april = open_hours(desk, "04")
    assert (march, april) == (32_400.0, 25_200.0)
    assert [v["valid_from"] for v in by_march] == [None]
    assert [v["valid_from"] for v in by_april] == ["2026-04-01T00:00:00+00:00"]
    page = manager.get(
        "/figure/resolution_time.mean@open/?from=2026-04-01&to=2026-05-01"
    ).content.decode()
    assert "Counted with the open hours of" in page
    assert "1 April 2026" in page


def test_preview_writes_nothing(desk: Home, manager: Client) -> None:
    sent = {"name": "Night", "tz": "UTC", "kind": "always", **week(), "do": "preview"}
    page = manager.post("/settings/hours/new/", sent).content.decode()
    assert "Open 168 h this week;" in page
    assert len(rows(desk, "business_calendar")) == 1


def test_hours_that_cannot_be_read_are_told_beside_the_field_and_kept(
    desk: Home, manager: Client
) -> None:
    sent = {"name": HOSTILE, "tz": "Asia/Teheran", "kind": "week", **week(mon="9 to late"),
            "valid_from": "1405-13-01", "do": "save"}  # fmt: skip
    response = manager.post("/settings/hours/new/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="9 to late"' in page
    assert "are not open hours" in page
    assert "Did you mean <bdi>Asia/Tehran" in page
    assert "There is no day" in page
    assert "<script>alert" not in page
    assert len(rows(desk, "business_calendar")) == 1


def test_form_from_an_older_version_is_refused(desk: Home, manager: Client) -> None:
    other = account("omid", "administrator")
    stale = seen(manager, CALENDAR)
    sent = {"name": "Office", "tz": "UTC", "kind": "always", **week(), "valid_from": "2026-04-01",
            "exceptions": "", "seen": stale, "do": "save"}  # fmt: skip
    assert other.post(CALENDAR, sent).status_code == 302
    response = manager.post(CALENDAR, {**sent, "name": "Mine"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "<bdi>omid</bdi> changed this at" in page
    assert 'value="Mine"' in page
    assert {r["name"] for r in rows(desk, "business_calendar")} == {"Office"}


def test_roles_and_other_sites_write_nothing(desk: Home) -> None:
    from django.test import Client

    sent = {"name": "X", "tz": "UTC", "kind": "always", **week(), "do": "save"}
    for role in ("analyst", "lead", "agent", "guest"):
        reader = account("reader", role)
        assert reader.get("/settings/hours/").status_code == 200
        for path in ("/settings/hours/new/", CALENDAR, "/settings/definitions/", "/targets/new/",
                     "/settings/topics/new/", "/settings/tags/new/", "/settings/events/new/",
                     "/settings/holidays/new/", "/settings/refresh/"):  # fmt: skip
            assert reader.post(path, sent).status_code == 403, (role, path)
        assert reader.get("/people/").status_code == 403
        assert reader.get("/people/trail/").status_code == 403
    manager = account("mina", "manager")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert strict.post("/settings/hours/new/", sent).status_code == 403
    assert len(rows(desk, "business_calendar")) == 1


def test_team_goes_by_other_hours(desk: Home, manager: Client) -> None:
    new = {"name": "Day and night", "tz": "UTC", "kind": "always", **week(), "do": "save"}
    assert manager.post("/settings/hours/new/", new).status_code == 302
    (made,) = rows(desk, "business_calendar", always_open=True)
    own = made["id"].removeprefix("desk/")
    path = "/settings/hours/"
    chat = f"channel-{rows(desk, 'channel')[0]['id']}"
    sent = {"default": "office", "team-desk/north": own, "team-desk/south": "", chat: "",
            "do": "use", "seen": seen(manager, path)}  # fmt: skip
    assert manager.post(path, sent).status_code == 302
    assert rows(desk, "team", id="desk/north")[0]["calendar_id"] == made["id"]
    assert rows(desk, "team", id="desk/north")[0]["name"] == "North"
    assert rows(desk, "team", id="desk/south")[0]["calendar_id"] is None
    # Monday 9:00 to Tuesday 10:00 around the clock is 25 hours.
    assert open_hours(desk, "03")[0] == 90_000.0
    page = manager.get(f"/settings/hours/of/{made['id']}/").content.decode()
    assert "cannot be deleted" in page
    manager.post(f"/settings/hours/of/{made['id']}/", {"do": "delete", "seen": "0"})
    assert rows(desk, "business_calendar", id=made["id"])[0]["deleted_at"] is None


def test_deleted_hours_come_back_from_their_history(desk: Home, manager: Client) -> None:
    new = {"name": "Spare", "tz": "UTC", "kind": "always", **week(), "do": "save"}
    manager.post("/settings/hours/new/", new)
    (made,) = rows(desk, "business_calendar", name="Spare")
    path = f"/settings/hours/of/{made['id']}/"
    assert manager.post(path, {"do": "delete", "seen": seen(manager, path)}).status_code == 302
    assert rows(desk, "business_calendar", name="Spare")[0]["deleted_at"] is not None
    assert manager.get(path).status_code == 404
    history = f"/settings/history/business_calendar/{made['id']}/"
    page = manager.get(history).content.decode()
    assert "by <bdi>mina</bdi>" in page
    sent = {"batch": made["batch"], "seen": seen(manager, history)}
    assert manager.post(history, sent).status_code == 302
    assert rows(desk, "business_calendar", name="Spare")[0]["deleted_at"] is None
    assert manager.get(path).status_code == 200


# -- definitions ---------------------------------------------------------------------------------


def definitions(home: Home, client: Client, **changed: str) -> Any:
    """Send the page of the definitions with these changes."""
    from sanjeh.metrics.options import OPTIONS

    path = "/settings/definitions/"
    sent: dict[str, Any] = {
        "tz": "Asia/Tehran", "week_start": "sat", "weekend": ["thu", "fri"],
        "month_calendar": "jalali", "locale": "fa", "seen": seen(client, path), "do": "save",
        **{f"o-{n}": o.default for n, o in OPTIONS.items()}, **changed,
    }  # fmt: skip
    return client.post(path, sent)


def test_options_of_the_home_hold_unless_a_question_chooses(desk: Home, manager: Client) -> None:
    changed = {"o-duration.headline": "median", "o-reopen.window": "۳۰"}
    assert definitions(desk, manager, **changed).status_code == 302
    (row,) = rows(desk, "settings")
    assert json.loads(row["options"]) == {"duration.headline": "median", "reopen.window": "30"}
    assert (row["tz"], row["week_start"], row["month_calendar"]) == ("Asia/Tehran", "sat", "jalali")
    assert row["weekend"] == ["thu", "fri"]
    assert row["calendar_id"] == "desk/office"
    assert desk.refresh().how != "full"  # no fact goes by them
    answers = desk.answers()
    answer = answers.ask(Question(("resolution_time", "reopen_rate")))
    assert answer.results[0].statistic == "median"
    assert answer.question["options"]["reopen.window"] == "30"
    assert answer.question["zone"] == "Asia/Tehran"
    own = answers.ask(Question(("resolution_time",), options={"duration.headline": "mean"}))
    assert own.results[0].statistic == "mean"
    answers.close()


def test_option_that_cannot_be_kept_is_told(desk: Home, manager: Client) -> None:
    response = definitions(desk, manager, **{"o-reopen.window": "-3", "o-noise": "perhaps"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "is too small or too large" in page
    assert "is none of the choices" in page
    assert rows(desk, "settings")[0]["options"] is None


def test_language_of_the_home_is_the_readers_who_chose_none(desk: Home, manager: Client) -> None:
    definitions(desk, manager)
    desk.refresh()
    page = manager.get("/settings/").content.decode()
    assert '<html lang="fa" dir="rtl">' in page
    manager.cookies["language"] = "ru"
    assert '<html lang="ru" dir="ltr">' in manager.get("/settings/").content.decode()
