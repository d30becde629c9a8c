"""An erased person is nowhere under the home: not in a table, a log, an inbox or a reject."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from ledger_cases import (
    T0,
    Records,
    column,
    erase,
    load,
    open_ledger,
    put,
    run_until,
    steps_of,
)

from sanjeh.ledger import KINDS, Ledger, LedgerError, home
from sanjeh.ledger.redaction import Needles

NEEDLES = ("zhaleh moradi", "zhaleh@example.com", "cust-90210", "crm-777x")

RECORDS: Records = {
    "customer": [
        {
            "id": "cust-90210",
            "external_id": "crm-777x",
            "display_name": "Zhaleh Moradi",
            "contact_points": [{"channel": "email", "address": "zhaleh@example.com"}],
            "attributes": {"nick": "zhaleh"},
        },
        {"id": "other", "display_name": "Omid Karimi", "attributes": {"friend": "Zhaleh Moradi"}},
    ],
    "agent": [{"id": "agent-nika-1", "name": "Nika Rostami"}],
    "ticket": [
        {"id": "t1", "customer_id": "cust-90210", "subject": "my bill", "number": "1001"},
        {"id": "t2", "customer_id": "other", "subject": "about ZHALEH  moradi", "number": "1002"},
    ],
    "conversation": [
        {"id": "c1", "customer_id": "cust-90210", "started_at": T0, "attributes": {"x": "1"}},
        {"id": "c2", "customer_id": "other", "started_at": T0, "attributes": {"x": "2"}},
        {"id": "c3", "ticket_id": "t1", "started_at": T0},
    ],
    "message": [
        {
            "id": "m1",
            "conversation_id": "c1",
            "author_type": "customer",
            "author_id": "cust-90210",
            "body": "where is my parcel",
        },
        {
            "id": "m2",
            "conversation_id": "c1",
            "author_type": "agent",
            "author_id": "agent-nika-1",
            "body": "it is on its way",
        },
        {
            "id": "m3",
            "conversation_id": "c2",
            "author_type": "agent",
            "author_id": "agent-nika-1",
            "body": "cust-90210 cust-90210, write to zhaleh@example.com; Zhalehs moradi",
        },
        {"id": "m4", "conversation_id": "c3", "body": "third thread"},
    ],
    "survey_response": [{"id": "s1", "customer_id": "cust-90210", "comment": "fine", "score": 5}],
    "feedback": [{"id": "f1", "customer_id": "cust-90210", "text": "too slow"}],
    "transfer": [{"id": "x1", "conversation_id": "c2", "reason": "asked by Zhaleh Moradi"}],
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home full of the person, to be copied."""
    path = tmp_path_factory.mktemp("template") / "home"
    _fill(path)
    return path


def fill(path: Path, template: Path) -> Ledger:
    shutil.copytree(template, path, dirs_exist_ok=True)
    return open_ledger(path)


def _fill(path: Path) -> None:
    ledger = open_ledger(path)
    load(path, RECORDS)
    with ledger.importing("desk", origin="export of Zhaleh Moradi.csv") as batch:
        batch.warn("odd name", "Zhaleh Moradi in line 3")
        # A newer version, so that the name stands in a superseded row too.
        batch.append(
            "customer",
            KINDS["customer"].table([{"id": "cust-90210", "display_name": "Zhaleh M."}]),
        )
    (path / "rejects").mkdir()
    line = {"line": 3, "row": {"name": "ZHALEH MORADI", "mail": "zhaleh@example.com", "n": 5}}
    (path / "rejects" / "2.jsonl").write_text(f"{json.dumps(line)}\n{json.dumps({'line': 4})}\n")
    (path / "closed" / "gregorian-2026-03").mkdir(parents=True)
    rows = [{"month": "2026-03"}, ["requests", "desk/cust-90210", 1], ["requests", "desk/t1", 1]]
    (path / "closed" / "gregorian-2026-03" / "0001.jsonl").write_text(
        "".join(f"{json.dumps(row)}\n" for row in rows)
    )
    (path / "closed" / "gregorian-2026-03" / ".x.draft").write_text("desk/cust-90210")
    (path / "facts").mkdir()
    (path / "facts" / "cache.duckdb").write_text("zhaleh moradi")


