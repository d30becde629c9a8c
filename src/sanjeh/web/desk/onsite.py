"""The chat on the shop's pages, by form: who may call, consent, secrets, invitations."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from sanjeh.apps.site import secrets
from sanjeh.apps.site.models import InvitationRule, Secret, Setup
from sanjeh.apps.site.setup import origin_of, setup
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.people.trail import trace
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.reading import Wrong, number
from sanjeh.web.steering.room import Body, Room, form_page, gone, page, room

LANGUAGES: Final = ("en", "fa", "ru")
MOST: Final = 50  # lines of a field, and rules
LONGEST: Final = 300


def _lines(read: Any) -> Any:
    def of(text: str) -> list[str]:
        found = [line.strip() for line in text.splitlines() if line.strip()]
        if len(found) > MOST:
            raise Wrong("many", given=len(found), most=MOST)
        return [read(line) for line in found]

    return of


def _origin(text: str) -> str:
    found = origin_of(text)
    if not found or len(found) > LONGEST:
        raise Wrong("origin", given=text)
    return found


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise Wrong("network", given=text) from None


def _domain(text: str) -> str:
    found = text.lower().lstrip("@")
    if "." not in found or " " in found or len(found) > LONGEST:
        raise Wrong("domain", given=text)
    return found


def _currency(text: str) -> str:
    found = text.strip().upper()
    if len(found) != 3 or not found.isascii() or not found.isalpha():
        raise Wrong("currency", given=text)
    return found


def _whole(most: int) -> Any:
    def of(text: str) -> int:
        found = number(text)
        if found != int(found) or not 0 <= found <= most:
            raise Wrong("whole", given=text, most=most)
        return int(found)

    return of


def _short(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST:
        raise Wrong("long", given=len(found), most=LONGEST)
    return found


FIELDS: Final = (
    Field("origins", "onsite.origins", _lines(_origin), form="area", latin=True),
    Field("assumes_consent", "onsite.assumes_consent", form="check"),
    Field("takes_from_pages", "onsite.takes_from_pages", form="check"),
    Field("currency", "onsite.currency", _currency, latin=True),
    Field("internal_networks", "onsite.networks", _lines(_network), form="area", latin=True),
    Field("internal_domains", "onsite.domains", _lines(_domain), form="area", latin=True),
)


@room
def show(inside: Room) -> Body:
    """The line for the shop's pages, what the site may do, secrets, and the rules."""
    held = setup()
    start: dict[str, Any] = {
        f.name: "\n".join(v) if isinstance(v := getattr(held, f.name), list) else v for f in FIELDS
    }
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(FIELDS, inside.language, start, given)
    if form.is_valid:
        empty = {"origins": [], "internal_networks": [], "internal_domains": [], "currency": ""}
        for name, value in form.values.items():
            setattr(held, name, empty[name] if value is None else value)
        held.save()
        trace(inside.place.name, "changed the chat on the site", ", ".join(held.origins))
        return HttpResponseRedirect(reverse("settings-site") + "?done=saved")
    title = _say(inside, "title")
    body = render(
        inside.heading(title, _say(inside, "lead")),
        tag("section", tag("h2", _say(inside, "line")), tag("p", _say(inside, "line_lead")),
            tag("pre", tag("code", _line(inside)), dir="ltr", tabindex="0", class_="copied"),
            tag("p", tag("a", _say(inside, "shop.try"), href=reverse("shop")))),
        tag("section", tag("h2", _say(inside, "who")), _form(inside, form, held)),
        _invitations(inside),
        _secrets(inside) if inside.place.is_administrator else None,
    )  # fmt: skip
    return form_page(inside, str(title), body, form)


def _say(inside: Room, key: str, **parts: Any) -> Markup:
    return inside.language.text(f"site.onsite.{key}", **parts)


def _line(inside: Room) -> str:
    own = f"{inside.request.scheme}://{inside.request.get_host()}"
    return f'<script async src="{own}/static/desk/widget.js" data-consent="yes"></script>'


def _form(inside: Room, form: Form, held: Setup) -> Markup:
    if inside.may_change:
        return form.html(inside.request, [("save", inside.say("save"))])
    return tag("ul", (tag("li", tag("bdi", origin)) for origin in held.origins))


# -- secrets ---------------------------------------------------------------------------------------


def _secrets(inside: Room) -> Markup:
    rows = []
    for purpose in Secret.Purpose.values:
        newest = Secret.objects.filter(purpose=purpose, until=None).first()
        since = inside.moment(newest.made_at) if newest else _say(inside, "no_secret")
        make = button(
            inside.request, _say(inside, "change_secret" if newest else "make_secret"),
            reverse("settings-site-secret"), purpose=purpose,
        )  # fmt: skip
        rows.append(
            tag("tr", tag("th", _say(inside, purpose), scope="row"), tag("td", since),
                tag("td", make))
        )  # fmt: skip
    heads = [_say(inside, "secret"), _say(inside, "since"), ""]
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    return tag("section", tag("h2", _say(inside, "secrets")),
               tag("p", _say(inside, "secrets_lead")), blocks.scrolling(head, rows))  # fmt: skip


