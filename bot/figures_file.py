"""The figures as a workbook: the counts, and a line for each matter without anything personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from actions import outcomes, wording
from actions.figures import Figures, Matter, Spread
from bot.text_cells import as_written
from bot.web.style import STATUS

if TYPE_CHECKING:
    from openpyxl import Workbook

COUNTS, TOWNS, HOSPITALS, KINDS, OUTCOMES, MATTERS = "总览", "街镇", "医院", "类别与级别", "结果", "明细"
UNKNOWN = "未说明"
# fmt: off
MATTER_HEAD = ("编号", "时间", "街镇", "类别", "级别", "科室", "医院", "状态", "接手用时（分钟）", "医院答应用时（分钟）", "办结时间", "结果")
# fmt: on


def write(path: Path | BinaryIO, counted: Figures, text: str, zone: tzinfo) -> None:
    """Write the workbook. Raises OSError when the file cannot be written."""
    from openpyxl import Workbook  # noqa: PLC0415 (only who writes pays for it)

    book = Workbook(write_only=True)
    _sheet(book, COUNTS, ("项目", "数"), _counts(counted, text))
    _sheet(book, KINDS, ("类别", *(f"{name}级" for name in wording.LEVELS.values()), "合计"), _kinds(counted))
    _sheet(
        book, TOWNS, ("街镇", "件数"), ((name or UNKNOWN, count) for name, count in counted.by_town.items())
    )
    hospitals = ((name or UNKNOWN, count) for name, count in counted.by_hospital.items())
    _sheet(book, HOSPITALS, ("医院", "件数"), hospitals)
    _sheet(book, OUTCOMES, ("结果", "件数"), _outcomes(counted))
    _sheet(book, MATTERS, MATTER_HEAD, (_matter(each, zone) for each in counted.matters))
    book.save(path)


def _sheet(book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    for row in rows:
        sheet.append(as_written(sheet, row))


def _counts(counted: Figures, text: str) -> Iterator[tuple[str, Any]]:
    yield "合计", counted.count
    yield "在办", counted.open
    yield "已办结", counted.count - counted.open
    yield "过了时间没人接", counted.overdue
    yield "Ⅰ–Ⅱ级", counted.urgent
    yield from _times("接手", counted.acknowledged)
    yield from _times("医院答应", counted.accepted)
    for line in text.splitlines():
        yield "群里的话", line


def _times(what: str, spread: Spread | None) -> Iterator[tuple[str, Any]]:
    if spread is not None:
        yield f"{what}：件数", spread.count
        yield f"{what}：中位（分钟）", round(spread.median, 1)
        yield f"{what}：九成以内（分钟）", round(spread.p90, 1)


def _kinds(counted: Figures) -> Iterator[tuple[Any, ...]]:
    levels = tuple(wording.LEVELS)
    for code, count in counted.by_category.items():
        of_kind = [matter.level for matter in counted.matters if matter.category == code]
        yield (wording.category_name(code), *(of_kind.count(level) for level in levels), count)
    yield ("合计", *(counted.by_level.get(level, 0) for level in levels), counted.count)


def _outcomes(counted: Figures) -> Iterator[tuple[str, int]]:
    """In the order of the table, then what an import called otherwise; the counts and those open make up the sum."""
    for code in (*outcomes.outcomes(), *(counted.by_outcome.keys() - outcomes.outcomes().keys())):
        if counted.by_outcome[code]:
            yield outcomes.outcome_name(code), counted.by_outcome[code]
    yield "在办", counted.open
    yield "合计", counted.count


def _matter(matter: Matter, zone: tzinfo) -> tuple[Any, ...]:
    return (
        matter.number,
        _local(matter.opened_at, zone),
        matter.town,
        wording.category_name(matter.category),
        wording.LEVELS[matter.level],
        wording.specialty_name(matter.specialty),
        None if matter.private else matter.hospital,
        STATUS.get(matter.status, matter.status),
        _rounded(matter.to_acknowledge),
        _rounded(matter.to_accept),
        _local(matter.closed_at, zone),
        outcomes.outcome_name(matter.outcome) or None,
    )


def _local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Excel knows no zones: the site's time of day."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0) if moment else None


def _rounded(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)
