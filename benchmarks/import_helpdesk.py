"""A Zendesk-shaped export into an empty ledger: payloads a second, memory, end to end.

It makes the export itself: tickets, ten comments each, some thousands of users, as JSON lines. All
of it is made up.

    python benchmarks/import_helpdesk.py --tickets 100000
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import tempfile
import time
from pathlib import Path

import orjson

from sanjeh.ledger import Ledger
from sanjeh.sources import import_path

COMMENTS = 10  # a ticket
STAFF, CUSTOMERS = 50, 5000
WORDS = ["order", "arrived", "parcel", "broken", "refund", "thanks", "invoice", "login", "again"]
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def at(seconds: int) -> str:
    return (START + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_export(folder: Path, tickets: int) -> int:
    """Write the export; how many payloads it has."""
    chance = random.Random(5)

    def words(n: int) -> str:
        return " ".join(chance.choices(WORDS, k=n))

    def lines(name: str, made: object) -> None:
        with (folder / f"{name}.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(value) + b"\n" for value in made)  # type: ignore[attr-defined]

    def user(n: int) -> dict[str, object]:
        staff = n < STAFF
        return {
            "id": n + 1, "url": f"https://example.zendesk.com/api/v2/users/{n + 1}.json",
            "name": f"{'Agent' if staff else 'Customer'} {n + 1}", "active": True,
            "role": "agent" if staff else "end-user", "created_at": at(0), "updated_at": at(0),
        }  # fmt: skip

    def ticket(n: int) -> dict[str, object]:
        opened = n * 300
        return {
            "id": n + 1, "url": f"https://example.zendesk.com/api/v2/tickets/{n + 1}.json",
            "subject": words(5), "description": words(40), "status": "closed",
            "priority": chance.choice(("low", "normal", "high", "urgent")), "type": "question",
            "requester_id": STAFF + 1 + n % CUSTOMERS, "submitter_id": STAFF + 1 + n % CUSTOMERS,
            "assignee_id": 1 + n % STAFF, "tags": ["made_up"], "via": {"channel": "email"},
            "created_at": at(opened), "updated_at": at(opened + 86_400), "is_public": True,
        }  # fmt: skip

    def comment(n: int) -> dict[str, object]:
        ticket, place = divmod(n, COMMENTS)
        author = STAFF + 1 + ticket % CUSTOMERS if place % 2 == 0 else 1 + ticket % STAFF
        text = words(40)
        return {
            "id": 10_000_000 + n, "ticket_id": ticket + 1, "type": "Comment", "author_id": author,
            "body": text, "html_body": f"<p>{text}</p>", "plain_body": text, "public": place != 5,
            "attachments": [], "via": {"channel": "email", "source": {"from": {}, "to": {}}},
            "created_at": at(ticket * 300 + place * 900),
        }  # fmt: skip

    lines("users", map(user, range(STAFF + CUSTOMERS)))
    lines("tickets", map(ticket, range(tickets)))
    lines("ticket_comments", map(comment, range(tickets * COMMENTS)))
    return STAFF + CUSTOMERS + tickets * (COMMENTS + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None, help="an export made before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch) / "export"
        if not folder.exists():
            folder.mkdir()
            write_export(folder, given.tickets)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        began, busy = time.perf_counter(), time.process_time()
        report = import_path(folder, Ledger(Path(scratch) / "home"), helpdesk="zendesk")
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made = sum(counts.added for counts in report.records.values())
    print(
        f"{report.rows_read:,} payloads ({size:,.0f} MB) to {made:,} records in {seconds:.1f} s: "
        f"{report.rows_read / seconds:,.0f} payloads/s; {busy:.1f} s of processor; "
        f"peak {peak:,.0f} MB; {report.rows_rejected:,} refused; {dict(report.warnings)}"
    )


if __name__ == "__main__":
    main()
