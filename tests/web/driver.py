"""Drives the page as a person would, in Debian's chromium through playwright."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, Playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds


async def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    return await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)


class ChatPage:
    """One open page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    @classmethod
    async def open(cls, browser: Browser, url: str, width: int = 1280, height: int = 800) -> ChatPage:
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        await page.goto(url)
        chat = cls(page, url)
        await chat.marked("message-input").wait_for()
        return chat

    def marked(self, name: str) -> Locator:
        """The element with a test marker."""
        return self.page.locator(f'[data-testid="{name}"]')

    async def speak_as(self, name: str) -> None:
        """Choose who is speaking."""
        box = self.marked("speaker-select")
        await box.click()
        await box.fill(name)
        await self.page.get_by_role("option").filter(has_text=name).first.click()
        await expect(box).to_have_value(re.compile(re.escape(name)))  # its role stands behind it

    async def enter_room(self, name: str) -> None:
        """Go to a room, through the drawer where the screen is narrow."""
        room = self.marked(f"room-{name}")
        if not await room.is_visible() or not await _inside(self.page, room):
            await self.marked("menu-button").click()
        await room.click()
        await expect(self.marked("room-title")).to_have_text(name)

    async def say(self, text: str) -> None:
        """Write a line and send it with Enter."""
        box = self.marked("message-input")
        await expect(box).to_have_value("")
        await box.fill(text)
        await box.press("Enter")
        await self.bubble(text).wait_for()

    async def picture(self, data: bytes) -> None:
        """Send a photo, as chosen in the file dialog."""
        async with self.page.expect_file_chooser() as dialog:
            await self.marked("picture-button").click()
        chooser = await dialog.value
        await chooser.set_files([{"name": "box.png", "mimeType": "image/png", "buffer": data}])
        await self.bubble("[图片]").wait_for()

    def bubble(self, text: str, kind: str | None = None) -> Locator:
        """The newest bubble that holds a text."""
        selector = '[data-testid="bubble"]' + (f'[data-kind="{kind}"]' if kind else "")
        return self.page.locator(selector).filter(has_text=text).last

    async def wait_for_post(self, kind: str, text: str) -> str:
        """Wait until the bot has said something; returns all of it."""
        found = self.bubble(text, kind)
        await found.wait_for()
        return await found.inner_text()

    async def quote(self, text: str) -> None:
        """Quote a bubble."""
        found = self.bubble(text)
        await found.hover()
        await found.locator('[data-testid="quote-button"]').click()
        await self.marked("quoted").wait_for()

    async def kinds(self) -> list[str]:
        """The kinds of the bot's posts in the room, in order."""
        found = self.page.locator('[data-testid="bubble"]')
        kinds = [await found.nth(index).get_attribute("data-kind") for index in range(await found.count())]
        return [kind for kind in kinds if kind]


async def _inside(page: Page, element: Locator) -> bool:
    box = await element.bounding_box()
    return box is not None and box["x"] >= 0
