"""The head of the report, and in a few sentences the volume, its cause and its harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.answers.question import Result
from sanjeh.metrics.profiles import PROFILES
from sanjeh.report.cards import FIRST, by_channel
from sanjeh.report.enquiry import Asked, Enquiry, period_of
from sanjeh.report.figures import judged, shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag

VOLUMES = ("conversations", "requests")
STEADY = 0.01  # a volume that moved less than this is called steady, and no cause is sought
NAMED = 3
HARMS = ("missed_chat_rate", "satisfied_share", "reopen_rate")


@dataclass(frozen=True)
class About:
    """What the head says that no figure tells: the operation's name, which sources are made up."""

    name: str | None = None
    synthetic: frozenset[str] = frozenset()


def volume_of(enquiry: Enquiry) -> str:
    """Conversations where they are recorded, else requests."""
    return next((v for v in VOLUMES if enquiry.has(v)), VOLUMES[-1])


def head(enquiry: Enquiry, language: Language, about: About) -> Markup:
    """Title, period, comparison, until when the data run, and whether they are made up."""
    clock, span = enquiry.scope.clock, enquiry.scope.period
    answer = enquiry.ask(volume_of(enquiry)).answer
    sources = [str(f["source"]) for f in answer.freshness]
    until = min((str(f["newest_event_at"]) for f in answer.freshness), default=None)
    facts = [
        language.text(
            "head.calendar",
            zone=language.label("zone", clock.zone, clock.zone),
            months=language.text(f"head.{clock.calendar}"),
        )
    ]
    if answer.question["compare_period"] is not None:
        earlier = period_of(answer.question["compare_period"])
        facts.insert(0, language.text("head.compared", period=language.period(earlier, clock)))
        lengths = [_days(enquiry, p) for p in (span, earlier)]
        if lengths[0] != lengths[1]:
            days = [language.text("days", n, n=language.number(n)) for n in lengths]
            facts.insert(1, language.text("head.lengths", now=days[0], before=days[1]))
    else:
        facts.insert(0, language.text("head.alone"))
    if enquiry.scope.profile is not None:
        helpdesk = PROFILES[enquiry.scope.profile].title
        facts.append(language.text("head.counted_as", helpdesk=tag("bdi", helpdesk)))
    if until is not None:
        facts.append(language.text("head.until", moment=language.moment(until, clock)))
    made_up = None
    if about.synthetic & set(sources):
        partly = set(sources) - about.synthetic
        made_up = tag(
            "p", language.text("head.partly_synthetic" if partly else "head.synthetic"),
            class_="synthetic",
        )  # fmt: skip
    return tag(
        "header",
        tag("p", language.text("head.title"), class_="kicker") if about.name else None,
        tag("h1", about.name or language.text("head.title")),
        tag("p", language.period(span, clock), class_="period"),
        tag("ul", (tag("li", f) for f in facts), class_="facts"),
        made_up,
    )


def _days(enquiry: Enquiry, span: Any) -> int:
    clock = enquiry.scope.clock
    return (clock.local(span.end - 1).date() - clock.local(span.start).date()).days + 1


def summary(enquiry: Enquiry, language: Language, *, with_harm: bool = True) -> Markup:
    """Volume, what made it move by topic and channel, and what became of speed and quality."""
    volume = volume_of(enquiry)
    asked = enquiry.ask(volume)
    result = asked.result(volume)
    sentences: list[Markup | None] = [_volume(asked, result, language)]
    if result.delta_abs and abs(result.delta_pct or 1) >= STEADY:
        sentences += _causes(enquiry, language, volume, result)
    if with_harm and asked.answer.question["compare"] is not None:
        sentences.append(harm(enquiry, language))
    return tag(
        "p", [(s, " ") for s in sentences if s is not None], class_="summary", id="summary"
    )  # fmt: skip


