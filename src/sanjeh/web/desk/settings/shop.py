"""The shop's side by form: what to copy into its pages, who may call, secrets, invitations."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from sanjeh.apps.site import secrets
from sanjeh.apps.site.models import InvitationRule, Secret
from sanjeh.apps.site.setup import origin_of, setup
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.desk.settings.room import (
    act,
    by_language,
    changing,
    done,
    heading,
    joined,
    lines,
    now,
    row,
    say,
    spread,
    table,
    whole,
    wrong,
)
from sanjeh.web.people.trail import trace
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.room import Body, Room, form_page, gone, page

WIDGET = "desk/widget.js"


@changing
def show(inside: Room) -> Body:
    """The snippet to copy, the secrets, and the form of what the site may do."""
    request = inside.request
    if request.POST.get("do") in Secret.Purpose.values:
        return _secret(inside, request.POST["do"])
    held = setup()
    fields = [
        Field("origins", "desk.settings.fields.origins", read=lines, form="area", latin=True),
        Field("internal_networks", "desk.settings.fields.internal_networks", read=lines,
              form="area", latin=True),
        Field("internal_domains", "desk.settings.fields.internal_domains", read=lines, form="area",
              latin=True),
        Field("currency", "desk.settings.fields.currency", latin=True),
        Field("assumes_consent", "desk.settings.fields.assumes_consent", form="check"),
        Field("takes_from_pages", "desk.settings.fields.takes_from_pages", form="check"),
    ]  # fmt: skip
    names = ("origins", "internal_networks", "internal_domains")
    start: dict[str, Any] = {name: "\n".join(getattr(held, name)) for name in names}
    start |= {n: getattr(held, n) for n in ("currency", "assumes_consent", "takes_from_pages")}
    form = Form(fields, inside.language, start, request.POST if request.method == "POST" else None)
    if form.is_sent:
        _check(inside, form)
    if form.is_valid:
        values = {name: form.values[name] or [] for name in names}
        values["origins"] = list(dict.fromkeys(origin_of(o) for o in values["origins"]))
        for name, value in values.items():
            setattr(held, name, value)
        held.currency = (form.values["currency"] or "").upper()
        held.assumes_consent = form.values["assumes_consent"]
        held.takes_from_pages = form.values["takes_from_pages"]
        held.save()
        return done(inside, "changed the site", ", ".join(held.origins), "desk-shop")
    body = render(
        heading(inside, "shop"), _snippet(inside), tag("h2", say(inside, "shop.who")),
        form.html(request, [("save", inside.say("save"))]),
        tag("h2", say(inside, "shop.secrets")), tag("p", say(inside, "shop.secrets_lead"),
                                                    class_="note"),
        (_purpose(inside, purpose) for purpose in Secret.Purpose.values),
    )  # fmt: skip
    return form_page(inside, say(inside, "shop.title"), body, form)


def _check(inside: Room, form: Form) -> None:
    for origin in form.values.get("origins") or []:
        if not origin_of(origin):
            wrong(inside, form, "origins", "origin", given=origin)
    for network in form.values.get("internal_networks") or []:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            wrong(inside, form, "internal_networks", "network", given=network)
    currency = form.values.get("currency") or ""
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        wrong(inside, form, "currency", "currency", given=currency)


def snippet_for(request: HttpRequest) -> str:
    """The line that a page of the shop needs."""
    return f'<script src="{request.build_absolute_uri(static(WIDGET))}" defer></script>'


def _snippet(inside: Room) -> Markup:
    box = tag("textarea", snippet_for(inside.request), readonly="readonly", rows="2", dir="ltr",
              id="snippet")  # fmt: skip
    label = tag("label", say(inside, "shop.snippet"), for_="snippet")
    return tag("div", label, box, class_="field")


def _purpose(inside: Room, purpose: str) -> Markup:
    held = secrets.in_force(purpose, now())
    known = say(inside, "shop.has_secret" if held else "shop.no_secret")
    make = button(inside.request, say(inside, "shop.make_secret"), inside.request.path, do=purpose)
    return render(tag("h3", say(inside, f"shop.{purpose}")), tag("p", known), make)


def _secret(inside: Room, purpose: str) -> Body:
    """A new secret, shown once."""
    value = secrets.change(purpose, now())
    trace(inside.place.name, "made a secret of the shop", purpose)
    title = say(inside, f"shop.{purpose}")
    body = render(
        inside.heading(title, None, (reverse("desk-shop"), say(inside, "shop.title"))),
        tag("div", tag("p", say(inside, "shop.shown_once"), role="status"),
            tag("p", tag("code", value, dir="ltr")), class_="done link"),
    )  # fmt: skip
    answer = page(inside, title, body)
    add_never_cache_headers(answer)
    return answer


# -- invitations -----------------------------------------------------------------------------------


@changing
def invitations(inside: Room) -> Body:
    """Rules by which visitors are invited."""
    n = inside.language.number
    rows = []
    for rule in InvitationRule.objects.all():
        link = tag("a", tag("bdi", rule.name),
                   href=reverse("desk-invitation", kwargs={"number": rule.pk}))  # fmt: skip
        on = inside.language.text(f"site.{'yes' if rule.is_on else 'no'}")
        pages = tag("bdi", rule.pages, dir="ltr")
        rows.append(row(link, pages, n(rule.seconds), n(rule.visits), on))
    heads = ("name", "pages", "seconds", "visits", "is_on")
    body = render(
        heading(inside, "invitations"), table(inside, heads, rows, "invitations.none"),
        act(inside, "invitations.new", "desk-invitation-new"),
    )  # fmt: skip
    return say(inside, "invitations.title"), body


@changing
def new_invitation(inside: Room) -> Body:
    """A form for a rule."""
    return _rule(inside, None)


@changing
def invitation(inside: Room, number: int) -> Body:
    """One rule, and a form to change or delete it."""
    found = InvitationRule.objects.filter(pk=number).first()
    if found is None:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        found.delete()
        return done(inside, "deleted a rule of invitations", found.name, "desk-invitations")
    return _rule(inside, found)


def _rule(inside: Room, held: InvitationRule | None) -> Body:
    fields = [
        Field("name", "desk.settings.fields.name", is_required=True),
        *by_language(inside, "text", "desk.settings.fields.invitation", "area"),
        Field("pages", "desk.settings.fields.pages", latin=True, is_required=True),
        Field("seconds", "desk.settings.fields.seconds", read=whole(0, 3600), latin=True,
              is_required=True),
        Field("visits", "desk.settings.fields.visits", read=whole(1, 100), latin=True,
              is_required=True),
        Field("is_on", "desk.settings.fields.is_on", form="check"),
    ]  # fmt: skip
    start: dict[str, Any] = {"pages": "*", "seconds": 20, "visits": 1, "is_on": True}
    if held is not None:
        start = {name: getattr(held, name) for name in ("name", *start)}
        start |= spread("text", held.texts)
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    if form.is_sent and not joined(form, "text"):
        wrong(inside, form, "text-en", "no_text")
    if form.is_valid:
        made = held or InvitationRule(order=InvitationRule.objects.count())
        for name in ("name", "pages", "seconds", "visits", "is_on"):
            setattr(made, name, form.values[name])
        made.texts = joined(form, "text")
        made.save()
        action = "made a rule of invitations" if held is None else "changed a rule of invitations"
        return done(inside, action, made.name, "desk-invitations")
    title = tag("bdi", held.name) if held else say(inside, "invitations.new")
    drop = None
    if held is not None:
        drop = button(inside.request, inside.say("delete"), inside.request.path, do="delete")
    body = render(
        heading(inside, "invitation", title, "invitations"),
        form.html(inside.request, [("save", inside.say("save"))]), drop,
    )  # fmt: skip
    return form_page(inside, held.name if held else say(inside, "invitations.new"), body, form)
