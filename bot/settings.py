"""What an operator may set: environment variables `LIANLUO_*`. Every one has a default that works."""

from __future__ import annotations

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "LIANLUO_"

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]
Engine = Literal["rasa", "builtin"]


class Settings(BaseSettings):
    """Read from the environment once, by `load()`; handed to whoever needs it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    home: Path = Field(default=ROOT, description="folder of config.yml, data/, models/ and var/")
    site: str = Field(default="songjiang", description="site pack: a name under data/sites")
    db_url: str = Field(default="", description="database; empty means SQLite in var/lianluo.db")
    host: str = Field(default="127.0.0.1", description="address the web page listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="port the web page listens on")
    channels: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("web",), description="channels, commas between: web,wechaty,http"
    )
    engine: Engine = Field(default="rasa", description="`builtin` never asks Rasa")
    rasa_url: str = Field(default="http://127.0.0.1:5005", description="a Rasa server, used when it answers")
    rasa_token: str = Field(default="", description="its token; empty means the one kept in var/rasa-token")
    rasa_python: Path | None = Field(
        default=None, description="Python of Rasa's environment, if not .venv-rasa"
    )
    rasa_timeout: float = Field(default=1.0, gt=0, description="seconds a message may wait for Rasa")
    rasa_start_timeout: float = Field(default=300.0, gt=0, description="seconds Rasa may take to start")
    pass_key: str = Field(default="", description="signs passes; empty means the one kept in var/pass-key")
    room_posts_per_minute: int = Field(
        default=20, ge=1, description="posts a room gets in a minute; levels I and II do not wait for it"
    )
    posts_per_minute: int = Field(
        default=60, ge=1, description="posts a WeChat account sends in a minute; levels I and II do not wait"
    )
    post_spread: float = Field(
        default=1.0,
        ge=0,
        description="up to so many seconds, at random, between two posts of a WeChat account",
    )
    wechaty_endpoint: str = Field(
        default="", description="host:port of the Wechaty puppet service, for --channel wechaty"
    )
    wechaty_token: str = Field(default="", description="the puppet service's token")
    wechaty_name: str = Field(
        default="联络", description="what the bot's account is called in the groups, for @"
    )
    wechaty_confirm: float = Field(
        default=30.0, gt=0, description="seconds until a post whose echo did not come counts as unconfirmed"
    )
    http_secret: str = Field(default="", description="secret of the HTTP channel, at least 16 characters")
    http_webhook: str = Field(
        default="", description="URL the HTTP channel sends posts to; empty: they are fetched"
    )
    log_level: LogLevel = Field(default="info", description="debug, info, warning or error")
    log_format: LogFormat = Field(default="console", description="console or json")

    @field_validator("channels", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @property
    def var(self) -> Path:
        """Where everything that changes is kept; made when first asked for."""
        folder = self.home / "var"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def logs(self) -> Path:
        folder = self.var / "log"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def models(self) -> Path:
        folder = self.home / "models"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def database(self) -> str:
        """URL of the database, the embedded default included."""
        return self.db_url or f"sqlite:///{self.var / 'lianluo.db'}"

    @cached_property
    def token(self) -> str:
        """Token of the Rasa server: the setting, else one made once and readable by this user only."""
        return self.rasa_token or _kept_token(self.var / "rasa-token")

    @cached_property
    def pass_secret(self) -> str:
        """What passes are signed with: the setting, else a key made once and readable by this user only."""
        return self.pass_key or _kept_token(self.var / "pass-key")


def _kept_token(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="ascii").strip()
        if kept:
            return kept
        handle = os.open(path, os.O_WRONLY | os.O_TRUNC)
    token = secrets.token_urlsafe(24)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token + "\n")
    return token


def load(**overrides: object) -> Settings:
    """The settings of this process; `overrides` are those given on the command line (None is not given).

    Raises UserError that names the variable at fault.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else "?"
        origin = f"--{name.removesuffix('_url')}" if name in given else f"{PREFIX}{name.upper()}"
        raise UserError(f"{origin}: {fault['msg']} (is {fault['input']!r})", status=2) from None
