"""Pages with forms for what a person sets: hours, holidays, targets, topics, tags, events, options.

Each page is a view under `@room`; it writes through `Room.keep`, which appends versions to the
ledger, leaves a line on the audit trail and brings the figures up to date. To add a page, write
its view here, its address in `urls.py` and its words in `locales/*/settings.toml`.
"""
