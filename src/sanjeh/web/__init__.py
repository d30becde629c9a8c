"""Pages over the figures of one home: `sanjeh serve`.

Every number on a page comes through `Answers.ask` with the viewer's scope; the pages own no table
but those of people (accounts, roles, the audit trail). May import `answers`, `report`, `words`.
"""
