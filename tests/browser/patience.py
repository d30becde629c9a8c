"""Waiting for what a page comes to, where its policy forbids the browser tool's own way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def until(page: Page, expression: str, seconds: float = 30) -> None:
    """Wait until a page's own expression holds.

    `wait_for_function` asks by `eval` from the second time on, which a strict policy forbids.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(50)
