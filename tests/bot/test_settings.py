from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.settings import Settings, load


def test_defaults_are_the_embedded_ones(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert (settings.site, settings.host, settings.port) == ("songjiang", "127.0.0.1", 8000)
    assert settings.database == f"sqlite:///{tmp_path}/var/lianluo.db"
    assert settings.channels == ("web",)
    assert settings.rasa_url == "http://127.0.0.1:5005"


def test_the_environment_is_read_and_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANLUO_PORT", "9000")
    monkeypatch.setenv("LIANLUO_CHANNELS", "web, wechaty")
    assert load().port == 9000
    assert load(port=9001, site=None).port == 9001
    assert load().channels == ("web", "wechaty")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LIANLUO_PORT", "x"), ("LIANLUO_PORT", "0"), ("LIANLUO_ENGINE", "gpt"), ("LIANLUO_RASA_TIMEOUT", "-1")],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UserError) as caught:
        load()
    assert variable in str(caught.value)
    assert value in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_option_is_named_as_it_was_written() -> None:
    with pytest.raises(UserError, match=r"^--engine: .*gpt"):
        load(engine="gpt")


def test_the_token_is_made_once_and_only_the_user_may_read_it(tmp_path: Path) -> None:
    first, second = Settings(home=tmp_path), Settings(home=tmp_path)
    assert len(first.token) >= 24
    assert first.token == second.token
    assert stat.S_IMODE((tmp_path / "var" / "rasa-token").stat().st_mode) == 0o600
    assert Settings(home=tmp_path, rasa_token="given").token == "given"


def test_a_token_file_that_was_left_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "rasa-token").touch(mode=0o600)
    token = Settings(home=tmp_path).token
    assert len(token) >= 24
    assert Settings(home=tmp_path).token == token
