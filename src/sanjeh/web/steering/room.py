"""One request's view of what can be set: the ledger, the language and calendar, writing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sanjeh.answers.periods import Clockwork
from sanjeh.ledger import Ledger
from sanjeh.ledger.errors import LedgerBusy, LedgerError
from sanjeh.metrics.options import kept
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.simulation import SOURCE as SIMULATED
from sanjeh.steering.keeping import (
    Change,
    ChangedMeanwhile,
    Row,
    home_source,
    keep,
    newest_settings,
)
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.roles import Place
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for
from sanjeh.web.steering import refreshing
from sanjeh.web.steering.forms import Form, button

Body = tuple[str, Any] | HttpResponse
View = Callable[..., Body]
DONE = ("saved", "deleted", "restored", "refreshing")


class Room:
    """What a view of the settings works with."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.place: Place = request.seat  # type: ignore[attr-defined]
        self.language: Language = language_for(request)
        self.home = doors().home
        self.ledger: Ledger = self.home.ledger()
        self._rows: dict[str, list[Row]] = {}

    def say(self, key: str, **parts: Any) -> Markup:
        """Words of the settings."""
        return self.language.text(f"site.settings.{key}", **parts)

    @property
    def may_change(self) -> bool:
        """Whether the reader may write here."""
        return self.place.may_change

    # -- reading -----------------------------------------------------------------------------

    def all_rows(self, kind: str) -> list[Row]:
        """Records of a kind as they are now, the deleted among them."""
        if kind not in self._rows:
            self._rows[kind] = self.ledger.rows(kind).to_pylist()
        return self._rows[kind]

    def rows(self, kind: str) -> list[Row]:
        """Records of a kind as they are now."""
        return [r for r in self.all_rows(kind) if r["deleted_at"] is None]

    @cached_property
    def settings(self) -> Row:
        """The newest settings record; empty where there is none."""
        rows = self.rows("settings")
        return newest_settings(rows) if rows else {}

    @cached_property
    def clock(self) -> Clockwork:
        """The zone and the calendar that dates are shown and read in."""
        calendar = self.settings.get("month_calendar")
        calendar = calendar or ("jalali" if self.language.code == "fa" else "gregorian")
        return Clockwork(
            self.settings.get("tz") or "UTC", calendar, self.settings.get("week_start") or "mon"
        )

    @cached_property
    def source(self) -> str:
        """Whose records new ones are."""
        return home_source(self.ledger, self.rows("settings"))

    @cached_property
    def options(self) -> dict[str, str]:
        """The options that hold in the whole home."""
        given = json.loads(self.settings.get("options") or "{}")
        return kept({str(k): str(v) for k, v in given.items()})[0]

    def date(self, value: dt.date | dt.datetime | None) -> Markup | None:
        """A day in words; of an instant the day on the home's wall clock."""
        if value is None:
            return None
        day = value.astimezone(self.clock.tz).date() if isinstance(value, dt.datetime) else value
        return tag("bdi", self.language.date(day, self.clock.calendar))

    def moment(self, value: dt.datetime | None) -> Markup | None:
        """An instant in words."""
        if value is None:
            return None
        return tag("bdi", self.language.moment(value.isoformat(), self.clock))

    # -- writing -----------------------------------------------------------------------------

    def keep(
        self, changes: Sequence[Change], action: str, about: str, form: Form | None, back: str,
        done: str = "saved",
    ) -> HttpResponse | None:  # fmt: skip
        """Write the versions and go back to a page; None where it failed, and the form says why."""
        try:
            keep(self.ledger, changes, who=self.place.name)
        except ChangedMeanwhile as changed:
            said = self.say(
                "conflict", who=tag("bdi", changed.who or "—"), at=self.moment(changed.at) or "—"
            )
            return self._failed(form, said)
        except LedgerBusy:
            return self._failed(form, self.say("busy"))
        except LedgerError as error:
            return self._failed(form, self.say("failed", why=tag("bdi", str(error))))
        trace(self.place.name, action, about)
        refreshing.begin(self.place.name)
        return HttpResponseRedirect(f"{back}{'&' if '?' in back else '?'}done={done}")

    def _failed(self, form: Form | None, said: Markup) -> HttpResponse | None:
        if form is None:
            return shown(self.request, self.say("title"), self._notice(said), status=409)
        form.refuse_all(said)
        return None

    def _notice(self, said: Markup) -> Markup:
        back = tag("a", self.say("back"), href=reverse("settings"))
        return tag("section", tag("p", said, role="alert", class_="error"), tag("p", back))

    def seen(self) -> int | None:
        """What the form says of the state that it was made from."""
        sent = self.request.POST.get("seen", "")
        return int(sent) if sent.isascii() and sent.isdigit() else None

    # -- what stands above every page of the settings -----------------------------------------

    def heading(self, title: Any, lead: Any = None, up: tuple[str, Any] | None = None) -> Markup:
        """The way up, the title, what was done, and whether the figures follow yet."""
        way = up or (reverse("settings"), self.say("title"))
        done = self.request.GET.get("done")
        return render(
            tag("p", tag("a", way[1], href=way[0]), class_="kicker"),
            tag("h1", title),
            tag("p", lead, class_="lead") if lead else None,
            tag("p", self.say(f"done.{done}"), role="status", class_="done")
            if done in DONE else None,
            self.standing(),
        )  # fmt: skip

    def standing(self) -> Markup | None:
        """That figures are being brought up to date, or wait for it."""
        state = refreshing.standing(self.home)
        if state is None:
            return None
        again = None
        if state == "behind" and self.may_change:
            again = button(self.request, self.say("bring_up"), reverse("settings-refresh"))
        return tag("div", tag("p", self.say(f"figures.{state}"), role="status"), again,
                   class_="standing")  # fmt: skip


