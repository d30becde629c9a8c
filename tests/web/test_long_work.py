"""Long work that is killed, called off or too large: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from site_cases import account, beside

from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("web work")

ROWS = 30_000
PATIENCE = 180.0  # seconds; a crowded machine imports slowly


@pytest.fixture
def home(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The site over an empty home."""
    from django.conf import settings

    from sanjeh.web.jobs.models import Job

    place = tmp_path / "home"
    (place / "web" / "uploads").mkdir(parents=True)
    monkeypatch.setattr(settings, "HOME", place)
    Job.objects.all().delete()
    yield place
    Job.objects.all().delete()


def file_of(rows: int) -> bytes:
    """Tickets of a few agents, one a row."""
    lines = ["Ticket ID,Created time,Status,Agent"]
    lines += [f"{n},2026-03-{1 + n % 28:02} 09:00,open,a{n % 7}" for n in range(rows)]
    return ("\n".join(lines) + "\n").encode()


def import_of(home: Path, rows: int = ROWS) -> Any:
    """A job that imports such a file."""
    from sanjeh.web.jobs import queue, uploads

    token = uploads.keep(home, "tickets.csv", [file_of(rows)])
    return queue.add("import", "somebody", upload=token, rows=rows)


def worker(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "sanjeh.web.jobs"], env=beside(home))


def until(condition: Callable[[], Any], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited too long for {what}"
        time.sleep(0.02)


def standing(job: Any) -> tuple[str, str]:
    from sanjeh.web.jobs.models import Job

    found = Job.objects.get(pk=job.pk)
    return found.state, found.stage


def added(home: Path) -> int:
    """How many tickets all imports together brought that were not there before."""
    batches = Home(home).ledger().batches()
    return sum(json.loads(b.counts).get("ticket", {}).get("added", 0) for b in batches)


def test_import_killed_while_importing_and_while_refreshing_is_whole_once(home: Path) -> None:
    from sanjeh.web.jobs.models import Job

    job = import_of(home)
    for stage in ("importing", "refreshing"):
        doing = worker(home)
        until(lambda stage=stage: standing(job) == ("running", stage), stage)  # type: ignore[misc]
        doing.send_signal(signal.SIGKILL)
        doing.wait()
        assert standing(job)[0] == "running"
    assert worker(home).wait(PATIENCE) == 0
    found = Job.objects.get(pk=job.pk)
    assert (found.state, found.attempts) == ("done", 3)
    assert found.result["rows"] == ROWS
    assert found.result["refused"] == 0
    assert Home(home).ledger().rows("ticket").num_rows == ROWS
    assert added(home) == ROWS
    answers = Home(home).answers()
    counted = answers.engine.rows("SELECT count(*) AS n FROM tickets").to_pylist()
    answers.close()
    assert counted == [{"n": ROWS}]
    assert list((home / "web" / "uploads").iterdir()) == []


def test_import_called_off_leaves_the_record_as_it_was(home: Path) -> None:
    from sanjeh.web.jobs import queue
    from sanjeh.web.jobs.worker import Cancelled, Work, work_off

    job = import_of(home, 10)
    told: list[str] = []

    def call_off(self: Work, stage: str, share: float, *, final: bool = False) -> None:
        told.append(stage)
        queue.cancel(job)
        raise Cancelled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Work, "tell", call_off)
        assert work_off(home) == 1
    assert told == ["importing"]
    assert standing(job)[0] == "cancelled"
    assert Home(home).ledger().batches() == []
    assert list((home / "web" / "uploads").iterdir()) == []
    # One that waits is called off at once, and never begun.
    later = import_of(home, 10)
    queue.cancel(later)
    assert work_off(home) == 0
    assert standing(later)[0] == "cancelled"


def test_running_job_hears_that_it_is_called_off(home: Path) -> None:
    from sanjeh.web.jobs import queue
    from sanjeh.web.jobs.models import Job
    from sanjeh.web.jobs.worker import Cancelled, Work

    job = import_of(home, 10)
    Job.objects.update(state="running")
    queue.cancel(job)
    assert standing(job)[0] == "running"
    with pytest.raises(Cancelled):
        Work(job, home).part("importing", 0.0, 0.7)
    Work(job, home).part("refreshing", 0.7, 1.0, final=True)  # too late: it is in the record


