"""Zendesk: Support, and Chat and Talk where the account has them.

`reading` holds Zendesk's plain values and what a translation has learnt; `tickets`, `audits`,
`words`, `account`, `surveys`, `chats` and `calls` each read one sort of payload; `translate` says
which. What Zendesk tells, and what it does not, stands in README.md.
"""