def words_under(path: Path) -> Iterator[tuple[str, str]]:
    """Everything readable under the home, lower case: bytes, and Parquet as it unpacks."""
    for file in sorted(path.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            yield str(file.relative_to(path)), content.decode("utf-8", "ignore").lower()
            yield str(file.relative_to(path)), content.decode("utf-16-le", "ignore").lower()
            if file.suffix == ".parquet":
                rows = pq.ParquetFile(file).read().to_pylist()
                yield str(file.relative_to(path)), str(rows).lower()


def found_under(path: Path) -> set[str]:
    return {n for n in NEEDLES for _, words in words_under(path) if n in words}


def test_the_person_is_there_before(tmp_path: Path, template: Path) -> None:
    fill(tmp_path, template)
    assert found_under(tmp_path) == set(NEEDLES)


def test_an_erased_customer_is_nowhere_under_the_home(tmp_path: Path, template: Path) -> None:
    ledger = fill(tmp_path, template)
    ledger.inbox.put("message", [{"id": "m9", "body": "Zhaleh Moradi again", "source": "desk"}])
    before = ledger.snapshot()
    done = ledger.erase("customer", "cust-90210", source="desk")
    assert found_under(tmp_path) == set()
    assert not (tmp_path / "facts").exists()
    assert done.known
    assert done.rejects == 1
    assert ledger.snapshot().erasures == before.erasures + 1
    assert ledger.labels([done.pseudonym]) == {}
    assert ledger.find_persons("customer", "cust-90210") == []


def test_counts_and_instants_of_the_erased_stay(tmp_path: Path, template: Path) -> None:
    ledger = fill(tmp_path, template)
    before = {k: ledger.rows(k).num_rows for k in RECORDS}
    pseudonym = column(ledger, "ticket", "customer_id")["desk/t1"]
    ledger.erase("customer", "cust-90210", source="desk")
    assert {k: ledger.rows(k).num_rows for k in RECORDS} == before
    assert column(ledger, "ticket", "customer_id")["desk/t1"] == pseudonym
    assert column(ledger, "ticket", "number") == {"desk/t1": "1001", "desk/t2": "1002"}
    assert column(ledger, "survey_response", "score") == {"desk/s1": 5.0}


def test_own_texts_go_and_others_are_covered_by_whole_words(tmp_path: Path, template: Path) -> None:
    ledger = fill(tmp_path, template)
    ledger.erase("customer", "cust-90210", source="desk")
    assert ledger.texts("message", ["desk/m1", "desk/m2", "desk/m3", "desk/m4"]) == {
        # m1, m2 and m4 belong to the customer's conversations and ticket
        "desk/m3": {"body": "█ █, write to █; Zhalehs moradi"},
    }
    assert ledger.texts("ticket", ["desk/t1", "desk/t2"]) == {"desk/t2": {"subject": "about █"}}
    assert ledger.texts("survey_response", ["desk/s1"]) == {}
    assert ledger.texts("feedback", ["desk/f1"]) == {}
    assert column(ledger, "transfer", "reason") == {"desk/x1": "asked by █"}
    other = ledger.find_persons("customer", "other")
    assert ledger.labels(other) == {other[0]: "Omid Karimi"}
    rows = [
        row for file in ledger.snapshot().attribute_files for row in pq.read_table(file).to_pylist()
    ]
    assert sorted((r["kind"], r["name"], r["value"]) for r in rows) == [
        ("conversation", "x", "2"),
        ("customer", "friend", "█"),
    ]
    assert ledger.batches()[1].origin == "export of █.csv"
    assert json.loads(ledger.batches()[1].warnings) == {
        "odd name": {"count": 1, "samples": ["█ in line 3"]}
    }
    rejects = (tmp_path / "rejects" / "2.jsonl").read_text().splitlines()
    assert json.loads(rejects[0]) == {"line": 3, "row": {"name": "█", "mail": "█", "n": 5}}
    assert json.loads(rejects[1]) == {"line": 4}


def test_an_erased_agent_leaves_the_messages(tmp_path: Path, template: Path) -> None:
    ledger = fill(tmp_path, template)
    put(ledger, "message", {"id": "m7", "body": "ask Nika Rostami"})
    done = ledger.erase("agent", "agent-nika-1", source="desk")
    assert ledger.labels([done.pseudonym]) == {}
    assert ledger.texts("message", ["desk/m2", "desk/m7"]) == {
        "desk/m2": {"body": "it is on its way"},
        "desk/m7": {"body": "ask █"},
    }
    assert not [w for _, w in words_under(tmp_path) if "nika" in w or "agent-nika-1" in w]


def test_an_erased_person_does_not_come_back_with_a_later_import(
    tmp_path: Path, template: Path
) -> None:
    ledger = fill(tmp_path, template)
    ledger.erase("customer", "cust-90210", source="desk")
    load(tmp_path, RECORDS)
    again = dict(RECORDS["customer"][0], demographics={"country": "IR"})
    assert put(ledger, "customer", again).replaced == 1
    put(
        ledger,
        "message",
        {
            "id": "m8",
            "conversation_id": "c1",
            "author_type": "customer",
            "author_id": "cust-90210",
            "body": "hello again",
        },
        {"id": "m9", "conversation_id": "c1", "author_type": "agent", "body": "dear customer"},
        {"id": "m10", "conversation_id": "c2", "author_type": "agent", "body": "stays"},
    )
    ids = ["desk/m8", "desk/m9", "desk/m10"]
    assert ledger.texts("message", ids) == {"desk/m10": {"body": "stays"}}
    assert found_under(tmp_path) == set()
    assert "of an erased person" in ledger.batches()[-1].warnings


def test_a_live_record_of_an_erased_person_shows_no_text(tmp_path: Path, template: Path) -> None:
    ledger = fill(tmp_path, template)
    ledger.erase("customer", "cust-90210", source="desk")
    again = {"id": "cust-90210", "display_name": "Zhaleh Moradi"}
    ledger.inbox.put("customer", [again], source="desk")
    live = ledger.snapshot()
    assert live.inbox["customer"].num_rows == 1
    assert live.inbox_texts.num_rows == 0
    assert "persons" not in live.live


def check_killed_at(tmp_path: Path, template: Path, steps: list[str]) -> None:
    for step in steps:
        path = tmp_path / step.replace(" ", "-")
        fill(path, template)
        run_until(step, partial(erase, path, "customer", "cust-90210"))
        note = (path / "ledger" / "erasing.json").read_text().lower()
        assert not [n for n in NEEDLES if n in note]
        ledger = open_ledger(path)  # opening it finishes the erasure
        assert found_under(path) == set(), step
        assert not (path / "ledger" / "erasing.json").exists()
        assert ledger.rows("message").num_rows == 4
        assert ledger.snapshot().erasures == 1


def test_an_erasure_killed_before_the_swap_is_finished_when_the_home_is_opened(
    tmp_path: Path, template: Path
) -> None:
    check_killed_at(tmp_path, template, ["before the swap"])


@pytest.mark.slow
def test_an_erasure_killed_at_any_step_is_finished_when_the_home_is_opened(
    tmp_path: Path, template: Path
) -> None:
    model = fill(tmp_path / "model", template)
    steps = steps_of(partial(erase, model.path, "customer", "cust-90210"))
    assert steps[0] == "erasure noted"
    assert {"before the swap", "after the swap", "swept"} <= set(steps)
    check_killed_at(tmp_path, template, steps)


def test_erasing_twice_and_erasing_the_unknown_do_no_harm(tmp_path: Path, template: Path) -> None:
    ledger = fill(tmp_path, template)
    ledger.erase("customer", "cust-90210", source="desk")
    assert ledger.erase("customer", "cust-90210", source="desk").rows == 0
    assert not ledger.erase("customer", "nobody-7", source="desk").known
    assert ledger.rows("message").num_rows == 4


def test_an_erasure_is_stopped_by_a_full_disk_with_everything_in_place(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = fill(tmp_path, template)

    def full(name: str) -> None:
        if name == "before the swap":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(home, "on_step", full)
    with pytest.raises(LedgerError, match="full"):
        ledger.erase("customer", "cust-90210", source="desk")
    monkeypatch.setattr(home, "on_step", None)
    assert ledger.texts("message", ["desk/m1"]) == {"desk/m1": {"body": "where is my parcel"}}
    put(ledger, "ticket", {"id": "t9"})  # the next writer finishes it
    assert found_under(tmp_path) == set()


@pytest.mark.parametrize("folder", ["plain", "the team's"])
def test_a_home_named_by_a_relative_path_or_a_link_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    for given in (Path(folder), Path("link"), Path("link") / ".." / folder):
        ledger = Ledger(given)
        with ledger.importing("desk") as batch:
            batch.append("ticket", KINDS["ticket"].table([{"id": str(given), "customer_id": "c"}]))
            batch.append(
                "customer", KINDS["customer"].table([{"id": "c", "display_name": "Someone"}])
            )
        ledger.erase("customer", "c", source="desk")
        assert f"desk/{given}" in Ledger(given).rows("ticket").column("id").to_pylist()
    assert Ledger(tmp_path / folder).rows("ticket").num_rows == 3


def test_a_role_must_be_a_person(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="customer, agent, visitor, not 'team'"):
        ledger.erase("team", "1", source="desk")


@pytest.mark.parametrize(
    ("needle", "text", "covered"),
    [
        ("سارا احمدی", "با سارا احمدي تماس بگیرید", "با █ تماس بگیرید"),
        ("Семён", "позвоните СЕМЕН, срочно", "позвоните █, срочно"),
        ("09121234567", "شماره ۰۹۱۲۱۲۳۴۵۶۷ است", "شماره █ است"),
        ("al", "al dente", "al dente"),  # too short to be told from a word
        ("ann.lee", "annxlee ann.lee", "annxlee █"),
        ("1042", "ticket 1042", "ticket █"),
    ],
)
def test_names_are_found_however_they_are_written(needle: str, text: str, covered: str) -> None:
    needles = Needles.of([needle])
    assert needles.covered_value(text) == covered
    import duckdb

    row = duckdb.execute(f"SELECT {needles.covered('$1', free=True)}", [text]).fetchone()
    assert row == (covered,)


def test_a_short_number_is_covered_in_free_text_only(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    put(ledger, "customer", {"id": "1042"})
    put(ledger, "ticket", {"id": "t", "number": "1042", "subject": "customer 1042"})
    ledger.erase("customer", "1042", source="desk")
    assert column(ledger, "ticket", "number") == {"desk/t": "1042"}
    assert ledger.texts("ticket", ["desk/t"]) == {"desk/t": {"subject": "customer █"}}
