"""Connections: what is kept in the home, where keys are looked for, and whose key goes where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from case_toy import CASE, TOY, ToyServer
from cases import new_ledger
from keyring.errors import NoKeyringError

from sanjeh.sources import SourceError
from sanjeh.sources.errors import Refused
from sanjeh.sources.helpdesk import registry
from sanjeh.sources.helpdesk.connections import Connection, Connections, NoCredential

pytestmark = pytest.mark.xdist_group("helpdesks")


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password


class NoRing(Ring):
    """A system without a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError("none here")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError("none here")


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "helpdesk", lambda name: TOY)


def rooms(home: Path, ring: Ring | None = None, **environ: str) -> Connections:
    return Connections(home, environ=environ, keyring=ring or Ring())


ACME = Connection("acme", "toy", {"ADDRESS": "https://acme.example"})
SHOP = Connection("shop", "toy", {"ADDRESS": "https://shop.example"}, every_minutes=10)


def test_connection_is_kept_without_its_key(tmp_path: Path) -> None:
    made = rooms(tmp_path)
    made.save(ACME)
    made.save(SHOP)
    assert made.keep_secret(ACME, "TOKEN", "s3cret-5150")
    assert made.all() == [ACME, SHOP]
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or "s3cret-5150" not in path.read_text()
    assert json.loads((tmp_path / "connections" / "acme.json").read_text()) == {
        "helpdesk": "toy",
        "choices": {"ADDRESS": "https://acme.example"},
        "every_minutes": None,
    }


def test_key_comes_from_the_connections_variable_then_the_helpdesks_then_the_keyring(
    tmp_path: Path,
) -> None:
    ring = Ring()
    rooms(tmp_path, ring).save(ACME)
    rooms(tmp_path, ring).keep_secret(ACME, "TOKEN", "of the ring")
    every = {"SANJEH_ACME_TOKEN": "own", "SANJEH_TOY_TOKEN": "general"}
    assert rooms(tmp_path, ring, **every).secret(ACME, "TOKEN") == "own"
    assert rooms(tmp_path, ring, SANJEH_TOY_TOKEN="general").secret(ACME, "TOKEN") == "general"
    assert rooms(tmp_path, ring).secret(ACME, "TOKEN") == "of the ring"


def test_helpdesks_variable_is_for_its_only_connection(tmp_path: Path) -> None:
    """With two, the key of one account would be sent to the other's address."""
    made = rooms(tmp_path, SANJEH_TOY_TOKEN="general")
    made.save(ACME)
    assert made.secret(ACME, "TOKEN") == "general"
    made.save(SHOP)
    assert made.secret(ACME, "TOKEN") is None
    assert made.secret(SHOP, "TOKEN") is None


def test_another_homes_keys_are_not_found(tmp_path: Path) -> None:
    ring = Ring()
    rooms(tmp_path / "one", ring).keep_secret(ACME, "TOKEN", "of one")
    assert rooms(tmp_path / "two", ring).secret(ACME, "TOKEN") is None


def test_missing_key_says_what_to_set(tmp_path: Path) -> None:
    made = rooms(tmp_path, NoRing())
    made.save(ACME)
    assert made.keep_secret(ACME, "TOKEN", "s3cret-5150") is False
    with pytest.raises(NoCredential, match=r"acme needs the key.*SANJEH_TOY_TOKEN.*sanjeh connect"):
        made.credentials(ACME)


@pytest.mark.parametrize("name", ["../etc", "a/b", "", "Acme", "a b", "x" * 41, ".hidden"])
def test_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        rooms(tmp_path).save(Connection(name, "toy"))
    with pytest.raises(SourceError, match="no connection"):
        rooms(tmp_path).get(name)


def test_damaged_connection_is_told(tmp_path: Path) -> None:
    made = rooms(tmp_path)
    made.save(ACME)
    (tmp_path / "connections" / "acme.json").write_text("{")
    with pytest.raises(SourceError, match="damaged"):
        made.get("acme")


def test_pull_is_noted_and_so_is_its_failure(tmp_path: Path) -> None:
    with ToyServer(CASE.account()) as server:
        here = Connection("acme", "toy", {"ADDRESS": server.base})
        made = rooms(tmp_path, SANJEH_ACME_TOKEN="toy-secret")
        made.save(here)
        assert made.looked("acme") is None
        assert made.whose(here) == "Agent 1"
        report = made.pull(here, new_ledger(tmp_path))
        assert report.streams.total() == 18
        looked = made.looked("acme")
        assert looked is not None
        assert (looked.read, looked.error) == (18, "")
        wrong = rooms(tmp_path, SANJEH_ACME_TOKEN="wrong-secret")
        with pytest.raises(Refused, match="SANJEH_TOY_TOKEN"):
            wrong.pull(here, new_ledger(tmp_path))
    looked = made.looked("acme")
    assert looked is not None
    assert "401" in looked.error
    assert "wrong-secret" not in looked.error
