"""Intercom: conversations with their parts, people, ratings and Intercom's own statistics.

`client` asks the API, `dump` reads an export, `translate` makes records of either: `conversation`
and `tickets` tell one matter, `parts` and `hands` what happened in it, `figures` what Intercom
counted, `calls` and `people` the rest, by the words of `words` and the fields of `fields`.
`webhook` reads what Intercom sends by itself. README.md says what Intercom tells and what it does
not. May import `sources.helpdesk`; whoever wants it asks `sources.helpdesk.registry`.
"""

from __future__ import annotations

from typing import Final

from sanjeh.sources.helpdesk import Credential, Helpdesk, Stream
from sanjeh.sources.intercom.client import connect
from sanjeh.sources.intercom.dump import dump, recognises
from sanjeh.sources.intercom.translate import translation
from sanjeh.sources.intercom.webhook import WEBHOOK

HELPDESK: Final = Helpdesk(
    name="intercom",
    title="Intercom",
    streams=(
        Stream("admins", "teammates, and Operator", learnt=True),
        Stream("tags", "labels", learnt=True),
        Stream("teams", "teams of teammates"),
        Stream("companies", "the customers' companies", optional=True),
        Stream("contacts", "customers: users and leads"),
        Stream("conversations", "conversations with all their parts"),
        Stream("tickets", "tickets of customers, back office and trackers", optional=True),
        Stream("calls", "when calls rang, were picked up and ended", optional=True),
        Stream("articles", "pages of the help centre", optional=True),
        Stream("macros", "ready replies", optional=True),
        Stream("activity_logs", "when teammates went away and came back", optional=True),
    ),
    credentials=(
        Credential("TOKEN", "an access token of an app in Intercom's Developer Hub"),
        Credential("REGION", "where the workspace is: us, eu or au", secret=False, example="eu"),
    ),
    open=connect,
    translation=translation,
    dump=dump,
    recognises=recognises,
    webhook=WEBHOOK,
)
