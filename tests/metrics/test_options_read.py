"""The options listed with a metric are those that its code looks at."""

from __future__ import annotations

import pytest

from sanjeh.answers.choices import options_of
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.reading import options_read


@pytest.mark.parametrize(
    ("metric", "options"),
    [
        ("reopen_rate", ["reopen.window"]),  # in the measure and in `pending`
        ("short_chat_share",
         ["length.short_max", "messages.include_bot", "messages.unit"]),  # and in `prepare`
        ("chats_with_tag", ["tags.include_auto"]),  # through a function of the module
        ("new_tickets", []),
    ],
)  # fmt: skip
def test_options_are_found_wherever_a_declaration_looks_at_them(
    metric: str, options: list[str]
) -> None:
    assert options_read(METRICS[metric]) == options


def test_a_figure_made_of_others_has_their_options() -> None:
    assert "canned.typing_cps" in options_of(METRICS["canned_time_saved_per_chat"])
    assert "agents.base" in options_of(METRICS["requests_per_agent"])
