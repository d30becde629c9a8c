"""Who buys again, stays and recommends after an easy or a hard time with us (E1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import ASSOCIATION, Difference, Example, Mean, Share, metric
from sanjeh.metrics.satisfaction import DAY, RATINGS, counted_once, of_kind

EARLIER = "an earlier answer of the same customer"
NOBODY = "the customer is not known"
NOT_OVER = "the time after it is not over"
FAR = 2**62
Tables = Mapping[str, Any]
BANDS = ("effort_band", "easy", "hard")


def _cohort(r: Any, within: list[str]) -> Any:
    """Answers with the end of the time after each, and their place among those of the customer."""
    (again,) = counted_once(r).values()
    valid = of_kind(r, "ces") & r.excluded_reason.isnull() & ~again & r.customer_id.notnull()
    r = r.mutate(
        is_valid=valid, after_until_at=r.submitted_at + (r.option_loyalty_window * float(DAY)).cast(
            "int64"
        ),
    )  # fmt: skip
    near = ibis.window(
        group_by=[r.customer_id, r.is_valid, *(r[k] for k in within)],
        order_by=[r.submitted_at, r.answer_id],
    )
    return r.mutate(nth=ibis.row_number().over(near))


def _members(r: Any) -> Any:
    a = r.filter(r.is_valid & (r.nth == 0))
    return a.select(
        a_id=a.answer_id, a_customer=a.customer_id, a_at=a.submitted_at, a_until=a.after_until_at
    )


def _left_out(r: Any) -> dict[str, Any]:
    return {
        **counted_once(r), NOBODY: r.customer_id.isnull(), EARLIER: r.nth > 0,
        NOT_OVER: r.after_until_at > r.now_at,
    }  # fmt: skip


def _joined(r: Any, found: Any) -> Any:
    return r.left_join(found, r.answer_id == found.of_answer).drop("of_answer")


def _purchases(tables: Tables) -> Any:
    """Purchases with their customer: as told, else who chatted as the same visitor of the site."""
    c, chats = tables["conversions"], tables["live_chats"]
    c = c.filter(c.excluded_reason.isnull() & (c.conversion_type == "purchase"))
    chats = chats.filter(chats.visitor_id.notnull() & chats.customer_id.notnull())
    known = chats.select(k_visitor="visitor_id", k_customer="customer_id").distinct()
    told = c.filter(c.customer_id.notnull())
    seen = c.filter(c.customer_id.isnull()).join(known, c.visitor_id == known.k_visitor)
    return told.select(c_customer="customer_id", c_at="converted_at").union(
        seen.select(c_customer="k_customer", c_at="converted_at"), distinct=False
    )


def _with_purchases(r: Any, within: list[str], tables: Tables) -> Any:
    """Answers with how often their customer had bought before, and bought after."""
    r = _cohort(r, within)
    a, c = _members(r), _purchases(tables)
    j = a.join(c, a.a_customer == c.c_customer)
    found = j.group_by(of_answer=j.a_id).agg(
        bought_before=j.count(where=j.c_at <= j.a_at),
        bought_after=j.count(where=(j.c_at > j.a_at) & (j.c_at <= j.a_until)),
    )
    return _joined(r, found)


def _with_contracts(r: Any, within: list[str], tables: Tables) -> Any:
    """Answers with whether the customer's account was a customer then, and still is at the end."""
    r, c, k = _cohort(r, within), tables["customers"], tables["customer_traits"].view()
    a = _members(r)
    c = c.filter(c.unit != "person").select(
        c_account="customer_unit", c_from="active_from", c_until=c.active_to.fill_null(FAR)
    )
    k = k.select(k_customer="of_customer", k_account="customer_account")
    j = a.join(k, a.a_customer == k.k_customer)
    j = j.join(c, j.k_account == c.c_account)
    there = (j.c_from <= j.a_at) & (j.c_until > j.a_at)
    found = j.group_by(of_answer=j.a_id).agg(
        contracts=j.count(), running=j.count(where=there),
        lasting=j.count(where=there & (j.c_until > j.a_until)),
    )  # fmt: skip
    return _joined(r, found)


