"""What a helpdesk's folder declares, and what passes between it and the frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sanjeh.sources.helpdesk.http import Http

Made = tuple[str, dict[str, Any]]
"""One record: its kind in the ledger's vocabulary, and its fields, as a JSON line would hold them.

Instants are aware datetimes or ISO text with an offset, ids are text or whole numbers. Ids are the
vendor's own; where two of its things share a kind, the less usual one has a prefix ("chat:17").
"""


class Unreadable(ValueError):
    """A payload that cannot be understood: it is refused with its reason, the others go on."""

    def __init__(self, field: str | None, value: object, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason = field, value, reason


@dataclass(frozen=True)
class Stream:
    """One sort of thing that a vendor lists.

    learnt: whether later payloads are read by it (who is staff, what a status means). Such streams
    are small; they are read whole at the start of every pull and come first in a dump.
    optional: whether an account may lack it (403 or 404 is then told, and no failure).
    """

    name: str
    meaning: str
    learnt: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Payload:
    """One of the vendor's objects, whole. place: where it stood, for whoever looks it up."""

    stream: str
    value: Mapping[str, Any]
    place: str


@dataclass(frozen=True)
class Page:
    """What one request of a stream brought.

    cursor: JSON that says where to go on after this page; it is committed in one step with the
    page's records, so that a kill loses and doubles nothing. done: whether nothing more is there
    now; the cursor then says where the next pull begins. total: how many payloads the stream has,
    where the vendor tells.
    """

    payloads: list[Payload]
    cursor: Any
    done: bool
    total: int | None = None


class Client(Protocol):
    """The vendor's API of one account."""

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        """The stream's pages after the cursor; from its beginning where that is None."""
        ...

    def whose(self) -> str:
        """Whose account answers, in a few words for who connects it: the person, the account."""
        ...


class Translation(Protocol):
    """Payloads to records, without a look at clock, network or disk. One for each pull."""

    unknown: Counter[str]
    """What the vendor sent and this translation does not know, by name: told, never just lost."""

    def learn(self, payload: Payload) -> None:
        """Keep what later payloads are read by; called before any `records`."""
        ...

    def records(self, payload: Payload) -> Iterable[Made]:
        """The payload's records. Errors: Unreadable, and then none of them is kept."""
        ...


@dataclass(frozen=True)
class Credential:
    """One thing that is needed to get in. name: as in SANJEH_ZENDESK_TOKEN, without the prefix."""

    name: str
    meaning: str
    secret: bool = True
    example: str = ""


@dataclass(frozen=True)
class Helpdesk:
    """A vendor: everything that the frame needs to bring its history in and keep it current.

    A folder of `sources/` with a `client` names its helpdesk as HELPDESK in its `__init__`.

    open: the client for the given credentials, by their names (`TOKEN`); it asks the given Http for
    one of its account: `http.at(account_address(given["SUBDOMAIN"], "zendesk.com"), basic=(…))`.
    translation: a new one for an account, given the
    credentials that are not secret (addresses tell whose ids these are).
    dump: the payloads of a bulk export (a file, a folder, an archive), in any order; cheap to
    begin, streamed, so that a large one never stands in memory (`export.entries` reads the files).
    It is read twice, since what is learnt may stand at its end.
    recognises: whether a path looks like this vendor's export.
    dump_learnt: the learnt streams of an export alone, as `dump` gives them; only for a vendor who
    has them sooner than by reading `dump` once to its end, which is what is done without.
    """

    name: str
    title: str
    streams: tuple[Stream, ...]
    credentials: tuple[Credential, ...]
    open: Callable[[Http, Mapping[str, str]], Client]
    translation: Callable[[Mapping[str, str]], Translation]
    dump: Callable[[Path], Iterator[Payload]]
    recognises: Callable[[Path], bool]
    webhook: Webhook | None = None
    dump_learnt: Callable[[Path], Iterable[Payload]] | None = None


@dataclass(frozen=True)
class Webhook:
    """How a vendor tells of a change at once.

    genuine: whether the signature over the body holds under the secret (headers in lower case;
    `now` in seconds since 1970, to refuse what was recorded and sent again). For servers that sign
    nothing, the secret at the end of the receiver's address comes as header `x-sanjeh-token`.
    key: what is the same when the same event is delivered twice.
    payloads: what the body holds of the vendor's streams, for `records`; where it tells only that
    something changed, `asks` names what is to be fetched. lag: seconds after a change before the
    vendor's lists have it; what is fetched sooner lacks it.
    """

    genuine: Callable[[Mapping[str, str], bytes, str, float], bool]
    key: Callable[[Mapping[str, str], bytes], str]
    payloads: Callable[[Mapping[str, Any]], Iterable[Payload]]
    asks: Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]] = field(default=lambda body: ())
    lag: float = 0.0
