"""Satisfaction beside ready replies: chats with them and without (C1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanjeh.metrics.canned import with_canned
from sanjeh.metrics.messages import is_live
from sanjeh.metrics.registry import (
    ASSOCIATION,
    Difference,
    Example,
    Mean,
    Share,
    looks_round,
    metric,
)
from sanjeh.metrics.satisfaction import RATINGS, counted_once, of_kind, satisfied

RATED: dict[str, Any] = {
    **RATINGS, "needs": ("survey_response", "message"), "notes": (ASSOCIATION,),
}  # fmt: skip


@looks_round
def _of_chats(r: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Answers with the ready replies of the served chat that they are about; null where none."""
    c = tables["served_conversations"]
    c = c.filter(is_live(c))
    c = c.group_by(of_chat=c.conversation_id).agg(
        canned_count=c.canned_count.sum().cast("int64"),
        edited_canned_count=c.edited_canned_count.sum().cast("int64"),
    )
    return with_canned(r.left_join(c, r.conversation_id == c.of_chat), [], tables)


_UNKNOWN_CHAT = """
    submitted_at      survey_kind  score  position  scale  channel_kind
    2026-03-02 09:00  csat         5      1         1-5    realtime
    2026-03-02 09:10  csat         1      0         1-5    async
    """
_NO_CHAT = Example.of("answers about no served chat are not counted", _UNKNOWN_CHAT, value=None,
                      n=0)  # fmt: skip


@metric(
    unit="share", better="up", serves=("C1.3",), prepare=_of_chats,
    title="Satisfied in chats with ready replies", examples=(_NO_CHAT,), **RATED,
)  # fmt: skip
def canned_satisfied_share(r: Any) -> Share:
    """Share of answers about served chats with at least one ready reply that are satisfied."""
    return Share(satisfied(r), where=of_kind(r, "csat") & (r.canned > 0), without=counted_once(r))


@metric(
    unit="share", better="up", serves=("C1.3",), prepare=_of_chats,
    title="Satisfied in chats without ready replies", examples=(_NO_CHAT,), **RATED,
)  # fmt: skip
def uncanned_satisfied_share(r: Any) -> Share:
    """Share of answers about served chats without a ready reply that are satisfied."""
    return Share(satisfied(r), where=of_kind(r, "csat") & (r.canned == 0), without=counted_once(r))


@metric(
    unit="points", better="up", serves=("C1.3",), group="business", notes=(ASSOCIATION,),
    title="Satisfied with ready replies less without",
)  # fmt: skip
def canned_satisfaction_difference(_: Any) -> Difference:
    """By how many points more customers are satisfied in chats with ready replies than without."""
    return Difference("canned_satisfied_share", "uncanned_satisfied_share", times=100)


def _score(r: Any, used: Any) -> Mean:
    return Mean(
        "score", where=of_kind(r, "csat") & used, without=counted_once(r), same="scale",
        bins=tuple(range(1, 11)),
    )  # fmt: skip


@metric(
    unit="score", better="up", serves=("C1.3",), prepare=_of_chats,
    title="Score of chats with ready replies", examples=(_NO_CHAT,), **RATED,
)  # fmt: skip
def canned_satisfaction_score(r: Any) -> Mean:
    """Mean score of served chats with at least one ready reply, on the survey's own scale."""
    return _score(r, r.canned > 0)


@metric(
    unit="score", better="up", serves=("C1.3",), prepare=_of_chats,
    title="Score of chats without ready replies", examples=(_NO_CHAT,), **RATED,
)  # fmt: skip
def uncanned_satisfaction_score(r: Any) -> Mean:
    """Mean score of served chats without a ready reply, on the survey's own scale."""
    return _score(r, r.canned == 0)


@metric(
    unit="score", better="up", serves=("C1.3",), group="business", notes=(ASSOCIATION,),
    title="Score with ready replies less without",
)  # fmt: skip
def canned_score_difference(_: Any) -> Difference:
    """Mean score of chats with ready replies less that of chats without."""
    return Difference("canned_satisfaction_score", "uncanned_satisfaction_score")
