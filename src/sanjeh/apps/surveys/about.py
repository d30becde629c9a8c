"""What a survey may follow, as plain values: the chat, the ticket or the person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

HERE = "desk"


@dataclass(frozen=True)
class About:
    """A chat that ended, a ticket that was solved, or a person on a list.

    Ids are those of the record, of this source (`visitor-7`, not a pseudonym). name: for the
    greeting of a letter, not kept. wave: what tells one asking of the same person from another.
    channel: the code of the channel of the contact.
    """

    conversation_id: str = ""
    ticket_id: str = ""
    customer_id: str = ""
    agent_id: str = ""
    team_id: str = ""
    language: str = "en"
    channel: str = ""
    segment: str = ""
    email: str = ""
    name: str = ""
    wave: str = ""
    source: str = HERE
    is_spam: bool = False
    is_test: bool = False
    is_missed: bool = False

    @property
    def subject(self) -> str:
        """A digest of what is asked about: the conversation, else the ticket, else the person."""
        named = (
            ("conversation", self.conversation_id), ("ticket", self.ticket_id),
            ("customer", self.customer_id or self.email.strip().casefold()),
        )  # fmt: skip
        kind, value = next((pair for pair in named if pair[1]), ("nobody", ""))
        return digest(kind, self.source, value, self.wave)


def digest(*parts: str) -> str:
    """A digest of parts; two different lists of parts never give the same bytes."""
    made = hashlib.blake2b(digest_size=32)
    for part in parts:
        raw = part.encode()
        made.update(len(raw).to_bytes(4, "big") + raw)
    return made.hexdigest()


def is_sampled(survey: int, subject: str, share: float) -> bool:
    """Whether a subject is among the share asked: the same one always, whoever counts."""
    first = hashlib.blake2b(f"{survey}:{subject}".encode(), digest_size=8).digest()
    return int.from_bytes(first, "big") < share * 2**64
