"""*Satisfaction* (S1, S4, S5, D7): how content customers are, who says so, and in what words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from sanjeh.answers.recent import recent
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks
from sanjeh.web.pages.agent import contact
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.grouped import Grouped, asked_for, fits
from sanjeh.web.pages.privacy import Privacy
from sanjeh.web.pages.rows import period_question
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.pages.sides import figures, notes, nothing
from sanjeh.web.shell import dimension_name

PATH = "/satisfaction/"
SHARE, SCORE, RATE, FEEDBACK = (
    "satisfied_share", "satisfaction_score", "survey_response_rate", "feedback_received",
)  # fmt: skip
HEAD = (
    SHARE, SCORE, "very_satisfied_share", RATE, "complaints", "complaints_per_100_served",
    "expectations_met", "delight", "nps", "effort_score",
)  # fmt: skip
VOICE = (FEEDBACK, "feedback_actioned_rate", "feedback_linked_to_decision")
SPLITS = ("channel", "team", "agent", "topic", "segment", "survey")
NEGATIVE = 0.25  # the place of 2 of 5 on its scale, from which on a score is a complaint
LOOKED_AT, SHOWN = 300, 40


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """Figures, splits, scores, and what was said."""
    enquiry = enquiry_of(seen, asked)
    title = language.text("site.nav.satisfaction")
    names = asked_for(asked)
    head = [m for m in HEAD if enquiry.has(m) and fits(enquiry, m, names)]
    warnings: list[str] = []
    parts: list[Any] = [
        tag("h1", title),
        blocks.bar(asked, seen, language, PATH, *HEAD, enquiry=enquiry),
    ]  # fmt: skip
    if not any(enquiry.has(m) for m in (*HEAD, FEEDBACK)):
        return title, render(parts, nothing(language, "satisfaction"))
    parts += [
        tag("section", figures(enquiry, asked, language, head, warnings)) if head else None,
        _scores(enquiry, asked, language),
        _split(enquiry, asked, language),
        _voice(enquiry, asked, language),
        _words(request, seen, enquiry, asked, language),
        notes(warnings, language),
    ]  # fmt: skip
    return title, render(parts)


def _scores(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """How many gave which score; each a link that filters."""
    if not enquiry.has(SHARE) or not fits(enquiry, SHARE, asked_for(asked)):
        return None
    grouped = Grouped(enquiry, asked, language, "score", (SHARE,))
    found, rows = grouped.found[SHARE], grouped.rows[SHARE]
    groups = sorted(grouped.groups(), key=lambda g: (g.key is None, -_number(g.key)))
    total = sum(r.n for r in rows.values())
    if not total:
        return None

    def bar(group: Any) -> Markup:
        result = rows[group.key]
        width = 100 * result.n / total
        inner = tag("span", style=f"width:{width:.1f}%")
        return render(tag("span", inner, class_="inbar", aria_hidden="true"),
                      shown(found, result, language, "n"))  # fmt: skip

    columns = [
        Column(language.text("site.satisfaction.answers"), bar),
        Column(language.text("share"), lambda g: language.percent(rows[g.key].n / total)),
    ]
    made = table(
        dimension_name(language, "score"), groups,
        lambda g: grouped.link(PATH, replace(g, name=language.digits(g.name))), columns,
    )  # fmt: skip
    return tag("section", tag("h2", language.text("site.satisfaction.scores")), made)


def _number(key: Any) -> float:
    try:
        return float(key)
    except (TypeError, ValueError):
        return 0.0


def _split(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """The same figures for each channel, team, agent, topic or segment."""
    if not enquiry.has(SHARE):
        return None
    offered = [d for d in SPLITS if fits(enquiry, SHARE, (d, *asked_for(asked)))]
    if not offered:
        return None
    by = asked.by[0] if asked.by and asked.by[0] in offered else offered[0]
    grouped = Grouped(enquiry, asked, language, by, (SHARE, SCORE, RATE, "complaints"))
    columns = [grouped.column(SHARE)]
    columns += [grouped.change(SHARE)] if enquiry.scope.compare else []
    columns += [grouped.column(m) for m in grouped.metrics if m != SHARE]
    options = [
        (dimension_name(language, d), asked.link(PATH, by=(d,)) + "#by", d == by) for d in offered
    ]
    made = grouped.table(PATH, columns)
    if made is None:
        return None
    return tag(
        "section", tag("h2", language.text("site.satisfaction.by"), id="by"),
        blocks.choice(language.text("site.figure.by"), options), made,
    )  # fmt: skip


def _voice(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """Feedback by kind, how much of it was acted on, and how much led to a decision (S4, S5)."""
    if not enquiry.has(FEEDBACK) or not fits(enquiry, FEEDBACK, asked_for(asked)):
        return None
    grouped = Grouped(enquiry, asked, language, "feedback_kind", VOICE)
    made = grouped.table(PATH, [grouped.column(m) for m in grouped.metrics])
    if made is None:
        return None
    return tag("section", tag("h2", language.text("site.satisfaction.feedback")), made)


# -- what was said ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A rating or a feedback: when, what was given, in what words, about whom."""

    at: str
    given: Any
    words: str | None
    row: dict[str, Any]


