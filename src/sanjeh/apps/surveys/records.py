"""What the ledger is told: surveys, invitations, answers, complaints."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.apps.handing.outbox import hand
from sanjeh.apps.surveys.about import HERE
from sanjeh.apps.surveys.models import Answer, Invitation, Question, Survey, Way, spoken
from sanjeh.apps.surveys.questions import KINDS

Row = dict[str, Any]


def measured(questions: list[Question]) -> list[Question]:
    """The questions that are surveys of the record: all that are scored or chosen from.

    Words go with the answer to the first of them; a survey of nothing but words is one itself.
    """
    return [q for q in questions if q.kind != "text"] or questions[:1]


def survey_row(question: Question, now: dt.datetime, source: str = HERE) -> Row:
    """A question as a `survey` of the record."""
    survey = question.survey
    row: Row = {
        "id": question.code, "source": source, "kind": KINDS[question.kind].record,
        "statement" if question.kind == "ces" else "question": spoken(question.texts, "en"),
        "scope": survey.scope, "touchpoint": survey.touchpoint, "version_at": now,
        "active": survey.is_active and survey.deleted_at is None and question.retired_at is None,
    }  # fmt: skip
    if question.is_scored:
        row |= {
            "scale_min": float(question.low or 0), "scale_max": float(question.high or 0),
            "polarity": question.polarity,
        }  # fmt: skip
        row |= {"satisfied": question.satisfied} if question.satisfied else {}
    return row


def hand_survey(survey: Survey, now: dt.datetime) -> None:
    """The survey's questions as they are asked now."""
    for question in measured(survey.asked()):
        question.survey = survey
        hand_question(question, now)


def hand_question(question: Question, now: dt.datetime) -> None:
    """One question, to every source whose customers it was put to."""
    sources = question.survey.invitations.exclude(source=HERE).values_list("source", flat=True)
    for source in (HERE, *sorted(set(sources))):
        hand("survey", survey_row(question, now, source))


def hand_invitation(invitation: Invitation) -> None:
    """One `survey_invite` for each survey of the record that the invitation puts."""
    for question in measured(invitation.asked()):
        others = question.invitation_set.filter(source=invitation.source)
        if invitation.source != HERE and not others.exclude(pk=invitation.pk).exists():
            hand("survey", survey_row(question, question.made_at, invitation.source))
        hand("survey_invite", {
            "id": _id(invitation, question), "source": invitation.source,
            "survey_id": question.code, "sent_at": invitation.sent_at,
            "channel": "email" if invitation.way == Way.MAIL else invitation.channel or None,
            "version_at": invitation.sent_at, **_about(invitation),
        })  # fmt: skip


def hand_answers(invitation: Invitation, now: dt.datetime) -> None:
    """The answers as they are now; a changed one is a further version of the same response.

    When it was given stays when it was first given; the version says when it was changed.
    """
    answers = {a.question_id: a for a in invitation.answers.all()}
    asked = invitation.asked()
    words = [answers[q.pk].comment for q in asked if q.pk in answers and answers[q.pk].comment]
    comment = "\n".join(words) or None
    for question in measured(asked):
        given = answers.get(question.pk)
        if given is None:
            continue
        hand("survey_response", {
            "id": _id(invitation, question), "source": invitation.source,
            "invite_id": _id(invitation, question), "survey_id": question.code,
            "agent_id": invitation.agent_id or None, "touchpoint": invitation.touchpoint,
            "submitted_at": given.submitted_at, "score": given.score,
            "choice": given.choice or None, "comment": comment,
            "segment_snapshot": invitation.segment or None, "version_at": now,
            **_about(invitation),
        })  # fmt: skip
        comment = None  # said once, with the first


def hand_complaint(
    invitation: Invitation, answers: list[Answer], comment: str, now: dt.datetime, *, stands: bool
) -> None:
    """A complaint out of a low score; taken back where the score was changed to a better one."""
    row: Row = {
        "id": f"complaint-{invitation.handle}", "source": invitation.source,
        "customer_id": invitation.customer_id or None,
        "conversation_id": invitation.conversation_id or None,
        "at": min(a.submitted_at for a in answers), "origin": "survey", "kind": "complaint",
        "sentiment": "negative", "text": comment or None, "status": "open", "version_at": now,
    }  # fmt: skip
    hand("feedback", row if stands else {**row, "deleted_at": now})


def _id(invitation: Invitation, question: Question) -> str:
    return f"{invitation.handle}-{question.code}"


def _about(invitation: Invitation) -> Row:
    names = ("customer_id", "conversation_id", "ticket_id")
    return {name: getattr(invitation, name) or None for name in names}
