"""The plain list of open cases, most urgent first, and what happened to one of them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from nicegui import ui

from bot.views import CaseRow
from bot.web.backend import Backend
from bot.web.style import LEVELS, STATUS


class CaseList:
    """Beside the chat, or a page of its own."""

    def __init__(self, backend: Backend, zone: tzinfo) -> None:
        self.backend, self.zone = backend, zone

    def build(self) -> None:
        """Make the elements."""
        self.count = ui.label().classes("ll-title q-pa-xs")
        self.rows = ui.column().classes("full-width gap-2").props('data-testid="case-list"')
        with ui.expansion("今天各医院").classes("full-width").props('data-testid="hospitals" dense'):
            self.hospitals = ui.column().classes("full-width gap-1")
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        cases = self.backend.open_cases()
        self.count.text = f"未结 {len(cases)} 件"
        self.rows.clear()
        with self.rows:
            if not cases:
                ui.label("现在没有未结的事项").classes("ll-soft q-pa-sm")
            for case in cases:
                self._row(case)
        self._answers()

    def _answers(self) -> None:
        """A row for each hospital: how often it was asked today, and how it answered."""
        self.hospitals.clear()
        with self.hospitals:
            for row in self.backend.hospitals():
                took = "" if row.median_min is None else f" · 答复中位{row.median_min:.0f}分钟"
                counts = f"问{row.asked} 收{row.accepted} 拒{row.declined} 待答{row.waiting}{took}"
                with (
                    ui.row()
                    .classes("items-center no-wrap gap-2 full-width")
                    .props(f'data-testid="hospital-row" data-hospital="{row.hospital}"')
                ):
                    ui.label(row.hospital).classes("ll-clip")
                    ui.space()
                    ui.label(counts).classes("ll-soft")

    def _row(self, case: CaseRow) -> None:
        card = (
            ui.column().classes(f"ll-case level{case.level}").on("click", lambda: self.timeline(case.number))
        )
        card.props(f'data-testid="case-row" data-case="{case.number}" tabindex=0 role="button"')
        with card:
            with ui.row().classes("items-center no-wrap gap-2 full-width"):
                ui.label(LEVELS[case.level]).classes(f"ll-chip level{case.level}")
                ui.label(case.number).classes("no")
                ui.label(STATUS.get(case.status, case.status)).classes("ll-soft")
                ui.space()
                ui.label(self._age(case)).classes("ll-soft")
            what = "私密事项" if case.private else case.summary
            ui.label(" ".join(part for part in (case.town, what) if part)).classes("ll-clip")
            ui.label(" · ".join([case.hospital or "医院待定", case.owner or "还没人接"])).classes(
                "ll-soft ll-clip"
            )
            if case.others:
                ui.label("备选：" + "；".join(case.others)).classes("ll-soft ll-clip")
            if case.next_due:
                due = f"下次提醒 {case.next_due.astimezone(self.zone):%m-%d %H:%M}"
                ui.label(f"{due} · 发过{case.posts}条").classes("ll-soft")

    def _age(self, case: CaseRow) -> str:
        minutes = int((datetime.now(UTC) - case.opened_at).total_seconds() // 60)
        if minutes < 60:
            return f"{max(minutes, 0)}分钟"
        return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // 1440}天"

    def timeline(self, number: str) -> None:
        """What happened to a case, in a dialog."""
        with ui.dialog() as dialog, ui.card().style("width: min(36rem, 94vw)"):
            ui.label(number).classes("ll-title")
            with ui.column().classes("full-width gap-1"):
                for row in self.backend.timeline(number):
                    at = row.at.astimezone(self.zone).strftime("%m-%d %H:%M:%S")
                    ui.label(f"{at} {row.who} {row.what}").classes("ll-clip")
            ui.button("关闭", on_click=dialog.close).props("flat")
        dialog.open()
