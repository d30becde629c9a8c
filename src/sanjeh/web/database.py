"""Where the tables of the site are: a SQLite file in the folder, another file, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
CONNECTS_WITHIN = 10  # seconds


def database(named: str, usual: Path) -> dict[str, Any]:
    """What Django is told: a path or nothing is SQLite, `postgresql://user:pass@host/db` is not.

    What follows a `?` goes to the driver as it stands: `sslmode=require`. ValueError for an address
    without a database's name.
    """
    if urlsplit(named).scheme not in SCHEMES:
        return _sqlite(named or usual)
    parts = urlsplit(named)
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("SANJEH_DATABASE names no database: postgresql://user:pass@host/NAME")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": CONNECTS_WITHIN, **dict(parse_qsl(parts.query))},
    }


def _sqlite(path: str | Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Who commits never brings the log into the file (`apps/desk/sockets/work.py` does, and
            # SQLite itself when the last connection ends): it waited for the disk for a second.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA wal_autocheckpoint=0;",
        },
    }
