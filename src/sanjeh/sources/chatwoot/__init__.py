"""Chatwoot: conversations, messages, reporting events and ratings of an account, as records.

`client.py` reads the API, `dump.py` files of it, `webhook.py` what the server sends of itself;
`translate.py` reads one payload; `marks.py` and `history.py` put together what happened in one
conversation from sentences (`sentences.py`), reporting events and messages. README.md says, record
kind by record kind, what Chatwoot tells and what stays empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sanjeh.sources.chatwoot.client import ChatwootClient
from sanjeh.sources.chatwoot.dump import dump, recognises
from sanjeh.sources.chatwoot.translate import ChatwootTranslation
from sanjeh.sources.chatwoot.webhook import WEBHOOK
from sanjeh.sources.errors import SourceError
from sanjeh.sources.helpdesk.contract import Credential, Helpdesk, Stream
from sanjeh.sources.helpdesk.http import Http, account_address

STREAMS: Final = (
    Stream("agents", "who answers", learnt=True),
    Stream("agent_bots", "bots that answer", learnt=True, optional=True),
    Stream("teams", "groups of agents, with their members", learnt=True, optional=True),
    Stream("inboxes", "channels and their open hours", learnt=True),
    Stream("labels", "labels of conversations", optional=True),
    Stream("canned_responses", "ready replies", optional=True),
    Stream("contacts", "customers, newest activity first"),
    Stream("conversations", "conversations, newest activity first, with all that belongs to them"),
    Stream("messages", "what was said; comes with its conversation"),
    Stream("csat_survey_responses", "ratings; open to administrators", optional=True),
)


def _open(http: Http, given: Mapping[str, str]) -> ChatwootClient:
    number = given["ACCOUNT"].strip()
    if not number.isdecimal():
        raise SourceError(
            f"{number!r} is no number of a Chatwoot account; it stands in the address of the "
            "dashboard: /app/accounts/NUMBER."
        )
    address = f"{account_address(given['ADDRESS'])}/api/v1/accounts/{number}"
    return ChatwootClient(http.at(address, headers={"api_access_token": given["TOKEN"].strip()}))


HELPDESK: Final = Helpdesk(
    name="chatwoot",
    title="Chatwoot",
    streams=STREAMS,
    credentials=(
        Credential(
            "ADDRESS", "the server's address", secret=False, example="https://app.chatwoot.com"
        ),
        Credential("ACCOUNT", "the account's number", secret=False, example="1"),
        Credential("TOKEN", "the access token of an administrator's profile"),
    ),
    open=_open,
    translation=lambda account: ChatwootTranslation(),
    dump=dump,
    recognises=recognises,
    webhook=WEBHOOK,
)
