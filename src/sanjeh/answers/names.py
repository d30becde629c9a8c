"""From what a reader types to what facts hold, and back: ids, names, usual spellings (7.4)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sanjeh.answers import dimensions
from sanjeh.facts import text

# Dimensions whose words the product itself coins, and those words.
SPOKEN = (
    "state",
    "outcome",
    "change",
    "channel_kind",
    "missed_reason",
    "acknowledged",
    "initiation",
    "effort_band",
    "first_response_band",
)
VOCABULARY = {
    "new", "open", "pending_customer", "on_hold", "solved", "closed", "merged", "deleted",
    "served", "missed", "pending", "bot_only", "offline", "empty", "unknown", "realtime", "async",
    "voice", "resolved", "escalated", "unresolved", "unresolved (unknown)", "reopened",
    "restored", "unmerged", "moved in", "moved out", "closed otherwise", "no_agent_online",
    "all_agents_busy", "offered_not_accepted", "declined", "customer_left_early", "handoff_lost",
    "technical", "outside_hours", "by a machine", "not at all",
    "visitor", "agent", "trigger", "hard", "neutral", "easy",
    "under 60 s", "60 to 120 s", "2 to 5 min", "over 5 min", "never",
}  # fmt: skip

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger


class Names:
    """The words of one generation of facts, and the persons of its ledger."""

    def __init__(self, engine: Any, ledger: Ledger, covered: set[tuple[str, str]]) -> None:
        self.engine, self.ledger, self.covered = engine, ledger, covered
        self._agents: dict[str, str] = {}

    def own_fields(self) -> set[str]:
        """Fields of one's own, as attr.NAME, customer.NAME and account.NAME."""
        rows = self.engine.rows("SELECT DISTINCT kind, name FROM attributes").to_pylist()
        owners = {
            "ticket": "attr",
            "conversation": "attr",
            "customer": "customer",
            "account": "account",
        }
        return {f"{owners[r['kind']]}.{r['name']}" for r in rows if r["kind"] in owners}

    def values(self, dimension: str, value: str) -> Iterable[str | None]:
        """What a typed value stands for in the facts: ids by name, words by compared form."""
        if value.strip().lower() in ("", "none", "unknown", "null", "-"):
            return [None]
        if value in self._agents and dimensions.PERSONS.get(dimension) == "agent":
            return [value]
        if dimension in dimensions.PERSONS:
            found = self.ledger.find_persons(dimensions.PERSONS[dimension], value)
            return found or [value]
        if dimension in dimensions.IDENTIFIED:
            return self._ids(dimension, value)
        if dimension == "weekday" and value.lower()[:3] in dimensions.WEEKDAY_NAMES:
            return [str(dimensions.WEEKDAY_NAMES.index(value.lower()[:3]) + 1)]
        if dimension == "hour":
            hour = value.partition(":")[0].strip()
            return [str(int(hour))] if hour.isdecimal() else [value]
        if dimension in (
            "source", "state", "outcome", "noise", "reason", "initiator", "change", "age", "unit",
            "solved_by", "reopened_by", "channel_kind", "initiation", "key_account",
            "topic_class", "created_by", "tagged_by", "tagged_on", "message_band", "duration_band",
            "acknowledged", "handling_source", "effort_source", "after_request",
            "converted_within", "time_kind", "currency", "landing_page", "effort_band",
            "first_response_band",
        ):  # fmt: skip
            return [value]
        return [text.plain_key(value)]

    def _ids(self, dimension: str, value: str) -> list[str | None]:
        key = text.plain_key(value)
        kind = _kind(dimension)
        named = [
            row["id"]
            for row in self.engine.rows("SELECT kind, id, key FROM names").to_pylist()
            if row["kind"] == kind and row["key"] == key
        ]
        sources = sorted({source for source, _ in self.covered})
        return [*named, value, *(f"{source}/{value}" for source in sources)]

    def labels(self, dimension: str, keys: list[Any]) -> dict[Any, str]:
        """How keys are shown: names of persons and teams, the usual spelling of words."""
        present = [k for k in keys if k is not None]
        if dimensions.PERSONS.get(dimension) == "agent":
            return self._of_agents(present)
        if dimension in dimensions.PERSONS:
            known = self.ledger.labels(present)
            return {k: known.get(k, f"erased {k}") for k in present}
        if dimension == "weekday":
            return {k: dimensions.WEEKDAY_NAMES[k - 1] for k in present}
        if dimension == "hour":
            return {k: f"{k:02d}:00" for k in present}
        if dimension in dimensions.TOPICS and dimension != "topic_class":
            return self._topics[dimension]
        if dimension == "tag_category":
            return self._topics["topic"]
        if dimension in dimensions.IDENTIFIED:
            rows = self.engine.rows("SELECT kind, id, label FROM names").to_pylist()
            kind = _kind(dimension)  # a team and a survey may have the same id
            named = {row["id"]: row["label"] for row in rows if row["kind"] == kind}
            return {k: named.get(k) or k.partition("/")[2] or k for k in present}
        if dimension in (
            "source", "state", "outcome", "noise", "reason", "age", "change", "missed_reason",
            "acknowledged", "handling_source", "effort_source", "message_band",
            "duration_band", "tagged_by", "tagged_on", "after_request", "converted_within",
            "time_kind", "effort_band", "first_response_band",
        ):  # fmt: skip
            return {k: str(k) for k in present}
        return {k: self._spellings.get(k, str(k)) for k in present}

    def _of_agents(self, keys: list[str]) -> dict[str, str]:
        """Names of agents, looked up once a generation: every split by agent shows them."""
        unknown = [k for k in keys if k not in self._agents]
        if unknown:
            known = self.ledger.labels(unknown)
            self._agents.update({k: known.get(k, f"erased {k}") for k in unknown})
        return {k: self._agents[k] for k in keys}

    def is_word(self, dimension: str, values: Iterable[str | None]) -> bool:
        """Whether a value is a word of the record, or of the vocabulary, though no row has it."""
        if dimension in SPOKEN:
            return bool(set(values) & VOCABULARY)
        if dimension == "source":  # which may have no row of this fact
            return bool(set(values) & {source for source, _ in self.covered})
        if dimension in dimensions.IDENTIFIED and dimension not in dimensions.PERSONS:
            ids = {row["id"] for row in self.engine.rows("SELECT id FROM names").to_pylist()}
            return bool(ids & set(values))
        if dimension in dimensions.PERSONS:
            return bool(self.ledger.labels([v for v in values if v is not None]))
        return bool(set(values) & set(self._spellings))

    @cached_property
    def _topics(self) -> dict[str, dict[str, str]]:
        rows = self.engine.rows("SELECT * FROM topics ORDER BY topic_id DESC").to_pylist()
        return {
            name: {row[name]: row[f"{name}_label"] for row in rows if row[name] is not None}
            for name in ("topic", "category")
        }

    @cached_property
    def _spellings(self) -> dict[str, str]:
        rows = self.engine.rows("SELECT key, raw FROM spellings").to_pylist()
        return {row["key"]: row["raw"] for row in rows}


def _kind(dimension: str) -> str:
    """The kind of record whose names a dimension shows: from_team and to_team those of teams."""
    return dimension.removeprefix("from_").removeprefix("to_")
