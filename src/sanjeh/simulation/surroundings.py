"""Records of what stands around the work: settings, hours, people, topics, targets, context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from sanjeh.ledger import KINDS
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.probabilities import MAIL, MESSENGER, VOICE
from sanjeh.simulation.shops.shop import CATEGORIES, DEPARTMENT_OF_TEAM, TEAM_OF_KIND, TEAMS, TOPICS
from sanjeh.simulation.timeline import CALENDAR

Row = dict[str, Any]
# A messenger's thread is one conversation over the longest holidays, so that a long wait for an
# answer does not cut it in two.
MESSENGER_GAP: Final = 12 * 86_400
_LEDGER_KIND: Final = {"realtime": "realtime", "voice": "voice", MESSENGER: "async", MAIL: "async"}


def surroundings(h: Happened) -> Iterator[tuple[str, pa.Table]]:
    """Small tables, one a kind."""
    for kind, rows in (
        ("settings", _settings(h)),
        ("business_calendar", h.timeline.calendars),
        ("holiday", h.timeline.holidays),
        ("channel", _channels(h)),
        ("department", _departments(h)),
        ("team", _teams(h)),
        ("agent", _agents(h)),
        ("topic", _topics(h)),
        ("tag", _tags(h)),
        ("canned_response", _canned(h)),
        ("survey", _surveys(h)),
        ("benchmark", _benchmarks(h)),
        ("context_event", _context(h)),
    ):
        yield kind, KINDS[kind].table(rows)


def instant(h: Happened, seconds: float) -> dt.datetime:
    """A second of the operation as an instant."""
    return dt.datetime.fromtimestamp(h.clock.origin / 1e6 + seconds, dt.UTC)


def _settings(h: Happened) -> list[Row]:
    shop = h.timeline.shop
    return [
        {
            "tz": shop.tz, "week_start": shop.week_start, "weekend": list(shop.weekend),
            "month_calendar": shop.month_calendar, "calendar_id": CALENDAR, "locale": shop.locale,
        }
    ]  # fmt: skip


def _channels(h: Happened) -> list[Row]:
    return [
        {
            "code": channel.code, "name": channel.name, "kind": _LEDGER_KIND[channel.kind],
            "calendar_id": CALENDAR,
            "idle_gap": MESSENGER_GAP if channel.kind == MESSENGER else None,
        }
        for channel in h.timeline.shop.channels
    ]  # fmt: skip


def _departments(h: Happened) -> list[Row]:
    names = h.timeline.shop.words.departments
    return [{"id": id_, "name": name, "calendar_id": CALENDAR} for id_, name in names.items()]


def _teams(h: Happened) -> list[Row]:
    names = h.timeline.shop.words.teams
    return [
        {"id": team, "name": names[team], "calendar_id": CALENDAR, "department_id": department}
        for team, department in zip(TEAMS, DEPARTMENT_OF_TEAM, strict=True)
    ]


def _agents(h: Happened) -> list[Row]:
    shop = h.timeline.shop
    hired = instant(h, 0) - dt.timedelta(days=400)
    return [
        {
            "id": f"ag{number:02d}",
            "name": f"{shop.words.agent} {shop.words.number(number + 1, 2)}",
            "role": "senior" if TEAMS[agent.team] == "experts" else "agent",
            "team_id": TEAMS[agent.team], "department_id": DEPARTMENT_OF_TEAM[agent.team],
            "languages": [shop.locale], "max_concurrency": agent.concurrency,
            "channels": [c.code for c in shop.channels if TEAM_OF_KIND[c.kind] == agent.team],
            "hired_at": hired, "active": True,
        }
        for number, agent in enumerate(h.staff.agents)
    ]  # fmt: skip


def _topics(h: Happened) -> list[Row]:
    words = h.timeline.shop.words
    parents = [{"id": category, "name": words.topics[category]} for category in CATEGORIES]
    return parents + [
        {
            "id": topic.id, "name": words.topics[topic.id], "parent_id": topic.category,
            "class": topic.sort, "product": words.products[topic.product],
        }
        for topic in TOPICS
    ]  # fmt: skip


def _tags(h: Happened) -> list[Row]:
    return [
        {
            "id": f"tag{number}", "name": name, "kind": "priority" if number in (3, 4) else "issue",
            "high_priority": number in (3, 4), "active": True,
        }
        for number, name in enumerate(h.timeline.shop.words.tags)
    ]  # fmt: skip


def _canned(h: Happened) -> list[Row]:
    shop = h.timeline.shop
    written = [channel.code for channel in shop.channels if channel.kind != VOICE]
    return [
        {
            "id": f"cr{number}", "shortcut": canned.shortcut, "title": canned.title,
            "body": canned.body, "channels": written, "language": shop.locale,
            "is_holding": canned.is_holding, "active": True, "created_by": "ag00",
            "updated_at": instant(h, 0) - dt.timedelta(days=30),
        }
        for number, canned in enumerate(shop.words.canned)
    ]  # fmt: skip


def _surveys(h: Happened) -> list[Row]:
    words = h.timeline.shop.words
    common = {"polarity": "high_good", "scope": "support", "active": True}
    return [
        {"id": "csat", "kind": "csat", "question": words.csat_question, "scale_min": 1,
         "scale_max": 5, "satisfied": [4, 5], "touchpoint": "support", **common},
        {"id": "nps", "kind": "nps", "question": words.nps_question, "scale_min": 0,
         "scale_max": 10, "satisfied": [9, 10], "touchpoint": "support", **common},
        {"id": "ces", "kind": "ces", "statement": words.ces_statement, "scale_min": 1,
         "scale_max": 7, "satisfied": [5, 6, 7], "touchpoint": "support", **common},
    ]  # fmt: skip


def _benchmarks(h: Happened) -> list[Row]:
    """Targets that the made-up shop has set for itself."""
    words = h.timeline.shop.words
    own = {"origin": "target", "valid_from": instant(h, 0)}
    made = [
        {"metric_id": "resolution_time", "value": 24 * 3600.0, "comparator": "at_most",
         "unit": "seconds", "name": words.targets["mail"]},
        {"metric_id": "reopen_rate", "value": 0.08, "comparator": "at_most", "unit": "share",
         "name": words.targets["mail"]},
        {"metric_id": "chat_satisfaction", "value": 0.75, "comparator": "at_least",
         "unit": "share", "name": words.targets["calls"]},
    ]  # fmt: skip
    seconds = {"realtime": 60.0, "voice": 30.0, MESSENGER: 1800.0, MAIL: 4 * 3600.0}
    made += [
        {"metric_id": "first_response", "scope": {"channel": channel.code},
         "value": seconds[channel.kind], "comparator": "at_most", "unit": "seconds",
         "name": channel.name}
        for channel in h.timeline.shop.channels
    ]  # fmt: skip
    return [{"id": f"target-{number}", **row, **own} for number, row in enumerate(made)]


def _context(h: Happened) -> list[Row]:
    words = h.timeline.shop.words
    scopes: dict[str, Any] = {
        "release": {"product": words.products["app"]},
        "bug": {"product": words.products["app"], "topic": "app-crash"},
        "campaign": {"topic": "discount-code", "url": "/sale-typo"},
        "outage": {"channel": "live_chat"},
    }
    return [
        {
            "id": f"event-{anomaly.kind}", "kind": anomaly.kind, "at": instant(h, anomaly.starts),
            "until": instant(h, anomaly.ends) if anomaly.ends > anomaly.starts else None,
            "title": words.events[anomaly.kind], "scope": scopes[anomaly.kind],
        }
        for anomaly in h.timeline.anomalies
    ]  # fmt: skip
