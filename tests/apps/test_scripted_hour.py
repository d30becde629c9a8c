"""An hour at the desk gives, through ledger, facts and answers, what one counts by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import scripted_hour as hour
from hour_counts import HELD, IDS, PARTS, Held
from hour_player import Player

from record_homes import BEACON, Desk, load, ticket
from sanjeh.home import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(bound: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The home that the hour was handed to."""
    from django.db import transaction

    from sanjeh.apps.desk import surroundings
    from sanjeh.apps.handing.outbox import move

    home = Home(tmp_path_factory.mktemp("hour") / "home")
    home.path.mkdir()
    load(home, [*hour.KEPT, ticket("beacon", BEACON, is_spam=True)])  # the data run till July
    with transaction.atomic():
        _empty()
        surroundings.use(surroundings.read(home.ledger()))
        player = Player(hour)
        player.play(hour.LINES)
        player.later(hour.AFTERWARDS)
        while move(home.ledger()):
            pass
        transaction.set_rollback(True)
    surroundings.use(None)
    home.refresh()
    asked = Desk(home)
    yield asked
    asked.close()


def _empty() -> None:
    """What other tests left in the tables is not there."""
    from sanjeh.apps.desk.models import Chat, Member, Segment, Transfer
    from sanjeh.apps.handing.models import Handing
    from sanjeh.apps.site.models import InvitationRule, Setup
    from sanjeh.apps.surveys.models import Survey

    for kind in (Handing, Transfer, Segment, Chat, Member, InvitationRule, Setup, Survey):
        kind.objects.all().delete()


@pytest.mark.parametrize("held", HELD, ids=lambda held: held.name)
def test_a_figure_of_the_hour(told: Desk, held: Held) -> None:
    assert _found(told, held) == pytest.approx(held.value)


def _found(desk: Desk, held: Held) -> Any:
    asked = dict(held.asked)
    agent = asked.pop("agent", None)
    where = (("agent", "is", (agent,)),) if agent else ()
    if not held.by and not held.grain:
        return getattr(desk.figure(held.metric, where=where, **asked), held.says)
    by = tuple(held.by.split())
    results = desk.answer(held.metric, by=by, grain=held.grain or None, where=where, **asked)
    found = {}
    for result in results.results:
        labels = tuple(result.group[one]["label"] for one in by)
        label = labels if len(by) > 1 else labels[0] if by else _bucket(result, held.grain)
        if result.value or label in held.value:
            found[label] = result.value
    return found


def _bucket(result: Any, grain: str) -> Any:
    label = result.bucket["label"]
    return int(label[11:13]) if grain == "hour" else label


def test_every_figure_of_the_list_is_held() -> None:
    assert (len(PARTS), sum(map(len, PARTS.values()))) == (14, 60)
    held = {one for figure in HELD for one in figure.ids.split()}
    assert held == IDS


def test_nothing_is_left_out_unsaid(told: Desk) -> None:
    ledger = told.home.ledger()
    counted = {"conversation": 29, "transfer": 3, "tag_event": 11, "followup": 4, "chat_invite": 5}
    assert {kind: ledger.rows(kind).num_rows for kind in counted} == counted
    assert told.figure("visitors").excluded == {"a robot": 2, "one of us": 2}
