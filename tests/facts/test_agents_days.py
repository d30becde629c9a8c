"""Agents' days renewed one by one equal all of agents' time worked out anew."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import duckdb
import pytest

from generation_files import attach
from record_homes import Record, load
from sanjeh.home import Home

ANNES = ("ann", "ben", "cem")
NAMED_BY_SOURCE = ("agent_status_event", "absence")
OWN = {"kind", "id", "external_id", "version_at"}
BEGIN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def _at(hours: float) -> str:
    return (BEGIN + dt.timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


class Work:
    """Chats, mails, presence, plans and timers of three agents, each row in several versions."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.made: dict[tuple[str, str], Record] = {}
        self.version = 0

    def _record(self, kind: str, id: str, **fields: object) -> Record:
        self.version += 1
        stamp = dt.datetime(2026, 7, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=self.version)
        named = "external_id" if kind in NAMED_BY_SOURCE else "id"
        made = {"kind": kind, named: id, **fields, "version_at": stamp.isoformat()}
        self.made[kind, id] = made
        return made

    def step(self, latest: float) -> list[Record]:
        """A few records, most of them of the last days, and now and then one of long ago."""
        r = self.r
        found: list[Record] = []
        for _ in range(r.randrange(1, 4)):
            near = latest - r.expovariate(1 / 10)
            hour = max(near if r.random() < 0.8 else r.uniform(0, latest), 1.0)
            found += r.choice([self.chat, self.chat, self.mail, self.status, self.shift,
                               self.absence, self.timer, self.gone, self.team])(hour)  # fmt: skip
        return found or self.timer(latest)

    def chat(self, hour: float) -> list[Record]:
        """A chat of minutes, or of days; at times one that runs on, or the same one otherwise."""
        r, agent = self.r, self.r.choice(ANNES)
        id = f"chat {r.randrange(25)}"
        lasts = r.choice([0.2, 0.7, 3.0, 60.0])
        ended = None if r.random() < 0.2 else _at(hour + lasts)
        return [
            self._record("conversation", id, channel=r.choice(["chat", "whatsapp"]),
                         started_at=_at(hour), ended_at=ended),
            self._record("message", f"{id} one", conversation_id=id, at=_at(hour),
                         author_type="customer", body="about my order"),
            self._record("message", f"{id} two", conversation_id=id, at=_at(hour + lasts / 2),
                         author_type="agent", author_id=agent, body="one moment"),
            self._record("participation", f"{id} p", conversation_id=id, agent_id=agent,
                         accepted_at=_at(hour + 0.1), left_at=ended,
                         wrapup_seconds=r.choice([0, 90])),
        ]  # fmt: skip

    def mail(self, hour: float) -> list[Record]:
        """A mail and its answer, the next day perhaps."""
        id = f"mail {self.r.randrange(25)}"
        return [
            self._record("conversation", id, channel="email", started_at=_at(hour)),
            self._record("message", f"{id} one", conversation_id=id, at=_at(hour),
                         author_type="customer", body="about my order"),
            self._record("message", f"{id} two", conversation_id=id,
                         at=_at(hour + self.r.choice([0.05, 1.0, 30.0])), author_type="agent",
                         author_id=self.r.choice(ANNES), body="it left today"),
        ]  # fmt: skip

    def status(self, hour: float) -> list[Record]:
        """Somebody's presence."""
        word = self.r.choice(["available", "busy", "away", "break", "offline", "offline"])
        id, agent = f"status {self.r.randrange(60)}", self.r.choice(ANNES[:2])
        return [
            self._record("agent_status_event", id, agent_id=agent, at=_at(hour), status=word)
        ]  # fmt: skip

    def shift(self, hour: float) -> list[Record]:
        """A plan, overnight perhaps."""
        return [self._record("shift", f"shift {self.r.randrange(20)}",
                             agent_id=self.r.choice(ANNES), start=_at(hour),
                             end=_at(hour + self.r.choice([4, 9, 14])))]  # fmt: skip

    def absence(self, hour: float) -> list[Record]:
        """Away all the same."""
        return [self._record("absence", f"absence {self.r.randrange(9)}",
                             agent_id=self.r.choice(ANNES), start=_at(hour),
                             end=_at(hour + self.r.choice([2, 40])))]  # fmt: skip

    def timer(self, hour: float) -> list[Record]:
        """Work written down."""
        return [self._record("worklog", f"timer {self.r.randrange(12)}", ticket_id="t",
                             agent_id=self.r.choice(ANNES), started_at=_at(hour),
                             seconds=self.r.choice([60, 900, 9000]))]  # fmt: skip

    def team(self, hour: float) -> list[Record]:
        """An agent in another team."""
        return [self._record("agent", self.r.choice(ANNES), team_id=self.r.choice("AB"))]

    def gone(self, hour: float) -> list[Record]:
        """Something that turns out not to have been."""
        if not self.made:
            return []
        kind, id = self.r.choice(list(self.made))
        if kind == "agent":
            return []
        fields = {k: v for k, v in self.made[kind, id].items() if k not in OWN}
        return [self._record(kind, id, **{**fields, "deleted_at": _at(hour)})]


def _apart(home: Home) -> list[tuple[object, ...]]:
    """Slices that only one has: the facts as they were brought up to date, or all built anew."""
    current = home.facts().current()
    full = home.refresh(full=True)
    assert current is not None
    with duckdb.connect() as sql:
        attach(sql, current.path, "a")
        attach(sql, full.path, "b")
        (rows,) = sql.execute("SELECT count(*) FROM b.agent_time").fetchone() or (0,)
        assert rows
        return [
            (side, *row)
            for side, other in ("ab", "ba")
            for row in sql.execute(
                f"SELECT * FROM (SELECT * FROM {side}.agent_time EXCEPT ALL SELECT * FROM "
                f"{other}.agent_time) ORDER BY agent_id, from_at LIMIT 5"
            ).fetchall()
        ]


@pytest.mark.parametrize(
    "seed", [1, *[pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6)]]
)
def test_agents_days_equal_a_full_rebuild(seed: int, tmp_path: Path) -> None:
    work = Work(seed)
    home = Home(tmp_path / "home")
    first = [record for hour in range(30, 150, 10) for record in work.step(hour)]
    first += [
        *({"kind": "team", "id": t} for t in "AB"), {"kind": "ticket", "id": "t"},
        *work.team(0), *work.chat(5), *work.mail(5), *work.status(6), *work.shift(7),
        *work.absence(8), *work.timer(9),
    ]  # fmt: skip
    load(home, first)
    home.refresh()
    how = []
    for number in range(12):
        load(home, work.step(160 + 9 * number))
        how.append(home.refresh().how)
        if number % 4 == 3:
            assert _apart(home) == []
    assert how.count("incremental") >= 10
