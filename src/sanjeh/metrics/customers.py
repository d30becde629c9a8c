"""The customer base, to be read beside volume (Q6)."""

from __future__ import annotations

from typing import Any

from sanjeh.metrics.registry import Count, Example, Growth, metric

NEEDS = ("account|subscription|customer",)


@metric(unit="share", better="up", group="business", serves=("Q6",), title="Customer growth")
def customer_growth(_: Any) -> Growth:
    """Customers at the end less those at the start of the period, over those at the start."""
    return Growth("customers")


@metric(
    fact="customers", at="active_from", until="active_to", unit="customers", better="up",
    group="business", serves=("Q6",), needs=NEEDS, title="Customers",
    examples=(
        Example.of("two remain at the end", """
            customer_unit  active_from       active_to
            a              2026-01-01 00:00  -
            b              2026-03-05 00:00  -
            c              2026-01-01 00:00  2026-03-10 00:00
            """, value=2),
    ),
)  # fmt: skip
def customers(_: Any) -> Count:
    """Customers at the end of the period: accounts; where none are known, subscribers, persons."""
    return Count(distinct="customer_unit")


@metric(
    fact="customers", at="active_from", unit="customers", better="up", group="business",
    serves=("Q6",), needs=NEEDS, title="New customers",
)  # fmt: skip
def new_customers(_: Any) -> Count:
    """Customers who came in the period."""
    return Count(distinct="customer_unit")


@metric(
    fact="customers", at="active_to", unit="customers", better="down", group="business",
    serves=("Q6",), needs=NEEDS, title="Lost customers",
)  # fmt: skip
def lost_customers(_: Any) -> Count:
    """Customers who left in the period."""
    return Count(distinct="customer_unit")
