"""Zendesk: Support, and Chat and Talk where the account has them.

`client` asks the API and `dump` reads exports; both hand the same payloads to `translate`, which
reads each sort with a function of `tickets`, `audits`, `words`, `account`, `surveys`, `chats` or
`calls`. `reading` holds Zendesk's plain values and what a translation has learnt, `fields` the
fields that are known. What Zendesk tells, and what it does not, stands in README.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sanjeh.sources.helpdesk.contract import Credential, Helpdesk, Stream
from sanjeh.sources.helpdesk.http import Http, account_address
from sanjeh.sources.zendesk.client import ZendeskClient
from sanjeh.sources.zendesk.dump import dump, dump_learnt, recognises
from sanjeh.sources.zendesk.translate import Translation
from sanjeh.sources.zendesk.webhook import WEBHOOK

STREAMS: Final = (
    Stream("agents", "who answers: agents and admins", learnt=True),
    Stream("custom_statuses", "the account's own statuses", learnt=True, optional=True),
    Stream("ticket_fields", "the account's own fields", learnt=True),
    Stream("ticket_forms", "forms of tickets", learnt=True, optional=True),
    Stream("brands", "brands", learnt=True, optional=True),
    Stream("macros", "ready replies", learnt=True),
    Stream("groups", "teams"),
    Stream("organizations", "companies of customers"),
    Stream("users", "customers, and staff once more"),
    Stream("schedules", "open hours with their holidays", optional=True),
    Stream("sla_policies", "targets", optional=True),
    Stream("tickets", "tickets, each with its audits"),
    Stream("ticket_audits", "audits and comments as exports list them"),
    Stream("ticket_metrics", "Zendesk's own figures as exports list them"),
    Stream("ticket_metric_events", "Zendesk's own clocks", optional=True),
    Stream("deleted_tickets", "tickets deleted in the last thirty days", optional=True),
    Stream("satisfaction_ratings", "ratings offered and given", optional=True),
    Stream("chats", "Zendesk Chat: chats", optional=True),
    Stream("shortcuts", "Zendesk Chat: ready replies", optional=True),
    Stream("agent_timeline", "Zendesk Chat: who was online", optional=True),
    Stream("calls", "Zendesk Talk: calls", optional=True),
    Stream("call_legs", "Zendesk Talk: who took them", optional=True),
)


def open_account(http: Http, given: Mapping[str, str]) -> ZendeskClient:
    """The client of one account: an API token of the person named, or an OAuth token alone."""
    address = account_address(given["SUBDOMAIN"], "zendesk.com")
    token, person = given["TOKEN"], given.get("EMAIL", "")
    if person:
        return ZendeskClient(http.at(address, basic=(f"{person}/token", token)))
    return ZendeskClient(http.at(address, headers={"Authorization": f"Bearer {token}"}))


HELPDESK: Final = Helpdesk(
    name="zendesk",
    title="Zendesk",
    streams=STREAMS,
    credentials=(
        Credential("SUBDOMAIN", "the account: the first word of its address", False, "acme"),
        Credential(
            "EMAIL", "whose API token it is; empty for an OAuth token", False, "ann@acme.example"
        ),
        Credential("TOKEN", "an API token of an admin, or an OAuth token that may read"),
    ),
    open=open_account,
    translation=Translation,
    dump=dump,
    dump_learnt=dump_learnt,
    recognises=recognises,
    webhook=WEBHOOK,
)
