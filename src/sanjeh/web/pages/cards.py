"""One ticket: the six questions of L8, its states, and counted and paused time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sanjeh.answers.question import Question
from sanjeh.answers.working import Timeline, ticket_card, timeline
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.overview import enquiry_of
from sanjeh.web.pages.seen import Seen, page

WIDTH = 1000.0


@page
def ticket(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, ticket: str
) -> tuple[str, Markup]:
    """What a manager asks of one ticket."""
    card = ticket_card(seen.everything, ticket, seen.viewer)
    enquiry = enquiry_of(seen, asked)
    question = Question(("resolution_time",), zone=asked.zone, calendar=asked.calendar)
    line = timeline(seen.everything, question, ticket=ticket, viewer=seen.viewer)
    title = language.text("site.ticket.title", id=tag("bdi", card["ticket"]))
    body = render(
        tag("h1", title),
        _questions(card, enquiry, language),
        _stretches(line, enquiry, language),
    )
    return language.text("site.ticket.title", id=str(card["ticket"])), body


def _questions(card: dict[str, Any], enquiry: Enquiry, language: Language) -> Markup:
    def say(key: str) -> Markup:
        return language.text(f"site.ticket.{key}")

    def moment(name: str) -> Any:
        value = card[name]
        return "—" if value is None else language.moment(str(value), enquiry.scope.clock)

    def seconds(name: str) -> str:
        return language.value(card[name], "seconds")

    def named(name: str) -> Any:
        return tag("bdi", str(card[name])) if card[name] else "—"

    yes_no = {True: say("yes"), False: say("no")}
    items: list[tuple[Any, Any]] = [
        (say("state"), language.label("state", card["state"], str(card["state"]))),
        (say("created"), moment("created_at")),
        (say("solved"), yes_no[bool(card["is_solved"])]),
        (say("solved_at"), moment("final_solved_at")),
        (say("resolution"), seconds("resolution_seconds")),
        (say("resolution_open"), seconds("resolution_open_seconds")),
        (say("first_response"), seconds("first_response_seconds")),
        (say("reopened"), language.number(card["reopened_count"])),
        (say("escalations"), language.number(card["escalations"])),
        (say("team"), named("team")),
        (say("agent"), named("agent")),
        (say("customer"), named("customer")),
        (say("priority"), named("priority")),
    ]
    if card["left_out"]:
        items.append((say("left_out"), language.reason(str(card["left_out"]))))
    return tag(
        "section", tag("dl", (tag("div", tag("dt", k), tag("dd", v)) for k, v in items)),
        class_="statistics",
    )  # fmt: skip


def _stretches(line: Timeline, enquiry: Enquiry, language: Language) -> Markup:
    """Each stretch of the ticket's life: counted or paused, and for how long."""
    rows = []
    for s in line.stretches:
        kind = "counted" if s["counts"] else "paused" if "paused" in s["why"] else "outside"
        rows.append(
            tag(
                "tr",
                tag("td", language.moment(str(s["from"]), enquiry.scope.clock)),
                tag("td", language.label("state", s["state"], str(s["state"]))),
                tag("td", tag("bdi", s["team"] or "—")), tag("td", tag("bdi", s["agent"] or "—")),
                tag("td", language.value(s["seconds"], "seconds") if s["seconds"] else "—"),
                tag("td", language.text(f"site.ticket.{kind}"), class_=kind),
            )
        )  # fmt: skip
    heads = ("from", "state", "team", "agent", "time", "how")
    head = tag("tr", (tag("th", language.text(f"site.ticket.{h}"), scope="col") for h in heads))
    totals = language.text(
        "site.ticket.totals", counted=language.value(line.counted_seconds, "seconds"),
        paused=language.value(line.paused_seconds, "seconds"),
    )  # fmt: skip
    return tag(
        "section", tag("h2", language.text("site.ticket.life")), tag("p", totals),
        blocks.scrolling(head, rows),
    )  # fmt: skip
