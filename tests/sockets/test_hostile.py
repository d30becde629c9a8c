"""Who means harm: refused, written to the log without a secret, and told nothing."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from chat_clients import Served, Visitor, agent, visitor
from made_desk import SHOP
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

pytestmark = pytest.mark.slow
DESK = {
    "members": [
        {"name": "mina", "teams": ["North"]},
        {"name": "omid", "teams": ["South"]},
        {"name": "lena", "role": "lead", "teams": ["North"]},
    ]
}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
SCRIPT = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("hostile"), DESK)
    try:
        yield made.start()
    finally:
        made.stop()


def _visitors(served: Served) -> str:
    return served.address.replace("http", "ws") + "/chat/ws"


async def _status(address: str, **how: Any) -> int:
    """What the handshake is answered with."""
    try:
        async with connect(address, open_timeout=10, **how):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def _code(address: str, *said: str | bytes, **how: Any) -> tuple[int | None, list[Any]]:
    """With which code a socket is closed after these words, and what it told before."""
    told = []
    async with connect(address, open_timeout=10, **how) as opened:
        try:
            for words in said:
                await opened.send(words)
            while True:
                told.append(json.loads(await asyncio.wait_for(opened.recv(), 15)))
        except ConnectionClosed:
            return opened.close_code, told


def _as_shop() -> dict[str, Any]:
    return {"origin": SHOP, "subprotocols": ["sanjeh.chat.1"]}


def test_sockets_of_other_sites_are_refused(served: Served) -> None:
    session = served.made["members"]["mina"]["session"]
    cookie = {"Cookie": f"sessionid={session}"}
    desk = served.address.replace("http", "ws") + "/desk/ws"

    async def look() -> list[int]:
        chat, how = _visitors(served), {"subprotocols": ["sanjeh.chat.1"]}
        return [
            await _status(chat, origin="https://evil.example", **how),
            await _status(chat, origin="null", **how),
            await _status(chat, **how),  # no origin at all
            await _status(chat, origin=f"{SHOP}.evil.example", **how),
            await _status(chat, origin=SHOP),  # without the subprotocol
            await _status(desk, origin="https://evil.example", additional_headers=cookie),
            await _status(desk, origin=SHOP, additional_headers=cookie),  # a shop is no desk
            await _status(desk, additional_headers=cookie),
            await _status(desk, origin=served.address),  # nobody signed in
            await _status(desk, origin=served.address,
                          additional_headers={"Cookie": "sessionid=guessed"}),
            await _status(
                desk, origin="http://evil.example", additional_headers={**cookie}, host=None
            ),
            await _status(served.address.replace("http", "ws") + "/other", origin=SHOP),
            await _status(desk, origin=served.address, additional_headers=cookie),
        ]  # fmt: skip

    assert asyncio.run(look()) == [403, 403, 403, 403, 400, *[403] * 6, 404, 101]
    log = served.log.read_text()
    assert log.count("socket refused") >= 11
    assert session not in log


def test_tokens_that_are_forged_expired_or_anothers_open_nothing(served: Served) -> None:
    good = served.hello()["token"]
    body, _, signature = good.rpartition(":")
    forged = [
        "", "x", good[:-1], f"{body}:{signature[::-1]}", good + "x", "a:b:c",
        good.replace(":", ";"), json.dumps({"token": good}),
    ]  # fmt: skip

    async def look() -> list[int | None]:
        codes = []
        for token in forged:
            hello = json.dumps({"type": "hello", "token": token, "after": 0})
            code, told = await _code(_visitors(served), hello, **_as_shop())
            assert told == []
            codes.append(code)
        return codes

    assert asyncio.run(look()) == [4401] * len(forged)
    for token in forged[1:]:
        # a page that brings one gets a new visitor, never another's
        assert served.hello(token=token)["visitor"] != served.hello(token=good)["visitor"]
    assert good not in served.log.read_text()


def test_known_customer_is_believed_for_an_hour_and_by_the_right_secret_only(
    served: Served,
) -> None:
    secret, now = served.made["identity"], int(time.time())

    def asked(key: str = secret, algorithm: str = "HS256", **claims: Any) -> int:
        held = {"sub": "c-1", "exp": now + 600, **claims}
        held = {name: value for name, value in held.items() if value is not None}
        known = jwt.encode(held, key, algorithm=algorithm)
        posted = json.dumps({"language": "en", "page": {"url": SHOP}, "known": known})
        return served.post("/chat/hello", posted.encode())[0]

    assert asked(name="Ada", email="ada@shop.example") == 200
    assert asked(key="another secret that is long enough for it") == 401
    assert asked(key="", algorithm="none") == 401
    assert asked(algorithm="HS512") == 401
    assert asked(exp=now - 120) == 401
    assert asked(exp=now + 7200) == 401  # good for longer than an hour
    assert asked(exp=None) == 401
    assert asked(exp="tomorrow") == 401
    assert asked(sub=None) == 401
    assert asked(sub="") == 401
    assert asked(sub="x" * 201) == 401
    assert secret not in served.log.read_text()


def test_chat_of_another_visitor_is_unknown(served: Served) -> None:
    async def talk() -> None:
        ali, eve = visitor(served), visitor(served)
        try:
            chat = (await ali.asked("start", body="my secret", language="en"))["chat"]
            told = await eve.asked("say", chat=chat, body="let me in")
            assert told["code"] == "unknown"
            spy = Visitor(served, token=eve.token, chat=chat)
            spy.begin()
            welcome = (await spy.until(lambda: spy.of("welcome"), "a welcome"))[0]
            assert (welcome["chat"], welcome["entries"]) == (None, [])
            await ali.asked("say", body="another secret")
            await asyncio.sleep(0.5)
            heard = json.dumps([eve.frames, spy.frames])
            assert "secret" not in heard
            await spy.end()
            await ali.asked("end")
        finally:
            await ali.end()
            await eve.end()

    asyncio.run(talk())


def test_chat_of_another_team_is_unknown_and_the_board_is_for_supervisors(served: Served) -> None:
    async def talk() -> None:
        mina = await agent(served, "mina")
        omid = await agent(served, "omid")
        lena = await agent(served, "lena", takes=False)
        ali = visitor(served)
        try:
            north = served.made["teams"]["North"]
            begun = await ali.asked("start", body="for the north only", language="en", team=north)
            chat = begun["chat"]
            await mina.until(lambda: mina.words(chat), "the words")
            for kind, fields in (
                ("open", {"after": 0}), ("say", {"body": "x"}), ("note", {"body": "x"}),
                ("join", {}), ("transfer", {"to": {"member": 1}}),
                ("close", {"outcome": "resolved"}), ("typing", {"on": True}),
                ("seen", {"number": 1}), ("tag", {"add": []}),
                ("topic", {"topic": ""}), ("escalate", {"reason": "x"}),
            ):  # fmt: skip
                assert (await omid.asked(kind, chat=chat, **fields))["code"] == "unknown", kind
            for kind in ("watch", "take"):
                assert (await omid.asked(kind, chat=chat))["code"] in ("unknown", "not_yours")
                assert (await mina.asked(kind, chat=chat))["code"] == "not_yours"
            assert (await mina.asked("board"))["code"] == "not_yours"
            assert (await lena.asked("board"))["type"] == "done"
            assert lena.of("board")[0]["members"]
            assert "for the north only" not in json.dumps(omid.frames)
            assert (await lena.asked("take", chat=chat))["type"] == "done"
            await ali.asked("end")
        finally:
            for side in (ali, mina, omid, lena):
                await side.end()

    asyncio.run(talk())


def test_frames_that_are_none_or_too_many_are_refused(served: Served) -> None:
    token = served.hello()["token"]
    hello = json.dumps({"type": "hello", "token": token, "after": 0})
    chat = _visitors(served)

    async def look() -> None:
        for first in ("not json", "[]", '"hello"', '{"type": 5}', '{"type": "say"}', "{}"):
            code, told = await _code(chat, first, **_as_shop())
            assert (code, told) == (1007, []), first
        code, _ = await _code(chat, "x" * 40_000, **_as_shop())
        assert code == 1009  # longer than a frame may be
        wrong = [
            "[1]", "{", b"\x00\x01", '{"type": "dance"}', '{"type": "say", "nonce": 5, "body": {}}',
            '{"type": "say", "nonce": "n", "body": ["x"]}', '{"type": "seen", "number": 1e99}',
            '{"type": "start", "nonce": "n", "answers": "x"}', "[" * 5000,
            '{"type": "page", "url": null}', hello, '{"type": "start", "team": true}',
        ]  # fmt: skip
        async with connect(chat, **_as_shop()) as opened:
            await opened.send(hello)
            assert json.loads(await opened.recv())["type"] == "welcome"
            for one in wrong:
                await opened.send(one)
                assert json.loads(await opened.recv())["type"] == "refused", one
            await opened.send('{"type": "ping"}')
            assert json.loads(await opened.recv()) == {"type": "pong"}
        code, told = await _code(chat, hello, *['{"type": "ping"}'] * 200, **_as_shop())
        assert code == 4429  # a flood
        assert {f["type"] for f in told} == {"welcome", "pong", "refused"}
        assert told[-1]["code"] == "too_fast"
        assert told[-1]["after_seconds"] >= 0

    asyncio.run(look())


def test_flood_of_sockets_from_one_address_is_cut_and_others_come_through(served: Served) -> None:
    async def look() -> tuple[list[int], int]:
        flood = [
            await _status(_visitors(served), local_addr=("127.0.0.9", 0), **_as_shop())
            for _ in range(90)
        ]
        other = await _status(_visitors(served), local_addr=("127.0.0.10", 0), **_as_shop())
        return flood, other

    flood, other = asyncio.run(look())
    assert flood[:60] == [101] * 60
    assert 429 in flood
    assert other == 101


def _form(name: str, content: bytes) -> tuple[bytes, str]:
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: image/png\r\n\r\n" + content
    return body + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def _brought(served: Served, name: str, content: bytes, token: str) -> tuple[int, Any]:
    body, kind = _form(name, content)
    return served.post(
        "/chat/files", body, Content_Type=kind, Authorization=f"Bearer {token}",
        X_Forwarded_For=f"10.0.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}",
    )  # fmt: skip


def _archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def test_files_are_what_they_hold_and_are_saved_never_shown(served: Served) -> None:
    token = served.hello()["token"]
    refused = {
        "page.html": b"<html><script>alert(1)</script>", "picture.png": b"<svg onload=alert(1)>",
        "run.exe": b"MZ" + b"\x00" * 60, "picture.svg": b"<svg/>", "page.png": b"hello",
        "picture.txt": PNG, "no-ending": PNG, "page.html.txt": b"<!doctype html><p>",
        "macro.docx": _archive("word/document.xml", "word/vbaProject.bin"),
        "bag.zip": _archive("a.txt"), "bag.docx": _archive("a.txt"), "broken.docx": b"PK\x03\x04x",
    }  # fmt: skip
    for name, content in refused.items():
        status, told = _brought(served, name, content, token)
        assert (status, told["code"]) == (415, "type"), name
    assert _brought(served, "a.png", b"", token)[0] == 400
    assert _brought(served, "a.png", PNG, "forged")[0] == 401
    assert _brought(served, "a.png", PNG + b"0" * 10_000_001, token)[0] == 413
    assert _brought(served, "a.docx", _archive("word/document.xml"), token)[0] == 200
    status, told = _brought(served, f"../../{SCRIPT}\u202egnp.png", PNG, token)
    assert status == 200
    assert told["media"] == "image/png"
    assert "/" not in told["name"]
    assert "<" not in told["name"]
    assert "\u202e" not in told["name"]
    asyncio.run(_sent_and_fetched(served, token, told))


async def _sent_and_fetched(served: Served, token: str, file: dict[str, Any]) -> None:
    ali, eve = Visitor(served, token=token), visitor(served)
    ali.begin()
    try:
        await eve.asked("start", body="hello", language="en")
        stolen = await eve.asked("say", body="", attachment=file["id"])
        assert stolen["code"] == "unknown"  # another's file
        await ali.asked("start", body=SCRIPT, language="en", attachment=file["id"])
        entry = await ali.until(
            lambda: next((e for e in ali.log.values() if e.get("attachment")), None), "the file"
        )
        assert entry["body"] == SCRIPT  # words are words; who shows them escapes them
        url = served.address + entry["attachment"]["url"]
        told = await asyncio.to_thread(urllib.request.urlopen, url, timeout=10)
        assert told.read() == PNG
        assert told.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert told.headers["X-Content-Type-Options"] == "nosniff"
        assert told.headers["Content-Type"] == "image/png"
        assert "sandbox" in told.headers["Content-Security-Policy"]
        for other in (url.replace(file["id"], "x" * 22), url.replace("%3A", "%3Ab", 1)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                await asyncio.to_thread(urllib.request.urlopen, other, timeout=10)
            assert refused.value.code == 404
        await ali.asked("end")
        await eve.asked("end")
    finally:
        await ali.end()
        await eve.end()


def test_body_that_is_far_too_large_is_cut_off_at_the_gate(served: Served) -> None:
    token = served.hello()["token"]
    for held, path in ((token, "/chat/files"), ("forged", "/chat/files"), (token, "/chat/hello")):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {SHOP}\r\n"
            line.sendall(
                f"{head}Authorization: Bearer {held}\r\nContent-Length: 12000000\r\n\r\n".encode()
            )
            assert line.recv(100).startswith(b"HTTP/1.1 413"), path


def test_posts_of_other_sites_are_refused(served: Served) -> None:
    token = served.hello()["token"]
    body, kind = _form("a.png", PNG)
    for origin in ("https://evil.example", "null"):
        assert served.post("/chat/hello", b"{}", Origin=origin)[0] == 403
        status, _ = served.post(
            "/chat/files", body, Origin=origin, Content_Type=kind, Authorization=f"Bearer {token}"
        )
        assert status == 403
    session = served.made["members"]["mina"]["session"]
    status, _ = served.post(
        "/desk/files", body, Origin=served.address, Content_Type=kind,
        Cookie=f"sessionid={session}",
    )  # fmt: skip
    assert status == 403  # without Django's token against forgery


def test_session_that_ends_takes_its_socket_along(served: Served) -> None:
    async def talk() -> int | None:
        omid = await agent(served, "omid")
        try:
            code = (
                "import sys, pathlib; from sanjeh.web import site;"
                "site.prepare(pathlib.Path(sys.argv[1]));"
                "from django.contrib.sessions.models import Session;"
                "Session.objects.filter(session_key=sys.argv[2]).delete()"
            )
            key = served.made["members"]["omid"]["session"]
            command = [sys.executable, "-c", code, str(served.home), key]
            await asyncio.to_thread(subprocess.run, command, check=True)
            opened = omid._socket
            assert opened is not None
            await asyncio.wait_for(opened.wait_closed(), 40)
            return opened.close_code
        finally:
            await omid.end()

    assert asyncio.run(talk()) == 4401
