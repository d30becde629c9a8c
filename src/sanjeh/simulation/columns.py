"""Columns and draws: seeded dice, instants, ids and words as Arrow arrays, all vectorised."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from sanjeh.simulation.probabilities import Lognormal, Weibull

# The stubs of pyarrow's kernels do not know every overload.
pc: Any = pyarrow.compute
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
INSTANT = pa.timestamp("us", tz="UTC")


class Dice:
    """Random numbers of one purpose: the same seed and purpose give the same numbers."""

    def __init__(self, seed: int, purpose: str) -> None:
        self.draw = np.random.default_rng([seed, zlib.crc32(purpose.encode())])

    def chance(self, size: int) -> Floats:
        """Evenly between 0 and 1."""
        return self.draw.random(size)

    def between(self, low: float, high: float, size: int) -> Floats:
        """Evenly between two numbers."""
        return self.draw.uniform(low, high, size)

    def lognormal(self, law: Lognormal, size: int) -> Floats:
        """Amounts of a lognormal law."""
        return law.median * np.exp(law.spread * self.draw.standard_normal(size))

    def weibull(self, law: Weibull, size: int) -> Floats:
        """Amounts of a Weibull law."""
        return law.scale * self.draw.weibull(law.shape, size)

    def pick(self, weights: Sequence[float], size: int) -> Ints:
        """Places 0, 1, … with the given weights."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(edges / edges[-1], self.draw.random(size), side="right")

    def place(self, count: int, size: int) -> Ints:
        """Places 0 to count - 1, all alike."""
        return self.draw.integers(0, count, size)


@dataclass(frozen=True)
class Clock:
    """Seconds since the operation's first midnight, as instants; nothing after `cut` is known."""

    origin: int  # microseconds since 1970, UTC
    cut: float  # seconds

    def micros(self, seconds: Floats) -> Ints:
        """Microseconds since 1970, to the millisecond. Unknown (NaN) becomes 0."""
        whole = np.rint(np.nan_to_num(np.minimum(seconds, 1e10)) * 1000).astype(np.int64)
        return np.asarray(self.origin + whole * 1000)

    def instants(self, seconds: Floats) -> Any:
        """Instants; null where unknown or after the cut."""
        return self.planned(np.where(seconds <= self.cut, seconds, np.nan))

    def planned(self, seconds: Floats) -> Any:
        """Instants that may lie after the cut, such as the end of a shift; null where unknown."""
        return pa.array(self.micros(seconds), pa.int64(), mask=np.isnan(seconds)).cast(INSTANT)


def identifiers(prefix: str, numbers: Any, width: int = 0, known: Any = None) -> Any:
    """Ids such as c00042; null where not known."""
    given = np.asarray(numbers, dtype=np.int64)
    mask = None if known is None else ~np.asarray(known)
    texts: Any = pa.array(given, pa.int64(), mask=mask).cast(pa.string())
    if width:
        texts = pc.utf8_lpad(texts, width=width, padding="0")
    return pc.binary_join_element_wise(prefix, texts, "")


def chosen(places: Any, words: Sequence[Any], known: Any = None) -> Any:
    """The word at each place; null where not known or where the word is None."""
    mask = None if known is None else ~np.asarray(known)
    places = pa.array(np.asarray(places, dtype=np.int64), pa.int64(), mask=mask)
    return pc.take(pa.array(list(words)), places)


def one_of(flags: Any, yes: str, no: str | None = None) -> Any:
    """One word where the flag holds, the other where not."""
    return chosen(np.asarray(flags).astype(np.int64), (no, yes))


def maybe(values: Any, known: Any, type_: Any = None) -> Any:
    """Values; null where not known."""
    return pa.array(values, type_, mask=~np.asarray(known))


def repeated(value: Any, size: int) -> Any:
    """One value over and over."""
    return pa.repeat(pa.scalar(value), size)
