"""Post-natal care: the health centre of the town is told of mother and newborn once, and asked when a visit is due."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy import select

from actions import wording
from actions.audience import Place, places
from actions.case import is_open
from actions.desk import BOT, Desk
from actions.maternal.models import BirthTold, PostnatalVisit
from actions.maternal.visits_table import DISCHARGE, Visit, visits
from actions.models import Case
from actions.privacy import mask_name, mask_phone, to_estate

LEAST_URGENT = 3
"""While a case above it is open the mother is in danger, and nobody thinks of visits."""
LISTED = 20
CENTRE = "社区"
"""The kind of institution that visits mothers at home."""


def plan(desk: Desk, row: BirthTold) -> None:
    """The visits of a birth as rows, counted anew when the day she left hospital is told; what is done stays."""
    known = {each.what: each for each in of_case(desk, row.case_id)}
    for visit in visits():
        start = (row.left_on or row.day) if visit.after == DISCHARGE else row.day
        due = known.get(visit.what)
        if due is None:
            due = PostnatalVisit(case_id=row.case_id, what=visit.what, asked=0)
            desk.session.add(due)
        due.first, due.last, due.ask_on = (start + timedelta(days=n) for n in _days(visit))
    desk.session.flush()


def _days(visit: Visit) -> tuple[int, int, int]:
    return visit.first, visit.last, visit.ask


def of_case(desk: Desk, case_id: int) -> list[PostnatalVisit]:
    """The visits of a case, the first due in front."""
    query = select(PostnatalVisit).where(PostnatalVisit.case_id == case_id).order_by(PostnatalVisit.last)
    return list(desk.session.scalars(query))


def hand_over(desk: Desk, case: Case, row: BirthTold) -> None:
    """Tell the health centre once, in its room; while the mother is in danger it waits for the case's end."""
    if row.kind != "birth" or row.handed_at is not None or (is_open(case) and case.level < LEAST_URGENT):
        return
    row.handed_at = desk.now
    text = desk.phrases.say(
        "postnatal_handed",
        number=case.number,
        town=case.town or desk.phrases.say("postnatal_no_town"),
        who=_person(case, desk.today),
        birth=birth_words(desk, row),
        visits="；".join(_due_words(desk, row, due) for due in of_case(desk, case.id)),
    )
    for room, to in _places(desk, case):
        desk.post(
            f"{case.number}:postnatal:m{row.message_id}",
            "relay",
            text,
            room=room,
            to=to,
            cases=[case],
            mentions=_who(desk, case, room) if room else [],
        )
    desk.log(case, BOT, "postnatal_handed")


def hand_over_late(desk: Desk) -> None:
    """Those whose danger is over by now."""
    query = select(BirthTold).where(BirthTold.kind == "birth", BirthTold.handed_at.is_(None))
    for row in desk.session.scalars(query):
        hand_over(desk, desk.session.get_one(Case, row.case_id), row)


def visited(desk: Desk, case: Case, who: str) -> None:
    """The first of the visits that are not done, has been."""
    due = next((each for each in of_case(desk, case.id) if each.done_at is None), None)
    if due is not None:
        due.done_at, due.done_by = desk.now, who
        desk.log(case, who, "postnatal_visited", visit=due.what)


def take_back(desk: Desk, case: Case, message: int) -> None:
    """The birth was a slip; those who were told of it hear so."""
    text = desk.phrases.say("postnatal_taken_back", number=case.number)
    for room, to in _places(desk, case):
        desk.post(f"{case.number}:postnatal:m{message}", "relay", text, room=room, to=to, cases=[case])


def ask_for_visits(desk: Desk, moment: datetime) -> None:
    """The morning's list: one post a room of the visits of which nobody has told by their day; each stands in it once."""
    hand_over_late(desk)
    today = desk.local(moment).date()
    query = (
        select(PostnatalVisit, Case)
        .join(Case, Case.id == PostnatalVisit.case_id)
        .where(PostnatalVisit.done_at.is_(None), PostnatalVisit.ask_on <= today, PostnatalVisit.asked == 0)
        .order_by(PostnatalVisit.last, Case.id)
    )
    listed: dict[Place, list[tuple[PostnatalVisit, Case]]] = defaultdict(list)
    for due, case in desk.session.execute(query):
        for place in _places(desk, case):
            listed[place].append((due, case))
    for (room, to), found in listed.items():
        _post(desk, today, room, to, found)


def _post(
    desk: Desk, today: date, room: str | None, to: str | None, found: list[tuple[PostnatalVisit, Case]]
) -> None:
    lines = [desk.phrases.say("postnatal_list")]
    for due, case in found[:LISTED]:
        lines.append(
            desk.phrases.say(
                "postnatal_line",
                number=case.number,
                town=case.town or "",
                who=_person(case, today),
                what=due.what,
                last=_day(due.last),
            )
        )
        due.asked += 1
    cases = list({case.id: case for _, case in found[:LISTED]}.values())
    who = [name for case in cases for name in _who(desk, case, room)] if room else []
    desk.post(
        f"postnatal:list:{today}", "batch", "\n".join(lines), room=room, to=to, cases=cases, mentions=who
    )


def birth_words(desk: Desk, row: BirthTold) -> str:
    """4月5日剖宫产，男婴3200克."""
    way = row.how or "told"
    how = desk.phrases.say(f"birth_{way}")
    babies = [_baby(desk, each.get("sex"), each.get("grams")) for each in row.babies]
    return f"{_day(row.day)}{how}" + "".join(f"，{each}" for each in babies if each)


def _baby(desk: Desk, sex: str | None, grams: int | None) -> str:
    if sex is None and grams is None:
        return ""
    which = sex or "told"
    name = desk.phrases.say(f"baby_{which}")
    return f"{name}{grams}克" if grams else name


def _due_words(desk: Desk, row: BirthTold, due: PostnatalVisit) -> str:
    unknown = row.left_on is None and any(
        each.what == due.what and each.after == DISCHARGE for each in visits()
    )
    return desk.phrases.say(
        "postnatal_due_after_leaving" if unknown else "postnatal_due",
        what=due.what,
        days=(due.last - due.first).days,
        first=_day(due.first),
        last=_day(due.last),
    )


def _person(case: Case, today: date) -> str:
    """Family name, age and days since the birth, the estate and the end of the telephone number."""
    called = [str(name) for name in case.fields.get("called", []) if len(str(name)) > 1]
    phone = str(case.fields.get("phone", ""))
    words = [
        mask_name(called[0]) if called else "",
        wording.person(case, today),
        to_estate(str(case.fields.get("address", ""))),
        mask_phone(phone) if phone else "",
    ]
    return "，".join(word for word in words if word)


def _places(desk: Desk, case: Case) -> list[Place]:
    """The health centres' room, else the room of origin; of a private case the coordinator on duty alone."""
    rooms = [] if case.private else desk.site.rooms_for("chc")
    return [(rooms[0].name, None)] if rooms else places(desk, case)


def _who(desk: Desk, case: Case, room: str | None) -> list[str]:
    """The members of the town's health centre, else of its prevention office, who are in the room; else on duty."""
    here = [each for each in desk.site.members.values() if room in each.rooms]
    houses = [
        name
        for name, house in desk.site.institutions.items()
        if case.town in house.serves and house.kind == CENTRE
    ]
    own = [each.name for each in here if each.hospital in houses and each.role == "hospital"]
    if own:
        return own
    return [case.opened_by] if any(each.name == case.opened_by for each in here) else desk.first_on_duty()


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
