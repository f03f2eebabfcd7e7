"""The HTTP channel: who gets in, what is refused and how it is said, and posts that wait for their acknowledgement."""

from __future__ import annotations

import asyncio
import atexit
import json
import re
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Delivery, Post
from actions.phrasebook import Phrasebook
from bot.app import Application, Parts
from bot.channels.base import Incoming, Outgoing
from bot.channels.http import HttpChannel
from bot.channels.http_api import create_api, guarded
from bot.channels.http_forms import LONGEST_TEXT, PostOut
from bot.channels.http_guard import LARGEST_BODY
from bot.channels.http_open import open_http
from bot.channels.http_signing import (
    NONCE,
    SIGNATURE,
    TIMESTAMP,
    WINDOW_SECONDS,
    NotSigned,
    Verifier,
    signature,
    signed_headers,
)
from bot.clock import SystemClock
from bot.database import open_database
from bot.host import Host
from bot.settings import Settings
from tests.actions.commands import CommandReader, site

DOCS = Path(__file__).parents[2] / "docs"
SECRET = "a secret for nothing but tests"
ROOM = "医疗保障群"
MESSAGE = {"id": "wecom-1", "room": ROOM, "sender": "佘山防控办-小张", "text": "佘山镇有位居民鱼刺卡喉"}


