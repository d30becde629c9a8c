"""Whom to ask and when: the rules, invitations, and why somebody was not asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Q

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.mail.addresses import digest as address_digest
from sanjeh.apps.mail.addresses import is_address, is_unsubscribed
from sanjeh.apps.surveys import letters, records
from sanjeh.apps.surveys.about import About, is_sampled
from sanjeh.apps.surveys.models import Invitation, Survey, Trigger, Unasked, Way


def following(trigger: Trigger) -> list[Survey]:
    """The surveys that follow chats, or tickets, today."""
    return list(
        Survey.objects.filter(trigger=trigger, is_active=True, deleted_at=None).order_by("pk")
    )


def invite(survey: Survey, about: About, now: dt.datetime) -> Invitation | None:
    """Ask, where the rule says so; None where not, and the reason is counted.

    The same thing again gives the invitation of the first time, and never another letter.
    """
    about = replace(about, language=about.language.partition("-")[0].lower()[:8] or "en")
    with turn():
        Survey.objects.select_for_update().get(pk=survey.pk)
        known = Invitation.objects.filter(survey=survey, subject=about.subject).first()
        if known is not None:
            return known
        asked = survey.asked()
        if not asked or Unasked.objects.filter(survey=survey, subject=about.subject).exists():
            return None
        reason = why_not(survey, about, now)
        if reason is not None:
            Unasked.objects.create(survey=survey, subject=about.subject, reason=reason, at=now)
            return None
        due = now + dt.timedelta(minutes=survey.delay_minutes if survey.way == Way.MAIL else 0)
        made = Invitation.objects.create(
            survey=survey, subject=about.subject, source=about.source,
            conversation_id=about.conversation_id, ticket_id=about.ticket_id,
            customer_id=about.customer_id, agent_id=about.agent_id, team_id=about.team_id,
            language=about.language, channel=about.channel, touchpoint=survey.touchpoint,
            segment=about.segment, way=survey.way,
            address=address_digest(about.email) if about.email else "",
            due_at=due, sent_at=None if survey.way == Way.MAIL else now,
            closes_at=due + dt.timedelta(days=survey.closes_days),
        )  # fmt: skip
        made.questions.set(asked)
        if survey.way == Way.MAIL:  # of the record it is when the letter is on its way
            letters.write(made, about.email, about.name)
        else:
            records.hand_invitation(made)
        return made


def why_not(survey: Survey, about: About, now: dt.datetime) -> str | None:
    """Why somebody is not asked, in one word; None where they are."""
    return next(_hindrances(survey, about, now), None)


def _hindrances(survey: Survey, about: About, now: dt.datetime) -> Iterator[str]:
    left_out = (("spam", about.is_spam), ("test", about.is_test), ("missed", about.is_missed))
    for name, holds in left_out:
        if holds and name not in survey.include:
            yield name
    if survey.languages and about.language not in survey.languages:
        yield "language"
    if not about.customer_id and not about.email and not about.conversation_id:
        yield "no_customer"
    if survey.way == Way.MAIL and not is_address(about.email):
        yield "no_address"
    if about.email and is_unsubscribed(about.email):
        yield "unsubscribed"
    if not is_sampled(survey.pk, about.subject, survey.share):
        yield "not_sampled"
    if _is_quiet(survey, about, now):
        yield "quiet"


def _is_quiet(survey: Survey, about: About, now: dt.datetime) -> bool:
    """Whether the customer was asked at this touchpoint not long ago, by whichever survey.

    Exactly so many days after, the customer may be asked again.
    """
    who = Q(pk__in=[])
    if about.customer_id:
        who |= Q(source=about.source, customer_id=about.customer_id)
    if about.email:
        who |= Q(address=address_digest(about.email))
    since = now - dt.timedelta(days=survey.quiet_days)
    return (
        survey.quiet_days > 0
        and Invitation.objects.filter(who, touchpoint=survey.touchpoint, due_at__gt=since).exists()
    )


def ask_people(survey: Survey, people: Iterable[About], now: dt.datetime) -> list[Invitation]:
    """Ask persons of a list, at an instant that may lie ahead; who was asked."""
    made = (invite(survey, person, now) for person in people)
    return [one for one in made if one is not None]
