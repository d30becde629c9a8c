"""Conversations over real sockets: whatever breaks, nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from chat_clients import Served, agent, visitor

from postgres_server import new_database, running

pytestmark = pytest.mark.slow
DESK = {"members": [{"name": "mina", "limit": 9}], "rules": {"words_at_once": 1000}}


@pytest.fixture(scope="module", params=["sqlite", "sqlite-two", "postgresql-two"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("desk")
    two = ("--processes", "2") if request.param.endswith("two") else ()
    if request.param.startswith("sqlite"):
        yield from _until_done(Served(home, DESK, *two))
        return
    with running() as address:
        database = new_database(address, "desk")
        yield from _until_done(Served(home, DESK, *two, SANJEH_DATABASE=database))


def _until_done(made: Served) -> Iterator[Served]:
    try:
        yield made.start()
    finally:
        made.kill()


def test_nothing_is_lost_doubled_or_out_of_order_whatever_breaks(served: Served) -> None:
    asyncio.run(_through_breaks(served))


async def _through_breaks(served: Served) -> None:
    mina = await agent(served, "mina")
    ali = visitor(served)
    second_tab = visitor(served)
    second_tab.token = ali.token  # before it has said hello
    try:
        await ali.asked("start", body="v0", language="en")
        chat = await ali.until(lambda: ali.chat, "a chat")
        await mina.until(lambda: chat in mina.taken and mina.words(chat), "the offer")
        said_by_ali, said_by_mina = ["v0"], []
        for n in range(1, 31):
            said_by_ali.append(f"v{n}")
            said_by_mina.append(f"a{n}")
            await ali.tell("say", body=f"v{n}")
            await mina.tell("say", chat=chat, body=f"a{n}")
            if n == 8:
                served.kill()  # in the middle of what is under way
                served.start()
                for side in (ali, second_tab, mina):
                    await side.until(lambda side=side: len(side.of("welcome")) > 1, "a welcome")
            if n == 14:
                ali.cut()
            if n == 18:
                mina.cut()
            await asyncio.sleep(0.02)
        everything = len(said_by_ali) + len(said_by_mina)
        for side in (ali, second_tab):
            await side.until(lambda side=side: len(side.words()) >= everything, "all words", 60)
        await mina.until(lambda: len(mina.words(chat)) >= everything, "all words", 60)
        for words in (ali.words(), second_tab.words(), mina.words(chat)):
            assert [w for w in words if w.startswith("v")] == said_by_ali
            assert [w for w in words if w.startswith("a")] == said_by_mina
        assert ali.words() == mina.words(chat) == second_tab.words()
        assert sorted(ali.log) == list(range(1, len(ali.log) + 1))  # numbers without a gap
        assert ali.came == sorted(ali.came)  # each came after the one before
        assert not ali.refused
        assert not mina.refused
        assert ali.connections >= 3
    finally:
        for side in (ali, second_tab, mina):
            await side.end()


def test_same_nonce_is_one_message_even_at_once(served: Served) -> None:
    async def talk() -> None:
        mina, ali = await agent(served, "mina"), visitor(served)
        try:
            begun = await ali.asked("start", nonce="n0", body="first", language="en")
            await ali.tell("start", nonce="n0", body="first", language="en")
            await ali.until(lambda: len(ali.of("done")) == 2, "two answers")
            assert ali.of("done") == [begun, begun]
            said = await ali.asked("say", nonce="n1", body="once")
            await ali.tell("say", nonce="n1", body="once")
            await ali.until(lambda: ali.of("done").count(said) == 2, "the same answer twice")
            for _ in range(5):
                await ali.raw('{"type": "say", "nonce": "n2", "body": "at once"}')
            await ali.asked("say", nonce="n3", body="last")
            await ali.until(lambda: "last" in ali.words(), "the last")
            assert ali.words() == ["first", "once", "at once", "last"]
            await ali.asked("end")
        finally:
            await ali.end()
            await mina.end()

    asyncio.run(talk())
