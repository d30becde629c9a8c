"""Figures and rows as files: the same numbers as the page and the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanjeh.answers.ask import NothingImported
from sanjeh.answers.exports import answer_rows, write_csv
from sanjeh.answers.question import QuestionError
from sanjeh.answers.working import working
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.rows import period_question
from sanjeh.web.pages.seen import REFUSED, Seen
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for

FORMATS = ("csv", "xlsx", "json")
ALL = 2_000_000
BOM = "\ufeff"  # or a spreadsheet reads Persian as Latin
View = Callable[..., HttpResponse]


def file(view: View, formats: Sequence[str] = FORMATS) -> View:
    """A file for those who may take one; what cannot be asked is plain text."""

    @require_GET
    @wraps(view)
    def handle(request: HttpRequest, metric: str) -> HttpResponse:
        place = request.seat  # type: ignore[attr-defined]
        form = request.GET.get("format", formats[0])
        if form not in formats:
            raise Http404(form)
        try:
            asked = Asked.of(request.GET)
            with doors().answers() as answers:
                made = view(request, Seen(answers, place.viewer), asked, metric, form)
        except (*REFUSED, NothingImported) as error:
            return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
        trace(place.name, "took a file", f"{request.path} {form}")
        return made

    return handle


@file
def figure_file(
    request: HttpRequest, seen: Seen, asked: Asked, metric: str, form: str
) -> HttpResponse:
    """A figure, in its groups if the address names any."""
    enquiry = enquiry_of(seen, asked)
    unfit = enquiry.unfit(metric)
    if unfit:
        raise QuestionError(f"{metric} cannot be filtered by {' or '.join(unfit)}")
    found = enquiry.ask(
        metric, by=asked.by, grain=asked.grain, where=asked.question(metric).where
    ).told
    if form == "json":
        text = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
        return download(text, metric, form, "application/json")
    rows, columns = answer_rows(found)
    return _table(request, rows, columns, metric, form)


@file
def rows_file(
    request: HttpRequest, seen: Seen, asked: Asked, metric: str, form: str
) -> HttpResponse:
    """Every row behind a figure, without a cap."""
    if not request.seat.may_export:  # type: ignore[attr-defined]
        return HttpResponse("Your role does not take rows as files.", status=403)
    question = period_question(seen, asked, metric)
    found = working(seen.everything, question, limit=ALL, viewer=seen.viewer)
    rows: list[dict[str, Any]] = [
        {"metric": part.metric, **row} for part in (found.parts or (found,)) for row in part.rows
    ]
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["metric"]
    if form == "json":
        return download(
            json.dumps(rows, ensure_ascii=False), f"{metric}-rows", form, "application/json"
        )
    return _table(request, rows, columns, f"{metric}-rows", form)


def _table(
    request: HttpRequest, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], name: str,
    form: str,
) -> HttpResponse:  # fmt: skip
    code = language_for(request).code
    if form == "xlsx":
        return download(
            workbook(rows, columns, right_to_left=code == "fa"), name, form,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
    out = io.StringIO()
    out.write(BOM)
    write_csv(rows, columns, code, out)
    return download(out.getvalue(), name, form, "text/csv; charset=utf-8")


def workbook(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, right_to_left: bool
) -> bytes:
    """A sheet whose numbers are numbers and whose text is never a formula."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "in_memory": True})
    sheet = book.add_worksheet("Sanjeh")
    if right_to_left:
        sheet.right_to_left()
    bold = book.add_format({"bold": True})
    for n, column in enumerate(columns):
        sheet.write_string(0, n, column, bold)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows, start=1):
        for n, column in enumerate(columns):
            value = row.get(column)
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(at, n, value)
            elif isinstance(value, int | float):
                sheet.write_number(at, n, value)
            elif isinstance(value, str):
                sheet.write_string(at, n, value)
            else:
                sheet.write_string(at, n, json.dumps(value, ensure_ascii=False))
    book.close()
    return made.getvalue()


def download(content: str | bytes, name: str, form: str, kind: str) -> HttpResponse:
    """A response that is saved under a name, not shown."""
    response = HttpResponse(content, content_type=kind)
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}.{form}"'
    return response
