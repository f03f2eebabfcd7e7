"""The signed text of a pass: readable as it stands, and void as soon as one character of it is changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

MARK = "LL1"
SEPARATOR = "|"
_BYTES = 15
"""Of the signature that stand in the code: 120 bits, 24 letters."""


class Seal:
    """Signs with one key. Raises ValueError without a key: such a code could be made by anybody."""

    def __init__(self, key: str) -> None:
        if not key:
            raise ValueError("a pass cannot be signed without a key")
        self._key = key.encode()

    def code(self, fields: Sequence[str]) -> str:
        """The fields in one line with the signature behind them."""
        body = SEPARATOR.join([MARK, *(plain(each) for each in fields)])
        return SEPARATOR.join([body, self._signature(body)])

    def fields(self, code: str) -> tuple[str, ...] | None:
        """What the code says; None when it is none of ours or has been altered."""
        body, _, signature = code.strip().rpartition(SEPARATOR)
        mark, _, rest = body.partition(SEPARATOR)
        if mark != MARK or not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        return tuple(rest.split(SEPARATOR))

    def _signature(self, body: str) -> str:
        digest = hmac.new(self._key, body.encode(), hashlib.sha256).digest()[:_BYTES]
        return base64.b32encode(digest).decode()


def plain(value: str) -> str:
    """A value on one line and without the separator."""
    return " ".join(value.replace(SEPARATOR, "/").split())
