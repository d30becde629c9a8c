"""Satisfaction, complaints, response rates, expectations, delight, feedback (S1 to S5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Example, Mean, Ratio, Share, metric

DAY = 86_400_000_000
ALMOST = 1e-9  # a place on a scale is a fraction
CREDIT = "the survey's own agent, else the agent who had the contact last"
AGAIN = "another answer about the same conversation counts"
RATINGS: dict[str, Any] = {
    "group": "business", "fact": "survey_ratings", "also": ("loose_ratings",), "at": "submitted_at",
    "needs": ("survey_response",), "credit": CREDIT,
}  # fmt: skip


def of_kind(r: Any, kind: str) -> Any:
    """Answers to surveys of a kind."""
    return (r.survey_kind == kind).fill_null(False)


def counted_once(r: Any) -> dict[str, Any]:
    """Answers that the option survey.dedupe leaves out (AMB-32)."""
    chosen = r.option_survey_dedupe
    kept = (chosen == "all") | ((chosen == "last") & r.is_last) | ((chosen == "first") & r.is_first)
    return {AGAIN: ~kept}


def _place(points: Any) -> Any:
    """A score of 1 to 5 as a place from 0 to 1."""
    return (points - 1.0) / 4.0


def satisfied(r: Any) -> Any:
    """In the survey's own satisfied set; where it declares none, from 4 of 5 or the like on."""
    usual = r.position >= _place(r.option_csat_satisfied_min) - ALMOST
    return ibis.coalesce(r.in_satisfied_set, usual) if isinstance(usual, ibis.Value) else usual


def latest_of(*keys: str) -> Callable[[Any, list[str], Mapping[str, Any]], Any]:
    """Marks, as `is_latest`, the last valid answer of each customer and the keys."""

    def prepare(r: Any, within: list[str], _: Mapping[str, Any]) -> Any:
        who = ibis.coalesce(r.customer_id, r.answer_id)
        valid = r.excluded_reason.isnull() & r.is_last
        near = ibis.window(
            group_by=[who, valid, r.survey_kind, *(r[k] for k in (*keys, *within))],
            order_by=[r.submitted_at.desc(), r.answer_id.desc()],
        )
        return r.mutate(is_latest=ibis.row_number().over(near) == 0)

    return prepare


_SCORES = """
    submitted_at      survey_kind  score  position  scale
    2026-03-02 09:00  csat         5      1         1-5
    2026-03-02 09:10  csat         5      1         1-5
    2026-03-02 09:20  csat         4      0.75      1-5
    2026-03-02 09:30  csat         3      0.5       1-5
    2026-03-02 09:40  csat         1      0         1-5
    2026-03-02 09:50  nps          10     1         0-10
    """


@metric(
    unit="score", better="up", serves=("S1.1", "S1"), title="Satisfaction score", **RATINGS,
    examples=(
        Example.of("of five answers", _SCORES, value=3.6, n=5, median=4, min=1, max=5),
        Example.of("two scales have no mean in common", """
            submitted_at      survey_kind  score  position  scale
            2026-03-02 09:00  csat         5      1         1-5
            2026-03-02 09:10  csat         5      0.44      1-10
            """, value=None, n=2),
    ),
)  # fmt: skip
def satisfaction_score(r: Any) -> Mean:
    """Mean score that customers gave, on the survey's own scale; read it with the share satisfied.

    Answers on different scales have no mean in common: split them `--by scale` or `--by survey`.
    """
    return Mean(
        "score", where=of_kind(r, "csat"), without=counted_once(r), same="scale",
        bins=tuple(range(1, 11)),
    )  # fmt: skip


@metric(
    unit="share", better="up", serves=("S1.5", "S1", "S1.4", "U1.6", "R1.6"),
    title="Satisfied customers", **RATINGS,
    examples=(
        Example.of("three of five gave 4 or 5", _SCORES, value=0.6, numerator=3, denominator=5),
        Example.of("a survey's own satisfied set goes before", """
            submitted_at      survey_kind  position  in_satisfied_set
            2026-03-02 09:00  csat         0.75      false
            2026-03-02 09:00  csat         1         true
            2026-03-02 09:00  csat         0.75      -
            """, value=0.6666666666666666, numerator=2),
    ),
)  # fmt: skip
def satisfied_share(r: Any) -> Share:
    """Share of answers that are satisfied: 4 or 5 of 5, or what the survey itself says.

    Shares of different scales may be pooled; read it with `survey_response_rate`.
    """
    return Share(satisfied(r), where=of_kind(r, "csat"), without=counted_once(r))


