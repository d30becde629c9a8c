"""Erasing a person from the desk's own tables; the ledger forgets what it got by itself."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

from sanjeh.apps.desk.models import Chat, Customer, Entry, Escalation, Followup, Signal
from sanjeh.apps.desk.sockets.files import path_of
from sanjeh.apps.desk.sockets.models import Upload
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import erasing as site
from sanjeh.apps.surveys.forgetting import forget

GONE = ""


@turn()
def erase(role: str, id_: str) -> int:
    """Remove a customer's or a visitor's name, contacts, words and files; how many rows that were.

    Chats, their instants and what was counted stay, and so do scores; remarks go. A visitor's chats
    are those of the browser, a customer's those under the shop's id, or the visitor's own where the
    shop named none. Letters empty themselves as soon as they are sent.
    """
    if role not in ("customer", "visitor"):
        return 0
    chats = Chat.objects.filter(Q(customer__key=id_) | Q(visitor=id_))
    numbers = list(chats.values_list("pk", flat=True))
    visitors = set(chats.values_list("visitor", flat=True))
    touched = Customer.objects.filter(Q(key=id_) | Q(chats__in=numbers)).update(
        name=GONE, email=GONE, account=GONE, language=GONE
    )
    touched += chats.update(answers={}, page={}, address=GONE)
    said = Entry.objects.filter(chat_id__in=numbers)
    touched += said.update(body=GONE, attachment=None, data={})
    touched += Followup.objects.filter(chat_id__in=numbers).update(note=GONE)
    touched += Escalation.objects.filter(chat_id__in=numbers).update(reason=GONE)
    customers = set(chats.values_list("customer__key", flat=True)) | {id_}
    touched += forget(customers)
    theirs = [f"v:{visitor}" for visitor in visitors | {id_}]
    for upload in Upload.objects.filter(Q(chat__in=numbers) | Q(by__in=theirs)):
        path_of(upload.id).unlink(missing_ok=True)
        upload.delete()
        touched += 1
    told = [
        signal.pk
        for signal in Signal.objects.all().iterator()
        if _is_of(signal, set(numbers), visitors)
    ]
    touched += Signal.objects.filter(pk__in=told).update(frame={"type": "pong"})
    return touched + sum(site.erase(one) for one in visitors | {id_})


def _is_of(signal: Signal, chats: set[int], visitors: set[str]) -> bool:
    """Whether a signal tells of one of the chats, or is told to one of the visitors."""
    if any(f"v:{visitor}" in signal.to for visitor in visitors):
        return True
    told = signal.frame.get("chat")
    number = told.get("id") if isinstance(told, dict) else told
    return number in chats


def shred() -> None:
    """Leave no byte of deleted rows in the file or its journal; outside of any transaction.

    PostgreSQL frees them by its own vacuum.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM desk_entry, desk_customer, desk_chat, desk_signal")
            cursor.execute("VACUUM handing_handing")
