"""The page of data: what is kept, where it came from, what is under way; bringing more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.jobs import forms, queue, uploading
from sanjeh.web.jobs.uploading import changing
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for


@require_GET
@changing
def show(request: HttpRequest) -> HttpResponse:
    """What is kept here and where it came from."""
    language = language_for(request)
    title = language.text("site.data.title")
    body = render(
        tag("h1", title),
        running(language),
        tag("section", tag("h2", language.text("site.upload.title")),
            uploading.form(request, language)),
        tag("section", tag("h2", language.text("site.data.figures")),
            tag("p", language.text("site.data.refreshing"), class_="note"),
            forms.button(request, reverse("data-refresh"), language.text("site.data.refresh"),
                         plain=True)),
    )  # fmt: skip
    return shown(request, title, body)


@require_POST
@changing
def refresh(request: HttpRequest) -> HttpResponse:
    """Have the figures brought up to the record."""
    name = request.seat.name  # type: ignore[attr-defined]
    job = queue.add("refresh", name)
    trace(name, "asked for a refresh")
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def running(language: Language) -> Markup | None:
    """What is under way, each with a link to how far it is."""
    found = queue.unfinished()
    if not found:
        return None

    def line(job: Any) -> Markup:
        title = language.text(f"site.jobs.{job.kind}.title")
        done = language.text("site.jobs.percent", n=language.number(int(100 * job.share)))
        return tag(
            "li", tag("a", title, href=reverse("job", args=[job.pk])), " ", tag("small", done)
        )

    return tag(
        "section", tag("h2", language.text("site.data.running")), tag("ul", map(line, found))
    )
