"""Pages as PDF: the same body, with title, period and freshness, and numbered pages."""

from __future__ import annotations

import html

from django.http import Http404, HttpRequest, HttpResponse

from sanjeh.answers.ask import Answers
from sanjeh.report.enquiry import Scope, iso, scope_of
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web import printing
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked

DIGITS = {"fa": "persian"}  # how page numbers are counted, in the words of a style sheet


def is_wanted(request: HttpRequest) -> bool:
    """Whether a page is asked for as a PDF; another format is no page."""
    form = request.GET.get("format")
    if form not in (None, "pdf"):
        raise Http404(form)
    return form == "pdf"


def may_take(request: HttpRequest, *, has_rows: bool) -> bool:
    """Rows are taken by those who may take rows as files; figures by whoever reads them."""
    return not has_rows or bool(request.seat.may_export)  # type: ignore[attr-defined]


def refused() -> HttpResponse:
    """The answer to somebody who may not take a page."""
    return HttpResponse(
        "Your role does not take rows as files.", status=403, content_type="text/plain"
    )


def offered(request: HttpRequest, language: Language) -> Markup:
    """The link to the page as a PDF."""
    given = request.GET.copy()
    given["format"] = "pdf"
    link = blocks.link(language.text("site.chart.pdf"), f"?{given.urlencode()}", download=True)
    return tag("p", link, class_="take-page")


def pdf(
    request: HttpRequest, answers: Answers, asked: Asked, language: Language, title: str,
    body: Markup,
) -> HttpResponse:  # fmt: skip
    """The page on paper; that it was taken stands in the audit trail."""
    from sanjeh.web.people.trail import trace  # pages are imported before there are models

    title = html.unescape(title)
    scope = scope_of(answers, asked.question("requests"), asked.compare)
    told = line(answers, scope, language)
    made = printing.document(
        render(tag("main", body)), title=title, code=language.code,
        direction=language.direction, edges=edges(title, told, language),
    )  # fmt: skip
    content = printing.pdf(made, title)
    trace(request.seat.name, "took a file", f"{request.path} pdf")  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type="application/pdf")
    name = request.path.strip("/").replace("/", "-") or "overview"
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}.pdf"'
    return response


def line(answers: Answers, scope: Scope, language: Language) -> str:
    """Period, and until when the data run."""
    newest = min(int(row["newest_at"]) for row in answers.freshness)
    parts = [
        language.period(scope.period, scope.clock),
        language.text("head.until", moment=language.moment(iso(newest), scope.clock)),
    ]
    return html.unescape(" · ".join(parts))


def edges(title: str, told: str, language: Language) -> str:
    """What stands above and beneath every page."""
    counter = f"counter(page, {DIGITS.get(language.code, 'decimal')})"
    total = f"counter(pages, {DIGITS.get(language.code, 'decimal')})"
    start, end = ("right", "left") if language.direction == "rtl" else ("left", "right")
    return (
        f"@page {{ @top-{start} {{ content: {printing.quoted(title)}; }}"
        f" @top-{end} {{ content: {printing.quoted(told)}; }}"
        f" @bottom-{start} {{ content: {printing.quoted('سنجه Sanjeh')}; }}"
        f' @bottom-{end} {{ content: {counter} " / " {total}; }} }}'
    )
