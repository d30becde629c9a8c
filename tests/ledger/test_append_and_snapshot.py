"""What is appended is seen once, under ids that name no person."""

from __future__ import annotations

import datetime as dt
import pickle
import re
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from ledger_cases import NOW, T0, at, column, put

from sanjeh.ledger import KINDS, Appended, Ledger, LedgerError, encoding


def half(ledger: Ledger) -> None:
    """An import whose second table is wrong."""
    with ledger.importing("desk") as batch:
        batch.append("message", KINDS["message"].table([{"id": "2"}]))
        batch.append("message", pa.table({"id": [3]}))


def test_empty_ledger_has_version_zero_and_no_files(ledger: Ledger) -> None:
    snapshot = ledger.snapshot()
    assert (snapshot.version, snapshot.files("message"), snapshot.sources) == (0, (), ())
    assert ledger.rows("message").num_rows == 0


def test_ids_are_prefixed_with_the_source(ledger: Ledger) -> None:
    put(ledger, "message", {"id": "m1", "conversation_id": "c", "kb_article_ids": ["k1", "k2"]})
    row = ledger.rows("message").to_pylist()[0]
    assert row["id"] == "desk/m1"
    assert row["conversation_id"] == "desk/c"
    assert row["kb_article_ids"] == ["desk/k1", "desk/k2"]
    assert row["canned_response_id"] is None


def test_persons_are_pseudonyms_by_role(ledger: Ledger) -> None:
    put(
        ledger,
        "message",
        {"id": "1", "author_type": "customer", "author_id": "7"},
        {"id": "2", "author_type": "agent", "author_id": "7"},
        {"id": "3", "author_type": "bot", "author_id": "helper"},
        {"id": "4", "author_type": "customer", "author_id": "7"},
        {"id": "5", "author_id": "7"},
    )
    author = column(ledger, "message", "author_id")
    assert re.fullmatch("p[a-z2-7]{20}", author["desk/1"])
    assert author["desk/4"] == author["desk/1"]
    assert author["desk/2"] != author["desk/1"]
    assert author["desk/3"] == "desk/helper"
    assert author["desk/5"].startswith("p")  # nobody said that it is no person


def test_a_person_has_one_pseudonym_in_every_kind_and_another_in_every_source(
    ledger: Ledger,
) -> None:
    put(ledger, "customer", {"id": "7"})
    put(ledger, "ticket", {"id": "t", "customer_id": "7"})
    put(ledger, "customer", {"id": "7"}, source="shop")
    customers = ledger.rows("customer").column("id").to_pylist()
    assert column(ledger, "ticket", "customer_id")["desk/t"] in customers
    assert len(set(customers)) == 2


