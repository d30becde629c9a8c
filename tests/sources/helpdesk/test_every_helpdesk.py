"""What every helpdesk must do; a vendor joins with one file `case_NAME.py` (see `cases`)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cases import Case, content, every_case, new_ledger
from loopback import Fault

from sanjeh.ledger import home as ledger_home
from sanjeh.sources import SourceError
from sanjeh.sources.errors import Refused
from sanjeh.sources.helpdesk import Client, Page, Payload

pytestmark = [
    pytest.mark.xdist_group("helpdesks"),
    pytest.mark.parametrize("case", every_case(), ids=lambda case: case.helpdesk.name),
]


def imported(case: Case, folder: Path) -> dict[str, Any]:
    """What is in the ledger after the account's export was imported in one piece."""
    ledger = new_ledger(folder)
    case.take(case.payloads(case.account(), folder), ledger)
    return content(ledger)


@pytest.fixture(scope="module")
def whole(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A function: the ledger of a case's account imported in one piece, made once a case."""
    made: dict[str, dict[str, Any]] = {}

    def of(case: Case) -> dict[str, Any]:
        name = case.helpdesk.name
        if name not in made:
            made[name] = imported(case, tmp_path_factory.mktemp(name) / "whole")
        return made[name]

    return of


def test_export_holds_every_stream(case: Case, tmp_path: Path) -> None:
    payloads = case.payloads(case.account(), tmp_path)
    assert {p.stream for p in payloads} <= {s.name for s in case.helpdesk.streams}
    # Otherwise the tests below would prove nothing about a stream.
    assert {s.name for s in case.helpdesk.streams} == {p.stream for p in payloads}


def test_export_is_recognised(case: Case, tmp_path: Path) -> None:
    assert case.helpdesk.recognises(case.write_dump(case.account(), tmp_path))


def test_nothing_of_the_account_is_refused_or_unknown(case: Case, tmp_path: Path) -> None:
    report = case.take(case.payloads(case.account(), tmp_path), new_ledger(tmp_path / "home"))
    assert [r.reason for r in report.rejects] == []
    assert dict(report.warnings) == {}


def test_what_is_learnt_sooner_is_what_the_export_holds(case: Case, tmp_path: Path) -> None:
    if case.helpdesk.dump_learnt is None:
        return  # it is then read out of the export itself
    path = case.write_dump(case.account(), tmp_path)
    learnt = {s.name for s in case.helpdesk.streams if s.learnt}
    whole = [p for p in case.helpdesk.dump(path) if p.stream in learnt]
    assert whole
    assert sorted(map(repr, case.helpdesk.dump_learnt(path))) == sorted(map(repr, whole))


def test_import_twice_changes_nothing(case: Case, whole: Any, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "home")
    payloads = case.payloads(case.account(), tmp_path)
    case.take(payloads, ledger)
    again = case.take(payloads, ledger)
    assert {
        kind: (c.added, c.replaced, c.older) for kind, c in again.records.items()
    } == dict.fromkeys(again.records, (0, 0, 0))
    assert content(ledger) == whole(case)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))]
)
def test_order_of_payloads_does_not_matter(
    case: Case, whole: Any, seed: int, tmp_path: Path
) -> None:
    payloads = case.payloads(case.account(), tmp_path)
    random.Random(seed).shuffle(payloads)
    ledger = new_ledger(tmp_path / "home")
    case.take(payloads, ledger)
    assert content(ledger) == whole(case)


def test_live_pull_equals_the_export(case: Case, whole: Any, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "home")
    with case.server(case.account()) as server:
        report = case.pull(server, ledger)
    assert [r.reason for r in report.rejects] == []
    assert dict(report.unknown) == {}
    assert report.lacking == {}
    assert content(ledger) == whole(case)


def test_a_second_pull_brings_nothing_new(case: Case, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "home")
    with case.server(case.account()) as server:
        case.pull(server, ledger)
        before = content(ledger)
        again = case.pull(server, ledger)
    assert {
        kind: (c.added, c.replaced, c.older) for kind, c in again.records.items()
    } == dict.fromkeys(again.records, (0, 0, 0))
    assert content(ledger) == before


class Killed(BaseException):
    """As good as a kill: nothing catches it."""


class Mortal(Client):
    """A client that is killed after every page that `lived` does not know yet."""

    def __init__(self, client: Client, lived: set[tuple[str, str]]) -> None:
        self._client = client
        self._lived = lived

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        for page in self._client.pages(stream, cursor):
            yield page
            here = (stream, json.dumps(page.cursor, sort_keys=True))
            if here not in self._lived:
                self._lived.add(here)
                raise Killed


