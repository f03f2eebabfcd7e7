"""How patients of the register and their sessions are put into words: names masked, addresses left out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from actions.desk import Desk
from actions.dialysis.plan import Planned
from actions.models import DialysisPatient
from actions.privacy import mask_name

WEEKDAYS = "一二三四五六日"


def day_name(session: Planned) -> str:
    """4月5日(二)."""
    return f"{session.day.month}月{session.day.day}日({WEEKDAYS[session.day.weekday()]})"


def weekdays(days: str) -> str:
    """二四六 for 246."""
    return "".join(WEEKDAYS[int(day) - 1] for day in days)


def masked(patient: DialysisPatient) -> str:
    """张*（佘山镇）; with the end of the telephone, which tells two of one name apart."""
    more = [patient.town or "", f"尾号{patient.phone[-4:]}" if patient.phone else ""]
    told = " ".join(each for each in more if each)
    return f"{mask_name(patient.name)}（{told}）" if told else mask_name(patient.name)


def by_hospital(desk: Desk, sessions: Iterable[Planned]) -> list[str]:
    """Lines: each hospital with its number, then a line for each shift and way to get there."""
    lines = []
    ordered = sorted(sessions, key=lambda each: (each.hospital, each.begins, each.patient.transport))
    for hospital, group in groupby(ordered, key=lambda each: each.hospital):
        there = list(group)
        lines.append(desk.phrases.say("dialysis_hospital", hospital=hospital, count=len(there)))
        for (_, shift, start, transport), same in groupby(there, key=_together):
            names = "、".join(_who(desk, each) for each in same)
            way = transport or desk.phrases.say("dialysis_no_transport")
            lines.append(
                desk.phrases.say("dialysis_line", shift=shift, start=start, transport=way, names=names)
            )
    return lines


def _together(session: Planned) -> tuple[object, str, str, str]:
    return session.begins, session.shift, session.start, session.patient.transport


def _who(desk: Desk, session: Planned) -> str:
    name = masked(session.patient)
    if not session.moved:
        return name
    return desk.phrases.say("dialysis_moved", who=name, hospital=session.patient.hospital)