@room
def secret(inside: Room) -> Body:
    """A new secret, shown this once; administrators only."""
    purpose = inside.request.POST.get("purpose", "")
    asked = inside.request.method == "POST" and purpose in Secret.Purpose.values
    if not inside.place.is_administrator or not asked:
        return gone(inside)
    value = secrets.change(purpose, timezone.now())
    trace(inside.place.name, "made a secret", purpose)
    title = _say(inside, purpose)
    body = render(
        inside.heading(title, _say(inside, "shown_once"),
                       (reverse("settings-site"), _say(inside, "title"))),
        tag("pre", tag("code", value), dir="ltr", tabindex="0", class_="copied"),
    )  # fmt: skip
    return page(inside, str(title), body)


# -- invitations -----------------------------------------------------------------------------------


def _invitations(inside: Room) -> Markup:
    names = ("name", "pages", "seconds", "visits", "is_on")
    head = tag("tr", (tag("th", _say(inside, f"rule.{n}"), scope="col") for n in names))
    lines = [_rule_line(inside, rule) for rule in InvitationRule.objects.all()[:MOST]]
    new = tag("p", tag("a", _say(inside, "rule.new"), href=reverse("settings-invitation-new"),
                       class_="act"))  # fmt: skip
    return tag(
        "section", tag("h2", _say(inside, "rules")), tag("p", _say(inside, "rules_lead")),
        blocks.scrolling(head, lines) if lines else None, new if inside.may_change else None,
    )  # fmt: skip


def _rule_line(inside: Room, rule: InvitationRule) -> Markup:
    path = reverse("settings-invitation", kwargs={"rule": rule.pk})
    count = inside.language.number
    return tag(
        "tr", tag("th", tag("a", tag("bdi", rule.name), href=path), scope="row"),
        tag("td", tag("bdi", rule.pages, dir="ltr")), tag("td", count(rule.seconds)),
        tag("td", count(rule.visits)),
        tag("td", _say(inside, "rule.on" if rule.is_on else "rule.off")),
    )  # fmt: skip


@room
def new_rule(inside: Room) -> Body:
    """A form for a rule."""
    if not inside.may_change or InvitationRule.objects.count() >= MOST:
        return gone(inside)
    return _edit(inside, InvitationRule(seconds=20))


@room
def rule(inside: Room, rule: int) -> Body:
    """A rule, to be changed or taken away."""
    found = InvitationRule.objects.filter(pk=rule).first()
    if found is None:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        trace(inside.place.name, "deleted an invitation", found.name)
        found.delete()
        return _back("saved")
    return _edit(inside, found)


def _edit(inside: Room, held: InvitationRule) -> Body:
    fields = (
        Field("name", "onsite.rule.name", _short, is_required=True),
        Field("is_on", "onsite.rule.is_on", form="check"),
        Field("pages", "onsite.rule.pages", _short, is_required=True, latin=True),
        Field("seconds", "onsite.rule.seconds", _whole(3600), is_required=True, latin=True),
        Field("visits", "onsite.rule.visits", _whole(1000), is_required=True, latin=True),
        *(Field(f"text-{code}", f"onsite.rule.text_{code}", _short, is_required=code == "en")
          for code in LANGUAGES),
    )  # fmt: skip
    start = {n: getattr(held, n) for n in ("name", "is_on", "pages", "seconds", "visits")}
    start |= {f"text-{code}": held.texts.get(code, "") for code in LANGUAGES}
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    if form.is_valid:
        for name in ("name", "is_on", "pages", "seconds", "visits"):
            setattr(held, name, form.values[name])
        texts = {code: form.values[f"text-{code}"] for code in LANGUAGES}
        held.texts = {code: text for code, text in texts.items() if text}
        held.save()
        trace(inside.place.name, "changed an invitation", held.name)
        return _back("saved")
    title = tag("bdi", held.name) if held.pk else _say(inside, "rule.new")
    body = render(
        inside.heading(title, _say(inside, "rule.lead"),
                       (reverse("settings-site"), _say(inside, "title"))),
        form.html(inside.request, [("save", inside.say("save"))]) if inside.may_change else None,
        button(inside.request, inside.say("delete"), inside.request.path, do="delete")
        if held.pk and inside.may_change else None,
    )  # fmt: skip
    return form_page(inside, held.name or str(_say(inside, "rule.new")), body, form)


def _back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('settings-site')}?done={done}")
