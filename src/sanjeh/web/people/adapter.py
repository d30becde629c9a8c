"""What the accounts' library asks of us."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations only; signing in is on the trail."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up by himself."""
        return False

    def login(self, request: Any, user: Any) -> None:
        """Sign in, and say so."""
        from sanjeh.web.people.trail import trace

        super().login(request, user)
        trace(user.get_username(), "signed in")
