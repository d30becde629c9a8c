"""`sanjeh check`: whether the figures can be trusted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanjeh.cli import asking, terminal
from sanjeh.cli.application import HomeOption, app, home_of
from sanjeh.cli.failures import NOTHING_DONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sanjeh.checks.agreement import Agreement, Agreements
    from sanjeh.checks.coverage import Sources
    from sanjeh.checks.integrity import Integrity, Rule, Sample
    from sanjeh.home import Home
    from sanjeh.report.language import Language

PARTS = ("integrity", "coverage", "agreement")
SHOWN = 8  # tickets named for a rule
COLUMNS = {
    "integrity": ("rule", "count", "n", "share", "samples"),
    "coverage": ("source", "family", "metric", "standing", "why"),
    "agreement": ("source", "measure", "clock", "kind", "id", "theirs", "ours", "rule", "reason"),
}


@app.command(short_help="Can the figures be trusted? Faults, with samples.")
def check(
    ctx: typer.Context,
    part: Annotated[
        str | None,
        typer.Argument(
            metavar=f"[{'|'.join(PARTS)}]", help="One part; without it all.", show_default=False
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Of one source only.", show_default=False),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit code 1 where there are faults, or differences nobody explains.",
        ),
    ] = False,
    form: asking.Format = "table",
    locale: asking.Locale = None,
    home: HomeOption = None,
) -> None:
    """Can the figures be trusted: does the record contradict itself, what can it tell, do we agree?

    \b
    sanjeh check
    sanjeh check integrity --source zendesk --format json
    sanjeh check agreement
    sanjeh check --strict

    integrity: faults of the record, and what each does to the figures. coverage: which figures each
    source can answer, which it cannot and why. agreement: what a helpdesk counted itself against
    what we count by its rules, ticket by ticket, and why the rest differ. Nothing is changed or
    dropped. Samples are ids only, for `sanjeh ticket ID`.

    \b
    Next: mend it in the source and import again; `sanjeh working METRIC` lists what is left out.
    """
    from sanjeh.report.language import language_of

    asking.one_of(form, asking.FORMATS, "--format")
    parts = PARTS if part is None else (asking.one_of(part, PARTS, "[PART]"),)
    if form == "csv" and len(parts) > 1:
        raise typer.BadParameter(
            f"a CSV file is one table: name a part, {' or '.join(PARTS)}.", param_hint="--format"
        )
    spoken = asking.locale_of(locale)
    place = home_of(ctx, home)
    found = _ask(parts, place, source)
    if form == "json":
        terminal.emit_json({name: one.as_json() for name, one in found.items()})
    elif form == "csv":
        from sanjeh.answers.exports import write_csv

        write_csv(found[parts[0]].rows(), COLUMNS[parts[0]], spoken, sys.stdout)
    else:
        for name, one in found.items():
            _TELL[name](one, language_of(spoken))
    if strict and any(one.faults for one in found.values()):
        raise typer.Exit(NOTHING_DONE)


def _ask(parts: Sequence[str], home: Home, source: str | None) -> dict[str, Any]:
    """What each part finds."""
    from sanjeh.answers.ask import NothingImported
    from sanjeh.answers.question import QuestionError
    from sanjeh.checks import agreement, coverage, integrity
    from sanjeh.engines.duck import DuckEngine

    known = _sources(home)
    if not known:
        raise NothingImported(
            f"There is nothing to check in {home.path}. Import a file first: "
            "`sanjeh import FILE`, or `sanjeh demo` for example data."
        )
    if source is not None and source not in known:
        raise QuestionError(
            f"No source is called {source!r}. Sources here: {', '.join(sorted(known))}."
        )
    found: dict[str, Any] = {}
    if "integrity" in parts:
        found["integrity"] = integrity.integrity(home.ledger(), DuckEngine, source=source)
    if {"coverage", "agreement"} & set(parts):
        with asking.answers_of(home) as answers:
            if "coverage" in parts:
                found["coverage"] = coverage.by_source(answers, source)
            if "agreement" in parts:
                found["agreement"] = agreement.agreement(answers, source=source)
    return found


def _sources(home: Home) -> set[str]:
    if not (home.path / "ledger").exists():
        return set()
    return {s.source for s in home.ledger().snapshot().sources}


def tell_integrity(found: Integrity, language: Language) -> None:
    """The rules that were broken, each with what it means; then those that were not."""

    def say(key: str, count: float | None = None, **parts: Any) -> str:
        return _plain(language.text(f"check.{key}", count, **parts))

    def title(rule: Rule) -> str:
        return say(f"rules.{rule.name}.title")

    terminal.say(say("integrity"), "bold")
    terminal.say(say("looked", n=language.number(found.records)))
    broken = [rule for rule in found.rules if rule.count]
    if not broken:
        terminal.say(say("sound"), "green")
    else:
        terminal.say(say("found", found.faults, n=language.number(found.faults)))
        made = terminal.table(
            (say("fault"), False), (say("records"), True), (say("of"), True), (say("share"), True),
            (say("examples"), False),
        )  # fmt: skip
        for rule in broken:
            counts = [language.number(rule.count), language.number(rule.n)]
            samples = ", ".join(_told(s, rule) for s in rule.samples)
            terminal.add_row(made, [title(rule), *counts, language.percent(rule.share), samples])
        terminal.draw(made)
        for rule in broken:
            terminal.say(title(rule), "bold")
            terminal.say(f"  {say('means')}: {say(f'rules.{rule.name}.effect')}")
            terminal.say(f"  {say('do')}: {say(f'rules.{rule.name}.do')}")
    for key, names in (
        ("fine", [title(r) for r in found.rules if r.n and not r.count]),
        ("unasked", [title(r) for r in found.rules if not r.n]),
    ):
        if names:
            terminal.grey(say(key, names=_plain(language.text("semicolon")).join(names)))
    terminal.grey(say("kept"))


def _plain(markup: str) -> str:
    """Words as a terminal shows them."""
    import html

    return html.unescape(str(markup))


def _told(sample: Sample, rule: Rule) -> str:
    """A sample's own id; with its source where another of the rule is called the same."""
    alike = [s for s in rule.samples if (s.kind, s.short) == (sample.kind, sample.short)]
    return f"{sample.kind} {sample.short if len(alike) == 1 else sample.id}"


