"""Connections: which accounts of which helpdesks a home pulls from, and where their keys are.

HOME/connections/NAME.json holds addresses and choices. Keys are in the environment
(SANJEH_NAME_TOKEN, or SANJEH_ZENDESK_TOKEN where a helpdesk has one connection) or in the
system's keyring, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from sanjeh.ledger import Ledger
from sanjeh.sources.errors import Paused, SourceError
from sanjeh.sources.helpdesk import registry
from sanjeh.sources.helpdesk.contract import Client, Credential, Helpdesk
from sanjeh.sources.helpdesk.http import Http
from sanjeh.sources.helpdesk.pulling import Progress, PullReport, pull

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
SECRET_OF_HOOKS: Final = Credential("WEBHOOK_SECRET", "what the helpdesk signs its webhooks with")


class NoCredential(SourceError):
    """Something that is needed to get in is nowhere to be found."""


class Keyring(Protocol):
    """The system's store of secrets."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...


@dataclass(frozen=True)
class Connection:
    """One account. choices: the credentials that are not secret. every_minutes: when to pull."""

    name: str
    helpdesk: str
    choices: Mapping[str, str] = field(default_factory=dict)
    every_minutes: int | None = None


@dataclass(frozen=True)
class Looked:
    """The last look at an account: when, what was read, and the error if it failed."""

    at: dt.datetime
    read: int
    error: str = ""


