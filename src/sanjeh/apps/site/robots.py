"""What a browser's own words tell: the device, and whether it is a machine."""

from __future__ import annotations

import re
from typing import Final

MACHINES: Final = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|headless|phantom|lighthouse|preview|monitor|pingdom|uptime"
    r"|facebookexternalhit|whatsapp|curl|wget|python|java/|okhttp|go-http|libwww|scrapy|httpclient"
    r"|feed|archiver|validator|scan|axios|node-fetch|puppeteer|playwright",
    re.IGNORECASE,
)
TABLETS: Final = re.compile(r"ipad|tablet|kindle|silk|playbook|android(?!.*mobile)", re.IGNORECASE)
PHONES: Final = re.compile(r"mobi|iphone|ipod|android|windows phone", re.IGNORECASE)
PAGES_OF_A_MACHINE: Final = 20
SECONDS_OF_A_MACHINE: Final = 10
"""So many pages within so many seconds are read by no person."""


def is_machine(agent: str) -> bool:
    """Whether the header User-Agent is a machine's, or missing."""
    return not agent.strip() or MACHINES.search(agent) is not None


def device(agent: str) -> str:
    """phone, tablet or computer."""
    if TABLETS.search(agent):
        return "tablet"
    return "phone" if PHONES.search(agent) else "computer"
