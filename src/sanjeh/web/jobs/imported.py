"""What an import did, in words: rows understood and refused, and which figures come of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanjeh.checks.coverage import coverage as covered
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.jobs import coverage
from sanjeh.web.jobs.models import Job, State
from sanjeh.web.jobs.preview import kind_name
from sanjeh.web.jobs.uploading import changing
from sanjeh.web.pages import blocks
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.seen import shown
from sanjeh.web.shell import language_for

OUTCOMES = ("added", "replaced", "unchanged", "older")


@require_GET
@changing
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The outcome of an import that is done."""
    job = Job.objects.filter(pk=number, kind="import", state=State.DONE).first()
    if job is None:
        raise Http404(number)
    language = language_for(request)
    done: dict[str, Any] = job.result or {}
    with doors().answers() as answers:
        found = covered(answers, done["sources"])
    title = language.text("site.imported.title")
    body = render(
        tag("h1", title),
        tag("p", understood(done, language), class_="summary"),
        coverage.told(found, language),
        records(done, language),
        warnings(done["warnings"], language),
        tag("p", tag("a", language.text("site.imported.overview"), href="/", class_="act"), " ",
            tag("a", language.text("site.imported.data"), href=reverse("data")), class_="acts"),
    )  # fmt: skip
    return shown(request, title, body)


def understood(done: dict[str, Any], language: Language) -> Markup:
    """How many rows were understood and how many were not, with the way to those."""
    good = done["rows"] - done["refused"]
    some = language.text("site.imported.rows", count=good, n=language.number(good))
    if not done["refused"]:
        return render(some, " ", language.text("site.imported.all"))
    refused = language.text(
        "site.imported.refused", count=done["refused"], n=language.number(done["refused"])
    )
    see = language.text("site.imported.see")
    address = reverse("data-rejects", args=[done["batch"]])
    return render(some, " ", refused, " ", tag("a", see, href=address))


def records(done: dict[str, Any], language: Language) -> Markup | None:
    """What became of the records of each kind."""
    if not done["records"]:
        return None
    heads = ("kind", *OUTCOMES)
    head = tag("tr", (
        tag("th", language.text(f"site.imported.{h}"), scope="col",
            class_="n" if h in OUTCOMES else None) for h in heads
    ))  # fmt: skip
    rows = [
        tag("tr", tag("th", kind_name(kind, language), scope="row"),
            (tag("td", language.number(counts[outcome]), class_="n") for outcome in OUTCOMES))
        for kind, counts in sorted(
            done["records"].items(), key=lambda pair: -sum(pair[1].values())
        )
    ]  # fmt: skip
    return tag("section", tag("h2", language.text("site.imported.records")),
               blocks.scrolling(head, rows), class_="told-table")  # fmt: skip


def warnings(found: dict[str, int], language: Language) -> Markup | None:
    """What was doubtful, with how often."""
    if not found:
        return None
    items = [
        tag("li", language.told(why), ": ", language.number(n)) for why, n in sorted(found.items())
    ]
    return tag(
        "section",
        tag("h2", language.text("site.imported.doubts")),
        tag("ul", items, class_="lacks"),
    )
