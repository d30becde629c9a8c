"""`python -m sanjeh.web.jobs [SECONDS]`: the worker of the home that SANJEH_HOME names.

SECONDS: how long it stays when nothing is left to do, so that what a live desk records is counted
without the two seconds that a worker takes to start; it leaves at once where none are said.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

POLITE = 10  # pages go before
LOOKS_EVERY = 0.5  # seconds


def main() -> None:
    """Work off what waits, less urgent than the pages, and the first to go where memory ends."""
    os.nice(POLITE)
    with suppress(OSError):  # other systems than Linux have no such file
        Path("/proc/self/oom_score_adj").write_text("800")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanjeh.web.settings")
    import django

    django.setup()
    from django.conf import settings

    from sanjeh.web.jobs import queue
    from sanjeh.web.jobs.worker import work_off

    home, stays = Path(settings.HOME), float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    work_off(home)
    idle_since = time.monotonic()
    while time.monotonic() - idle_since < stays:
        time.sleep(LOOKS_EVERY)
        if queue.is_waiting() and work_off(home):
            idle_since = time.monotonic()


if __name__ == "__main__":
    main()
