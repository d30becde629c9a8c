"""Erasing a person from surveys: scores stay counted, who gave them and in what words does not."""

from __future__ import annotations

from collections.abc import Iterable

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.mail.models import Letter, State
from sanjeh.apps.surveys.letters import KIND
from sanjeh.apps.surveys.models import Answer, Invitation

GONE = ""


@turn()
def forget(customers: Iterable[str]) -> int:
    """Remove ids, addresses and words of these customers; how many rows that were.

    A letter that waits for one of them is not sent.
    """
    theirs = Invitation.objects.filter(customer_id__in=list(customers))
    keys = [one.handle for one in theirs.filter(sent_at=None)]
    waiting = Letter.objects.filter(kind=KIND, key__in=keys, state=State.WAITING)
    touched = waiting.update(state=State.DROPPED, to=GONE, text=GONE, html=GONE, headers={})
    said = Answer.objects.filter(invitation__in=theirs).exclude(comment=GONE)
    touched += said.update(comment=GONE)
    return touched + theirs.update(customer_id=GONE, address=GONE)
