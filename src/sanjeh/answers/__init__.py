"""Answers: a question in, a figure that can be checked out. `Answers.ask` is the only door.

    Question ──▶ resolved (period, zone, filters) ──▶ plan (one expression a metric)
             ──▶ engine ──▶ results with n, exclusions, comparison, target ──▶ Answer

`working` shows the rows behind a figure. May import `metrics`, `facts`, `hours`.
"""
