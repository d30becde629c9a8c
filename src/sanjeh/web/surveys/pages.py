"""*Settings › Surveys*: what is asked, whom and when, and how many answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from sanjeh.apps.surveys import editing
from sanjeh.apps.surveys.models import Question, Survey, Trigger, Way
from sanjeh.apps.surveys.questions import KINDS
from sanjeh.apps.surveys.wording import LANGUAGES
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.people.trail import trace
from sanjeh.web.steering.forms import Field, Form, button, hidden
from sanjeh.web.steering.room import Body, Room, form_page, gone, page, room
from sanjeh.web.surveys import rules, showing, wordings

# What a new survey begins as: its questions, and its rule.
BEGINNINGS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "chat": (("csat", "ces", "text"), {"trigger": "chat", "way": "chat"}),
    "ticket": (("csat", "text"), {"trigger": "ticket", "way": "mail", "quiet_days": 7}),
    "loyalty": (("nps", "text"), {"trigger": "list", "way": "mail", "quiet_days": 90}),
    "expectation": (("expectation", "text"), {"trigger": "list", "way": "link"}),
}


def say(inside: Room, key: str, **parts: Any) -> Markup:
    """Words of these pages."""
    return inside.language.text(f"site.surveys.{key}", **parts)


def of(number: int) -> Survey | None:
    """A survey that is there."""
    return Survey.objects.filter(pk=number, deleted_at=None).first()


def address(survey: Survey) -> str:
    """The page of a survey."""
    return reverse("settings-survey", kwargs={"number": survey.pk})


@room
def listed(inside: Room) -> Body:
    """All surveys with how many were asked and answered; a new one."""
    title = say(inside, "title")
    rows = list(Survey.objects.filter(deleted_at=None).order_by("-is_active", "pk"))
    heads = ("name", "trigger", "way", "touchpoint", "asked", "answered", "is_active")
    head = tag("tr", (tag("th", say(inside, f"heads.{h}"), scope="col") for h in heads))
    lines = [_line(inside, survey) for survey in rows]
    act = tag("p", tag("a", say(inside, "new"), href=reverse("settings-survey-new"), class_="act"))
    body = render(
        inside.heading(title, say(inside, "lead")), act if inside.may_change else None,
        blocks.scrolling(head, lines) if lines else tag("p", say(inside, "none")),
        tag("p", tag("a", say(inside, "figures"), href=reverse("satisfaction")), class_="note"),
    )  # fmt: skip
    return title, body


def _line(inside: Room, survey: Survey) -> Markup:
    asked, answered = _counts(survey)
    number = inside.language.number
    share = f" ({inside.language.percent(answered / asked)})" if asked else ""
    return tag(
        "tr", tag("th", tag("a", tag("bdi", survey.name), href=address(survey)), scope="row"),
        tag("td", say(inside, f"triggers.{survey.trigger}")),
        tag("td", say(inside, f"ways.{survey.way}")), tag("td", tag("bdi", survey.touchpoint)),
        tag("td", number(asked)), tag("td", number(answered), share),
        tag("td", inside.language.text("site.yes") if survey.is_active else "—"),
    )  # fmt: skip


def _counts(survey: Survey) -> tuple[int, int]:
    sent = survey.invitations.exclude(sent_at=None)
    return sent.count(), sent.exclude(answered_at=None).count()


@room
def new(inside: Room) -> Body:
    """Begin a survey out of a usual one."""
    if not inside.may_change:
        return gone(inside)
    kinds = [(name, str(say(inside, f"beginnings.{name}"))) for name in BEGINNINGS]
    form = Form(
        [Field("beginning", "surveys.fields.beginning", form="choice", choices=kinds),
         Field("name", "surveys.fields.name", is_required=True),
         Field("sender", "surveys.fields.sender")],
        inside.language, {"beginning": "chat"},
        inside.request.POST if inside.request.method == "POST" else None,
    )  # fmt: skip
    if form.is_valid:
        asked, fields = BEGINNINGS[form.values["beginning"]]
        named = {"name": form.values["name"], "sender": form.values["sender"] or ""}
        made = editing.make({**named, **fields}, asked, timezone.now())
        trace(inside.place.name, "made a survey", made.name)
        return HttpResponseRedirect(f"{address(made)}?done=saved")
    title = say(inside, "new")
    way = (reverse("settings-surveys"), say(inside, "title"))
    body = render(inside.heading(title, say(inside, "new_lead"), way),
                  form.html(inside.request, [("save", say(inside, "begin"))]))  # fmt: skip
    return form_page(inside, title, body, form)


@room
def survey(inside: Room, number: int) -> Body:
    """One survey: its questions, its rule, what came of it."""
    found = of(number)
    if found is None:
        return gone(inside)
    posted = inside.request.method == "POST"
    if posted and (done := _did(inside, found)) is not None:
        return done
    saves = posted and inside.request.POST.get("do") == "save"
    form = Form(rules.fields(inside), inside.language, rules.start(inside, found),
                inside.request.POST if saves else None)  # fmt: skip
    if form.is_valid:
        wrong = rules.contradiction(form.values)
        if wrong is None:
            given = {**form.values, "sender": form.values["sender"] or ""}
            editing.change(found, given, timezone.now())
            trace(inside.place.name, "changed a survey", found.name)
            return HttpResponseRedirect(f"{address(found)}?done=saved")
        form.refuse(*wrong)
    way = (reverse("settings-surveys"), say(inside, "title"))
    body = render(
        inside.heading(tag("bdi", found.name), None, way),
        _results(inside, found), _questions(inside, found),
        tag("h2", say(inside, "rule")),
        form.html(inside.request, [("save", inside.say("save"))]) if inside.may_change else None,
        button(inside.request, say(inside, "delete"), address(found), do="delete")
        if inside.may_change else None,
    )  # fmt: skip
    return form_page(inside, found.name, body, form)


def _did(inside: Room, found: Survey) -> HttpResponseRedirect | None:
    """What a button of the page asked for; None where it was the form."""
    given, now = inside.request.POST, timezone.now()
    match given.get("do"):
        case "delete":
            editing.delete(found, now)
            trace(inside.place.name, "deleted a survey", found.name)
            return HttpResponseRedirect(f"{reverse('settings-surveys')}?done=deleted")
        case "add" if given.get("kind") in KINDS:
            fields = editing.start(str(given["kind"]))
            if fields["kind"] == "choice":
                pairs = [dict.fromkeys(LANGUAGES, f"{n}") for n in ("1", "2")]
                fields["options"] = [{"value": p["en"], "texts": p} for p in pairs]
            made = editing.add(found, fields, now)
            trace(inside.place.name, "changed a survey", found.name)
            return HttpResponseRedirect(_question_address(found, made))
        case "up" | "down" as way:
            number = str(given.get("question", ""))
            asked = next((q for q in found.asked() if str(q.pk) == number), None)
            if asked is not None:
                editing.move(asked, -1 if way == "up" else 1)
            return HttpResponseRedirect(address(found))
    return None


def _results(inside: Room, found: Survey) -> Markup:
    """How many were asked and answered, and why others were not asked."""
    asked, answered = _counts(found)
    number = inside.language.number
    waiting = found.invitations.filter(sent_at=None).count()
    facts = [say(inside, "results.asked", n=number(asked)),
             say(inside, "results.answered", n=number(answered),
                 share=inside.language.percent(answered / asked if asked else None))]  # fmt: skip
    facts += [say(inside, "results.waiting", n=number(waiting))] if waiting else []
    reasons = found.unasked.values_list("reason").annotate(n=Count("pk")).order_by("-n")
    left = tag("ul", (
        tag("li", say(inside, f"reasons.{reason}"), ": ", number(n)) for reason, n in reasons
    ), class_="reasons")  # fmt: skip
    links = [
        tag("a", say(inside, "preview_in", language=tag("bdi", name)), lang=code,
            href=f"{reverse('settings-survey-preview', kwargs={'number': found.pk})}?lang={code}")
        for code, name in showing.NAMES.items()
    ]  # fmt: skip
    ask = None
    if found.trigger == Trigger.LIST and found.way != Way.CHAT and inside.may_change:
        path = reverse("settings-survey-ask", kwargs={"number": found.pk})
        ask = tag("p", tag("a", say(inside, "ask.title"), class_="act", href=path))
    return render(
        tag("p", (render(f, " · ") for f in facts),
            tag("a", say(inside, "figures"), href=reverse("satisfaction")), class_="note"),
        render(tag("p", say(inside, "results.unasked"), class_="note"), left) if reasons else None,
        tag("p", (render(one, " ") for one in links), class_="note"), ask,
    )  # fmt: skip


def _question_address(survey: Survey, question: Question) -> str:
    return reverse("settings-question", kwargs={"number": survey.pk, "question": question.pk})


def _questions(inside: Room, found: Survey) -> Markup:
    """The questions in order, each a link to its form; a further one."""
    asked = found.asked()
    items = []
    for place, one in enumerate(asked):
        text = one.said("texts", inside.language.code)
        scale = inside.language.digits(f"{one.low}–{one.high}") if one.is_scored else None
        moves = [
            button(inside.request, sign, address(found), do=do, question=one.pk)
            for do, sign, may in (
                ("up", "↑", place > 0), ("down", "↓", place < len(asked) - 1),
            )
            if may and inside.may_change
        ]  # fmt: skip
        items.append(tag(
            "li", tag("a", tag("bdi", text or one.code), href=_question_address(found, one)), " ",
            tag("small", say(inside, f"kinds.{one.kind}"), f" {scale}" if scale else None),
            tag("span", moves, class_="moves"),
        ))  # fmt: skip
    more = None
    if inside.may_change:
        options = [tag("option", say(inside, f"kinds.{k}"), value=k) for k in KINDS]
        more = tag(
            "form", hidden(inside.request), tag("input", type="hidden", name="do", value="add"),
            tag("label", say(inside, "add"), " ", tag("select", options, name="kind")),
            tag("button", say(inside, "add_do"), class_="second"), method="post",
            action=address(found), class_="asking",
        )  # fmt: skip
    return render(tag("h2", say(inside, "questions")), tag("ol", items, class_="asked"), more)


@room
def question(inside: Room, number: int, question: int) -> Body:
    """One question, and a form to change it; a change of its sense begins a new one."""
    found = of(number)
    one = found.questions.filter(pk=question, retired_at=None).first() if found else None
    if found is None or one is None:
        return gone(inside)
    posted = inside.request.method == "POST"
    if posted and inside.request.POST.get("do") == "retire":
        editing.retire(one, timezone.now())
        trace(inside.place.name, "changed a survey", found.name)
        return HttpResponseRedirect(f"{address(found)}?done=deleted")
    answered = one.answer_set.count()
    fields = wordings.fields(inside, one.kind, answered=answered > 0)
    form = Form(fields, inside.language, wordings.start(inside, one),
                inside.request.POST if posted else None)  # fmt: skip
    if form.is_valid:
        given = wordings.read(form, one)
        if form.is_valid:
            same = bool(form.values.get("same_sense"))
            editing.reword(one, given, timezone.now(), same_sense=same)
            trace(inside.place.name, "changed a survey", found.name)
            return HttpResponseRedirect(f"{address(found)}?done=saved")
    title = say(inside, f"kinds.{one.kind}")
    lead = None
    if answered:
        lead = say(inside, "answered_lead", n=inside.language.number(answered))
    body = render(
        inside.heading(title, lead, (address(found), tag("bdi", found.name))),
        form.html(inside.request, [("save", inside.say("save"))]) if inside.may_change else None,
        button(inside.request, say(inside, "retire"), inside.request.path, do="retire")
        if inside.may_change and len(found.asked()) > 1 else None,
        tag("p", say(inside, "code", code=tag("code", one.code)), class_="note"),
    )  # fmt: skip
    return form_page(inside, title, body, form)


@room
def preview(inside: Room, number: int) -> Body:
    """The survey as a customer sees it, in any language; nothing can be sent."""
    found = of(number)
    if found is None:
        return gone(inside)
    if inside.request.method == "POST":
        return page(inside, say(inside, "title"), tag("p", say(inside, "preview_only")), 405)
    code = inside.request.GET.get("lang", "")
    code = code if code in LANGUAGES else "en"
    rows = [showing.question(q, code, "") for q in found.asked()]
    context = {"sender": found.sender, "questions": rows, "is_preview": True}
    return showing.shown(inside.request, "answer", code, context)
