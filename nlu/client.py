"""Asks a Rasa server for the trained classifier's ranking of acts. Nobody ever waits for it for long."""

# ruff: noqa: PLC0415 (httpx is not in Rasa's environment, where nlu must import too)
from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

Ranking = list[tuple[str, float]]
"""Intents with their confidence (0–1), the best first."""


class RasaClient:
    """One server's `/model/parse`, for callers with and without an event loop.

    After a failure the server is left alone for `rest` seconds and every answer is None at once, so that a
    dead server costs one message its `timeout` and the others nothing. `url` may be a function for a server
    that moves; None means there is none at the moment.
    """

    def __init__(
        self,
        url: str | Callable[[], str | None],
        token: str = "",
        *,
        timeout: float = 1.0,
        rest: float = 5.0,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url if callable(url) else lambda: url
        self._params = {"token": token} if token else {}
        self._timeout = timeout
        self._rest = rest
        self._transport = transport
        self._async_transport = async_transport
        self._now = now
        self._quiet_until = -math.inf
        self._sync: httpx.Client | None = None
        self._async: httpx.AsyncClient | None = None

    @property
    def resting(self) -> bool:
        """Whether the server failed a moment ago and is not asked."""
        return self._now() < self._quiet_until

    @property
    def reachable(self) -> bool:
        """Whether there is a server that did not fail a moment ago."""
        return not self.resting and self._url() is not None

    def rank(self, text: str, *, timeout: float | None = None) -> Ranking | None:
        """The ranking of acts for one message, or None when Rasa has none or does not answer in time.

        Only silence makes the server rest: one that answers an error to one text is there for the next.
        """
        call = self._call("POST", "/model/parse", timeout, {"text": text})
        if call is None or self.resting or not text.strip():
            return None
        try:
            return _ranking(self._client().request(**call))
        except self._silence():
            self._quiet_until = self._now() + self._rest
        except self._faults():
            pass
        return None

    async def rank_async(self, text: str, *, timeout: float | None = None) -> Ranking | None:
        """As `rank`, for a caller in an event loop (always the same one)."""
        call = self._call("POST", "/model/parse", timeout, {"text": text})
        if call is None or self.resting or not text.strip():
            return None
        try:
            return _ranking(await self._async_client().request(**call))
        except self._silence():
            self._quiet_until = self._now() + self._rest
        except self._faults():
            pass
        return None

    def status(self, *, timeout: float | None = None) -> dict[str, Any] | None:
        """What `/status` says (`model_file` among it), {"refused": True} for a wrong token, or None."""
        call = self._call("GET", "/status", timeout)
        if call is None:
            return None
        try:
            return _status(self._client().request(**call))
        except self._faults():
            return None

    def healthy(self, *, timeout: float | None = None) -> bool:
        """Whether the server answers with a model loaded."""
        status = self.status(timeout=timeout)
        return status is not None and "refused" not in status

    async def healthy_async(self, *, timeout: float | None = None) -> bool:
        """As `healthy`, for a caller in an event loop."""
        call = self._call("GET", "/status", timeout)
        if call is None:
            return False
        try:
            status = _status(await self._async_client().request(**call))
        except self._faults():
            return False
        return status is not None and "refused" not in status

    def wake(self) -> None:
        """Ask again at once: the server is known to be back."""
        self._quiet_until = -math.inf

    def close(self) -> None:
        if self._sync is not None:
            self._sync.close()
            self._sync = None

    async def aclose(self) -> None:
        """Close both halves."""
        self.close()
        if self._async is not None:
            await self._async.aclose()
            self._async = None

    def _call(
        self, method: str, path: str, timeout: float | None, body: dict[str, str] | None = None
    ) -> dict[str, Any] | None:
        base = self._url()
        if base is None:
            return None
        call: dict[str, Any] = {"method": method, "url": base.rstrip("/") + path, "params": self._params}
        return call | {"json": body, "timeout": timeout or self._timeout}

    def _client(self) -> httpx.Client:
        import httpx

        if self._sync is None:
            self._sync = httpx.Client(transport=self._transport, trust_env=False)
        return self._sync

    def _async_client(self) -> httpx.AsyncClient:
        import httpx

        if self._async is None:
            self._async = httpx.AsyncClient(transport=self._async_transport, trust_env=False)
        return self._async

    @staticmethod
    def _silence() -> tuple[type[Exception], ...]:
        """No answer: dead, hung or unreachable."""
        import httpx

        return (httpx.TransportError,)

    @staticmethod
    def _faults() -> tuple[type[Exception], ...]:
        """Everything a dead, slow, wrong or half-started server can cause."""
        import httpx

        return (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError)


def _ranking(response: httpx.Response) -> Ranking | None:
    response.raise_for_status()
    pairs = [(item["name"], float(item["confidence"])) for item in response.json()["intent_ranking"]]
    known = [(name, confidence) for name, confidence in pairs if isinstance(name, str)]
    return sorted(known, key=lambda pair: -pair[1]) or None


def _status(response: httpx.Response) -> dict[str, Any] | None:
    if response.status_code in (401, 403):
        return {"refused": True}
    if response.status_code != 200:
        return None
    body = response.json()
    return body if isinstance(body, dict) else None
