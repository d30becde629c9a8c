"""The page of data: what is kept, where it came from, what is under way; bringing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sanjeh.answers.ask import Answers, NothingImported
from sanjeh.answers.periods import Clockwork, moment
from sanjeh.answers.question import Question
from sanjeh.checks.coverage import coverage as covered
from sanjeh.home import Home
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.sources.helpdesk.pulling import pulled_from
from sanjeh.web.jobs import coverage, forms, queue, uploading
from sanjeh.web.jobs.holdings import Import, holdings, imports
from sanjeh.web.jobs.preview import kind_name
from sanjeh.web.jobs.uploading import changing
from sanjeh.web.pages import blocks
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for

SHOWN = 20


@require_GET
@changing
def show(request: HttpRequest) -> HttpResponse:
    """What is kept here and where it came from."""
    language = language_for(request)
    home = Home(Path(settings.HOME))
    done = imports(home)
    title = language.text("site.data.title")
    bring = tag(
        "section", tag("h2", language.text("site.upload.title")), uploading.form(request, language)
    )
    body = render(
        tag("h1", title),
        running(language),
        kept(home, done, language) if done else None,
        bring,
        tag("section", tag("h2", language.text("site.connections.title")),
            tag("p", language.text("site.connections.lead"), class_="note"),
            tag("p", tag("a", language.text("site.connections.see"), href=reverse("connections")))),
        doubts(done, language),
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
    job = queue.refresh(name)
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
        link = tag("a", title, href=reverse("job", args=[job.pk]))
        return tag("li", link, " ", tag("small", done))

    return tag(
        "section",
        tag("h2", language.text("site.data.running")),
        tag("ul", map(line, found), class_="lacks"),
    )


def kept(home: Home, done: list[Import], language: Language) -> Markup:
    """The sources and the imports; what they answer, where the facts are up to them."""
    counts = holdings(home)
    try:
        with doors().answers() as answers:
            clock = answers.resolve(Question(("requests",))).clockwork
            known = sources(counts, answers, clock, language)
    except NothingImported:
        clock = Clockwork()
        known = tag("p", language.text("site.data.behind"), class_="note")
    return render(known, last(done, clock, language))


def sources(
    counts: Mapping[str, Mapping[str, int]], answers: Answers, clock: Clockwork, language: Language
) -> Markup:
    """Each source with its records, its newest moment, and the figures that come of it."""
    newest = {row["source"]: moment(row["newest_at"]) for row in answers.freshness}
    parts = []
    for source, kinds in sorted(counts.items(), key=lambda pair: -sum(pair[1].values())):
        records = [
            tag("li", kind_name(kind, language), " ", tag("strong", language.number(n)))
            for kind, n in sorted(kinds.items(), key=lambda pair: -pair[1])
        ]
        until = None
        if source in newest:
            at = language.moment(newest[source].isoformat(), clock)
            until = tag("p", language.text("site.data.until", at=at), class_="note")
        parts.append(
            tag("article", tag("h3", tag("bdi", source)), until,
                tag("ul", records, class_="facts"),
                coverage.told(covered(answers, [source]), language),
                class_="source")
        )  # fmt: skip
    return tag("section", tag("h2", language.text("site.data.sources")), parts)


def last(done: list[Import], clock: Clockwork, language: Language) -> Markup:
    """The last imports: what, when, by whom, how much was new, what was refused."""

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.data.{key}", **parts)

    head = tag("tr", (tag("th", say(h), scope="col") for h in ("what", "when", "who", "new", "no")))
    rows = []
    for one in done[:SHOWN]:
        refused: Any = "—"
        if one.has_rejects:
            address = reverse("data-rejects", args=[one.batch.number])
            refused = tag("a", say("see"), href=address)
        when = language.moment(one.batch.committed_at.isoformat(), clock)
        rows.append(
            tag("tr", tag("th", tag("bdi", origin_of(one)), scope="row"), tag("td", when),
                tag("td", tag("bdi", one.who) if one.who else say("line")),
                tag("td", language.number(one.added), class_="n"), tag("td", refused))
        )  # fmt: skip
    more = None
    if len(done) > SHOWN:
        more = tag("p", say("earlier", n=language.number(len(done) - SHOWN)), class_="note")
    return tag("section", tag("h2", say("imports")), blocks.scrolling(head, rows), more,
               class_="told-table")  # fmt: skip


def origin_of(one: Import) -> str:
    """What was imported: the file, or the connection that was pulled."""
    return pulled_from(one.batch.origin) or one.batch.origin or "—"


def doubts(done: list[Import], language: Language) -> Markup | None:
    """What the imports found doubtful, all together (3.10); nothing was dropped without a word."""
    found: Counter[str] = Counter()
    for one in done:
        found.update(one.warnings)
    if not found:
        return None
    items = [
        tag("li", language.told(why), ": ", language.number(n)) for why, n in found.most_common()
    ]
    return tag(
        "section", tag("h2", language.text("site.data.doubts")),
        tag("p", language.text("site.data.doubts_lead"), class_="note"),
        tag("ul", items, class_="lacks"),
    )  # fmt: skip
