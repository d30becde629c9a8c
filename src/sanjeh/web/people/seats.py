"""People by form: inviting, roles and scope, leaving, sessions; and the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.people.invitations import LASTS, invite
from sanjeh.web.people.models import Invitation, Role, Rule, Seat, Trace
from sanjeh.web.people.trail import trace
from sanjeh.web.steering import reading
from sanjeh.web.steering.forms import Field, Form, button, hidden, refusal
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Body, Room, form_page, gone, page, refused

PAGE = 50
View = Callable[..., Body]


class LastAdministrator(RuntimeError):
    """Without this account nobody could let people in."""


def administrators_only(view: View) -> Callable[..., HttpResponse]:
    """A view that only an administrator reaches."""

    @wraps(view)
    def handle(request: HttpRequest, **parts: Any) -> HttpResponse:
        inside = Room(request)
        if not inside.place.is_administrator:
            return refused(inside)
        made = view(inside, **parts)
        return made if isinstance(made, HttpResponse) else page(inside, *made)

    return handle


def say(inside: Room, key: str, **parts: Any) -> Markup:
    """Words of the pages of people."""
    return inside.language.text(f"site.settings.people.{key}", **parts)


def role_name(inside: Room, role: str) -> Markup:
    """What a role is called."""
    return say(inside, f"role_{role}")


# -- scope ---------------------------------------------------------------------------------------


def _fields(inside: Room) -> list[Field]:
    teams = sorted(((r["id"], str(r["name"] or r["id"])) for r in inside.rows("team")),
                   key=lambda pair: pair[1])  # fmt: skip
    agents = inside.ledger.labels(r["id"] for r in inside.rows("agent"))
    named = sorted(agents.items(), key=lambda pair: pair[1])
    roles = [(str(r), str(role_name(inside, r))) for r in Role.values]
    return [
        Field("role", "settings.people.role", form="choice", choices=roles, is_required=True),
        Field("teams", "settings.people.teams", form="several", choices=teams),
        Field("agent", "settings.people.agent", form="choice", choices=[("", "—"), *named]),
    ]


def _check_scope(form: Form) -> None:
    """A lead needs teams. An agent of nobody in the record becomes one of the desk."""
    role = form.values.get("role")
    if role == Role.LEAD and not form.values["teams"]:
        form.refuse("teams", "no_teams")


def _scope(form: Form) -> tuple[list[str], str]:
    role = form.values["role"]
    teams = form.values["teams"] if role == Role.LEAD else []
    return teams, form.values["agent"] if role == Role.AGENT else ""


def scope_words(inside: Room, role: str, teams: list[str], agent: str) -> Markup | None:
    """Whose rows an account sees, in words; nothing where it sees all."""
    if role == Role.LEAD:
        known = {r["id"]: r["name"] for r in inside.rows("team")}
        names = [str(known.get(t) or t.partition("/")[2]) for t in teams]
        comma = "، " if inside.language.code == "fa" else ", "
        return tag("bdi", comma.join(names) or "—")
    if role == Role.AGENT:
        return tag("bdi", inside.ledger.labels([agent]).get(agent, "—"))
    return None


# -- the list, and inviting ----------------------------------------------------------------------


@administrators_only
def listed(inside: Room) -> Body:
    """All accounts and links that still work; a form that makes a link."""
    request = inside.request
    done = request.POST.get("do")
    given = request.POST if done == "invite" else None
    form = Form(_fields(inside), inside.language, {"role": Role.ANALYST, "teams": []}, given)
    if form.is_sent and not form.errors:
        _check_scope(form)
    link = None
    if form.is_valid:
        teams, agent = _scope(form)
        secret = invite(form.values["role"], by=inside.place.name, teams=teams, agent=agent)
        link = request.build_absolute_uri(reverse("welcome", kwargs={"secret": secret}))
    elif done == "withdraw":
        return _withdraw(inside)
    elif done == "rule":
        return _rule(inside)
    title = say(inside, "people_title")
    body = render(
        inside.heading(title, say(inside, "lead")),
        _link(inside, link) if link else None,
        _accounts(inside), _waiting(inside),
        tag("h2", say(inside, "invite")), tag("p", say(inside, "invite_lead"), class_="note"),
        form.html(request, [("invite", say(inside, "make_link"))]),
        _rule_form(inside),
        tag("p", tag("a", say(inside, "trail_title"), href=reverse("trail"))),
    )  # fmt: skip
    return form_page(inside, title, body, form)


def _link(inside: Room, link: str) -> Markup:
    days = inside.language.number(LASTS.days)
    return tag(
        "div", tag("p", say(inside, "link_ready", days=days), role="status"),
        tag("p", tag("code", link, dir="ltr")), class_="done link",
    )  # fmt: skip


def _accounts(inside: Room) -> Markup:
    lines = []
    for seat in Seat.objects.select_related("user").order_by("user__username"):
        name = tag("a", tag("bdi", seat.user.get_username()),
                   href=reverse("people-person", kwargs={"number": seat.user.pk}))  # fmt: skip
        last = inside.moment(seat.user.last_login) or say(inside, "never")
        factor = inside.language.text(f"site.{'yes' if is_mfa_enabled(seat.user) else 'no'}")
        state = None if seat.user.is_active else tag("small", " ", say(inside, "inactive"))
        scope = scope_words(inside, seat.role, seat.teams, seat.agent)
        lines.append(
            tag("tr", tag("th", name, state, scope="row"),
                tag("td", role_name(inside, seat.role), render(" · ", scope) if scope else None),
                tag("td", last), tag("td", factor))
        )  # fmt: skip
    heads = [say(inside, k) for k in ("name", "role", "last_seen", "factor")]
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    return blocks.scrolling(head, lines)


def _waiting(inside: Room) -> Markup | None:
    """Links that nobody has used yet; the links themselves are not kept."""
    found = Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())
    lines = []
    for one in found.order_by("expires_at"):
        scope = scope_words(inside, one.role, one.teams, one.agent)
        lines.append(
            tag("tr",
                tag("th", role_name(inside, one.role), render(" · ", scope) if scope else None,
                    scope="row"),
                tag("td", inside.moment(one.expires_at)),
                tag("td", button(inside.request, say(inside, "withdraw"), inside.request.path,
                                 do="withdraw", invitation=one.pk)))
        )  # fmt: skip
    if not lines:
        return None
    heads = [say(inside, "role"), say(inside, "works_until"), ""]
    head = tag("tr", (tag("th" if h else "td", h, scope="col" if h else None) for h in heads))
    return render(tag("h2", say(inside, "waiting")), blocks.scrolling(head, lines))


def _withdraw(inside: Room) -> HttpResponse:
    number = inside.request.POST.get("invitation", "")
    if number.isascii() and number.isdigit():
        for one in Invitation.objects.filter(pk=int(number), used_at=None):
            one.delete()
            trace(inside.place.name, "withdrew an invitation", one.role)
    return HttpResponseRedirect(reverse("people"))


def _rule_form(inside: Room) -> Markup:
    is_asked = Rule.objects.filter(second_factor=True).exists()
    box = tag("input", type="checkbox", name="second_factor", value="yes",
              checked="checked" if is_asked else None)  # fmt: skip
    return render(
        tag("h2", say(inside, "rule")),
        tag("form", hidden(inside.request),
            tag("p", tag("label", box, " ", say(inside, "rule_label"), class_="checked")),
            tag("p", say(inside, "rule_hint"), class_="note"),
            tag("p", tag("button", inside.say("save"), name="do", value="rule"), class_="buttons"),
            method="post", action=inside.request.path, class_="form"),
    )  # fmt: skip


def _rule(inside: Room) -> HttpResponse:
    asked = bool(inside.request.POST.get("second_factor"))
    Rule.objects.update_or_create(pk=1, defaults={"second_factor": asked})
    trace(inside.place.name, "changed the rule of the second factor", "yes" if asked else "no")
    return HttpResponseRedirect(f"{reverse('people')}?done=saved")


# -- one account ---------------------------------------------------------------------------------


@administrators_only
def person(inside: Room, number: int) -> Body:
    """One account: its role and scope; whether it may come in; its sessions."""
    seat = Seat.objects.select_related("user").filter(user__pk=number).first()
    if seat is None:
        return gone(inside)
    request, done = inside.request, inside.request.POST.get("do")
    start = {"role": seat.role, "teams": seat.teams, "agent": seat.agent}
    form = Form(_fields(inside), inside.language, start, request.POST if done == "save" else None)
    if form.is_sent and not form.errors:
        _check_scope(form)
    name = seat.user.get_username()
    path = f"{request.path}?done=saved"
    try:
        if form.is_valid:
            if request.POST.get("was") != _state(seat):
                form.refuse_all(inside.say("conflict_short"))
            else:
                teams, agent = _scope(form)
                seat_in(seat, form.values["role"], teams, agent)
                about = f"{name}: {seat.role} {', '.join(teams) or agent}".strip()
                trace(inside.place.name, "changed a role", about)
                return HttpResponseRedirect(path)
        elif done in ("leave", "come"):
            let_in(seat.user, done == "come")
            trace(inside.place.name, "let in" if done == "come" else "shut out", name)
            return HttpResponseRedirect(path)
        elif done == "sessions":
            count = end_sessions(seat.user)
            trace(inside.place.name, "ended sessions", f"{name}: {count}")
            return HttpResponseRedirect(path)
    except LastAdministrator:
        form.refuse_all(say(inside, "last_administrator"))
    shown_name = tag("bdi", name)
    way = "leave" if seat.user.is_active else "come"
    body = render(
        inside.heading(shown_name, None, (reverse("people"), say(inside, "people_title"))),
        form.html(request, [("save", inside.say("save"))],
                  beneath=tag("input", type="hidden", name="was", value=_state(seat))),
        tag("h2", say(inside, "access")),
        tag("p", say(inside, f"{way}_lead"), class_="note"),
        button(request, say(inside, way), request.path, do=way),
        tag("p", say(inside, "sessions_lead"), class_="note"),
        button(request, say(inside, "sessions"), request.path, do="sessions"),
    )  # fmt: skip
    return form_page(inside, name, body, form)


def _state(seat: Seat) -> str:
    """What an account may do as text, to tell whether somebody changed it meanwhile."""
    return f"{seat.role}|{','.join(sorted(seat.teams))}|{seat.agent}"


@transaction.atomic
def seat_in(seat: Seat, role: str, teams: list[str], agent: str) -> None:
    """Give an account another role or scope; LastAdministrator where nobody else would be one."""
    if role != Role.ADMINISTRATOR:
        _keep_one(seat.user)
    seat.role, seat.teams, seat.agent = role, teams, agent
    seat.save()


@transaction.atomic
def let_in(user: User, may: bool) -> None:
    """Let an account sign in, or no more; its sessions end. LastAdministrator as above."""
    if not may:
        _keep_one(user)
    user.is_active = may
    user.save(update_fields=["is_active"])
    if not may:
        end_sessions(user)


def _keep_one(user: User) -> None:
    """Refuse where the account is the only administrator who can sign in."""
    able = Seat.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if able.filter(user=user).exists() and not able.exclude(user=user).exists():
        raise LastAdministrator(user.get_username())


def end_sessions(user: User) -> int:
    """Sign an account out everywhere; how many sessions there were."""
    mine = [
        s.pk for s in Session.objects.filter(expire_date__gt=timezone.now())
        if s.get_decoded().get("_auth_user_id") == str(user.pk)
    ]  # fmt: skip
    Session.objects.filter(pk__in=mine).delete()
    return len(mine)


# -- the audit trail -----------------------------------------------------------------------------


@administrators_only
def trail(inside: Room) -> Body:
    """Who did what and when, the newest first; by person, action, words and time."""
    given = inside.request.GET
    lines = Trace.objects.order_by("-at", "-pk")
    who, action = given.get("who", "").strip(), given.get("action", "")
    if who:
        lines = lines.filter(who__icontains=who)
    if action:
        lines = lines.filter(action=action)
    if about := given.get("about", "").strip():
        lines = lines.filter(about__icontains=about)
    wrong = None
    for name, test in (("from", "at__gte"), ("to", "at__lt")):
        text = given.get(name, "").strip()
        if text:
            try:
                lines = lines.filter(**{test: reading.instant(inside.clock)(text)})
            except Wrong as error:
                wrong = refusal(inside.language, error.key, error.parts)
    number = _page_number(given.get("page", "1"))
    found = list(lines[(number - 1) * PAGE : number * PAGE + 1])
    title = say(inside, "trail_title")
    head = tag("tr", (tag("th", say(inside, k), scope="col")
                      for k in ("when", "who", "action", "about")))  # fmt: skip
    rows = [_trace_line(inside, t) for t in found[:PAGE]]
    body = render(
        inside.heading(title, say(inside, "trail_lead"),
                       (reverse("people"), say(inside, "people_title"))),
        _filters(inside), tag("p", wrong, class_="error", role="alert") if wrong else None,
        blocks.scrolling(head, rows) if rows else tag("p", say(inside, "trail_none")),
        _pages(inside, number, len(found) > PAGE),
    )  # fmt: skip
    return title, body


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 100_000 else 1


def action_name(inside: Room, action: str) -> Any:
    """What was done, in the reader's language; an action of no words here stays as it is."""
    known = inside.language.words["site"]["settings"]["people"]["actions"]
    return known.get(action) or tag("span", action, lang="en", dir="ltr")


