"""Objects out of an export's files: JSON, JSON lines, gzip, zip, folders; streamed.

For the `dump` of a helpdesk's folder. What the objects mean is the vendor's own affair.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, NamedTuple

import orjson

from sanjeh.sources.errors import FileUnreadable

ENDINGS: Final = (".json", ".jsonl", ".ndjson")
WHOLE: Final = 16 * 1024 * 1024
"""A file of one JSON value up to this size is read at once; a larger one piece by piece."""
PIECE: Final = 1024 * 1024


class Entry(NamedTuple):
    """One object. name: of the list it stood in, else of its file without ending ("tickets")."""

    name: str
    value: Any
    place: str


def entries(path: Path, lists: Collection[str]) -> Iterator[Entry]:
    """Every object of a file, folder or zip, file by file in the order of their names.

    A bare list, and an object that has no `id` and holds a list under one of the names in `lists`
    (`{"tickets": [...], "count": 3}`), is taken apart; any other object is one entry.
    Errors: FileUnreadable for what is damaged or no JSON.
    """
    names = frozenset(lists)
    for place, stream in _files(path):
        stem = PurePosixPath(place).name.split(".")[0]
        with _plain_errors(place):
            yield from _apart(_values(stream, place), stem, names)


def file_names(path: Path) -> list[str]:
    """Names of the JSON files in a file, folder or zip, as `recognises` looks at them."""
    if path.is_dir():
        return [p.relative_to(path).as_posix() for p in sorted(path.rglob("*")) if _is_json(p.name)]
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return sorted(name for name in packed.namelist() if _is_json(name))
    return [path.name] if path.is_file() and _is_json(path.name) else []


def first_entries(path: Path, lists: Collection[str], most: int = 20) -> list[Entry]:
    """The first few objects of the first file, to recognise an export by; none where unreadable."""
    found: list[Entry] = []
    try:
        for entry in entries(path, lists):
            found.append(entry)
            if len(found) >= most:
                break
    except FileUnreadable:
        return []
    return found


def _is_json(name: str) -> bool:
    plain = name.lower().removesuffix(".gz")
    return plain.endswith(ENDINGS) and not PurePosixPath(name).name.startswith(".")


def _files(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if path.is_dir():
        for name in file_names(path):
            with _plain_errors(name), (path / name).open("rb") as file, _unzipped(file) as stream:
                yield name, stream
    elif not path.is_file():
        raise FileUnreadable(f"There is no file or folder at {path}.")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in file_names(path):
                with _plain_errors(name), packed.open(name) as part, _unzipped(part) as stream:
                    yield name, stream
    else:
        with path.open("rb") as file, _unzipped(file) as stream:
            yield path.name, stream


@contextmanager
def _unzipped(file: Any) -> Iterator[IO[bytes]]:
    """The file, unpacked where it is gzip, with a buffer to read lines quickly."""
    buffered = io.BufferedReader(file, PIECE)
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=buffered) as plain:
            yield io.BufferedReader(plain, PIECE)
    else:
        yield buffered


@contextmanager
def _plain_errors(place: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, UnicodeError) as error:
        raise FileUnreadable(
            f"{place} is cut short or damaged ({error}); nothing was imported. Export it again."
        ) from None
    except OSError as error:
        raise FileUnreadable(f"{place} cannot be read: {error}.") from None


def _apart(values: Iterator[Entry], stem: str, lists: frozenset[str]) -> Iterator[Entry]:
    for entry in values:
        value = entry.value
        inner = (
            [k for k, v in value.items() if k in lists and isinstance(v, list)]
            if entry.name == "" and isinstance(value, dict) and "id" not in value
            else []
        )
        for name in inner:
            for number, item in enumerate(value[name], 1):
                yield Entry(name, item, f"{entry.place}, {name} {number}")
        if not inner:
            yield Entry(entry.name or stem, value, entry.place)


def _values(stream: IO[bytes], place: str) -> Iterator[Entry]:
    """The values of one file. Their name is empty unless the piecewise reader knows the list's."""
    head = stream.peek(PIECE)  # type: ignore[attr-defined]
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        lines = isinstance(orjson.loads(first), dict)
    except orjson.JSONDecodeError:
        # A first line longer than the buffer can only be told by reading on.
        lines = len(first) >= len(head) - 8 and PurePosixPath(place).name.lower().removesuffix(
            ".gz"
        ).endswith((".jsonl", ".ndjson"))
    if lines:
        yield from _lines(stream, place)
        return
    whole = stream.read(WHOLE + 1)
    if len(whole) <= WHOLE:
        try:
            value = orjson.loads(whole.removeprefix(b"\xef\xbb\xbf")) if whole.strip() else []
        except orjson.JSONDecodeError as error:
            raise FileUnreadable(
                f"{place} is not JSON ({error}); nothing was imported. Export it again."
            ) from None
        if isinstance(value, list):
            for number, item in enumerate(value, 1):
                yield Entry("", item, f"{place} {number}")
        else:
            yield Entry("", value, place)
        return
    yield from _piecewise(whole, stream, place)


