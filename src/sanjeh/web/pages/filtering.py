"""Behind the bar: the values of a dimension, and the plain address of what was chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from sanjeh.answers import dimensions
from sanjeh.answers.question import QuestionError
from sanjeh.answers.values import Values, values_of
from sanjeh.metrics.registry import find
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.bar import value_name
from sanjeh.web.pages.privacy import Privacy
from sanjeh.web.pages.rows import period_question
from sanjeh.web.pages.seen import Seen, page, shown
from sanjeh.web.shell import dimension_name, language_for

LISTED = 60
OPERATORS = ("is", "is_not")
RAW = {"from": "start", "to": "end"}  # as the address calls them, and as Asked does


def page_of(request: HttpRequest) -> str:
    """The page that a choice goes back to: one of this site, else the overview."""
    path = request.GET.get("to_page", "/")
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if local else "/"


@require_GET
def settle(request: HttpRequest) -> HttpResponse:
    """From a form of the bar to the plain address of its page."""
    language = language_for(request)
    try:
        asked = Asked.read(request.GET)
        dimension = request.GET.get("dimension", "")
        if dimension:
            operator = request.GET.get("operator", "is")
            if operator not in OPERATORS:
                raise QuestionError(f"operator {operator!r} is none of {', '.join(OPERATORS)}.")
            values = [v.strip() for v in request.GET.getlist("value") if v.strip()]
            asked = replace(
                asked, where=asked.narrowed(dimension, *dict.fromkeys(values), operator=operator)
            )
    except QuestionError as error:
        body = blocks.refused(language, str(error))
        return shown(request, language.text("site.refused.title"), body, status=400)
    raw = {RAW.get(n, n): request.GET.get(n, "").strip()[:60] for n in (
        ("from", "to") if asked.wrong.keys() & {"from", "to"} else ()
    )} | {n: w.given[:60] for n, w in asked.wrong.items() if n not in RAW}  # fmt: skip
    return HttpResponseRedirect(asked.link(page_of(request), **raw))


@page
def values(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language
) -> tuple[str, Markup]:
    """The values of one dimension with their rows, to choose from."""
    given = request.GET.get("dimension", "")
    name = dimensions.known(given, seen.own)
    if name is None:
        raise dimensions.unknown(given, seen.own)
    if name == "customer" and not Privacy.of(request, seen).sees_names:
        raise QuestionError("Your role does not see customers' names, so it chooses none by name.")
    metric = find(request.GET.get("of", "requests")).metric
    search = request.GET.get("q", "").strip()[:100]
    found = values_of(
        seen.everything, period_question(seen, asked, metric.name), name, search=search,
        limit=LISTED, spoken=lambda key, label: language.label(name, key, label),
        viewer=seen.viewer,
    )  # fmt: skip
    back = asked.link(page_of(request))
    title = dimension_name(language, name)
    lead = language.text("site.asking.values_lead", figure=language.title(metric.name))
    body = render(
        tag("p", blocks.link(language.text("site.asking.back"), back), class_="kicker"),
        tag("h1", tag("bdi", title)),
        tag("p", lead, class_="note"),
        _search(request, asked, language, name, metric.name, search, found),
        _choose(request, seen, asked, language, name, found),
    )
    return title, tag("div", body, class_="asking-choose")


def _hidden(request: HttpRequest, asked: Asked, **own: str) -> list[Markup]:
    pairs = [*own.items(), ("to_page", page_of(request)), *asked.pairs()]
    return [tag("input", type="hidden", name=n, value=v) for n, v in pairs]


def _search(
    request: HttpRequest, asked: Asked, language: Language, name: str, metric: str, search: str,
    found: Values,
) -> Markup | None:  # fmt: skip
    if not (search or found.more or found.is_cut or len(found.rows) > 12):
        return None
    hint = language.text("site.asking.many") if found.is_cut else None
    return tag(
        "form",
        tag("label", tag("span", language.text("site.asking.find")),
            tag("input", type="search", name="q", value=search, maxlength="100")),
        _hidden(request, asked, dimension=name, of=metric),
        tag("button", language.text("site.asking.search")),
        tag("p", hint, class_="note") if hint else None,
        method="get", action="/values/", role="search", class_="asking-form",
    )  # fmt: skip


def _choose(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, name: str, found: Values
) -> Markup:
    chosen: dict[str, None] = {}
    operator = "is"
    for dimension, sign, typed in asked.filters:
        if dimension == name:
            operator, chosen = sign, chosen | dict.fromkeys(typed)
    told: list[tuple[str, Any, int | None]] = [
        (v.typed, language.label(name, v.key, v.label), v.row_count) for v in found.rows
    ]
    beside = [c for c in chosen if c not in {typed for typed, *_ in told}]
    told = [(c, value_name(seen, language, name, c), None) for c in beside] + told
    boxes = [
        tag("li", tag(
            "label", tag("input", type="checkbox", name="value", value=typed,
                         checked="" if typed in chosen else None), " ", tag("bdi", label),
            tag("small", " ", language.number(count)) if count is not None else None,
        ))
        for typed, label, count in told
    ]  # fmt: skip
    how = [
        tag("label", tag("input", type="radio", name="operator", value=o,
                         checked="" if o == operator else None), " ",
            language.text(f"site.asking.operator.{o}"))
        for o in OPERATORS
    ]  # fmt: skip
    more = None
    if found.more or found.is_cut:
        more = tag("p", language.text("site.asking.more"), class_="note")
    none = tag("p", language.text("site.asking.no_values"), class_="note")
    kept = replace(asked, where=tuple(asked.narrowed(name)))
    return tag(
        "form", _hidden(request, kept, dimension=name),
        tag("fieldset", tag("legend", language.text("site.asking.which")), how, class_="operators"),
        tag("fieldset", tag("legend", tag("bdi", dimension_name(language, name))),
            tag("ul", boxes, class_="asking-boxes") if boxes else none, more),
        tag("button", language.text("site.asking.apply")),
        method="get", action="/asked/", class_="asking-form",
    )  # fmt: skip
