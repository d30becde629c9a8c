"""Bringing a file by the pages: what was understood, mended, imported, refused; by whom."""

from __future__ import annotations

import csv
import gzip
import html
import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from site_cases import account

from sanjeh.home import Home

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")

# Three tickets, one of which has a date that is none; two are solved, one scored 5 and one 2.
ENGLISH = """Ticket ID,Subject,Status,Created time,Resolved time,Agent,Customer satisfaction,Branch
1001,Where is my parcel,Solved,2026-03-01 09:00,2026-03-01 10:00,Ann,5,north
1002,"=HYPERLINK(""http://evil"")",Solved,2026-03-02 09:00,2026-03-02 12:00,Bea,2,south
1003,Refund,Open,someday,,Ann,,north
"""
PERSIAN = """شماره تیکت;موضوع;وضعیت;تاریخ ایجاد;کارشناس
۱۰۰۱;پیگیری مرسوله;باز;۱۴۰۵/۰۱/۱۵ ۰۹:۳۰;سارا
۱۰۰۲;بازگشت وجه;باز;۱۴۰۵/۰۱/۱۶ ۱۰:۰۰;مریم
"""
RUSSIAN = """Номер обращения;Тема;Статус;Дата создания;Дата решения;Исполнитель;Оценка
77;Доставка;Решено;31.03.2026 09:00;31.03.2026 11:30;Анна;4,5
78;Возврат;Открыто;01.04.2026 10:00;;Борис;
"""


