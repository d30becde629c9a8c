"""The page stands alone, is well formed, and says what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from report_cases import SPOKEN, Page, read

from record_homes import Desk, built, status, ticket
from sanjeh.answers.ask import Answers
from sanjeh.answers.question import Question
from sanjeh.charts.spec import Chart, Slot
from sanjeh.report import About, Enquiry, html_of, language_of, scope_of
from sanjeh.report.drawing.frame import ceiling
from sanjeh.report.drawing.week import outline
from sanjeh.report.heat import open_slots
from sanjeh.report.opening import contributions


@pytest.mark.parametrize("code", SPOKEN)
def test_page_needs_nothing_else(pages: dict[str, Page], code: str) -> None:
    found = pages[code]
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert not any("src" in given or "href" in given for _, given in found.tags)
    style = (Path(html_of.__code__.co_filename).parent / "style" / "report.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
    html = next(given for tag, given in found.tags if tag == "html")
    assert html["lang"] == code
    assert html["dir"] == ("rtl" if code == "fa" else "ltr")


@pytest.mark.parametrize("code", SPOKEN)
def test_page_can_be_read_without_eyes(pages: dict[str, Page], code: str) -> None:
    found = pages[code]
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(given.get("scope") in ("col", "row") for tag, given in found.tags if tag == "th")
    drawings = [given for tag, given in found.tags if tag == "svg"]
    ids = [given["id"] for _, given in found.tags if "id" in given]
    assert drawings
    assert len(ids) == len(set(ids))
    for given in drawings:
        assert given["role"] == "img"
        assert set(given["aria-labelledby"].split()) <= set(ids)


def test_names_from_the_record_are_text_not_markup(pages: dict[str, Page]) -> None:
    assert not any(tag == "fails" for tag, _ in pages["en"].tags)


def test_channels_have_their_own_names_only_in_their_own_language(pages: dict[str, Page]) -> None:
    assert "Chat on the site" in pages["en"].text
    assert "چت سایت" in pages["fa"].text
    assert "Чат на сайте" in pages["ru"].text


def test_persian_and_russian_write_numbers_their_way(pages: dict[str, Page]) -> None:
    assert "۱۷٫۶٪" in pages["fa"].text
    assert "نیمی از مشتری‌ها زودتر از این جواب گرفتند" in pages["fa"].text
    assert "17,6\u00a0%" in " ".join(pages["ru"].words)


@pytest.fixture(scope="module")
def tickets_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Three tickets from January to March, one of them solved."""
    records = [
        ticket("a", "01-01 00:00"), ticket("b", "02-03 09:00"), ticket("c", "02-04 09:00"),
        ticket("d", "03-02 09:00"), status("b", "02-05 09:00", "solved"),
    ]  # fmt: skip
    answers = built(tmp_path_factory.mktemp("tickets") / "home", records).answers()
    yield answers
    answers.close()


def test_a_home_of_tickets_alone_has_a_report(tickets_only: Answers) -> None:
    enquiry = Enquiry(tickets_only, scope_of(tickets_only, Question(()), None))
    found = read(html_of(enquiry, language_of("en"), About("Desk"))).text
    assert "February 2026" in found
    assert "Not recorded here" in found
    assert "Missed chat rate" in found
    assert "Resolution rate 50.0%" in found
    assert "Requests rose by 100.0% to 2 (before: 1 )" in found


def test_without_a_month_before_nothing_is_compared(tickets_only: Answers) -> None:
    def compared(asked: Question, how: str | None) -> str | None:
        return scope_of(tickets_only, asked, how).compare

    january = Question((), start="2026-01-01", end="2026-02-01")
    assert compared(january, None) is None
    assert compared(january, "last_year") == "last_year"
    february = Question((), start="2026-02-01", end="2026-03-01")
    assert compared(february, None) == "previous"
    assert compared(february, "none") is None
    enquiry = Enquiry(tickets_only, scope_of(tickets_only, january, None))
    found = read(html_of(enquiry, language_of("ru"), About())).text
    assert "январь 2026" in found
    assert "Без сравнения" in found
    assert "▲" not in found


def test_synthetic_data_are_called_so(march: Enquiry) -> None:
    english = language_of("en")
    whole = read(html_of(march, english, About(synthetic=frozenset({"desk"})))).text
    assert "Synthetic data." in whole
    none = read(html_of(march, english, About(synthetic=frozenset({"other"})))).text
    assert "ynthetic" not in none


def test_parts_of_a_change_leave_out_what_moved_the_other_way(desk: Desk) -> None:
    answer = desk.answer("conversations", by=("topic",), compare="previous")
    found = [(r.group["topic"]["label"], share) for r, share in contributions(answer.results, 11)]
    assert found == [("Log in <fails>", 12 / 11)]


def test_open_hours_are_those_open_at_least_half_the_time(march: Enquiry) -> None:
    assert open_slots(march) == {Slot(day, hour) for day in range(1, 6) for hour in range(9, 17)}


def test_open_hours_are_outlined_where_they_end() -> None:
    opened = frozenset({Slot(1, 9), Slot(1, 10), Slot(2, 9)})
    chart = Chart("heat", "requests", "count", (), days=(1, 2, 3), outlined=opened)
    # the top, left of 9 and the foot, right of 10 on Monday; left, right and foot of 9 on Tuesday
    assert len(outline(chart)) == 8


@pytest.mark.parametrize(
    ("most", "top", "steps"),
    [(0, 1, 1), (1, 1, 1), (4, 4, 4), (6, 6, 3), (37, 40, 4), (1300, 1500, 3), (5001, 6000, 3)],
)
def test_axis_ends_at_a_round_number(most: float, top: float, steps: int) -> None:
    assert ceiling(most) == (top, steps)
