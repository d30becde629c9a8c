"""One request's view of the figures: its doors, scope, language and errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.shortcuts import render as template

from sanjeh.answers.ask import Answers, NothingImported, Resolved
from sanjeh.answers.periods import PeriodError
from sanjeh.answers.question import Answer, Question, QuestionError, Viewer
from sanjeh.metrics.options import UnknownOption
from sanjeh.metrics.registry import UnknownMetric
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.simulation import SOURCE
from sanjeh.web import sample
from sanjeh.web.pages import blocks, papers
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.door import doors
from sanjeh.web.shell import language_for

REFUSED = (QuestionError, PeriodError, UnknownMetric, UnknownOption)


class Seen:
    """Answers as one reader may see them: every question carries the reader's scope."""

    def __init__(self, answers: Answers, viewer: Viewer) -> None:
        self.everything, self.viewer = answers, viewer

    def ask(self, question: Question) -> Answer:
        """The figures, within the scope."""
        return self.everything.ask(question, self.viewer)

    def resolve(self, question: Question) -> Resolved:
        """The question with every choice made, within the scope."""
        return self.everything.resolve(question, self.viewer)

    def told_only(self) -> ToldOnly:
        """The same reader's answers, of those that were given before."""
        return ToldOnly(self.everything, self.viewer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.everything, name)


class NotYet(Exception):
    """What was asked is not known already."""


class ToldOnly(Seen):
    """Answers that were given before: what must be worked out is refused with NotYet."""

    def ask(self, question: Question) -> Answer:
        """The figures, if they are known."""
        if not self.everything.has_told(question, self.viewer):  # type: ignore[attr-defined]
            raise NotYet
        return super().ask(question)


View = Callable[..., tuple[str, Any]]
PART = "X-Part"  # the header of a request that wants the body only, to put it into a page
OF_FIGURES: set[View] = set()


def of_figures(view: View) -> View:
    """Say of a page that it lists no rows, so that whoever may read it may take it as a PDF."""
    OF_FIGURES.add(view)
    return view


def is_part(request: HttpRequest) -> bool:
    """Whether only a part of a page is wanted."""
    return PART in request.headers


class Elsewhere(Exception):
    """What was asked for stands at another address of the site."""


def page(view: View) -> Callable[..., HttpResponse]:
    """A view that gives its title and body; what cannot be asked is a page of its own.

    Any page is a PDF at `format=pdf`, for those who may take its rows as files where it has any.
    """
    has_rows = view not in OF_FIGURES

    @wraps(view)
    def handle(request: HttpRequest, **parts: Any) -> HttpResponse:
        language = language_for(request)
        may_take = papers.may_take(request, has_rows=has_rows)
        if papers.is_wanted(request) and not may_take:
            return papers.refused()
        try:
            asked = Asked.read(request.GET)
            status = 400 if asked.wrong else 200
            with doors().answers(follows=is_part(request)) as answers:
                seen = Seen(answers, request.seat.viewer)  # type: ignore[attr-defined]
                title, body = view(request, seen, asked, language, **parts)
                if is_part(request):
                    return HttpResponse(render(body))
                body = render(made_up(answers, language), body)
                if papers.is_wanted(request):
                    return papers.pdf(request, answers, asked, language, str(title), body)
                if may_take:
                    body = render(body, papers.offered(request, language))
                return shown(request, title, body, status)
        except NothingImported:
            return HttpResponseRedirect("/start/")
        except Elsewhere as other:
            return redirect(str(other))
        except REFUSED as error:
            title = language.text("site.refused.title")
            body = blocks.refused(language, str(error), request.path)
            return shown(request, title, body, status=400)

    return handle


def shown(request: HttpRequest, title: Any, body: Any, status: int = 200) -> HttpResponse:
    """The body in the site's shell."""
    bar = sample.bar(request, language_for(request))
    given = {"title": str(title), "body": str(render(bar, body))}
    return template(request, "web/page.html", given, status=status)


def made_up(answers: Answers, language: Language) -> Markup | None:
    """On every page: that its data are synthetic, where they are."""
    if SOURCE not in {row["source"] for row in answers.freshness}:
        return None
    return tag("p", language.text("head.synthetic"), class_="synthetic")