@pytest.fixture
def home(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The site over an empty home."""
    from django.conf import settings

    from sanjeh.web.jobs.models import Job

    place = tmp_path / "home"
    (place / "web" / "uploads").mkdir(parents=True)
    monkeypatch.setattr(settings, "HOME", place)
    Job.objects.all().delete()
    yield place
    Job.objects.all().delete()


@pytest.fixture
def manager(home: Path) -> Client:
    return account("bringer", "manager")


def brought(client: Client, name: str, content: str | bytes) -> Any:
    """The answer to an upload."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = content.encode() if isinstance(content, str) else content
    return client.post("/data/upload/", {"file": SimpleUploadedFile(name, data)})


def seen(client: Client, home: Path, name: str, content: str | bytes) -> tuple[str, str]:
    """The token and the page of what was understood of a file."""
    from sanjeh.web.jobs.worker import work_off

    job = brought(client, name, content).headers["Location"]
    assert work_off(home) == 1
    place = client.get(job).headers["Location"]
    found = re.fullmatch(r"/data/seen/([\w-]+)/", place)
    assert found, client.get(job).content.decode()
    return found[1], client.get(place).content.decode()


def form_of(page: str) -> dict[str, str]:
    """What the form of a preview would send if nothing were changed."""
    given: dict[str, str] = {}
    for name, options in re.findall(r'<select name="([\w-]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', options)
        given[name] = chosen[1] if chosen else ""
    for value, name in re.findall(r'<input name="(source|zone)"[^>]*?value="([^"]*)"', page):
        given[value] = name
    radio = re.search(r'name="row" value="(\w+)" checked', page)
    if radio:
        given["row"] = radio[1]
    return given


def imported(client: Client, home: Path, token: str, given: dict[str, str]) -> str:
    """The page of what an import did."""
    from sanjeh.web.jobs.worker import work_off

    job = client.post(f"/data/seen/{token}/mend/", given | {"do": "import"}).headers["Location"]
    assert work_off(home) == 1
    arrived = client.get(job)
    assert arrived.status_code == 302, arrived.content.decode()
    return client.get(arrived.headers["Location"]).content.decode()


def rows(home: Path, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Home(home).ledger().rows(kind).to_pylist()
    return found


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_english_file_from_upload_to_the_figures(manager: Client, home: Path) -> None:
    token, page = seen(manager, home, "tickets.csv", ENGLISH)
    given = form_of(page)
    assert [given[f"role-{n}"] for n in range(8)] == [
        "id", "subject", "status", "created_at", "resolved_at", "assignee_id", "score", "own",
    ]  # fmt: skip
    assert given["row"] == "case"
    assert given["zone"] == "UTC"
    assert "1 of 3 values cannot be read so" in page  # someday
    assert "=HYPERLINK(&quot;http://evil&quot;)" in page
    done = text_of(imported(manager, home, token, given))
    assert "2 rows understood. 1 was not, or not in every cell. See them" in done
    # The file says who solved what when, and the scores; no chats.
    assert "measures come out of it" in done
    assert "it has no chats, calls or mails one by one" in done
    assert "such as a column with a score" not in done
    tickets = {row["id"]: row for row in rows(home, "ticket")}
    # The third is kept without the date that is none.
    assert sorted(tickets) == ["tickets/1001", "tickets/1002", "tickets/1003"]
    assert tickets["tickets/1003"]["created_at"] is None
    assert [row["score"] for row in rows(home, "survey_response")] == [5.0, 2.0]
    page = manager.get("/figure/new_tickets/?from=2026-03-01&to=2026-04-01").content.decode()
    assert 'data-field="value" dir="ltr">2</data>' in page
    assert list((home / "web" / "uploads").iterdir()) == []


def test_rejects_are_read_on_the_page_and_as_a_file(manager: Client, home: Path) -> None:
    content = ENGLISH.replace("Refund", "=cmd|'/C calc'!A1")
    token, page = seen(manager, home, "tickets.csv", content)
    imported(manager, home, token, form_of(page))
    (batch,) = Home(home).ledger().batches()
    told = text_of(manager.get(f"/data/rejects/{batch.number}/").content.decode())
    assert "4 Created time someday 'someday' is no instant" in told
    file = manager.get(f"/data/rejects/{batch.number}/file/")
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["line"], row["column"], row["value"]) == ("4", "Created time", "someday")
    assert row["Subject"] == "'=cmd|'/C calc'!A1"  # text, never a formula
    assert manager.get("/data/rejects/99/").status_code == 404
    for client in (account("reading agent", "agent"), account("reading analyst", "analyst")):
        for path in (f"/data/rejects/{batch.number}/", f"/data/rejects/{batch.number}/file/"):
            assert client.get(path).status_code == 403


def test_persian_file_in_an_old_encoding_with_jalali_dates(manager: Client, home: Path) -> None:
    manager.cookies["language"] = "fa"
    # cp1256 has no Persian digits; exports in it have Latin ones.
    latin = PERSIAN.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")).replace("ی", "ي")
    token, page = seen(manager, home, "تیکت‌ها.csv", latin.encode("cp1256"))
    assert "cp1256" in page
    given = form_of(page)
    assert given["writing-3"] == "jalali"
    assert given["zone"] == "Asia/Tehran"
    done = text_of(imported(manager, home, token, given))
    assert "۲ ردیف فهمیده شد. هیچ ردیفی رد نشد." in done
    created = sorted(str(row["created_at"]) for row in rows(home, "ticket"))
    # 15 Farvardin 1405 is 4 April 2026; Tehran is 3:30 before.
    assert created == ["2026-04-04 06:00:00+00:00", "2026-04-05 06:30:00+00:00"]


def test_persian_digits_are_read(manager: Client, home: Path) -> None:
    token, page = seen(manager, home, "export.csv", PERSIAN)
    imported(manager, home, token, form_of(page))
    assert min(str(row["created_at"]) for row in rows(home, "ticket")).startswith("2026-04-04 06")


def test_russian_file_with_semicolons_and_decimal_commas(manager: Client, home: Path) -> None:
    manager.cookies["language"] = "ru"
    token, page = seen(manager, home, "обращения.csv", RUSSIAN.encode("cp1251"))
    assert "cp1251" in page
    given = form_of(page) | {"zone": "Europe/Moscow"}
    assert given["role-6"] == "score"
    done = text_of(imported(manager, home, token, given))
    assert "Поняты 2 строки. Ни одна не отклонена." in done
    assert [row["score"] for row in rows(home, "survey_response")] == [4.5]
    assert min(str(row["created_at"]) for row in rows(home, "ticket")) == (
        "2026-03-31 06:00:00+00:00"
    )


def test_spreadsheet_and_packed_file(manager: Client, home: Path) -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("Tickets")
    for n, row in enumerate(csv.reader(io.StringIO(ENGLISH))):
        for m, cell in enumerate(row):
            sheet.write_string(n, m, cell)
    book.close()
    token, page = seen(manager, home, "tickets.xlsx", made.getvalue())
    assert "Tickets" in page
    assert "2 rows understood" in text_of(imported(manager, home, token, form_of(page)))
    token, page = seen(manager, home, "tickets.csv.gz", gzip.compress(ENGLISH.encode()))
    done = text_of(imported(manager, home, token, form_of(page)))
    # The same name of a source, and so the same tickets: nothing is doubled.
    assert "2 rows understood" in done
    assert len(rows(home, "ticket")) == 3


def test_mapping_is_mended_by_the_form(manager: Client, home: Path) -> None:
    content = "code,when,what,stage\n7,03/04/2026,parcel,open\n8,05/04/2026,refund,open\n"
    token, page = seen(manager, home, "odd.csv", content)
    assert "No column looks like the moment a case was created" in page
    assert 'value="import"' not in page
    given = form_of(page) | {
        "role-0": "id", "role-1": "created_at", "role-2": "subject", "role-3": "status",
        "source": "shop", "zone": "Asia/Tehran",
    }  # fmt: skip
    twice = manager.post(f"/data/seen/{token}/mend/", given | {"role-2": "id", "do": "look"})
    assert twice.status_code == 422
    assert "Two columns cannot be the same thing" in twice.content.decode()
    nowhere = manager.post(f"/data/seen/{token}/mend/", given | {"zone": "Moon/Sea", "do": "look"})
    assert nowhere.status_code == 422
    page = looked(manager, home, token, given)
    assert "could be read with day and month the other way round" in page
    given = form_of(page)
    assert given["writing-1"] == "day_first"
    page = looked(manager, home, token, given | {"writing-1": "month_first"})
    assert form_of(page)["writing-1"] == "month_first"
    # What was said once is kept, though the form is sent again as it is.
    imported(manager, home, token, form_of(page))
    created = sorted(str(row["created_at"]) for row in rows(home, "ticket"))
    assert created == ["2026-03-03 20:30:00+00:00", "2026-05-03 20:30:00+00:00"]
    assert {row["source"] for row in rows(home, "ticket")} == {"shop"}


def looked(client: Client, home: Path, token: str, given: dict[str, str]) -> str:
    """The preview after another look by what the form says."""
    from sanjeh.web.jobs.worker import work_off

    job = client.post(f"/data/seen/{token}/mend/", given | {"do": "look"}).headers["Location"]
    assert work_off(home) == 1
    return client.get(client.get(job).headers["Location"]).content.decode()


def test_unknown_statuses_are_given_a_meaning(manager: Client, home: Path) -> None:
    content = "id,created,status\n1,2026-03-01,Erledigt\n2,2026-03-01,Odd\n"
    token, page = seen(manager, home, "tickets.csv", content)
    assert re.findall(r'<bdi>(\w+)</bdi> <select name="(word-2-\d)"', page) == [
        ("Erledigt", "word-2-0"), ("Odd", "word-2-1"),
    ]  # fmt: skip
    page = looked(manager, home, token, form_of(page) | {"word-2-0": "solved"})
    assert "1 of 2 values cannot be read so" in page
    imported(manager, home, token, form_of(page))
    assert [row["status"] for row in rows(home, "ticket")] == ["solved", None]


def test_rows_may_be_changes_of_cases(manager: Client, home: Path) -> None:
    content = (
        "number,sys_updated_at,opened_at,state,assigned_to\n"
        "INC1,2026-03-01 09:00,2026-03-01 09:00,Open,ann\n"
        "INC1,2026-03-01 11:00,2026-03-01 09:00,Solved,ann\n"
        "INC2,2026-03-02 09:00,2026-03-02 09:00,Open,bea\n"
    )
    token, page = seen(manager, home, "log.csv", content)
    given = form_of(page)
    assert given["row"] == "change"
    imported(manager, home, token, given)
    assert len(rows(home, "ticket")) == 2
    solved = [r for r in rows(home, "ticket_event") if r["to"] == "solved"]
    assert [str(r["at"]) for r in solved] == ["2026-03-01 11:00:00+00:00"]


def test_records_need_no_mapping(manager: Client, home: Path) -> None:
    content = '{"kind": "ticket", "id": "1", "created_at": "2026-03-02T09:00:00Z"}\n{"kind": 5}\n'
    token, page = seen(manager, home, "records.jsonl", content)
    assert "tickets: 1" in text_of(page)
    assert "not understood: 1" in text_of(page)
    done = text_of(imported(manager, home, token, {"source": "desk"}))
    assert "1 row understood. 1 was not" in done


# -- what is refused -------------------------------------------------------------------------


def test_only_administrators_and_managers_bring_files(home: Path) -> None:
    from django.test import Client

    from sanjeh.web.jobs.models import Job

    for role in ("analyst", "lead", "agent", "guest"):
        client = account(f"no {role}", role)
        assert brought(client, "tickets.csv", ENGLISH).status_code == 403
        assert client.get("/data/").status_code == 403
        assert client.get("/data/seen/abcdefghijklmnopqrstuvwx/").status_code == 403
    assert brought(Client(), "tickets.csv", ENGLISH).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        account("strict", "manager").get("/data/").wsgi_request.user,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert brought(strict, "tickets.csv", ENGLISH).status_code == 403
    assert not Job.objects.exists()
    assert list((home / "web" / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("virus.exe", "MZ", "The name should end in"),
        ("tickets.csv", "", "The file is empty"),
        ("tickets", "a,b", "The name should end in"),
    ],
)
def test_wrong_files_get_a_clear_sentence(
    manager: Client, name: str, content: str, told: str
) -> None:
    answer = brought(manager, name, content)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_file_larger_than_allowed_is_refused(
    manager: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "UPLOAD_BYTES", 1_000_000)
    answer = brought(manager, "tickets.csv", b"a" * 1_000_001)
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()


def failed(client: Client, home: Path, name: str, content: bytes) -> str:
    from sanjeh.web.jobs.worker import work_off

    job = brought(client, name, content).headers["Location"]
    assert work_off(home) == 1
    page = client.get(job)
    assert page.status_code == 200
    return text_of(page.content.decode())


def test_damaged_disguised_and_exploding_files_fail_in_words(
    manager: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.jobs import uploads

    for name, content in (
        ("tickets.xlsx", b"PK\x03\x04 no spreadsheet"), ("tickets.xlsx", b"a,b\n1,2\n"),
        ("tickets.parquet", b"PAR1 and no more"), ("tickets.csv.gz", b"\x1f\x8b\x08 cut short"),
    ):  # fmt: skip
        assert "The file cannot be read" in failed(manager, home, name, content), name
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1_000_000)
    bomb = gzip.compress(b"a,b\n" * 500_000)
    assert len(bomb) < 10_000
    assert "unpacks to more" in failed(manager, home, "tickets.csv.gz", bomb)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\files\\my tickets.XLSX", "my tickets.xlsx"),
        (".htaccess.csv", "htaccess.csv"),
        ("<script>.csv", "_script_.csv"),
        ("....csv", "file.csv"),
        ("تیکت‌ها.csv", "تیکت_ها.csv"),
        ("a" * 300 + ".csv.gz", "a" * 80 + ".csv.gz"),
    ],
)
def test_names_are_kept_without_what_means_something_to_a_system(given: str, kept: str) -> None:
    from sanjeh.web.jobs.uploads import clean_name

    assert clean_name(given) == kept