def _lines(stream: IO[bytes], place: str) -> Iterator[Entry]:
    loads = orjson.loads
    for number, line in enumerate(stream, 1):
        if line.isspace():
            continue
        try:
            value = loads(line)
        except orjson.JSONDecodeError:
            try:
                value = loads(line.removeprefix(b"\xef\xbb\xbf"))
            except orjson.JSONDecodeError as error:
                raise FileUnreadable(
                    f"{place}, line {number} is not JSON ({error}); nothing was imported. "
                    "Export it again."
                ) from None
        yield Entry("", value, f"{place} line {number}")


def _piecewise(begun: bytes, stream: IO[bytes], place: str) -> Iterator[Entry]:
    """A large list, or an object of large lists, element by element.

    Other members of such an object are passed over: they count and link pages.
    """
    text = _Text(begun, stream, place)
    if text.next_sign() == "[":
        text.skip()
        for number, item in enumerate(text.items("]"), 1):
            yield Entry("", item, f"{place} {number}")
        return
    text.expect("{")
    while text.next_sign() != "}":
        key = text.value()
        text.expect(":")
        if text.next_sign() == "[":
            text.skip()
            for number, item in enumerate(text.items("]"), 1):
                yield Entry(str(key), item, f"{place}, {key} {number}")
        else:
            text.value()
        if text.next_sign() == ",":
            text.skip()


class _Text:
    """Text of a stream, of which only what is being read is in memory."""

    def __init__(self, begun: bytes, stream: IO[bytes], place: str) -> None:
        self._source = io.TextIOWrapper(
            io.BufferedReader(_Chained(begun, stream), PIECE), encoding="utf-8-sig"
        )
        self._decode = json.JSONDecoder().raw_decode
        self._place = place
        self._text, self._at = "", 0

    def _more(self) -> bool:
        read = self._source.read(PIECE)
        self._text, self._at = self._text[self._at :] + read, 0
        return bool(read)

    def next_sign(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise EOFError("it ends in the middle")

    def skip(self) -> None:
        self._at += 1

    def expect(self, sign: str) -> None:
        if self.next_sign() != sign:
            raise FileUnreadable(
                f"{self._place} is not JSON: {sign} was expected. Export it again."
            )
        self.skip()

    def value(self) -> Any:
        self.next_sign()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise FileUnreadable(
                        f"{self._place} is not JSON ({error.msg}); nothing was imported. "
                        "Export it again."
                    ) from None
                continue
            # A number at the very end of what is read may go on.
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return value

    def items(self, closing: str) -> Iterator[Any]:
        while self.next_sign() != closing:
            yield self.value()
            if self.next_sign() == ",":
                self.skip()
        self.skip()


class _Chained(io.RawIOBase):
    """Bytes already read, then the rest of their stream."""

    def __init__(self, begun: bytes, stream: IO[bytes]) -> None:
        self._begun, self._stream = io.BytesIO(begun), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self._begun.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)
