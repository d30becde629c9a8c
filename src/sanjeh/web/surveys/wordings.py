"""The form of one question: words in each language, scale, satisfied set, options."""

from __future__ import annotations

from typing import Any

from sanjeh.apps.surveys.models import POLARITIES, Question
from sanjeh.apps.surveys.questions import KINDS
from sanjeh.apps.surveys.wording import LANGUAGES
from sanjeh.web.steering import reading
from sanjeh.web.steering.forms import Field, Form
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Room
from sanjeh.web.surveys.showing import NAMES
from sanjeh.words import ascii_digits

MOST_OPTIONS, LONGEST_OPTION = 30, 200
ENDS = ("low", "high")


def scores(text: str) -> list[int]:
    """Scores with commas between: `4, 5`."""
    parts = ascii_digits(text).replace("،", ",").replace(";", ",").split(",")
    found = [p.strip() for p in parts if p.strip()]
    if not all(p.isascii() and p.isdigit() and len(p) < 4 for p in found):
        raise Wrong("scores", given=text)
    return sorted({int(p) for p in found})


def lines(text: str) -> list[str]:
    """Options, one a line."""
    found = [reading.words(line) for line in text.splitlines() if line.strip()]
    if len(found) > MOST_OPTIONS:
        raise Wrong("many", given=len(found), most=MOST_OPTIONS)
    return found


def fields(inside: Room, kind: str, *, answered: bool) -> list[Field]:
    """What may be set of a question of a kind."""
    sort = KINDS[kind]

    def words(name: str, language: str, **given: Any) -> Field:
        label = inside.language.text(f"site.surveys.fields.{name}", language=NAMES[language])
        return Field(f"{name}-{language}", f"surveys.fields.{name}", label=str(label), **given)

    found = [words("text", code) for code in LANGUAGES]
    if sort.scales:
        found += [words(end, code) for end in ENDS for code in LANGUAGES]
        scales = [(f"{low}-{high}", inside.language.digits(f"{low}–{high}"))
                  for low, high in sort.scales]  # fmt: skip
        found.append(Field("scale", "surveys.fields.scale", form="choice", choices=scales))
    if sort.satisfied is not None:
        turned = [(p, str(inside.language.text(f"site.surveys.polarities.{p}")))
                  for p in POLARITIES]  # fmt: skip
        found += [
            Field("satisfied", "surveys.fields.satisfied", scores, latin=True),
            Field("polarity", "surveys.fields.polarity", form="choice", choices=turned),
        ]  # fmt: skip
    if kind == "choice":
        found += [words("options", code, read=lines, form="area") for code in LANGUAGES]
    found.append(Field("is_required", "surveys.fields.is_required", form="check"))
    if answered:
        found.append(Field("same_sense", "surveys.fields.same_sense", form="check"))
    return found


def start(inside: Room, question: Question) -> dict[str, Any]:
    """A question as its form begins."""
    made: dict[str, Any] = {
        "scale": f"{question.low}-{question.high}", "polarity": question.polarity,
        "satisfied": inside.language.digits(", ".join(str(n) for n in question.satisfied)),
        "is_required": question.is_required,
    }  # fmt: skip
    for code in LANGUAGES:
        made[f"text-{code}"] = question.texts.get(code, "")
        made[f"low-{code}"] = question.low_labels.get(code, "")
        made[f"high-{code}"] = question.high_labels.get(code, "")
        made[f"options-{code}"] = "\n".join(o["texts"].get(code, "") for o in question.options)
    return made


def read(form: Form, question: Question) -> dict[str, Any]:
    """The question's fields out of a form; what contradicts itself is refused beside its field."""
    values = form.values

    def by_language(name: str) -> dict[str, str]:
        return {c: values[f"{name}-{c}"] for c in LANGUAGES if values.get(f"{name}-{c}")}

    found: dict[str, Any] = {
        "texts": by_language("text"), "is_required": bool(values["is_required"]),
    }  # fmt: skip
    if not found["texts"]:
        form.refuse("text-en", "missing")
    if question.is_scored:
        low, high = (int(end) for end in (values["scale"] or "1-5").split("-"))
        found |= {
            "low": low, "high": high, "low_labels": by_language("low"),
            "high_labels": by_language("high"),
        }  # fmt: skip
        if "satisfied" in values:
            chosen = values["satisfied"] or []
            if any(not low <= n <= high for n in chosen):
                form.refuse("satisfied", "between", given=", ".join(map(str, chosen)),
                            least=low, most=high)  # fmt: skip
            found |= {"satisfied": chosen, "polarity": values["polarity"]}
    if question.kind == "choice":
        found["options"] = _options(form, {c: values.get(f"options-{c}") or [] for c in LANGUAGES})
    return found


def _options(form: Form, said: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Options in all languages; each is called by its words in the first one that has them."""
    first = next((c for c in LANGUAGES if said[c]), None)
    if first is None:
        form.refuse("options-en", "missing")
        return []
    count = len(said[first])
    for code in LANGUAGES:
        if said[code] and len(said[code]) != count:
            form.refuse(f"options-{code}", "same_count", given=len(said[code]), most=count)
    if len(set(said[first])) != count or count < 2:
        form.refuse(f"options-{first}", "two_options")
    return [
        {
            "value": value[:LONGEST_OPTION],
            "texts": {c: said[c][n] for c in LANGUAGES if n < len(said[c])},
        }
        for n, value in enumerate(said[first])
    ]
