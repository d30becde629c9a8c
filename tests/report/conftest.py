"""The shop's home, built once, and its report in every language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from report_cases import SPOKEN, Page, read, shop

from record_homes import Desk, built, shared
from sanjeh.answers.question import Question
from sanjeh.report import About, Enquiry, html_of, language_of, scope_of


@pytest.fixture(scope="session")
def desk(shared_folder: Path) -> Iterator[Desk]:
    """The shop."""
    found = Desk(shared(shared_folder / "report-shop", lambda path: built(path, shop())))
    yield found
    found.close()


@pytest.fixture(scope="session")
def march(desk: Desk) -> Enquiry:
    """What is asked about March; asked once for all languages."""
    return Enquiry(desk.answers, scope_of(desk.answers, Question(()), None))


@pytest.fixture(scope="session")
def pages(march: Enquiry) -> dict[str, Page]:
    """The report of March in each language."""
    return {code: read(html_of(march, language_of(code), About())) for code in SPOKEN}