def _trace_line(inside: Room, line: Trace) -> Markup:
    return tag(
        "tr", tag("th", inside.moment(line.at), scope="row"), tag("td", tag("bdi", line.who)),
        tag("td", action_name(inside, line.action)), tag("td", tag("bdi", line.about or "—")),
    )  # fmt: skip


def _filters(inside: Room) -> Markup:
    given = inside.request.GET
    known = Trace.objects.order_by("action").values_list("action", flat=True).distinct()
    named = inside.language.words["site"]["settings"]["people"]["actions"]
    chosen = given.get("action", "")
    options = [tag("option", say(inside, "any"), value="")] + [
        tag("option", named.get(a, a), value=a, selected="selected" if a == chosen else None)
        for a in known
    ]

    def text(name: str, label: Markup, ltr: bool = False) -> Markup:
        box = tag("input", name=name, value=given.get(name, ""), size="12",
                  dir="ltr" if ltr else "auto")  # fmt: skip
        return tag("label", label, " ", box)

    return tag(
        "form", text("who", say(inside, "who")),
        tag("label", say(inside, "action"), " ", tag("select", options, name="action")),
        text("about", say(inside, "about")),
        text("from", say(inside, "from"), True),
        text("to", say(inside, "until"), True),
        tag("button", say(inside, "filter"), class_="second"), method="get",
        action=inside.request.path, class_="asking",
    )  # fmt: skip


def _pages(inside: Room, number: int, more: bool) -> Markup | None:
    """The ways to newer and older lines."""

    def link(to: int, key: str) -> Markup:
        given = inside.request.GET.copy()
        given["page"] = str(to)
        return tag("a", say(inside, key), href=f"?{given.urlencode()}")

    ways = [link(number - 1, "newer")] if number > 1 else []
    ways += [link(number + 1, "older")] if more else []
    return tag("p", (render(" · " if n else "", w) for n, w in enumerate(ways))) if ways else None
