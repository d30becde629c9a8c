"""What a source does not tell, in words: for the terminal, the preview of a file, the checks."""

from __future__ import annotations

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup


def lacks(needs: str, language: Language) -> Markup:
    """What is lacking, in words: the first of several that would do has them."""
    for kind in needs.split(" or "):
        if language.has(f"lacks.{kind}"):
            return language.text(f"lacks.{kind}")
    return language.text("lacks.other", kind=needs.replace("_", " "))


def untold(needs: str, vendor: str | None, language: Language) -> Markup | None:
    """Why a helpdesk does not tell it; null where nothing is known of that."""
    for kind in needs.split(" or "):
        if language.has(f"check.desks.{vendor}.{kind}"):
            return language.text(f"check.desks.{vendor}.{kind}")
    return None


def helps(needs: str, language: Language) -> Markup | None:
    """What to do to have it; null where there is no advice."""
    for kind in needs.split(" or "):
        if language.has(f"check.help.{kind}"):
            return language.text(f"check.help.{kind}")
    return None
