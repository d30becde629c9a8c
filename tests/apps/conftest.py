"""Tables of the apps, as a test found them when it ends; and a ledger of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjeh.ledger import Ledger


@pytest.fixture
def tables(bound: Path) -> Iterator[None]:
    """The tables of the site's database; what a test writes there is taken back.

    What seats of other tests' accounts left to be handed over, and members, are not there.
    """
    from django.db import transaction

    from sanjeh.apps.desk.models import Member
    from sanjeh.apps.handing.models import Handing

    with transaction.atomic():
        Handing.objects.all().delete()
        Member.objects.all().delete()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty record."""
    return Ledger(tmp_path / "home")
