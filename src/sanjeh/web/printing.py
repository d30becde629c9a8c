"""From markup to PDF and PNG, by PlutoBook: no browser, no network, our own fonts.

Only style and fonts of ours are read; whatever else markup asks for is empty. PlutoBook has no
grid, so that print.css lays pages out in simple blocks and tables.
"""

from __future__ import annotations

import io
import threading
from functools import cache
from pathlib import Path
from typing import Any

import plutoprint

import sanjeh.report
from sanjeh.report.markup import Markup, tag

STATIC = Path(__file__).parent / "static" / "web"
FONTS = STATIC / "fonts"
SHEETS = (
    STATIC / "fonts.css", Path(sanjeh.report.__file__).parent / "style" / "charts.css",
    STATIC / "print.css",
)  # fmt: skip
BASE = "https://sanjeh.invalid/"
PICTURE = (720.0, 400.0)  # points: a picture is 960 pixels wide, and drawn twice as fine
FINE = 2
_one_at_a_time = threading.Lock()


class OwnFiles(plutoprint.ResourceFetcher):
    """Fonts of ours by their names; nothing from anywhere else."""

    def fetch_url(self, url: str) -> Any:
        """The file, or an empty one."""
        name = url.rpartition("/")[2]
        found = fonts().get(name) if url.startswith(f"{BASE}fonts/") else None
        return plutoprint.ResourceData(found or b"", "font/woff" if found else "text/plain")


@cache
def fonts() -> dict[str, bytes]:
    """The fonts by file name."""
    return {file.name: file.read_bytes() for file in FONTS.glob("*.woff")}


@cache
def style() -> Markup:
    """The style of everything that is printed."""
    return Markup("".join(sheet.read_text("utf-8") for sheet in SHEETS))


def document(
    body: Markup, *, title: str, code: str, direction: str, edges: str = "", class_: str = "paper"
) -> Markup:
    """A whole document of its own; edges: style of what stands in the margins of pages."""
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("title", title),
        tag("style", style(), Markup(edges)),
    )  # fmt: skip
    made = tag("html", head, tag("body", body, class_=class_), lang=code, dir=direction)
    return Markup("<!DOCTYPE html>\n" + made)


def quoted(text: str) -> str:
    """Text as a string of a style sheet: all but plain letters and digits escaped."""
    safe = (c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return f'"{"".join(safe)}"'


def pdf(made: Markup, title: str) -> bytes:
    """The document on A4 pages."""
    book = plutoprint.Book(
        plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NORMAL, plutoprint.MEDIA_TYPE_PRINT
    )
    book.custom_resource_fetcher = OwnFiles()
    out = io.BytesIO()
    with _one_at_a_time:
        book.load_html(made, base_url=BASE)
        book.set_metadata(plutoprint.PDF_METADATA_TITLE, title)
        book.set_metadata(plutoprint.PDF_METADATA_CREATOR, "Sanjeh")
        book.write_to_pdf_stream(out)
    return out.getvalue()


def png(made: Markup) -> bytes:
    """The document as a picture, as tall as it needs to be."""
    book = plutoprint.Book(
        plutoprint.PageSize(*PICTURE), plutoprint.PAGE_MARGINS_NONE, plutoprint.MEDIA_TYPE_SCREEN
    )
    book.custom_resource_fetcher = OwnFiles()
    out = io.BytesIO()
    with _one_at_a_time:
        book.load_html(made, base_url=BASE)
        book.write_to_png_stream(out, int(book.get_viewport_width() * FINE))
    return out.getvalue()
