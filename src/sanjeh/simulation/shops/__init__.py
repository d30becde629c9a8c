"""The three shops that are simulated, one module each, in the words of their language.

Only `sanjeh.simulation` imports this. To add a shop, write a module with a `SHOP` and name it
in `SHOPS`; its topics, teams and channel kinds are those of `shop.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sanjeh.simulation.shops import english, persian, russian
from sanjeh.simulation.shops.shop import Shop

SHOPS: Final[Mapping[str, Shop]] = MappingProxyType(
    {"fa": persian.SHOP, "ru": russian.SHOP, "en": english.SHOP}
)

__all__ = ["SHOPS", "Shop"]
