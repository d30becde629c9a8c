"""Who they are: teammates, teams, contacts, companies; and the tags and ready texts in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanjeh.sources.helpdesk import Made
from sanjeh.sources.intercom.words import flat, identifier, instant, items, known_id, plain


def is_operator(person: Mapping[str, Any]) -> bool:
    """Whether it is Intercom's own bot (Operator, Fin), which some versions list as an admin."""
    if person.get("type") == "bot" or person.get("from_ai_agent") is True:
        return True
    email = person.get("email")
    return (
        isinstance(email, str)
        and email.startswith("operator+")
        and email.endswith(("@intercom.io", "@intercom.com"))
    )


def admin(value: Mapping[str, Any]) -> Iterator[Made]:
    """A teammate. Operator is none."""
    if is_operator(value):
        return
    teams = value.get("team_ids")
    yield (
        "agent",
        {
            "id": identifier(value.get("id")),
            "name": value.get("name"),
            "team_id": known_id(teams[0]) if isinstance(teams, list) and teams else None,
            "attributes": flat({"job_title": value.get("job_title")}),
        },
    )


def team(value: Mapping[str, Any]) -> Iterator[Made]:
    """A team; its members are told by the admins."""
    yield "team", {"id": identifier(value.get("id")), "name": value.get("name")}


def tag(value: Mapping[str, Any]) -> Iterator[Made]:
    """A label."""
    yield "tag", {"id": identifier(value.get("id")), "name": value.get("name")}


def _deleted(kind: str, value: Mapping[str, Any]) -> Made:
    """Somebody or something that is there no more; the notification of it names nothing else."""
    at = instant(value.get("deleted_at"), "deleted_at")
    return kind, {"id": identifier(value.get("id")), "deleted_at": at, "version_at": at}


def contact(value: Mapping[str, Any]) -> Iterator[Made]:
    """A customer: a user, or a lead of whom less is known."""
    if value.get("deleted") is True:
        yield _deleted("customer", value)
        return
    companies = items(value.get("companies"), "companies")
    location = value.get("location")
    traits = {
        "country": location.get("country") if isinstance(location, dict) else None,
        "language": value.get("language_override") or value.get("browser_language"),
    }
    points = [
        {"channel": channel, "address": value[name]}
        for channel, name in (("email", "email"), ("phone", "phone"))
        if value.get(name)
    ]
    own = {"role": value.get("role"), **(flat(value.get("custom_attributes")) or {})}
    yield (
        "customer",
        {
            "id": identifier(value.get("id")),
            "external_id": known_id(value.get("external_id")),
            "account_id": known_id(companies[0].get("id")) if companies else None,
            "display_name": value.get("name"),
            "contact_points": points or None,
            "created_at": instant(value.get("created_at"), "created_at"),
            "demographics": {k: v for k, v in traits.items() if v} or None,
            "version_at": instant(value.get("updated_at"), "updated_at"),
            "attributes": flat(own),
        },
    )


def company(value: Mapping[str, Any]) -> Iterator[Made]:
    """An account."""
    if value.get("deleted") is True:
        yield _deleted("account", value)
        return
    plan = value.get("plan")
    size = value.get("size")
    own = {
        "plan": plan.get("name") if isinstance(plan, dict) else plan,
        **(flat(value.get("custom_attributes")) or {}),
    }
    yield (
        "account",
        {
            "id": identifier(value.get("id")),
            "external_id": known_id(value.get("company_id")),
            "name": value.get("name"),
            "industry": value.get("industry") or None,
            "size": size if type(size) is int else None,
            "active_from": instant(value.get("remote_created_at"), "remote_created_at"),
            "version_at": instant(value.get("updated_at"), "updated_at"),
            "attributes": flat(own),
        },
    )


def article(value: Mapping[str, Any]) -> Iterator[Made]:
    """A page of the help centre."""
    body = value.get("body")
    yield (
        "kb_article",
        {
            "id": identifier(value.get("id")),
            "title": value.get("title"),
            "body": plain(body) if isinstance(body, str) else None,
            "audience": "public",
            "topic_id": None,
            "status": value.get("state"),
            "updated_at": instant(value.get("updated_at"), "updated_at"),
            "version_at": instant(value.get("updated_at"), "updated_at"),
            "type": "article",
        },
    )


def macro(value: Mapping[str, Any]) -> Iterator[Made]:
    """A ready reply. Which messages used it Intercom does not tell."""
    body = value.get("body_text") or value.get("body")
    yield (
        "canned_response",
        {
            "id": identifier(value.get("id")),
            "title": value.get("name"),
            "body": plain(body) if isinstance(body, str) else None,
            "updated_at": instant(value.get("updated_at"), "updated_at"),
            "version_at": instant(value.get("updated_at"), "updated_at"),
        },
    )


def activity(value: Mapping[str, Any]) -> Iterator[Made]:
    """A teammate who went away or came back; the rest of the log concerns settings."""
    if value.get("activity_type") != "admin_away_mode_change":
        return
    told = value.get("metadata")
    who = value.get("performed_by")
    if not isinstance(told, dict) or not isinstance(who, dict):
        return
    agent, away = known_id(who.get("id")), told.get("away_mode")
    if agent is None or not isinstance(away, bool):
        return
    yield (
        "agent_status_event",
        {
            "agent_id": agent,
            "at": instant(value.get("created_at"), "created_at"),
            "status": "away" if away else "available",
        },
    )
