"""Waiting now and the backlog: figures worked by hand, each leading to its rows."""

from __future__ import annotations

import re

import pytest
from site_cases import account
from test_cards import cards, text_of, words_of  # noqa: F401  (the home of both)

pytestmark = pytest.mark.xdist_group("web work")

MARCH = "from=2026-03-01&to=2026-04-01"
FLOW = f"/backlog/?{MARCH}&where=channel=flowmail"
WAITING = "/waiting/?where=channel=waitmail"


def rows_of_table(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, as text."""
    part = page[page.index(heading) :]
    table = part[part.index("<tbody>") : part.index("</tbody>")]
    return [
        [words_of(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", table, re.S)
    ]


def test_backlog_adds_up() -> None:
    page = text_of(account("boss", "manager"), FLOW)
    # open before March: 1, 2; new: 3, 4, 5; back: 3, 6; restored: 6; solved: 1, 3; closed: 5;
    # merged: 4; deleted: 6; open at the end: 2, 3, 6
    assert "2 + 3 + 2 + 1 − 2 − 1 − 1 − 1 = 3 : it adds up" in words_of(page)
    told = {row[0]: row[1] for row in rows_of_table(page, "How the backlog changed")}
    assert told == {
        "Open at the start": "2", "New": "+ 3", "Reopened": "+ 2", "Restored": "+ 1",
        "Solved": "− 2", "Closed otherwise": "− 1", "Merged": "− 1", "Deleted": "− 1",
        "Open at the end": "3",
    }  # fmt: skip


def test_backlog_of_each_team_adds_up_with_what_moved() -> None:
    page = text_of(account("boss", "manager"), FLOW)
    found = {row[0]: row[1:] for row in rows_of_table(page, "The same for each group")}
    # opening, new, reopened, moved in, restored; solved, closed, moved out, merged, deleted; end
    assert found == {
        "Card north": ["2", "2", "1", "0", "0", "2", "0", "1", "1", "0", "1", "✓ adds up"],
        "Card south": ["0", "1", "1", "1", "1", "0", "1", "0", "0", "1", "2", "✓ adds up"],
    }


def test_term_of_the_backlog_leads_to_its_rows() -> None:
    client = account("boss", "manager")
    page = text_of(client, FLOW)
    (address,) = re.findall(r'href="(/figure/backlog_reopened/rows/[^"]*)"', page)[:1]
    rows = text_of(client, address.replace("&amp;", "&"))
    assert sorted(re.findall(r'href="/ticket/(flow-\d)/"', rows)) == ["flow-3", "flow-6"]


def test_open_tickets_by_age_and_whose_move() -> None:
    page = text_of(account("boss", "manager"), FLOW)
    found = {row[0]: row[1:] for row in rows_of_table(page, "What is open at the end")}
    # new: flow-2 since February; open again: flow-3 since 3 March, flow-6 since 1 February
    assert found["over 7 days"] == ["1", "2", "3"]
    assert found["under 1 day"] == ["0", "0", "0"]


def test_who_waits_and_for_how_long_when_the_record_ends() -> None:
    page = text_of(account("boss", "manager"), WAITING)
    assert "As the record stood on 30 March 2026, 12:00" in words_of(page)
    requests = rows_of_table(page, "Nobody has answered yet")
    assert [row[:4] for row in requests] == [
        ["wait-1", "3 h", "2 h overdue", "not a word"],
        ["wait-2", "90 min", "2 h", "a machine answered"],
    ]
    again = rows_of_table(page, "Their last message is unanswered")
    assert [row[:2] for row in again] == [["wait-3", "2.3 h"]]
    tickets = rows_of_table(page, "Tickets that wait for us")
    assert [row[:4] for row in tickets] == [
        ["wait-t3", "2.3 h", "the customer wrote last", "Ours"],
        ["wait-t4", "60 min", "nobody has answered", "Ours"],
    ]


def test_numbers_of_who_waits_are_those_of_the_catalogue() -> None:
    client = account("boss", "manager")
    page = text_of(client, WAITING)
    for metric, count in (
        ("unanswered_requests", 2), ("unacknowledged_requests", 1),
        ("overdue_first_responses", 1), ("awaiting_tickets", 1), ("unattended_tickets", 1),
    ):  # fmt: skip
        assert re.search(
            rf'<data value="{count}"[^>]*data-metric="{metric}"', page
        ), metric  # fmt: skip
    assert "sanjeh show unanswered_requests unacknowledged_requests" in words_of(page)


def test_nobody_waiting_is_good_news() -> None:
    page = text_of(account("boss", "manager"), "/waiting/?where=channel=quietmail")
    assert "Nobody is waiting" in words_of(page)


def test_lead_sees_who_waits_for_the_own_team() -> None:
    lead = account("northlead", "lead", ("desk/card-north",))
    page = text_of(lead, WAITING)
    assert "wait-1" in page
    assert "wait-2" not in page
    assert "wait-t4" not in page
    assert "flow-5" not in text_of(lead, FLOW)


@pytest.mark.parametrize("code", ["fa", "ru"])
def test_pages_speak_each_language(code: str) -> None:
    client = account("boss", "manager")
    client.cookies["language"] = code
    for path in (FLOW, WAITING, "/ticket/card-solved/", "/conversation/card-talk/"):
        page = text_of(client, path)
        assert "it adds up" not in page
        assert "waited 10" not in page
