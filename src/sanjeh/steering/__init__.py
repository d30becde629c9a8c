"""What a person sets: hours, targets, topics, tags, events, options; written as new versions.

Both doors (cli, web) may import it; it knows the ledger and the hours only. To let another kind
of record be set, write what its record is made of; `keeping` takes any kind.
"""
