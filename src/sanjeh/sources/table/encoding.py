"""How a text file is written: unpacked, its encoding found, its delimiter found.

UTF-8 proves itself; single-byte encodings do not, so they are told apart by which of them turns
the bytes above 127 into words of one script.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from pathlib import Path

from sanjeh.sources.errors import FileUnreadable

SINGLE_BYTE = ("cp1251", "cp1256", "cp1252")
DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_bytes(path: Path) -> bytes:
    """The file's bytes, unpacked if it is gzip; FileUnreadable where it is cut short."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except FileNotFoundError:
        raise FileUnreadable(f"There is no file at {path}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileUnreadable(
            f"{path.name} is cut short or damaged ({error}); nothing was imported. Fetch it again."
        ) from None
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error}.") from None


def find_encoding(data: bytes) -> str:
    """The encoding of a text: by its mark, by being UTF-8, by its zero bytes, or by its letters."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if b"\0" in data[:_SAMPLE]:
        even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
        return "utf-16-le" if odd >= even else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte(data)
    return "utf-8"


def _single_byte(data: bytes) -> str:
    """The single-byte encoding whose letters make the likeliest words."""
    runs = re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", data[: 4 * _SAMPLE])
    sample = b" ".join(runs[:20_000])
    return max(SINGLE_BYTE, key=lambda name: _likelihood(sample, name))


def _likelihood(sample: bytes, name: str) -> float:
    """Share of letters in words of one script and one sensible case, 0 to 1."""
    words = sample.decode(name, errors="replace").split()
    good, total = 0.0, 0
    for word in words:
        total += len(word)
        good += _fit(word, name)
    return good / total if total else 0.0


def _fit(word: str, name: str) -> float:
    latin = sum("A" <= c <= "z" for c in word)
    match name:
        case "cp1251":
            letters = sum("Ѐ" <= c <= "ӿ" for c in word)
            sensible = word.islower() or word.istitle() or word.isupper()
            return letters if sensible and not latin else 0
        case "cp1256":
            letters = sum("\u0600" <= c <= "\u06ff" or c in "\u200c\u200d" for c in word)
            return letters if not latin else 0
        case _:
            # An accented letter of a Latin word stands among plain ones.
            accented = sum("À" <= c <= "ÿ" and c.isalpha() for c in word)
            return latin + accented if latin >= accented else 0


def as_text(data: bytes, encoding: str | None, name: str) -> tuple[str, str]:
    """The text and the encoding it was read by; FileUnreadable where the bytes do not fit it."""
    chosen = encoding or find_encoding(data)
    try:
        text = data.decode(chosen)
    except LookupError:
        raise FileUnreadable(
            f"{chosen!r} is no encoding; write one like utf-8, utf-16, cp1251, cp1256 or latin-1."
        ) from None
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            f"{name} is not {chosen}: byte {error.start} does not fit. Name its encoding."
        ) from None
    return text.removeprefix("\ufeff"), chosen


def find_delimiter(text: str) -> str:
    """The delimiter that gives the most rows the width of the first, then the widest rows."""
    sample = text[:_SAMPLE]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        try:
            for row in csv.reader(io.StringIO(sample), delimiter=delimiter):
                if row:
                    widths.append(len(row))
                if len(widths) >= 100:
                    break
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        score = (sum(w == widths[0] for w in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best
