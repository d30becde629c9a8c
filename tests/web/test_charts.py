"""Charts on pages, as pictures and on paper: the same numbers, and nobody else's rows."""

from __future__ import annotations

import csv
import io
import re
import shutil
import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from site_cases import HOSTILE, LANGUAGES, PERIOD, account

from sanjeh.words import number

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")
FORMS = ("line", "bars", "stacked", "ranked", "pareto", "scatter", "heat", "figure", "table")
COUNT, WAIT = "new_tickets", "resolution_time"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was given to the printer, which prints nothing."""
    from sanjeh.web import printing

    given: list[str] = []

    def take(made: str, *_: Any) -> bytes:
        given.append(made)
        return b"printed"

    monkeypatch.setattr(printing, "pdf", take)
    monkeypatch.setattr(printing, "png", take)
    return given


def value_of(client: Client, metric: str = COUNT) -> int:
    response = client.get(f"/figure/{metric}/file/?{PERIOD}&format=csv")
    text = response.content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), dialect=csv.Sniffer().sniff(text, ",;"))
    return int(row["value"])


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_drawn_and_kept_in_the_address(guest: Client, form: str) -> None:
    page = guest.get(f"/figure/{COUNT}/?{PERIOD}&form={form}").content.decode()
    chosen = re.findall(r'href="([^"]*)" aria-current="true"', page)
    assert any(f"form={form}" in address for address in chosen)
    grains = re.findall(r'href="([^"]*grain=month[^"]*)"', page)
    assert bool(grains) == (form in ("line", "bars", "stacked"))
    assert all(f"form={form}" in address for address in grains)


def test_a_form_that_does_not_suit_gives_way_and_an_unknown_one_is_refused(guest: Client) -> None:
    page = guest.get(f"/figure/{WAIT}/?{PERIOD}&form=pareto")
    assert page.status_code == 200
    assert "Pareto" not in page.content.decode()
    refused = guest.get(f"/figure/{WAIT}/?{PERIOD}&form=pie")
    assert refused.status_code == 400
    assert "is none of" in refused.content.decode()


@pytest.mark.parametrize("grain", ["hour", "day", "week", "month", "quarter", "year"])
def test_a_chart_is_drawn_by_every_grain(guest: Client, grain: str) -> None:
    asked = f"?{PERIOD}&grain={grain}&form=line"
    assert guest.get(f"/figure/{COUNT}/{asked}").status_code == 200


def test_only_forms_that_suit_are_offered(guest: Client) -> None:
    def offered(metric: str) -> set[str]:
        page = guest.get(f"/figure/{metric}/?{PERIOD}").content.decode()
        return set(re.findall(r"[?&;]form=(\w+)", page))

    assert offered(COUNT) == {*FORMS}
    assert "distribution" in offered(WAIT)
    assert not {"stacked", "pareto"} & offered(WAIT)


def test_names_from_records_are_text_in_every_chart_and_picture(
    guest: Client, printed: list[str]
) -> None:
    for form in ("stacked", "ranked", "pareto", "table"):
        asked = f"?{PERIOD}&form={form}&by=topic"
        page = guest.get(f"/figure/{COUNT}/{asked}").content.decode()
        guest.get(f"/figure/{COUNT}/picture/{asked}")
        for text in (page, printed[-1]):
            assert "<script>alert" not in text, form
            assert "&lt;script&gt;" in text, form
    assert HOSTILE.startswith("<script>")


# -- the curve -------------------------------------------------------------------------------


def test_curve_is_fetched_after_the_page_and_is_a_page_without_script(guest: Client) -> None:
    page = guest.get(f"/figure/first_response/?{PERIOD}").content.decode()
    (path,) = re.findall(r'data-later="([^"]*/curve/[^"]*)"', page)
    path = path.replace("&amp;", "&")
    assert path.startswith("/figure/first_response/later/curve/?from=")
    assert f'<a href="{path.replace("&", "&amp;")}"' in page
    part = guest.get(path, headers={"X-Part": "yes"}).content.decode()
    assert part.startswith("<h2>")
    assert "<html" not in part
    whole = guest.get(path).content.decode()
    assert "<html" in whole
    assert "</table>" in whole
    assert "/later/curve/" not in guest.get(f"/figure/{COUNT}/?{PERIOD}").content.decode()


# -- pictures and paper ----------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_picture_paper_and_csv_say_the_same(
    guest: Client, printed: list[str], code: str
) -> None:
    guest.cookies["language"] = code
    value = value_of(guest)
    said = number(value, code)
    page = guest.get(f"/figure/{COUNT}/?{PERIOD}").content.decode()
    assert f'value="{value}"' in page
    assert f">{said}</data>" in page
    assert guest.get(f"/figure/{COUNT}/picture/?{PERIOD}").content == b"printed"
    assert f'<span class="told">{said}</span>' in printed[-1]
    assert guest.get(f"/figure/{COUNT}/?{PERIOD}&format=pdf").content == b"printed"
    assert f">{said}</data>" in printed[-1]
    direction = "rtl" if code == "fa" else "ltr"
    assert f'<html lang="{code}" dir="{direction}">' in printed[-1]
    assert "@top-" in printed[-1]
    assert "counter(pages" in printed[-1]


@pytest.mark.parametrize("path", ["/", "/figures/volume/", "/glossary/", "/figures/"])
def test_every_page_is_a_pdf(guest: Client, printed: list[str], path: str) -> None:
    response = guest.get(f"{path}?{PERIOD}&format=pdf")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert ".pdf" in response.headers["Content-Disposition"]
    assert "<h1>" in printed[-1]
    assert "<nav" not in printed[-1]
    assert guest.get(f"{path}?{PERIOD}&format=docx").status_code == 404


def test_curve_is_on_paper_at_once(guest: Client, printed: list[str]) -> None:
    guest.get(f"/figure/first_response/?{PERIOD}&format=pdf")
    assert "data-later" not in printed[-1]
    assert 'id="curve-t"' in printed[-1]


def test_rows_are_on_no_paper_of_those_who_may_not_take_them(
    site: Path, guest: Client, printed: list[str]
) -> None:
    rows = f"/figure/{COUNT}/rows/?{PERIOD}&format=pdf"
    for client in (guest, account("agent", "agent")):
        for path in (rows, "/ticket/x1/?format=pdf"):
            response = client.get(path)
            assert response.status_code == 403, path
        assert not printed
        assert "format=pdf" not in client.get(f"/figure/{COUNT}/rows/?{PERIOD}").content.decode()
    assert account("analyst", "analyst").get(rows).status_code == 200
    assert len(printed) == 1


def test_lead_takes_pictures_and_pdf_of_the_own_team_only(site: Path, printed: list[str]) -> None:
    lead, manager = account("lead", "lead", ("desk/north",)), account("manager", "manager")
    mine, all_of_them = value_of(lead), value_of(manager)
    assert 0 < mine < all_of_them
    lead.get(f"/figure/{COUNT}/picture/?{PERIOD}")
    assert f'<span class="told">{mine}</span>' in printed[-1]
    lead.get(f"/figure/{COUNT}/?{PERIOD}&format=pdf")
    assert f'data-field="value" dir="ltr">{mine}</data>' in printed[-1]


def test_what_was_taken_stands_in_the_audit_trail(site: Path, printed: list[str]) -> None:
    from sanjeh.web.people.models import Trace

    manager = account("manager", "manager")
    for path, about in (
        (f"/figure/{COUNT}/picture/?{PERIOD}", f"/figure/{COUNT}/picture/ png"),
        (f"/figure/{COUNT}/?{PERIOD}&format=pdf", f"/figure/{COUNT}/ pdf"),
    ):
        manager.get(path)
        last = Trace.objects.order_by("-id").first()
        assert last is not None
        assert (last.who, last.action, last.about) == ("manager", "took a file", about)


# -- the printer itself ----------------------------------------------------------------------


def test_picture_is_twice_as_fine_as_a_screen(guest: Client) -> None:
    content = guest.get(f"/figure/{COUNT}/picture/?{PERIOD}").content
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">I", content[16:20]) == (1920,)


@pytest.mark.parametrize("code", LANGUAGES)
def test_pdf_says_the_number_of_the_csv(guest: Client, tmp_path: Path, code: str) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here; what is given to the printer is tested above")
    guest.cookies["language"] = code
    file = tmp_path / "page.pdf"
    file.write_bytes(guest.get(f"/figure/{COUNT}/?{PERIOD}&format=pdf").content)
    ran = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    text = ran.stdout.decode()
    assert number(value_of(guest), code) in text
    assert {"en": "February 2026", "fa": "۲۰۲۶", "ru": "февраль 2026"}[code] in text


def test_printer_reads_fonts_of_ours_and_nothing_else(site: Path) -> None:
    from sanjeh.report.markup import Markup
    from sanjeh.web import printing

    fetcher = printing.OwnFiles()

    def content(url: str) -> bytes:
        return bytes(fetcher.fetch_url(url).get_content())

    assert content(f"{printing.BASE}fonts/vazirmatn-regular.woff")[:4] == b"wOFF"
    for url in (
        "file:///etc/passwd", "https://example.org/fonts/vazirmatn-regular.woff",
        f"{printing.BASE}fonts/../settings.py", f"{printing.BASE}healthz",
    ):  # fmt: skip
        assert content(url) == b"", url
    made = printing.document(
        Markup('<img src="file:///etc/passwd"><p>۱۲</p>'), title="x", code="fa", direction="rtl"
    )
    assert printing.pdf(made, "x").startswith(b"%PDF")


def test_text_in_the_edges_of_a_page_cannot_leave_its_string(site: Path) -> None:
    from sanjeh.web.printing import quoted

    assert quoted('a"}</style>') == '"a\\000022\\00007d\\00003c\\00002fstyle\\00003e"'


def test_fonts_are_small_and_told_of(site: Path) -> None:
    from sanjeh.web.printing import FONTS, fonts

    assert sum(map(len, fonts().values())) < 300_000
    style = (FONTS.parent / "fonts.css").read_text("utf-8")
    assert set(re.findall(r"url\(fonts/([\w.-]+)\)", style)) == set(fonts())
