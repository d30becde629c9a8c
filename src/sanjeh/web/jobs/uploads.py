"""Files that somebody brought, from their arrival until they are imported.

Each lies in a folder of its own with a random name, `HOME/web/uploads/TOKEN/NAME.ending`, beside
what was understood of it. They hold persons' data: an erasure empties the folder, and what was not
imported within a day goes.
"""

from __future__ import annotations

import gzip
import json
import re
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from sanjeh.sources import FileUnreadable

ENDINGS = (
    ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".json",
    ".jsonl", ".ndjson",
)  # fmt: skip
KEPT_SECONDS = 24 * 3600
MOST_UNPACKED = 4_000_000_000  # bytes
MOST_CELLS = 1_000_000_000
LONGEST_NAME = 80
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")
SEEN, TOLD = ".seen.json", ".told.json"
"""Beside the file: what was understood of it, and what its bringer said of it."""


class Gone(Exception):
    """The upload is not there any more: imported, dropped, too old, or taken by an erasure."""


class TooLarge(Exception):
    """Small as it came, the file unpacks to more than a machine should be asked to hold."""


def folder(home: Path) -> Path:
    """Where the uploads of a home lie."""
    return home / "web" / "uploads"


def is_known(name: str) -> bool:
    """Whether a file's ending is one that the importer reads."""
    return _ending(name) is not None


def keep(home: Path, name: str, chunks: Iterable[bytes]) -> str:
    """Write a file down as it comes; the token it is found by."""
    token = secrets.token_urlsafe(18)
    place = folder(home) / token
    place.mkdir(parents=True, mode=0o700)
    with (place / clean_name(name)).open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
    return token


def clean_name(name: str) -> str:
    """A name without folders and signs that mean something to a system; its ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    ending = _ending(last) or ".csv"
    stem = re.sub(r"[^\w .()-]+", "_", last[: len(last) - len(ending)]).strip(" .")
    return (stem or "file")[:LONGEST_NAME] + ending


def _ending(name: str) -> str | None:
    low = name.lower()
    packed = ".gz" if low.endswith(".gz") else ""
    ending = Path(low.removesuffix(".gz")).suffix
    return ending + packed if ending in ENDINGS else None


def find(home: Path, token: str) -> Path | None:
    """The file of a token; None where there is none."""
    if not _TOKEN.fullmatch(token):
        return None
    place = folder(home) / token
    if not place.is_dir():
        return None
    return next((f for f in sorted(place.iterdir()) if not f.name.startswith(".")), None)


def needed(home: Path, token: str) -> Path:
    """The file of a token. Errors: Gone."""
    found = find(home, token)
    if found is None:
        raise Gone("the uploaded file is no longer there; bring it again")
    return found


def note(home: Path, token: str, what: str, told: dict[str, Any]) -> None:
    """Keep a note beside a file. Errors: Gone."""
    place = needed(home, token).with_name(what)
    draft = place.with_suffix(".part")
    draft.write_text(json.dumps(told, ensure_ascii=False), "utf-8", errors="backslashreplace")
    draft.replace(place)


def noted(home: Path, token: str, what: str) -> dict[str, Any] | None:
    """The note beside a file; None where there is none."""
    place = find(home, token)
    if place is None or not place.with_name(what).exists():
        return None
    found: dict[str, Any] = json.loads(place.with_name(what).read_text("utf-8"))
    return found


def drop(home: Path, token: str) -> None:
    """Remove an upload and everything noted of it."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder(home) / token, ignore_errors=True)


def sweep(home: Path, wanted: Collection[str]) -> None:
    """Remove what nobody imported within a day."""
    if not folder(home).is_dir():
        return
    for place in folder(home).iterdir():
        if place.name in wanted or time.time() - place.stat().st_mtime < KEPT_SECONDS:
            continue
        if place.is_dir():
            drop(home, place.name)
        else:
            place.unlink(missing_ok=True)


def check_size(path: Path) -> None:
    """TooLarge where a packed file unpacks to an absurd size, before anything unpacks it whole."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK"):
        _check_zip(path)
    elif start.startswith(b"\x1f\x8b"):
        _check_gzip(path)
    elif start.startswith(b"PAR1"):
        _check_parquet(path)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as error:
        raise FileUnreadable(f"{path.name} is damaged: {error}.") from None
    _refuse_above(size, MOST_UNPACKED)


def _check_gzip(path: Path) -> None:
    size = 0
    try:
        with gzip.open(path) as packed:
            while chunk := packed.read(1 << 20):
                size += len(chunk)
                _refuse_above(size, MOST_UNPACKED)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileUnreadable(f"{path.name} is cut short or damaged: {error}.") from None


def _check_parquet(path: Path) -> None:
    try:
        about = pyarrow.parquet.read_metadata(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise FileUnreadable(f"{path.name} cannot be read as Parquet: {error}.") from None
    _refuse_above(about.num_rows * about.num_columns, MOST_CELLS)


def _refuse_above(size: int, most: int) -> None:
    if size > most:
        raise TooLarge(f"it unpacks to {size:,}, more than {most:,}; cut it into parts")
