"""Where work arrives: channels with their kind, teams with their calendar, the default."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact

# Kinds and idle gaps of well-known channels, for records that declare none (7.18, AMB-74).
MESSENGER_GAP = 24 * 3600
KNOWN = {
    "livechat": ("realtime", None), "chat": ("realtime", None), "webchat": ("realtime", None),
    "live_chat": ("realtime", None), "phone": ("voice", None), "call": ("voice", None),
    "voice": ("voice", None), "email": ("async", None), "e-mail": ("async", None),
    "ticket_form": ("async", None), "ticketform": ("async", None), "form": ("async", None),
    **dict.fromkeys(
        (
            "whatsapp", "telegram", "social", "instagram", "facebook", "messenger", "vk", "viber",
            "bale", "eitaa", "rubika", "twitter", "x", "line", "wechat", "sms",
        ),
        ("async", MESSENGER_GAP),
    ),
}  # fmt: skip


def known_channels() -> pa.Table:
    """The table above as rows; the engine loads it beside the ledger."""
    return pa.table(
        {
            "known_key": pa.array(KNOWN, pa.string()),
            "known_kind": pa.array([kind for kind, _ in KNOWN.values()], pa.string()),
            "known_gap": pa.array([gap for _, gap in KNOWN.values()], pa.int64()),
        }
    )


@fact(grain="one channel", scope="whole", reads=("channel",))
def channels(t: Tables) -> Any:
    """Channels by compared name: declared ones, and well-known ones with their usual kind."""
    c = t["channel"]
    declared = c.select(
        channel_key=text.key(c.code),
        channel_kind=c.kind,
        channel_calendar=c.calendar_id,
        idle_gap=c.idle_gap.cast("int64"),
    )
    declared = declared.group_by("channel_key").agg(
        channel_kind=ibis._.channel_kind.max(),
        channel_calendar=ibis._.channel_calendar.max(),
        idle_gap=ibis._.idle_gap.max(),
    )
    known = t["known_channels"]
    j = known.outer_join(declared, known.known_key == declared.channel_key)
    return j.select(
        channel_key=ibis.coalesce(j.channel_key, j.known_key),
        channel_kind=ibis.coalesce(j.channel_kind, j.known_kind),
        channel_calendar=j.channel_calendar,
        idle_gap=ibis.coalesce(j.idle_gap, j.known_gap),
    )


@fact(grain="one team", scope="whole", reads=("team",))
def team_calendars(t: Tables) -> Any:
    """The calendar of each team that has one."""
    k = t["team"]
    k = k.filter(k.calendar_id.notnull() & k.deleted_at.isnull())
    return k.select(team_id=k.id, team_calendar=k.calendar_id)


@fact(grain="the one default", scope="whole", reads=("business_calendar", "settings"))
def default_calendar(t: Tables) -> Any:
    """The calendar of the settings; where they name none and just one calendar exists, that.

    Where several sources have settings, those changed last.
    """
    b, s = t["business_calendar"], t["settings"]
    b = b.filter(b.deleted_at.isnull())
    only = b.agg(lone=b.id.max(), known=b.id.nunique())
    named = s.filter(s.calendar_id.notnull() & s.deleted_at.isnull())
    near = ibis.window(order_by=[named.version_at.fill_null(0).desc(), named.source.desc()])
    named = named.mutate(place=ibis.row_number().over(near))
    chosen = named.filter(named.place == 0).agg(chosen=ibis._.calendar_id.max())
    j = only.cross_join(chosen)
    return j.select(default_calendar=ibis.coalesce(j.chosen, ibis.cases((j.known == 1, j.lone))))


@fact(grain="one source with messages", scope="whole")
def talking_sources(t: Tables) -> Any:
    """Sources that record what was said; in others a chat without messages is not empty."""
    known = t["coverage"]
    return known.filter(known.kind == "message").select(talking_source="source")