@dataclass
class Side:
    """The channel with what it handed on, and signed requests to it."""

    sessions: sessionmaker[Session]
    channel: HttpChannel
    client: httpx.AsyncClient
    received: list[Incoming] = field(default_factory=list)

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        content = b"" if body is None else json.dumps(body).encode()
        path = f"/api/v1{path}"
        kind = {"Content-Type": "application/json"}
        signed = signed_headers(SECRET, method, path, content) | kind | headers
        return await self.client.request(method, path, content=content, headers=signed)

    async def posts(self, query: str = "") -> list[dict[str, Any]]:
        answer = await self.call("GET", f"/posts{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["posts"]
        return found

    async def post(self, text: str, **more: Any) -> int:
        """The bot says something; the post's number."""
        with self.sessions.begin() as session:
            row = Post(key=text, at=datetime.now(UTC), room=ROOM, kind="receipt", text=text, **more)
            session.add(row)
            session.flush()
        await self.channel.send(Outgoing(f"b{row.id}", row.at, ROOM, None, "receipt", None, text))
        return row.id


@cache
def empty_database() -> Path:
    """One with all migrations done, to be copied."""
    path = Path(tempfile.mkdtemp(prefix="lianluo-http-")) / "empty.db"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    open_database(f"sqlite:///{path}").dispose()
    return path


@asynccontextmanager
async def side(folder: Path, **more: Any) -> AsyncIterator[Side]:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    path = folder / "http.db"
    if not path.exists():
        shutil.copy(empty_database(), path)
    engine = open_database(f"sqlite:///{path}")
    bot = Application(Parts(site(), CommandReader(), engine, SystemClock(), Phrasebook()))
    channel = HttpChannel(Host(bot, asyncio.to_thread, lambda: None), bot.sessions, secret=SECRET, **more)
    app = Starlette(routes=[Mount("/api/v1", app=guarded(channel))])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        made = Side(bot.sessions, channel, client)

        async def receive(incoming: Incoming) -> None:
            made.received.append(incoming)

        await channel.start(receive)
        yield made
        await channel.stop()
    bot.close()


def detail(answer: httpx.Response, status: int) -> str:
    """The one line of a problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and "\n" not in body["detail"]
    return str(body["detail"])


async def test_a_message_comes_in(tmp_path: Path) -> None:
    at = datetime.now(UTC) - timedelta(minutes=2)
    async with side(tmp_path) as here:
        assert (await here.call("POST", "/messages", MESSAGE)).status_code == 202
        more = {"at": at.isoformat(), "mentions": ["联络"], "quote": "b1", "room": None}
        await here.call("POST", "/messages", MESSAGE | more | {"id": "2"})
        await here.call("POST", "/messages", {"id": "2", "room": ROOM, "sender": "小张", "recalled": True})
    first, private, recall = here.received
    assert (first.message_id, first.room, first.sender) == ("wecom-1", ROOM, "佘山防控办-小张")
    assert (private.room, private.quote, private.mentions, private.at) == (None, "b1", ("联络",), at)
    assert (recall.message_id, recall.quote, recall.text) == ("2:recalled", "2", "撤回了一条消息")


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"room": "别的群"}, 404, "别的群"),
        ({"text": "　"}, 422, "text is empty"),
        ({"text": "长" * (LONGEST_TEXT + 1)}, 422, f"at most {LONGEST_TEXT}"),
        ({"id": "b12"}, 422, "the bot's own"),
        ({"id": ""}, 422, "id: "),
        ({"sender": None}, 422, "sender: "),
        ({"sender": "联络"}, 422, "own posts"),
        ({"at": "2022-04-04T09:00:00"}, 422, "timezone"),
        ({"at": "2222-04-04T09:00:00+08:00"}, 422, "has not come yet"),
        ({"level": 1}, 422, "level: Extra"),
        ({"text": "长" * LARGEST_BODY}, 413, f"{LARGEST_BODY} bytes"),
    ],
)
async def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path, change: dict[str, object], status: int, says: str
) -> None:
    async with side(tmp_path) as here:
        assert says in detail(await here.call("POST", "/messages", MESSAGE | change), status)
        assert not here.received


async def test_the_administrator_is_told_once_of_an_unknown_room(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        for number in range(2):
            await here.call("POST", "/messages", MESSAGE | {"id": f"wecom-{number}", "room": "别的群"})
        with here.sessions() as session:
            (told,) = session.query(Post)
        assert "别的群" in told.text and told.room != "别的群"


async def test_who_has_not_the_secret_stays_outside(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        assert "not signed" in detail(await here.client.get("/api/v1/posts"), 401)
        wrong = signed_headers("another secret", "GET", "/api/v1/posts", b"")
        assert "does not fit" in detail(await here.client.get("/api/v1/posts", headers=wrong), 401)
        for one in ({SIGNATURE: "é"}, {TIMESTAMP: "soon"}, {NONCE: "n" * 99}):
            headers = {key.encode(): value.encode() for key, value in ({**_signed_get(), **one}).items()}
            detail(await here.client.get("/api/v1/posts", headers=headers.items()), 401)
        elsewhere = signed_headers(SECRET, "GET", "/api/v1/posts?after=1", b"")
        assert "does not fit" in detail(await here.client.get("/api/v1/posts", headers=elsewhere), 401)
        other = await here.client.post("/api/v1/posts", headers=_signed_get())
        assert "does not fit" in detail(other, 401)
        assert "not signed" in detail(await here.client.get("/api/v1/nowhere"), 401)
        assert "/openapi.json" in detail(await here.call("GET", "/nowhere"), 404)
        assert (await here.client.get("/api/v1/openapi.json")).status_code == 200


def _signed_get() -> dict[str, str]:
    return signed_headers(SECRET, "GET", "/api/v1/posts", b"")


async def test_a_request_is_taken_once(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        headers = _signed_get()
        assert (await here.client.get("/api/v1/posts", headers=headers)).status_code == 200
        assert "received before" in detail(await here.client.get("/api/v1/posts", headers=headers), 401)


def test_old_requests_are_refused_and_nonces_are_forgotten_in_time() -> None:
    now = 1_000_000.0
    verifier = Verifier(SECRET, lambda: now)

    def check(timestamp: float, nonce: str) -> None:
        given = {"timestamp": f"{timestamp:.0f}", "nonce": nonce}
        fitting = signature(SECRET, method="GET", path="/", body=b"", **given)
        headers = {TIMESTAMP: given["timestamp"], NONCE: nonce, SIGNATURE: fitting}
        verifier.check("GET", "/", {key.lower(): value for key, value in headers.items()}, b"")

    with pytest.raises(NotSigned, match="before the bot started"):
        check(now - 1, "a")
    check(now, "a")
    with pytest.raises(NotSigned, match="received before"):
        check(now + WINDOW_SECONDS, "a")
    now += WINDOW_SECONDS + 1
    with pytest.raises(NotSigned, match="301 s off"):
        check(1_000_000.0, "b")
    with pytest.raises(NotSigned, match="301 s off"):
        check(now + WINDOW_SECONDS + 1, "b")
    now += WINDOW_SECONDS
    check(now, "a")


async def test_before_the_bot_is_ready_messages_are_asked_again(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        await here.channel.stop()
        answer = await here.call("POST", "/messages", MESSAGE)
        assert "starting" in detail(answer, 503) and answer.headers["retry-after"] == "5"


async def test_a_post_is_handed_out_until_it_is_acknowledged(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        for text in ("一", "二", "三"):
            await here.post(text)
        first, second, third = await here.posts()
        assert [each["text"] for each in (first, second, third)] == ["一", "二", "三"]
        assert first == PostOut.model_validate(first).model_dump(mode="json") and first["room"] == ROOM
        assert [each["text"] for each in await here.posts(f"?after={first['cursor']}&limit=1")] == ["二"]
        done = await here.call("POST", "/posts/acknowledge", {"cursor": second["cursor"]})
        assert done.json() == {"acknowledged": 2}
        again = await here.call("POST", "/posts/acknowledge", {"cursor": second["cursor"]})
        assert again.json() == {"acknowledged": 0}
        assert await here.posts() == [third]
    async with side(tmp_path) as restarted:
        assert await restarted.posts() == [third]


async def test_put_twice_is_handed_out_once_and_a_lost_one_is_found(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        number = await here.post("一")
        await here.channel.send(Outgoing(f"b{number}", datetime.now(UTC), ROOM, None, "receipt", None, "一"))
        with here.sessions.begin() as session:
            lost = Post(key="二", at=datetime.now(UTC), room=ROOM, kind="receipt", text="二", state="lost")
            lost.claimed_at = datetime.now(UTC)
            session.add(lost)
    async with side(tmp_path) as restarted:
        assert [each["text"] for each in await restarted.posts()] == ["一", "二"]


async def test_waiting_for_posts(tmp_path: Path) -> None:
    async with side(tmp_path) as here:
        asked = asyncio.create_task(here.posts("?wait=20"))
        await asyncio.sleep(0.1)
        assert not asked.done()
        await here.post("一")
        assert [each["text"] for each in await asyncio.wait_for(asked, 5)] == ["一"]
        assert "wait" in detail(await here.call("GET", "/posts?wait=3600"), 422)


@contextmanager
def webhook(answers: list[int]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A real server on loopback that answers with these, then with 200; its address and what it got."""
    got: list[tuple[dict[str, str], bytes]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(answers.pop(0) if answers else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests' output is theirs."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/posts?of=bot", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_webhook_gets_posts_in_order_however_often_it_fails(tmp_path: Path) -> None:
    with webhook([500, 401, 200, 422]) as (url, got):
        async with side(tmp_path, webhook=url, slowest_retry=0.05) as here:
            for text in ("一", "二", "三"):
                await here.post(text)
            for _ in range(200):
                with here.sessions() as session:
                    outcomes = [row.outcome for row in session.query(Delivery).order_by(Delivery.id)]
                if None not in outcomes:
                    break
                await asyncio.sleep(0.05)
    assert outcomes == ["acknowledged", "refused", "acknowledged"]
    assert [json.loads(body)["text"] for _, body in got] == ["一", "一", "一", "二", "三"]
    verifier = Verifier(SECRET, lambda: 0)
    for headers, body in got:
        verifier._now = lambda headers=headers: float(headers[TIMESTAMP.lower()])  # type: ignore[misc]
        verifier.check("POST", "/posts?of=bot", headers, body)


def test_without_a_secret_it_does_not_open_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    host: Host = None  # type: ignore[assignment]
    assert open_http(Settings(), host, sessionmaker()) is None
    assert open_http(Settings(http_secret=SECRET, http_webhook="posts"), host, sessionmaker()) is None
    no_secret, no_url = capsys.readouterr().err.splitlines()
    assert "LIANLUO_HTTP_SECRET must have at least 16 characters" in no_secret
    assert "LIANLUO_HTTP_WEBHOOK must be a URL" in no_url


def test_the_description_that_ships_is_the_one_of_the_code(tmp_path: Path) -> None:
    host: Host = None  # type: ignore[assignment]
    channel = HttpChannel(host, sessionmaker(), secret=SECRET)
    made = json.dumps(create_api(channel).openapi(), ensure_ascii=False, indent=2) + "\n"
    kept = DOCS / "openapi.json"
    (tmp_path / "openapi.json").write_text(made, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == made, f"cp {tmp_path}/openapi.json {kept}"


async def test_the_examples_in_the_docs_work(tmp_path: Path) -> None:
    text = (DOCS / "http.md").read_text(encoding="utf-8")
    vector = dict(
        re.findall(r"^\| (secret|timestamp|nonce|method|path|body|signature) \| `(.*)` \|$", text, re.M)
    )
    body = vector.pop("body").encode()
    assert (
        signature(vector.pop("secret"), body=body, **{k: v for k, v in vector.items() if k != "signature"})
        == (vector["signature"])
    )
    schemas = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    async with side(tmp_path) as here:
        for example in (json.loads(body), schemas["MessageIn"]["example"]):
            assert (await here.call("POST", "/messages", example)).status_code == 202
        acknowledged = await here.call("POST", "/posts/acknowledge", schemas["Acknowledgement"]["example"])
        assert acknowledged.status_code == 200
