"""What moved a closed month: per figure the value then and now, and the rows that made it so.

`came in` and `went out` are of rows that a figure counts; `changed` of rows that it counted then
and counts now with another value. So for every figure: n then + came in - went out = n now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sanjeh.answers import closing
from sanjeh.answers.closed import Closing, Row
from sanjeh.answers.closing import Figure
from sanjeh.answers.periods import Period, moment
from sanjeh.metrics.registry import METRICS

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

CAME_IN, WENT_OUT, CHANGED = "came in", "went out", "changed"
NOT_THERE = "not in the month's rows"
ELSEWHERE = "counted at another time"
OTHER_GROUP = "counted in another group"
LOOKED_UP = 1000  # rows of a metric whose present place is looked for
SAME = 1e-6  # seconds and shares that differ by less are the same


COLUMNS = (
    "month", "calendar", "figure", "group", "unit", "clock", "value_then", "value_now", "n_then",
    "n_now", "move", "ticket", "conversation", "record", "row_then", "row_now", "reason", "now_at",
)  # fmt: skip


@dataclass(frozen=True)
class Move:
    """A row that moved a figure. A value is of the figure's clock; null where it is a count.

    reason: of one that came in, why it was left out then; of one that went out, why it is now.
    now_at: of one counted at another time, when (ISO, UTC).
    """

    kind: str
    metric: str
    record: str
    ticket: str | None
    conversation: str | None
    value_then: float | None
    value_now: float | None
    reason: str | None
    now_at: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class FigureMoved:
    """A figure then and now, and the rows between. group: label of its channel, where it has one.

    value: as answered; n: the rows that the figure counts (of a rate, those of its parts).
    """

    address: str
    group: str | None
    unit: str
    clock: str
    value_then: float | None
    value_now: float | None
    n_then: int
    n_now: int
    moves: tuple[Move, ...]

    @property
    def has_moved(self) -> bool:
        """Whether its value or a row of it is another."""
        return bool(self.moves) or not same(self.value_then, self.value_now)

    def count(self, kind: str) -> int:
        """How many rows came in, went out or changed."""
        return sum(m.kind == kind for m in self.moves)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "moves": [m.as_json() for m in self.moves]}


@dataclass(frozen=True)
class Moved:
    """A closed month held against the record as it is now."""

    closing: Closing
    figures: tuple[FigureMoved, ...]
    versions: tuple[str, ...]

    @property
    def records(self) -> tuple[str, ...]:
        """The tickets, conversations and answers that moved it, each once."""
        return tuple(sorted({m.record for f in self.figures for m in f.moves}))

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        made = self.closing
        return {
            "month": made.month.label, "calendar": made.month.calendar, "zone": made.zone,
            "number": made.number, "closed_at": made.closed_at, "data_until": made.data_until,
            "records": len(self.records), "defined_anew": list(self.versions),
            "figures": [f.as_json() for f in self.figures],
        }  # fmt: skip

    def lines(self) -> list[dict[str, Any]]:
        """A line a row that moved a figure; a figure that did not move has one of its own."""
        month = {"month": self.closing.month.label, "calendar": self.closing.month.calendar}
        lines: list[dict[str, Any]] = []
        for f in self.figures:
            whole = {
                **month, "figure": f.address, "group": f.group, "unit": f.unit, "clock": f.clock,
                "value_then": f.value_then, "value_now": f.value_now, "n_then": f.n_then,
                "n_now": f.n_now,
            }  # fmt: skip
            lines += [
                {
                    **whole, "move": m.kind, "ticket": m.ticket, "conversation": m.conversation,
                    "record": m.record, "row_then": m.value_then, "row_now": m.value_now,
                    "reason": m.reason, "now_at": m.now_at,
                }
                for m in f.moves
            ] or [whole]  # fmt: skip
        return lines


def same(one: float | None, other: float | None) -> bool:
    """Whether two values are one, rounding apart."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SAME * max(1.0, abs(one))


def moved(answers: Answers, closed: Closing) -> Moved:
    """Every figure of a closing then and now, and the rows that moved it.

    One that had no value then and has none now, as in open hours that nobody set, is left out.
    Asked with the zone, calendar and options that held then, so that only the record can have
    moved it; a definition of another version is named. Every team's rows.
    """
    question = closing.question_of(closed)
    figures = [f for f in closing.recorded(answers) if f.address in closed.answers]
    rows_then = _by_metric(closed.rows())
    rows_now: dict[str, list[Row]] = {}
    places: dict[str, dict[str, Row]] = {}
    for name, (metric, by) in closing.split(figures).items():
        rows_now[name] = closing.rows_of(answers, question, metric, by)
        gone = left(rows_then.get(name, []), rows_now[name])[:LOOKED_UP]
        found = closing.whereabouts(answers, question, metric, by, gone) if gone else []
        places[name] = places_of(found, rows_now[name], closed.period)
    made: list[FigureMoved] = []
    for figure in figures:
        was = {_key(r): r for r in closed.answers[figure.address]["results"]}
        now = {_key(r.as_json()): r.as_json()
               for r in closing.ask(answers, question, figure).results}  # fmt: skip
        made += [
            _figure(figure, key, was.get(key), now.get(key), rows_then, rows_now, places)
            for key in dict.fromkeys([*was, *now])
            if any(of.get(key, NONE)["value"] is not None for of in (was, now))
        ]
    anew = tuple(
        name for name, version in closed.versions.items()
        if name in METRICS and METRICS[name].version != version
    )  # fmt: skip
    return Moved(closed, tuple(made), anew)


