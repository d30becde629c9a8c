"""What goes along with ease for the customer (E1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import CORRELATION, Correlation, Example, metric
from sanjeh.metrics.satisfaction import RATINGS, counted_once, of_kind

NEAR = 30 * 86_400_000_000  # of one customer, so far apart at most
NO_PAIR = "nothing to pair it with"
Tables = Mapping[str, Any]


def _asked(r: Any, about: Any) -> Any:
    """Answers on effort in few columns: what they are about, whose and when."""
    return r.select(
        a_id=r.answer_id, a_kind=r.survey_kind, a_about=about, a_customer=r.customer_id,
        a_at=r.submitted_at,
    ).filter(ibis._.a_kind == "ces")  # fmt: skip


def _paired(r: Any, p: Any, about: Any) -> Any:
    """Answers with the `partner` of each: of what it is about, else the customer's nearest.

    p: p_id, p_about, p_customer, p_at, p_value.
    """
    a = _asked(r, about)
    near = [a.a_customer == p.p_customer, p.p_at >= a.a_at - NEAR, p.p_at <= a.a_at + NEAR]
    own, others = a.join(p, a.a_about == p.p_about), a.join(p, near)
    both = own.mutate(place=ibis.literal(0)).union(
        others.mutate(place=ibis.literal(1)), distinct=False
    )
    gap = ibis.greatest(both.p_at - both.a_at, both.a_at - both.p_at)
    order = ibis.window(group_by=both.a_id, order_by=[both.place, gap, both.p_at, both.p_id])
    both = both.mutate(nth=ibis.row_number().over(order))
    both = both.filter(both.nth == 0).select(pair_of="a_id", partner="p_value")
    return r.left_join(both, r.answer_id == both.pair_of).drop("pair_of")


def _matter(r: Any) -> Any:
    return ibis.coalesce(r.conversation_id, r.ticket_id)


def _with_answers(kind: str) -> Callable[[Any, list[str], Tables], Any]:
    """Pairs with the answers to surveys of another kind."""

    def prepare(r: Any, _: list[str], tables: Tables) -> Any:
        p, loose = tables["survey_ratings"].view(), tables["loose_ratings"].view()
        p = p.union(loose.select(p.columns), distinct=False)
        p = p.cross_join(r.select("option_survey_dedupe").distinct())
        (again,) = counted_once(p).values()
        p = p.filter(of_kind(p, kind) & p.excluded_reason.isnull() & ~again)
        p = p.select(
            p_id=p.answer_id, p_about=_matter(p), p_customer=p.customer_id, p_at=p.submitted_at,
            p_value=p.position,
        )  # fmt: skip
        return _paired(r, p, _matter(r))

    return prepare


def _with_first_response(r: Any, _: list[str], tables: Tables) -> Any:
    p = tables["first_responses"]
    took = p.replied_at - p.asked_at
    p = p.filter(p.excluded_reason.isnull() & p.not_due_reason.isnull() & (took >= 0))
    p = p.select(
        p_id=p.conversation_id, p_about=p.conversation_id, p_customer=p.customer_id,
        p_at=p.started_at, p_value=(p.replied_at - p.asked_at).cast("float64") / 1_000_000.0,
    )  # fmt: skip
    return _paired(r, p, r.conversation_id)


def _with_resolution(r: Any, _: list[str], tables: Tables) -> Any:
    p = tables["tickets"]
    took = p.final_solved_at - p.created_at
    p = p.filter(p.excluded_reason.isnull() & p.unsolved_reason.isnull() & (took >= 0))
    p = p.select(
        p_id=p.ticket_id, p_about=p.ticket_id, p_customer=p.customer_id, p_at=p.final_solved_at,
        p_value=(p.final_solved_at - p.created_at).cast("float64") / 1_000_000.0,
    )  # fmt: skip
    return _paired(r, p, r.ticket_id)


def _with_messages(r: Any, _: list[str], tables: Tables) -> Any:
    p = tables["served_conversations"]
    p = p.filter(p.excluded_reason.isnull())
    p = p.select(
        p_id=p.conversation_id, p_about=p.conversation_id, p_customer=p.customer_id,
        p_at=p.asked_at, p_value=p.message_count.cast("float64"),
    )  # fmt: skip
    return _paired(r, p, r.conversation_id)


def _with_contacts(r: Any, _: list[str], tables: Tables) -> Any:
    """Answers with how often their customer had come in the thirty days before them."""
    c, a = tables["contacts"], _asked(r, r.conversation_id)
    c = c.filter(c.is_contact).select(c_customer="customer_id", c_at="started_at")
    came = a.join(
        c, [a.a_customer == c.c_customer, c.c_at <= a.a_at, c.c_at > a.a_at - NEAR]
    )  # fmt: skip
    came = came.group_by(pair_of=came.a_id).agg(came_count=came.count())
    j = r.left_join(came, r.answer_id == came.pair_of)
    known = ibis.cases((j.customer_id.notnull(), j.came_count.fill_null(0).cast("float64")))
    return j.mutate(partner=known).drop("pair_of", "came_count")


def _correlation(r: Any) -> Correlation:
    return Correlation(
        "position", "partner", where=of_kind(r, "ces"),
        without={**counted_once(r), NO_PAIR: r.partner.isnull()},
    )  # fmt: skip


def _goes_with(*also: str) -> dict[str, Any]:
    return {
        **RATINGS, "unit": "correlation", "better": "neutral", "serves": ("E1.3",),
        "needs": ("survey_response", *also), "notes": (CORRELATION,),
    }  # fmt: skip


def _answers(pairs: int, kind: str) -> str:
    """So many conversations, each with an answer on effort and one of another kind: n and n²."""
    head = "submitted_at      answer_id  survey_kind  conversation_id  position"
    rows = [
        f"2026-03-02 09:00  {k}{n:<8}  {k:<11}  c{n:<14}  {place}"
        for n in range(pairs)
        for k, place in (("ces", n / 10), (kind, n * n / 100))
    ]
    return "\n".join([head, *rows])


@metric(
    title="Ease and satisfaction", prepare=_with_answers("csat"), **_goes_with(),
    examples=(
        Example.of("ten pairs in one order, the second growing faster", _answers(10, "csat"),
                   value=0.9626907371412557, spearman=1.0, n=10),
        Example.of("nine pairs tell nothing", _answers(9, "csat"), value=None, n=9,
                   why_null="9 pairs; a correlation needs 10"),
    ),
)  # fmt: skip
def effort_and_satisfaction(r: Any) -> Correlation:
    """How ease and satisfaction go together: Pearson's r from -1 to 1; `.spearman` of their ranks.

    Each answer on effort with the satisfaction told about the same conversation or ticket, else
    with the same customer's nearest within thirty days.
    """
    return _correlation(r)


@metric(
    title="Ease and recommendation", prepare=_with_answers("nps"), **_goes_with(),
    examples=(
        Example.of("ten pairs in one order", _answers(10, "nps"), value=0.9626907371412557,
                   spearman=1.0, n=10),
    ),
)  # fmt: skip
def effort_and_recommendation(r: Any) -> Correlation:
    """How ease and the score of 0 to 10 for recommending go together, paired in the same way."""
    return _correlation(r)


@metric(
    title="Ease and first response time", prepare=_with_first_response,
    **_goes_with("message|call"),
)  # fmt: skip
def effort_and_first_response(r: Any) -> Correlation:
    """How ease and the wait for the first response go together.

    The wait in the same conversation, else in the customer's nearest within thirty days; answered
    ones only, from the first message of the customer to the first of a person.
    """
    return _correlation(r)


@metric(
    title="Ease and resolution time", prepare=_with_resolution, **_goes_with("ticket"),
)  # fmt: skip
def effort_and_resolution_time(r: Any) -> Correlation:
    """How ease and the resolution time go together.

    That of the same ticket, else of the one of the customer solved nearest within thirty days.
    """
    return _correlation(r)


@metric(
    title="Ease and messages per conversation", prepare=_with_messages, **_goes_with("message"),
)  # fmt: skip
def effort_and_messages(r: Any) -> Correlation:
    """How ease and the number of messages go together.

    Of the same conversation, else of the customer's nearest within thirty days; served ones only.
    """
    return _correlation(r)


@metric(
    title="Ease and contacts", prepare=_with_contacts, **_goes_with("conversation"),
)  # fmt: skip
def effort_and_contacts(r: Any) -> Correlation:
    """How ease and the customer's contacts in the thirty days up to the answer go together."""
    return _correlation(r)
