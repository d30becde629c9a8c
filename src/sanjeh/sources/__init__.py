"""Ways in: from a file or a helpdesk to records of the ledger.

`records/` reads JSON lines that already speak the vocabulary; `table/` reads any CSV, Excel,
Parquet or JSON export through a mapping in TOML; `helpdesk/` is what all helpdesks share, and each
has a folder beside it. `importing.import_path` picks between them. May import `ledger` and `words`.
To add a helpdesk: one folder here (docs/how-to/add-a-helpdesk.md); to add an export: one TOML.
"""

from __future__ import annotations

from sanjeh.sources.errors import FileUnreadable, MappingError, SourceError
from sanjeh.sources.importing import export_of, import_path
from sanjeh.sources.report import ImportReport, KindCounts, Reject
from sanjeh.sources.table.guess import WRITINGS, Told, guess_mapping
from sanjeh.sources.table.headings import NAMES as ROLES
from sanjeh.sources.table.look import OWN, Look, look_at
from sanjeh.sources.table.mapping import Mapping, load_mapping
from sanjeh.sources.table.render import to_toml
from sanjeh.sources.vocabulary import STATUSES

__all__ = [
    "OWN",
    "ROLES",
    "STATUSES",
    "WRITINGS",
    "FileUnreadable",
    "ImportReport",
    "KindCounts",
    "Look",
    "Mapping",
    "MappingError",
    "Reject",
    "SourceError",
    "Told",
    "export_of",
    "guess_mapping",
    "import_path",
    "load_mapping",
    "look_at",
    "to_toml",
]
