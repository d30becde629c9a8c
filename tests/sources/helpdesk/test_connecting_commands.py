"""`sanjeh connect`, `pull`, `connections`, and what a newcomer can do wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
import typer
from case_toy import CASE, TOY, ToyServer
from cases import new_ledger
from keyring.backends.fail import Keyring as NoRing
from typer.testing import CliRunner, Result

from sanjeh.cli.commands import app
from sanjeh.cli.connecting import interval
from sanjeh.sources import SourceError
from sanjeh.sources.helpdesk import registry

pytestmark = pytest.mark.xdist_group("helpdesks")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy, no keyring, and no key in the environment."""
    real = registry.helpdesk
    monkeypatch.setattr(registry, "helpdesk", lambda name: TOY if name == "toy" else real(name))
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoRing())
    monkeypatch.delenv("SANJEH_TOY_TOKEN", raising=False)


@pytest.fixture
def server() -> Iterator[ToyServer]:
    with ToyServer(CASE.account()) as made:
        yield made


def run(home: Path, *words: str, typed: str = "", **environ: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)], input=typed, env=environ)


def test_connect_pull_and_list(tmp_path: Path, server: ToyServer) -> None:
    key = {"SANJEH_TOY_TOKEN": "toy-secret"}
    made = run(tmp_path, "connect", "toy", typed=f"{server.base}\n", **key)
    assert made.exit_code == 0, made.output
    assert "Connected toy: Agent 1." in made.stdout
    never = json.loads(run(tmp_path, "connections", "--json").stdout)["connections"]
    assert [(c["name"], c["last_pull_at"], c["batch"]) for c in never] == [("toy", None, None)]

    pulled = run(tmp_path, "pull", "--json", "--no-refresh", **key)
    assert pulled.exit_code == 0, pulled.output
    (report,) = json.loads(pulled.stdout)["pulls"]
    assert report["streams"] == {"agents": 3, "tickets": 5, "comments": 9, "ratings": 1}
    assert report["records"]["message"]["added"] == 9
    assert new_ledger(tmp_path).rows("ticket").num_rows == 5

    (listed,) = json.loads(run(tmp_path, "connections", "--json").stdout)["connections"]
    assert (listed["address"], listed["left"], listed["last_error"]) == (server.base, [], None)
    assert "toy-secret" not in made.output + pulled.output
    told = run(tmp_path, "pull", "--no-refresh", **key)
    assert "toy: nothing new" in told.stdout


def test_wrong_key_connects_nothing(tmp_path: Path, server: ToyServer) -> None:
    key = {"SANJEH_TOY_TOKEN": "wrong-secret"}
    made = run(tmp_path, "connect", "toy", typed=f"{server.base}\n", **key)
    assert made.exit_code == 1
    assert "Check SANJEH_TOY_TOKEN" in made.output
    assert "wrong-secret" not in made.output
    assert json.loads(run(tmp_path, "connections", "--json").stdout) == {"connections": []}


def test_without_a_key_and_a_terminal_the_variable_is_named(
    tmp_path: Path, server: ToyServer
) -> None:
    made = run(tmp_path, "connect", "toy", typed=f"{server.base}\n")
    assert made.exit_code == 2
    assert "SANJEH_TOY_TOKEN" in made.output


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, server: ToyServer) -> None:
    keys = {"SANJEH_ONE_TOKEN": "toy-secret", "SANJEH_TWO_TOKEN": "toy-secret"}
    for name in ("one", "two"):
        run(tmp_path, "connect", "toy", "--name", name, typed=f"{server.base}\n", **keys)
    pulled = run(tmp_path, "pull", "--no-refresh", **keys | {"SANJEH_ONE_TOKEN": "wrong-secret"})
    assert pulled.exit_code == 1
    assert "one: " in pulled.output
    assert "two: 3 agents, 5 tickets" in pulled.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pull",), "Nothing is connected yet"),
        (("pull", "acme"), "no connection 'acme'"),
        (("connect", "zendek"), "did you mean zendesk"),
        (("pull", "--every", "soon"), "write 10m"),
    ],
)
def test_what_a_newcomer_can_do_wrong(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    done = run(tmp_path, *words)
    assert done.exit_code == 2
    assert told in done.output


def test_interval() -> None:
    assert [interval(text) for text in ("10m", "2h", "1d")] == [600, 7200, 86400]
    for wrong in ("0m", "10", "10s", "-5m", "m"):
        with pytest.raises(typer.BadParameter):
            interval(wrong)


def test_every_helpdesk_is_found_without_a_list() -> None:
    assert registry.names() == ("chatwoot", "intercom", "zendesk")
    for name in registry.names():
        assert registry.helpdesk(name).name == name
    with pytest.raises(SourceError, match="did you mean zendesk"):
        registry.helpdesk("zendesc")
