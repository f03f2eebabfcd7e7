"""Signed requests: HMAC-SHA256 over time, nonce, method, path and body with a secret both sides know."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping

TIMESTAMP, NONCE, SIGNATURE = "X-Lianluo-Timestamp", "X-Lianluo-Nonce", "X-Lianluo-Signature"
# How far the clocks of the two sides may be apart; so long a nonce is remembered.
WINDOW_SECONDS = 300
LONGEST_NONCE = 64
SHORTEST_SECRET = 16


class NotSigned(Exception):
    """A request that is not to be trusted; the text is one line that says why."""


def signature(secret: str, *, timestamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """Of one request. `path` with its query, as it stands in the first line of the request."""
    signed = "\n".join((timestamp, nonce, method.upper(), path, "")).encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def signed_headers(secret: str, method: str, path: str, body: bytes) -> dict[str, str]:
    """The three headers of a request that is sent now."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    return {
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: signature(secret, timestamp=timestamp, nonce=nonce, method=method, path=path, body=body),
    }


class Verifier:
    """Checks requests; one that was seen before, or was signed before this process remembers, is refused."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        self._secret, self._now = secret, now
        self._since = now()
        self._seen: dict[str, float] = {}  # nonce → when it may be forgotten

    def check(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Raises NotSigned unless the request is signed, fresh and new."""
        timestamp, nonce, given = (headers.get(name.lower(), "") for name in (TIMESTAMP, NONCE, SIGNATURE))
        if not (timestamp and nonce and given):
            raise NotSigned(f"the request is not signed; it needs {TIMESTAMP}, {NONCE} and {SIGNATURE}")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise NotSigned(f"{TIMESTAMP} must be seconds since 1970, as digits")
        if not nonce.isascii() or len(nonce) > LONGEST_NONCE:
            raise NotSigned(f"{NONCE} must be at most {LONGEST_NONCE} letters and digits")
        wanted = signature(
            self._secret, timestamp=timestamp, nonce=nonce, method=method, path=path, body=body
        )
        if not hmac.compare_digest(wanted.encode(), given.lower().encode("utf-8", "replace")):
            raise NotSigned("the signature does not fit; is the secret the same on both sides?")
        self._fresh(int(timestamp))
        self._new(nonce)

    def _fresh(self, timestamp: int) -> None:
        off = timestamp - self._now()
        if abs(off) > WINDOW_SECONDS:
            raise NotSigned(f"the request is {abs(off):.0f} s off; set the clock and sign it again")
        if timestamp < int(self._since):  # its nonce may have been used before the bot was started again
            raise NotSigned("the request was signed before the bot started; sign it again")

    def _new(self, nonce: str) -> None:
        now = self._now()
        for old in [each for each, until in self._seen.items() if until < now]:
            del self._seen[old]
        if nonce in self._seen:
            raise NotSigned("this request was received before; every request needs a nonce of its own")
        self._seen[nonce] = now + 2 * WINDOW_SECONDS
