"""First contact resolution, return contacts, repeat contacts (F1 to F4, 7.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Duration, Example, Share, looks_round, metric

DAY = 86_400_000_000
LONGEST = 30  # days: the longest window that a figure has by its name
CREDIT = "the agent who had the contact last"
NO_OUTCOME, UNKNOWN = "no outcome is recorded", "the customer is not known"
SPARSE = (
    "contacts record neither a ticket nor a topic, so that a return about the same matter "
    "cannot be seen",
    lambda c: c.ticket_id.isnull() & c.topic_key.isnull(),
)


def _neighbours(rows: Any, keys: list[str]) -> Any:
    """When others came before and after each contact among those with equal keys."""
    # Most stand alone: finding that out costs less than sorting them.
    several = rows.group_by(**{f"of_{k}": rows[k] for k in keys}).agg(many=rows.count())
    several = several.filter(several.many > 1)
    rows = rows.semi_join(several, [rows[k] == several[f"of_{k}"] for k in keys])
    order = [rows.started_at, rows.conversation_id, rows["part"]]
    before = ibis.window(group_by=keys, order_by=order, rows=(None, -1))
    after = ibis.window(group_by=keys, order_by=order, rows=(1, None))
    ours = rows.started_by_agent
    ended = ibis.coalesce(rows.ended_at, rows.started_at)
    return rows.select(
        n_id=rows.conversation_id,
        n_part=rows["part"],
        n_previous_at=ibis.cases((~ours, ended)).max().over(before),
        n_next_at=ibis.cases((~ours, rows.started_at)).min().over(after),
        n_called_at=ibis.cases((ours, rows.started_at)).min().over(after),
    )


def _near(c: Any, t: Any) -> Any:
    """The contacts that are within a window's reach of some of these: the others change nothing."""
    reach = ibis.greatest(
        t.option_repeat_window.max(), t.option_first_contact_window.max(), float(LONGEST)
    )
    ended = ibis.coalesce(t.ended_at, t.started_at)
    bounds = t.agg(
        reach_from=t.started_at.min() - _micros(reach),
        reach_until=ibis.greatest(ended.max(), t.started_at.max()) + _micros(reach),
    )
    first, last = (bounds[end].as_scalar() for end in bounds.columns)
    # Plain comparisons, each apart: so the database skips what lies beyond.
    over = c.filter((c.ended_at >= first) & (c.started_at <= last))
    going_on = c.filter(c.ended_at.isnull() & (c.started_at >= first) & (c.started_at <= last))
    ends_before_it_starts = c.filter((c.ended_at < first) & (c.started_at >= first))
    return ibis.union(over, going_on, ends_before_it_starts, distinct=False)


