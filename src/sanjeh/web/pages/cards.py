"""One ticket: the six questions of L8, then its life on both clocks, and what counts of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from sanjeh.answers.periods import Clockwork
from sanjeh.answers.question import Question
from sanjeh.answers.standing import OF_TICKETS, standings
from sanjeh.answers.tickets import PAUSED, Timeline, ticket_card, timeline
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks, pieces
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.privacy import Privacy
from sanjeh.web.pages.rows import card_link
from sanjeh.web.pages.seen import Seen, page

# What the life of a ticket can be measured for.
DURATIONS = ("resolution_time", "resolution_time_without_waiting", "first_resolution_time")
KINDS = {"counted": "counted", PAUSED: "paused"}
Card = dict[str, Any]


@page
def ticket(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, ticket: str
) -> tuple[str, Markup]:
    """What a manager asks of one ticket, within the reader's scope."""
    answers = seen.everything
    card = ticket_card(answers, ticket, seen.viewer)
    privacy = Privacy.of(request, seen)
    clock = enquiry_of(seen, asked).scope.clock
    metric = request.GET.get("metric", DURATIONS[0])
    question = Question((metric,), zone=asked.zone, calendar=asked.calendar)
    line = timeline(answers, question, ticket=card["id"], viewer=seen.viewer)
    stands = standings(answers, "ticket", card["id"], OF_TICKETS)
    subject = None
    if privacy.reads_texts:
        subject = answers.ledger.texts("ticket", [card["id"]]).get(card["id"], {}).get("subject")
        if subject:
            privacy.was_read("ticket", str(card["ticket"]))
    title = language.text("site.ticket.title", id=tag("bdi", card["ticket"]))
    body = render(
        tag("h1", title),
        tag("p", subject, class_="definition", dir="auto") if subject else None,
        _questions(card, language, clock),
        pieces.left_out(card, language),
        pieces.facts(_facts(card, privacy, language, clock)),
        _life(line, asked, card, language, clock),
        _conversations(card, language, clock),
        pieces.surveys(answers, card, privacy, language, clock),
        pieces.standing(stands, language),
    )
    return str(language.text("site.ticket.title", id=str(card["ticket"]))), body


# -- the six questions -----------------------------------------------------------------------


def _questions(card: Card, language: Language, clock: Clockwork) -> Markup:
    """Question and answer, six times."""
    made = (
        ("solved", _solved(card, language, clock)),
        ("response", _response(card, language)),
        ("ready", _ready(card, language)),
        ("sla", (language.text("site.work.six.no_sla"), None)),
        ("reopened", _reopened(card, language, clock)),
        ("move", _move(card, language)),
    )
    return tag("section", (
        tag("article", tag("h2", language.text(f"site.work.six.{key}")),
            tag("p", answer, class_="answer"), tag("p", more, class_="line") if more else None)
        for key, (answer, more) in made
    ), class_="six")  # fmt: skip


def _solved(card: Card, language: Language, clock: Clockwork) -> tuple[Any, Any]:
    if not card["is_solved"]:
        state = language.label("state", card["state"], str(card["state"]))
        return language.text("site.no"), language.text("site.work.six.state", state=state)
    took = pieces.both(card["resolution_seconds"], card["resolution_open_seconds"], language)
    at = pieces.moment(card["final_solved_at"], language, clock)
    return language.text("site.yes"), language.text("site.work.six.took", at=at, time=took)


def _response(card: Card, language: Language) -> tuple[Any, Any]:
    if card["first_response_seconds"] is None:
        return language.text("site.work.six.no_response"), None
    first = language.value(card["first_response_seconds"], "seconds")
    mean = language.value(card["mean_response_seconds"], "seconds")
    known = card["mean_response_seconds"] is not None
    return first, language.text("site.work.six.mean", time=mean) if known else None


def _ready(card: Card, language: Language) -> tuple[Any, Any]:
    if not card["ready_replies"]:
        return language.text("site.work.six.none_sent"), None
    names = list(dict.fromkeys(r["ready_reply"] for r in card["ready_replies"]))
    listed = render((language.text("comma") if n else "", tag("bdi", name))
                    for n, name in enumerate(names))  # fmt: skip
    return language.number(len(card["ready_replies"])), listed


def _reopened(card: Card, language: Language, clock: Clockwork) -> tuple[Any, Any]:
    times = card["reopened_count"]
    if not times:
        return language.text("site.no"), None
    counted = [r for r in card["reopenings"] if r["why_not"] is None]
    at = pieces.moment(counted[-1]["at"] if counted else None, language, clock)
    said = language.text("site.work.six.times", times, n=language.number(times))
    return said, language.text("site.work.six.last_at", at=at)


def _move(card: Card, language: Language) -> tuple[Any, Any]:
    said = language.text(f"site.work.move.{card['move']}")
    if card["move"] != "us":
        return said, None
    who = [tag("bdi", name) for name in (card["agent"], card["team"]) if name]
    return said, render((" · " if n else "", name) for n, name in enumerate(who)) or None


# -- the rest --------------------------------------------------------------------------------