@pytest.mark.slow
def test_killed_at_every_page_and_commit(
    case: Case, whole: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is first lost with its commit, then committed with a kill right after it."""
    ledger = new_ledger(tmp_path / "home")
    lived: set[tuple[str, str]] = set()

    def die(name: str) -> None:
        if name == "before the commit":
            raise Killed

    with case.server(case.account()) as server:
        for _ in range(60):
            monkeypatch.setattr(ledger_home, "on_step", die)
            before = len(ledger.batches())
            try:
                case.pull(server, ledger, batch_records=1)
            except Killed:
                assert len(ledger.batches()) == before
            monkeypatch.setattr(ledger_home, "on_step", None)
            try:
                case.pull(server, ledger, batch_records=1, wrap=lambda c: Mortal(c, lived))
                break
            except Killed:
                pass
        else:
            pytest.fail("the pull never came to its end: its cursor stands still")
    assert len(lived) > len(
        case.helpdesk.streams
    )  # fewer pages would prove little: give the case's server smaller ones
    assert content(ledger) == whole(case)


@pytest.mark.parametrize(
    "faults",
    [
        {1: Fault.BROKEN, 3: Fault.CUT, 5: Fault.TOO_MANY, 7: Fault.AWAY, 8: Fault.BROKEN},
        {2: Fault.CUT, 3: Fault.CUT, 4: Fault.TOO_MANY, 5: Fault.TOO_MANY},
    ],
    ids=["one at a time", "in a row"],
)
def test_faults_that_pass_change_nothing(
    case: Case, whole: Any, faults: dict[int, Fault], tmp_path: Path
) -> None:
    ledger = new_ledger(tmp_path / "home")
    with case.server(case.account()) as server:
        server.faults = dict(faults)
        case.pull(server, ledger)
        waits = server.waits
    assert len(server.asked) > max(faults)
    assert len(waits) == len(faults)
    # 429 said so: seven seconds.
    assert waits.count(7.0) == sum(f is Fault.TOO_MANY for f in faults.values())
    assert content(ledger) == whole(case)


def test_what_changes_during_paging_comes_in_by_the_next_pull(case: Case, tmp_path: Path) -> None:
    account = case.account()
    ledger = new_ledger(tmp_path / "home")
    with case.server(account) as server:
        server.between[3] = lambda: case.touch(account)
        case.pull(server, ledger)
        assert not server.between  # it did happen meanwhile
        case.pull(server, ledger)
    then = new_ledger(tmp_path / "then")
    case.take(case.payloads(account, tmp_path), then)
    assert content(ledger) == content(then)


def test_what_changed_since_the_last_pull_is_all_that_is_read(case: Case, tmp_path: Path) -> None:
    account = case.account()
    ledger = new_ledger(tmp_path / "home")
    with case.server(account) as server:
        first = case.pull(server, ledger)
        case.touch(account)
        second = case.pull(server, ledger)
    then = new_ledger(tmp_path / "then")
    case.take(case.payloads(account, tmp_path), then)
    assert content(ledger) == content(then)
    learnt = {s.name for s in case.helpdesk.streams if s.learnt}
    read = [sum(n for s, n in r.streams.items() if s not in learnt) for r in (first, second)]
    assert 0 < read[1] < read[0]


def test_unknown_fields_are_told_and_harm_nothing(case: Case, whole: Any, tmp_path: Path) -> None:
    payloads = [
        replace(p, value={**p.value, "zz_unheard_of": {"deep": [1]}})
        for p in case.payloads(case.account(), tmp_path)
    ]
    ledger = new_ledger(tmp_path / "home")
    report = case.take(payloads, ledger)
    assert report.rows_rejected == 0
    assert content(ledger) == whole(case)
    told = {p.stream for p in payloads} - case.silent
    assert sum(n for why, n in report.warnings.items() if "zz_unheard_of" in why) >= len(told)


def test_unknown_kinds_are_told_and_harm_nothing(case: Case, whole: Any, tmp_path: Path) -> None:
    payloads = case.payloads(case.account(), tmp_path)
    ledger = new_ledger(tmp_path / "home")
    report = case.take([*case.unknown, *payloads, *case.unknown], ledger)
    assert content(ledger) == whole(case)
    assert sum(report.warnings.values()) == 2 * len(case.unknown)


BROKEN = (
    {},
    {"id": None},
    {"id": True, "created_at": "yesterday", "updated_at": 7},
    {"id": [1], "created_at": {}, "updated_at": []},
    {"id": {"a": 1}, "comments": 3, "parts": "x", "messages": [None], "events": [1]},
)


def test_what_cannot_be_understood_is_refused_alone(case: Case, whole: Any, tmp_path: Path) -> None:
    """No shape of a payload stops an import, and what stands beside it comes in."""
    payloads = case.payloads(case.account(), tmp_path)
    broken = [
        Payload(s.name, value, f"{s.name} broken")  # type: ignore[arg-type]
        for s in case.helpdesk.streams
        for value in BROKEN
    ]
    for stream in case.helpdesk.streams:
        first = next(p for p in payloads if p.stream == stream.name)
        for name in first.value:
            spoilt = {**first.value, "id": 987654321, name: {"zz": ["spoilt"]}}
            broken.append(Payload(stream.name, spoilt, f"{stream.name} spoilt {name}"))
    ledger = new_ledger(tmp_path / "home")
    report = case.take([*broken, *payloads], ledger)
    assert report.rows_read == len(broken) + len(payloads)
    assert report.rows_rejected > 0
    ours = content(ledger)
    for kind, rows in whole(case).items():
        assert set(rows) <= set(ours[kind]), kind


def test_wrong_key_is_told_without_the_key(case: Case, tmp_path: Path) -> None:
    secret = "not-the-right-secret-5150"
    names = {c.name for c in case.helpdesk.credentials if c.secret}
    wrong = replace(
        case,
        credentials=lambda base: {
            name: secret if name in names else value
            for name, value in case.credentials(base).items()
        },
    )
    with case.server(case.account()) as server, pytest.raises(Refused) as told:
        wrong.pull(server, new_ledger(tmp_path / "home"))
    assert "SANJEH_TEST" in str(told.value)
    shown = str(told.value)
    assert secret not in shown
    error: BaseException | None = told.value.__cause__
    assert error is None


def test_a_page_for_people_stops_the_pull_in_plain_words(case: Case, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "home")
    with case.server(case.account()) as server:
        server.faults = {2: Fault.NOT_JSON}
        with pytest.raises(SourceError, match="not JSON"):
            case.pull(server, ledger)