def test_two_homes_give_one_person_different_pseudonyms(
    ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Ledger(tmp_path_factory.mktemp("other"))
    put(ledger, "customer", {"id": "7"})
    put(other, "customer", {"id": "7"})
    assert ledger.rows("customer")["id"].to_pylist() != other.rows("customer")["id"].to_pylist()


def test_what_a_ticket_event_changed_is_encoded_by_its_type(ledger: Ledger) -> None:
    put(ledger, "agent", {"id": "a1"})
    put(
        ledger,
        "ticket_event",
        {"id": "1", "type": "assigned", "to": "a1"},
        {"id": "2", "type": "team_changed", "from": "x", "to": "y"},
        {"id": "3", "type": "status_changed", "from": "open", "to": "solved"},
        {"id": "4", "type": "merged", "to": "t9"},
    )
    to = column(ledger, "ticket_event", "to")
    assert to["desk/1"] == ledger.rows("agent")["id"].to_pylist()[0]
    assert (to["desk/2"], to["desk/3"], to["desk/4"]) == ("desk/y", "solved", "desk/t9")
    assert column(ledger, "ticket_event", "from")["desk/3"] == "open"


def test_lists_of_persons_keep_their_order(ledger: Ledger) -> None:
    put(ledger, "agent", {"id": "z"}, {"id": "a"})
    put(ledger, "topic", {"id": "t", "sme_ids": ["z", "a"]})
    z, a = ledger.find_persons("agent", "z")[0], ledger.find_persons("agent", "a")[0]
    assert column(ledger, "topic", "sme_ids") == {"desk/t": [z, a]}


def test_names_texts_and_attributes_are_kept_apart(ledger: Ledger) -> None:
    put(ledger, "customer", {"id": "7", "display_name": "Sara Ahmadi", "external_id": "X-7"})
    put(
        ledger,
        "message",
        {"id": "m", "body": "hello", "attributes": {"plan": "gold", "seats": 3, "none": None}},
    )
    person = ledger.find_persons("customer", "sara ahmadi")
    assert person == ledger.find_persons("customer", "7")
    assert ledger.labels(person) == {person[0]: "Sara Ahmadi"}
    assert ledger.texts("message", ["desk/m", "desk/none"]) == {"desk/m": {"body": "hello"}}
    assert ledger.rows("customer")["external_id"].to_pylist() == [None]
    files = list(ledger.snapshot().attribute_files)
    rows = duckdb.sql(f"SELECT kind, id, name, value, batch FROM read_parquet({files})").fetchall()
    assert sorted(rows) == [
        ("message", "desk/m", "plan", "gold", 2),
        ("message", "desk/m", "seats", "3", 2),
    ]


NAMES: dict[str, Any] = {
    "plan": "gold",
    "a/b": "slash",
    "a~1b": True,
    'q"t': [1, 2],
    "it's": {"k": "v"},
    "0": "zero",
    "$": "d",
    "": "no name",
    "نام": "سارا",
    "none": None,
}
STORED = {
    ("a", "plan", "gold"),
    ("a", "a/b", "slash"),
    ("a", "a~1b", "true"),
    ("a", 'q"t', "[1,2]"),
    ("a", "it's", '{"k":"v"}'),
    ("a", "0", "zero"),
    ("a", "$", "d"),
    ("a", "", "no name"),
    ("a", "نام", "سارا"),
    ("b", "plan", "silver"),
}


@pytest.mark.parametrize("together", [50, 3])
def test_attributes_are_stored_by_name_whatever_the_name_and_however_many(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(encoding, "TOGETHER", together)
    attributes = [NAMES, {"plan": "silver"}, {}, None]
    records = [
        {"id": id_, "attributes": given} for id_, given in zip("abcd", attributes, strict=True)
    ]
    put(ledger, "ticket", *records)
    files = list(ledger.snapshot().attribute_files)
    rows = duckdb.sql(f"SELECT id, name, value FROM read_parquet({files})").fetchall()
    assert len(rows) == 10
    assert set(rows) == {(f"desk/{id_}", name, value) for id_, name, value in STORED}


def test_a_name_repeated_in_one_json_object_is_stored_each_time(ledger: Ledger) -> None:
    given = pa.table({"id": ["a"], "attributes": ['{"x": "1", "x": "2"}']})
    with ledger.importing("desk") as batch:
        batch.append("ticket", given)
    files = list(ledger.snapshot().attribute_files)
    rows = duckdb.sql(f"SELECT name, value FROM read_parquet({files})").fetchall()
    assert sorted(rows) == [("x", "1"), ("x", "2")]


def test_a_field_that_some_rows_lack_hashes_as_if_they_had_come_apart(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "a", "number": "1"}, {"id": "b"})
    again = put(ledger, "ticket", {"id": "a", "number": "1"})
    assert (again.unchanged, again.added) == (1, 0)
    again = put(ledger, "ticket", {"id": "b"})
    assert (again.unchanged, again.added) == (1, 0)


def test_a_person_without_a_name_is_labelled_by_the_id(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "t", "assignee_id": "agent-5"})
    person = column(ledger, "ticket", "assignee_id")["desk/t"]
    assert ledger.labels([person, "pnobody"]) == {person: "agent-5"}


def test_a_kind_without_id_is_known_by_its_key(ledger: Ledger) -> None:
    view = {"session_id": "s", "at": T0, "url": "/"}
    assert put(ledger, "page_view", view, {**view, "url": "/b"}) == Appended(added=2)
    assert put(ledger, "page_view", view) == Appended(unchanged=1)
    assert len(column(ledger, "page_view", "url")) == 2


def test_calendar_versions_stand_side_by_side_under_one_id(ledger: Ledger) -> None:
    put(ledger, "business_calendar", {"id": "c", "tz": "UTC"})
    put(ledger, "business_calendar", {"id": "c", "tz": "Asia/Tehran", "valid_from": T0})
    put(ledger, "business_calendar", {"id": "c", "tz": "Europe/Paris", "valid_from": T0})
    rows = ledger.rows("business_calendar").to_pylist()
    assert sorted((r["id"], r["tz"]) for r in rows) == [
        ("desk/c", "Europe/Paris"),
        ("desk/c", "UTC"),
    ]


def test_settings_are_one_record_a_source(ledger: Ledger) -> None:
    put(ledger, "settings", {"tz": "UTC"})
    put(ledger, "settings", {"tz": "Asia/Tehran"})
    assert ledger.rows("settings")["tz"].to_pylist() == ["Asia/Tehran"]


