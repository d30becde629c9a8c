"""Erasing a person from the site's tables: who they were and where they came from; counts stay."""

from __future__ import annotations

from django.db.models import Q

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site.models import Conversion, Invitation, PageSeen, Visit, Visitor

GONE = ""


@turn()
def erase(id_: str) -> int:
    """Forget the customer's or visitor's id, titles of pages, where they came from and what an
    agent invited them with; how many rows that were.
    """
    found = list(
        Visitor.objects.filter(Q(pk=id_) | Q(customer_id=id_)).values_list("pk", flat=True)
    )
    touched = Conversion.objects.filter(Q(customer_id=id_) | Q(visitor__in=found)).update(
        customer_id=GONE
    )
    touched += PageSeen.objects.filter(visit__visitor__in=found).update(title=GONE)
    touched += Visit.objects.filter(visitor__in=found).update(referrer=GONE, utm={})
    touched += Invitation.objects.filter(visit__visitor__in=found).update(text=GONE)
    return touched + Visitor.objects.filter(pk__in=found).update(customer_id=GONE, consents=False)
