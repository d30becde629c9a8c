"""The site's record: visitors, their visits and pages, invitations to chat, conversions.

`visits` begins a visit or goes on with it, `invitations` says who is invited and keeps what came of
it, `conversions` takes what was bought; `views` are the addresses that pages and the shop's server
call. Imports `apps.handing` only. To add something that is recorded: a table in `models`, a module
that writes it and hands its row over in the same transaction.
"""
