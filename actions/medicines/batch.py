"""The morning's list: what is to be fetched, per hospital, with who goes for it (contract §8.12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from actions import wording
from actions.audience import Place
from actions.case import in_batch, open_cases
from actions.desk import BOT, Desk
from actions.medicines.record import FINAL
from actions.medicines.screen import sayings
from actions.medicines.table import medicine_table
from actions.models import Case, MedicineItem
from actions.online.shown import is_refill
from actions.privacy import mask_name


def post_batch(desk: Desk) -> None:
    """All open medicine requests, per hospital, in the room they came from.

    What is private, or was asked for in private, goes to the coordinator on duty: it has no room to be listed in.
    """
    places: dict[Place, list[Case]] = defaultdict(list)
    for case in open_cases(desk.session):
        if in_batch(case):
            alone = case.private or case.room is None
            for place in [(None, name) for name in desk.first_on_duty()] if alone else [(case.room, None)]:
                places[place].append(case)
    for (room, to), cases in places.items():
        _post_list(desk, room, to, cases)


def _post_list(desk: Desk, room: str | None, to: str | None, cases: list[Case]) -> None:
    called = {case.id: _on_call(desk, case) for case in cases}
    post = desk.post(
        f"batch:{desk.local(desk.now).date()}",
        "batch",
        "\n".join(list_lines(desk, cases)),
        room=room,
        to=to,
        cases=cases,
        mentions=[name for case in cases for name in called[case.id]] if room else [],
        only_while_open=True,
    )
    for case in cases if post else []:
        desk.log(case, BOT, "listed", named=called[case.id])


def list_lines(desk: Desk, cases: Sequence[Case]) -> list[str]:
    """The list as it is posted: per hospital, what goes another way, and who has taken what."""
    items = items_by_case(desk, cases)
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[_heading(desk, case, items[case.id])].append(case)
    ordered = sorted(groups.items(), key=lambda group: group[0] == desk.phrases.say("batch_apart"))
    lines = [desk.phrases.say("batch_head", count=len(cases))]
    for heading, group in ordered:
        lines.append(desk.phrases.say("batch_hospital", hospital=heading, count=len(group)))
        lines += [_line(desk, case, items[case.id]) for case in group]
    return [*lines, *_by_volunteer(desk, cases)]


def items_by_case(desk: Desk, cases: Iterable[Case]) -> dict[int, list[MedicineItem]]:
    """What is still to be delivered of each case; an empty list where nobody said what."""
    found: dict[int, list[MedicineItem]] = {case.id: [] for case in cases}
    query = select(MedicineItem).where(MedicineItem.case_id.in_(found)).order_by(MedicineItem.id)
    for item in desk.session.scalars(query):
        if item.step not in FINAL:
            found[item.case_id].append(item)
    return found


def _heading(desk: Desk, case: Case, items: list[MedicineItem]) -> str:
    if any(item.apart for item in items):
        return desk.phrases.say("batch_apart")
    name = "batch_online" if is_refill(case) else "batch_house"
    return desk.phrases.say(name, hospital=case.hospital or desk.phrases.say("no_hospital"))


def _line(desk: Desk, case: Case, items: list[MedicineItem]) -> str:
    if not items:
        return wording.short(case, desk.today)
    who = " ".join(
        word for word in (case.town or "", patient(items), wording.person(case, desk.today)) if word
    )
    what = "、".join(in_words(item) for item in items)
    rest = [
        until(desk, case, items),
        _card(desk, items),
        *sayings((each for item in items for each in item.screens), medicine_table()),
        state(desk, case, items),
    ]
    told = "，".join(word for word in [what, *rest] if word)
    return desk.phrases.say("batch_line", number=case.number, who=who, what=told)


def patient(items: Sequence[MedicineItem]) -> str:
    """How a room may call the patient: 王阿姨 as written, of 王桂芳 the family name."""
    name = next((item.patient for item in items if item.patient), "")
    if not name or medicine_table().words["title"].search(name):
        return name
    return mask_name(name)


def in_words(item: MedicineItem) -> str:
    """络活喜（氨氯地平）5mg*7片×3盒."""
    name = f"{item.brand}（{item.drug}）" if item.brand else item.drug
    pack = f"*{item.pack}" if item.pack else ""
    form = item.form if item.form and item.form not in name and item.form != "片" else ""
    return f"{name}{form}{item.strength or ''}{pack}" + (f"×{item.quantity}" if item.quantity else "")


def until(desk: Desk, case: Case, items: Sequence[MedicineItem]) -> str:
    """The day the first of them ends; that it has ended."""
    days = [item.days_left for item in items if item.days_left is not None]
    if not days:
        return ""
    ends = desk.local(case.opened_at + timedelta(days=min(days)))
    if ends.date() < desk.local(desk.now).date() or min(days) < 0:
        return desk.phrases.say("medicine_out")
    return desk.phrases.say("medicine_until", month=ends.month, day=ends.day)


def _card(desk: Desk, items: Sequence[MedicineItem]) -> str:
    card = next((item.card for item in items if item.card), None)
    return desk.phrases.say(f"medicine_card_{card}") if card else ""


def state(desk: Desk, case: Case, items: Sequence[MedicineItem]) -> str:
    """How far it has come: the problem, who goes, that it is bought."""
    words = []
    problem = next(
        (item.problem for item in items if item.problem and item.problem_at == case.hospital), None
    )
    if problem:
        words.append(desk.phrases.say(f"problem_{problem}"))
    if any(item.step == "bought" for item in items):
        words.append(desk.phrases.say("medicine_bought"))
    if takers := list(dict.fromkeys(item.taken_by for item in items if item.taken_by)):
        words.append(desk.phrases.say("medicine_taken", who=wording.names(takers)))
    return "，".join(words)


def _by_volunteer(desk: Desk, cases: Sequence[Case]) -> list[str]:
    """Who has taken which; when somebody has, what nobody has."""
    taken: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for name in case.assignees[-1:]:
            taken[name].append(case)
    short = short_numbers(cases)
    lines = [
        desk.phrases.say("batch_of_one", who=name, numbers=wording.names(short[each.id] for each in theirs))
        for name, theirs in taken.items()
    ]
    free = [short[case.id] for case in cases if not case.assignees]
    if taken and free:
        lines.append(desk.phrases.say("batch_of_nobody", numbers=wording.names(free)))
    elif free:
        lines.append(desk.phrases.say("batch_take", example=free[0]))
    return lines


def short_numbers(cases: Iterable[Case]) -> dict[int, str]:
    """1号 for a case whose number nobody else on the list ends with, else the number in full."""
    cases = list(cases)
    ends = Counter(case.number.rpartition("-")[2] for case in cases)
    return {
        case.id: f"{int(end)}号" if ends[end] == 1 else case.number
        for case in cases
        for end in [case.number.rpartition("-")[2]]
    }


def _on_call(desk: Desk, case: Case) -> list[str]:
    """The coordinator on duty; the second as well when the medicine is about to end and nobody was charged (§6)."""
    second = desk.on_duty("DUTY2") if _runs_out(desk, case) and not case.assignees else None
    return list(dict.fromkeys([*desk.first_on_duty(), *([second] if second else [])]))


def _runs_out(desk: Desk, case: Case) -> bool:
    """Whether the medicine ends within the policy's hours (§6: then the second on duty is called)."""
    left = case.fields.get("days_left")
    if left is None:
        return False
    ends = case.opened_at + timedelta(days=float(left))
    return ends - desk.now < timedelta(hours=desk.site.policy.medicine_second_hours)


def listed_on(desk: Desk, moment: datetime) -> list[Case]:
    """The medicine requests that were open at a moment, whether they are now or not, in order of their numbers."""
    query = (
        select(Case)
        .where(Case.opened_at <= moment, (Case.closed_at.is_(None)) | (Case.closed_at > moment))
        .order_by(Case.id)
    )
    return [case for case in desk.session.scalars(query) if in_batch(case) and case.status != "merged"]
