"""What was true, from the draws and not from any figure of the product."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

from sanjeh.simulation.arrivals import Arrivals
from sanjeh.simulation.columns import Flags, Floats
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.log import AGENT, Fate, Origin, Said
from sanjeh.simulation.probabilities import MAIL, VOICE
from sanjeh.simulation.shops.shop import TOPICS
from sanjeh.simulation.talk import Talk
from sanjeh.simulation.voice import Opinions
from sanjeh.simulation.web import Sales

MATURES: Final = 7 * 86_400.0
ABOUT: Final = {
    "counts": "By the month of the shop's calendar in which the contact came, and by channel. Our "
    "own mails about a matter that came in otherwise are in none of them; proactive chats (begun "
    "by an invitation) are in all, and counted beside.",
    "handle_seconds": "Contacts served and ended: from acceptance to leaving, over all agents, "
    "with wrap-up. Of the silence before an automatic close 2 minutes count, of a silence on a "
    "messenger 5; a mail takes the time worked on it.",
    "fcr": "First contacts, served, ended 7 days before the end: solved, not escalated, no "
    "follow-up promised, ticket not reopened, the customer not back about it within 7 days. On "
    "messengers and by mail moreover at most one public answer; fcr_whole_thread is without that.",
    "satisfaction": "Share of scores 4 and 5 of 5 among all who were served, and among those who "
    "answered the survey.",
    "reopened": "Of tickets solved: whose customer was not content. A thanks is none.",
    "first_response": "Real-time and voice: from entering the queue to acceptance, which for a "
    "person's first words adds the typing. Mail: from the mail to the first answer.",
}


def truth(
    h: Happened, coming: Arrivals, t: Talk, o: Opinions, s: Sales, *, conversations: int
) -> dict[str, Any]:
    """A plain dictionary, ready for JSON."""
    whole = np.ones(h.size, dtype=np.bool_)
    inbound = h.origin != Origin.REPLY
    month = h.timeline.month_of(np.nan_to_num(h.at))
    measure = _Measure(h, t, o, s)
    channels = [channel.code for channel in h.timeline.shop.channels]
    rows = [
        {
            "month": label, "from": first.isoformat(), "until": last.isoformat(), "channel": code,
            **measure.of(inbound & (h.channel == place) & (month == number)),
        }
        for number, (label, first, last) in enumerate(h.timeline.months)
        for place, code in enumerate(channels)
    ]  # fmt: skip
    return {
        "synthetic": True,
        "shop": h.timeline.shop.words.shop,
        "locale": h.timeline.shop.locale,
        "tz": h.timeline.shop.tz,
        "month_calendar": h.timeline.shop.month_calendar,
        "seed": h.seed,
        "from": h.timeline.start.isoformat(),
        "until": h.timeline.until.isoformat(),
        "conversations_asked_for": conversations,
        "about": ABOUT,
        "total": measure.of(inbound & whole),
        "channels": {
            code: measure.of(inbound & (h.channel == place)) for place, code in enumerate(channels)
        },
        "months": rows,
        "expected_first_contacts": dict(
            zip(channels, np.round(coming.expected, 1).tolist(), strict=True)
        ),
        "conversation_records": int(h.is_visible.sum()),
        "tickets": _tickets(h),
        "topics": {
            topic.id: int((inbound & (h.topic == n)).sum()) for n, topic in enumerate(TOPICS)
        },
        "agents": len(h.staff.agents),
        "anomalies": _anomalies(h, coming),
        "probabilities": h.chances.as_dict(),
    }


class _Measure:
    """Counts and means over chosen contacts."""

    def __init__(self, h: Happened, t: Talk, o: Opinions, s: Sales) -> None:
        self.h, self.o, self.s = h, o, s
        public = (t.author == AGENT) & (t.said != Said.NOTE)
        self.answers = np.bincount(t.contact[public], minlength=h.size)
        self.done = (h.fate == Fate.SERVED) & h.has_ended
        self.handling = np.where(self.done, t.handling, np.nan)
        mail = h.kind == MAIL
        self.response = np.where(h.fate == Fate.SERVED, h.answered - _asked(h), np.nan)
        returned = h.returned_at - h.ended <= MATURES
        self.first = self.done & (h.origin == Origin.FIRST) & (h.ended + MATURES <= h.clock.cut)
        self.clean = h.is_solved & ~h.is_escalated & ~h.has_followup & ~h.was_reopened & ~returned
        slow = mail | (h.kind == "messenger")
        self.one_answer = np.where(slow, self.answers <= 1, True)

    def of(self, which: Flags) -> dict[str, Any]:
        """The figures of these contacts."""
        h, o = self.h, self.o
        fate = {
            name: int((which & (h.fate == value)).sum())
            for name, value in (
                ("served", Fate.SERVED), ("abandoned", Fate.MISSED), ("offline", Fate.OFFLINE),
                ("bot_only", Fate.BOT), ("pending", Fate.PENDING), ("empty", Fate.EMPTY),
                ("noise", Fate.NOISE), ("spam", Fate.SPAM),
            )
        }  # fmt: skip
        first, done = which & self.first, which & self.done
        asked, answered = which & o.asked, which & o.answered
        proactive = which & h.is_proactive
        return {
            "arrivals": int(which.sum()),
            **fate,
            "proactive": int(proactive.sum()),
            "proactive_served": int((proactive & (h.fate == Fate.SERVED)).sum()),
            "proactive_abandoned": int((proactive & (h.fate == Fate.MISSED)).sum()),
            "redials": int((which & (h.origin == Origin.REDIAL)).sum()),
            "returns": int((which & (h.origin == Origin.RETURN)).sum()),
            "handled": int(done.sum()),
            "handle_seconds_mean": _rounded(np.nanmean, self.handling[done]),
            "handle_seconds_median": _rounded(np.nanmedian, self.handling[done]),
            "response_seconds_mean": _rounded(np.nanmean, self.response[done]),
            "response_seconds_median": _rounded(np.nanmedian, self.response[done]),
            "first_contacts": int(first.sum()),
            "fcr": _share(first & self.clean & self.one_answer, first),
            "fcr_whole_thread": _share(first & self.clean, first),
            "transferred_share": _share(done & h.is_transferred, done),
            "satisfied_all": _share(done & (o.score >= 4), done),
            "satisfied_responders": _share(answered & (o.score >= 4), answered),
            "surveys_sent": int(asked.sum()),
            "surveys_answered": int(answered.sum()),
            "conversions": int((which & ~np.isnan(self.s.at) & ~self.s.cancelled).sum()),
            "conversions_expected": round(
                float(self.s.chance[which].sum()) * (1 - h.chances.conversion_cancelled), 1
            ),
        }


def _asked(h: Happened) -> Floats:
    return np.where((h.kind == MAIL) | (h.kind == VOICE) | np.isnan(h.queued), h.at, h.queued)


def _rounded(statistic: Any, values: Floats) -> float | None:
    values = values[~np.isnan(values)]
    return round(float(statistic(values)), 3) if len(values) else None


def _share(part: Flags, whole: Flags) -> float | None:
    size = int(whole.sum())
    return round(int(part.sum()) / size, 6) if size else None


def _tickets(h: Happened) -> dict[str, Any]:
    solved = [t for t in h.log.tickets if t.first_solved_at <= h.clock.cut]
    reopened = sum(t.reopened for t in solved)
    return {
        "created": len(h.log.tickets),
        "solved": len(solved),
        "reopened": reopened,
        "reopened_share": round(reopened / len(solved), 6) if solved else None,
        "reopen_probability": h.chances.reopens,
        "escalations": sum(1 for row in h.log.escalations if row[2] <= h.clock.cut),
    }


def _anomalies(h: Happened, coming: Arrivals) -> list[dict[str, Any]]:
    origin = h.clock.origin / 1e6
    zone = dt.UTC
    return [
        {
            "kind": anomaly.kind,
            "title": h.timeline.shop.words.events[anomaly.kind],
            "from": dt.datetime.fromtimestamp(origin + anomaly.starts, zone).isoformat(),
            "until": dt.datetime.fromtimestamp(origin + anomaly.ends, zone).isoformat(),
            "topic": None if anomaly.topic is None else TOPICS[anomaly.topic].id,
            "channel": anomaly.channel,
            "contacts_added": coming.added.get(anomaly.kind, 0),
            "contacts_lost": coming.lost.get(anomaly.kind, 0),
        }
        for anomaly in h.timeline.anomalies
    ]
