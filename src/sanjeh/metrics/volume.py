"""Volume: requests, conversations, chats, and what of them is noise (V1 to V3, A1.1, Z4)."""

from __future__ import annotations

from typing import Any

from sanjeh.metrics.registry import Count, Example, Ratio, Share, Slope, metric


@metric(
    fact="requests", at="created_at", unit="requests", better="neutral", population="requested",
    serves=("V1", "V2.2", "Z5"), title="Support requests",
    examples=(
        Example.of("spam, noise and what an agent started are left out and listed", """
            created_at        excluded_reason  noise_reason  started_by_agent
            2026-03-02 09:00  -                -             false
            2026-03-02 09:10  -                -             false
            2026-03-02 09:20  spam             -             false
            2026-03-02 09:30  -                thanks only   false
            2026-03-02 09:40  -                -             true
            """, value=2, n=2,
            excluded={"spam": 1, "thanks only": 1, "started by an agent": 1}),
    ),
)  # fmt: skip
def requests(_: Any) -> Count:
    """Requests for support: tickets, and conversations that belong to no ticket.

    A merged duplicate counts once, in the ticket that survives; a reopening is not a new
    request; what an agent started is left out, and so is noise.
    """
    return Count()


@metric(
    fact="requests", at="created_at", unit="share", better="down", population="requested",
    serves=("A1.1", "A1"), title="Requests outside open hours",
    examples=(
        Example.of("one of four outside; one without a calendar cannot be told", """
            created_at        created_while_open
            2026-03-02 09:00  true
            2026-03-02 10:00  true
            2026-03-02 11:00  true
            2026-03-02 23:00  false
            2026-03-02 23:30  -
            """, value=0.25, numerator=1, denominator=4, excluded={"no open hours are set": 1}),
    ),
)  # fmt: skip
def requests_outside_hours(r: Any) -> Share:
    """Share of requests that came in while support was closed."""
    return Share(
        ~r.created_while_open, without={"no open hours are set": r.created_while_open.isnull()}
    )


@metric(
    fact="conversations", at="started_at", unit="conversations", better="neutral",
    population="requested", serves=("V2", "V2.1", "I-3"), needs=("conversation",),
    title="Conversations",
)  # fmt: skip
def conversations(_: Any) -> Count:
    """Conversations over all channels. An endless thread is cut after its idle gap."""
    return Count()


@metric(
    fact="conversations", at="started_at", unit="conversations", better="neutral",
    serves=("V2", "Z4"), needs=("conversation",), title="Conversations, noise included",
)  # fmt: skip
def conversations_raw(_: Any) -> Count:
    """Conversations with those that need no reply and those an agent started."""
    return Count()


@metric(
    fact="conversations", at="started_at", unit="share", better="neutral",
    serves=("Z4",), needs=("conversation",), title="Noise in conversations",
    examples=(
        Example.of("two of four need no reply", """
            started_at        noise_reason
            2026-03-02 09:00  -
            2026-03-02 09:10  thanks only
            2026-03-02 09:20  empty chat
            2026-03-02 09:30  -
            """, value=0.5, numerator=2, denominator=4),
    ),
)  # fmt: skip
def noise(c: Any) -> Share:
    """Share of conversations that need no reply, by rule or by hand. `--by noise` has why."""
    return Share(c.noise_reason.notnull())


@metric(
    fact="conversations", at="started_at", unit="share", better="down", population="requested",
    serves=("A1.1",), needs=("conversation",), title="Conversations outside open hours",
)  # fmt: skip
def conversations_outside_hours(c: Any) -> Share:
    """Share of conversations that started while support was closed."""
    return Share(
        ~c.started_while_open, without={"no open hours are set": c.started_while_open.isnull()}
    )


def _chat(c: Any) -> Any:
    return (c.channel_kind == "realtime").fill_null(False)