def _with_recommendation(r: Any, within: list[str], tables: Tables) -> Any:
    """Answers with the last score for recommending that the customer gave in the time after."""
    p, loose = tables["survey_ratings"].view(), tables["loose_ratings"].view()
    p = p.union(loose.select(p.columns), distinct=False)
    p = p.cross_join(r.select("option_survey_dedupe").distinct())
    (again,) = counted_once(p).values()
    p = p.filter(of_kind(p, "nps") & p.excluded_reason.isnull() & ~again)
    p = p.select(p_customer="customer_id", p_at="submitted_at", p_id="answer_id", p_score="score")
    r = _cohort(r, within)
    a = _members(r)
    j = a.join(p, [a.a_customer == p.p_customer, p.p_at > a.a_at, p.p_at <= a.a_until])
    last = ibis.window(group_by=j.a_id, order_by=[j.p_at.desc(), j.p_id.desc()])
    j = j.mutate(from_last=ibis.row_number().over(last))
    return _joined(r, j.filter(j.from_last == 0).select(of_answer="a_id", later_score="p_score"))


def _after(*needs: str) -> dict[str, Any]:
    return {
        **RATINGS, "serves": ("E1.4", "AMB-37"), "needs": ("survey_response", *needs),
        "notes": (ASSOCIATION,),
    }  # fmt: skip


_ANSWERS = """
    submitted_at      answer_id  survey_kind  score  position  customer_id
    2026-03-02 09:00  1          ces          7      1         a
    2026-03-03 09:00  2          ces          1      0         a
    2026-03-04 09:00  3          ces          2      0.16667   -
    """
_NOT_OVER = Example.of(
    "ninety days after are not over; a customer counts once", _ANSWERS, value=None, n=0,
    excluded={NOT_OVER: 1, EARLIER: 1, NOBODY: 1},
)  # fmt: skip


@metric(
    unit="share", better="up", title="Bought again after an answer on effort",
    prepare=_with_purchases, examples=(_NOT_OVER,), **_after("conversion"),
)  # fmt: skip
def repurchase_after_effort(r: Any) -> Share:
    """Share of customers that bought again within `loyalty.window` (90 days) of answering.

    Each customer who had bought before, by the first answer on effort of the period: `--by
    effort_band` has hard (1 to 3 of 7), neutral (4) and easy (5 to 7). Answers whose window is not
    over are left out and listed.
    """
    never = {"had bought nothing before": r.bought_before.fill_null(0) == 0}
    return Share(r.bought_after > 0, where=of_kind(r, "ces"), without={**_left_out(r), **never})


@metric(
    unit="share", better="up", title="Stayed after an answer on effort",
    prepare=_with_contracts, examples=(_NOT_OVER,), **_after("account|subscription"),
)  # fmt: skip
def retention_after_effort(r: Any) -> Share:
    """Share of customers still with us `loyalty.window` (90 days) after answering; the rest left.

    By their account, else its subscriptions, of those that ran when the customer answered; each
    customer by the first answer on effort of the period, `--by effort_band`.
    """
    unknown = {
        "no account or subscription is recorded": r.contracts.isnull(),
        "was no customer any more": r.running == 0,
    }
    return Share(r.lasting > 0, where=of_kind(r, "ces"), without={**_left_out(r), **unknown})


@metric(
    unit="score", better="up", title="Recommendation after an answer on effort",
    prepare=_with_recommendation, examples=(_NOT_OVER,), **_after(),
)  # fmt: skip
def recommendation_after_effort(r: Any) -> Mean:
    """Mean of the last score for recommending (0 to 10) within `loyalty.window` of answering.

    Each customer by the first answer on effort of the period, `--by effort_band`.
    """
    silent = {"did not say whether they recommend": r.later_score.isnull()}
    return Mean(
        "later_score", where=of_kind(r, "ces"), without={**_left_out(r), **silent},
        bins=tuple(range(11)),
    )  # fmt: skip


def _apart(unit: str) -> dict[str, Any]:
    return {
        "unit": unit, "better": "up", "group": "business", "serves": ("E1.4",),
        "notes": (ASSOCIATION,),
    }  # fmt: skip


@metric(title="Bought again: easy less hard", **_apart("points"))
def repurchase_difference(_: Any) -> Difference:
    """By how many points more customers bought again after an easy time than after a hard one."""
    name = "repurchase_after_effort"
    return Difference(name, name, times=100, apart=BANDS)


@metric(title="Stayed: easy less hard", **_apart("points"))
def retention_difference(_: Any) -> Difference:
    """By how many points more customers stayed after an easy time than after a hard one."""
    name = "retention_after_effort"
    return Difference(name, name, times=100, apart=BANDS)


@metric(title="Recommendation: easy less hard", **_apart("score"))
def recommendation_difference(_: Any) -> Difference:
    """Mean score for recommending after an easy time less that after a hard one."""
    name = "recommendation_after_effort"
    return Difference(name, name, apart=BANDS)
