"""The HTTP channel's operations, as FastAPI describes them in OpenAPI (docs/openapi.json)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from bot.channels.http import HttpChannel, NoSuchRoom, NotReady, WrongTime
from bot.channels.http_forms import (
    Acknowledged,
    Acknowledgement,
    Kept,
    MessageIn,
    PostOut,
    Posts,
    Problem,
    faults,
)
from bot.channels.http_guard import Guard, problem
from bot.channels.http_signing import LONGEST_NONCE, NONCE, SIGNATURE, TIMESTAMP, Verifier

PATH = "/api/v1"
LONGEST_WAIT = 30
MOST_POSTS = 100


def _signed(
    timestamp: Annotated[str, Header(alias=TIMESTAMP, description="seconds since 1970")],
    nonce: Annotated[str, Header(alias=NONCE, description="new for each request", max_length=LONGEST_NONCE)],
    signature: Annotated[
        str,
        Header(
            alias=SIGNATURE,
            description="hex HMAC-SHA256 of timestamp, nonce, method, path with query, body, joined by newlines",
        ),
    ],
) -> None:
    """Looked at by the guard in front; here so that OpenAPI tells of it."""


def create_api(channel: HttpChannel) -> FastAPI:
    """The operations without the guard."""
    app = FastAPI(
        title="联络",
        version="1",
        description="Messages in, posts out, for a bridge to any group chat. See docs/http.md.",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": PATH}],
        root_path_in_servers=False,
        dependencies=[Depends(_signed)],
    )

    @app.post("/messages", status_code=202, responses=faults(401, 404, 413, 422, 503))
    async def send_message(message: MessageIn) -> Kept:
        """Hand in a message. It is kept when this is answered; the same id again is harmless."""
        await channel.take(message)
        return Kept(id=message.id)

    @app.get("/posts", responses=faults(401, 422))
    async def fetch_posts(
        after: Annotated[int, Query(ge=0, lt=2**53, description="leave out those up to this cursor")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_POSTS)] = MOST_POSTS,
        wait: Annotated[
            float, Query(ge=0, le=LONGEST_WAIT, description="seconds to wait while there is none")
        ] = 0,
    ) -> Posts:
        """Posts that have not been acknowledged, in the order in which they are to be shown."""
        return Posts(posts=await channel.posts(after, limit, wait))

    @app.post("/posts/acknowledge", responses=faults(401, 422))
    async def acknowledge_posts(acknowledgement: Acknowledgement) -> Acknowledged:
        """Say that every post up to a cursor has been shown; it is not handed out again."""
        return Acknowledged(acknowledged=await channel.acknowledge(acknowledgement.cursor))

    @app.webhooks.post("post", responses={"2XX": {"description": "shown"}, **faults(422)})
    def post(body: PostOut) -> None:
        """Sent to LIANLUO_HTTP_WEBHOOK, signed likewise, one post at a time, until it is answered with 2xx; 410 or
        422 means that it can never be shown."""

    _explain_faults(app)
    app.openapi_schema = _described(app)
    return app


def guarded(channel: HttpChannel) -> ASGIApp:
    """The operations behind the guard."""
    return Guard(create_api(channel), Verifier(channel.secret))


def _described(app: FastAPI) -> dict[str, object]:
    """FastAPI's description, with the form that errors have here instead of its own."""
    schema = app.openapi()
    schemas = schema["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    return schema


def _explain_faults(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def wrong_field(_request: Request, error: RequestValidationError) -> Response:
        return problem(422, "; ".join(_fault(each) for each in error.errors()))

    @app.exception_handler(HTTPException)
    async def http_fault(_request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, f"{error.detail}; the operations are in {PATH}/openapi.json")

    @app.exception_handler(NoSuchRoom)
    async def no_such_room(_request: Request, error: NoSuchRoom) -> Response:
        return problem(404, f"the room {error} is not in the site pack (rooms.yml); nothing was kept")

    @app.exception_handler(WrongTime)
    async def wrong_time(_request: Request, error: WrongTime) -> Response:
        return problem(422, str(error))

    @app.exception_handler(NotReady)
    async def not_ready(_request: Request, _error: NotReady) -> Response:
        return problem(503, "the bot is starting; send it again", {"Retry-After": "5"})

    @app.exception_handler(OperationalError)
    async def no_database(_request: Request, _error: OperationalError) -> Response:
        return problem(503, "the database does not answer; send it again", {"Retry-After": "5"})


def _fault(error: dict[str, object]) -> str:
    """text: String should have at most 5000 characters."""
    place = error.get("loc")
    where = ".".join(str(each) for each in place[1:]) if isinstance(place, tuple | list) else ""
    words = str(error.get("msg", "")).removeprefix("Value error, ")
    return f"{where}: {words}" if where else words