class Connections:
    """The connections of one home."""

    def __init__(
        self,
        home: Path,
        *,
        environ: Mapping[str, str] = os.environ,
        keyring: Keyring | None = None,
        http: Callable[..., Http] = Http,
    ) -> None:
        self._home = home
        self._place = home / "connections"
        self._environ = environ
        self._keyring = keyring
        self._http = http

    # -- what there is ------------------------------------------------------------------------

    def all(self) -> list[Connection]:
        """Every connection, by name."""
        return [self.get(path.stem) for path in sorted(self._place.glob("[!.]*.json"))]

    def get(self, name: str) -> Connection:
        """The connection of that name. Errors: SourceError where there is none."""
        path = self._place / f"{name}.json"
        if not NAME.fullmatch(name) or not path.is_file():
            known = ", ".join(p.stem for p in sorted(self._place.glob("[!.]*.json")))
            raise SourceError(
                f"There is no connection {name!r}; there are: {known}."
                if known
                else f"There is no connection {name!r}. Make one: sanjeh connect zendesk."
            )
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return Connection(name, told["helpdesk"], told["choices"], told.get("every_minutes"))
        except (ValueError, KeyError, TypeError):
            raise SourceError(
                f"{path} is damaged. Remove it and connect again: its records stay."
            ) from None

    def save(self, connection: Connection) -> None:
        """Keep the connection; its keys are kept by `keep_secret`. Errors: SourceError."""
        if not NAME.fullmatch(connection.name):
            raise SourceError(
                f"{connection.name!r} cannot name a connection; use small letters, digits and "
                "hyphens, such as acme-support."
            )
        secret = {c.name for c in self._helpdesk(connection).credentials if c.secret}
        assert not secret & connection.choices.keys()
        self._write(
            f"{connection.name}.json",
            {
                "helpdesk": connection.helpdesk,
                "choices": dict(connection.choices),
                "every_minutes": connection.every_minutes,
            },
        )

    def due(self, now: dt.datetime) -> list[Connection]:
        """Those whose time for a pull has come, by `every_minutes` since the last look."""
        found = []
        for one in self.all():
            if one.every_minutes is None:
                continue
            looked = self.looked(one.name)
            if looked is None or now - looked.at >= dt.timedelta(minutes=one.every_minutes):
                found.append(one)
        return found

    def looked(self, name: str) -> Looked | None:
        """The last look at the account, if there was one."""
        try:
            told = json.loads((self._place / f".{name}.looked").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Looked(dt.datetime.fromisoformat(told["at"]), told["read"], told["error"])

    def _note(self, name: str, read: int, error: str) -> None:
        at = dt.datetime.now(dt.UTC).isoformat()
        self._write(f".{name}.looked", {"at": at, "read": read, "error": error})

    def _write(self, name: str, value: dict[str, Any]) -> None:
        self._place.mkdir(parents=True, exist_ok=True)
        draft = self._place / f".{name}.{os.getpid()}.draft"
        draft.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self._place / name)

    # -- keys -----------------------------------------------------------------------------------

    def variables(self, connection: Connection, name: str) -> list[str]:
        """The environment variables that may hold a credential, the first that is set counts."""
        own = f"SANJEH_{connection.name.upper().replace('-', '_')}_{name}"
        general = f"SANJEH_{connection.helpdesk.upper()}_{name}"
        # Never the key of one account to another's address.
        others = [
            c for c in self.all()
            if c.helpdesk == connection.helpdesk and c.name != connection.name
        ]  # fmt: skip
        return [own] if others or own == general else [own, general]

    def secret(self, connection: Connection, name: str) -> str | None:
        """A key, from the environment or the keyring; None where neither has it."""
        for variable in self.variables(connection, name):
            if found := self._environ.get(variable):
                return found
        from keyring.errors import KeyringError

        try:
            return self._vault().get_password(self._service(), f"{connection.name}/{name}")
        except KeyringError:
            return None

    def keep_secret(self, connection: Connection, name: str, value: str) -> bool:
        """Put a key into the keyring; False where this system has none that works."""
        from keyring.errors import KeyringError

        try:
            self._vault().set_password(self._service(), f"{connection.name}/{name}", value)
        except KeyringError:
            return False
        return self.secret(connection, name) == value

    def credentials(self, connection: Connection) -> dict[str, str]:
        """Everything that is needed to get in. Errors: NoCredential, saying what is to be set."""
        found = dict(connection.choices)
        for credential in self._helpdesk(connection).credentials:
            if not credential.secret:
                found.setdefault(credential.name, "")
                continue
            value = self.secret(connection, credential.name)
            if value is None:
                variable = self.variables(connection, credential.name)[-1]
                raise NoCredential(
                    f"{connection.name} needs {credential.meaning}, and neither the environment "
                    f"nor a keyring has it. Set {variable}, or connect again to type it: "
                    f"sanjeh connect {connection.helpdesk} --name {connection.name}."
                )
            found[credential.name] = value
        return found

    def _vault(self) -> Keyring:
        if self._keyring is not None:
            return self._keyring
        import keyring

        return keyring

    def _service(self) -> str:
        return f"sanjeh {self._home.resolve()}"

    # -- work -----------------------------------------------------------------------------------

    @contextmanager
    def client(
        self, connection: Connection, secrets: Mapping[str, str] | None = None
    ) -> Iterator[Client]:
        """The account's API. secrets: keys that are not kept yet."""
        helpdesk = self._helpdesk(connection)
        given = (
            {**{c.name: "" for c in helpdesk.credentials}, **connection.choices, **secrets}
            if secrets is not None
            else self.credentials(connection)
        )
        names = [self.variables(connection, c.name)[-1] for c in helpdesk.credentials if c.secret]
        with self._http(check=" or ".join([*names, "the key"])) as http:
            yield helpdesk.open(http, given)

    def whose(self, connection: Connection, secrets: Mapping[str, str] | None = None) -> str:
        """Whose account it is, as the vendor says; a test of the connection too."""
        with self.client(connection, secrets) as client:
            return client.whose()

    def pull(
        self,
        connection: Connection,
        ledger: Ledger,
        *,
        again: bool = False,
        progress: Progress | None = None,
    ) -> PullReport:
        """One pull of the account, and a note of it."""
        helpdesk = self._helpdesk(connection)
        report = None
        error = ""
        try:
            with self.client(connection) as client:
                report = pull(
                    helpdesk,
                    client,
                    helpdesk.translation(dict(connection.choices)),
                    ledger,
                    connection=connection.name,
                    again=again,
                    progress=progress,
                )
            return report
        except Paused:
            raise
        except SourceError as found:
            error = str(found)
            raise
        finally:  # also where it was called off: the schedule counts from here
            self._note(connection.name, report.streams.total() if report else 0, error)

    def _helpdesk(self, connection: Connection) -> Helpdesk:
        return registry.helpdesk(connection.helpdesk)
