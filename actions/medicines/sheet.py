"""The list as rows of a table, one for each medicine: for the Excel file and whoever counts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from actions import wording
from actions.desk import Desk
from actions.medicines.batch import listed_on, state, until
from actions.medicines.screen import sayings
from actions.medicines.table import medicine_table
from actions.models import Case, MedicineItem
from actions.privacy import mask_phone

# fmt: off
COLUMNS = (
    "编号", "医院", "志愿者", "街镇", "居民", "性别年龄", "地址", "电话尾号", "医保卡", "药名", "商品名", "规格", "包装", "剂型",
    "数量", "剩余天数", "用到", "注意", "进度", "报的人", "报的时间",
)
# fmt: on
Row = tuple[str | int | None, ...]
HOSPITAL, VOLUNTEER = COLUMNS.index("医院"), COLUMNS.index("志愿者")


def sheet_rows(desk: Desk, moment: datetime) -> list[Row]:
    """What the list of `moment` held, as it stands now: by hospital, then by number."""
    cases = listed_on(desk, moment)
    query = select(MedicineItem).where(MedicineItem.case_id.in_([case.id for case in cases]))
    items: dict[int, list[MedicineItem]] = {case.id: [] for case in cases}
    for item in desk.session.scalars(query.order_by(MedicineItem.id)):
        items[item.case_id].append(item)
    rows = [row for case in cases for row in _of_case(desk, case, items[case.id])]
    return sorted(rows, key=lambda row: (str(row[HOSPITAL]), str(row[0])))


def by_volunteer(rows: Sequence[Row]) -> list[Row]:
    """The same for whoever goes: what nobody has taken stands last."""
    return sorted(rows, key=lambda row: (row[VOLUNTEER] is None, str(row[VOLUNTEER]), str(row[HOSPITAL])))


def _of_case(desk: Desk, case: Case, items: list[MedicineItem]) -> Iterator[Row]:
    """One row a medicine; of a private matter one with number, town and whom to ask."""
    who = case.assignees[-1] if case.assignees else None
    told = f"{desk.local(case.opened_at):%m-%d %H:%M}"
    heading = case.hospital or desk.phrases.say("no_hospital")
    if case.private:
        note = desk.phrases.say("medicine_private")
        hidden = wording.hospital(desk, case)
        yield (
            case.number,
            hidden,
            who,
            case.town,
            *[None] * 13,
            note,
            _progress(desk, case, []),
            case.opened_by,
            told,
        )
        return
    fields = case.fields
    person = (
        case.town,
        next((item.patient for item in items if item.patient), None),
        wording.person(case, desk.today) or None,
        fields.get("address"),
        mask_phone(str(fields["phone"])) if fields.get("phone") else None,
    )
    if any(item.apart for item in items):
        heading = desk.phrases.say("batch_apart")
    medicines: list[MedicineItem | None] = [*items] or [None]
    for item in medicines:
        yield (
            case.number, heading, (item.taken_by if item else None) or who, *person,
            *_medicine(desk, case, item), _progress(desk, case, [item] if item else []), case.opened_by, told,
        )  # fmt: skip


def _medicine(desk: Desk, case: Case, item: MedicineItem | None) -> Row:
    if item is None:
        return (*[None] * 10,)
    card = desk.phrases.say(f"medicine_card_{item.card}") if item.card else None
    notes = "；".join(sayings(item.screens, medicine_table())) or None
    return (
        card, item.drug, item.brand, item.strength, item.pack, item.form, item.quantity, item.days_left,
        until(desk, case, [item]) or None, notes,
    )  # fmt: skip


def _progress(desk: Desk, case: Case, items: list[MedicineItem]) -> str:
    """Where it stands: the end of the case, else what is known of the medicine."""
    if case.closed_at is not None:
        return desk.phrases.say(f"medicine_ended_{case.status}")
    if items and items[0].step == "delivered":
        return desk.phrases.say("medicine_ended_closed")
    return state(desk, case, items) or desk.phrases.say("medicine_waiting")


def as_text(row: Row) -> str:
    """One row on a line of the terminal."""
    return " | ".join(str(cell) for cell in row if cell is not None)
