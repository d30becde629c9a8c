"""What makes records of its own: the chat, the site's visits, surveys (decision 0017).

An app is a Django application with its own tables. It hands what happened to the ledger through
`apps.handing`; nothing that measures imports it. To add one: a folder, named in the settings.
"""
