"""The fishbone story typed into the page, in a real browser against the real bot."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import async_playwright

from tests.bot.running import running_bot
from tests.labels import BOX, drawn
from tests.web.driver import CHROMIUM, ChatPage, launch

ROOM = "医疗保障群"
EYE_EAR_NOSE = "复旦大学附属眼耳鼻喉科医院"
CONTACT, COORDINATOR = "佘山防控办-小张", "专班-陈老师"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


async def test_from_the_report_to_the_closing(tmp_path: Path) -> None:
    """Receipt, decline, acceptance, ambulance, closing: each seen on the other person's open page, live.

    Then a photo of a box becomes a request, and stands in the Excel file.
    """
    with running_bot(tmp_path) as bot:
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            contact = await ChatPage.open(browser, bot.url)
            coordinator = await ChatPage.open(browser, bot.url)
            await contact.speak_as(CONTACT)
            await coordinator.speak_as(COORDINATOR)
            for page in (contact, coordinator):
                await page.enter_room(ROOM)

            await contact.say("佘山镇有位居民鱼刺卡喉三天了，饭也吃不下，喉咙肿")
            receipt = await coordinator.wait_for_post("receipt", "Ⅲ")
            assert "耳鼻咽喉科" in receipt
            assert EYE_EAR_NOSE in receipt
            assert "鱼刺" in receipt
            assert bot.health()["open_cases"] == 1

            await coordinator.say("电话都打不通，换一家")
            proposal = await contact.wait_for_post("proposal", "改为")
            assert EYE_EAR_NOSE not in proposal.split("改为")[1]

            await coordinator.quote("改为")
            await coordinator.say("门诊办说可以送过来")
            await contact.wait_for_post("confirm", "已同意接收")
            await coordinator.say("给1号开证，明天，自行前往")
            assert "/pass/T" in await contact.wait_for_post("pass", "通行证")
            await contact.marked("pass-picture").wait_for()
            await contact.say("120已出发")
            await contact.marked("case-row").filter(has_text="在路上").wait_for()
            await contact.page.wait_for_timeout(
                500
            )  # the picture of README is this one; let the page come to rest
            await contact.page.screenshot(path=tmp_path / "chat.png")
            await contact.say("已取出，结案")
            await coordinator.wait_for_post("confirm", "已办结")
            await contact.marked("case-row").wait_for(state="detached")
            assert await coordinator.kinds() == ["receipt", "proposal", "confirm", "pass", "confirm"]
            assert bot.health()["open_cases"] == 0
            await contact.picture(drawn(BOX))
            assert "氨氯地平（络活喜）5mg*7片" in await contact.wait_for_post("question", "图片上读到")
            await contact.say("对的")
            await contact.wait_for_post("receipt", "氨氯地平配药")
            file = await contact.page.request.get(f"{bot.url}/medicines.xlsx?day=2099-01-01")
            assert [cell.value for cell in load_workbook(io.BytesIO(await file.body()))["按医院"]["J"]] == [
                "药名",
                "氨氯地平",
            ]
            await browser.close()


async def test_on_a_telephone(tmp_path: Path) -> None:
    """Nothing sticks out at 360 pixels; what others write is text, not HTML."""
    with running_bot(tmp_path) as bot:
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            phone = await ChatPage.open(browser, bot.url, 360, 740)
            await phone.speak_as(COORDINATOR)
            await phone.enter_room("血透协调群")
            await phone.say("<b onclick=alert(1)>大家早</b> " + "长" * 200)
            assert await phone.page.locator('[data-testid="bubble"] b').count() == 0
            widths = await phone.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert widths[0] <= widths[1]
            await browser.close()
