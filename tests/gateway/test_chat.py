"""A group talks to the bot through the gateway, both ways."""

from __future__ import annotations

from pathlib import Path

from tests.gateway.conftest import INTAKE, ZHANG, running
from tests.gateway.running import Gateway


def heard(gateway: Gateway, room: str | None = INTAKE) -> list[str]:
    """The texts that went to a group."""
    return [line["text"] for line in gateway.sent() if line["kind"] == "text" and line["room"] == room]


async def test_a_report_gets_its_receipt(gateway: Gateway, tmp_path: Path) -> None:
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        gateway.say(INTAKE, ZHANG, "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下，喉咙肿")
        await bot.until(lambda: heard(gateway))
        assert "耳鼻咽喉科" in heard(gateway)[0]
