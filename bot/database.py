"""Opens the database and brings its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from bot.errors import UserError

MIGRATIONS = Path(__file__).resolve().parent.parent / "actions" / "migrations"


def open_database(url: str) -> Engine:
    """An engine with all migrations done.

    Raises UserError, in one line, when the URL is not one, the file is no database, or the server does
    not answer.
    """
    try:
        parsed = make_url(_with_driver(url))
        engine = create_engine(parsed, **_options(parsed))
    except (ArgumentError, ModuleNotFoundError) as error:
        raise UserError(
            f"database URL {url!r} is not understood; write e.g. sqlite:///var/lianluo.db"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        _prepare_sqlite(parsed, engine)
    upgrade(engine)
    return engine


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing. Raises UserError when the database cannot be used."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise UserError(f"the database {_shown(engine)} cannot be opened: {_first_line(error)}") from error
    except DatabaseError as error:
        raise UserError(f"{_shown(engine)} is not a database of lianluo: {_first_line(error)}") from error


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 15, "check_same_thread": False}}
    return {"pool_pre_ping": True}


def _with_driver(url: str) -> str:
    """PostgreSQL is spoken through psycopg 3, whichever way the URL is written."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _prepare_sqlite(url: URL, engine: Engine) -> None:
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"the folder of {url.database} cannot be made: {error.strerror}") from error

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _shown(engine: Engine) -> str:
    return engine.url.database or "?" if engine.dialect.name == "sqlite" else engine.url.render_as_string()


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
