"""What was understood of a file, to be mended by form; and the import, asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.sources import OWN, ROLES, STATUSES, WRITINGS
from sanjeh.web.jobs import forms, queue, telling, uploads
from sanjeh.web.jobs.uploading import changing
from sanjeh.web.pages import blocks
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for

DATED = ("created_at", "updated_at", "resolved_at", "closed_at")
NEEDED = ("id", "created_at")
Seen = dict[str, Any]


@require_GET
@changing
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The preview of an uploaded file."""
    return preview(request, token, None, 200)


@require_POST
@changing
def mend(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what the form says; look at the file again by it, or import the file."""
    home = Path(settings.HOME)
    seen = uploads.noted(home, token, uploads.SEEN)
    if seen is None:
        return gone(request)
    name = request.seat.name  # type: ignore[attr-defined]
    match request.POST.get("do"):
        case "drop":
            uploads.drop(home, token)
            return HttpResponseRedirect(reverse("data"))
        case "look" | "import" as wanted:
            try:
                before = uploads.noted(home, token, uploads.TOLD)
                told = telling.told_by(request.POST, seen, before)
                uploads.note(home, token, uploads.TOLD, told)
            except telling.Untellable as error:
                return preview(request, token, error, 422)
            if wanted == "look":
                job = queue.add("look", name, upload=token)
            else:
                job = queue.add("import", name, upload=token, rows=int(seen["rows"]))
                trace(name, "asked for an import", f"{seen['rows']} rows")
            return HttpResponseRedirect(reverse("job", args=[job.pk]))
    raise Http404


def gone(request: HttpRequest) -> HttpResponse:
    """The file is not there any more."""
    language = language_for(request)
    body = tag(
        "section", tag("h1", language.text("site.jobs.errors.gone")),
        tag("p", tag("a", language.text("site.upload.title"), href=reverse("data"))),
        class_="empty",
    )  # fmt: skip
    return shown(request, language.text("site.upload.title"), body, status=410)


def preview(
    request: HttpRequest, token: str, error: telling.Untellable | None, status: int
) -> HttpResponse:
    """The page: what was understood, the form to mend it, the first rows."""
    home = Path(settings.HOME)
    seen = uploads.noted(home, token, uploads.SEEN)
    if seen is None:
        return gone(request)
    language = language_for(request)
    told = uploads.noted(home, token, uploads.TOLD) or {}

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.seen.{key}", **parts)

    lead = of_table(seen, language) if "columns" in seen else of_records(seen, language)
    alert = None
    if error is not None:
        told_error = say(f"errors.{error.word}", name=tag("bdi", error.about))
        alert = tag("p", told_error, role="alert", class_="error")
    missing = lacking(seen)
    why = [tag("p", say(f"missing.{role}"), role="alert", class_="error") for role in missing]
    if seen.get("why") and not missing:
        why.append(tag("p", tag("bdi", seen["why"], lang="en"), role="alert", class_="error"))
    ready = not seen.get("why")
    buttons = tag(
        "p",
        tag("button", say("import"), name="do", value="import", class_="act") if ready else None,
        tag("button", say("again"), name="do", value="look", class_="act-plain")
        if "columns" in seen else None,
        tag("button", say("drop"), name="do", value="drop", class_="act-plain"),
        class_="acts",
    )  # fmt: skip
    form = tag(
        "form", forms.token(request),
        columns(seen, language) if "columns" in seen else None,
        about_all(seen, told, language), buttons,
        method="post", action=reverse("data-mend", args=[token]), class_="mend",
    )  # fmt: skip
    body = render(tag("h1", say("title")), lead, why, alert, form, first_rows(seen, language))
    return shown(request, say("title"), body, status=status)


def lacking(seen: Seen) -> list[str]:
    """Roles without which there is no case, and that no column was taken for."""
    if "columns" not in seen or not seen["why"]:
        return []
    played = {column["role"] for column in seen["columns"]}
    return [role for role in NEEDED if role not in played]


def of_table(seen: Seen, language: Language) -> Markup:
    """How large the file is and how it is written."""
    shape = seen["shape"]
    signs = {"\t": "tab"}
    written = [str(shape[name]) for name in ("encoding", "sheet") if shape[name]]
    if shape["delimiter"]:
        written.append(f"“{signs.get(shape['delimiter'], shape['delimiter'])}”")
    facts = [
        language.text("site.seen.rows", n=language.number(seen["rows"])),
        language.text("site.seen.columns", n=language.number(len(seen["columns"]))),
        tag("bdi", " · ".join([shape["format"], *written]), dir="ltr"),
    ]
    if seen["misfits"]:
        facts.append(language.text("site.seen.misfits", n=language.number(seen["misfits"])))
    return tag("ul", (tag("li", fact) for fact in facts), class_="facts")


def of_records(seen: Seen, language: Language) -> Markup:
    """How many records of each kind a file of records holds."""
    items = [
        tag("li", kind_name(kind, language), ": ", language.number(n))
        for kind, n in sorted(seen["kinds"].items(), key=lambda pair: -pair[1])
    ]
    return render(tag("p", language.text("site.seen.records")), tag("ul", items, class_="facts"))


def kind_name(kind: str, language: Language) -> str:
    """What records of a kind are called."""
    known = language.words["kinds"].get(kind or "unknown")
    return str(known or kind.replace("_", " "))


def columns(seen: Seen, language: Language) -> Markup:
    """A row a column: what it was taken for, how sure that is, what stands in it."""

    def say(key: str) -> Markup:
        return language.text(f"site.seen.{key}")

    head = tag("tr", (tag("th", say(h), scope="col") for h in ("column", "taken", "sure", "ex")))
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", column["heading"]), scope="row"),
            tag("td", role_choice(n, column, language), writing_choice(n, column, language),
                word_choices(n, column, language)),
            tag("td", sureness(column, seen["tried"], language)),
            tag("td", (tag("bdi", text, class_="sample-cell") for text in column["examples"])),
        )
        for n, column in enumerate(seen["columns"])
    ]  # fmt: skip
    return tag("div", blocks.scrolling(head, rows), class_="told-table")


def role_choice(n: int, column: Seen, language: Language) -> Markup:
    """The field that a column is taken for, to be chosen anew."""
    names = language.words["site"]["roles"]
    given = column["role"] or ""
    options = [("", names["ignore"]), (OWN, names["own"]), *((r, names[r]) for r in ROLES)]
    return tag(
        "select",
        (option(value, text, value == given) for value, text in options),
        name=f"role-{n}",
        aria_label=f"{language.text('site.seen.taken')}: {column['heading']}",
    )


def writing_choice(n: int, column: Seen, language: Language) -> Markup | None:
    """How a column's dates are written, to be chosen anew."""
    if column["role"] not in DATED:
        return None
    names = language.words["site"]["writings"]
    given = column["writing"] or ""
    options = [("", names["found"]), *((w, names[w]) for w in WRITINGS)]
    return tag(
        "select",
        (option(value, text, value == given) for value, text in options),
        name=f"writing-{n}",
        aria_label=f"{language.text('site.seen.writing')}: {column['heading']}",
    )


def word_choices(n: int, column: Seen, language: Language) -> list[Markup]:
    """What each unknown word of a status column means, to be chosen."""
    choices: list[tuple[str, Any]] = [("", language.text("site.seen.refuse"))]
    choices += [(status, language.label("state", status, status)) for status in STATUSES]
    return [
        tag("label", tag("bdi", word), " ", tag("select", (
            option(value, text, value == "") for value, text in choices
        ), name=f"word-{n}-{m}"), class_="word")
        for m, word in enumerate(column["unknown"])
    ]  # fmt: skip


def option(value: str, text: Any, chosen: bool) -> Markup:
    """One entry of a select."""
    return tag("option", text, value=value, selected="" if chosen else None)


def sureness(column: Seen, tried: int, language: Language) -> Markup:
    """How far what a column was taken for can be relied on."""

    def say(key: str, **parts: Any) -> Markup:
        return language.text(f"site.seen.sureness.{key}", **parts)

    if column["filled"] == 0:
        return tag("span", say("empty"), class_="doubt")
    if column["role"] is None:
        return tag("span", say("unused"), class_="doubt")
    if column["unread"]:
        n, of = language.number(column["unread"]), language.number(column["filled"])
        return tag("span", say("unread", n=n, of=of), class_="warn")
    if column["is_assumed"]:
        return tag("span", say("assumed"), class_="warn")
    if column["filled"] < tried:
        return tag("span", say("gaps", n=language.percent(column["filled"] / tried)))
    return tag("span", say("own" if column["role"] == OWN else "sure"), class_="sure")


def about_all(seen: Seen, told: dict[str, Any], language: Language) -> Markup:
    """What holds for the whole file: whose it is, the zone of its times, what a row is."""

    def say(key: str) -> Markup:
        return language.text(f"site.seen.{key}")

    zone = told.get("zone") or seen.get("zone") or ""
    source = told.get("source") or seen.get("source") or ""
    zones = [tag("option", value=name) for name in sorted(available_timezones()) if "/" in name]
    parts: list[Any] = [
        tag("label", tag("span", say("source")), tag("input", name="source", value=source,
            maxlength="60", dir="auto"), tag("small", say("source_why"))),
        tag("label", tag("span", say("zone")), tag("input", name="zone", value=zone, list="zones",
            maxlength="60", dir="ltr", autocomplete="off"), tag("small", say("zone_why"))),
        tag("datalist", tag("option", value="UTC"), zones, id="zones"),
    ]  # fmt: skip
    if "columns" in seen:
        history = "change" if seen["is_history"] else "case"
        choices = [
            tag("label", tag("input", type="radio", name="row", value=value,
                checked="" if value == history else None), " ", say(f"row_{value}"))
            for value in ("case", "change")
        ]  # fmt: skip
        parts.append(tag("fieldset", tag("legend", say("row")), choices))
    return tag("div", parts, class_="of-file")


def first_rows(seen: Seen, language: Language) -> Markup | None:
    """The first rows as they stand in the file."""
    if not seen.get("first"):
        return None
    head = tag("tr", (tag("th", tag("bdi", c["heading"]), scope="col") for c in seen["columns"]))
    rows = [tag("tr", (tag("td", tag("bdi", cell)) for cell in row)) for row in seen["first"]]
    title = language.text("site.seen.first")
    return tag(
        "section", tag("h2", title), blocks.scrolling(head, rows), class_="first-rows told-table"
    )