def test_a_failed_import_shows_nothing_and_its_number_is_not_used_again(ledger: Ledger) -> None:
    put(ledger, "message", {"id": "1"})
    with pytest.raises(LedgerError):
        half(ledger)
    assert list(column(ledger, "message", "id")) == ["desk/1"]
    put(ledger, "message", {"id": "3"})
    snapshot = ledger.snapshot()
    assert (snapshot.version, snapshot.uncommitted) == (3, (2,))
    assert sorted(column(ledger, "message", "batch").values()) == [1, 3]


def test_a_snapshot_is_as_it_was_after_later_imports_and_travels(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1", "priority": "low"})
    before = pickle.loads(pickle.dumps(ledger.snapshot()))
    put(ledger, "ticket", {"id": "1", "priority": "high"})
    ledger.compact()
    sql = f"SELECT priority, batch FROM {before.visible('ticket')}"
    assert duckdb.sql(sql).fetchall() == [("low", 1)]


def test_sources_say_when_they_were_last_imported(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1"})
    put(ledger, "ticket", {"id": "1"}, source="shop")
    assert [(s.source, s.imported_at) for s in ledger.snapshot().sources] == [
        ("desk", NOW),
        ("shop", NOW),
    ]


def test_records_dated_in_the_future_are_kept_and_counted(ledger: Ledger) -> None:
    hour = dt.timedelta(hours=1)
    put(
        ledger,
        "message",
        {"id": "1", "at": NOW + hour},  # on the edge: not counted
        {"id": "2", "at": NOW + hour + dt.timedelta(microseconds=1)},  # counted
        {"id": "3", "at": NOW + 2 * hour},  # counted
    )
    assert ledger.rows("message").num_rows == 3
    assert '"dated in the future": {"count": 2' in ledger.batches()[0].warnings


def test_counts_of_an_import_are_kept(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1"}, {"id": "2"})
    assert '"ticket": {"added": 2' in ledger.batches()[0].counts


@pytest.mark.parametrize(
    ("kind", "table", "message"),
    [
        ("mesage", {"id": ["1"]}, "no record kind 'mesage'; did you mean 'message'"),
        ("message", {"id": ["1"], "bdy": ["x"]}, "message has no field 'bdy'; did you mean 'body'"),
        ("message", {"body": ["x"]}, "message: the key column 'id' is missing"),
        ("message", {"id": ["1", None]}, "message.id: row 2 has no value"),
        ("message", {"id": ["1", ""]}, "message.id: row 2 has no value"),
        ("message", {"id": ["1"], "at": ["noon"]}, "message.at: expected an instant .*'noon'"),
        ("message", {"id": ["1"], "at": [T0.replace(tzinfo=None)]}, "instant with its time zone"),
        ("message", {"id": ["1"], "body_length": ["12"]}, "message.body_length: .*'12'"),
        ("message", {"id": ["1"], "body_length": [1.5]}, "message.body_length: .*1.5"),
        ("message", {"id": [1]}, "message.id: expected text, got 1"),
        ("revenue_event", {"id": ["1"], "amount": [float("nan")]}, "amount: .*finite.*nan"),
        ("customer", {"id": ["1"], "demographics": ["{"]}, "customer.demographics: .*'{'"),
        ("customer", {"id": ["1"], "attributes": ["[1]"]}, "attributes: .*an object is needed"),
    ],
)
def test_wrong_records_are_refused_with_kind_column_and_value(
    ledger: Ledger, kind: str, table: dict[str, list[object]], message: str
) -> None:
    with ledger.importing("desk") as batch, pytest.raises(LedgerError, match=message):
        batch.append(kind, pa.table(table))


def test_an_instant_out_of_range_is_refused(ledger: Ledger) -> None:
    far = pa.array([0, 400_000_000_000], pa.timestamp("s", tz="UTC"))  # the year 14645
    table = pa.table({"id": ["1", "2"], "at": far})
    with ledger.importing("desk") as batch, pytest.raises(LedgerError, match=r"message.at: .*1 to"):
        batch.append("message", table)


def test_other_precisions_and_zones_of_an_instant_are_the_same_instant(ledger: Ledger) -> None:
    zone = dt.timezone(dt.timedelta(hours=3, minutes=30))
    for number, unit in enumerate(["s", "ms", "us", "ns"]):
        column_ = pa.array([at(5).astimezone(zone)], pa.timestamp(unit, tz="Asia/Tehran"))
        with ledger.importing("desk") as batch:
            batch.append("message", pa.table({"id": [str(number)], "at": column_}))
    assert set(column(ledger, "message", "at").values()) == {at(5)}


@pytest.mark.parametrize("source", ["", "a/b"])
def test_a_source_must_not_look_like_an_id(ledger: Ledger, source: str) -> None:
    with pytest.raises(LedgerError, match="without '/'"), ledger.importing(source):
        pass