@metric(
    unit="share", better="up", serves=("S1.2", "S1.4"), title="Very satisfied customers",
    prepare=latest_of(), **RATINGS,
    examples=(
        Example.of("two of five gave the best score", _SCORES, value=0.4, numerator=2),
    ),
)  # fmt: skip
def very_satisfied_share(r: Any) -> Share:
    """Share of answers at the very top of the scale. Option csat.unit: of customers, by latest."""
    by_customer = (r.option_csat_unit == "customer") & ~r.is_latest
    return Share(
        r.position >= 1.0 - ALMOST,
        where=of_kind(r, "csat"),
        without={**counted_once(r), "a later answer of the same customer": by_customer},
    )


@metric(
    fact="complaint_signs", also=("loose_signs",), at="signed_at", unit="cases", better="down",
    serves=("S1.3",), group="business", needs=("feedback|survey_response",), credit=CREDIT,
    title="Complaints and negative feedback",
    examples=(
        Example.of("a bad score and a complaint about one conversation are one case", """
            signed_at         case_id  told_by         position
            2026-03-02 09:00  c1       score           0
            2026-03-02 09:10  c1       complaint       -
            2026-03-02 09:20  c2       score           0.25
            2026-03-02 09:30  c3       score           0.5
            2026-03-02 09:40  f4       negative_words  -
            """, value=3),
    ),
)  # fmt: skip
def complaints(s: Any) -> Count:
    """Conversations with a complaint, negative feedback or a score of 2 of 5 or less.

    Each conversation once, and each complaint that belongs to none. `--by told_by` splits them.
    """
    negative = s.position <= _place(s.option_csat_negative_max) + ALMOST
    return Count(where=s.position.isnull() | negative, distinct="case_id")


@metric(
    fact="contacts", at="started_at", unit="conversations", better="neutral", serves=("S1.3",),
    group="business", needs=("conversation",), title="Conversations served",
    credit="the agent who had the contact last",
)  # fmt: skip
def conversations_served(c: Any) -> Count:
    """Conversations in which a person answered, on any channel."""
    return Count(where=c.is_served.fill_null(False))


@metric(
    unit="complaints per 100 served", better="down", serves=("S1.3",), group="business",
    title="Complaints per 100 served",
)  # fmt: skip
def complaints_per_100_served(_: Any) -> Ratio:
    """Complaints and negative feedback for every hundred conversations served."""
    return Ratio("complaints", "conversations_served", times=100)


