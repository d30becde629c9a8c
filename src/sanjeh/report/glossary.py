"""The terms of the trade (D8): what they mean, how they are worked out, which figures tell of them.

Words stand in `locales/glossary/<code>.toml`; what is the same in every language in `terms.toml`.
Other wordings of the sources, mistranslations among them, find a term and are never shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sanjeh.metrics.registry import METRICS, Metric, find
from sanjeh.report.language import FOLDER, Language
from sanjeh.words import normalise

WORDS = FOLDER / "glossary"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Term:
    """A term in one language. metrics: figures that tell of it; none where it is not measured.

    aliases: other words by which it is sought, in every language; never shown.
    """

    key: str
    title: str
    definition: str
    formula: str
    metrics: tuple[str, ...]
    serves: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def better(self) -> str | None:
        """Which direction is good: up, down, neutral, target; None where nothing is worked out."""
        return find(self.metrics[0]).metric.better if self.metrics and self.formula else None


@cache
def terms(language: Language) -> tuple[Term, ...]:
    """Every term, in the order of their titles."""
    words: dict[str, dict[str, str]] = _read(language.code)
    found = [
        Term(
            key, words[key]["title"],
            words[key].get("definition") or language.definition(given["metrics"][0]),
            words[key].get("formula", ""), tuple(given["metrics"]), tuple(given["serves"]),
            tuple(given["aliases"]),
        )
        for key, given in _read("terms").items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda term: normalise(term.title)))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((WORDS / f"{name}.toml").read_text("utf-8"))


def sought_terms(wanted: str, language: Language) -> list[Term]:
    """The terms that a search finds, those that are called so first; all for nothing sought."""
    others = {code: {t.key: t for t in terms(_named(code))} for code in ("en", "fa", "ru")}

    def names(term: Term) -> list[str]:
        return [term.title, *(o[term.key].title for o in others.values()), *term.aliases]

    def rest(term: Term) -> list[str]:
        return [term.definition, term.formula, term.key.replace("_", " "), *term.serves]

    return sought(wanted, terms(language), names, rest)


def sought_metrics(wanted: str, language: Language) -> list[Metric]:
    """The metrics that a search finds, those that are called so first; all for nothing sought."""
    own = language.words.get("site", {}).get("aliases", {})

    def names(metric: Metric) -> list[str]:
        titles = [_named(code).title(metric.name) for code in ("en", "fa", "ru")]
        aliases = [str(own[metric.name])] if metric.name in own else []
        return [language.title(metric.name), metric.name.replace("_", " "), *titles, *aliases]

    def rest(metric: Metric) -> list[str]:
        return [language.definition(metric.name), metric.doc, metric.name, *metric.serves]

    return sought(wanted, METRICS.values(), names, rest)


def sought(
    wanted: str, entries: Iterable[Found], names: Callable[[Found], list[str]],
    rest: Callable[[Found], list[str]],
) -> list[Found]:  # fmt: skip
    """Entries in which every word sought stands, nearest first.

    Nearest is what is called so, then what has all the words in one of its names, then what only
    speaks of it. Letters, digits and half-spaces are compared as `normalise` has them.
    """
    whole = normalise(wanted)
    words = whole.split()
    if not words:
        return list(entries)
    placed: list[tuple[int, int, Found]] = []
    for n, entry in enumerate(entries):
        called = [normalise(name) for name in names(entry)]
        if whole in called:
            place = 0
        elif any(all(word in name for word in words) for name in called):
            place = 1
        elif all(word in normalise(" ".join([*called, *rest(entry)])) for word in words):
            place = 2
        else:
            continue
        placed.append((place, n, entry))
    placed.sort(key=lambda item: item[:2])
    return [entry for _, _, entry in placed]


def _named(code: str) -> Language:
    from sanjeh.report.language import language_of

    return language_of(code)
