"""Any table (CSV, TSV, Excel, Parquet, JSON) to records, through a mapping in TOML.

The way of a file: `encoding` finds how it is written, `reading` makes a table of texts of it,
`instants` and `cells` read the texts as values, `run` builds the records the `mapping` asks for,
`guess` proposes a mapping from the headings. Nothing here knows any one export: all that is
particular stands in TOML.
"""
