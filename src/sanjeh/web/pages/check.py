"""Can the figures be trusted? Faults of the record, what each source tells, who agrees with whom.

All three parts are worked out over the whole record, so they follow the page; what was worked out
once for these facts and this reader is there at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from sanjeh.checks.agreement import Agreement, Agreements, agreement
from sanjeh.checks.coverage import Coverage, Sources, by_source, sources_of
from sanjeh.checks.integrity import Integrity, Rule, Sample, integrity
from sanjeh.checks.scope import seen_by
from sanjeh.metrics.profiles import PROFILES
from sanjeh.report import agreeing
from sanjeh.report.lacking import helps, lacks, untold
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.jobs.coverage import named_families
from sanjeh.web.pages import blocks, papers
from sanjeh.web.pages.agents import agent_path
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.rows import card_link
from sanjeh.web.pages.seen import Seen, page

SHOWN = 20  # tickets listed for a rule
REMEMBERED = 32
_known: OrderedDict[tuple[Any, ...], Any] = OrderedDict()


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """The three parts; those not worked out yet follow the page."""
    sources = sources_of(seen.everything)
    source = _source(request, sources)
    at_once = papers.is_wanted(request)
    parts = [
        tag(
            "section",
            tag("h2", language.text(f"check.{name}"), id=name),
            _body(name, seen, source, language)
            if at_once or _key(name, seen, source) in _known
            else _wait(name, source, language),
        )
        for name in PARTS
    ]  # fmt: skip
    title = language.text("check.title")
    body = render(
        tag("h1", title),
        tag("p", language.text("site.check.lead"), class_="lead"),
        None if seen.viewer.scope is None
        else tag("p", language.text("check.scoped"), class_="note"),
        _choice(sources, source, language),
        *parts,
        _command(source, language),
    )  # fmt: skip
    return str(title), body


@page
def later(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, part: str
) -> tuple[str, Markup]:
    """One part; a page of its own where it is opened as one."""
    if part not in PARTS:
        raise Http404(part)
    source = _source(request, sources_of(seen.everything))
    return str(language.text("check.title")), _body(part, seen, source, language)


def _source(request: HttpRequest, sources: Sequence[str]) -> str | None:
    """The source that the address names; none is all of them."""
    given = request.GET.get("source") or None
    if given is not None and given not in sources:
        raise Http404(given)
    return given


def _choice(sources: Sequence[str], source: str | None, language: Language) -> Markup | None:
    """Which source is looked at, where there are several."""
    if len(sources) < 2:
        return None
    options = [(language.text("site.check.all"), "/check/", source is None)]
    options += [(tag("bdi", s), _path("/check/", s), s == source) for s in sources]
    return blocks.choice(language.text("site.dimensions.source"), options)


def _path(path: str, source: str | None) -> str:
    return path if source is None else f"{path}?{urlencode({'source': source})}"


def _wait(part: str, source: str | None, language: Language) -> Markup:
    path = _path(f"/check/later/{part}/", source)
    link = tag("p", blocks.link(language.text("site.check.wait"), path), class_="line")
    return tag("div", link, class_="later", data_later=path)


def _command(source: str | None, language: Language) -> Markup:
    line = "sanjeh check" + (f" --source '{source}'" if source else "")
    told = tag("code", line, dir="ltr")
    return tag("p", language.text("site.check.command"), " ", told, class_="note")


# -- what is found, once for each state of the record and reader ---------------------------------


def _key(part: str, seen: Seen, source: str | None) -> tuple[Any, ...]:
    answers = seen.everything
    snapshot = answers.ledger.snapshot()
    state = (snapshot.version, snapshot.erasures, sum(t.num_rows for t in snapshot.live.values()))
    return (part, answers.generation.path, answers.generation.version, state, seen.viewer.scope,
            source)  # fmt: skip


def _found(part: str, seen: Seen, source: str | None) -> Any:
    key = _key(part, seen, source)
    if key not in _known:
        _known[key] = FINDERS[part](seen, source)
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return _known[key]


FINDERS: dict[str, Callable[[Seen, str | None], Any]] = {
    "integrity": lambda seen, source: integrity(
        seen.everything.ledger, seen.everything.open_engine, source=source,
        seen=seen_by(seen.everything, seen.viewer),
    ),
    "coverage": lambda seen, source: by_source(seen.everything, source),
    "agreement": lambda seen, source: agreement(seen.everything, seen.viewer, source),
}  # fmt: skip


def _body(part: str, seen: Seen, source: str | None, language: Language) -> Markup:
    return PARTS[part](_found(part, seen, source), language)


# -- faults ----------------------------------------------------------------------------------------


def faults(found: Integrity, language: Language) -> Markup:
    """Each rule that was broken: how often, examples, what it does, what to do."""
    broken = [rule for rule in found.rules if rule.count]
    n = language.number(found.faults)
    said = (
        language.text("check.found", found.faults, n=n) if broken else language.text("check.sound")
    )
    return render(
        tag("p", language.text("check.looked", n=language.number(found.records)), " ", said,
            class_="summary"),
        (_fault(rule, language) for rule in broken),
        _named("fine", [r for r in found.rules if r.n and not r.count], language),
        _named("unasked", [r for r in found.rules if not r.n], language),
        tag("p", language.text("check.kept"), class_="note"),
    )  # fmt: skip


def _fault(rule: Rule, language: Language) -> Markup:
    counts = (
        tag("strong", language.number(rule.count)), " ", language.text("check.of"), " ",
        language.number(rule.n), f" ({language.percent(rule.share)})",
    )  # fmt: skip
    kinds = {f.kind: None for f in rule.by_kind}
    where = language.text("comma").join(_kind(kind, language) for kind in kinds)
    return tag(
        "article",
        tag("h3", language.text(f"check.rules.{rule.name}.title")),
        tag("p", counts, " · ", where),
        _samples(rule.samples, language),
        tag("p", language.text("check.means"), ": ",
            language.text(f"check.rules.{rule.name}.effect")),
        tag("p", language.text("check.do"), ": ", language.text(f"check.rules.{rule.name}.do")),
        class_="flag",
    )  # fmt: skip


def _samples(samples: Iterable[Sample], language: Language) -> Markup:
    items = [tag("li", _kind(s.kind, language), " ", _card(s.kind, s)) for s in samples]
    return render(
        tag("p", language.text("check.examples"), ":", class_="line"),
        tag("ul", items, class_="found"),
    )


def _card(kind: str, sample: Sample) -> Markup:
    """The way to what a sample is of; ids of other records stand as they are."""
    match kind:
        case "ticket" | "conversation":
            return card_link(kind, sample.id)
        case "agent":
            return blocks.link(tag("bdi", sample.id), agent_path(sample.id))
    return tag("bdi", sample.short)


def _kind(kind: str, language: Language) -> str:
    for key in (f"site.dimensions.{kind}", f"kinds.{kind}"):
        if language.has(key):
            return str(language.text(key))
    return kind.replace("_", " ")


def _named(key: str, rules: Sequence[Rule], language: Language) -> Markup | None:
    if not rules:
        return None
    titles = [str(language.text(f"check.rules.{r.name}.title")) for r in rules]
    names = Markup(language.text("semicolon").join(titles))
    return tag("p", language.text(f"check.{key}", names=names), class_="note")


# -- what each source tells ------------------------------------------------------------------------


def tells(found: Sources, language: Language) -> Markup:
    """Each source: how many figures of each family, what the rest lack and how to get it."""
    return render(_source_tells(one, language) for one in found.coverages)


def _source_tells(one: Coverage, language: Language) -> Markup:
    n, of = language.number(len(one.answered)), language.number(one.of)
    head = tag("tr", (
        tag("th", language.text(f"check.{h}"), scope="col", class_="n" if h != "family" else None)
        for h in ("family", "answered", "of")
    ))  # fmt: skip
    rows = [
        tag(
            "tr", tag("th", language.text(f"families.{name.replace('-', '_')}"), scope="row"),
            tag("td", language.number(told), class_="n"),
            tag("td", language.number(whole), class_="n"),
        )
        for name, told, _, whole in one.by_family()
    ]  # fmt: skip
    lines = []
    for need, families in one.by_need():
        helped = helps(need, language)
        advice = (
            None if helped is None
            else tag("small", " ", language.text("check.helps"), " ", helped, ".")
        )  # fmt: skip
        told = named_families(families, language)
        why = untold(need, one.vendor, language)
        known = None if why is None else render(" ", why, ".")
        lines.append(tag("li", told, ": ", lacks(need, language), ".", known, advice))
    names = Markup(language.text("comma").join(str(render(language.title(m))) for m in one.empty))
    return tag(
        "article",
        tag("h3", tag("bdi", one.source)),
        tag("p", language.text("check.measures", n=n, of=of), class_="summary"),
        blocks.scrolling(head, rows),
        render(tag("p", tag("strong", language.text("check.cannot"))), tag("ul", lines,
               class_="lacks")) if lines else None,
        tag("p", language.text("check.nothing_yet", names=names), class_="note")
        if one.empty else None,
        class_="source",
    )  # fmt: skip


# -- who agrees ------------------------------------------------------------------------------------


def agrees(found: Agreements, language: Language) -> Markup:
    """What each helpdesk says and what we say; the tickets that differ, by the rule."""
    if not found.measures:
        return tag("p", language.text("check.no_figures"), class_="summary")
    heads = ("measure", "clock", "they", "we", "agree", "of", "differ", "history")
    vendors = language.text("comma").join(
        dict.fromkeys(PROFILES[m.vendor].title for m in found.measures)
    )
    head = tag("tr", (
        tag("th", vendors if h == "they" else language.text(f"check.{h}"), scope="col",
            class_=None if h in ("measure", "clock") else "n") for h in heads
    ))  # fmt: skip
    rows = [_counts(m, language) for m in found.measures]
    told = [_differing(m, language) for m in found.measures]
    untold = language.text("comma").join(
        f"{language.text(f'check.counted.{k}')} ({language.number(n)})"
        for k, n in found.untold.items()
    )
    return render(
        blocks.scrolling(head, rows),
        told,
        tag("p", language.text("check.rounding_why"), " ", language.text("check.incomplete_why"),
            class_="note"),
        tag("p", language.text("check.untold", names=Markup(untold)), class_="note")
        if untold else None,
    )  # fmt: skip


def _counts(m: Agreement, language: Language) -> Markup:
    clock = language.text(f"check.clocks.{m.clock}") if m.clock else "—"
    cells = (
        agreeing.amount(m, m.theirs, language), agreeing.amount(m, m.ours, language),
        *(language.number(n) for n in
          (m.exact + m.rounded, m.compared, len(m.differing), m.incomplete + m.without_hours)),
    )  # fmt: skip
    name = render(agreeing.name(m, language), " ", tag("small", tag("bdi", m.source)))
    return tag("tr", tag("th", name, scope="row"), tag("td", clock),
               (tag("td", cell, class_="n") for cell in cells))  # fmt: skip


def _differing(m: Agreement, language: Language) -> Markup:
    lines = []
    for rule, some in m.by_rule():
        links = [
            render(" ", card_link(t.held.figure.target_kind, t.held.figure.target_id))
            for t in some[:SHOWN]
        ]
        rest = len(some) - len(links)
        more = language.text("site.check.more", n=language.number(rest)) if rest else None
        why = agreeing.why(rule, some[0], language)
        lines.append(
            tag("li", tag("strong", language.number(len(some))), " ", why, ":", links, " ", more)
        )
    return tag(
        "article",
        tag("h3", agreeing.named(m, language)),
        tag("p", agreeing.sentence(m, language), class_="summary"),
        tag("ul", lines, class_="lacks") if lines else None,
        class_="flag" if m.differing else "source",
    )  # fmt: skip


PARTS: dict[str, Callable[[Any, Language], Markup]] = {
    "integrity": faults, "coverage": tells, "agreement": agrees,
}  # fmt: skip
