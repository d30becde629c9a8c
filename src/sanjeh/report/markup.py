"""HTML from Python values: whatever is not markup already is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "rect", "line", "path", "circle"})
PLAIN = ("meta", "link", "br", "hr", "img", "input")  # void in HTML, where a slash means nothing


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def render(*parts: Any) -> Markup:
    """The parts one after another: text escaped, markup as it is, lists flattened, None nothing."""
    return Markup("".join(_pieces(parts)))


def _pieces(parts: Iterable[Any]) -> Iterable[str]:
    for part in parts:
        if part is None:
            continue
        if isinstance(part, Markup):
            yield part
        elif isinstance(part, str):
            yield html.escape(part)
        elif isinstance(part, Iterable):
            yield from _pieces(part)
        else:
            yield html.escape(str(part))


def tag(name: str, /, *children: Any, **attributes: Any) -> Markup:
    """An element. `class_` is class; underscores inside a name are hyphens; None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID and not children:
        return Markup(f"<{name}{given}>" if name in PLAIN else f"<{name}{given}/>")
    return Markup(f"<{name}{given}>{render(*children)}</{name}>")


def filled(template: str, parts: Mapping[str, Any]) -> Markup:
    """A sentence with its `{places}` filled; what fills them may be markup."""
    pieces: list[Any] = []
    rest = template
    while rest:
        text, brace, after = rest.partition("{")
        pieces.append(text)
        if not brace:
            break
        name, _, rest = after.partition("}")
        pieces.append(parts[name])
    return render(*pieces)


def coded(text: str) -> Markup:
    """Text in which `backticks` set code; markup stays as it is."""
    pieces = (text if isinstance(text, Markup) else render(text)).split("`")
    whole = len(pieces) % 2 == 1
    return Markup(
        "".join(
            tag("code", Markup(piece)) if whole and n % 2 else piece
            for n, piece in enumerate(pieces)
        )
    )
