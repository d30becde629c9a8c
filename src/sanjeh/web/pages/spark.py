"""A tiny trend: a figure over time as a line the height of its row, drawn as a picture of its own.

Pictures load after the page, one by one, so that a page of many figures need not wait for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from sanjeh.answers.ask import NothingImported
from sanjeh.metrics.registry import Address, find
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.seen import REFUSED, Seen
from sanjeh.web.pages.series import drawn_of, grain_of, since

WIDTH, HEIGHT, ROOM = 100.0, 24.0, 3.0
STYLE = (
    "path{fill:none;stroke:#0a5a78;stroke-width:1.6;vector-effect:non-scaling-stroke;"
    "stroke-linejoin:round;stroke-linecap:round}"
    "@media(prefers-color-scheme:dark){path{stroke:#7cc3e0}}"
)
SECONDS = 300  # the figures of a period change with the next import, not within minutes


def picture(address: Address, asked: Asked, language: Language) -> Markup:
    """The place of a figure's tiny trend on a page."""
    path = f"{blocks.figure_path(str(address))}spark.svg"
    said = language.text("site.sides.trend_of", name=language.title(address.metric.name))
    return tag("img", src=asked.link(path), alt=said, width="100", height="24", loading="lazy",
               class_="spark")  # fmt: skip


def show(request: HttpRequest, metric: str) -> HttpResponse:
    """The picture; empty where there is nothing to draw."""
    values: list[float | None] = []
    try:
        address = drawn_of(find(metric))
        asked = Asked.of(request.GET)
        with doors().answers(follows=True) as answers:
            seen = Seen(answers, request.seat.viewer)  # type: ignore[attr-defined]
            enquiry = enquiry_of(seen, asked)
            if address is not None and enquiry.has(str(address)):
                grain = grain_of(enquiry)
                where = asked.question(str(address)).where
                start, clock = since(enquiry, grain), enquiry.scope.clock
                day = clock.local(enquiry.scope.period.end).date()
                end = clock.instant(clock.floor(day, grain))  # what the period cuts is not drawn
                found = start < end and enquiry.ask(
                    str(address), grain=grain, start=start, end=end, where=where
                )
                values = [
                    None if r.value is None else float(r.value)
                    for r in (found.results(str(address)) if found else ())
                    if r.bucket and not r.bucket["is_partial"]
                ]
    except NothingImported:
        return HttpResponse(drawn([]), content_type="image/svg+xml", status=404)
    except REFUSED:
        return HttpResponse(drawn([]), content_type="image/svg+xml", status=400)
    response = HttpResponse(drawn(values), content_type="image/svg+xml")
    response.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    return response


def drawn(values: Sequence[float | None]) -> str:
    """A line from the oldest value to the newest; it breaks where there is no figure."""
    known = [v for v in values if v is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    room = (high - low) or 1.0
    step = (WIDTH - 2 * ROOM) / max(len(values) - 1, 1)
    path, pen = [], "M"
    for n, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        part = (value - low) / room if high > low else 0.5
        x, y = ROOM + n * step, HEIGHT - ROOM - part * (HEIGHT - 2 * ROOM)
        alone = pen == "M" and (n + 1 == len(values) or values[n + 1] is None)
        path.append(f"{pen}{x:.1f} {y:.1f}" + ("h0.1" if alone else ""))
        pen = "L"
    line = f'<path d="{"".join(path)}"/>' if path else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'preserveAspectRatio="none"><style>{STYLE}</style>{line}</svg>'
    )
