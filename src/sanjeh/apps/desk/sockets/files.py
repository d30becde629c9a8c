"""Files of chats: kept, named in an entry, fetched at a signed address for an hour."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote

from django.conf import settings
from django.core import signing

from sanjeh.apps.desk.sockets.contents import called, media_of
from sanjeh.apps.desk.sockets.models import Upload

MOST_BYTES: Final = 10_000_000
LASTS: Final = dt.timedelta(hours=1)
KEPT_UNSENT: Final = dt.timedelta(days=1)
SALT: Final = "sanjeh.apps.desk.file"
CHUNK: Final = 1 << 20


class NotTaken(Exception):
    """A file that is not taken: `code` large, empty or type."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def path_of(upload_id: str) -> Path:
    """Where the bytes lie."""
    return Path(settings.HOME) / "web" / "files" / upload_id[:2] / upload_id


def keep(by: str, name: str, file: IO[bytes], size: int, now: dt.datetime) -> Upload:
    """Keep a file that was brought. NotTaken: it is too large, empty, or of another type."""
    if size > MOST_BYTES:
        raise NotTaken("large")
    if size == 0:
        raise NotTaken("empty")
    shown = called(name)
    media = media_of(file, shown)
    if media is None:
        raise NotTaken("type")
    made = Upload(by=by, name=shown, media=media, bytes=size, at=now)
    path = path_of(made.id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.seek(0)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        while chunk := file.read(CHUNK):
            kept.write(chunk)
    made.save(force_insert=True)
    return made


def told(upload: Upload) -> dict[str, Any]:
    """An attachment as entries hold it."""
    return {
        "id": upload.id, "name": upload.name, "bytes": upload.bytes, "media": upload.media,
    }  # fmt: skip


def sent(by: str, upload_id: object, chat: int | None) -> dict[str, Any] | None:
    """The attachment of a message; None where there is none such of this sender's.

    The first chat that it is sent in is the one that it stays with.
    """
    if not isinstance(upload_id, str):
        return None
    found = Upload.objects.filter(id=upload_id, by=by).first()
    if found is None or (found.chat is not None and chat is not None and found.chat != chat):
        return None
    if found.chat is None and chat is not None:
        Upload.objects.filter(id=found.id, chat=None).update(chat=chat)
    return told(found)


def address(upload_id: str, name: str) -> str:
    """Where a file can be fetched for an hour."""
    signed = signing.TimestampSigner(salt=SALT).sign(upload_id)
    return f"/chat/file/{quote(signed, safe='')}/{quote(name, safe='')}"


def signed_for(signed: str) -> Upload | None:
    """The file of an address that still holds."""
    try:
        found = signing.TimestampSigner(salt=SALT).unsign(signed, max_age=LASTS)
    except signing.BadSignature:  # an expired one is one of these
        return None
    return Upload.objects.filter(id=found).first()


def with_addresses(frame: dict[str, Any]) -> dict[str, Any]:
    """A frame in which files can be fetched. Signals hold no addresses, as those run out."""
    held = frame.get("attachment")
    if isinstance(held, dict) and "id" in held and "url" not in held:
        return {**frame, "attachment": {**held, "url": address(held["id"], str(held["name"]))}}
    entries = frame.get("entries")
    if isinstance(entries, list) and any(e.get("attachment") for e in entries):
        return {**frame, "entries": [with_addresses(entry) for entry in entries]}
    return frame


def sweep(now: dt.datetime) -> int:
    """Delete what was brought and never sent; how many there were."""
    old = list(Upload.objects.filter(chat=None, at__lt=now - KEPT_UNSENT)[:500])
    for upload in old:
        path_of(upload.id).unlink(missing_ok=True)
        upload.delete()
    return len(old)
