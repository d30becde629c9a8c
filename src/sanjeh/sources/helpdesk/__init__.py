"""What all helpdesks share: pages in, records out, resumed where the last commit stood.

A helpdesk is one folder beside this one (`zendesk/`, …) that declares a `Helpdesk`: a client (pages
of the vendor's JSON), a translation (pure: one payload to records) and a reader of its bulk export.
Everything else, from rate limits to what is told on the terminal, is here.
"""

from __future__ import annotations

from sanjeh.sources.helpdesk.contract import (
    Client,
    Credential,
    Helpdesk,
    Made,
    Page,
    Payload,
    Stream,
    Translation,
    Unreadable,
)

__all__ = [
    "Client",
    "Credential",
    "Helpdesk",
    "Made",
    "Page",
    "Payload",
    "Stream",
    "Translation",
    "Unreadable",
]