@metric(
    fact="conversations", at="started_at", unit="chats", better="neutral", population="valid",
    serves=("V3", "V3.1", "V3.3"), needs=("conversation",), title="Chats requested",
    examples=(
        Example.of("served, missed and pending; bot, offline, mail stand outside", """
            started_at        channel_kind  outcome_class
            2026-03-02 09:00  realtime      served
            2026-03-02 09:10  realtime      missed
            2026-03-02 09:20  realtime      pending
            2026-03-02 09:30  realtime      bot_only
            2026-03-02 09:40  realtime      offline
            2026-03-02 09:50  async         served
            """, value=3, excluded={"bot only": 1, "left while closed": 1}),
    ),
)  # fmt: skip
def chats(c: Any) -> Count:
    """Live chats: served, missed and still waiting; these three add up to it.

    An invitation of ours that a visitor took is a chat. What a bot settled, what was left while
    closed, invitations nobody took and chats in which nobody wrote stand outside, each counted
    beside.
    """
    return Count(
        where=_chat(c),
        without={
            "bot only": c.outcome_class == "bot_only",
            "left while closed": c.outcome_class == "offline",
            "invitation not taken": c.outcome_class == "invitation not taken",
            "nobody wrote": c.outcome_class == "empty",
        },
    )


def _outcome(name: str, doc: str, title: str) -> None:
    def body(c: Any) -> Count:
        return Count(where=_chat(c) & (c.outcome_class == name))

    body.__name__, body.__doc__ = f"chats_{name}", doc
    metric(
        fact="conversations", at="started_at", unit="chats", better="neutral",
        population="valid", serves=("V3",), needs=("conversation", "message"), title=title,
    )(body)  # fmt: skip


_outcome("served", "Chats in which a person answered.", "Chats served")
_outcome("pending", "Chats that still wait for a person.", "Chats waiting")
_outcome("bot_only", "Chats that a bot settled; no person was asked for.", "Chats settled by a bot")
_outcome("offline", "Chats left as a message while support was closed.", "Chats left while closed")


@metric(
    fact="agent_conversations", at="opened_at", unit="chats", better="neutral",
    serves=("D6", "V3.2"),
    needs=("message",), title="Chats by agent",
    credit="every agent who sent a public message; a shared chat is in each row, once in all",
)  # fmt: skip
def chats_by_agent(a: Any) -> Count:
    """Chats in which an agent sent at least one public message. The total counts each once."""
    return Count(where=(a.channel_kind == "realtime").fill_null(False), distinct="conversation_id")


@metric(
    fact="agent_conversations", at="opened_at", unit="agents", better="neutral",
    serves=("AMB-11", "V3.2"), needs=("message",), title="Agents who served chats",
)  # fmt: skip
def chat_agents_serving(a: Any) -> Count:
    """Agents who sent at least one public message in a live chat."""
    return Count(where=(a.channel_kind == "realtime").fill_null(False), distinct="agent_id")


@metric(
    fact="duty", at="from_at", until="until_at", holds="at any moment", unit="agents",
    better="neutral", serves=("AMB-11", "V3.2"), needs=("agent_status_event",),
    title="Agents on duty",
)  # fmt: skip
def agents_on_duty(d: Any) -> Count:
    """Agents who were logged in at any moment of the period."""
    return Count(where=d.is_logged_in, distinct="agent_id")


@metric(unit="chats per agent", better="neutral", serves=("V3.2",), title="Chats per agent")
def chats_per_agent(_: Any) -> Ratio:
    """Chats served for each agent on duty; where presence is unknown, for each who served."""
    return Ratio("chats_served", "agents_on_duty")


@metric(unit="chats a week", better="neutral", serves=("V3.3",), title="Trend of chats")
def chats_trend(_: Any) -> Slope:
    """How many more chats come in each week than the week before, by least squares."""
    return Slope("chats")


@metric(
    fact="survey_answers", at="submitted_at", unit="share", better="up", serves=("V3.4",),
    needs=("survey_response",), title="Chat satisfaction",
    credit="the survey's own agent, else the first who answered",
    examples=(
        Example.of("4 and 5 of 5 are satisfied; a mail's answer is not a chat's", """
            submitted_at      channel_kind  kind  score  is_satisfied
            2026-03-02 09:00  realtime      csat  5      true
            2026-03-02 09:10  realtime      csat  4      true
            2026-03-02 09:20  realtime      csat  3      false
            2026-03-02 09:30  async         csat  1      false
            2026-03-02 09:40  realtime      nps   10     true
            """, value=0.6666666666666666, numerator=2, denominator=3),
    ),
)  # fmt: skip
def chat_satisfaction(s: Any) -> Share:
    """Share of rated chats whose customer was satisfied (4 or 5 of 5, or the like)."""
    return Share(
        s.is_satisfied,
        where=(s.channel_kind == "realtime").fill_null(False) & (s.kind == "csat"),
    )
