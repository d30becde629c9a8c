"""Every word of the report is there in three languages; plurals, periods, changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from report_cases import SPOKEN, Page

from sanjeh.answers.periods import Clockwork, Period, parse
from sanjeh.metrics.catalogue import METRICS
from sanjeh.report import cards, closing, language_of, opening, tables, trend
from sanjeh.report.enquiry import Enquiry

PLURALS = {"one", "few", "many", "other"}
TEHRAN = Clockwork("Asia/Tehran", "jalali", "sat")
LONDON = Clockwork("Europe/London")


def keys(words: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in words.items():
        if isinstance(value, Mapping) and not set(value) & PLURALS:
            yield from keys(value, f"{above}{name}.")
        else:
            yield above + name


def test_the_languages_have_the_same_words() -> None:
    mine = {code: set(keys(language_of(code).words)) for code in SPOKEN}
    untold = ("metrics.", "reasons.", "told", "labels.", "credits.", "caveats.")
    spoken = {c: {k for k in found if not k.startswith(untold)} for c, found in mine.items()}
    assert spoken["fa"] == spoken["en"]
    assert spoken["ru"] == spoken["en"]
    assert mine["fa"] == mine["ru"]


@pytest.mark.parametrize("code", ["fa", "ru"])
def test_the_whole_catalogue_is_spoken(code: str) -> None:
    words = language_of(code).words
    assert {n for n, m in words["metrics"].items() if {"title", "definition"} <= set(m)} == set(
        METRICS
    )
    assert {m.credit for m in METRICS.values()} - {""} <= set(words["credits"])
    assert {n for m in METRICS.values() for n in m.notes} <= set(words["caveats"])
    needed = {kind for m in METRICS.values() for need in m.needs for kind in need.split("|")}
    assert needed <= set(words["kinds"])


def test_every_metric_that_may_be_shown_has_a_name_and_a_meaning() -> None:
    names = {c.metric.partition(".")[0] for place in cards.PLACES for c in place}
    names |= {m.partition(".")[0] for m in (
        *opening.VOLUMES, *opening.HARMS, *trend.STRIPS, *tables.QUALITY, *tables.TICKETS,
        *tables.REQUESTS, cards.SCORE, cards.RESPONSES, cards.OLDEST,
    )}  # fmt: skip
    assert names <= set(METRICS)
    for code in ("fa", "ru"):
        for name in names:
            assert language_of(code).has(f"metrics.{name}.title"), (code, name)
            assert language_of(code).has(f"metrics.{name}.definition"), (code, name)


@pytest.mark.parametrize("code", ["fa", "ru"])
def test_every_reason_and_warning_shown_is_translated(
    march: Enquiry, pages: dict[str, Page], code: str
) -> None:
    language = language_of(code)
    asked_of = march.asked.values()
    assert pages[code].commands
    said = [s for asked in asked_of for s in asked.answer.warnings]
    said += [r.why_null for a in asked_of for r in a.answer.results if r.why_null]
    assert [s for s in said if 'lang="en"' in language.told(s)] == []
    reasons = {r for a in asked_of for x in a.answer.results for r in x.excluded}
    for name in closing.used(march):
        reasons |= set(getattr(METRICS[name].outline(), "without", {}))
    reasons.discard("told by the fact")
    assert {r for r in reasons if language.reason(r) == r} == set()


@pytest.mark.parametrize(
    ("count", "form"),
    [(1, "one"), (2, "few"), (5, "many"), (11, "many"), (12, "many"), (21, "one"), (104, "few"),
     (0, "many"), (1.5, "few")],
)  # fmt: skip
def test_russian_has_three_plural_forms(count: float, form: str) -> None:
    assert language_of("ru").plural(count) == form


def test_days_agree_with_their_number() -> None:
    def days(code: str, n: int) -> str:
        language = language_of(code)
        return str(language.text("days", n, n=language.number(n)))

    assert [days("ru", n) for n in (1, 3, 30)] == ["1 день", "3 дня", "30 дней"]
    assert [days("en", n) for n in (1, 30)] == ["1 day", "30 days"]
    assert days("fa", 31) == "۳۱ روز"


@pytest.mark.parametrize(
    ("code", "clock", "start", "end", "told"),
    [
        ("fa", TEHRAN, "1405-07-01", "1405-08-01", "مهر ۱۴۰۵"),
        ("en", TEHRAN, "1405-07-01", "1405-08-01", "Mehr 1405"),
        ("ru", LONDON, "2026-10-01", "2026-11-01", "октябрь 2026"),
        ("fa", LONDON, "2026-10-01", "2026-11-01", "اکتبر ۲۰۲۶"),
        ("en", LONDON, "2026-10-01", "2026-10-29", "1 October 2026 to 28 October 2026"),
        ("ru", TEHRAN, "1405-07-01", "1405-07-02", "1 мехра 1405 — 1 мехра 1405"),
        ("en", LONDON, "2026-10-01 08:00", "2026-10-01 09:30",
         "1 October 2026, 08:00 to 1 October 2026, 09:30"),
    ],
)  # fmt: skip
def test_periods_in_words(code: str, clock: Clockwork, start: str, end: str, told: str) -> None:
    span = Period(parse(start, clock), parse(end, clock))
    assert language_of(code).period(span, clock) == told


def test_changes_in_words() -> None:
    english, persian, russian = (language_of(code) for code in SPOKEN)
    assert english.moved(-0.0125, -0.1, "share") == "−1.3 pts"
    assert russian.moved(0.02, None, "share") == "+2,0 п. п."
    assert english.moved(-30.0, -0.25, "seconds") == "−25.0%"
    assert persian.moved(5.0, 0.5, "tickets") == "\u200e+۵۰٫۰٪"
    assert english.moved(5.0, None, "tickets") == "+5"


def test_unknown_words_stay_as_they_are() -> None:
    persian = language_of("fa")
    assert persian.reason("a reason nobody translated") == "a reason nobody translated"
    assert persian.told("Odd & new.") == '<span lang="en" dir="ltr">Odd &amp; new.</span>'
    assert persian.reason("new_tickets: spam") == "تیکت‌های تازه: هرزنامه"
    assert language_of("en").reason("new_tickets: spam") == "New tickets: spam"
    assert "`" in METRICS["satisfied_share"].doc  # for who reads it beside the command line
    assert "`" not in language_of("en").definition("satisfied_share")
