"""Databases that are none are named in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, delete, select, text
from sqlalchemy.orm import Session

from actions.models import Base, Case, OpenMark
from actions.open_marks import complete, marks_of
from bot.database import MIGRATIONS, open_database
from bot.errors import UserError
from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.empty()


def migrate(engine: Engine, to: str) -> None:
    """Up or down to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if to == "base" else command.upgrade)(config, to)


def test_the_migrations_make_what_the_models_say(empty_database: str) -> None:
    engine = open_database(empty_database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_migrations_go_back_and_forth(empty_database: str) -> None:
    engine = create_engine(empty_database)
    for revision in ("head", "base", "0001", "head"):
        migrate(engine, revision)
    with Session(engine) as session:
        assert session.scalars(select(Case)).all() == []
    engine.dispose()


def test_cases_from_before_the_marks_are_given_theirs(new_database: Callable[[], str]) -> None:
    engine, now = open_database(new_database()), datetime(2022, 4, 4, tzinfo=UTC)
    with Session(engine) as session, session.begin():
        for number, status in enumerate(("proposed", "closed"), start=1):
            session.add(_case(f"0404-00{number}", status, now))
    with Session(engine) as session, session.begin():
        session.execute(delete(OpenMark))
        assert complete(session) == 1
        assert complete(session) == 0
    with Session(engine) as session:
        case = session.scalars(select(Case).where(Case.status == "proposed")).one()
        kept = {(mark.kind, mark.value) for mark in session.scalars(select(OpenMark))}
        assert kept == marks_of(case) >= {("room", "群"), ("age", "71.000"), ("word", "胸闷")}
    engine.dispose()


def test_marks_follow_the_case(new_database: Callable[[], str]) -> None:
    engine, now = open_database(new_database()), datetime(2022, 4, 4, tzinfo=UTC)
    with Session(engine) as session, session.begin():
        case = _case("0404-001", "proposed", now)
        session.add(case)
        session.flush()
        case.fields, case.owner = {**case.fields, "age": 72}, "某"
        session.flush()
        kept = {(mark.kind, mark.value) for mark in session.scalars(select(OpenMark))}
        assert kept == marks_of(case)
        assert ("age", "72.000") in kept and ("age", "71.000") not in kept and ("member", "某") in kept
        case.status = "closed"
        session.flush()
        assert session.scalars(select(OpenMark)).all() == []
    engine.dispose()


def _case(number: str, status: str, now: datetime) -> Case:
    return Case(
        number=number, opened_at=now, room="群", opened_by="a", status=status, level=3, specialty="CARD",
        category="CRITICAL", disposition="HOSP_TODAY", rhythm_from=now, candidates=[], declined=[],
        reasons_for={}, asked=[], assignees=[], stage=0, story=["71岁，胸闷"],
        fields={"age": 71, "symptoms": ["胸闷"], "address": "和平新村6号楼"},
    )  # fmt: skip


def test_it_is_made_with_its_folder_and_in_wal_mode(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new' / 'a.db'}")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()


@pytest.mark.parametrize("url", ["nonsense", "mysql+nodriver://x/y"])
def test_a_wrong_url(url: str) -> None:
    with pytest.raises(UserError, match="not understood") as found:
        open_database(url)
    assert "\n" not in str(found.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all, this is not a database. " * 50)
    with pytest.raises(UserError, match=r"letter\.txt") as found:
        open_database(f"sqlite:///{path}")
    assert "\n" not in str(found.value)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}")
