"""A unit has stopped: who is told where its patients go instead, and which passes no longer hold."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import groupby

from sqlalchemy import select

from actions.desk import BOT, Desk
from actions.dialysis.plan import Planned, group_room, planned, speakers_for
from actions.dialysis.wording import day_name, masked
from actions.models import Pass
from actions.passes.withdraw import withdraw


def tell(desk: Desk, moved: list[Planned]) -> None:
    """One proposal in the dialysis room, and in every other room its own patients. `moved`: as it was before."""
    now = {(each.patient.id, each.day): each for each in planned(desk, {each.day for each in moved})}
    by_room: dict[str | None, list[Planned]] = defaultdict(list)
    room = group_room(desk)
    for each in moved:
        by_room[room].append(each)
        if each.patient.room not in (None, room):
            by_room[each.patient.room].append(each)
    for place, sessions in by_room.items():
        targets = dict.fromkeys(now[each.patient.id, each.day].hospital for each in sessions)
        others = [name for name in targets if name not in {each.hospital for each in moved}]
        named = [*speakers_for(desk, others, place), *desk.first_on_duty()] if place == room else []
        desk.post(
            f"dialysis:stopped:{sessions[0].day}:{desk.now.isoformat()}",
            "proposal" if place == room else "relay",
            "\n".join(_lines(desk, sessions, now)),
            room=place,
            mentions=named,
        )


def _lines(desk: Desk, sessions: list[Planned], now: dict[tuple[int, date], Planned]) -> list[str]:
    houses = "、".join(dict.fromkeys(each.hospital for each in sessions))
    lines = [
        desk.phrases.say("dialysis_stopped", hospital=houses, count=len({s.patient.id for s in sessions}))
    ]
    for _, group in groupby(sessions, key=lambda each: each.day):
        those = list(group)
        lines.append(desk.phrases.say("dialysis_stopped_day", day=day_name(those[0]), count=len(those)))
        lines += [_line(desk, each, now[each.patient.id, each.day]) for each in those]
    return lines


def _line(desk: Desk, was: Planned, now: Planned) -> str:
    if now.hospital == was.hospital:
        return desk.phrases.say("dialysis_no_place", who=masked(was.patient), shift=was.shift)
    other = now.shift != was.shift
    shift = desk.phrases.say("dialysis_other_shift", shift=now.shift, was=was.shift) if other else now.shift
    return desk.phrases.say(
        "dialysis_goes_to", who=masked(was.patient), hospital=now.hospital, shift=shift, start=now.start
    )


def withdraw_passes(desk: Desk, moved: list[Planned], *, stopped: bool = True) -> None:
    """Passes that lead to where these sessions were are withdrawn; the rooms they were issued in are told.

    `stopped`: because the unit there has stopped, else because their own works again.
    """
    told: dict[str | None, list[Pass]] = defaultdict(list)
    for each in moved:
        query = select(Pass).where(
            Pass.patient_id == each.patient.id,
            Pass.hospital == each.hospital,
            Pass.withdrawn_at.is_(None),
            Pass.valid_to > desk.now,
        )
        for row in desk.session.scalars(query):
            if str(each.day) in row.days:
                withdraw(desk, row, BOT, outdated=True)
                told[row.room or group_room(desk)].append(row)
    for room, rows in told.items():
        serials = "、".join(row.serial for row in rows)
        house = rows[0].hospital
        text = (
            desk.phrases.say("dialysis_passes", serials=serials, hospital=house)
            if stopped
            else desk.phrases.say("dialysis_passes_changed", serials=serials)
        )
        desk.post(f"pass:outdated:{rows[0].serial}", "relay", text, room=room)
