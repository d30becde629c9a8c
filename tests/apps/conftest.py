"""Tables of the apps, as a test found them when it ends; and a ledger of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjeh.ledger import Ledger


@pytest.fixture
def tables(bound: Path) -> Iterator[None]:
    """The tables of the site's database; what a test writes there is taken back.

    What other tests left there (accounts, members, what waits to be handed over) is not there.
    """
    from django.contrib.auth.models import User
    from django.db import transaction

    from sanjeh.apps.desk.models import Chat, Member, Segment, Transfer
    from sanjeh.apps.handing.models import Handing

    with transaction.atomic():
        for kind in (Handing, Transfer, Segment, Chat, Member, User):
            kind.objects.all().delete()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty record."""
    return Ledger(tmp_path / "home")
