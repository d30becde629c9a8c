"""What in the record contradicts itself (catalogue 3.10): counted, with samples, nothing dropped.

One pass over each kind of record asks all rules of it. Deleted records are not looked at. Only ids
are sampled, never a name or what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sanjeh.answers.working import plain
from sanjeh.checks.rules import JOINS, MONEY, RULES, TALKED, Test, card, tests
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger, Snapshot

SAMPLES = 5
LOOKED_AT = 40  # records sampled, of which several may be of one conversation


@dataclass(frozen=True)
class Sample:
    """A record to look at: what it is (ticket, conversation, agent or another kind), and its id."""

    kind: str
    id: str

    @property
    def short(self) -> str:
        """The id as its source has it."""
        return plain(self.id) or self.id


@dataclass(frozen=True)
class Finding:
    """How often the records of one kind and source break a rule. n: how many could be asked."""

    rule: str
    source: str
    kind: str
    count: int
    n: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class Rule:
    """A rule over everything looked at. n: how many records could be asked, of all kinds.

    share: of those, 0 to 1; null where none could be asked.
    """

    name: str
    count: int
    n: int
    samples: tuple[Sample, ...]
    by_kind: tuple[Finding, ...]

    @property
    def share(self) -> float | None:
        return self.count / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "rule": self.name, "count": self.count, "n": self.n, "share": self.share,
            "samples": [{"kind": s.kind, "id": s.id} for s in self.samples],
            "by_kind": [
                {"source": f.source, "kind": f.kind, "count": f.count, "n": f.n}
                for f in self.by_kind
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Integrity:
    """Every rule in the order of the catalogue, and how many records were looked at."""

    rules: tuple[Rule, ...]
    records: int

    @property
    def faults(self) -> int:
        """How many times a rule was broken."""
        return sum(rule.count for rule in self.rules)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"records": self.records, "rules": [rule.as_json() for rule in self.rules]}

    def rows(self) -> list[dict[str, Any]]:
        """A row a rule, for a file; samples as `kind id`."""
        return [
            {**rule.as_json(), "samples": "; ".join(f"{s.kind} {s.id}" for s in rule.samples)}
            for rule in self.rules
        ]


def integrity(
    ledger: Ledger, open_engine: Callable[..., Any], *, source: str | None = None,
    seen: Iterable[str] | None = None,
) -> Integrity:  # fmt: skip
    """The rules asked of the record as it stands.

    source: only of this one's records. seen: ids of the tickets and conversations that the reader
    may see; only records that hang on one of them are asked then. Null is everything.
    """
    snapshot = ledger.snapshot()
    recorded = [k for k in KINDS if snapshot.files(k) or k in snapshot.inbox]
    findings: list[Finding] = []
    records = 0
    with closing(open_engine(spill=Path(ledger.path) / "facts" / "spill")) as engine:
        _lay_out(engine, snapshot, seen)
        for kind in recorded:
            asked = [t for t in tests() if t.kind == kind]
            rows = engine.rows(_statement(kind, asked, source, seen is not None)).to_pylist()
            records += sum(row["records"] for row in rows)
            findings += [
                Finding(
                    test.rule, row["source"] or "", kind, row[f"count{n}"], row[f"n{n}"],
                    _samples(row[f"samples{n}"] or ()),
                )
                for row in rows for n, test in enumerate(asked) if row[f"n{n}"]
            ]  # fmt: skip
    return Integrity(tuple(_summed(name, findings) for name in RULES), records)


def _lay_out(engine: Any, snapshot: Snapshot, seen: Iterable[str] | None) -> None:
    """The record's views, and the small tables that several passes read."""
    engine.scan_ledger(snapshot, KINDS)
    imported = {
        "source": pa.array([s.source for s in snapshot.sources], pa.string()),
        "imported_at": pa.array(
            [int(s.imported_at.timestamp() * 1_000_000) for s in snapshot.sources], pa.int64()
        ),
    }
    engine.load("imported", pa.table(imported))
    if seen is not None:
        engine.load("seen", pa.table({"id": pa.array(sorted(set(seen)), pa.string())}))
    for role in ("agent", "customer"):
        engine.create_as(f"known_{role}", f"SELECT id FROM ledger_{role} WHERE id IS NOT NULL")
    engine.create_as("talked", TALKED)
    engine.create_as("talking", "SELECT DISTINCT source FROM ledger_message")
    money = " UNION ALL ".join(
        f"SELECT upper(currency) AS currency FROM ledger_{kind} WHERE currency <> ''"
        for kind in MONEY
    )
    engine.create_as(
        "main_currency",
        f"SELECT currency FROM ({money}) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    )


def _statement(kind: str, asked: list[Test], source: str | None, scoped: bool) -> str:
    """One pass over a kind: for each source how many rows each test judges, how many break it."""
    judged = "".join(
        f", coalesce({t.judged}, false) AS judged{n}, "
        f"coalesce(({t.judged}) AND ({t.broken}), false) AS broken{n}"
        for n, t in enumerate(asked)
    )
    figures = "".join(
        f", count(*) FILTER (judged{n}) AS n{n}, count(*) FILTER (broken{n}) AS count{n}, "
        f"min(CASE WHEN broken{n} THEN card END, {LOOKED_AT}) AS samples{n}"
        for n, _ in enumerate(asked)
    )
    only = "r.deleted_at IS NULL"
    if source is not None:
        only += " AND r.source = '" + source.replace("'", "''") + "'"
    about = card(KINDS[kind])
    # TRICKY: a card is "kind id"; what hangs on no ticket or conversation is nobody's.
    identifier = "substr(card, strpos(card, ' ') + 1)"
    whose = f"WHERE {identifier} IN (SELECT id FROM seen)" if scoped else ""
    return (
        f"SELECT source, count(*) AS records{figures} FROM ("
        f"SELECT r.source, {about} AS card{judged} FROM ledger_{kind} r "
        f"LEFT JOIN imported i ON i.source = r.source {JOINS.get(kind, '')} WHERE {only}"
        f") {whose} GROUP BY source ORDER BY source"
    )


def _samples(cards: Iterable[str]) -> tuple[Sample, ...]:
    """The first few, each once."""
    parts = (text.partition(" ") for text in dict.fromkeys(cards))
    return tuple(Sample(kind, id_) for kind, _, id_ in parts)[:SAMPLES]


def _summed(name: str, findings: Iterable[Finding]) -> Rule:
    own = tuple(f for f in findings if f.rule == name)
    samples = dict.fromkeys(s for f in own for s in f.samples)
    return Rule(
        name, sum(f.count for f in own), sum(f.n for f in own), tuple(samples)[:SAMPLES],
        tuple(f for f in own if f.count),
    )  # fmt: skip
