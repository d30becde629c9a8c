"""An installation without data: three ways in, none behind a wall; the sample beside one's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES, account, beside

from record_homes import built, ticket

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")

TITLES = {"en": "Where shall we begin?", "fa": "از کجا شروع کنیم؟", "ru": "С чего начнём?"}


@pytest.fixture
def empty(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The site over a folder that holds nothing."""
    from django.conf import settings

    from sanjeh.web.jobs.models import Job

    monkeypatch.setattr(settings, "HOME", tmp_path)
    (tmp_path / "web" / "uploads").mkdir(parents=True)
    (tmp_path / "sample").mkdir()
    Job.objects.all().delete()
    yield tmp_path
    Job.objects.all().delete()


@pytest.fixture
def nobody(empty: Path) -> Client:
    """Somebody without an account."""
    from django.test import Client

    return Client()


@pytest.mark.parametrize("code", LANGUAGES)
def test_empty_installation_shows_three_ways_without_signing_in(nobody: Client, code: str) -> None:
    nobody.cookies["language"] = code
    page = nobody.get("/", follow=True)
    assert page.redirect_chain == [("/start/", 302)]
    text = page.content.decode()
    assert TITLES[code] in text
    for name in ("Zendesk", "Intercom", "Chatwoot"):
        assert name in text
    assert "/accounts/login/?next=/start/" in text  # bringing a file writes, so it needs an account
    assert 'type="file"' not in text


def test_sample_is_asked_for_once_and_seen_as_a_guest(nobody: Client, empty: Path) -> None:
    from sanjeh.web.jobs.models import Job

    first = nobody.post("/sample/", {"to": "in"})
    again = nobody.post("/sample/", {"to": "in"})
    assert first.headers["Location"] == again.headers["Location"]
    assert Job.objects.count() == 1
    waiting = nobody.get(first.headers["Location"])
    assert waiting.headers["Refresh"] == "2"
    built(empty / "sample" / "en", [ticket("a", "03-02 09:00")])
    Job.objects.update(state="done")
    arrived = nobody.get(first.headers["Location"])
    assert arrived.headers["Location"] == "/"
    assert nobody.cookies["sample"].value == "en"
    page = nobody.get("/figures/")
    assert page.status_code == 200
    assert "You may look at everything and change nothing" in page.content.decode()
    assert nobody.post("/sample/", {"to": "out"}).headers["Location"] == "/"
    assert nobody.get("/figures/").status_code == 302


def test_sample_never_shows_ones_own_data_nor_lets_anybody_write(
    empty: Path, nobody: Client
) -> None:

    built(empty, [ticket("own", "03-02 09:00")])
    built(empty / "sample" / "en", [ticket("made-up", "03-02 09:00")])
    manager = account("sampler", "manager")
    rows = "/figure/new_tickets/rows/?from=2026-03-01&to=2026-04-01"
    assert "own" in manager.get(rows).content.decode()
    for client in (nobody, manager):
        client.cookies["sample"] = "en"
        text = client.get(rows).content.decode()
        assert "made-up" in text
        assert "desk/own" not in text
        assert client.get("/ticket/own/").status_code == 400
        # A guest takes no rows away, whoever is signed in.
        assert client.get(rows.replace("rows/", "rows/file/")).status_code == 403
    for value in ("../..", "xx", "", "fa"):  # no such sample: one's own data, behind sign-in
        nobody.cookies["sample"] = value
        assert nobody.get(rows).status_code == 302


def test_sample_is_made_by_who_may_where_there_are_data(empty: Path, nobody: Client) -> None:
    from sanjeh.web.jobs.models import Job

    built(empty, [ticket("own", "03-02 09:00")])
    assert nobody.post("/sample/", {"to": "in"}).headers["Location"] == "/start/"
    assert account("idle analyst", "analyst").post("/sample/", {"to": "in"}).status_code == 302
    assert not Job.objects.exists()
    account("owner", "administrator").post("/sample/", {"to": "in"})
    assert Job.objects.get().kind == "sample"


def test_jobs_of_others_are_not_there_for_guests(empty: Path, nobody: Client) -> None:
    from sanjeh.web.jobs import queue
    from sanjeh.web.jobs.models import Job

    job = queue.add("refresh", "somebody")
    assert nobody.get(f"/jobs/{job.pk}/").status_code == 404
    assert nobody.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert account("agent two", "agent").get(f"/jobs/{job.pk}/").status_code == 404
    manager = account("manager two", "manager")
    assert manager.get(f"/jobs/{job.pk}/").status_code == 200
    assert manager.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    assert Job.objects.get(pk=job.pk).state == "cancelled"


def test_refresh_from_the_page_brings_the_facts_up_to_the_record(empty: Path) -> None:
    from record_homes import written
    from sanjeh.home import Home
    from sanjeh.sources import import_path
    from sanjeh.web.jobs.models import Job
    from sanjeh.web.jobs.worker import work_off
    from sanjeh.web.people.models import Trace

    home = Home(empty)
    import_path(written(empty / "a.jsonl", [ticket("a", "03-02 09:00")]), home.ledger())
    manager = account("refresher", "manager")
    place = manager.post("/data/refresh/").headers["Location"]
    assert work_off(empty) == 1
    assert Job.objects.get().result["how"] == "full"
    assert manager.get(place).headers["Location"] == "/data/"
    found = home.facts().current()
    assert found is not None
    assert found.version == 1
    assert Trace.objects.filter(who="refresher", action="asked for a refresh").exists()
    assert account("agent three", "agent").post("/data/refresh/").status_code == 403


def test_two_workers_never_work_at_once_and_a_killed_one_leaves_its_job_waiting(
    empty: Path,
) -> None:
    from sanjeh.web.jobs import queue
    from sanjeh.web.jobs.models import Job
    from sanjeh.web.jobs.worker import alone, work_off

    queue.add("refresh", "somebody")
    with alone(empty) as mine:
        assert mine
        done = subprocess.run(
            [sys.executable, "-m", "sanjeh.web.jobs"], check=True, timeout=120,
            env=beside(empty),
        )  # fmt: skip
        assert done.returncode == 0
        assert Job.objects.get().state == "waiting"  # the other one left it alone
    # Marked as running while nobody holds the lock: its worker was killed.
    Job.objects.update(state="running", attempts=1)
    assert work_off(empty) == 1
    assert Job.objects.get().state == "done"
    # What killed three workers is not tried a fourth time.
    queue.add("refresh", "somebody")
    Job.objects.filter(state="waiting").update(state="running", attempts=3)
    assert work_off(empty) == 0
    assert Job.objects.filter(state="failed", error="killed").count() == 1