def _words(
    request: HttpRequest, seen: Seen, enquiry: Enquiry, asked: Asked, language: Language
) -> Markup:
    """Comments and complaints, newest first, each leading to its conversation."""
    privacy = Privacy.of(request, seen)
    said = [
        *_ratings(seen, asked, language, privacy, enquiry),
        *_feedback(seen, asked, language, privacy, enquiry),
    ]
    said.sort(key=lambda s: s.at, reverse=True)
    title = tag("h2", language.text("site.satisfaction.words"), id="words")
    lead = tag("p", language.text("site.satisfaction.words_lead"), class_="note")
    held = None
    if not privacy.reads_texts:
        held = tag("p", language.text("site.satisfaction.held"), class_="note")
    if not said:
        none = tag("p", language.text("site.satisfaction.nothing_said"), class_="note")
        return tag("section", title, none)
    if privacy.reads_texts and any(s.words for s in said[:SHOWN]):
        privacy.was_read("comments", asked.link(PATH))
    clock = enquiry.scope.clock
    items = []
    for one in said[:SHOWN]:
        about = [language.label("channel", one.row["channel"], str(one.row["channel"]))]
        about += [one.row["topic"], one.row["agent"]]
        items.append(tag(
            "li",
            tag("p", one.given, " ", tag("time", language.moment(one.at, clock), datetime=one.at),
                class_="given"),
            tag("blockquote", one.words, dir="auto") if one.words else None,
            tag("p", (render(tag("bdi", a), " · ") for a in about if a), contact(one.row),
                class_="line"),
        ))  # fmt: skip
    return tag("section", title, lead, held, tag("ul", items, class_="voices"))


def _ratings(
    seen: Seen, asked: Asked, language: Language, privacy: Privacy, enquiry: Enquiry
) -> list[Said]:
    """Ratings with words, and bad ones without; of one score all."""
    if not enquiry.has(SHARE) or not fits(enquiry, SHARE, asked_for(asked)):
        return []
    question = period_question(seen, asked, SHARE)
    rows = recent(seen.everything, question, seen.viewer, LOOKED_AT)
    texts = _texts(seen, "survey_response", [r["answer_id"] for r in rows], privacy)
    chosen = "score" in asked_for(asked)
    found = []
    for row in rows:
        words = texts.get(row["answer_id"], {}).get("comment")
        is_bad = row["position"] is not None and row["position"] <= NEGATIVE + 1e-9
        if words or is_bad or chosen:
            score = language.text(
                "site.satisfaction.score", score=language.digits(str(row["score_label"])),
                scale=language.digits(str(row["scale"] or "").rpartition("-")[2]),
            )  # fmt: skip
            given = tag("strong", score, class_="bad-score" if is_bad else None)
            found.append(Said(row["at"], given, words, row))
    return found


def _feedback(
    seen: Seen, asked: Asked, language: Language, privacy: Privacy, enquiry: Enquiry
) -> list[Said]:
    """Complaints, praise and suggestions."""
    if not enquiry.has(FEEDBACK) or not fits(enquiry, FEEDBACK, asked_for(asked)):
        return []
    rows = recent(seen.everything, period_question(seen, asked, FEEDBACK), seen.viewer, SHOWN)
    texts = _texts(seen, "feedback", [r["feedback_id"] for r in rows], privacy)
    return [
        Said(
            row["at"],
            tag("strong", language.label(
                "feedback_kind", row["feedback_kind"], str(row["feedback_kind"])),
                class_="bad-score" if row["feedback_kind"] == "complaint" else None),
            texts.get(row["feedback_id"], {}).get("text"), row,
        )
        for row in rows
    ]  # fmt: skip


def _texts(seen: Seen, kind: str, ids: list[str], privacy: Privacy) -> dict[str, dict[str, str]]:
    """The words of records, for readers who may read them."""
    if not privacy.reads_texts or not ids:
        return {}
    found: dict[str, dict[str, str]] = seen.everything.ledger.texts(kind, ids)
    return found
