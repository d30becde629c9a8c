"""Asking a list of customers, now or on a day: one a line, with address, language and name."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from sanjeh.apps.mail.addresses import is_address
from sanjeh.apps.surveys import asking, links
from sanjeh.apps.surveys.about import About
from sanjeh.apps.surveys.models import Survey, Trigger, Way
from sanjeh.apps.surveys.wording import LANGUAGES
from sanjeh.report.markup import render, tag
from sanjeh.web.people.trail import trace
from sanjeh.web.steering import reading
from sanjeh.web.steering.forms import Field, Form
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Body, Room, form_page, gone, room
from sanjeh.web.surveys.pages import address, of, say

MOST = 5_000


def people(text: str) -> list[dict[str, str]]:
    """Persons, one a line: an address or the customer's id, then a language and a name if known."""
    found = []
    for line in text.splitlines():
        parts = [p.strip() for p in line.replace("،", ",").replace(";", ",").split(",")]
        if not any(parts):
            continue
        who, language, name = (*parts, "", "")[:3]
        if not who or len(who) > 200 or (language and language not in LANGUAGES):
            raise Wrong("person", given=line)
        found.append({"who": who, "language": language or "en", "name": name[:200]})
    if len(found) > MOST:
        raise Wrong("many", given=len(found), most=MOST)
    return found


@room
def ask(inside: Room, number: int) -> Body:
    """A form for the list; links are taken as a file where the survey goes by link."""
    survey = of(number)
    if survey is None or not inside.may_change or survey.trigger != Trigger.LIST:
        return gone(inside)
    by_mail = survey.way == Way.MAIL
    at = [Field("at", "surveys.ask.at", reading.instant(inside.clock), latin=True)]
    form = Form(
        [Field("people", "surveys.ask.people", people, form="area", is_required=True),
         Field("wave", "surveys.ask.wave", is_required=True), *(at if by_mail else [])],
        inside.language, {"wave": timezone.now().date().isoformat()},
        inside.request.POST if inside.request.method == "POST" else None,
    )  # fmt: skip
    if form.is_valid:
        now = timezone.now()
        when = max(form.values.get("at") or now, now)
        asked = asking.ask_people(survey, _abouts(survey, form.values), when)
        trace(inside.place.name, "asked customers", f"{survey.name}: {len(asked)}")
        if by_mail:
            return HttpResponseRedirect(f"{address(survey)}?done=saved")
        return _file(asked)
    title = say(inside, "ask.title")
    body = render(
        inside.heading(title, say(inside, "ask.lead"), (address(survey), tag("bdi", survey.name))),
        form.html(inside.request, [("ask", say(inside, "ask.do" if by_mail else "ask.links"))]),
    )
    return form_page(inside, title, body, form)


def _abouts(survey: Survey, values: dict[str, Any]) -> list[About]:
    made = []
    for one in values["people"]:
        mail = one["who"] if is_address(one["who"]) else ""
        made.append(About(
            customer_id=one["who"], email=mail, language=one["language"], name=one["name"],
            wave=values["wave"],
        ))  # fmt: skip
    return made


def _file(asked: list[Any]) -> HttpResponse:
    """The links, a customer a line; a cell cannot be a formula."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["customer", "link", "closes_at"])
    for one in asked:
        who = one.customer_id
        safe = f"'{who}" if who[:1] in "=+-@\t\r" else who
        rows.writerow([safe, links.address(one), one.closes_at.astimezone(dt.UTC).isoformat()])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="links.csv"'
    return response
