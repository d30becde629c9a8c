"""Intervals at 95 %: Wilson for shares, Student for means, Wald for NPS (7.21)."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


def wilson(successes: int, n: int) -> tuple[float, float] | None:
    """Wilson's score interval of a share; None over no rows."""
    if n <= 0:
        return None
    p, z2 = successes / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def wald(up: int, down: int, n: int) -> float:
    """Half the width of Wald's interval of 100 (up - down) / n, in points (N1.3)."""
    p, d = up / n, down / n
    return 100 * Z * math.sqrt((p + d - (p - d) ** 2) / n)


def student(mean: float, deviation: float, n: int) -> tuple[float, float] | None:
    """Student's interval of a mean from the sample's standard deviation; None below two rows."""
    if n < 2 or math.isnan(deviation):
        return None
    half = student_quantile(n - 1) * deviation / math.sqrt(n)
    return mean - half, mean + half


@cache
def student_quantile(freedom: int) -> float:
    """The 97.5 % point of Student's t: by bisection on its distribution, by series beyond 200."""
    if freedom > 200:
        first = (Z**3 + Z) / (4 * freedom)
        return Z + first + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom * freedom)
    low, high = 0.0, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        if _student_below(middle, freedom) < 0.975:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _student_below(t: float, freedom: int) -> float:
    """P(T <= t) for t >= 0; Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    term, total = 1.0, 0.0
    if freedom % 2:
        if freedom > 1:
            term = cosine
            total = term
            for k in range(3, freedom - 1, 2):
                term *= cosine * cosine * (k - 1) / k
                total += term
        share = 2 / math.pi * (angle + sine * total)
    else:
        total = 1.0
        for k in range(2, freedom - 1, 2):
            term *= cosine * cosine * (k - 1) / k
            total += term
        share = sine * total
    return 0.5 + share / 2