def _answered(i: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Invitations, also with the answers that name nothing but their invitation."""
    loose = tables["loose_ratings"]
    loose = loose.filter(loose.invite_id.notnull())
    loose = loose.group_by(loose_invite=loose.invite_id).agg(loose_at=loose.submitted_at.min())
    j = i.left_join(loose, i.invite_id == loose.loose_invite)
    return j.mutate(replied_at=ibis.coalesce(j.answered_at, j.loose_at))


def _matures_at(i: Any) -> Any:
    return i.sent_at + (i.option_survey_matures * float(DAY)).cast("int64")


@metric(
    fact="survey_invitations", also=("loose_invitations",), at="sent_at", unit="share",
    better="up", serves=("S1.6",),
    group="business", needs=("survey_invite",), title="Survey response rate",
    credit="the agent who had the contact last", prepare=_answered,
    pending=lambda i: _matures_at(i) > i.now_at,
    examples=(
        Example.of("two of three; one came too late, one may still answer", """
            sent_at           answered_at
            2026-03-02 09:00  2026-03-02 10:00
            2026-03-02 09:00  2026-03-03 10:00
            2026-03-02 09:00  2026-03-20 10:00
            2026-03-30 09:00  -
            """, value=0.6666666666666666, numerator=2, denominator=3, pending=1),
    ),
)  # fmt: skip
def survey_response_rate(i: Any) -> Share:
    """Share of the invitations sent in the period that were answered within seven days.

    Invitations that still have time are pending; so it never exceeds one.
    """
    return Share(
        (i.replied_at <= _matures_at(i)).fill_null(False), where=_matures_at(i) <= i.now_at
    )


@metric(
    unit="share", better="up", serves=("S2",), title="Expectations met or exceeded", **RATINGS,
    examples=(
        Example.of("met and exceeded, of three", """
            submitted_at      survey_kind  expectation
            2026-03-02 09:00  expectation  below
            2026-03-02 09:00  expectation  met
            2026-03-02 09:00  expectation  exceeded
            """, value=0.6666666666666666, numerator=2, denominator=3),
    ),
)  # fmt: skip
def expectations_met(r: Any) -> Share:
    """Share of answers that say expectations were met or exceeded. `--by expectation` has each."""
    return Share(
        r.expectation.isin(["met", "exceeded"]),
        where=of_kind(r, "expectation"),
        without=counted_once(r),
    )


def _asked_at_touchpoint(r: Any, within: list[str], _: Mapping[str, Any]) -> Any:
    """Whether expectations are asked at the answer's touchpoint in the period."""
    asked = r.filter(of_kind(r, "expectation"))
    keys = {f"asked_{c}": asked[c] for c in ("touchpoint", *within)}
    asked = asked.group_by(**keys).agg(asked_count=asked.count())
    same = [r[c].identical_to(asked[f"asked_{c}"]) for c in ("touchpoint", *within)]
    return r.left_join(asked, same).drop(*keys)


@metric(
    unit="share", better="up", serves=("S3",), title="Delighted customers",
    prepare=_asked_at_touchpoint, **RATINGS,
    notes=(
        "delight: at touchpoints that ask for no expectations, the best satisfaction score stands "
        "in.",
    ),
    examples=(
        Example.of("support asks for expectations, the shop for satisfaction only", """
            submitted_at      survey_kind  touchpoint  expectation  position
            2026-03-02 09:00  expectation  support     exceeded     -
            2026-03-02 09:00  expectation  support     met          -
            2026-03-02 09:00  csat         support     -            1
            2026-03-02 09:00  csat         shop        -            1
            2026-03-02 09:00  csat         shop        -            0.75
            """, value=0.5, numerator=2, denominator=4),
    ),
)  # fmt: skip
def delight(r: Any) -> Share:
    """Share of answers that say expectations were exceeded; `--by touchpoint` has each."""
    told = of_kind(r, "expectation")
    stands_in = of_kind(r, "csat") & r.asked_count.isnull()
    exceeded = (r.expectation == "exceeded").fill_null(False)
    best = (r.position >= 1.0 - ALMOST).fill_null(False)
    return Share(
        (told & exceeded) | (stands_in & best), where=told | stands_in, without=counted_once(r)
    )


@metric(
    unit="touchpoints", better="up", serves=("S3",), title="Touchpoints with answers", **RATINGS,
)  # fmt: skip
def touchpoints_answered(r: Any) -> Count:
    """Points of the journey with at least one answer on delight or satisfaction."""
    asked = of_kind(r, "expectation") | of_kind(r, "csat")
    return Count(where=asked & r.touchpoint.notnull(), distinct="touchpoint")


@metric(
    fact="touchpoints", at="defined_at", until="dropped_at", unit="touchpoints",
    better="neutral", serves=("S3",),
    group="business", needs=("survey",), title="Touchpoints defined",
)  # fmt: skip
def touchpoints_defined(_: Any) -> Count:
    """Points of the journey that some survey asks at."""
    return Count(distinct="touchpoint")


@metric(
    unit="share", better="up", serves=("S3",),
    group="business", title="Coverage of touchpoints",
)  # fmt: skip
def delight_coverage(_: Any) -> Ratio:
    """Touchpoints with at least one answer over all that are defined."""
    return Ratio("touchpoints_answered", "touchpoints_defined")
