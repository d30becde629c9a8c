"""A metric is found by its address, and by the id of a requirement that it serves."""

from __future__ import annotations

import pytest

from sanjeh.metrics.registry import UnknownMetric, find


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("resolution_time", "resolution_time"),
        ("resolution_time.mean@calendar", "resolution_time"),
        ("resolution_time.p90@open", "resolution_time.p90@open"),
        ("T1.median", "resolution_time.median"),
        ("t1.1", "complex_resolution_time"),
        ("V1", "requests"),
        ("V3.2", "chats_per_agent"),
        ("Q6", "customer_growth"),
        ("reopenings~zendesk", "reopenings~zendesk"),
        ("resolution_time.p90@open~zendesk", "resolution_time.p90@open~zendesk"),
    ],
)
def test_address_is_found(asked: str, address: str) -> None:
    assert str(find(asked)) == address


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("resolution_tim", "resolution_time"),
        ("resolution_time.p91", "p90"),
        ("requests@open", "calendar"),
        ("requests~zendisk", "zendesk"),
        ("V99", "metrics"),
        ("a b", "address"),
    ],
)
def test_unknown_address_is_explained(asked: str, said: str) -> None:
    with pytest.raises(UnknownMetric, match=said):
        find(asked)
