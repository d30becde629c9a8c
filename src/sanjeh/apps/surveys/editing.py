"""Making and changing surveys; what breaks comparability makes a question of a new id."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.surveys import letters, records
from sanjeh.apps.surveys.models import Question, Survey
from sanjeh.apps.surveys.questions import KINDS
from sanjeh.apps.surveys.wording import by_language

SENSE = ("kind", "low", "high", "polarity", "satisfied")  # each makes another survey of the record
WORDS = ("texts", "low_labels", "high_labels", "options")  # where they mean something else


def start(kind: str, scale: tuple[int, int] | None = None) -> dict[str, Any]:
    """The fields of a usual question of a kind, with its words in every language."""
    sort = KINDS[kind]
    low, high = scale or (sort.scales[0] if sort.scales else (None, None))
    satisfied = (sort.satisfied or {}).get((low, high), ()) if low is not None else ()  # type: ignore[arg-type]
    scored = low is not None
    return {
        "kind": kind, "texts": by_language(f"{kind}.text"), "low": low, "high": high,
        "low_labels": by_language(f"{kind}.low") if scored else {},
        "high_labels": by_language(f"{kind}.high") if scored else {},
        "options": [], "satisfied": list(satisfied), "polarity": "high_good",
        "is_required": kind != "text",
    }  # fmt: skip


def make(fields: Mapping[str, Any], kinds: tuple[str, ...], now: dt.datetime) -> Survey:
    """A new survey with usual questions of these kinds."""
    with turn():
        survey = Survey.objects.create(made_at=now, **fields)
        for place, kind in enumerate(kinds):
            _new(survey, start(kind), place, now)
        records.hand_survey(survey, now)
    return survey


def change(survey: Survey, fields: Mapping[str, Any], now: dt.datetime) -> None:
    """Change a survey's rule. Another touchpoint or scope makes its questions new ones."""
    with turn():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        is_new = any(
            getattr(survey, name) != fields.get(name, getattr(survey, name))
            for name in ("touchpoint", "scope")
        )
        renewed = survey.asked() if is_new else []
        if renewed:  # handed over with the touchpoint that they had
            for question in renewed:
                _retire(question, survey, now)
        for name, value in fields.items():
            setattr(survey, name, value)
        survey.save()
        if not survey.is_active:
            letters.withdraw(survey)
        for question in renewed:
            _new(survey, _fields(question), question.place, now)
        records.hand_survey(survey, now)


def add(survey: Survey, fields: Mapping[str, Any], now: dt.datetime) -> Question:
    """A further question, after the others."""
    with turn():
        last = survey.questions.order_by("-place").first()
        made = _new(survey, fields, 0 if last is None else last.place + 1, now)
        records.hand_survey(survey, now)
    return made


def reword(
    question: Question, fields: Mapping[str, Any], now: dt.datetime, *, same_sense: bool = False
) -> Question:
    """Change a question; the one that is asked from now on, which may be a new one.

    Other words, another scale or satisfied set cannot be compared with what was answered before,
    and begin anew. same_sense: a slip of the pen was mended, the words mean what they meant.
    A language added, or whether an answer is needed, breaks nothing.
    """
    with turn():
        question = Question.objects.select_for_update().select_related("survey").get(pk=question.pk)
        wanted = {**_fields(question), **fields}
        if breaks(question, wanted, same_sense=same_sense) and question.answer_set.exists():
            _retire(question, question.survey, now)
            question = _new(question.survey, wanted, question.place, now)
        else:  # nobody has answered it in its old sense
            for name, value in wanted.items():
                setattr(question, name, value)
            question.save()
        records.hand_survey(question.survey, now)
    return question


def breaks(question: Question, wanted: Mapping[str, Any], *, same_sense: bool = False) -> bool:
    """Whether answers before and after cannot be compared."""
    if any(getattr(question, name) != wanted.get(name, getattr(question, name)) for name in SENSE):
        return True
    if same_sense:
        return False
    for name in WORDS:
        old, new = getattr(question, name), wanted.get(name, getattr(question, name))
        if name == "options":
            if [o["value"] for o in old] != [o["value"] for o in new]:
                return True
            pairs = [(o["texts"], n["texts"]) for o, n in zip(old, new, strict=True)]
        else:
            pairs = [(old, new)]
        if any(before[c] != after.get(c) for before, after in pairs for c in before if before[c]):
            return True
    return False


def retire(question: Question, now: dt.datetime) -> None:
    """Ask it no more; its answers stay."""
    with turn():
        question = Question.objects.select_related("survey").get(pk=question.pk)
        _retire(question, question.survey, now)
        records.hand_survey(question.survey, now)


def move(question: Question, places: int) -> None:
    """Ask it earlier (-1) or later (1)."""
    with turn():
        rows = question.survey.asked()
        at = next((n for n, q in enumerate(rows) if q.pk == question.pk), None)
        if at is None:
            return
        rows.insert(max(0, at + places), rows.pop(at))
        for place, row in enumerate(rows):
            Question.objects.filter(pk=row.pk).update(place=place)


def delete(survey: Survey, now: dt.datetime) -> None:
    """Ask it no more and show it no more; what was answered stays in the record."""
    with turn():
        survey.deleted_at, survey.is_active = now, False
        survey.save()
        letters.withdraw(survey)
        records.hand_survey(survey, now)


def _fields(question: Question) -> dict[str, Any]:
    names = (*SENSE, *WORDS, "is_required")
    return {name: getattr(question, name) for name in names}


def _new(survey: Survey, fields: Mapping[str, Any], place: int, now: dt.datetime) -> Question:
    code = f"{fields['kind']}-{secrets.token_hex(4)}"
    return Question.objects.create(survey=survey, code=code, place=place, made_at=now, **fields)


def _retire(question: Question, survey: Survey, now: dt.datetime) -> None:
    question.survey, question.retired_at = survey, now
    question.save(update_fields=["retired_at"])
    records.hand_question(question, now)