def _volume(asked: Asked, result: Result, language: Language) -> Markup:
    now = shown(asked, result, language)
    kind = "alone"
    parts: dict[str, Any] = {"now": now}
    if result.delta_abs is not None:
        pct = result.delta_pct
        steady = pct is not None and abs(pct) < STEADY
        kind = "steady" if steady else "rose" if result.delta_abs > 0 else "fell"
        parts["before"] = shown(asked, result, language, "previous_value")
        parts["by"] = (
            shown(asked, result, language, "delta_abs", language.number(abs(result.delta_abs)))
            if pct is None
            else shown(asked, result, language, "delta_pct", language.percent(abs(pct)))
        )
    return language.text(f"volume.{result.definition_id}.{kind}", result.value, **parts)


def _causes(
    enquiry: Enquiry, language: Language, volume: str, whole: Result
) -> list[Markup | None]:  # fmt: skip
    found: list[Markup | None] = []
    for dimension in ("topic", "channel"):
        asked = enquiry.ask(volume, by=(dimension,))
        parts = contributions(asked.results(volume), float(whole.delta_abs or 0))
        named = [
            language.text(
                "cause.part",
                name=tag("bdi", enquiry.named(language, dimension, r)),
                delta=shown(
                    asked, r, language, "delta_abs", language.signed(float(r.delta_abs or 0))
                ),
                share=language.percent(share),
            )
            for r, share in parts[:NAMED]
        ]
        if named:
            direction = "rise" if (whole.delta_abs or 0) > 0 else "fall"
            listed = [(language.text("comma") if n else None, p) for n, p in enumerate(named)]
            found.append(language.text(f"cause.{dimension}_{direction}", parts=render(listed)))
    return found


def contributions(results: Sequence[Result], whole: float) -> list[tuple[Result, float]]:
    """Groups that moved the way the whole did, with their share of its change, largest first.

    Shares of all groups add up to 1 where every row is in one group; those that moved the other
    way have negative ones and are left out.
    """
    moved = [
        (r, float(r.delta_abs) / whole)
        for r in results
        if r.delta_abs and next(iter(r.group.values()))["key"] is not None
    ]
    return sorted((p for p in moved if p[1] > 0), key=lambda p: -p[1])


def harm(enquiry: Enquiry, language: Language) -> Markup | None:
    """How the misses, the wait and the satisfaction moved, each with before and now."""
    parts: list[Markup] = []
    for metric in HARMS:
        if not enquiry.has(metric) or (metric == "reopen_rate" and parts):
            continue
        asked = enquiry.ask(*_beside(enquiry, metric))
        parts += _moved(asked, asked.result(metric), language, language.title(metric))
    wait = f"{FIRST}.half_answered"
    if enquiry.has(wait):
        asked = enquiry.ask(wait, f"{wait}@open", by=("channel_kind", "channel"))
        busiest = max(by_channel(asked, wait), key=lambda r: r.n, default=None)
        if busiest is not None:
            name = enquiry.named(language, "channel", busiest)
            parts += _moved(asked, busiest, language, language.text("harm.wait", channel=name))
    elif enquiry.has("resolution_time.median"):
        asked = enquiry.ask("resolution_time.median")
        parts += _moved(
            asked, asked.result("resolution_time.median"), language, language.text("harm.solving")
        )
    if not parts:
        return None
    joined = [(language.text("semicolon") if n else None, p) for n, p in enumerate(parts)]
    return language.text("harm.meanwhile", parts=render(joined))


def _beside(enquiry: Enquiry, metric: str) -> tuple[str, ...]:
    """A question that a card asks anyway."""
    if metric != "satisfied_share":
        return (metric,)
    from sanjeh.report.cards import RESPONSES, SCORE

    return (metric, *(m for m in (SCORE, RESPONSES) if enquiry.has(m)))


def _moved(asked: Asked, result: Result, language: Language, name: str) -> list[Markup]:
    if result.value is None or result.previous_value is None:
        return []
    now, then = (shown(asked, result, language, path) for path in ("value", "previous_value"))
    if not result.delta_abs:
        return [language.text("harm.same", name=name, now=now)]
    how = "chance" if judged(result) == "chance" else "moved"
    return [language.text(f"harm.{how}", name=name, now=now, before=then)]
