"""Intercom: conversations with their parts, people, ratings and Intercom's own statistics.

`client` asks the API, `dump` reads an export, `translate` makes records of either, `webhook`
reads what Intercom sends by itself. README.md says what Intercom tells and what it does not.
May import `sources.helpdesk`; whoever wants it asks `sources.helpdesk.registry`.
"""
