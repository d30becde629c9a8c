"""What a file is, by what it holds and not by what it is called."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from typing import IO, Final

LOOKED_AT: Final = 4096  # bytes
LONGEST: Final = 120  # letters of a name

STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
ENDINGS: Final = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "text/plain": ("txt", "log", "csv", "md"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
}
"""Types that are taken, and how such a file may be called."""
PARTS: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
MACROS: Final = ("vbaProject.bin", "Basic/")


def media_of(file: IO[bytes], name: str) -> str | None:
    """The type of a file that is taken; None for every other, or one that is called otherwise."""
    file.seek(0)
    start = file.read(LOOKED_AT)
    found = next((media for magic, media in STARTS if start.startswith(magic)), None)
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        found = "image/webp"
    elif start.startswith(b"PK\x03\x04"):
        found = _office(file)
    elif found is None and _is_text(file):
        found = "text/plain"
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return found if found is not None and ending in ENDINGS[found] else None


def _office(file: IO[bytes]) -> str | None:
    """A document of an office, without macros; None for every other archive."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(macro in name for name in names for macro in MACROS):
                return None
            ending = next((PARTS[name] for name in names if name in PARTS), "")
            if not ending and "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                said = archive.read("mimetype").decode("ascii", "replace")
                return said if said in ENDINGS else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        return None
    return next((media for media, endings in ENDINGS.items() if ending in endings), None)


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    start = text[:LOOKED_AT].lstrip().lower()
    is_markup = start.startswith(("<!", "<html", "<svg", "<?xml", "<script"))
    return CONTROLS.search(text) is None and not is_markup


def called(name: str) -> str:
    """A name that can be shown and saved: one line, no folder, nothing that turns its direction."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        letter
        for letter in last
        if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        or letter == "\u200c"  # Persian words are joined by it
    )
    kept = re.sub(r'[<>:"|?*]', "_", kept).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > LONGEST:
        kept = f"{stem[: LONGEST - len(ending) - 1]}{dot}{ending}" if stem else kept[:LONGEST]
    return kept[:LONGEST] or "file"
