"""The page of connections: which helpdesks are pulled, how far each is; connecting one more."""

from __future__ import annotations

from functools import partial, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from sanjeh.answers.periods import Clockwork
from sanjeh.home import Home
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.sources import SourceError
from sanjeh.sources.helpdesk import Helpdesk, registry
from sanjeh.sources.helpdesk.connections import NAME, Connection, Connections
from sanjeh.sources.helpdesk.http import Http
from sanjeh.sources.helpdesk.pulling import standing
from sanjeh.web.jobs import forms, queue
from sanjeh.web.jobs.uploading import changing
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for

PATIENCE = 15.0  # seconds for which a page waits for a helpdesk
INTERVALS = (0, 5, 10, 30, 60, 360, 1440)  # minutes; 0 is never
LONGEST = 500


def rooms() -> Connections:
    """The connections of the home; whoever waits before a page is not kept waiting."""
    return Connections(Path(settings.HOME), http=partial(Http, patience=PATIENCE))


def administrators(view: Any) -> Any:
    """A view for administrators: a key that is given here reads a whole helpdesk."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        place = request.seat  # type: ignore[attr-defined]
        if place is None or not place.is_administrator:
            language = language_for(request)
            title = language.text("site.connections.not_yours")
            return shown(request, title, tag("section", tag("h1", title), class_="empty"), 403)
        found: HttpResponse = view(request, *args, **parts)
        return found

    return handle


@require_GET
@changing
def show(request: HttpRequest) -> HttpResponse:
    """Each connection with its last pull, what is left, and what can be done."""
    language = language_for(request)

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.connections.{key}", **parts)

    place = rooms()
    try:
        cards: Any = [card(request, one, place, language) for one in place.all()]
    except SourceError as error:
        cards = tag("p", tag("bdi", str(error), lang="en"), class_="error", role="alert")
    body = render(
        tag("h1", say("title")),
        tag("p", say("lead"), class_="summary"),
        cards or tag("p", say("none"), class_="note"),
        tag("section", tag("h2", say("add")), offered(request, language)),
    )
    return shown(request, say("title"), body)


def card(request: HttpRequest, one: Connection, place: Connections, language: Language) -> Markup:
    """One connection."""

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.connections.{key}", **parts)

    looked = place.looked(one.name)
    stands = standing(Home(Path(settings.HOME)).ledger(), one.name)
    lines: list[Any] = [tag("p", tag("bdi", ", ".join(v for v in one.choices.values() if v)))]
    if looked is None:
        lines.append(tag("p", say("never")))
    else:
        at = language.moment(looked.at.isoformat(), Clockwork())
        lines.append(tag("p", say("pulled", at=at)))
        if looked.error:
            told = tag("bdi", looked.error, lang="en")
            lines.append(tag("p", say("failed"), " ", told, class_="error"))
    if stands.left:
        left = ", ".join(stands.left)
        lines.append(tag("p", say("left"), " ", tag("bdi", left, lang="en"), class_="note"))
    hook = request.build_absolute_uri(reverse("hook", args=[one.name]))
    (variable, *_) = place.variables(one, "WEBHOOK_SECRET")
    lines.append(
        tag("p", say("hook"), " ", tag("bdi", tag("code", hook), dir="ltr"), " · ",
            tag("bdi", tag("code", variable), dir="ltr"), class_="note")
    )  # fmt: skip
    choice = tag(
        "form", forms.token(request),
        tag("label", tag("span", say("every")), tag("select", (
            tag("option", say("never_by_itself") if not n else say("minutes", n=language.number(n)),
                value=str(n), selected="" if n == (one.every_minutes or 0) else None)
            for n in INTERVALS
        ), name="every")),
        tag("button", say("keep"), class_="act-plain"),
        method="post", action=reverse("connection-every", args=[one.name]), class_="bring",
    )  # fmt: skip
    return tag(
        "article", tag("h2", tag("bdi", one.name)), lines,
        forms.button(request, reverse("connection-pull", args=[one.name]), say("pull")),
        choice, class_="source",
    )  # fmt: skip


def offered(request: HttpRequest, language: Language) -> Markup:
    """The helpdesks that can be connected, each a link for an administrator."""
    place = request.seat  # type: ignore[attr-defined]
    if place is None or not place.is_administrator:
        names = ", ".join(registry.helpdesk(name).title for name in registry.names())
        return render(
            tag("p", tag("bdi", names)),
            tag("p", language.text("site.connections.not_yours"), class_="note"),
        )
    links = [
        tag("li", tag("a", tag("bdi", registry.helpdesk(name).title),
                      href=reverse("connection-new", args=[name])))
        for name in registry.names()
    ]  # fmt: skip
    return tag("ul", links, class_="lacks")


@sensitive_post_parameters()
@administrators
def new(request: HttpRequest, helpdesk: str) -> HttpResponse:
    """Ask for what is needed; try it; keep it."""
    if helpdesk not in registry.names():
        raise Http404(helpdesk)
    chosen = registry.helpdesk(helpdesk)
    if request.method != "POST":
        return asked(request, chosen, {}, None)
    given = {name: str(value).strip()[:LONGEST] for name, value in request.POST.items()}
    name = given.get("name") or chosen.name
    place = rooms()
    made = Connection(
        name,
        chosen.name,
        {c.name: given.get(c.name, "") for c in chosen.credentials if not c.secret},
    )
    try:
        if not NAME.fullmatch(name) or name in {one.name for one in place.all()}:
            raise SourceError(
                f"{name!r} is taken or no name; use small letters, digits and hyphens."
            )
        secrets = {}
        for credential in chosen.credentials:
            if credential.secret:
                value = given.get(credential.name) or place.secret(made, credential.name)
                if not value:
                    raise SourceError(f"{credential.meaning} is needed.")
                secrets[credential.name] = value
        whose = place.whose(made, secrets)
    except SourceError as error:
        return asked(request, chosen, given, str(error))
    place.save(made)
    trace(request.seat.name, "connected a helpdesk", f"{name}: {chosen.name}")  # type: ignore[attr-defined]
    kept = [
        place.secret(made, key) == value or place.keep_secret(made, key, value)
        for key, value in secrets.items()
    ]
    if not all(kept):
        return without_keyring(request, made, whose, place, list(secrets))
    queue.pull(name, request.seat.name)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("connections"))


def asked(
    request: HttpRequest, chosen: Helpdesk, given: dict[str, str], why: str | None
) -> HttpResponse:
    """The form; with what was given and why it would not do, but never a key."""
    language = language_for(request)
    title = language.text("site.connections.new", name=chosen.title)
    fields: list[Any] = [
        tag("label", tag("span", language.text("site.connections.name")), tag(
            "input", name="name", value=given.get("name", chosen.name), maxlength="40", dir="ltr",
        ))
    ]  # fmt: skip
    for credential in chosen.credentials:
        meaning = tag("bdi", credential.meaning, lang="en")
        fields.append(
            tag("label", tag("span", tag("bdi", credential.name), " · ", meaning), tag(
                "input", name=credential.name, dir="ltr", placeholder=credential.example or None,
                type="password" if credential.secret else "text", autocomplete="off",
                value=None if credential.secret else given.get(credential.name),
            ))
        )  # fmt: skip
    body = render(
        tag("h1", title),
        tag("p", tag("bdi", why, lang="en"), class_="error", role="alert") if why else None,
        tag("p", language.text("site.connections.where"), class_="summary"),
        tag("form", forms.token(request), fields,
            tag("button", language.text("site.connections.connect"), class_="act"),
            method="post", class_="of-file bring", autocomplete="off"),
    )  # fmt: skip
    return shown(request, title, body, 422 if why else 200)


def without_keyring(
    request: HttpRequest, made: Connection, whose: str, place: Connections, names: list[str]
) -> HttpResponse:
    """Where the system keeps no secrets: which variable to set before the first pull."""
    language = language_for(request)
    title = language.text("site.connections.connected", whose=whose)
    variables = " ".join(place.variables(made, name)[-1] for name in names)
    body = render(
        tag("h1", title),
        tag("p", language.text("site.connections.no_keyring"), " ",
            tag("bdi", tag("code", variables), dir="ltr"), class_="summary"),
        tag("p", tag("a", language.text("site.connections.see"), href=reverse("connections"))),
    )  # fmt: skip
    return shown(request, title, body)


def known(name: str) -> Connection:
    """The connection of a name; a page that is not there where there is none."""
    try:
        return rooms().get(name)
    except SourceError:
        raise Http404(name) from None


@require_POST
@changing
def pull(request: HttpRequest, name: str) -> HttpResponse:
    """Have a connection pulled now."""
    job = queue.pull(known(name).name, request.seat.name)  # type: ignore[attr-defined]
    trace(request.seat.name, "asked for a pull", name)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


@require_POST
@administrators
def every(request: HttpRequest, name: str) -> HttpResponse:
    """Have a connection pulled every so many minutes, or only when asked."""
    one = known(name)
    given = request.POST.get("every", "")
    if not given.isdecimal() or int(given) not in INTERVALS:
        raise Http404(given)
    rooms().save(Connection(one.name, one.helpdesk, one.choices, int(given) or None))
    trace(request.seat.name, "set a schedule", f"{name}: {given} min")  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("connections"))
