"""The overview: what leads where, what follows the page, one's own level as a target."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from record_homes import built
from sanjeh.answers.question import Question
from sanjeh.home import Home
from sanjeh.report.enquiry import Enquiry, scope_of
from sanjeh.web.pages.aims import usual

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")

OTHER = "from=2026-02-03&to=2026-03-01"  # a period that no other test asks for


def tickets(path: Path, counts: dict[str, int], last: str) -> Home:
    """A home with so many tickets created on the 10th of each month, the newest at `last`."""
    made = [
        {"kind": "ticket", "id": f"{month}-{n}", "created_at": f"{month}-10T09:00:00Z"}
        for month, count in counts.items()
        for n in range(count)
    ]
    built(path, [*made, {"kind": "ticket", "id": "last", "created_at": last}])
    return Home(path)


@pytest.mark.parametrize(
    ("last", "level"),
    [
        ("2026-04-20T09:00:00Z", 2.0),  # of 1, 2 and 9 in January to March: not the mean, 4
        ("2026-04-30T09:00:00Z", 4.0),  # April is over: of 2, 9 and 3 + 1
    ],
)
def test_usual_level_is_the_median_of_three_whole_months(
    tmp_path: Path, last: str, level: float
) -> None:
    counts = {"2025-12": 50, "2026-01": 1, "2026-02": 2, "2026-03": 9, "2026-04": 3}
    answers = tickets(tmp_path, counts, last).answers()
    enquiry = Enquiry(answers, scope_of(answers, Question(("requests",)), None))
    assert usual(enquiry, "new_tickets") == level
    answers.close()


def test_record_of_two_months_has_no_usual_level(tmp_path: Path) -> None:
    counts = {"2026-02": 2, "2026-03": 9}
    answers = tickets(tmp_path, counts, "2026-04-20T09:00:00Z").answers()
    enquiry = Enquiry(answers, scope_of(answers, Question(("requests",)), None))
    assert usual(enquiry, "new_tickets") is None
    answers.close()


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_slow_parts_follow_the_page_and_are_there_the_next_time(guest: Client) -> None:
    page = text_of(guest.get(f"/?{OTHER}"))
    later = re.findall(r'data-later="([^"]+)"', page)
    assert [path.partition("?")[0] for path in later] == [
        "/later/harm/", "/later/card3/", "/later/card4/", "/later/aims/", "/later/channels/",
        "/later/waiting/",
    ]  # fmt: skip
    for path in later:
        part = text_of(guest.get(path.replace("&amp;", "&"), headers={"X-Part": "yes"}))
        assert "<html" not in part
    assert "data-later" not in text_of(guest.get(f"/?{OTHER}"))


def test_part_opened_as_a_page_stands_in_the_site(guest: Client) -> None:
    assert "<nav" in text_of(guest.get(f"/later/channels/?{OTHER}"))
    assert guest.get("/later/nothing/").status_code == 404


def test_cards_names_and_topics_lead_to_pages_that_open(guest: Client) -> None:
    for part in ("card3", "card4", "channels", "waiting", "harm", "aims"):
        guest.get(f"/later/{part}/?{OTHER}", headers={"X-Part": "yes"})
    page = text_of(guest.get(f"/?{OTHER}"))
    assert page.count('class="card"') == 6
    assert page.count("#working") >= 5  # how is this counted?
    assert 'class="spark"' in page
    found = {
        href.partition("#")[0].replace("&amp;", "&")
        for href in re.findall(r'href="(/(?:figure|ticket|conversation|waiting)/[^"]+)"', page)
    }
    assert any("where=topic" in href for href in found)
    assert any("where=channel" in href for href in found)
    for href in sorted(found)[::7]:
        assert guest.get(href).status_code == 200, href


def test_hostile_topic_is_only_text(guest: Client) -> None:
    assert "<script>alert" not in text_of(guest.get("/?from=2026-02-01&to=2026-03-01"))


def test_what_a_morning_asks_is_asked_ahead(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanjeh.web.pages import warming
    from sanjeh.web.pages.door import Doors

    composed: list[str] = []
    asked: list[str] = []
    monkeypatch.setattr(
        warming, "compose", lambda seen, *_: composed.append(seen.viewer.describe())
    )
    monkeypatch.setattr(warming, "known", lambda: ["volume"])
    monkeypatch.setattr(Enquiry, "ask", lambda _, *metrics, **__: asked.extend(metrics))
    doors = Doors(site)
    warming.ahead(doors)
    assert composed == ["everything"]
    assert "conversations" in asked
    assert not doors.is_busy
    with doors.answers():
        assert doors.is_busy
        assert doors.quiet == 0
    assert 0 < doors.quiet < 60


def test_asking_ahead_waits_while_somebody_reads_and_ends_with_its_share(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.pages import warming
    from sanjeh.web.pages.door import Doors

    asked: list[str] = []
    monkeypatch.setattr(warming, "QUIET", 0.2)
    monkeypatch.setattr(warming, "PATIENCE", 60.0)
    monkeypatch.setattr(warming, "compose", lambda seen, *_: seen.ask(Question(("requests",))))
    monkeypatch.setattr(Enquiry, "ask", lambda _, *metrics, **__: asked.extend(metrics))
    doors = Doors(site)
    with doors.answers():
        thread = threading.Thread(target=warming.ahead, args=(doors,))
        thread.start()
        thread.join(1)
        assert thread.is_alive()
        assert asked == []
    thread.join(60)
    assert not thread.is_alive()
    assert "conversations" in asked
    asked.clear()
    monkeypatch.setattr(warming, "SHARE", 0.0)
    warming.ahead(doors)
    assert asked == []


def test_what_readers_ask_often_is_counted_by_day_by_who_asks_ahead(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.answers.compiled import Remembered
    from sanjeh.web.pages import warming
    from sanjeh.web.pages.door import Doors

    counted: list[str] = []
    days = Remembered.days

    def watched(self: Remembered, key: Any, part: float, **more: Any) -> Any:
        count = more.pop("count")

        def noted() -> Any:
            counted.append(threading.current_thread().name)
            return count()

        return days(self, key, part, count=noted, **more)

    monkeypatch.setattr(Remembered, "days", watched)
    doors = Doors(site)
    periods = [
        Question(("conversations",), start=f"2026-02-{day:02d}", end="2026-03-01")
        for day in range(3, 28)
    ]
    told = []
    for question in periods:
        with doors.answers() as answers:
            told.append(answers.ask(question).results[0].value)
            answers.compiled.remembered.after = 0.0  # whatever is asked again is due
    assert counted == []  # no reader waited for it
    thread = threading.Thread(target=warming.count_due, args=(doors,), name="ahead")
    thread.start()
    thread.join(60)
    assert counted
    assert set(counted) == {"ahead"}
    assert doors.due() is None
    with doors.answers() as answers:
        answers._told._answers.clear()
        read = answers.engine.rows
        monkeypatch.setattr(answers.engine, "rows", lambda sql: pytest.fail(sql))
        assert [answers.ask(question).results[0].value for question in periods] == told
        monkeypatch.setattr(answers.engine, "rows", read)


def test_what_was_told_before_is_counted_by_day_all_the_same(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.pages import warming
    from sanjeh.web.pages.door import Doors

    doors = Doors(site)
    question = Question(("conversations",), start="2026-02-03", end="2026-03-01")
    with doors.answers() as answers:
        answers.ask(question)
        kept = answers.compiled.remembered._days
        assert not kept
    with doors.answers(ahead=True) as answers, warming.counting(answers, True):
        answers.ask(question)
    assert kept


def test_asking_ahead_does_not_wait_for_ever(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanjeh.web.pages import warming
    from sanjeh.web.pages.door import Doors

    monkeypatch.setattr(warming, "PATIENCE", 0.2)
    doors = Doors(site)
    with doors.answers():
        thread = threading.Thread(target=warming.give_way, args=(doors,))
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
