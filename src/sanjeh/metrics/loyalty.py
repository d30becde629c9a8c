"""Recommendation and effort: NPS and the customer effort score (N1, E1)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.metrics.registry import Balance, Count, Example, Mean, Share, metric
from sanjeh.metrics.satisfaction import ALMOST, RATINGS, counted_once, latest_of, of_kind

LATER = "a later answer of the same customer"
_LATEST = latest_of("touchpoint", "asked")
_TEN = """
    submitted_at      survey_kind  score  customer_id  asked
    2026-03-02 09:00  nps          10     a            transactional
    2026-03-02 09:00  nps          9      b            transactional
    2026-03-02 09:00  nps          9      c            transactional
    2026-03-02 09:00  nps          10     d            transactional
    2026-03-02 09:00  nps          9      e            transactional
    2026-03-02 09:00  nps          8      f            transactional
    2026-03-02 09:00  nps          7      g            transactional
    2026-03-02 09:00  nps          8      h            transactional
    2026-03-02 09:00  nps          6      i            transactional
    2026-03-02 09:00  nps          0      j            transactional
    """


def _balance(r: Any, asked: str | None = None) -> Balance:
    where = of_kind(r, "nps")
    if asked is not None:
        where = where & (r.asked == asked)
    return Balance(
        up=r.score >= 9.0, down=r.score < 7.0, where=where,
        without={**counted_once(r), LATER: ~r.is_latest}, same="asked",
    )  # fmt: skip


@metric(
    unit="points", better="up", serves=("N1", "N1.1", "N1.2", "N1.3"),
    title="Net promoter score", prepare=_LATEST, **RATINGS,
    examples=(
        Example.of("5 promoters, 3 passives, 2 detractors", _TEN, value=30.0, n=10,
                   margin=48.407539501852568),
        Example.of("the latest answer of a customer at a touchpoint counts", """
            submitted_at      survey_kind  score  customer_id  touchpoint  asked
            2026-03-02 09:00  nps          10     a            support     transactional
            2026-03-03 09:00  nps          0      a            support     transactional
            2026-03-02 09:00  nps          9      a            product     transactional
            """, value=0.0, n=2, excluded={LATER: 1}),
        Example.of("after a contact and about the whole are not pooled", """
            submitted_at      survey_kind  score  customer_id  asked
            2026-03-02 09:00  nps          10     a            transactional
            2026-03-02 09:00  nps          10     b            relationship
            """, value=None, n=2),
    ),
)  # fmt: skip
def nps(r: Any) -> Balance:
    """Share of promoters (9, 10) less that of detractors (0 to 6), in points from -100 to +100.

    The latest answer of each customer at each touchpoint. Only scales of 0 to 10. Answers after a
    contact and about the whole relationship are not pooled: split them `--by asked`.
    """
    return _balance(r)


@metric(
    unit="points", better="up", serves=("N1", "7.13"), title="Net promoter score after contacts",
    prepare=_LATEST, **RATINGS,
)  # fmt: skip
def transactional_nps(r: Any) -> Balance:
    """Promoters less detractors, of customers asked after a conversation or ticket; points."""
    return _balance(r, "transactional")


@metric(
    unit="points", better="up", serves=("N1", "7.13"), title="Net promoter score, relationship",
    prepare=_LATEST, **RATINGS,
)  # fmt: skip
def relationship_nps(r: Any) -> Balance:
    """Promoters less detractors, of customers asked about the company as a whole; points."""
    return _balance(r, "relationship")


_EFFORT = """
    submitted_at      survey_kind  score  position  scale  score_label
    2026-03-02 09:00  ces          7      1         1-7    7
    2026-03-02 09:10  ces          5      0.66667   1-7    5
    2026-03-02 09:20  ces          4      0.5       1-7    4
    2026-03-02 09:30  csat         5      1         1-5    5
    """


@metric(
    unit="score", better="up", serves=("E1.1", "E1"), title="Customer effort score", **RATINGS,
    examples=(
        Example.of("higher is easier", _EFFORT, value=5.333333333333333, n=3, median=5),
    ),
)  # fmt: skip
def effort_score(r: Any) -> Mean:
    """Mean ease: agreement that it was easy, on the survey's own scale, higher is easier.

    Where a survey asks for effort, low being good, its scale is turned round first. Answers on
    different scales have no mean in common: split them `--by scale` or `--by survey`.
    """
    return Mean(
        "score", where=of_kind(r, "ces"), without=counted_once(r), same="scale",
        bins=tuple(range(1, 8)),
    )  # fmt: skip


@metric(
    unit="share", better="up", serves=("E1.1", "E1"), title="Easy for the customer", **RATINGS,
    examples=(
        Example.of("5 to 7 of 7 are easy", _EFFORT, value=0.6666666666666666, numerator=2),
    ),
)  # fmt: skip
def easy_share(r: Any) -> Share:
    """Share of answers in the easiest third of the scale: 5 to 7 of 7, 4 and 5 of 5."""
    easy = r.position >= 2 / 3 - ALMOST
    chosen = ibis.coalesce(r.in_satisfied_set, easy) if isinstance(easy, ibis.Value) else easy
    return Share(chosen, where=of_kind(r, "ces"), without=counted_once(r))


@metric(
    unit="answers", better="neutral", serves=("E1.2", "E1"), title="Answers on effort", **RATINGS,
    examples=(Example.of("three answers", _EFFORT, value=3),),
)  # fmt: skip
def effort_answers(r: Any) -> Count:
    """Answers on effort. `--by score` is their distribution, `--by segment --by score` each."""
    return Count(where=of_kind(r, "ces"), without=counted_once(r))
