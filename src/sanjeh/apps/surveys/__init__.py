"""Surveys of our own: questions, whom and when, invitations, answers (O7, OP-8).

A survey has questions; each that is scored or chosen from is a `survey` of the record, with an id
that lives as long as its answers can be compared. `editing` changes them, `asking` decides who is
asked and makes invitations, `answering` takes answers, `records` hands all of it to the ledger.
The chat calls `chat.for_chat` and `chat.answer`. To add a kind of question, add it to
`questions.KINDS` and to the wording of each language.
"""
