"""What was said, in order, with the waits between as bars: counted, or not and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanjeh.answers.periods import Clockwork
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import pieces
from sanjeh.web.pages.privacy import Privacy

Row = dict[str, Any]
WAIT, MESSAGE, PASSED = 0, 1, 2  # a wait stands before the answer that ends it


def kept_back(privacy: Privacy, language: Language) -> Markup | None:
    """That the reader's role does not read what persons wrote."""
    if privacy.reads_texts:
        return None
    return tag("p", language.text("site.work.talk.kept_back"), class_="note")


def talk(
    card: Row, messages: Sequence[Row], turns: Sequence[Row], privacy: Privacy,
    language: Language, clock: Clockwork,
) -> Markup:  # fmt: skip
    """The conversation as a list in order of time."""
    events: list[tuple[str, int, int, Markup]] = []
    for n, message in enumerate(messages):
        bubble = _message(card, message, privacy, language, clock)
        events.append((message["at"] or "", MESSAGE, n, bubble))
    for n, turn in enumerate(turns):
        place = PASSED if turn["answered_at"] is None else WAIT
        at = turn["answered_at"] or turn["last_asked_at"]
        events.append((at, place, n, _wait(turn, language)))
    for n, passed in enumerate(card["transfers"]):
        events.append((passed["at"] or "", PASSED, n, _transfer(passed, language, clock)))
    for n, raised in enumerate(card["escalated"]):
        events.append((raised["at"] or "", PASSED, n, _escalation(raised, language, clock)))
    if not events:
        return tag("p", language.text("site.work.talk.nothing"), class_="note")
    # ISO instants of one zone sort as text.
    events.sort(key=lambda event: event[:3])
    return tag("ol", (markup for *_, markup in events), class_="talk")


def _message(
    card: Row, message: Row, privacy: Privacy, language: Language, clock: Clockwork
) -> Markup:
    by = message["by"]
    who: Any = None
    if by == "customer":
        who = privacy.customer(message["author_id"] or card["customer_id"], message["author"],
                               language)  # fmt: skip
    elif message["author"]:
        who = tag("bdi", message["author"])
    marks = [language.text(f"site.work.by.{by}")]
    if message["ready_reply"]:
        name = tag("bdi", message["ready_reply"])
        key = "ready_edited" if message["is_edited"] else "ready"
        marks.append(language.text(f"site.work.talk.{key}", name=name))
    if message["is_holding"]:
        marks.append(language.text("site.work.talk.holding"))
    head = tag(
        "p", who, " " if who else None,
        (tag("span", mark, class_="sort") for mark in marks), " ",
        pieces.moment(message["at"], language, clock), class_="who",
    )  # fmt: skip
    return tag("li", head, _text(message, privacy, language), class_=f"said by-{by}")


def _text(message: Row, privacy: Privacy, language: Language) -> Markup | None:
    if message["text"] is not None:
        return tag("p", message["text"], class_="words", dir="auto")
    if message["is_erased"]:
        return tag("p", language.text("site.work.talk.erased"), class_="words gone")
    if privacy.reads_texts:
        return tag("p", language.text("site.work.talk.no_text"), class_="words gone")
    return None


def _wait(turn: Row, language: Language) -> Markup:
    """A wait with its seconds on both clocks, and whether the response time counts it."""
    if turn["is_counted"]:
        time = pieces.both(turn["seconds"], turn["open_seconds"], language)
        said = language.text("site.work.talk.waited", time=time)
        return tag("li", said, class_="wait counted")
    reason = language.reason(turn["why_not"]) if turn["why_not"] else "—"
    time = language.value(turn["waited_seconds"], "seconds")
    key = "uncounted" if turn["waited_seconds"] is not None else "unanswered"
    said = language.text(f"site.work.talk.{key}", time=time, why=reason)
    return tag("li", said, class_="wait uncounted")


def _transfer(passed: Row, language: Language, clock: Clockwork) -> Markup:
    def end(side: str) -> Any:
        found = [passed[f"{side}_{what}"] for what in ("agent", "team")]
        names = [tag("bdi", name) for name in found if name]
        return render(names[0], [render(" (", n, ")") for n in names[1:]]) if names else "—"

    said = language.text("site.work.talk.passed", giver=end("from"), taker=end("to"))
    why = language.reason(passed["why_not"]) if passed["why_not"] else None
    not_counted = (
        tag("small", language.text("site.work.talk.not_counted", why=why)) if why else None
    )
    return tag("li", said, " ", pieces.moment(passed["at"], language, clock), " ", not_counted,
               class_="event")  # fmt: skip


def _escalation(raised: Row, language: Language, clock: Clockwork) -> Markup:
    who = language.label("initiator", raised["initiator"], str(raised["initiator"] or "—"))
    said = language.text("site.work.talk.raised", who=who)
    return tag("li", said, " ", pieces.moment(raised["at"], language, clock), class_="event")
