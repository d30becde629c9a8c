"""Asking a vendor's API: patient with its limits and faults, and silent about secrets."""

from __future__ import annotations

from typing import Any, Protocol


class Http(Protocol):
    """JSON over HTTP. Waits as Retry-After says, tries again after faults that pass, then gives up.

    Errors: sources.errors.Refused for 401 and 403 (what to check), Missing for 404, and
    Unreachable when the vendor did not answer for as long as was agreed.
    """

    def get(
        self,
        address: str,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The JSON at the address: a path under the account's base, or a whole link of a page."""
        ...

    def post(self, address: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        """The JSON answered to a JSON body; for searches, which change nothing."""
        ...
