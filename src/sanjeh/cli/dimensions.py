"""By what each metric can be split, worked out from the facts' declarations alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanjeh.metrics.registry import Metric

OWN = ("attr.NAME", "customer.NAME", "account.NAME")
_TYPES = {
    "text": "string", "instant": "int64", "date": "date", "integer": "int64", "number": "float64",
    "flag": "boolean", "texts": "array<string>", "json": "string",
}  # fmt: skip
_STEPS = {
    "text": {"kind": "string", "id": "string", "field": "string", "text": "string"},
    "attribute": {"kind": "string", "id": "string", "name": "string", "value": "string"},
    "coverage": {"source": "string", "kind": "string"},
    "known_channels": {"known_key": "string", "known_kind": "string", "known_gap": "int64"},
}


def dimensions_of(metric: Metric) -> list[str]:
    """Names a metric can be split and filtered by; of a rate those that both its parts offer."""
    from sanjeh.answers.dimensions import offered

    return offered(metric, lambda fact: tuple(_declared()[fact].columns))


class _Declared(Mapping[str, Any]):
    """Record kinds and facts as tables without rows, each worked out when first asked for."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        import ibis

        from sanjeh.facts.catalogue import FACTS

        if name == "open_grid":
            raise KeyError(name)
        if name not in self.known:
            schema = FACTS[name].build(self).schema() if name in FACTS else _fields(name)
            self.known[name] = ibis.table(schema, name=name)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def _fields(name: str) -> dict[str, str]:
    from sanjeh.ledger import COMMON_FIELDS, KINDS

    if name in _STEPS:
        return _STEPS[name]
    kind = KINDS[name]
    fields = {f.name: _TYPES[f.type] for f in (*kind.fields, *COMMON_FIELDS) if not f.apart}
    return {"id": "string", kind.identity: "string", **fields, "batch": "int64"}


@cache
def _declared() -> _Declared:
    return _Declared()
