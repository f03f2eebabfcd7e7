from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

WORDS = "佘山镇王阿婆胸痛，电话13800000000"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.configure("debug", "json", stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_values_that_hold_words_become_their_size(out: io.StringIO) -> None:
    structlog.get_logger("x").info(
        "received", text=WORDS, entities={"phone": "1"}, message=7, case="0404-001"
    )
    line = json.loads(out.getvalue())
    assert line["text"] == f"<{len(WORDS)} characters>"
    assert line["entities"] == "<dict>"
    assert (line["message"], line["case"]) == (7, "0404-001")


def test_an_exception_says_where_it_was_and_not_what_it_said(out: io.StringIO) -> None:
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        structlog.get_logger("x").error("failed", exc_info=error)
        logging.getLogger("library").exception("failed")
    own, foreign = map(json.loads, out.getvalue().splitlines())
    for line in (own, foreign):
        assert line["where"].startswith("ValueError at test_logs.py:")
    assert "阿婆" not in out.getvalue()
    assert "阿婆".encode("unicode_escape").decode() not in out.getvalue()


def test_requests_of_the_http_client_are_not_logged_for_their_address_holds_the_token(
    out: io.StringIO,
) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST http://127.0.0.1/model/parse?token=secret")
    assert out.getvalue() == ""


def test_both_forms_write_one_line_an_event(out: io.StringIO) -> None:
    logs.configure("info", "console", out)
    structlog.get_logger("x").info("started", port=8000)
    structlog.get_logger("x").debug("not shown")
    assert len(out.getvalue().splitlines()) == 1
    assert "started" in out.getvalue()
