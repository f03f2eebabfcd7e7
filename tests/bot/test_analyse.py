from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import analyse as command
from bot.analyse import BadLine, analyse, read_message
from bot.errors import UserError
from bot.settings import ROOT, Settings
from nlu.understanding import Understanding

ZONE = ZoneInfo("Asia/Shanghai")
FISH = '{"id": "m1", "text": "佘山镇有居民鱼刺卡喉三天，饭也吃不下", "at": "2022-04-04T09:12:00+08:00"}'


def echo(text: str, at: datetime) -> Understanding:
    if text == "崩":
        raise RuntimeError("words of the message")
    return Understanding(text, "chatter", 0.5)


def run(*lines: bytes | str) -> tuple[int, list[dict[str, Any]]]:
    source = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    sink = io.BytesIO()
    status = analyse(echo, ZONE, io.BytesIO(source), sink)
    return status, [json.loads(line) for line in sink.getvalue().decode().splitlines()]


def lianluo(*arguments: str, text: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT, env=os.environ | environment, input=text, capture_output=True, text=True, timeout=180,
        check=False,
    )  # fmt: skip


def test_one_line_out_for_each_in_in_order_with_its_id() -> None:
    status, out = run('{"id": "b", "text": "一"}', '{"id": 7, "text": "二"}', '{"text": "三"}')
    assert [line["id"] for line in out] == ["b", 7, None]
    assert [line["act"] for line in out] == ["chatter"] * 3
    assert status == 0


@pytest.mark.parametrize(
    ("line", "id_", "fault"),
    [
        (b"nonsense", None, "not JSON"),
        (b"", None, "empty line"),
        (b"[1]", None, "not a JSON object"),
        (b'"text"', None, "not a JSON object"),
        (b'{"id": "x"}', "x", "`text` is missing"),
        (b'{"id": "x", "text": null}', "x", "`text` is missing"),
        (b'{"id": "x", "text": 5}', "x", "must be a string"),
        (b'{"id": ["x"], "text": "a"}', None, "`id` must be"),
        (b'{"id": "x", "text": "a", "at": "yesterday"}', "x", "`at` must be a time"),
        (b'{"id": "x", "text": "a", "at": 5}', "x", "`at` must be a time"),
        (b'{"id": "x", "text": "\\ud83d"}', "x", "half a character"),
        (b'{"id": NaN, "text": "a"}', None, "NaN is not JSON"),
        (b'{"id": 1e999, "text": "a"}', None, "too large"),
        (b"\xff\xfe", None, "not UTF-8"),
        (b"[" * 200_000, None, "nested too deeply"),
        (b'{"id": "x", "text": "\xe5\xb4\xa9"}', "x", "internal error (RuntimeError)"),
    ],
)
def test_a_line_that_is_no_message_gets_an_error_and_the_rest_goes_on(
    line: bytes, id_: object, fault: str
) -> None:
    status, out = run('{"id": 1, "text": "一"}', line, '{"id": 2, "text": "二"}')
    assert [o["id"] for o in out] == [1, id_, 2]
    assert fault in out[1]["error"]
    assert list(out[1]) == ["id", "error"]
    assert "error" not in out[0] | out[2]
    assert status == 1


def test_an_id_that_is_no_proper_text_is_carried_over() -> None:
    status, out = run('{"id": "\\ud83d", "text": "一"}')
    assert out[0]["id"] == "\ud83d"
    assert status == 0


def test_windows_files_are_read() -> None:
    status, out = run(
        b'\xef\xbb\xbf{"id": 1, "text": "\xe4\xb8\x80"}\r', b'{"id": 2, "text": "\xe4\xba\x8c"}\r\n'
    )
    assert [line["id"] for line in out] == [1, 2]
    assert status == 0