def test_progress_is_told_in_rows_and_time_left(home: Path) -> None:
    import datetime as dt

    from django.utils import timezone

    from sanjeh.web.jobs.models import Job
    from sanjeh.web.jobs.progress import seconds_left

    job = import_of(home, 1000)
    now = timezone.now()
    Job.objects.update(
        state="running", stage="importing", share=0.35, told_at=now,
        begun_at=now - dt.timedelta(seconds=70),
    )  # fmt: skip
    told = seconds_left(Job.objects.get(pk=job.pk))
    assert told is not None
    assert 100 < told <= 130  # 65 % are left at 2 s a percent, less what the test took
    page = account("watcher", "manager").get(f"/jobs/{job.pk}/")
    text = page.content.decode()
    assert "about 500 of 1,000 rows" in text
    assert re.search(r"about (2\.\d min|1\d\d s) left", text.replace("\u00a0", " "))
    assert "35 %" in text
    assert page.headers["Refresh"] == "2"


# -- the gate --------------------------------------------------------------------------------


def asked(path: str, length: int, body: list[bytes], cookie: str = "") -> tuple[int | None, str]:
    """Status and text of a POST, as a server would hand it over; None where nothing came back."""
    from sanjeh.web.asgi import application

    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "http_version": "1.1",
        "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost"), (b"content-length", str(length).encode()),
                    (b"cookie", cookie.encode())],
    }  # fmt: skip
    parts = iter(body)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        part = next(parts, None)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    if not sent:
        return None, ""
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:]).decode()


def test_large_bodies_are_refused_before_they_are_kept(home: Path) -> None:
    from django.conf import settings

    manager = account("sender", "manager")
    agent = account("small sender", "agent")
    mine = f"sessionid={manager.cookies['sessionid'].value}"
    others = f"sessionid={agent.cookies['sessionid'].value}"
    large = settings.UPLOAD_BYTES + 2_000_000
    assert asked("/data/upload/", large, [], mine)[0] == 413
    assert "larger than 500 MB" in asked("/data/upload/", large, [], mine)[1]
    assert asked("/data/upload/", 5_000_000, [], others)[0] == 413
    assert asked("/data/upload/", 5_000_000, [])[0] == 413
    assert asked("/language/", 5_000_000, [], mine)[0] == 413
    # One that lies about its length is cut off.
    piece = b"x" * 1_000_000
    assert asked("/language/", 10, [piece] * 5)[0] in (None, 400)


@pytest.mark.slow
def test_killed_server_takes_its_work_up_again(home: Path) -> None:
    job = import_of(home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def served() -> subprocess.Popen[bytes]:
        words = ["--home", str(home), "serve", "--port", str(port)]
        return subprocess.Popen([sys.executable, "-m", "sanjeh", *words], env=beside(home))

    first = served()
    second = None
    try:
        until(lambda: standing(job) == ("running", "importing"), "the import")
        work = [c for t in Path(f"/proc/{first.pid}/task").iterdir()
                for c in (t / "children").read_text().split()]  # fmt: skip
        first.kill()
        first.wait()
        for pid in map(int, work):
            os.kill(pid, signal.SIGKILL)
        assert standing(job)[0] == "running"
        second = served()
        until(lambda: standing(job)[0] == "done", "the import after the restart")
    finally:
        for server in (first, second):
            if server is not None:
                server.terminate()
                server.wait(PATIENCE)
    assert Home(home).ledger().rows("ticket").num_rows == ROWS
    assert added(home) == ROWS


def test_refresh_asked_for_while_one_runs_comes_after_it(home: Path) -> None:
    from sanjeh.web.jobs import queue

    first = queue.refresh("mina")
    assert queue.refresh("nora").pk == first.pk  # it has not begun: it reads what nora wrote too
    assert queue.take().pk == first.pk
    assert queue.refresh("nora").pk != first.pk
