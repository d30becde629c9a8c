"""Text as it is compared: one key for every way of writing a word (7.4)."""

from __future__ import annotations

import ibis

SOURCE = "يىكۀة" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹" + "ёЁ"
TARGET = "ییکهه" + "0123456789" + "0123456789" + "еЕ"
DROPPED = (
    "\u200c\u200d\u200e\u200f\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\ufeff\u00a0 \t"
)
_TABLE = str.maketrans(SOURCE, TARGET, DROPPED)
# Engines translate letter by letter and slowly; most words need none of it.
_VARIANTS = f"[{SOURCE}]"
_GAPS = f"[{DROPPED}]+"
_BREAKS = "[\u200c\u00a0\n\t]"


def key(text: ibis.expr.types.StringValue) -> ibis.expr.types.StringValue:
    """The text without case, spaces, half-spaces and letter variants; null where it is empty."""
    narrowed = ibis.cases(
        (text.re_search(_VARIANTS), text.translate(SOURCE + DROPPED, TARGET)),
        (text.re_search(_GAPS), text.re_replace(_GAPS, "")),
        else_=text,
    )
    return narrowed.lower().nullif("")


def plain_key(text: str) -> str | None:
    """The same of one Python string."""
    return text.translate(_TABLE).lower() or None


def spoken(text: ibis.expr.types.StringValue) -> ibis.expr.types.StringValue:
    """The text with its words still apart: lower case, one form of each letter and digit."""
    narrowed = ibis.cases(
        (text.re_search(_VARIANTS), text.translate(SOURCE + "\u200c\u00a0\n\t", TARGET + "    ")),
        else_=text.re_replace(_BREAKS, " "),
    )
    return narrowed.lower().strip()
