"""The chart of a figure as a picture."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from sanjeh.metrics.registry import find
from sanjeh.report.drawing import behind, picture
from sanjeh.report.figures import why
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web import printing
from sanjeh.web.pages import charting, papers
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.exports import download, file
from sanjeh.web.pages.seen import Seen, made_up
from sanjeh.web.shell import language_for

DRAWN = "table"  # the only form without a drawing


@partial(file, formats=("png",))
def figure_picture(
    request: HttpRequest, seen: Seen, asked: Asked, metric: str, form: str
) -> HttpResponse:
    """The chart in the form of the address, with title, figure, period and conditions."""
    address = find(metric)
    language = language_for(request)
    enquiry = enquiry_of(seen, asked)
    drawn = charting.charted(enquiry, seen, asked, address)
    speech = charting.speech_of(enquiry, language)
    found = enquiry.ask(metric, where=asked.question(metric).where)
    result = found.results(str(address))[0]
    figure = language.value(result.value, result.unit)
    if drawn.chart.is_empty:
        chart: Markup = tag("p", why(result, language))
    elif drawn.chart.form == DRAWN:
        chart = behind.table([(drawn.asked, drawn.chart)], speech)
    else:
        chart = picture(drawn.chart, speech)
    title = language.title(address.metric.name)
    conditions = tag("p", (tag("bdi", w, " ") for w in asked.where)) if asked.where else None
    body = render(
        tag("h1", title, " ", tag("span", figure, class_="told") if result.value is not None
            else None),
        tag("p", papers.line(seen.everything, enquiry.scope, language), class_="line"),
        conditions, made_up(seen.everything, language),
        tag("div", chart, class_="chart"),
    )  # fmt: skip
    made = printing.document(
        body, title=title, code=language.code, direction=language.direction, class_="picture"
    )
    return download(printing.png(made), f"{metric}-{drawn.chart.form}", form, "image/png")
