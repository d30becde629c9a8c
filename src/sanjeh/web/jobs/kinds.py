"""The kinds of long work. Each can be begun again after a kill without doubling anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanjeh.home import Home
from sanjeh.simulation.year import has_year, make_year
from sanjeh.web.jobs.worker import Work

Result = dict[str, Any]


def refresh(work: Work) -> Result:
    """Bring the facts up to the record."""
    done = Home(work.home).refresh(progress=work.part("refreshing", 0.0, 1.0))
    return {"version": done.version, "how": done.how, "seconds": done.seconds}


def sample(work: Work) -> Result:
    """Make the synthetic year of a language, in a home of its own."""
    code = str(work.job.given["code"])
    home = Home(work.home / "sample" / code)
    home.path.mkdir(parents=True, exist_ok=True)
    if not has_year(home.ledger(), code):
        make_year(home.ledger(), code, work.part("making", 0.0, 0.4))
    home.refresh(progress=work.part("refreshing", 0.4, 1.0))
    return {"code": code}


KINDS: dict[str, Callable[[Work], Result]] = {"refresh": refresh, "sample": sample}
