"""Taking answers: checked against their questions, changed until the survey closes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.surveys import links, records
from sanjeh.apps.surveys.models import Answer, Invitation, Question
from sanjeh.apps.surveys.questions import Given, NotAnAnswer, position, read

COMPLAINS_AT = 0.25  # the place on the scale from which on a score is a complaint: 2 of 5


def answer(
    token: str, answers: Mapping[str, Any], now: dt.datetime, *, is_whole: bool = True
) -> Invitation:
    """Take the answers of an invitation, by the id of the question.

    What is given replaces what was given before; what is not given stays. An empty text takes
    words back. is_whole: questions that need an answer must have one by now; without it any score
    or choice counts at once. Errors: LinkRefused, NotAnAnswer; then nothing is kept.
    """
    with turn():
        found = links.find(token)
        invitation = Invitation.objects.select_for_update().get(pk=found.pk)
        invitation.survey = found.survey
        links.check_open(invitation, now)
        asked = invitation.asked()
        given = _read(asked, answers)
        if not given:
            raise NotAnAnswer("needed", asked[0].code if asked else "")
        before = {a.question_id: a for a in invitation.answers.all()}
        _check(asked, given, before, is_whole=is_whole)
        changed = [_keep(invitation, q, g, before.get(q.pk), now) for q, g in given]
        if not any(changed):
            return invitation
        if invitation.answered_at is None:
            invitation.answered_at = now
            invitation.save(update_fields=["answered_at"])
        records.hand_answers(invitation, now)
        _complain(invitation, asked, now)
        return invitation


def _read(asked: list[Question], answers: Mapping[str, Any]) -> list[tuple[Question, Given]]:
    """What was given to which question; names that are no question are left alone."""
    found = []
    for question in asked:
        raw = answers.get(question.code)
        if raw is None or (raw == "" and question.kind != "text"):
            continue
        try:
            found.append((question, read(question.kind, question.low, question.high,
                                         question.values, raw)))  # fmt: skip
        except NotAnAnswer as wrong:
            raise NotAnAnswer(wrong.code, question.code) from None
    return found


def _check(
    asked: list[Question], given: list[tuple[Question, Given]], before: Mapping[int, Answer], *,
    is_whole: bool,
) -> None:  # fmt: skip
    """That what needs an answer has one; and that words do not come alone.

    Words are kept with an answer of the record: where something is scored or chosen, one is needed.
    """
    has = {q.pk for q, g in given if q.kind != "text" or g.comment}
    has |= {pk for pk, a in before.items() if a.comment or a.choice or a.score is not None}
    for question in asked if is_whole else ():
        if question.is_required and question.pk not in has:
            raise NotAnAnswer("needed", question.code)
    counted = records.measured(asked)
    if not any(q.pk in has for q in counted):
        raise NotAnAnswer("needed", counted[0].code)


def _keep(
    invitation: Invitation, question: Question, given: Given, before: Answer | None,
    now: dt.datetime,
) -> bool:  # fmt: skip
    """Write one answer; whether it says something new."""
    said = {"score": given.score, "choice": given.choice, "comment": given.comment}
    if before is None:
        if question.kind == "text" and not given.comment:
            return False
        Answer.objects.create(
            invitation=invitation, question=question, submitted_at=now, changed_at=now, **said
        )
        return True
    if all(getattr(before, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(before, name, value)
    before.changed_at = now
    before.save()
    return True


def _complain(invitation: Invitation, asked: list[Question], now: dt.datetime) -> None:
    """Open a complaint for a low score; take it back where it is low no longer."""
    if not invitation.survey.opens_complaint:
        return
    answers = {a.question_id: a for a in invitation.answers.all()}
    scored = [
        (position(q.low or 0, q.high or 0, q.polarity, float(answers[q.pk].score or 0)), q)
        for q in asked
        if q.pk in answers and q.is_scored
    ]
    if not scored:
        return
    is_low = any(place <= COMPLAINS_AT for place, _ in scored)
    is_open = invitation.has_complaint
    if not is_low and not is_open:
        return
    comment = "\n".join(a.comment for a in answers.values() if a.comment)
    low = [answers[q.pk] for _, q in scored]
    records.hand_complaint(invitation, low, comment, now, stands=is_low)
    invitation.has_complaint = is_low
    invitation.save(update_fields=["has_complaint"])
