"""A small Rasa project with a trained model, shared by all tests that need the real Rasa."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.rasa_process import rasa_python
from bot.settings import ROOT, Settings
from bot.training import train

PROJECT = Path(__file__).parent / "rasa_project"


def small_project(home: Path) -> Settings:
    """A copy of the small project; its folder's name holds a space, as people's folders do."""
    shutil.copytree(PROJECT, home, dirs_exist_ok=True)
    return Settings(home=home)


@pytest.fixture(scope="session")
def trained() -> Settings:
    """Settings of the small project with its model trained; kept in var/ from run to run by content."""
    settings = small_project(ROOT / "var" / "small rasa project")
    try:
        rasa_python(settings)
    except UserError as error:
        pytest.skip(f"real Rasa: {error}")
    train(settings)
    return settings
