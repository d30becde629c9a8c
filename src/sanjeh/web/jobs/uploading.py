"""Bringing a file: the form, and what is done with what comes."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.jobs import forms, queue, uploads
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for


def changing(view: Any) -> Any:
    """A view for who may change things; others are told so (roles)."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        place = request.seat  # type: ignore[attr-defined]
        if place is None or not place.may_change:
            language = language_for(request)
            title = language.text("site.data.not_yours.title")
            body = tag(
                "section", tag("h1", title), tag("p", language.text("site.data.not_yours.body")),
                class_="empty",
            )  # fmt: skip
            return shown(request, title, body, status=403)
        found: HttpResponse = view(request, *args, **parts)
        return found

    return handle


def form(request: HttpRequest, language: Language) -> Markup:
    """The form that brings a file."""

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.upload.{key}", **parts)

    most = language.number(settings.UPLOAD_BYTES // 1_000_000)
    accepted = ",".join((*uploads.ENDINGS, ".gz"))
    return tag(
        "form", forms.token(request),
        tag("label", tag("span", say("file")), tag(
            "input", type="file", name="file", required="", accept=accepted,
        )),
        tag("p", say("kinds", most=most), class_="note"),
        tag("button", say("send"), class_="act"),
        method="post", action=reverse("data-upload"), enctype="multipart/form-data",
        class_="bring",
    )  # fmt: skip


@require_POST
@changing
def receive(request: HttpRequest) -> HttpResponse:
    """Keep the file, and have somebody look at it."""
    language = language_for(request)
    given = request.FILES.get("file")
    why = refusal(given)
    if why is not None or not isinstance(given, UploadedFile):
        title = language.text("site.upload.title")
        most = language.number(settings.UPLOAD_BYTES // 1_000_000)
        told = language.text(f"site.upload.refused.{why}", most=most)
        alert = tag("p", told, class_="error", role="alert")
        body = render(tag("h1", title), alert, form(request, language))
        return shown(request, title, body, status=422)
    token = uploads.keep(Path(settings.HOME), given.name or "file.csv", given.chunks())
    name = request.seat.name  # type: ignore[attr-defined]
    job = queue.add("look", name, upload=token)
    trace(name, "brought a file", f"{given.size} bytes")
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def refusal(given: Any) -> str | None:
    """Why a file is not even kept; None where it is."""
    if given is None:
        return "none"
    if not given.size:
        return "empty"
    if given.size > settings.UPLOAD_BYTES:
        return "large"
    return None if uploads.is_known(given.name or "") else "kind"