Key = tuple[bool, str | None]
NONE: Mapping[str, Any] = {"value": None}


def _key(result: Mapping[str, Any]) -> Key:
    """Whether a result is of a group, and of which; of None where that is unknown."""
    groups = list(result["group"].values())
    key = groups[0]["key"] if groups else None
    return bool(groups), None if key is None else str(key)


def _figure(
    figure: Figure, key: Key, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None,
    rows_then: Mapping[str, Sequence[Row]], rows_now: Mapping[str, Sequence[Row]],
    places: Mapping[str, Mapping[str, Row]],
) -> FigureMoved:  # fmt: skip
    known = now or was
    assert known is not None
    is_grouped, group = key
    label = next((str(p["label"]) for p in known["group"].values()), None)
    moves: list[Move] = []
    n_then = n_now = 0
    for metric in closing.parts(figure.address):
        then = rows_then.get(metric.name, [])
        current = rows_now[metric.name]
        if is_grouped:
            then = [r for r in then if r.group == group]
            current = [r for r in current if r.group == group]
        n_then += sum(r.is_in for r in then)
        n_now += sum(r.is_in for r in current)
        moves += moves_of(then, current, places[metric.name], known["clock"], group)
    return FigureMoved(
        figure.address, label, known["unit"], known["clock"], was["value"] if was else None,
        now["value"] if now else None, n_then, n_now, tuple(moves),
    )  # fmt: skip


def left(then: Iterable[Row], now: Iterable[Row]) -> list[str]:
    """The records with a row that was counted and is not among the rows any more."""
    there = {(r.record, r.nth) for r in now}
    return sorted({r.record for r in then if r.is_in and (r.record, r.nth) not in there})


def moves_of(
    then: Sequence[Row], now: Sequence[Row], places: Mapping[str, Row],
    clock: str = "calendar", group: str | None = None,
) -> list[Move]:  # fmt: skip
    """The rows that moved a metric: came in, went out, changed; each in order of its record.

    places: where rows that are gone from the month stand now.
    """
    was = {(r.record, r.nth): r for r in then}
    current = {(r.record, r.nth): r for r in now}
    made = []
    for key in sorted(was.keys() | current.keys()):
        old, new = was.get(key), current.get(key)
        is_old, is_new = old is not None and old.is_in, new is not None and new.is_in
        if not is_old and not is_new:
            continue
        before = _value(old, clock) if is_old else None
        after = _value(new, clock) if is_new else None
        told = new or old
        assert told is not None
        kind, reason, now_at = CHANGED, None, None
        if is_old and is_new:
            if same(before, after):
                continue
        elif is_new:
            kind, reason = CAME_IN, old.reason if old else NOT_THERE
        else:
            kind = WENT_OUT
            reason, now_at = _why_gone(new, places.get(key[0]), group)
        made.append(
            Move(kind, told.metric, told.record, told.ticket, told.conversation, before, after,
                 reason, now_at)
        )  # fmt: skip
    return made


def _why_gone(
    new: Row | None, place: Row | None, group: str | None
) -> tuple[str | None, str | None]:
    """Why a row is not counted now, and when it is counted instead."""
    if new is not None:
        return new.reason, None
    if place is None:
        return NOT_THERE, None
    if not place.is_in:
        return place.reason, None
    if group is not None and place.group != group:
        return OTHER_GROUP, None
    return ELSEWHERE, moment(place.at).isoformat()


def places_of(ever: Iterable[Row], now: Iterable[Row], month: Period) -> dict[str, Row]:
    """Where each record's row stands now: outside the month or left out; else in it."""
    outside = [r for r in ever if not (r.is_in and month.start <= r.at < month.end)]
    outside.sort(key=lambda r: (r.is_in, r.at))
    return {r.record: r for r in (*now, *outside)}


def _value(row: Row | None, clock: str) -> float | None:
    if row is None:
        return None
    return row.open_value if clock == "open" else row.value


def _by_metric(rows: Iterable[Row]) -> dict[str, list[Row]]:
    ordered = sorted(rows, key=lambda r: r.metric)
    return {name: list(of) for name, of in groupby(ordered, key=lambda r: r.metric)}
