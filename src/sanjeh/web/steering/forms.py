"""Forms: fields with labels, what was typed, errors beside the field; usable without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.steering import reading
from sanjeh.web.steering.reading import Reader, Wrong

LONGEST_SHOWN = 60
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """One field.

    form: text, area, choice, several (a list of check marks) or check. words: key of the label
    under `site`; its hint stands under the same key with `_hint`, where there is one.
    """

    name: str
    words: str
    read: Reader = reading.words
    form: str = "text"
    choices: Choices = ()
    is_required: bool = False
    label: str | None = None
    hint: str | None = None
    latin: bool = False
    suggestions: Sequence[str] = ()


class Form:
    """A form as it was typed, or as it begins: values once read, errors by field."""

    def __init__(
        self, fields: Sequence[Field], language: Language, start: Mapping[str, Any],
        given: QueryDict | None = None,
    ) -> None:  # fmt: skip
        self.fields, self.language = fields, language
        self.errors: dict[str, Markup] = {}
        self.values: dict[str, Any] = {}
        self.whole: Markup | None = None
        self.is_sent = given is not None
        self.typed: dict[str, Any] = {f.name: start.get(f.name, "") for f in fields}
        if given is not None:
            for field in fields:
                several = field.form == "several"
                sent = given.getlist(field.name) if several else given.get(field.name, "")
                self.typed[field.name] = sent
                self._read(field, sent)

    def _read(self, field: Field, sent: Any) -> None:
        name = field.name
        match field.form:
            case "check":
                self.values[name] = bool(sent)
            case "several":
                known = {value for value, _ in field.choices}
                self.values[name] = [v for v in sent if v in known]
                if field.is_required and not self.values[name]:
                    self.refuse(name, "missing")
            case "choice":
                self.values[name] = sent
                if sent not in {value for value, _ in field.choices}:
                    self.refuse(name, "choice", given=sent)
                elif field.is_required and not sent:
                    self.refuse(name, "missing")
            case _:
                self._read_text(field, str(sent))

    def _read_text(self, field: Field, sent: str) -> None:
        self.values[field.name] = None
        if not sent.strip():
            if field.is_required:
                self.refuse(field.name, "missing")
            return
        if "\0" in sent:
            self.refuse(field.name, "letters")
            return
        try:
            self.values[field.name] = field.read(sent)
        except Wrong as wrong:
            self.refuse(field.name, wrong.key, **wrong.parts)

    @property
    def is_valid(self) -> bool:
        """Whether everything that was sent could be read."""
        return self.is_sent and not self.errors and self.whole is None

    def refuse(self, name: str, key: str, **parts: Any) -> None:
        """Say beside a field why it cannot be taken."""
        self.errors.setdefault(name, refusal(self.language, key, parts))

    def refuse_all(self, said: Markup) -> None:
        """Say above the form why it cannot be taken as a whole."""
        self.whole = said

    # -- how it looks --------------------------------------------------------------------------

    def html(
        self, request: HttpRequest, buttons: Sequence[tuple[str, Markup]], *, action: str = "",
        seen: int | None = None, beneath: Any = None,
    ) -> Markup:  # fmt: skip
        """The form element. buttons: what `do` says when one is pressed, and its words."""
        alert = None
        if self.whole is not None:
            alert = tag("p", self.whole, class_="error", role="alert")
        elif self.errors:
            alert = tag("p", self.language.text("site.settings.mend"), class_="error", role="alert")
        return tag(
            "form", hidden(request), tag("input", type="hidden", name="seen", value=seen)
            if seen is not None else None,
            alert, (self.field(f) for f in self.fields), beneath,
            tag("p", (
                tag("button", text, name="do", value=value, class_=None if n == 0 else "second")
                for n, (value, text) in enumerate(buttons)
            ), class_="buttons"),
            method="post", action=action or request.path, class_="form", novalidate="novalidate",
        )  # fmt: skip

    def field(self, field: Field) -> Markup:
        """A label, its control, hint and error."""
        name, key = f"f-{field.name}", f"site.{field.words}"
        label = field.label or self.language.text(key)
        wrong = self.errors.get(field.name)
        hint = field.hint or (
            self.language.text(f"{key}_hint") if self.language.has(f"{key}_hint") else None
        )
        told = " ".join(
            n for n, there in ((f"{name}-hint", hint), (f"{name}-wrong", wrong)) if there
        )
        common = {
            "id": name, "name": field.name, "aria_describedby": told or None,
            "aria_invalid": "true" if wrong else None,
            "aria_required": "true" if field.is_required else None,
        }  # fmt: skip
        typed = self.typed[field.name]
        parts: tuple[Any, ...]
        told_parts = (
            tag("small", hint, id=f"{name}-hint", class_="hint") if hint else None,
            tag("span", wrong, id=f"{name}-wrong", class_="error") if wrong else None,
        )
        match field.form:
            case "several":
                boxes = [
                    tag("label", tag("input", type="checkbox", name=field.name, value=value,
                        checked="checked" if value in typed else None), " ", tag("bdi", said))
                    for value, said in field.choices
                ]  # fmt: skip
                return tag(
                    "fieldset", tag("legend", label), *told_parts,
                    tag("div", boxes, class_="boxes"), class_="field",
                )  # fmt: skip
            case "check":
                box = tag("input", type="checkbox", value="yes",
                          checked="checked" if typed else None, **common)  # fmt: skip
                return tag("div", tag("label", box, " ", label, class_="checked"), *told_parts,
                           class_="field")  # fmt: skip
            case "choice":
                options = [
                    tag("option", said, value=value,
                        selected="selected" if value == typed else None)
                    for value, said in field.choices
                ]  # fmt: skip
                parts = (tag("select", options, **common),)
            case "area":
                parts = (
                    tag(
                        "textarea", typed, rows="4", dir="ltr" if field.latin else "auto", **common
                    ),
                )
            case _:
                listed = f"{name}-list" if field.suggestions else None
                parts = (
                    tag("input", type="text", value=typed, autocomplete="off",
                        dir="ltr" if field.latin else "auto", list=listed, **common),
                    tag("datalist", (tag("option", value=s) for s in field.suggestions), id=listed)
                    if listed else None,
                )  # fmt: skip
        starred = tag("span", " *", aria_hidden="true") if field.is_required else None
        return tag("div", tag("label", label, starred, for_=name), *parts, *told_parts,
                   class_="field")  # fmt: skip


def refusal(language: Language, key: str, parts: Mapping[str, Any]) -> Markup:
    """Why a field cannot be taken: what was given and what is expected."""

    def shown(value: Any) -> str:
        if isinstance(value, int):
            return language.number(value)
        text = str(value)
        return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"

    said: dict[str, Any] = {name: tag("bdi", shown(value)) for name, value in parts.items()}
    return language.text(f"site.settings.wrong.{key}", **said)


def hidden(request: HttpRequest) -> Markup:
    """The token that tells a form of ours from one of another site."""
    return tag("input", type="hidden", name="csrfmiddlewaretoken", value=get_token(request))


def button(request: HttpRequest, text: Any, action: str, **fields: Any) -> Markup:
    """A form of one button, which sends these fields."""
    inner = [tag("input", type="hidden", name=n, value=v) for n, v in fields.items()]
    return tag(
        "form", hidden(request), inner, tag("button", text, class_="second"), method="post",
        action=action, class_="one",
    )  # fmt: skip


def asked_by_link(
    language: Language, action: str, fields: Sequence[Markup], text: Markup
) -> Markup:
    """A form that only asks (it changes nothing): its fields stand in the address."""
    return tag("form", render(*fields), tag("button", text, class_="second"), method="get",
               action=action, class_="asking")  # fmt: skip
