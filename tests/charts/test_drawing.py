"""Every form drawn: in words too, with its numbers in a table, escaped, never by colour alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chart_cases import HOSTILE, answer, figure, group, week

from sanjeh.answers.periods import Clockwork
from sanjeh.answers.question import Answer
from sanjeh.charts import FORMS, Around, ContextEvent
from sanjeh.charts.spec import Slot
from sanjeh.report import language_of
from sanjeh.report.drawing import DRAWINGS, Speech, draw
from sanjeh.report.drawing.frame import scale
from sanjeh.report.enquiry import Asked

LANGUAGES = ("en", "fa", "ru")
MARCH_10 = 1773136800000000


def speech(code: str, calendar: str = "gregorian") -> Speech:
    return Speech(language_of(code), Clockwork("UTC", calendar))


def told(form: str) -> Answer:
    """Figures that suit a form, its largest 1,234 (0.5 where it is a share)."""
    bands = [{"up_to": 60.0, "n": 1234, "share": 0.5}, {"up_to": None, "n": 1234, "share": 0.5}]
    read = [{"seconds": 30, "share": 0.25}, {"seconds": 60, "share": 0.5}]
    keys = {"weekday": {"key": 1, "label": ""}, "hour": {"key": 9, "label": ""}}
    team = {"team": {"key": HOSTILE, "label": HOSTILE}}
    return {
        "figure": answer(figure(1234)),
        "line": answer(week(0, 1000), week(1, 1234)),
        "bars": answer(week(0, 1000), week(1, 1234, partial=True)),
        "stacked": answer(
            week(0, 1234, group=team), week(0, 3, group={"team": {"key": "b", "label": "B"}})
        ),
        "distribution": answer(figure(None, unit="seconds", statistics={"distribution": bands})),
        "curve": answer(figure(None, unit="seconds", statistics={"answered_by": read})),
        "heat": answer(figure(1234, group=keys)),
    }.get(form) or answer(group(HOSTILE, 1234, dimension="team", n=3), group("b", 7))


def drawn(form: str, code: str = "en", around: Around = Around(), **more: Any) -> str:
    found = told(form)
    chart = FORMS[form].make(found, "requests", around)
    return draw(chart, Asked("q1", "", found, found), speech(code, **more), name="c")


NUMBERS = {"en": "1,234", "fa": "۱٬۲۳۴", "ru": "1\u00a0234"}
HALVES = {"en": "50.0%", "fa": "۵۰٫۰٪", "ru": "50,0\u00a0%"}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_has_a_title_and_a_table_with_its_numbers(form: str, code: str) -> None:
    found = drawn(form, code)
    table = found[found.index("<table") :]
    assert (HALVES if form == "curve" else NUMBERS)[code] in table
    if form == "table":
        return
    (described,) = re.findall(r'role="img"[^>]*aria-labelledby="([^"]*)"', found)
    assert described == "c-t c-d"
    title = language_of(code).title("requests")
    assert f'<title id="c-t">{title}</title><desc id="c-d">' in found
    assert "<details><summary>" in found


@pytest.mark.parametrize("form", sorted(FORMS))
def test_names_of_customers_are_text_in_every_form(form: str) -> None:
    found = drawn(form)
    assert "<script" not in found
    if FORMS[form].over in ("groups", "parts"):
        assert "&lt;script&gt;" in found
        assert "&amp;" not in found  # escaped once


def test_every_form_is_drawn_or_a_table() -> None:
    assert set(FORMS) == {*DRAWINGS, "table"}


def test_time_runs_left_to_right_in_persian_with_jalali_dates_and_persian_digits() -> None:
    found = drawn("line", "fa", calendar="jalali")
    assert 'dir="ltr"' in found
    assert "۱۱ اسفند" in found  # 2 March 2026 is 11 Esfand 1404
    first, second = (float(x) for x in re.findall(r'<circle cx="([\d.]+)%"', found))
    assert first < second
    assert not re.search(r">[^<]*[0-9][^<]*</text>", found)


def test_rows_of_groups_begin_at_the_right_in_persian() -> None:
    (left, width) = re.findall(r'<rect x="([\d.]+)%"[^>]*width="([\d.]+)%"', drawn("ranked"))[0]
    assert (left, width) == ("0", "84")
    (left, width) = re.findall(r'<rect x="([\d.]+)%"[^>]*width="([\d.]+)%"', drawn("ranked", "fa"))[
        0
    ]
    assert (left, width) == ("16", "84")


def test_a_cut_bucket_is_drawn_another_way() -> None:
    assert drawn("bars").count('class="bar cut"') == 1


def test_parts_differ_in_pattern_not_in_colour_alone() -> None:
    found = drawn("stacked")
    assert 'class="s1"' in found
    assert 'class="s2"' in found
    assert 'fill="url(#c-h1)"' in found
    assert '<pattern id="c-h1"' in found


def test_events_are_numbered_in_the_drawing_and_told_beneath() -> None:
    around = Around(events=(ContextEvent("release", HOSTILE, MARCH_10, MARCH_10),))
    found = drawn("bars", around=around)
    assert 'class="mark-number">1</text>' in found
    assert "<strong>Release</strong>: <bdi>&lt;script&gt;" in found
    assert "10 March" in found


def test_target_is_a_line_within_the_scale() -> None:
    found = answer(week(0, 10, target=40), week(1, 12, target=40))
    chart = FORMS["line"].make(found, "requests", Around())
    text = draw(chart, Asked("q1", "", found, found), speech("en"), name="c")
    assert 'class="aim"' in text
    assert "target 40" in text


def test_open_hours_are_outlined() -> None:
    around = Around(opened=frozenset({Slot(1, 9)}))
    assert drawn("heat", around=around).count('class="open"') == 4


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ([5400.0], "seconds", [0, 1800, 3600, 5400]),
        ([0.07], "share", [0, 0.02, 0.04, 0.06, 0.08]),
        ([0.98], "share", [0, 0.25, 0.5, 0.75, 1.0]),
        ([-3.0, 4.0], "points", [-4, -2, 0, 2, 4]),
        ([], "requests", [0, 1]),
    ],
)
def test_scale_ends_at_round_numbers(values: list[float], unit: str, ticks: list[float]) -> None:
    assert scale(values, unit, 100).ticks == pytest.approx(ticks)
