"""Noise: messages and requests that need no reply (Z4), in English, Persian and Russian.

Decided by the source (`needs_reply`, `noise_reason`, spam, test), else by rule on the text.
A record whose `needs_reply` is true is never noise: that is how a person takes a rule back.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact

# Patterns are matched on text.spoken(): lower case, Persian letters and digits unified.
_FILL = r"[\s!.,،؛;:)(\-–—*'\"♥❤🙏👍🌹😊🙂☺️]*"
_THANKS_WORDS = (
    r"thanks|thank you|thank u|thx|many thanks|thanks a lot|thank you (very|so) much|cheers|"
    r"much appreciated|great|perfect|ok|okay|got it|all good|that works|it works( now)?|"
    r"have a (nice|good|great) day|you too|"
    r"ممنون(م)?|ممنونم از شما|مرسی|متشکر(م)?|سپاس(گزارم|گذارم)?|تشکر|دست(تون|تان) درد نکنه|"
    r"خیلی (ممنون(م)?|متشکر(م)?)|با تشکر|لطف کردید|دمت گرم|عالی|باشه|اوکی|حل شد|"
    r"спасибо( большое| вам| огромное)?|большое спасибо|благодарю( вас)?|спс|отлично|хорошо|"
    r"понял(а)?|ок|супер|хорошего дня"
)
GRATITUDE = (
    r"thank|thx|cheers|appreciated|ممنون|مرسی|متشکر|سپاس|تشکر|درد نکنه|لطف کردید|دمت گرم|"
    r"спасибо|благодарю|спс"
)
THANKS = rf"^{_FILL}({_THANKS_WORDS})({_FILL}({_THANKS_WORDS}))*{_FILL}$"
AUTOMATIC = (
    r"out of (the )?office|automatic reply|auto-?reply|i am (currently )?(away|on (annual )?leave)|"
    r"on vacation until|پاسخ خودکار|در مرخصی هستم|خارج از دفتر|خارج از محل کار|"
    r"автоматический ответ|автоответ|нахожусь в отпуске|вне офиса"
)
BOUNCE = (
    r"mail delivery (failed|subsystem)|undeliverable|delivery status notification|"
    r"returned mail|address not found|تحویل داده نشد|ایمیل برگشت خورد|"
    r"не удалось доставить|недоставленное сообщение|сообщение не доставлено"
)
NEWSLETTER = (
    r"unsubscribe from this list|view (this email )?in your browser|لغو عضویت در خبرنامه|"
    r"отписаться от рассылки"
)
ANY = f"{GRATITUDE}|{BOUNCE}|{AUTOMATIC}|{NEWSLETTER}"
LONGEST_THANKS = 120
NEEDS_NO_REPLY = "needs no reply"


@fact(grain="one message whose text is noise", key="conversation_id", kept=False)
def noise_texts(t: Tables) -> Any:
    """Public messages of customers that a rule reads as noise, and which rule."""
    x, m = t["text"], t["spoken_messages"]
    x = x.filter((x.kind == "message") & (x["field"] == "body"))
    # Most messages match nothing: one search finds that out.
    x = x.mutate(spoken=text.spoken(x["text"]))
    x = x.filter(x.spoken.re_search(ANY))
    spoken = x.spoken
    reason = ibis.cases(
        (
            (spoken.length() <= LONGEST_THANKS)
            & spoken.re_search(THANKS)
            & spoken.re_search(GRATITUDE),
            "thanks",
        ),
        (spoken.re_search(BOUNCE), "bounce"),
        (spoken.re_search(AUTOMATIC), "automatic reply"),
        (spoken.re_search(NEWSLETTER), "newsletter"),
    )
    x = x.select(text_id=x.id, reason=reason)
    x = x.filter(x.reason.notnull())
    m = m.filter(m.is_customer)
    j = m.join(x, m.message_id == x.text_id)
    return j.select("conversation_id", "message_id", "reason")


@fact(
    grain="one public message of a customer in a ticket's conversations",
    key="ticket_id",
    kept=False,
)
def ticket_customer_messages(t: Tables) -> Any:
    """What customers said in tickets that came back, and whether it was a mere thanks."""
    v = t["ticket_values"]
    back = v.filter(v.turned & (v.stage == "open") & (v.previous_stage == "done"))
    tickets = back.select(back_ticket=back.ticket_id).distinct()
    c = t["conversation"]
    c = c.join(tickets, c.ticket_id == tickets.back_ticket)
    m = t["spoken_messages"]
    m = m.filter(m.is_customer)
    c = c.select(said_conversation=c.id, said_ticket=c.ticket_id)
    j = m.join(c, m.conversation_id == c.said_conversation)
    thanks = t["noise_texts"].filter(ibis._.reason == "thanks")
    thanks = thanks.select(thanks_id=thanks.message_id)
    j = j.left_join(thanks, j.message_id == thanks.thanks_id)
    needs = j.needs_reply
    return j.select(
        said_ticket=j.said_ticket,
        said_at=j["at"],
        is_thanks=ibis.cases((needs.notnull(), ~needs), else_=j.thanks_id.notnull()),
    )
