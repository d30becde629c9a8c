"""The chart of a figure: the forms that suit it, the question behind each, and its drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanjeh.answers.derived import overlaps
from sanjeh.answers.question import QuestionError
from sanjeh.charts import FORMS, Around, Chart, Form, Offer, suited
from sanjeh.metrics import families as kinds
from sanjeh.metrics.registry import METRICS, Address, Count, Growth, Metric, Slope, Total
from sanjeh.report import trend
from sanjeh.report.drawing import Speech, draw
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.heat import open_slots
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import GRAINS, Asked
from sanjeh.web.pages.offering import offers
from sanjeh.web.pages.seen import Seen
from sanjeh.web.pages.series import drawn_of, grain_of, since
from sanjeh.web.shell import dimension_name

OTHERS = 8  # figures that a scatter is offered against
STEP = ":"  # between the form and the figure across, as in form=scatter:reopen_rate


@dataclass(frozen=True)
class Drawn:
    """A chart with the answer it was made of, and every choice that was made for it."""

    chart: Chart
    asked: Figures
    form: Form
    forms: list[Form]
    by: str | None
    other: str | None

    @property
    def is_of_groups(self) -> bool:
        """Whether it matters by what the figure is split."""
        return self.form.over in ("parts", "groups")


def offer_of(seen: Seen, address: Address) -> Offer:
    """What a figure has to draw."""
    metric = address.metric
    dimensions = tuple(offers(seen, metric))
    adds_up = metric.shape() in (Count, Total) and not overlaps(metric, dimensions)
    return Offer(
        metric.unit, address.statistic or metric.statistics()[0], metric.statistics(), dimensions,
        adds_up=adds_up and not metric.is_level,
    )  # fmt: skip


def charted(enquiry: Enquiry, seen: Seen, asked: Asked, address: Address) -> Drawn:
    """The chart that an address asks for, else the one that suits the figure.

    Raises QuestionError for a form that there is not; one that does not suit gives way.
    """
    shown = drawn_of(address) or address
    offer = offer_of(seen, shown)
    forms = suited(offer)
    name, _, other = (asked.form or "").partition(STEP)
    if name and name not in FORMS:
        raise QuestionError(f"form {name!r} is none of {', '.join(sorted(FORMS))}.")
    form = next((f for f in forms if f.name == name), None)
    by = next((d for d in asked.by if d in offer.dimensions), next(iter(offer.dimensions), None))
    against = None
    if form is not None and form.name == "scatter":
        against = other if other in METRICS else None
        if offer.adds_up and not other:  # a count against its own rows is a straight line
            others = others_of(enquiry, seen, address.metric, by)
            against = next((m.name for m in others if m.unit in ("seconds", "share")), None)
    if form is None and offer.is_one_number:
        over = asked.grain or grain_of(enquiry)
        start = since(enquiry, over)
        metric = str(shown)
        found = enquiry.ask(metric, grain=over, start=start, where=asked.question(metric).where)
        chart = trend.over(enquiry, found, metric, start)
        return Drawn(chart, found, FORMS[chart.form], forms, by, None)
    return _made(enquiry, asked, shown, form or forms[0], forms, by, against)


def _made(
    enquiry: Enquiry, asked: Asked, address: Address, form: Form, forms: list[Form],
    by: str | None, other: str | None,
) -> Drawn:  # fmt: skip
    scope = enquiry.scope
    metric = str(replace(address, statistic=form.statistic or address.statistic))
    where = asked.question(metric).where
    grain = asked.grain or grain_of(enquiry)
    around = Around(since=scope.period.start, week_start=scope.clock.week_start, other=other)
    groups = (by,) if by else ()
    match form.over:
        case "whole":
            found = enquiry.ask(metric, where=where)
        case "time":
            start = since(enquiry, grain)
            found = enquiry.ask(metric, grain=grain, start=start, where=where)
            around = replace(around, events=tuple(enquiry.context(start, scope.period.end)))
        case "parts":
            start = scope.period.start
            found = enquiry.ask(metric, by=groups, grain=grain, start=start, where=where)
            around = replace(around, events=tuple(enquiry.context(start, scope.period.end)))
        case "week":
            found = enquiry.ask(metric, by=("weekday", "hour"), compare=False, where=where)
            around = replace(around, opened=frozenset(open_slots(enquiry)))
        case "groups" if other:
            found = enquiry.ask(metric, other, by=groups, compare=False, where=where)
        case "groups":
            found = enquiry.ask(metric, by=groups, where=where)
    return Drawn(form.make(found.answer, metric, around), found, form, forms, by, other)


def speech_of(enquiry: Enquiry, language: Language) -> Speech:
    """The words of a chart on a page: channels by their own names, dimensions by theirs."""
    return replace(
        trend.speech_of(enquiry, language), dimension=lambda name: dimension_name(language, name)
    )


def section(
    drawn: Drawn, enquiry: Enquiry, seen: Seen, asked: Asked, address: Address, language: Language
) -> Markup:
    """The chart on the page of a figure, with the choices there are."""
    here = blocks.figure_path(str(address))
    choices = [_forms(drawn, asked, here, language)]
    if drawn.form.over in ("time", "parts"):
        grain = asked.grain or grain_of(enquiry)
        choices.append(
            blocks.choice(
                language.text("site.figure.grain"),
                [(language.text(f"site.grain.{g}"), asked.link(here, grain=g), g == grain)
                 for g in GRAINS[1:]],
            )
        )  # fmt: skip
    if drawn.is_of_groups:
        offered = offers(seen, (drawn_of(address) or address).metric)
        choices.append(
            blocks.choice(
                language.text("site.figure.by"),
                [(dimension_name(language, d), asked.link(here, by=(d,)), d == drawn.by)
                 for d in offered],
            )
        )  # fmt: skip
    if drawn.form.name == "scatter":
        choices.append(_against(enquiry, seen, asked, address, drawn, language))
    picture = blocks.link(
        language.text("site.chart.picture"), asked.link(f"{here}picture/"), download=True
    )
    return tag(
        "section", tag("h2", language.text("site.chart.title"), id="chart"), choices,
        tag("figure", draw(drawn.chart, drawn.asked, speech_of(enquiry, language))),
        tag("p", picture, class_="chart-take"), class_="whole",
    )  # fmt: skip


def _forms(drawn: Drawn, asked: Asked, here: str, language: Language) -> Markup:
    return blocks.choice(
        language.text("site.chart.form"),
        [(language.text(f"site.chart.forms.{f.name}"), asked.link(here, form=f.name),
          f.name == drawn.form.name)
         for f in drawn.forms],
    )  # fmt: skip


def _against(
    enquiry: Enquiry, seen: Seen, asked: Asked, address: Address, drawn: Drawn, language: Language
) -> Markup:
    """What the figure can be set against: its rows, or figures of the same family."""
    here = blocks.figure_path(str(address))
    others = others_of(enquiry, seen, address.metric, drawn.by)
    options: list[tuple[Markup, str, bool]] = []
    if not offer_of(seen, address).adds_up:
        rows = asked.link(here, form="scatter")
        options.append((language.text("chart.rows"), rows, not drawn.other))
    options += [
        (tag("bdi", language.title(m.name)), asked.link(here, form=f"scatter{STEP}{m.name}"),
         drawn.other == m.name)
        for m in others
    ]  # fmt: skip
    return blocks.choice(language.text("site.chart.against"), options)


def others_of(enquiry: Enquiry, seen: Seen, metric: Metric, by: str | None) -> list[Metric]:
    """Figures of the same family that have the same groups and are recorded."""
    family = kinds.members(kinds.family_of(metric))
    return [
        m for m in family if m is not metric and enquiry.has(m.name) and _has_groups(seen, m, by)
    ][:OTHERS]


def _has_groups(seen: Seen, metric: Metric, by: str | None) -> bool:
    return by in offers(seen, metric) and metric.shape() not in (Growth, Slope)
