"""The group chat of one open page: rooms, bubbles, the line to write in. Texts are shown as text, never as HTML."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, tzinfo

from nicegui import events, ui

from bot.channels.base import Attachment, Incoming
from bot.pictures import MOST_BYTES
from bot.views import ChatLine
from bot.web.backend import Backend
from bot.web.cases import CaseList
from bot.web.passes import FILES, SERIAL
from bot.web.style import PURPOSES, ROLES

SHOWN = 100
BOT = "联络"


class ChatPage:
    """State and elements of one browser tab."""

    def __init__(self, backend: Backend, zone: tzinfo, speaker: str, room: str | None) -> None:
        self.backend, self.zone = backend, zone
        self.rooms = [room.name for room in backend.rooms()]
        self.speaker = speaker
        self.room: str | None = room if room in self.rooms else (self.rooms[0] if self.rooms else None)
        self.unread: Counter[str] = Counter()
        self.quoted: ChatLine | None = None
        self.lines: list[ChatLine] = []
        self.drawer: ui.left_drawer
        self.side: ui.right_drawer

    def build(self) -> None:
        """Make all elements; called once, inside the page."""
        with ui.header(elevated=False).classes("ll-header items-center no-wrap"):
            ui.button(icon="menu", on_click=self._toggle_rooms).props(
                'flat dense aria-label="群列表" data-testid="menu-button"'
            )
            self.title = ui.label().classes("ll-title col").props('data-testid="room-title"')
            self._speaker_select()
            ui.button(icon="fact_check", on_click=self._toggle_cases).props(
                'flat dense aria-label="未结事项" data-testid="cases-button"'
            )
        with (
            ui.left_drawer(bordered=True, bottom_corner=True)
            .props("width=240 breakpoint=800")
            .classes("q-pa-sm bg-white") as self.drawer
        ):
            ui.label(f"联络 · {self.backend.site_name}").classes("ll-title q-pa-sm")
            self.room_list = ui.column().classes("full-width gap-1")
        with (
            ui.right_drawer(bordered=True, bottom_corner=True)
            .props("width=330 breakpoint=1180 show-if-above")
            .classes("q-pa-sm")
            .style("background: var(--ground)") as self.side
        ):
            self.cases = CaseList(self.backend, self.zone)
            self.cases.build()
        self.chat = ui.column().classes("ll-chat").props('role="log" aria-live="polite" data-testid="chat"')
        with ui.footer().classes("ll-footer"):
            self._writing_line()
        self._show_rooms()
        self.enter(self.room)

    def _toggle_rooms(self) -> None:
        self.drawer.toggle()

    def _toggle_cases(self) -> None:
        self.side.toggle()

    def _speaker_select(self) -> None:
        names = {
            each.name: f"{each.name}（{ROLES.get(each.role, each.role)}）"
            for each in self.backend.members(None)
        }
        names.setdefault(self.speaker, self.speaker)
        self.speaker_box = (
            ui.select(
                names,
                value=self.speaker,
                with_input=True,
                new_value_mode="add-unique",
                on_change=self._speak_as,
            )
            .props(
                'dense outlined options-dense hide-bottom-space aria-label="以谁的身份说话" data-testid="speaker-select"'
            )
            .style("width: min(13rem, 42vw)")
        )

    def _speak_as(self, change: events.ValueChangeEventArguments[str]) -> None:
        if change.value:
            self.speaker = str(change.value)
            ui.run_javascript(f"sessionStorage.setItem('speaker', {self.speaker!r})")
            self.enter(self.room)

    def _writing_line(self) -> None:
        with ui.column().classes("full-width gap-1").style("max-width: 52rem; margin: 0 auto"):
            self.quote_bar = ui.row().classes("full-width items-center no-wrap gap-1")
            with ui.row().classes("full-width items-end no-wrap gap-1"):
                with ui.button(icon="alternate_email").props(
                    'flat dense round aria-label="@成员" data-testid="at-button"'
                ):
                    self.at_menu = ui.menu().props('max-height="50vh"')
                self._picture_button()
                self.box = (
                    ui.textarea(placeholder="说点什么…")
                    .props('autogrow outlined dense rows=1 aria-label="消息" data-testid="message-input"')
                    .classes("col")
                    .on("keydown.enter.exact.prevent", self.send)
                )
                ui.button(icon="send", on_click=self.send).props(
                    'unelevated round dense color=teal aria-label="发送" data-testid="send-button"'
                )

    def _picture_button(self) -> None:
        """A photo of a box or prescription: it is read and not kept."""
        upload = ui.upload(on_upload=self.send_picture, auto_upload=True, max_file_size=MOST_BYTES)
        upload.props('accept="image/*" data-testid="picture-upload"').classes("hidden")
        ui.button(icon="photo_camera", on_click=lambda: upload.run_method("pickFiles")).props(
            'flat dense round aria-label="发图片" data-testid="picture-button"'
        )

    async def send_picture(self, upload: events.UploadEventArguments) -> None:
        """Hand a picture over as it came, with nothing written beside it."""
        picture = Attachment(upload.file.name, await upload.file.read())
        upload.sender.run_method("reset")
        await self.backend.say(self._incoming("", pictures=(picture,)))

    def _show_rooms(self) -> None:
        self.room_list.clear()
        with self.room_list:
            for room in self.backend.rooms():
                self._room_button(room.name, PURPOSES.get(room.purpose, ""))
            self._room_button(None, "只有你看得到")

    def _room_button(self, room: str | None, note: str) -> None:
        here = " here" if room == self.room else ""
        name = room or "联络（私聊）"
        button = ui.element("button").classes(f"ll-room{here}").on("click", lambda: self.enter(room))
        button.props(f'type="button" data-testid="room-{room or "private"}"')
        with button:
            ui.label(name).classes("name")
            if count := self.unread[room or ""]:
                ui.label(str(count)).classes("ll-unread").props(f'aria-label="{count}条未读"')
            else:
                ui.label(note).classes("ll-soft")

    def enter(self, room: str | None) -> None:
        """Show another room."""
        self.room = room
        self.unread[room or ""] = 0
        self.quote(None)
        self.lines = self.backend.history(room, self.speaker, None, SHOWN)
        self.title.text = room or "联络（私聊）"
        self._show_rooms()
        self._show_members()
        self._show_lines()
        self._to_end()

    def _show_members(self) -> None:
        self.at_menu.clear()
        with self.at_menu:
            for member in self.backend.members(self.room):
                label = f"{member.name}（{ROLES.get(member.role, member.role)}）"
                ui.menu_item(label, on_click=lambda name=member.name: self._call(name))

    def _call(self, name: str) -> None:
        self.box.value = f"{self.box.value or ''}@{name} "
        self.box.run_method("focus")

    def _show_lines(self) -> None:
        self.chat.clear()
        with self.chat:
            if len(self.lines) >= SHOWN:
                ui.button("更早的消息", on_click=self._earlier).props("flat dense size=sm").classes(
                    "self-center"
                )
            for line in self.lines:
                self._bubble(line)

    def _earlier(self) -> None:
        before = self.backend.history(self.room, self.speaker, self.lines[0].id, SHOWN)
        if before:
            self.lines = before + self.lines
            self._show_lines()

    def _bubble(self, line: ChatLine) -> None:
        by_bot = line.kind is not None
        mine = not by_bot and line.sender == self.speaker
        classes = f"ll-line {'mine' if mine else ''} {'bot' if by_bot else ''} {_level(line)}"
        with ui.element("div").classes(classes).props(f'data-testid="bubble" data-kind="{line.kind or ""}"'):
            role = ROLES.get(line.role or "", "") if not by_bot else ""
            at = line.at.astimezone(self.zone).strftime("%H:%M")
            said_by = (line.sender, role, at, line.note)
            ui.label(" ".join(part for part in said_by if part)).classes("ll-who")
            if line.quote and (found := next((each for each in self.lines if each.id == line.quote), None)):
                ui.label(f"{found.sender}：{found.text[:60]}").classes("ll-quoted")
            ui.label(line.text).classes("ll-bubble")
            if line.kind == "pass":
                _paper(line.text)
            with ui.element("div").classes("ll-tools"):
                quote = ui.element("button").classes("ll-tool").on("click", lambda: self.quote(line))
                quote.props('type="button" data-testid="quote-button"')
                with quote:
                    ui.label("引用")
                if line.case:
                    number = line.case
                    more = (
                        ui.element("button")
                        .classes("ll-tool")
                        .on("click", lambda: self.cases.timeline(number))
                    )
                    more.props('type="button"')
                    with more:
                        ui.label("经过")

    def quote(self, line: ChatLine | None) -> None:
        """Choose the line the next message quotes."""
        self.quoted = line
        self.quote_bar.clear()
        if line is None:
            return
        with self.quote_bar:
            ui.label(f"引用 {line.sender}：{line.text[:60]}").classes("ll-quoted col").props(
                'data-testid="quoted"'
            )
            ui.button(icon="close", on_click=lambda: self.quote(None)).props(
                'flat dense size=sm aria-label="不引用"'
            )
        self.box.run_method("focus")

    async def send(self) -> None:
        """Say what is written."""
        text = (self.box.value or "").strip()
        if not text:
            return
        quote = self.quoted
        self.box.value = ""
        self.quote(None)
        await self.backend.say(self._incoming(text, quote))

    def _incoming(
        self, text: str, quote: ChatLine | None = None, pictures: tuple[Attachment, ...] = ()
    ) -> Incoming:
        members = self.backend.members(None)
        return Incoming(
            channel="web",
            message_id=uuid.uuid4().hex,
            at=datetime.now(UTC),
            room=self.room,
            sender=self.speaker,
            role=next((each.role for each in members if each.name == self.speaker), "guest"),
            text=text,
            quote=quote.id if quote else None,
            mentions=tuple(each.name for each in members if f"@{each.name}" in text),
            pictures=pictures,
        )

    def changed(self, line: ChatLine | None) -> None:
        """News from the bot: a line for this room, an unread one for another, or the list of cases."""
        if line is None:
            self.cases.refresh()
            return
        if line.room is None and self.speaker not in (line.sender, line.to):
            return
        if line.room == self.room:
            self.lines.append(line)
            if len(self.lines) > 2 * SHOWN:
                self.lines = self.lines[-SHOWN:]
                self._show_lines()
            else:
                with self.chat:
                    self._bubble(line)
            self._to_end()
        else:
            self.unread[line.room or ""] += 1
            self._show_rooms()

    def _to_end(self) -> None:
        ui.run_javascript("setTimeout(() => window.scrollTo(0, document.body.scrollHeight), 60)")


def _level(line: ChatLine) -> str:
    """The colour of a post, from the level it names."""
    if line.kind is None:
        return ""
    for level, sign in ((1, "Ⅰ级"), (2, "Ⅱ级"), (3, "Ⅲ级"), (4, "Ⅳ级")):
        if sign in line.text:
            return f"level{level}"
    return "private" if line.room is None else ""


def _paper(text: str) -> None:
    """The picture of a pass with its QR code, and its files for printing; gone when it no longer holds."""
    found = SERIAL.search(text)
    if found is None:
        return
    with ui.column().classes("gap-1"):
        ui.image(f"/pass/{found.group()}.png").classes("ll-paper").props(
            'data-testid="pass-picture" no-spinner'
        )
        with ui.row().classes("ll-tools"):
            for form, name in FILES.items():
                ui.link(name, f"/pass/{found.group()}.{form}", new_tab=True).props(
                    f'data-testid="pass-{form}"'
                )