def test_uploads_are_found_by_their_token_only(manager: Client, home: Path) -> None:
    from sanjeh.web.jobs import uploads

    token = uploads.keep(home, "tickets.csv", [ENGLISH.encode()])
    assert uploads.find(home, token) is not None
    for bad in ("..", "../..", token + "/..", "", "x" * 24, "%2e%2e"):
        assert uploads.find(home, bad) is None
        assert manager.get(f"/data/seen/{bad or 'none'}/").status_code in (404, 410)


def test_erasure_leaves_nothing_of_a_person_in_uploads_or_tables(
    manager: Client, home: Path
) -> None:
    from django.conf import settings

    content = (
        "Ticket ID,Created time,Requester name,Requester ID,Status\n"
        "1,2026-03-01 09:00,Zebediah Quill,zq-77,open\n"
    )
    token, page = seen(manager, home, "Zebediah Quill.csv", content)
    imported(manager, home, token, form_of(page) | {"source": "desk"})
    seen(manager, home, "Zebediah Quill again.csv", content)  # brought, and not imported
    waiting = home / "web" / "uploads"
    assert any("Zebediah" in str(path) for path in waiting.rglob("*"))
    manager.get("/data/")
    Home(home).ledger().erase("customer", "zq-77", source="desk")
    assert list(waiting.iterdir()) == []
    database = Path(settings.DATABASES["default"]["NAME"])
    kept = [database, database.with_name(database.name + "-wal")]
    assert not [path for path in [*home.rglob("*"), *kept] if "Zebediah" in str(path)]
    # In a process of its own: who closes a file of SQLite's lets go of all locks that they hold on
    # it, and another process may then take the log away from under this one's connections.
    assert database.exists()
    asked = ["grep", "-rlaF", "Zebediah", home, *(file for file in kept if file.exists())]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (1, "", "")  # 1: nowhere


def test_page_of_data_tells_sources_imports_and_what_they_answer(
    manager: Client, home: Path
) -> None:
    token, page = seen(manager, home, "tickets.csv", ENGLISH)
    imported(manager, home, token, form_of(page))
    for code, words in {
        "en": ("Sources", "tickets.csv", "bringer", "unreadable instant in Created time"),
        "fa": ("منبع‌ها", "tickets.csv", "bringer", "تاریخ ناخوانا در ستون"),
        "ru": ("Источники", "tickets.csv", "bringer", "дата не читается в столбце"),
    }.items():
        manager.cookies["language"] = code
        told = text_of(manager.get("/data/").content.decode())
        for word in words:
            assert word in told, (code, word)
