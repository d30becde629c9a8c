"""One conversation: who, what was said, how long each answer took, and what counts (D7)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sanjeh.answers.conversations import conversation_card
from sanjeh.answers.messages import messages_of, turns_of
from sanjeh.answers.periods import Clockwork
from sanjeh.answers.standing import OF_CONVERSATIONS, standings
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import pieces, talk
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.privacy import Privacy
from sanjeh.web.pages.rows import card_link
from sanjeh.web.pages.seen import Seen, page

Card = dict[str, Any]


@page
def show(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, conversation: str
) -> tuple[str, Markup]:
    """The card of one conversation, within the reader's scope."""
    answers = seen.everything
    card = conversation_card(answers, conversation, seen.viewer)
    privacy = Privacy.of(request, seen)
    said = messages_of(answers, card["id"], card["customer_id"], with_texts=privacy.reads_texts)
    if privacy.reads_texts and said:
        privacy.was_read("conversation", str(card["conversation"]))
    clock = enquiry_of(seen, asked).scope.clock
    title = language.text("site.work.conversation.title", id=tag("bdi", card["conversation"]))
    stands = standings(answers, "conversation", card["id"], OF_CONVERSATIONS)
    body = render(
        tag("h1", title),
        _line(card, privacy, language),
        pieces.facts(_facts(card, language, clock)),
        pieces.left_out(card, language),
        tag("section", tag("h2", language.text("site.work.conversation.said")),
            talk.kept_back(privacy, language),
            talk.talk(card, said, turns_of(answers, card["id"]), privacy, language, clock)),
        _handling(card, language, clock),
        pieces.surveys(answers, card, privacy, language, clock),
        pieces.standing(stands, language),
    )  # fmt: skip
    plain = language.text("site.work.conversation.title", id=str(card["conversation"]))
    return str(plain), body


def _line(card: Card, privacy: Privacy, language: Language) -> Markup:
    """Channel, customer and ticket in a line."""
    parts: list[Any] = [
        language.label("channel", card["channel"], str(card["channel"])),
        privacy.customer(card["customer_id"], card["customer"], language),
    ]
    if card["ticket"]:
        parts.append(language.text("site.ticket.title", id=card_link("ticket", card["ticket"])))
    return tag("p", (render(" · " if n else "", part) for n, part in enumerate(parts)),
               class_="lead")  # fmt: skip


def _facts(card: Card, language: Language, clock: Clockwork) -> list[pieces.Fact]:
    def say(key: str) -> Markup:
        return language.text(f"site.work.conversation.{key}")

    def spoken(dimension: str, value: Any) -> str:
        return language.label(dimension, value, str(value)) if value else "—"

    ended = pieces.moment(card["ended_at"], language, clock)
    if card["end_reason"]:
        why = language.text(f"site.work.end.{card['end_reason']}")
        ended = render(ended, " ", tag("small", why))
    found: list[pieces.Fact] = [
        (say("outcome"), spoken("outcome", card["outcome"])),
        (say("resolution"), _resolution(card, language)),
        (say("first_response"), pieces.both(
            card["first_response_seconds"], card["first_response_open_seconds"], language)),
        (say("mean_response"), language.value(card["mean_response_seconds"], "seconds")),
        (say("started"), pieces.moment(card["started_at"], language, clock)),
        (say("ended"), ended),
        (say("team"), pieces.named(card["team"])),
        (say("agent"), pieces.named(card["agent"])),
        (say("topic"), pieces.named(card["topic"])),
        (say("messages"), language.text(
            "site.work.conversation.counted",
            customer=language.number(card["customer_messages"]),
            person=language.number(card["person_messages"]))),
    ]  # fmt: skip
    if card["missed_reason"]:
        found.insert(1, (say("missed"), spoken("missed_reason", card["missed_reason"])))
        found.insert(
            2, (say("missed_wait"), language.value(card["missed_wait_seconds"], "seconds"))
        )
    if card["priority"]:
        found.append((say("priority"), spoken("priority", card["priority"])))
    if card["tags"]:
        tags = (tag("span", tag("bdi", t["tag"]), class_="tag") for t in card["tags"])
        found.append((say("tags"), render(tags)))
    return found


def _resolution(card: Card, language: Language) -> Any:
    if card["resolution"] is None:
        return language.text("site.work.conversation.unrecorded")
    said: Any = language.label("outcome", card["resolution"], str(card["resolution"]))
    if card["unresolved_reason"]:
        why = language.label("unresolved_reason", card["unresolved_reason"],
                             str(card["unresolved_reason"]))  # fmt: skip
        said = render(said, " ", tag("small", why))
    return said


def _handling(card: Card, language: Language, clock: Clockwork) -> Markup | None:
    """Who worked on it and for how long."""
    if not card["handling"]:
        return None
    rows = [
        (
            pieces.named(h["agent"]), pieces.moment(h["taken_at"], language, clock),
            pieces.moment(h["left_at"], language, clock),
            language.value(h["worked_seconds"], "seconds"),
            language.value(h["idle_seconds"], "seconds"),
            language.value(h["wrapup_seconds"], "seconds"),
            language.label("handling_source", h["origin"], str(h["origin"])),
        )
        for h in card["handling"]
    ]  # fmt: skip
    keys = ("agent", "taken", "left", "worked", "idle", "wrapup", "origin")
    heads = [language.text(f"site.work.handling.{key}") for key in keys]
    return tag("section", tag("h2", language.text("site.work.handling.title")),
               pieces.table(heads, rows))  # fmt: skip
