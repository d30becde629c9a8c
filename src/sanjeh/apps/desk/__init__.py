"""The chat: its tables, its rules, and who is told what (decision 0017).

    a frame ──▶ actions ──▶ tables, signals (who is told), handings (what the ledger gets)
    a second ─▶ routing ──▶ the same

Every change is one transaction in its turn; `now` is an argument everywhere, so that a test moves
the clock. `telling` makes the frames, `records` the ledger's rows. This room knows no page and no
figure; it may import `handing`, `site` and `surveys`, the ledger, open hours and words. To add an
action: a function in a module of `actions/`, its frame in `docs/reference/chat-protocol.md`.
"""
