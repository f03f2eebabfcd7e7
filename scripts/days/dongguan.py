"""The day of Dongguan, 19 December 2022: sixteen internet hospitals and a wave of mild fever."""

from __future__ import annotations

from datetime import timedelta

from scripts.days.around import chatter, questions
from scripts.days.day import Day, Matter
from scripts.days.online import of_online
from scripts.days.texts import Filler, read


def plan(day: Day) -> None:
    """Everything that begins by itself; `day.start` is the morning."""
    offices = [
        name for name, member in day.members.items() if member.role == "contact" and "松山湖" not in name
    ]
    contacts = {name.partition("防控办")[0]: name for name in offices}
    filler = Filler(day.dice, list(contacts))
    for kind, count, lines in read("dongguan"):
        for said in filler.reports(kind, count, lines):
            at = day.start + timedelta(minutes=day.between(10, 600))
            day.begin(at, of_online(day, Matter(said, contacts[said.town])))
    chatter(day, day.start, 600, offices)
    questions(day, day.start + timedelta(minutes=70), offices, "发热门诊专家群", ["感染科-邓主任"] * 8)
