"""Asking a vendor's API: patient with its limits and faults, and silent about secrets."""

from __future__ import annotations

import email.utils
import ipaddress
import random
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Final

import httpx2
import orjson

from sanjeh.sources.errors import (
    Declined,
    Missing,
    Refused,
    SourceError,
    Unreachable,
)

LARGEST: Final = 64 * 1024 * 1024  # bytes of one answer
LONGEST_PAUSE: Final = 60.0
PASSING: Final = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529)
SHOWN: Final = 200


class Http:
    """JSON over HTTP. Waits as Retry-After says, tries again after faults that pass, then gives up.

    check: what a person looks at when the vendor does not let us in (SANJEH_ZENDESK_TOKEN).
    patience: seconds that one question may take with all its waiting. clock: seconds, never going
    back; now: seconds since 1970, for Retry-After as a date.

    Errors: sources.errors.Refused for 401, 402 and 403 (what to check), Missing for 404 and 410,
    Declined for what the vendor will not do (400, 422), and Unreachable when the vendor did not
    answer for as long as was agreed. None of them holds a secret or a query.
    """

    def __init__(
        self,
        base: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        check: str = "the credentials",
        patience: float = 600.0,
        largest: int = LARGEST,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._base = base.rstrip("/")
        self._check = check
        self._patience = patience
        self._largest = largest
        self._transport = transport
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self._chance = chance
        self._not_before = 0.0
        self._secrets = _words((headers or {}).values()) | _words(basic or ())
        self._client = httpx2.Client(
            headers={"Accept": "application/json", "User-Agent": "sanjeh", **(headers or {})},
            auth=httpx2.BasicAuth(*basic) if basic else None,
            timeout=httpx2.Timeout(60.0, connect=20.0),
            transport=transport,
        )

    def __repr__(self) -> str:
        return f"Http({self._base!r})"

    def __enter__(self) -> Http:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def at(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> Http:
        """The same patience for the account at this address; what a helpdesk's `open` asks for."""
        return Http(
            base,
            headers=headers,
            basic=basic,
            check=self._check,
            patience=self._patience,
            largest=self._largest,
            transport=self._transport,
            clock=self._clock,
            sleep=self._sleep,
            now=self._now,
            chance=self._chance,
        )

    def get(
        self,
        address: str,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The JSON at the address: a path under the account's base, or a whole link of a page."""
        return self._ask("GET", address, query, None, headers)

    def post(self, address: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        """The JSON answered to a JSON body; for searches, which change nothing."""
        return self._ask("POST", address, None, orjson.dumps(body), headers)

    # -- one question, asked until it is answered ----------------------------------------------

    def _ask(
        self,
        method: str,
        address: str,
        query: dict[str, Any] | None,
        body: bytes | None,
        headers: dict[str, str] | None,
    ) -> Any:
        url = self._whole(address)
        given = {k: v for k, v in (query or {}).items() if v is not None}
        told = dict(headers or {})
        self._secrets |= _words(told.values())
        if body is not None:
            told.setdefault("Content-Type", "application/json")
        began = self._clock()
        for attempt in count():
            self._pause_if_told()
            wait: float | None = None
            try:
                response, content = self._once(method, url, given, body, told)
            except httpx2.TimeoutException:
                trouble = "it did not answer in time"
            except httpx2.TransportError as error:
                trouble = f"the connection failed ({type(error).__name__})"
            except httpx2.HTTPError as error:  # such as an answer that does not unpack
                trouble = f"its answer cannot be read ({type(error).__name__})"
            else:
                self._mind_the_limit(response)
                if response.status_code not in PASSING:
                    return self._read(response, content, method, url)
                trouble = f"it answers {response.status_code}"
                wait = self._told_to_wait(response)
            if wait is None:
                wait = min(LONGEST_PAUSE, 2.0**attempt) * (0.5 + self._chance() / 2)
            spent = self._clock() - began
            if spent + wait > self._patience:
                raise Unreachable(
                    f"{_host(url)} could not be asked {method} {url.path}: {trouble}, after "
                    f"{attempt + 1} attempts in {spent:.0f} s. What came before is kept; try "
                    "again later."
                )
            self._sleep(wait)
        raise AssertionError("counting ended")

    def _once(
        self,
        method: str,
        url: httpx2.URL,
        query: dict[str, Any],
        body: bytes | None,
        headers: dict[str, str],
    ) -> tuple[httpx2.Response, bytes]:
        # TRICKY: with params given, even empty ones, httpx2 drops the query that a link has.
        with self._client.stream(
            method, url, params=query or None, content=body, headers=headers
        ) as response:
            content = bytearray()
            for part in response.iter_bytes():
                content += part
                if len(content) > self._largest:
                    raise SourceError(
                        f"{_host(url)} answered {method} {url.path} with more than "
                        f"{self._largest // 1024**2} MB; nothing of that answer was taken."
                    )
            return response, bytes(content)

    def _whole(self, address: str) -> httpx2.URL:
        """The address as a whole one. A link to another host would carry the secret there."""
        base = httpx2.URL(self._base)
        if "://" not in address:
            path = address.lstrip("/")
            return httpx2.URL(f"{self._base}/{path}" if path else self._base)
        url = httpx2.URL(address)
        if (url.scheme, url.host, url.port) != (base.scheme, base.host, base.port):
            raise SourceError(
                f"{_host(base)} names a next page on another address ({url.scheme}://{_host(url)});"
                " it was not followed, since that address is not the one you connected."
            )
        return url

    # -- what an answer says ----------------------------------------------------------------

    def _read(self, response: httpx2.Response, content: bytes, method: str, url: httpx2.URL) -> Any:
        status = response.status_code
        asked = f"{_host(url)} answers {status} to {method} {url.path}"
        said = self._said(content)
        if status == 401:
            raise Refused(f"{asked}: it does not let us in{said}. Check {self._check}.", status)
        if status in (402, 403):
            raise Refused(
                f"{asked}: this is not open to the account's key or plan{said}. Check what "
                f"{self._check} may read.",
                status,
            )
        if status in (404, 410):
            raise Missing(f"{asked}: nothing is there{said}. Check the address of the account.")
        if 300 <= status < 400:
            to = response.headers.get("location", "")
            try:
                elsewhere = _host(httpx2.URL(to)) or "another path"
            except httpx2.InvalidURL:
                elsewhere = "another place"
            raise SourceError(
                f"{asked}: it sends us on to {elsewhere}, which is not followed. Check the "
                "address of the account."
            )
        if status >= 400:
            raise Declined(f"{asked}: it will not do this{said}.", status)
        if not content:
            return None
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            raise SourceError(
                f"{asked}, but with something that is not JSON "
                f"({response.headers.get('content-type', 'of no named type')}). Check the address "
                "of the account: a page for people may stand there."
            ) from None

    def _said(self, content: bytes) -> str:
        """What the vendor says about it itself, if it is JSON, without secrets."""
        try:
            value = orjson.loads(content)
        except orjson.JSONDecodeError:
            return ""
        words = ""
        if isinstance(value, dict):
            errors = value.get("errors")
            first = errors[0] if isinstance(errors, list) and errors else None
            told = first.get("message") if isinstance(first, dict) else first
            for candidate in (value.get("description"), value.get("message"), told,
                              value.get("error")):  # fmt: skip
                if isinstance(candidate, dict):
                    candidate = candidate.get("message") or candidate.get("title")
                if isinstance(candidate, str) and candidate.strip():
                    words = candidate.strip()
                    break
        for secret in sorted(self._secrets, key=len, reverse=True):
            words = words.replace(secret, "…")
        return f' ("{words[:SHOWN]}")' if words else ""

    def _told_to_wait(self, response: httpx2.Response) -> float | None:
        """Seconds that Retry-After names, as a number or a date; else when the limit is new."""
        told = response.headers.get("retry-after", "").strip()
        if told:
            try:
                return max(0.0, float(told))
            except ValueError:
                pass
            try:
                at = email.utils.parsedate_to_datetime(told)
            except ValueError:
                return None
            return max(0.0, at.timestamp() - self._now())
        return self._until_reset(response) if response.status_code == 429 else None

    def _mind_the_limit(self, response: httpx2.Response) -> None:
        """Where the vendor says that nothing is left, wait before the next question."""
        for name in ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining"):
            if response.headers.get(name, "").strip() == "0":
                self._not_before = self._clock() + (self._until_reset(response) or 0.0)

    def _until_reset(self, response: httpx2.Response) -> float | None:
        for name in ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"):
            told = response.headers.get(name, "").strip()
            if told.isdigit():
                # Some name the instant (Intercom), some the seconds until then (Zendesk).
                seconds = float(told)
                left = seconds - self._now() if seconds > 1e9 else seconds
                return min(max(0.0, left), self._patience)
        return None

    def _pause_if_told(self) -> None:
        wait, self._not_before = self._not_before - self._clock(), 0.0
        if wait > 0:
            self._sleep(wait)


def account_address(given: str, domain: str = "") -> str:
    """The address of an account from what a person types: "acme", a host, or a whole address.

    domain: what the vendor's accounts end in ("zendesk.com"), put behind a bare name.
    Errors: SourceError for what is no address, and for plain http beyond this machine and its
    private network, since it would carry the key in the open.
    """
    text = given.strip().rstrip("/")
    if "://" not in text:
        if domain and "." not in text:
            text = f"{text}.{domain}"
        text = f"https://{text}"
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if (
        not given.strip()
        or " " in text
        or url.scheme not in ("http", "https")
        or not url.host
        or url.userinfo
    ):
        example = f"acme or https://acme.{domain}" if domain else "https://support.example.com"
        raise SourceError(f"{given!r} is no address of an account; write it like {example}.")
    if url.scheme == "http" and not _near(url.host):
        raise SourceError(
            f"{given!r} would carry the key over the network in the open; write https://{url.host}."
        )
    return f"{url.scheme}://{_host(url)}{url.path.rstrip('/')}"


def _words(values: Iterable[str]) -> set[str]:
    """What must not be shown of headers: each value, and each of its words ("Bearer …")."""
    return {word for value in values for word in (value, *value.split()) if len(word) > 5}


def _near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _host(url: httpx2.URL) -> str:
    return url.netloc.decode("ascii")
