"""The rows of an import that were not understood: line, column, value, why; as a file too."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanjeh.answers.exports import write_csv
from sanjeh.report.markup import render, tag
from sanjeh.web.jobs.uploading import changing
from sanjeh.web.pages import blocks
from sanjeh.web.pages.exports import BOM
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for

SHOWN = 200
COLUMNS = ("line", "column", "value", "reason", "lost")


@require_GET
@changing
def show(request: HttpRequest, batch: int) -> HttpResponse:
    """The first of them, and the way to all."""
    language = language_for(request)
    place = needed(batch)
    head = tag("tr", (tag("th", language.text(f"site.rejects.{c}"), scope="col") for c in COLUMNS))
    rows = []
    for reject in islice(rejects(place), SHOWN):
        lost = language.text(f"site.rejects.losses.{reject['lost']}")
        value = tag("bdi", (reject["value"] or "")[:200])
        column = tag("bdi", reject["column"] or "")
        why = language.told(reject["reason"])
        cells = (language.number(reject["line"]), column, value, why, lost)
        rows.append(tag("tr", (tag("td", cell) for cell in cells)))
    title = language.text("site.rejects.title")
    more = None
    if len(rows) == SHOWN:
        more = tag("p", language.text("site.rejects.more", n=language.number(SHOWN)), class_="note")
    take = tag(
        "a", language.text("site.rejects.file"), href=reverse("data-rejects-file", args=[batch])
    )
    body = render(
        tag("h1", title),
        tag("p", language.text("site.rejects.lead"), class_="summary"), tag("p", take), more,
        tag("div", blocks.scrolling(head, rows), class_="told-table"), tag("p", take),
    )  # fmt: skip
    return shown(request, title, body)


@require_GET
@changing
def file(request: HttpRequest, batch: int) -> HttpResponse:
    """All of them as CSV, with their rows as written; no cell is a formula."""
    place = needed(batch)
    rows = [flat(reject) for reject in rejects(place)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    out.write(BOM)
    write_csv(rows, columns, language_for(request).code, out)
    trace(request.seat.name, "took a file", f"rejects of import {batch}")  # type: ignore[attr-defined]
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rejects-{batch}.csv"'
    return response


def needed(batch: int) -> Path:
    """The file of an import's rejects; a page that is not there where it has none."""
    place = path_of(batch)
    if not place.exists():
        raise Http404(batch)
    return place


def path_of(batch: int) -> Path:
    """Where the rejects of an import lie, if it has any."""
    return Path(settings.HOME) / "rejects" / f"{batch}.jsonl"


def rejects(place: Path) -> Iterator[dict[str, Any]]:
    """One after another."""
    with place.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def flat(reject: dict[str, Any]) -> dict[str, Any]:
    """A reject with its row's cells beside it, under the row's own headings."""
    row = reject["row"]
    cells = row if isinstance(row, dict) else {"row": row}
    found = {name: reject[name] for name in COLUMNS}
    return found | {
        (f"{name} (row)" if name in COLUMNS else name): text_of(cell)
        for name, cell in cells.items()
    }


def text_of(cell: Any) -> Any:
    """A cell as it stands in a file."""
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    return cell
