from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import httpx
import pytest

from bot.rasa_process import rasa_python
from bot.settings import ROOT, Settings
from nlu.client import RasaClient

GOOD = {"intent_ranking": [{"name": "close", "confidence": 0.2}, {"name": "report", "confidence": 0.8}]}
Handler = Callable[[httpx.Request], httpx.Response]


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Server:
    """Answers as told and counts."""

    def __init__(self, answer: Handler) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


def client(server: Server, clock: Clock | None = None) -> RasaClient:
    transport = httpx.MockTransport(server)
    return RasaClient(
        "http://rasa/", "secret", transport=transport, async_transport=transport, now=clock or Clock()
    )


def test_the_ranking_comes_best_first_and_the_token_goes_along() -> None:
    server = Server(lambda request: httpx.Response(200, json=GOOD))
    assert client(server).rank("胸痛") == [("report", 0.8), ("close", 0.2)]
    (request,) = server.requests
    assert request.url.params["token"] == "secret"
    assert request.url.path == "/model/parse"
    assert json.loads(request.content) == {"text": "胸痛"}


async def test_the_same_in_an_event_loop() -> None:
    server = Server(lambda request: httpx.Response(200, json=GOOD))
    asked = client(server)
    assert await asked.rank_async("胸痛") == [("report", 0.8), ("close", 0.2)]
    assert await asked.healthy_async()
    await asked.aclose()


async def test_a_silent_server_is_left_alone_for_a_while() -> None:
    clock, server = Clock(), Server(silent)
    asked = client(server, clock)
    assert asked.rank("一") is None
    assert asked.rank("二") is None
    assert await asked.rank_async("三") is None
    assert len(server.requests) == 1
    clock.time += 5.1
    assert await asked.rank_async("四") is None
    assert len(server.requests) == 2
    asked.wake()
    server.answer = lambda request: httpx.Response(200, json=GOOD)
    assert asked.rank("五") is not None
    await asked.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, json={"status": "failure"}),
        httpx.Response(401),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"intent_ranking": [{"name": "report"}]}),
        httpx.Response(200, json={"intent_ranking": [{"name": "report", "confidence": None}]}),
        httpx.Response(200, json={"intent_ranking": []}),
    ],
)
def test_an_answer_that_is_none_gives_no_ranking_and_the_next_is_asked(answer: httpx.Response) -> None:
    server = Server(lambda request: answer)
    asked = client(server)
    assert asked.rank("一") is None
    assert asked.rank("二") is None
    assert len(server.requests) == 2
    assert asked.reachable


def test_a_text_without_letters_is_not_asked_for() -> None:
    server = Server(lambda request: httpx.Response(200, json=GOOD))
    assert client(server).rank(" \n") is None
    assert server.requests == []


def test_without_a_server_nothing_is_asked() -> None:
    asked = RasaClient(lambda: None)
    assert asked.rank("胸痛") is None
    assert not asked.healthy()
    assert not asked.reachable


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "no address", "http://[::"])
async def test_an_address_where_nobody_is(address: str) -> None:
    asked = RasaClient(address, timeout=0.5)
    assert asked.rank("胸痛") is None
    assert await asked.rank_async("胸痛") is None
    assert not asked.healthy()
    await asked.aclose()


def test_a_refused_token_is_not_healthy_and_told_apart() -> None:
    asked = client(Server(lambda request: httpx.Response(401)))
    assert asked.status() == {"refused": True}
    assert not asked.healthy()


def test_the_module_can_be_imported_in_rasas_environment() -> None:
    python = rasa_python(Settings())
    subprocess.run([python, "-c", "import nlu.client"], cwd=ROOT, check=True, timeout=60)
