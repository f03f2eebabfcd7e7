"""Every setting stands in docs/settings.md with its meaning."""

from __future__ import annotations

from pathlib import Path

from bot.settings import PREFIX, Settings

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented() -> None:
    rows = DOCS.read_text(encoding="utf-8").splitlines()
    for name, setting in Settings.model_fields.items():
        row = next((row for row in rows if row.startswith(f"| `{PREFIX}{name.upper()}` |")), None)
        assert row is not None, name
        assert str(setting.description) in row, name
    assert sum(row.startswith(f"| `{PREFIX}") for row in rows) == len(Settings.model_fields)
