"""The pages: the chat at `/`, the list of open cases at `/cases`, passes at `/pass`, `/health` for whoever watches."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Response
from nicegui import Client, ui

from actions.fonts import NoFont
from bot.passes import PassOffice
from bot.views import ChatLine
from bot.web.backend import Backend
from bot.web.cases import CaseList
from bot.web.chat import ChatPage
from bot.web.passes import add_routes
from bot.web.style import CSS

ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "联络"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def create_app(backend: Backend, office: PassOffice) -> FastAPI:
    """An application that serves the pages; it listens nowhere by itself."""
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> dict[str, Any]:
        return backend.health()

    add_routes(app, office)

    @app.get("/medicines.xlsx")
    def medicines(day: date | None = None) -> Response:
        wanted, file = backend.medicine_list(day)
        name = {"Content-Disposition": f'attachment; filename="medicines-{wanted}.xlsx"'}
        return Response(file, media_type=EXCEL, headers=name)

    @app.get("/figures.{form}")
    def figures(form: Literal["xlsx", "png"], day: date | None = None) -> Response:
        try:
            wanted, file = backend.figures_file(form, day)
        except NoFont as error:
            return Response(str(error), status_code=503, media_type="text/plain")
        name = {"Content-Disposition": f'inline; filename="figures-{wanted}.{form}"'}
        return Response(file, media_type="image/png" if form == "png" else EXCEL, headers=name)

    build(backend)
    ui.run_with(
        app,
        title=TITLE,
        language="zh-CN",
        storage_secret=secrets.token_urlsafe(16),
        show_welcome_message=False,
    )
    return app


def build(backend: Backend) -> None:
    """Register the pages on NiceGUI's application."""

    @ui.page("/")
    async def chat(client: Client, speaker: str = "", room: str = "") -> None:
        _head()
        await client.connected()
        name = speaker or await _remembered() or _first_member(backend)
        page = ChatPage(backend, ZONE, name, room or None)
        page.build()
        _live(client, backend, page.changed)

    @ui.page("/cases")
    async def cases(client: Client) -> None:
        _head()
        with ui.column().classes("ll-chat"):
            ui.link("← 回到群聊", "/")
            ui.link("今天的配药单（Excel）", "/medicines.xlsx").props('data-testid="medicine-list"')
            ui.link("今天的统计（Excel）", "/figures.xlsx").props('data-testid="figures"')
            ui.link("今天的统计（图片）", "/figures.png", new_tab=True)
            listed = CaseList(backend, ZONE)
            listed.build()
        await client.connected()
        _live(client, backend, lambda line: listed.refresh() if line is None else None)


def _head() -> None:
    ui.add_css(CSS)
    ui.colors(primary="#0b7a75")


def _live(client: Client, backend: Backend, changed: Any) -> None:
    """Pass news on to the page until it is closed."""

    def in_page(line: ChatLine | None) -> None:
        with client:
            changed(line)

    client.on_delete(backend.subscribe(in_page))


async def _remembered() -> str:
    """Whom this tab spoke as before a reload."""
    kept = await ui.run_javascript("return sessionStorage.getItem('speaker') || ''", timeout=5)
    return str(kept)


def _first_member(backend: Backend) -> str:
    members = backend.members(None)
    contacts = [each.name for each in members if each.role == "contact"]
    return (contacts or [each.name for each in members] or ["访客"])[0]
