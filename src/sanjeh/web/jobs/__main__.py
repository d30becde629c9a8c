"""`python -m sanjeh.web.jobs`: the worker of the home that SANJEH_HOME names."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

POLITE = 10  # pages go before


def main() -> None:
    """Work off what waits, less urgent than the pages, and the first to go where memory ends."""
    os.nice(POLITE)
    with suppress(OSError):  # other systems than Linux have no such file
        Path("/proc/self/oom_score_adj").write_text("800")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanjeh.web.settings")
    import django

    django.setup()
    from django.conf import settings

    from sanjeh.web.jobs.worker import work_off

    work_off(Path(settings.HOME))


if __name__ == "__main__":
    main()
