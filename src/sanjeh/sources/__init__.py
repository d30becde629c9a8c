"""Ways in: from a file or a helpdesk to records of the ledger.

`records/` reads JSON lines that already speak the vocabulary; `table/` reads any CSV, Excel,
Parquet or JSON export through a mapping in TOML. `importing.import_path` picks between them.
May import `ledger` and `words`. To add a helpdesk: one folder here; to add an export: one TOML.
"""

from __future__ import annotations

from sanjeh.sources.errors import FileUnreadable, MappingError, SourceError
from sanjeh.sources.importing import import_path
from sanjeh.sources.report import ImportReport, KindCounts, Reject
from sanjeh.sources.table.guess import guess_mapping
from sanjeh.sources.table.mapping import Mapping, load_mapping
from sanjeh.sources.table.render import to_toml

__all__ = [
    "FileUnreadable",
    "ImportReport",
    "KindCounts",
    "Mapping",
    "MappingError",
    "Reject",
    "SourceError",
    "guess_mapping",
    "import_path",
    "load_mapping",
    "to_toml",
]