def tell_coverage(found: Sources, language: Language) -> None:
    """Of each source how many figures of each family it answers, and why not the others."""
    from sanjeh.report.lacking import helps, lacks, untold

    def say(key: str, count: float | None = None, **parts: Any) -> str:
        return _plain(language.text(f"check.{key}", count, **parts))

    def family(name: str) -> str:
        return _plain(language.text(f"families.{name.replace('-', '_')}"))

    comma = _plain(language.text("comma"))
    terminal.say(say("coverage"), "bold")
    for one in found.coverages:
        terminal.say()
        n, of = language.number(len(one.answered)), language.number(one.of)
        terminal.say(f"{one.source}: {say('measures', n=n, of=of)}", "bold")
        made = terminal.table((say("family"), False), (say("answered"), True), (say("of"), True))
        for name, told, _, whole in one.by_family():
            terminal.add_row(
                made, [family(name), language.number(told), language.number(whole)],
                "" if told else "bright_black",
            )  # fmt: skip
        terminal.draw(made)
        if one.lacking:
            terminal.say(say("cannot"), "bold")
        for need, families in one.by_need():
            names = comma.join(
                f"{family(f)} ({language.number(k)})" for f, k in families.most_common()
            )
            why = untold(need, one.vendor, language)
            known = f" {_plain(why)}." if why is not None else ""
            terminal.say(f"  {names}: {_plain(lacks(need, language))}.{known}")
            if helped := helps(need, language):
                terminal.grey(f"    {say('helps')} {_plain(helped)}.")
        if one.empty:
            names = comma.join(language.title(m) for m in one.empty)
            terminal.grey(say("nothing_yet", names=names))


def tell_agreement(found: Agreements, language: Language) -> None:
    """Of each figure what the helpdesk says and what we say; the rules and tickets that differ."""
    from sanjeh.report.agreeing import amount, name, named, sentence, why

    def say(key: str, **parts: Any) -> str:
        return _plain(language.text(f"check.{key}", **parts))

    terminal.say(say("agreement"), "bold")
    if not found.measures:
        terminal.say(say("no_figures"))
        return
    made = terminal.table(
        (say("measure"), False), (say("clock"), False), ("", True), (say("we"), True),
        (say("agree"), True), (say("of"), True), (say("differ"), True), (say("history"), True),
    )  # fmt: skip
    for m in found.measures:
        unjudged = m.incomplete + m.without_hours
        counts = (m.exact + m.rounded, m.compared, len(m.differing), unjudged)
        clock = say(f"clocks.{m.clock}") if m.clock else ""
        terminal.add_row(
            made,
            [f"{m.source} · {_plain(name(m, language))}", clock,
             f"{_vendor(m)} {amount(m, m.theirs, language)}", amount(m, m.ours, language),
             *(language.number(n) for n in counts)],
            "yellow" if m.differing else "",
        )  # fmt: skip
    terminal.draw(made)
    for m in found.measures:
        terminal.say(f"{_plain(named(m, language))}: {_plain(sentence(m, language))}")
        for rule, some in m.by_rule():
            ids = ", ".join(t.held.figure.short for t in some[:SHOWN])
            more = ", …" if len(some) > SHOWN else ""
            told = _plain(why(rule, some[0], language))
            terminal.say(f"  {language.number(len(some))}  {told}: {ids}{more}")
    if any(m.incomplete for m in found.measures):
        terminal.grey(say("incomplete_why"))
    if found.untold:
        names = [f"{say(f'counted.{k}')} ({language.number(n)})" for k, n in found.untold.items()]
        terminal.grey(say("untold", names=_plain(language.text("comma")).join(names)))


def _vendor(m: Agreement) -> str:
    from sanjeh.metrics.profiles import PROFILES

    return PROFILES[m.vendor].title


_TELL: dict[str, Callable[[Any, Language], None]] = {
    "integrity": tell_integrity,
    "coverage": tell_coverage,
    "agreement": tell_agreement,
}