def _facts(card: Card, privacy: Privacy, language: Language, clock: Clockwork) -> list[pieces.Fact]:
    def say(key: str) -> Markup:
        return language.text(f"site.ticket.{key}")

    found: list[pieces.Fact] = [
        (say("created"), pieces.moment(card["created_at"], language, clock)),
        (say("state"), language.label("state", card["state"], str(card["state"]))),
        (say("customer"), privacy.customer(card["customer_id"], card["customer"], language)),
        (say("team"), pieces.named(card["team"])),
        (say("agent"), pieces.named(card["agent"])),
        (language.text("site.dimensions.topic"), pieces.named(card["topic"])),
        (say("priority"), language.label("priority", card["priority"], str(card["priority"]))
         if card["priority"] else "—"),
        (say("escalations"), language.number(card["escalations"])),
    ]  # fmt: skip
    for key, value in (("merged_into", card["merged_into"]), ("parent", card["parent"])):
        if value:
            found.append((language.text(f"site.work.ticket.{key}"), card_link("ticket", value)))
    if card["tags"]:
        tags = (tag("span", tag("bdi", t["tag"]), class_="tag") for t in card["tags"])
        found.append((language.text("site.dimensions.tag"), render(tags)))
    return found


def _life(line: Timeline, asked: Asked, card: Card, language: Language, clock: Clockwork) -> Markup:
    """Each stretch of the ticket's life: counted or paused, on the calendar and in open hours."""
    here = f"/ticket/{quote(str(card['ticket']), safe='')}/"
    chosen = line.metric.partition(".")[0].partition("@")[0]
    options = [
        (language.title(name), f"{here}{blocks.joined(asked)}metric={name}", name == chosen)
        for name in DURATIONS
    ]
    totals = language.text(
        "site.work.ticket.totals",
        counted=pieces.both(line.counted_seconds, line.counted_open_seconds, language),
        paused=pieces.both(line.paused_seconds, line.paused_open_seconds, language),
    )  # fmt: skip
    why = None
    if line.why_not == "not solved yet":
        why = tag("p", language.text("site.work.ticket.running"), class_="note")
    elif line.why_not:
        why = tag("p", language.text("site.work.standing.out", why=language.reason(line.why_not)),
                  class_="note")  # fmt: skip
    rows = [
        tag(
            "tr",
            tag("td", pieces.moment(s["from"], language, clock)),
            tag("td", language.label("state", s["state"], str(s["state"]))),
            tag("td", pieces.named(s["team"])), tag("td", pieces.named(s["agent"])),
            tag("td", language.value(s["seconds"], "seconds") if s["seconds"] else "—"),
            tag("td", language.value(s["open_seconds"], "seconds")),
            tag("td", language.text(f"site.ticket.{KINDS.get(s['why'], 'outside')}"),
                class_=KINDS.get(s["why"], "outside")),
        )
        for s in line.stretches
    ]  # fmt: skip
    heads = [language.text(f"site.ticket.{h}") for h in ("from", "state", "team", "agent")]
    heads += [language.text(f"site.clock.{c}") for c in ("calendar", "open")]
    heads.append(language.text("site.work.ticket.how"))
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    return tag(
        "section", tag("h2", language.text("site.ticket.life")),
        blocks.choice(language.text("site.work.ticket.measured"), options),
        _strip(line, language), tag("p", totals), why, blocks.scrolling(head, rows),
    )  # fmt: skip


def _strip(line: Timeline, language: Language) -> Markup | None:
    """The life as a strip: each stretch as wide as it is long, counted or paused."""
    whole = sum(s["seconds"] for s in line.stretches)
    if not whole:
        return None
    parts = (
        tag("span", style=f"flex-grow:{s['seconds'] / whole:.4f}",
            class_=KINDS.get(s["why"], "outside"),
            title=f"{language.label('state', s['state'], str(s['state']))}: "
                  f"{language.value(s['seconds'], 'seconds')}")
        for s in line.stretches
        if s["seconds"]
    )  # fmt: skip
    return tag("div", parts, class_="strip-of-life", aria_hidden="true")


def _conversations(card: Card, language: Language, clock: Clockwork) -> Markup | None:
    """The conversations of the ticket, each leading to its card."""
    if not card["conversations"]:
        return None
    rows = [
        (
            card_link("conversation", t["conversation"]),
            language.label("channel", t["channel"], str(t["channel"])),
            pieces.moment(t["started_at"], language, clock),
            language.label("outcome", t["outcome"], str(t["outcome"])),
            pieces.named(t["agent"]),
            language.reason(t["left_out"]) if t["left_out"] else "—",
        )
        for t in card["conversations"]
    ]  # fmt: skip
    heads = [
        *(language.text(f"site.dimensions.{d}") for d in ("conversation", "channel")),
        language.text("site.columns.started_at"),
        *(language.text(f"site.dimensions.{d}") for d in ("outcome", "agent")),
        language.text("site.columns.reason"),
    ]
    return tag(
        "section", tag("h2", language.text("site.work.ticket.talks")), pieces.table(heads, rows)
    )
