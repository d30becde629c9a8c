"""Numbers and shares as each language writes them (requirements D5 and 7.20)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sanjeh.words.digits import persian_digits

DASH = "—"
MINUS = "\u2212"


@dataclass(frozen=True)
class NumberStyle:
    """How one language writes a number: marks, percent sign, digits."""

    decimal: str
    group: str
    percent: str
    persian: bool = False


LOCALES: dict[str, NumberStyle] = {
    "en": NumberStyle(decimal=".", group=",", percent="%"),
    "fa": NumberStyle(decimal="٫", group="٬", percent="٪", persian=True),
    "ru": NumberStyle(decimal=",", group="\u00a0", percent="\u00a0%"),
}


def style_of(locale: str) -> NumberStyle:
    """The style of a locale; `fa-IR` counts as `fa`, an unknown one as `en`."""
    return LOCALES.get(locale.replace("_", "-").split("-")[0].lower(), LOCALES["en"])


def number(value: float | None, locale: str = "en", *, places: int | None = None) -> str:
    """The number with its language's marks and digits; null is a dash.

    `places` fixes the decimals (half rounds away from zero); without it a whole number has none
    and another has up to two.
    """
    if value is None or not math.isfinite(value):
        return DASH
    style = style_of(locale)
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-_places(value, places)), ROUND_HALF_UP)
    plain = f"{abs(exact):,f}"
    if places is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    plain = plain.translate({ord(","): style.group, ord("."): style.decimal})
    sign = MINUS if exact < 0 else ""
    return sign + (persian_digits(plain) if style.persian else plain)


def _places(value: float, places: int | None) -> int:
    if places is not None:
        return places
    return 0 if float(value).is_integer() else 2


def signed(value: float | None, locale: str = "en", *, places: int | None = None) -> str:
    """The number with its sign always written, as NPS and changes are; zero has none."""
    text = number(value, locale, places=places)
    return f"+{text}" if value is not None and value > 0 and text != DASH else text


def percent(share: float | None, locale: str = "en", *, places: int = 1) -> str:
    """A share (0 to 1) as percent, one decimal unless told otherwise; null is a dash."""
    if share is None or not math.isfinite(share):
        return DASH
    scaled = float(Decimal(str(share)) * 100)
    return number(scaled, locale, places=places) + style_of(locale).percent


def balance(points: float | None, locale: str = "en") -> str:
    """Points from -100 to 100 with their sign, one decimal where they are not whole; D5."""
    whole = points is None or float(round(points, 1)).is_integer()
    return signed(points, locale, places=0 if whole else 1)
