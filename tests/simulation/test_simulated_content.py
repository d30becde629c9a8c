"""Messages, tags and ready replies of a simulated operation, against plain Python over its rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from simulated import small

from record_homes import Desk, shared
from sanjeh.home import Home
from sanjeh.simulation import write

pytestmark = pytest.mark.xdist_group("simulated content")

Row = dict[str, Any]
TWO_MINUTES, DAY = dt.timedelta(minutes=2), dt.timedelta(days=1)


def _made(path: Path) -> None:
    home = Home(path)
    write(small("fa"), home.ledger())
    home.refresh()


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "simulated-content", _made))
    yield found
    found.close()


@cache
def _rows(kind: str) -> list[Row]:
    rows: list[Row] = small("fa").tables[kind].to_pylist()
    return rows


@cache
def _said() -> dict[str, list[Row]]:
    """Public messages by conversation, in order of time."""
    said = defaultdict(list)
    for m in _rows("message"):
        if m["visibility"] == "public":
            said[m["conversation_id"]].append(m)
    return said


def _by_a_person(message: Row) -> bool:
    return message["author_type"] == "agent" and not message["is_auto"]


def _counted(messages: list[Row]) -> int:
    return sum(m["author_type"] == "customer" or _by_a_person(m) for m in messages)


@cache
def _ended_chats(as_of: dt.datetime) -> list[str]:
    """Served live chats that are over, as somebody would pick them by hand."""
    found = []
    for c in _rows("conversation"):
        said = _said()[c["id"]]
        people = [m for m in said if _by_a_person(m)]
        if c["channel"] != "live_chat" or c["is_spam"] or c["offline"] or not people:
            continue
        ours = c["direction"] == "outbound" or c["initiation"] in ("agent", "trigger")
        if ours and all(m["author_type"] != "customer" for m in said):
            continue  # an invitation that nobody took
        if c["ended_at"] is None:
            if max(m["at"] for m in said) + TWO_MINUTES + DAY > as_of:
                continue
        elif min(m["at"] for m in people) > c["ended_at"]:
            continue  # answered too late
        found.append(c["id"])
    return found


def _asked(desk: Desk, metric: str, *by: str) -> dict[Any, Any]:
    truth = small("fa").truth
    found = desk.answer(metric, start=truth["from"], end=truth["until"], by=by).results
    return {r.group[by[0]]["label"] if by else None: r.value for r in found}


def _chats(desk: Desk) -> list[str]:
    return _ended_chats(dt.datetime.fromisoformat(desk.answer("ended_chats").question["as_of"]))


def test_messages_per_chat_and_how_chats_ended(desk: Desk) -> None:
    chats = _chats(desk)
    counts = [_counted(_said()[c]) for c in chats]
    assert len(chats) > 200
    assert _asked(desk, "ended_chats") == {None: len(chats)}
    assert _asked(desk, "messages_per_chat")[None] == pytest.approx(sum(counts) / len(counts))
    short = sum(n <= 10 for n in counts)
    assert _asked(desk, "short_chat_share")[None] == pytest.approx(short / len(counts))
    known = {c["id"]: c for c in _rows("conversation")}
    ends = Counter(known[c]["outcome"] for c in chats)
    found = _asked(desk, "ended_chats", "outcome")
    assert sum(found.values()) == len(chats)
    assert found["escalated"] >= ends["escalated"]
    assert found["resolved"] <= ends["resolved"] + ends[None]


def _one_spelling(name: str) -> str:
    return name.replace("ي", "ی").replace("ك", "ک").replace("\u200c", "")


def test_tags_by_their_name(desk: Desk) -> None:
    written = {t["id"]: t["name"] for t in _rows("tag")}
    names = {id: _one_spelling(name) for id, name in written.items()}
    assert len(set(names.values())) < len(set(written.values()))  # one is written in two ways
    spam = {c["id"] for c in _rows("conversation") if c["is_spam"]}
    tags = defaultdict(set)
    for e in _rows("tag_event"):
        if e["target_id"] not in spam:
            tags[e["target_id"]].add(names[e["tag_id"]])
    uses = Counter(name for found in tags.values() for name in found)
    found = {_one_spelling(label): n for label, n in _asked(desk, "tag_uses", "tag").items()}
    assert found == dict(uses)
    chats = _chats(desk)
    tagged = sum(bool(tags[c]) for c in chats)
    assert _asked(desk, "tagged_chat_share")[None] == pytest.approx(tagged / len(chats))
    several = sum(len(tags[c]) for c in chats)
    assert _asked(desk, "tags_per_chat")[None] == pytest.approx(several / len(chats))


def test_ready_replies_and_the_time_they_may_save(desk: Desk) -> None:
    spam = {c["id"] for c in _rows("conversation") if c["is_spam"]}
    people = [m for c, said in _said().items() for m in said if _by_a_person(m) and c not in spam]
    ready = [m for m in people if m["canned_response_id"]]
    titles = {r["id"]: r["title"] for r in _rows("canned_response")}
    assert _asked(desk, "canned_message_share")[None] == pytest.approx(len(ready) / len(people))
    uses = Counter(titles[m["canned_response_id"]] for m in ready)
    assert _asked(desk, "canned_uses", "canned_response") == dict(uses)
    saved = sum(max(0.0, m["body_length"] / 3.3 - 3) for m in ready)
    assert _asked(desk, "canned_time_saved")[None] == pytest.approx(saved / 3600)
    chats = _chats(desk)
    of_chat = Counter(m["conversation_id"] for m in ready)
    with_one = sum(of_chat[c] > 0 for c in chats)
    assert _asked(desk, "canned_chat_share")[None] == pytest.approx(with_one / len(chats))
    per_chat = sum(of_chat[c] for c in chats) / len(chats)
    assert _asked(desk, "canned_per_chat")[None] == pytest.approx(per_chat)
