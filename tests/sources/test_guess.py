"""The guessed mapping of exports in three languages and of three helpdesks' shapes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanjeh.sources import MappingError, guess_mapping, load_mapping, to_toml
from sanjeh.sources.table.headings import heading_form, roles_of
from sanjeh.sources.table.mapping import Mapping


def guess(tmp_path: Path, text: str, encoding: str = "utf-8") -> Mapping:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    mapping = guess_mapping(path)
    written = tmp_path / "mapping.toml"
    written.write_text(to_toml(mapping), encoding="utf-8")
    assert load_mapping(written) == mapping
    return mapping


def columns(mapping: Mapping) -> dict[str, str | None]:
    return {name: take.column for name, take in mapping.records[0].fields.items()}


def test_headings_are_compared_without_marks_case_and_camels() -> None:
    assert heading_form("Created_At") == heading_form("createdAt") == "created at"
    assert heading_form("شماره‌ تیکت:") == "شماره تیکت"


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (
            "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,"
            "Resolved time,Closed time,Last update time,Full name",
            {
                "id": "Ticket ID",
                "subject": "Subject",
                "status": "Status",
                "priority": "Priority",
                "channel_first": "Source",
                "topic_id": "Type",
                "assignee_id": "Agent",
                "team_id": "Group",
                "created_at": "Created time",
                "resolved_at": "Resolved time",
                "closed_at": "Closed time",
                "updated_at": "Last update time",
                "customer_name": "Full name",
            },
        ),
        (
            "شماره تیکت,موضوع,دسته‌بندی,وضعیت,اولویت,تاریخ ایجاد,تاریخ بستن,کارشناس,دپارتمان,مشتری",
            {
                "id": "شماره تیکت",
                "subject": "موضوع",
                "topic_id": "دسته‌بندی",
                "status": "وضعیت",
                "priority": "اولویت",
                "created_at": "تاریخ ایجاد",
                "closed_at": "تاریخ بستن",
                "assignee_id": "کارشناس",
                "department_id": "دپارتمان",
                "customer_id": "مشتری",
            },
        ),
        (
            "Номер обращения,Тема,Статус,Дата создания,Дата решения,"
            "Исполнитель,Клиент,Категория,Приоритет",
            {
                "id": "Номер обращения",
                "subject": "Тема",
                "status": "Статус",
                "created_at": "Дата создания",
                "resolved_at": "Дата решения",
                "assignee_id": "Исполнитель",
                "customer_id": "Клиент",
                "topic_id": "Категория",
                "priority": "Приоритет",
            },
        ),
    ],
)
def test_headings_of_three_languages(headings: str, roles: dict[str, str]) -> None:
    assert roles_of(headings.split(",")) == roles


def test_a_zendesk_export(tmp_path: Path) -> None:
    mapping = guess(
        tmp_path,
        "ID,Requester,Requester email,Subject,Status,Created at,Updated at,Solved at,"
        "Assignee,Group\n"
        "35,Ann,ann@example.com,Help,Pending,2026-03-01 09:00:00 +0000,"
        "2026-03-02 09:00:00 +0000,,Bob,Tier 1\n"
        "36,Cyd,cyd@example.com,Oops,Solved,2026-03-01 10:00:00 +0000,"
        "2026-03-02 09:00:00 +0000,2026-03-02 09:00:00 +0000,Bob,Tier 1\n",
    )
    assert columns(mapping) | {"status": "Status", "resolved_at": "Solved at"} == columns(mapping)
    assert columns(mapping)["customer_id"] == "Requester email"
    assert mapping.columns["Created at"].format == ("iso",)
    assert mapping.columns["Status"].values == {"Pending": "pending_customer", "Solved": "solved"}


def test_a_jira_export(tmp_path: Path) -> None:
    mapping = guess(
        tmp_path,
        "Summary,Issue key,Issue id,Status,Priority,Assignee,Reporter,Created,Resolved,"
        "Comment,Comment\n"
        "Broken,SUP-1,10001,In Progress,Highest,ann,bob,05/Mar/26 3:07 PM,,x,y\n"
        "Slow,SUP-2,10002,Done,Low,ann,cyd,13/Mar/26 9:00 AM,14/Mar/26 9:00 AM,x,\n",
    )
    assert columns(mapping)["id"] == "Issue key"
    assert mapping.columns["Created"].format == ("%d/%b/%y %I:%M %p",)
    assert mapping.columns["Status"].values == {"In Progress": "open", "Done": "solved"}
    assert mapping.columns["Priority"].values == {"Highest": "urgent", "Low": "low"}


def test_a_persian_export_with_jalali_dates(tmp_path: Path, load: Any, ledger: Any) -> None:
    text = (
        "شماره تیکت;وضعیت;تاریخ ایجاد;تاریخ بستن;کارشناس\n"
        "۱۲;باز;۱۴۰۴/۰۱/۱۵ ۱۴:۳۰;;مینا\n"
        "۱۳;بسته شده;۱۴۰۴/۰۱/۱۶ ۰۹:۰۰;۱۴۰۴/۰۱/۱۷ ۰۹:۰۰;مینا\n"
    )
    mapping = guess(tmp_path, text)
    assert mapping.file.delimiter == ";"
    assert mapping.zone == "Asia/Tehran"
    assert mapping.columns["تاریخ ایجاد"].format == ("jalali",)
    assert mapping.columns["وضعیت"].values == {"باز": "open", "بسته شده": "closed"}
    report = load(text)  # without a mapping: the guess is used
    assert report.mapping_used == "guessed"
    assert [f"{row['created_at']:%Y-%m-%d %H:%M}" for row in ledger.rows("ticket")] == [
        "2025-04-04 11:00",
        "2025-04-05 05:30",
    ]
    assert [row["to"] for row in ledger.rows("ticket_event")] == ["solved"]


def test_a_russian_export_in_its_encoding(tmp_path: Path) -> None:
    mapping = guess(
        tmp_path,
        "Номер обращения;Тема;Статус;Дата создания;Дата решения\n"
        "1;Не приходит счёт;В работе;05.03.2026 10:00;\n"
        "2;Возврат;Решено;06.03.2026 10:00;25.03.2026 11:00\n",
        "cp1251",
    )
    assert (mapping.file.encoding, mapping.file.delimiter) == ("cp1251", ";")
    assert mapping.columns["Дата создания"].format == ("%d.%m.%Y %H:%M",)
    assert mapping.columns["Статус"].values == {"В работе": "open", "Решено": "solved"}


@pytest.mark.parametrize(
    ("dates", "form", "assumed"),
    [
        (("05/03/2026 10:00", "25/03/2026 10:00"), "%d/%m/%Y %H:%M", False),
        (("03/05/2026 10:00", "03/25/2026 10:00"), "%m/%d/%Y %H:%M", False),
        (("05/03/2026 10:00", "06/03/2026 10:00"), "%d/%m/%Y %H:%M", True),
    ],
)
def test_day_before_month_is_decided_by_evidence(
    tmp_path: Path, dates: tuple[str, str], form: str, assumed: bool
) -> None:
    mapping = guess(tmp_path, f"id,created,closed\n1,{dates[0]},\n2,{dates[0]},{dates[1]}\n")
    assert mapping.columns["created"].format == (form,)
    assert mapping.columns["closed"].format == (form,)
    assert ("assumed" in mapping.title) == assumed


def test_repeated_ids_with_a_time_of_change_are_a_history(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},{state},2026-03-0{day} 10:00\n"
        for n in "12"
        for day, state in ((1, "New"), (2, "Closed"))
    )
    mapping = guess(tmp_path, "ticket id,status,updated at\n" + rows)
    assert mapping.case is not None
    assert (mapping.case.key, mapping.case.order) == ("ticket id", ("updated at",))
    assert [change.type for change in mapping.changes] == ["status_changed"]
    assert mapping.records[0].fields["created_at"].keep == "first"


def test_null_words_are_noticed(tmp_path: Path) -> None:
    mapping = guess(tmp_path, "id,created,group\n1,2026-03-01,?\n2,2026-03-02,N/A\n")
    assert mapping.file.null == ("?", "N/A")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour,created\nred,2026-03-01\n", "looks like a case's id; its headings are colour"),
        ("id,created\n1,yesterday\n", "looks like when a case was created"),
    ],
)
def test_a_hopeless_table_says_what_is_missing(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        guess(tmp_path, text)


def test_one_date_that_cannot_be_does_not_defeat_the_guess(load: Any, ledger: Any) -> None:
    report = load("شماره تیکت,تاریخ ایجاد\n۱,۱۴۰۴/۰۱/۱۵\n۲,۱۴۰۴/۰۲/۰۱\n۳,۱۴۰۴/۱۳/۰۱\n")
    assert report.mapping_used == "guessed"
    (reject,) = report.rejects
    assert (reject.line, reject.value) == (4, "۱۴۰۴/۱۳/۰۱")
    dates = [str(d)[:10] for d in ledger.table("ticket").column("created_at").to_pylist() if d]
    assert dates == ["2025-04-03", "2025-04-20"]  # 15 Farvardin and 1 Ordibehesht, less 3:30 h
