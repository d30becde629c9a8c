"""The pages over real sockets: milliseconds by kind of page, seconds of the first start, memory.

Starts `sanjeh serve --open` on the home, asks the overview until it answers (the first start), then
sends requests at a steady rate, whether or not earlier ones have come back: a mix of pages over
random periods of 30 days and of a year, each of them another, so that no answer can be remembered.
Parts that follow a page, and its tiny trends, are fetched after it as a browser does, and told
apart. Processor seconds are the server's: on a machine that does other work too, trust them more.

    python benchmarks/pages.py --home HOME --rate 4 --seconds 60
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 300  # seconds that a start, or a request, may take
LATER = re.compile(rb'data-later="([^"]+)"')
TREND = re.compile(rb'src="([^"]+/spark\.svg[^"]*)"')
# Kind of page, address, how many of a hundred requests: what a morning looks like.
MIX = (
    ("overview", "/", 30),
    ("count", "/figure/conversations/", 15),
    ("duration", "/figure/resolution_time/", 15),
    ("share", "/figure/missed_chat_rate/", 10),
    ("satisfaction", "/figure/satisfied_share/", 10),
    ("family", "/figures/volume/", 10),
    ("rows", "/figure/conversations/rows/", 10),
)
SPANS = (("30 days", 30, 4), ("a year", 365, 1))  # how long, and how often of five


@dataclass
class Taken:
    """Milliseconds of every kind of request, and what went wrong."""

    of: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float) -> None:
        """One answer that came back."""
        with self.lock:
            self.of[kind].append(1000 * seconds)


def bounds(home: Path) -> tuple[dt.date, dt.date]:
    """The first and the last day of the home's data; its facts are brought up to date first."""
    from sanjeh.answers.periods import moment
    from sanjeh.home import Home

    Home(home).refresh()
    answers = Home(home).answers()
    oldest = min(int(row["oldest_at"]) for row in answers.freshness)
    newest = min(int(row["newest_at"]) for row in answers.freshness)
    answers.close()
    return moment(oldest).date(), moment(newest).date()


def periods(first: dt.date, last: dt.date, days: int, dice: random.Random) -> tuple[str, str]:
    """A random period of about so many days inside the data."""
    days = min(days + dice.randrange(-2, 3), (last - first).days)
    room = max((last - first).days - days, 1)
    start = first + dt.timedelta(days=dice.randrange(room))
    return start.isoformat(), (start + dt.timedelta(days=days)).isoformat()


def fetch(base: str, path: str, taken: Taken, kind: str, *, part: bool = False) -> bytes:
    """One request, timed from the asking to the last byte."""
    asked = urllib.request.Request(base + path, headers={"X-Part": "yes"} if part else {})
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            body: bytes = answer.read()
    except (OSError, urllib.error.HTTPError) as error:
        with taken.lock:
            taken.failed.append(f"{path}: {error}")
        return b""
    taken.note(kind, time.perf_counter() - started)
    return body


def visit(base: str, path: str, kind: str, taken: Taken) -> None:
    """A page, and then the parts that follow it."""
    body = fetch(base, path, taken, kind)
    for found in LATER.findall(body):
        address = found.decode().replace("&amp;", "&")
        fetch(base, address, taken, f"{kind}, parts that follow", part=True)
    for found in TREND.findall(body):
        fetch(base, found.decode().replace("&amp;", "&"), taken, f"{kind}, trends that follow")


def memory_of(process: int) -> float:
    """The most memory that a process had, in megabytes."""
    told = Path(f"/proc/{process}/status").read_text("ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", told)[1]) / 1024  # type: ignore[index]


def processor_of(process: int) -> float:
    """Processor seconds that a process has used, of itself and its threads."""
    told = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def started(home: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """A server on the home, and the seconds until its overview had come back whole."""
    begun = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "sanjeh", "--home", str(home), "serve", "--open", "--port",
         str(port)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while time.perf_counter() - begun < PATIENCE and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
                answer.read()
            return server, time.perf_counter() - begun
        except urllib.error.HTTPError as error:
            server.kill()
            raise SystemExit(f"The overview answers {error.code}.") from error
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise SystemExit("The server did not start.")


def settle(server: int, patience: float, quiet: float = 5.0) -> float:
    """Wait until the server asks nothing ahead any more: it has stood still for some seconds.

    At most `patience` seconds; how many it took.
    """
    begun, still = time.monotonic(), time.monotonic()
    used = processor_of(server)
    while time.monotonic() - begun < patience and time.monotonic() - still < quiet:
        time.sleep(1)
        now = processor_of(server)
        if now - used > 0.1:  # looking up who is there takes less
            still = time.monotonic()
        used = now
    return time.monotonic() - begun


def share(values: list[float], part: float) -> float:
    """The value that so large a part is at or below."""
    ordered = sorted(values)
    return ordered[min(round(part * (len(ordered) - 1) + 0.499), len(ordered) - 1)]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=4.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--wait", type=float, default=90.0, help="seconds at most of asking ahead")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    first, last = bounds(given.home)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    server, seconds = started(given.home, port)
    base, dice, taken = f"http://127.0.0.1:{port}", random.Random(given.seed), Taken()
    try:
        for _, path, _ in MIX:  # a page's statements are worked out once for all periods
            visit(base, path, "first visits", taken)
        waited = settle(server.pid, given.wait)
        visits: list[threading.Thread] = []
        begun, spent = time.perf_counter(), processor_of(server.pid)
        for n in range(round(given.rate * given.seconds)):
            kind, path, _ = dice.choices(MIX, [m[2] for m in MIX])[0]
            span, days, _ = dice.choices(SPANS, [s[2] for s in SPANS])[0]
            start, end = periods(first, last, days, dice)
            time.sleep(max(0.0, begun + n / given.rate - time.perf_counter()))
            address = f"{path}?from={start}&to={end}&calendar=gregorian"
            one = threading.Thread(
                target=visit, args=(base, address, f"{span}: {kind}", taken), daemon=True
            )
            one.start()
            visits.append(one)
        for one in visits:
            one.join(PATIENCE)
        peak, spent = memory_of(server.pid), processor_of(server.pid) - spent
    finally:
        server.terminate()
        server.wait(30)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"data {first} to {last}")  # fmt: skip
    print(f"first start {seconds:.1f} s; {waited:.0f} s of asking ahead in peace; "
          f"peak memory {peak:.0f} MB; {len(taken.failed)} failed; "
          f"{spent / len(visits):.2f} processor seconds a page with what follows it")  # fmt: skip
    whole: dict[str, list[float]] = defaultdict(list)
    for kind, values in taken.of.items():
        if ": " in kind and not kind.endswith("follow"):
            whole[f"{kind.partition(':')[0]}, all pages"] += values
    for kind, values in sorted({**taken.of, **whole}.items()):
        print(
            f"{kind:45} n {len(values):4}  p50 {statistics.median(values):6.0f}  "
            f"p95 {share(values, 0.95):6.0f}  p99 {share(values, 0.99):6.0f} ms"
        )
    for line in taken.failed[:5]:
        print(line)


if __name__ == "__main__":
    main()
