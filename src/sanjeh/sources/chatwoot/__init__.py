"""Chatwoot: conversations, messages, reporting events and ratings of an account, as records.

`translate.py` reads one payload; `marks.py` and `history.py` put together what happened in one
conversation from sentences (`sentences.py`), reporting events and messages. README.md says, record
kind by record kind, what Chatwoot tells and what stays empty.
"""
