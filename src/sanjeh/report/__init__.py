"""The report: one HTML file a manager can mail, in English, Persian or Russian (issue item 4).

    scope_of ─▶ Enquiry (questions, each asked once) ─▶ opening, cards, trend, tables, heat,
                                                        closing ─▶ page

Every number comes from `Answers.ask` and carries the command that prints the same. The words
stand in `locales/<code>.toml`; the language changes no figure and no period.

May import `answers`, `metrics`, `hours` and `words`; `cli` imports it. To add a part: a module
with a function of (Enquiry, Language) that returns markup, named in `page`. To add a language:
a file in `locales` with the same keys.
"""

from __future__ import annotations

from sanjeh.report.enquiry import Enquiry, Scope, scope_of
from sanjeh.report.language import Language, language_of
from sanjeh.report.opening import About
from sanjeh.report.page import html_of

__all__ = ["About", "Enquiry", "Language", "Scope", "html_of", "language_of", "scope_of"]
