"""Intercom's own figures beside ours, counted as Intercom counts: ticket by ticket they agree."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from intercom_workspace import CONVERSATIONS, STREAMS
from record_homes import load
from sanjeh.checks.agreement import agreement
from sanjeh.home import Home
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.intercom import HELPDESK

COUNTED = (
    "answered and closed", "reopened twice", "rated with a remark", "over the weekend",
    "more parts than came",
)  # fmt: skip
OFFICE = {
    "kind": "business_calendar", "id": "office", "tz": "UTC",
    "weekly": [{"dow": day, "from": "09:00", "to": "17:00"}
               for day in ("mon", "tue", "wed", "thu", "fri")],
}  # fmt: skip


@pytest.mark.slow
def test_what_intercom_counted_is_what_we_count_as_intercom_does(tmp_path: Path) -> None:
    export = tmp_path / "conversations.json"
    export.write_text(json.dumps([*STREAMS["admins"], *(CONVERSATIONS[n] for n in COUNTED)]))
    home = Home(tmp_path / "home")
    import_dump(HELPDESK, export, home.ledger())
    load(home, [OFFICE], source="intercom")
    home.refresh()
    with closing(home.answers()) as answers:
        found = agreement(answers)
    told = {(m.measure, m.clock): (m.exact, m.incomplete, m.theirs, m.ours) for m in found.measures}
    assert told == {
        ("first_response", "calendar"): (2, 1, 420.0, 420.0),  # median of 240 and 600
        ("first_response", "business"): (1, 0, 1800.0, 1800.0),
        ("reply_time", "calendar"): (2, 0, 720.0, 720.0),  # median of 240 and 1,200
        ("reply_time", "business"): (1, 0, 1800.0, 1800.0),
        ("first_resolution", "calendar"): (2, 0, 1230.0, 1230.0),  # median of 1,800 and 660
        ("first_resolution", "business"): (1, 0, 3600.0, 3600.0),
        ("final_resolution", "calendar"): (2, 0, 45_900.0, 45_900.0),  # 1,800 and 90,000
        ("final_resolution", "business"): (1, 0, 3600.0, 3600.0),
        ("reopenings", None): (3, 1, 2.0, 2.0),
        ("csat", None): (1, 0, 4.0, 4.0),
    }
    assert not any(m.differing for m in found.measures)
