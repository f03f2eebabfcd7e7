"""In front of the HTTP channel: how large a request may be, and whether it is signed. Faults are problem+json."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.http_signing import NotSigned, Verifier

LARGEST_BODY = 64 * 1024
OPEN_TO_ALL = "/openapi.json"


class _TooLarge(Exception):
    """More bytes than anybody's message."""


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """An error as RFC 9457 has it, with one line that says what to mend."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(content, status, headers, media_type="application/problem+json")


class Guard:
    """Lets only signed requests of bearable size through to an application."""

    def __init__(self, app: ASGIApp, verifier: Verifier) -> None:
        self._app, self._verifier = app, verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith(OPEN_TO_ALL):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await _body(request)
            self._verifier.check(request.method, _path(scope), request.headers, body)
        except _TooLarge:
            answer = problem(413, f"a request may have {LARGEST_BODY} bytes")
        except NotSigned as fault:
            answer = problem(401, str(fault))
        else:
            await self._app(scope, _again(body, receive), send)
            return
        await answer(scope, receive, send)


async def _body(request: Request) -> bytes:
    """Raises _TooLarge as soon as there is too much of it."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise _TooLarge
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise _TooLarge
    return body


def _path(scope: Scope) -> str:
    """As it stands in the request."""
    raw = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    return str((raw + (b"?" + query if query else b"")).decode("latin-1"))


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands the body out once more, then whatever else happens to the connection."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
