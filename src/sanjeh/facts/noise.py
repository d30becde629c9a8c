"""Noise: messages and requests that need no reply (Z4), in English, Persian and Russian.

Decided by the source where it decides (`needs_reply`, `noise_reason`, `is_auto`, spam, test), else
by rule on the text; `needs_reply` true on a message or a conversation takes a rule back. The
rules prefer missing noise to missing a request: what one word more could mean is left alone. The
words are in words/courtesies, words/machine_mail and words/holding.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact
from sanjeh.words import courtesies, holding, machine_mail
from sanjeh.words.machine_mail import (
    AUTOMATIC,
    BOUNCE,
    HISTORY,
    NEWSLETTER,
    OWN_BUSINESS,
    QUOTED_LINES,
    SIGNED,
)

THANKS = courtesies.only(f"{courtesies.GRATITUDE}|{courtesies.COURTESY}|{courtesies.HELLO}")
GRATITUDE = rf"(^|{courtesies.BETWEEN})({courtesies.GRATITUDE})({courtesies.BETWEEN}|$)"
PLEASED = courtesies.only(courtesies.COURTESY)
HOLDING = courtesies.only(holding.ALLOWED)
HOLDS = rf"(^|{courtesies.BETWEEN})({holding.HOLDING})({courtesies.BETWEEN}|$)"
MARKS = r"[\p{M}\p{Cf}ـ]"
LINE_ENDS = r"[\r\n]+"
APOSTROPHES = "[’‘`´]"
ANY = f"{courtesies.HINT}|{courtesies.PLEASED}|{machine_mail.HINT}"
LONGEST_THANKS = 160
LONGEST_HOLDING = 200
NEEDS_NO_REPLY = "needs no reply"


def own_words(body: Any) -> Any:
    """What the writer wrote, in compared form on one line: no quoted mail, no signature."""
    body = body.re_replace(QUOTED_LINES, "").re_replace(HISTORY, "")
    body = body.re_replace(SIGNED, "thanks").re_replace(LINE_ENDS, " . ")
    plain = text.spoken(body).re_replace(MARKS, "").re_replace(APOSTROPHES, "'")
    return plain.re_replace(" +", " ").strip()


def reason_of(own: Any) -> Any:
    """Why a message in `own_words` needs no reply: thanks, bounce …; null where it may need one."""
    asks = own.re_search(courtesies.OBJECTION)
    personal = asks | own.re_search(OWN_BUSINESS)
    polite = (own.length() <= LONGEST_THANKS) & ~asks
    return ibis.cases(
        (
            polite
            & (
                (own.re_search(GRATITUDE) & own.re_search(THANKS))
                | (own.re_search(courtesies.PLEASED) & own.re_search(PLEASED))
            ),
            "thanks",
        ),
        (~personal & own.re_search(BOUNCE), "bounce"),
        (~personal & own.re_search(AUTOMATIC), "automatic reply"),
        (~personal & own.re_search(NEWSLETTER), "newsletter"),
    )


def is_holding_reply(own: Any) -> Any:
    """Whether an agent's message in `own_words` only asks for patience (AMB-3); null stays null."""
    return (
        (own.length() <= LONGEST_HOLDING)
        & ~own.re_search(courtesies.OBJECTION)
        & own.re_search(HOLDS)
        & own.re_search(HOLDING)
    )


@fact(grain="one message whose text is noise", key="conversation_id", kept=False)
def noise_texts(t: Tables) -> Any:
    """Public messages of customers that need no reply, and why: one row each.

    The record's own word first: `needs_reply` true is never noise, false always is, `is_auto` is
    an automatic reply. Then the text.
    """
    x, m = t["text"], t["spoken_messages"]
    x = x.filter((x.kind == "message") & (x["field"] == "body"))
    # Most messages match nothing: one search finds that out.
    x = x.filter(text.spoken(x["text"]).re_search(ANY))
    x = x.mutate(own=own_words(x["text"]))
    x = x.select(text_id=x.id, rule=reason_of(x.own))
    x = x.filter(x.rule.notnull())
    m = m.filter(m.is_customer)
    j = m.left_join(x, m.message_id == x.text_id)
    j = j.mutate(
        reason=ibis.cases(
            (j.needs_reply.fill_null(False), None),
            (j.is_auto, "automatic reply"),
            (j.rule.notnull(), j.rule),
            ((j.needs_reply == False).fill_null(False), NEEDS_NO_REPLY),  # noqa: E712
        )
    )
    return j.filter(j.reason.notnull()).select("conversation_id", "message_id", "reason")


@fact(grain="one ticket with noise only", key="ticket_id", kept=False)
def noise_tickets(t: Tables) -> Any:
    """Tickets in whose every conversation the customer began with noise and said nothing else."""
    c, talk = t["conversations"], t["conversation_talk"]
    c = c.filter(c.ticket_id.notnull() & c.excluded_reason.isnull())
    talk = talk.select(
        talk_id="conversation_id", talk_part="part", we_spoke_at="first_human_message_at"
    )
    c = c.left_join(talk, [c.conversation_id == talk.talk_id, c["part"] == talk.talk_part])
    ours = c.started_by_agent | (c.we_spoke_at < c.first_customer_message_at).fill_null(False)
    found = c.group_by(noisy_ticket=c.ticket_id).agg(
        talk_count=c.count(),
        noise_count=c.count(where=c.noise_reason.notnull() & ~ours),
        ticket_noise=c.noise_reason.min(),
    )
    return found.filter(found.talk_count == found.noise_count)


@fact(
    grain="one public message of a customer in a ticket's conversations",
    key="ticket_id",
    kept=False,
)
def ticket_customer_messages(t: Tables) -> Any:
    """What customers said in tickets that came back; `is_thanks`: a mere thanks, or other noise."""
    v = t["ticket_values"]
    back = v.filter(v.turned & (v.stage == "open") & (v.previous_stage == "done"))
    tickets = back.select(back_ticket=back.ticket_id).distinct()
    c = t["conversation"]
    c = c.join(tickets, c.ticket_id == tickets.back_ticket)
    m = t["spoken_messages"]
    m = m.filter(m.is_customer)
    c = c.select(said_conversation=c.id, said_ticket=c.ticket_id)
    j = m.join(c, m.conversation_id == c.said_conversation)
    thanks = t["noise_texts"].select(thanks_id="message_id")
    j = j.left_join(thanks, j.message_id == thanks.thanks_id)
    needs = j.needs_reply
    return j.select(
        said_ticket=j.said_ticket,
        said_at=j["at"],
        is_thanks=ibis.cases((needs.notnull(), ~needs), else_=j.thanks_id.notnull()),
    )
