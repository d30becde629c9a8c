"""The page of one job: how far it is, how long it will take, what became of it.

It loads itself again while the job runs, without a script.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web import sample
from sanjeh.web.jobs import forms, queue
from sanjeh.web.jobs.kinds import IMPORTED
from sanjeh.web.jobs.models import Job, State
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for

EVERY = 2  # seconds between looks
TELLING = 0.05  # the share from which on the time left can be told


def may_see(request: HttpRequest, job: Job) -> bool:
    """Whether the reader may see a job: anybody that of a sample, who may change things any."""
    place = request.seat  # type: ignore[attr-defined]
    return job.kind == "sample" or (place is not None and place.may_change)


def found(request: HttpRequest, number: int) -> Job:
    """The job of a number; a job that may not be seen is not there."""
    job = Job.objects.filter(pk=number).first()
    if job is None or not may_see(request, job):
        raise Http404(number)
    return job


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    """How far a job is; when it is done, on to what came of it."""
    job = found(request, number)
    if job.state == State.DONE:
        return after(job)
    language = language_for(request)
    title = language.text(f"site.jobs.{job.kind}.title")
    about = f"site.jobs.{job.kind}.about"
    lead = tag("p", language.text(about), class_="summary") if language.has(about) else None
    body = render(tag("h1", title), lead, stand(request, job, language))
    response = shown(request, title, body)
    if not job.is_over:
        response.headers["Refresh"] = str(EVERY)
    return response


@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Call a job off."""
    job = found(request, number)
    place = request.seat  # type: ignore[attr-defined]
    if place is None or not place.may_change:
        raise Http404(number)
    queue.cancel(job)
    trace(place.name, "cancelled", f"{job.kind} {job.pk}")
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def after(job: Job) -> HttpResponse:
    """Where a job that is done leads."""
    match job.kind:
        case "sample":
            response = HttpResponseRedirect("/")
            response.set_cookie(sample.COOKIE, job.given["code"], samesite="Lax", httponly=True)
            return response
        case "look":
            return HttpResponseRedirect(reverse("data-seen", args=[job.given["upload"]]))
        case "pull":
            return HttpResponseRedirect(reverse("connections"))
        case "import":
            return HttpResponseRedirect(reverse("data-imported", args=[job.pk]))
    return HttpResponseRedirect(reverse("data"))


def stand(request: HttpRequest, job: Job, language: Language) -> Markup:
    """Where a job stands, in words and as a bar."""

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.jobs.{key}", **parts)

    if job.state == State.CANCELLED:
        return tag("section", tag("p", say("cancelled")), back(job, language), class_="job")
    if job.state == State.FAILED:
        detail = (
            tag("p", tag("bdi", job.detail, lang="en"), class_="detail") if job.detail else None
        )
        return tag(
            "section", tag("p", say(f"errors.{job.error}"), role="alert", class_="error"), detail,
            back(job, language), class_="job",
        )  # fmt: skip
    if job.state == State.WAITING:
        before = Job.objects.filter(pk__lt=job.pk, state__in=("waiting", "running")).count()
        told = say("behind", count=before, n=language.number(before)) if before else say("soon")
        return tag("section", bar(None, told), calling_off(request, job, language), class_="job")
    done = say("percent", n=language.number(int(100 * job.share)))
    lines: list[Any] = [tag("p", say(f"stages.{job.stage or 'starting'}"), class_="stage")]
    rows = int(job.given.get("rows", 0))
    if rows and job.stage == "importing":
        read = min(rows, round(rows * job.share / IMPORTED))
        lines.append(tag("p", say("rows", n=language.number(read), of=language.number(rows))))
    left = seconds_left(job)
    if left is not None:
        lines.append(tag("p", say("left", time=language.value(left, "seconds"))))
    if job.is_cancelling:
        lines.append(tag("p", say("cancelling")))
    return tag(
        "section", bar(job.share, done), lines, calling_off(request, job, language), class_="job"
    )


def seconds_left(job: Job) -> float | None:
    """How long a running job will take, if it goes on as it went; None where none can tell."""
    if job.begun_at is None or job.told_at is None or job.share < TELLING:
        return None
    took = (job.told_at - job.begun_at).total_seconds()
    since = (timezone.now() - job.told_at).total_seconds()
    return max(1.0, float(round(took * (1 - job.share) / job.share - since)))


def bar(share: float | None, told: Any) -> Markup:
    """A bar of progress; without a share it only says that something goes on."""
    value = None if share is None else f"{share:.3f}"
    return tag("p", tag("progress", told, value=value, max="1"), " ", tag("span", told))


def calling_off(request: HttpRequest, job: Job, language: Language) -> Markup | None:
    """The button that calls a job off, for who may."""
    place = request.seat  # type: ignore[attr-defined]
    if place is None or not place.may_change or job.is_cancelling:
        return None
    address = reverse("job-cancel", args=[job.pk])
    return forms.button(request, address, language.text("site.jobs.cancel"), plain=True)


def back(job: Job, language: Language) -> Markup:
    """Where to go after a job that came to nothing."""
    address = reverse("start") if job.kind == "sample" else reverse("data")
    return tag("p", tag("a", language.text("site.jobs.back"), href=address))
