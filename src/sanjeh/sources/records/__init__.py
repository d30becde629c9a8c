"""JSON lines that speak the vocabulary: one object a line, `{"kind": "ticket", "id": …}`.

`check` says what is wrong with one object; `lines` reads a file of any length and hands whole
tables to a batch.
"""

from __future__ import annotations

from sanjeh.sources.records.lines import DEFAULT_SOURCE, is_records, kinds_of, load_records

__all__ = ["DEFAULT_SOURCE", "is_records", "kinds_of", "load_records"]