@looks_round
def on_the_matter(t: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Contacts with the customer's contacts before and after on the same matter.

    The same matter is the same ticket, or a ticket linked to it, else the same topic of the same
    customer. Adds `previous_at` (the end of the last one before), `next_at` (the customer's next)
    and `called_at` (the next that an agent began), whatever the period asked for; null where that
    is further off than any window reaches.
    """
    c, links = _near(tables["contacts"], t), tables["ticket_links"]
    c = c.filter(c.is_contact & c.customer_id.notnull())
    # A neighbour is of the same customer: contacts of others need not be put in order.
    c = c.filter(c.customer_id.isin(t.customer_id))
    about = _neighbours(c.filter(c.topic_key.notnull()), ["customer_id", "topic_key"])
    links = links.select(link_ticket="ticket_id", link_issue="issue_id")
    of_links = c.join(links, c.ticket_id == links.link_ticket)
    linked = _neighbours(of_links, ["customer_id", "link_issue"])
    linked = linked.rename({f"l{name[1:]}": name for name in linked.columns})
    j = t.left_join(about, [t.conversation_id == about.n_id, t["part"] == about.n_part])
    j = j.left_join(linked, [j.conversation_id == linked.l_id, j["part"] == linked.l_part])
    return j.mutate(
        previous_at=_furthest(
            ibis.greatest, j.ticket_previous_at, j.n_previous_at, j.l_previous_at
        ),
        next_at=_furthest(ibis.least, j.ticket_next_at, j.n_next_at, j.l_next_at),
        called_at=_furthest(ibis.least, j.ticket_called_at, j.n_called_at, j.l_called_at),
    )


def _furthest(pick: Callable[..., Any], *instants: Any) -> Any:
    """The greatest or least of those known; engines differ in what null does to it."""
    whole = ibis.coalesce(*instants)
    return pick(*(i.fill_null(whole) for i in instants))


def _within(instant: Any, since: Any, days: Any) -> Any:
    return (instant <= since + _micros(days)).fill_null(False)


def _micros(days: Any) -> Any:
    return days * DAY if isinstance(days, int) else (days * float(DAY)).cast("int64")


def _matured(c: Any, days: Any) -> Any:
    return (c.ended_at + _micros(days) <= c.now_at).fill_null(False)


def _returned(c: Any, days: Any) -> Any:
    by_customer = _within(c.next_at, c.ended_at, days)
    by_agent = _within(c.called_at, c.ended_at, days)
    who = c.option_return_contact
    return ((who != "agent") & by_customer) | ((who != "customer") & by_agent)


def _first(c: Any) -> Any:
    """No earlier contact of the customer on the same ticket, or within W on the same topic."""
    again = _within(c.started_at, c.previous_at, c.option_repeat_window)
    return c.is_served & c.ticket_previous_at.isnull() & ~again


def _clean(c: Any, days: Any) -> Any:
    """Resolved, and nothing came after: no escalation, follow-up, reopening or return (F2)."""
    slow = (c.channel_kind == "async").fill_null(False)
    strict = c.option_first_contact_async == "one_reply"
    long = slow & strict & (c.reply_count > 1).fill_null(False)
    moved = (c.option_first_contact_transfer == "breaks") & c.is_transferred
    solved = (c.resolution == "resolved").fill_null(False) & ~c.has_followup
    return solved & c.reopened_at.isnull() & ~_returned(c, days) & ~long & ~moved


def _untold(c: Any) -> dict[str, Any]:
    return {
        UNKNOWN: c.customer_id.isnull() & c.ticket_id.isnull(),
        NO_OUTCOME: c.resolution.isnull(),
    }


def _of_kind(c: Any, kind: str | None) -> Any:
    if kind is None:
        return True
    return (c.channel_kind == kind).fill_null(False)


def _window(c: Any, days: int | None) -> Any:
    return c.option_first_contact_window if days is None else days


def _asked_of(c: Any) -> Any:
    chosen = c.option_first_contact_base == "first_contacts"
    return chosen | (c.resolution == "resolved").fill_null(False)


NEEDS = ("conversation",)
_ROWS = """
    started_at        ended_at          resolution  ticket_next_at    ticket_id  conversation_id
    2026-03-02 09:00  2026-03-02 09:10  resolved    -                 a          c1
    2026-03-02 09:00  2026-03-02 09:10  resolved    2026-03-05 09:00  b          c2
    2026-03-02 09:00  2026-03-02 09:10  resolved    2026-03-12 09:00  c          c3
    2026-03-02 09:00  2026-03-02 09:10  escalated   -                 d          c4
    2026-03-02 09:00  2026-03-02 09:10  -           -                 e          c5
    2026-03-02 09:00  2026-03-30 09:10  resolved    -                 f          c6
    """


def _resolution(
    name: str, title: str, doc: str, serves: tuple[str, ...], kind: str | None,
    days: int | None = None,
) -> None:  # fmt: skip
    """Declare a share and the count that goes with it."""

    def share(c: Any) -> Share:
        window = _window(c, days)
        counted = _of_kind(c, kind) & _first(c) & _matured(c, window) & _asked_of(c)
        return Share(_clean(c, window), where=counted, without=_untold(c))

    def count(c: Any) -> Count:
        window = _window(c, days)
        counted = _of_kind(c, kind) & _first(c) & _matured(c, window) & _clean(c, window)
        return Count(where=counted, without=_untold(c))

    def waiting(c: Any) -> Any:
        return _of_kind(c, kind) & _first(c) & ~_matured(c, _window(c, days))

    share.__name__, share.__doc__ = name, doc
    count.__name__ = name.replace("resolution", "resolutions")
    count.__doc__ = f"How many. {doc}"
    common: dict[str, Any] = {
        "fact": "contacts", "at": "ended_at", "better": "up", "serves": serves,
        "group": "business",
        "needs": (*NEEDS, "call") if kind == "voice" else NEEDS, "population": "requested",
        "prepare": on_the_matter, "pending": waiting, "credit": CREDIT,
    }  # fmt: skip
    example = Example.of(
        "two of four: one came back within a week, one went up; one without an outcome", _ROWS,
        value=0.5, numerator=2, denominator=4, pending=1, excluded={NO_OUTCOME: 1},
    )  # fmt: skip
    shown = (example,) if kind is None and days is None else ()
    metric(unit="share", title=title, examples=shown, **common)(share)
    metric(unit="contacts", title=f"{title}: how many", **common)(count)


_DOC = (
    "a first contact on a matter, served and ended, that resolved it: not escalated, no follow-up "
    "due, the ticket not reopened, nobody back about it within the window; on asynchronous "
    "channels with at most one public reply. Contacts whose window still runs are pending."
)
_resolution(
    "first_contact_resolution", "First contact resolution",
    f"Share of first contacts that settled the matter: {_DOC}", ("F2", "F3.3"), None,
)  # fmt: skip
_resolution(
    "first_contact_resolution_30d", "First contact resolution, 30 days",
    f"The same with 30 days for coming back: {_DOC}", ("F2", "7.8"), None, 30,
)  # fmt: skip
_resolution(
    "first_call_resolution", "First call resolution",
    f"On the telephone alone: {_DOC}", ("F1",), "voice",
)  # fmt: skip
_resolution(
    "chat_first_contact_resolution", "First contact resolution in live chat",
    f"In live chat alone: {_DOC}", ("F3", "F3.3"), "realtime",
)  # fmt: skip


@metric(
    fact="contacts", at="ended_at", unit="share", better="up", serves=("F3.1",),
    group="business", needs=NEEDS,
    population="requested", title="Chats solved without follow-up or escalation", credit=CREDIT,
    examples=(
        Example.of("one of three: one went up, one has a follow-up due", """
            ended_at          channel_kind  resolution  has_followup
            2026-03-02 09:10  realtime      resolved    false
            2026-03-02 09:10  realtime      resolved    true
            2026-03-02 09:10  realtime      escalated   false
            2026-03-02 09:10  realtime      -           false
            2026-03-02 09:10  async         resolved    false
            """, value=0.3333333333333333, numerator=1, denominator=3, excluded={NO_OUTCOME: 1}),
    ),
)  # fmt: skip
def solved_without_followup(c: Any) -> Share:
    """Share of served chats that were resolved, went no level up and left no follow-up due."""
    solved = (c.resolution == "resolved").fill_null(False)
    return Share(
        solved & ~c.has_followup,
        where=_of_kind(c, "realtime") & c.is_served,
        without={NO_OUTCOME: c.resolution.isnull()},
    )


@metric(
    fact="contacts", at="ended_at", unit="seconds", better="down", serves=("F3.2",),
    group="business", needs=NEEDS,
    population="requested", title="Time to solve at first contact", credit=CREDIT,
    prepare=on_the_matter,
    examples=(
        Example.of("600 s; the other came back the next day", """
            started_at        ended_at          solved_at         resolution  ticket_next_at    channel_kind  ticket_id
            2026-03-02 09:00  2026-03-02 09:10  2026-03-02 09:10  resolved    -                 realtime      t1
            2026-03-02 09:00  2026-03-02 10:00  2026-03-02 10:00  resolved    2026-03-03 09:00  realtime      t2
            """, value=600, n=1),  # noqa: E501
    ),
)  # fmt: skip
def first_contact_resolution_time(c: Any) -> Duration:
    """Seconds from the start to the end of the chats that settled their matter at first contact."""
    days = c.option_first_contact_window
    counted = _of_kind(c, "realtime") & _first(c) & _matured(c, days) & _clean(c, days)
    return Duration("started_at", "solved_at", where=counted, without=_untold(c))


@metric(
    fact="contacts", at="ended_at", unit="chats", better="down", serves=("F3.4",),
    group="business", needs=NEEDS,
    population="requested", title="Chats not resolved", credit=CREDIT,
    examples=(
        Example.of("one escalated, one given up", """
            ended_at          channel_kind  resolution  unresolved_reason
            2026-03-02 09:10  realtime      resolved    -
            2026-03-02 09:10  realtime      escalated   not_recorded
            2026-03-02 09:10  realtime      unresolved  product_bug
            2026-03-02 09:10  realtime      -           -
            """, value=2, excluded={NO_OUTCOME: 1}),
    ),
)  # fmt: skip
def unresolved_chats(c: Any) -> Count:
    """Served chats that ended without a resolution. `--by unresolved_reason` has why."""
    return Count(
        where=_of_kind(c, "realtime") & c.is_served & (c.resolution != "resolved").fill_null(True),
        without={NO_OUTCOME: c.resolution.isnull()},
    )


@metric(
    fact="contacts", at="ended_at", unit="share", better="down", serves=("F3.5",),
    group="business", needs=NEEDS,
    population="requested", title="Chats followed by a return contact", credit=CREDIT,
    prepare=on_the_matter, lower_bound=SPARSE,
    pending=lambda c: (
        _of_kind(c, "realtime") & c.is_served & ~_matured(c, c.option_first_contact_window)
    ),
    examples=(
        Example.of("one of two came back within a week, whatever the outcome", """
            started_at        ended_at          channel_kind  ticket_next_at    ticket_id
            2026-03-02 09:00  2026-03-02 09:10  realtime      2026-03-05 09:00  t1
            2026-03-02 09:00  2026-03-02 09:10  realtime      2026-03-20 09:00  t2
            2026-03-02 09:00  2026-03-31 09:10  realtime      -                 t3
            """, value=0.5, numerator=1, denominator=2, pending=1),
    ),
)  # fmt: skip
def return_contact_rate(c: Any) -> Share:
    """Share of served chats after which the customer came back about the matter, by any channel."""
    days = c.option_first_contact_window
    return Share(
        _returned(c, days),
        where=_of_kind(c, "realtime") & c.is_served & _matured(c, days),
        without={UNKNOWN: c.customer_id.isnull() & c.ticket_id.isnull()},
    )


def _no_return(name: str, title: str, days: int | None) -> None:
    def body(c: Any) -> Share:
        window = _window(c, days)
        return Share(
            ~_returned(c, window),
            where=_first(c) & _matured(c, window),
            without={UNKNOWN: c.customer_id.isnull() & c.ticket_id.isnull()},
        )

    body.__name__ = name
    body.__doc__ = (
        "Share of first contacts after which nobody came back about the matter within the window. "
        "It needs no recorded outcome, and does not say that anything was resolved."
    )
    metric(
        fact="contacts", at="ended_at", unit="share", better="up", serves=("7.8",),
        group="business", needs=NEEDS,
        population="requested", title=title, credit=CREDIT, prepare=on_the_matter,
        lower_bound=None,
        pending=lambda c: _first(c) & ~_matured(c, _window(c, days)),
        notes=(
            f"{name}: where neither ticket nor topic is recorded, returns go unseen and the "
            "share is too high.",
        ),
    )(body)  # fmt: skip


_no_return("no_return_rate", "First contacts without a return", None)
_no_return("no_return_rate_30d", "First contacts without a return in 30 days", 30)


def _repeats(days: int | None) -> None:
    suffix = "" if days is None else f"_{days}d"
    within = "" if days is None else f" within {days} days"
    common: dict[str, Any] = {
        "fact": "contacts", "at": "started_at", "better": "down", "serves": ("F4",),
        "group": "business",
        "needs": NEEDS, "population": "requested", "credit": CREDIT, "prepare": on_the_matter,
        "lower_bound": SPARSE,
    }  # fmt: skip

    def is_repeat(c: Any) -> Any:
        window = c.option_repeat_window if days is None else days
        counted = (c.option_repeat_while_open == "count") | ~c.while_open
        return _within(c.started_at, c.previous_at, window) & counted

    def repeat_contacts(c: Any) -> Count:
        """Contacts that are not the first of their customer on the matter within the window."""
        return Count(where=is_repeat(c), without={UNKNOWN: c.customer_id.isnull()})

    def repeat_customers(c: Any) -> Count:
        """Customers who came back about the same matter; each counts once."""
        return Count(
            where=is_repeat(c), distinct="customer_id", without={UNKNOWN: c.customer_id.isnull()}
        )

    def repeat_customer_rate(c: Any) -> Share:
        """Share of the customers in contact who came back about the same matter."""
        return Share(
            is_repeat(c), distinct="customer_id", without={UNKNOWN: c.customer_id.isnull()}
        )

    shown = Example.of("two customers in touch, one of them twice about one ticket", """
        started_at        customer_id  ticket_id  ticket_previous_at
        2026-03-02 09:00  ann          t1         -
        2026-03-09 09:00  ann          t1         2026-03-02 09:30
        2026-03-09 09:00  bea          t2         2026-01-02 09:30
        2026-03-09 09:00  -            t3         -
        """, value=0.5, numerator=1, denominator=2, excluded={UNKNOWN: 1})  # fmt: skip
    for body, unit, title, examples in (
        (repeat_contacts, "contacts", "Repeat contacts", ()),
        (repeat_customers, "customers", "Customers who came back", ()),
        (repeat_customer_rate, "share", "Share of customers who came back", (shown,)),
    ):
        body.__name__ += suffix
        metric(
            unit=unit, title=title + within, examples=examples if days is None else (), **common
        )(body)


_repeats(None)
_repeats(7)