def room(view: View) -> Callable[..., HttpResponse]:
    """A view of the settings: whoever has a seat reads, administrators and managers write."""

    @wraps(view)
    def handle(request: HttpRequest, **parts: Any) -> HttpResponse:
        inside = Room(request)
        if request.method == "POST" and not inside.may_change:
            return refused(inside)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponse(status=405, headers={"Allow": "GET, POST"})
        made = view(inside, **parts)
        return made if isinstance(made, HttpResponse) else page(inside, *made)

    return handle


def refused(inside: Room) -> HttpResponse:
    """That the reader's role may not do this."""
    body = tag("section", tag("h1", inside.say("not_yours")),
               tag("p", inside.say("not_yours_body")), class_="empty")  # fmt: skip
    return shown(inside.request, inside.say("not_yours"), body, status=403)


def page(inside: Room, title: Any, body: Any, status: int = 200) -> HttpResponse:
    """A body in the site's shell, with the word that the data are synthetic where they are."""
    made_up = any(s.source == SIMULATED for s in inside.ledger.snapshot().sources)
    notice = None
    if made_up:
        notice = tag("p", inside.language.text("head.synthetic"), class_="synthetic")
    content = tag("div", body, class_="settings")
    return shown(inside.request, title, render(notice, content), status=status)


def form_page(inside: Room, title: Any, body: Any, form: Form) -> HttpResponse:
    """A page with a form: 422 where something in it could not be taken."""
    failed = bool(form.errors) or form.whole is not None
    return page(inside, title, body, 422 if failed else 200)


def gone(inside: Room) -> HttpResponse:
    """That there is no such thing (any more)."""
    body = tag("section", tag("h1", inside.say("gone")), tag("p", inside.say("gone_body")),
               class_="empty")  # fmt: skip
    return page(inside, inside.say("gone"), body, 404)


def without(row: Row, *names: str) -> Row:
    """A record without some of its fields."""
    return {k: v for k, v in row.items() if k not in names}


def change(kind: str, record: Row, source: str, seen: int | None) -> Change:
    """One version to keep, empty fields left out."""
    return Change(
        kind, {k: v for k, v in record.items() if v is not None and v != ""}, source, seen
    )


def deleted(given: Change) -> Change:
    """The version that says that a record is no more."""
    return replace(given, record={**given.record, "deleted_at": dt.datetime.now(dt.UTC)})