def test_times() -> None:
    def at(value: str) -> datetime:
        return read_message(f'{{"text": "a"{value}}}'.encode(), ZONE)[2]

    assert at(', "at": "2022-04-04T09:12:00+08:00"') == datetime(2022, 4, 4, 1, 12, tzinfo=UTC)
    assert at(', "at": "2022-04-04T01:12:00Z"') == datetime(2022, 4, 4, 1, 12, tzinfo=UTC)
    assert at(', "at": "2022-04-04T09:12:00"') == datetime(2022, 4, 4, 1, 12, tzinfo=UTC)
    for missing in ("", ', "at": null'):
        assert abs(at(missing) - datetime.now(UTC)) < timedelta(seconds=5)


@given(st.binary(max_size=60))
def test_no_bytes_whatever_break_the_run(line: bytes) -> None:
    lines = line.replace(b"\r", b"").count(b"\n") + 1
    status, out = run(line, '{"id": 9, "text": "后"}')
    assert len(out) == lines + 1
    assert out[-1]["id"] == 9
    assert status == (1 if any("error" in o for o in out) else 0)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.floats(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_no_json_whatever_is_more_than_a_bad_line(value: object) -> None:
    try:
        _id, text, at = read_message(json.dumps(value).encode(), ZONE)
    except BadLine:
        return
    assert isinstance(text, str)
    assert at.tzinfo


def test_each_line_is_out_before_the_next_is_read() -> None:
    sink = io.BytesIO()
    seen: list[int] = []

    class Source(io.BytesIO):
        def __iter__(self) -> Iterator[bytes]:  # type: ignore[override]
            for _ in range(3):
                seen.append(sink.getvalue().count(b"\n"))
                yield b'{"id": 1, "text": "x"}\n'

    analyse(echo, ZONE, Source(), sink)
    assert seen == [0, 1, 2]


def test_the_command_talks_line_by_line_with_the_builtin_engine() -> None:
    command = [sys.executable, "-m", "bot.cli", "analyse", "--engine", "builtin"]
    out: list[dict[str, Any]] = []
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as talk:
        assert talk.stdin is not None and talk.stdout is not None
        for line in (FISH, "bad", '{"id": 2, "text": "好的"}'):
            talk.stdin.write(line + "\n")
            talk.stdin.flush()
            out.append(json.loads(talk.stdout.readline()))
    assert talk.returncode == 1
    assert (out[0]["id"], out[0]["act"]) == ("m1", "report")
    assert out[0]["reports"][0]["entities"]["town"] == "佘山镇"
    assert "鱼刺卡喉" in out[0]["reports"][0]["entities"]["symptoms"]
    assert "error" in out[1]
    assert out[2]["id"] == 2


class Restarting:
    """A client whose server is down for the first few questions."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.reachable = True

    def wake(self) -> None:
        pass

    def rank(self, text: str, timeout: float) -> list[tuple[str, float]] | None:
        self.failures -= 1
        self.reachable = self.failures < 0
        return [("report", 1.0)] if self.reachable and text else None


def test_a_batch_waits_for_a_server_that_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.time, "sleep", lambda seconds: None)
    assert command._patiently(Restarting(3), "胸痛") == [("report", 1.0)]  # type: ignore[arg-type]
    assert command._patiently(Restarting(0), "") is None  # type: ignore[arg-type]
    monkeypatch.setattr(command, "PATIENCE", 0.0)
    with pytest.raises(UserError, match="does not come back"):
        command._patiently(Restarting(10**9), "胸痛")  # type: ignore[arg-type]


def test_the_trained_model_is_asked_and_waited_for(trained: Settings) -> None:
    lines = "".join(f'{{"id": {n}, "text": "这个病人已经住院，可以结案了"}}\n' for n in range(20))
    done = lianluo(
        "analyse", text=lines, LIANLUO_HOME=str(trained.home), LIANLUO_RASA_URL="http://127.0.0.1:9"
    )
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == list(range(20))
    assert {json.loads(line)["act"] for line in done.stdout.splitlines()} == {"close"}
    assert done.returncode == 0, done.stderr
