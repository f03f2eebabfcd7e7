"""Databases that are none are named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.database import open_database
from bot.errors import UserError


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
