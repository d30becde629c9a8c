"""Which version of a record is seen: the vendor's newest, then the latest, and each once."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
from ledger_cases import at, column, open_ledger, put

from sanjeh.ledger import KINDS, Appended, Ledger


def version(priority: str, minutes: float | None, id_: str = "t") -> dict[str, Any]:
    return {
        "id": id_,
        "priority": priority,
        "version_at": None if minutes is None else at(minutes),
    }


def test_the_same_record_again_is_not_kept_again(ledger: Ledger) -> None:
    assert put(ledger, "ticket", version("low", 1)) == Appended(added=1)
    assert put(ledger, "ticket", version("low", 1)) == Appended(unchanged=1)
    assert ledger.rows("ticket")["batch"].to_pylist() == [1]


def test_an_absent_field_is_the_same_as_an_empty_one(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "t", "priority": "low"})
    assert put(ledger, "ticket", {"id": "t", "priority": "low", "queue": None}) == Appended(
        unchanged=1
    )


def test_a_changed_text_kept_apart_is_a_change(ledger: Ledger) -> None:
    put(ledger, "message", {"id": "m", "body": "hello"})
    assert put(ledger, "message", {"id": "m", "body": "hello!"}) == Appended(replaced=1)
    assert ledger.texts("message", ["desk/m"]) == {"desk/m": {"body": "hello!"}}


def test_a_changed_attribute_is_a_change(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "t", "attributes": {"plan": "gold"}})
    changed = {"id": "t", "attributes": {"plan": "silver"}}
    assert put(ledger, "ticket", changed) == Appended(replaced=1)


@pytest.mark.parametrize(
    ("first", "second", "seen", "counted"),
    [
        (version("a", 1), version("b", 2), "b", Appended(replaced=1)),
        (version("a", 2), version("b", 1), "a", Appended(older=1)),
        (version("a", 1), version("b", 1), "b", Appended(replaced=1)),  # a tie: the later
        (version("a", None), version("b", None), "b", Appended(replaced=1)),
        (version("a", 1), version("b", None), "a", Appended(older=1)),  # none is oldest
        (version("a", None), version("b", 1), "b", Appended(replaced=1)),
    ],
)
def test_the_newest_version_is_seen(
    ledger: Ledger, first: dict[str, Any], second: dict[str, Any], seen: str, counted: Appended
) -> None:
    put(ledger, "ticket", first)
    assert put(ledger, "ticket", second) == counted
    assert column(ledger, "ticket", "priority") == {"desk/t": seen}


def test_an_older_version_given_again_is_not_kept_again(ledger: Ledger) -> None:
    put(ledger, "ticket", version("new", 2))
    assert put(ledger, "ticket", version("old", 1)) == Appended(older=1)
    assert put(ledger, "ticket", version("old", 1)) == Appended(unchanged=1)


def test_without_versions_going_back_is_a_change(ledger: Ledger) -> None:
    put(ledger, "ticket", version("a", None))
    put(ledger, "ticket", version("b", None))
    assert put(ledger, "ticket", version("a", None)) == Appended(replaced=1)
    assert column(ledger, "ticket", "priority") == {"desk/t": "a"}


def test_within_one_table_the_newest_then_the_last_wins(ledger: Ledger) -> None:
    counted = put(
        ledger,
        "ticket",
        version("a", 2, "1"),  # counted
        version("b", 1, "1"),
        version("c", 1, "2"),
        version("d", 1, "2"),  # counted
        version("e", 5, "3"),  # counted
        version("e", 5, "3"),
    )
    assert counted == Appended(added=3, older=2, unchanged=1)
    assert column(ledger, "ticket", "priority") == {"desk/1": "a", "desk/2": "d", "desk/3": "e"}


def test_within_one_batch_over_several_tables_the_newest_wins(ledger: Ledger) -> None:
    put(ledger, "ticket", version("known", 3, "2"), version("known", 3, "4"))
    table = KINDS["ticket"].table
    with ledger.importing("desk") as batch:
        first = [version("a", 2, "1"), version("b", 1, "2"), version("c", 5, "3")]
        batch.append("ticket", table([*first, version("d", 5, "4")]))
        second = [version("e", 3, "1"), version("f", 4, "2"), version("g", 4, "3")]
        counted = batch.append("ticket", table([*second, version("h", 5, "4")]))
    assert counted == Appended(replaced=3, older=1)
    assert column(ledger, "ticket", "priority") == {
        "desk/1": "e",  # beats what the batch itself held
        "desk/2": "f",  # the batch's first was older than the known, the second is newer
        "desk/3": "c",  # the batch's second is older
        "desk/4": "h",  # a tie within the batch
    }


def test_going_back_within_a_batch_leaves_the_known_record(ledger: Ledger) -> None:
    put(ledger, "ticket", version("a", None))
    with ledger.importing("desk") as batch:
        batch.append("ticket", KINDS["ticket"].table([version("b", None)]))
        batch.append("ticket", KINDS["ticket"].table([version("a", None)]))
    assert column(ledger, "ticket", "priority") == {"desk/t": "a"}
    assert ledger.rows("ticket")["batch"].to_pylist() == [1]


def test_texts_of_beaten_rows_of_a_batch_are_gone(ledger: Ledger) -> None:
    with ledger.importing("desk") as batch:
        for body in ("first", "second", "third"):
            batch.append("message", KINDS["message"].table([{"id": "m", "body": body}]))
    assert ledger.texts("message", ["desk/m"]) == {"desk/m": {"body": "third"}}
    assert column(ledger, "message", "id") == {"desk/m": "desk/m"}


def test_the_order_of_imports_does_not_matter_where_versions_differ(tmp_path: Path) -> None:
    imports = [
        [version("a", 1, "x"), version("b", 4, "y")],
        [version("c", 2, "x")],
        [version("d", 3, "y"), version("e", 3, "x")],
    ]
    for number, order in enumerate(itertools.permutations(imports)):
        ledger = open_ledger(tmp_path / str(number))
        for records in order:
            put(ledger, "ticket", *records)
        assert column(ledger, "ticket", "priority") == {"desk/x": "e", "desk/y": "b"}


def test_many_random_imports_agree_with_a_plain_dictionary(tmp_path: Path) -> None:
    random_ = random.Random(7)
    ledger = open_ledger(tmp_path)
    seen: dict[str, tuple[float, str]] = {}
    for _ in range(12):
        with ledger.importing("desk") as batch:
            for _ in range(random_.randint(1, 3)):
                records = [
                    version(
                        random_.choice("abcd"),
                        random_.choice([None, 1, 2, 3]),
                        str(random_.randint(1, 15)),
                    )
                    for _ in range(random_.randint(1, 12))
                ]
                batch.append("ticket", KINDS["ticket"].table(records))
                for record in records:
                    stamp = record["version_at"]
                    rank = -1.0 if stamp is None else stamp.timestamp()
                    if rank >= seen.get(record["id"], (-2.0, ""))[0]:
                        seen[record["id"]] = (rank, record["priority"])
    expected = {f"desk/{id_}": priority for id_, (_, priority) in seen.items()}
    assert column(ledger, "ticket", "priority") == expected
    ledger.compact()
    assert column(ledger, "ticket", "priority") == expected
