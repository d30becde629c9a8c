"""The way to the ledger: rows written in the transaction of what happened, moved a second later.

    with turn():                      # one transaction, in its turn
        chat.save()
        hand("conversation", {...})   # is there if the chat is there

A thread of the server calls `move`. A kill between the two hands a record over twice, which is
the same record. Apps import `hand` and `turn` from `outbox` and `turns`; this room imports the
ledger alone.
"""

from __future__ import annotations

from typing import Final

SOURCE: Final = "desk"
"""Of everything that the apps hand over: a visitor of the site and of the chat is one person."""
