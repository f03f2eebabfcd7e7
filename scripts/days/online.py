"""Dongguan's mild cases: consultation, prescription, payment, the medicine at the door."""

from __future__ import annotations

from scripts.days.answers import accept, of_any, urgent
from scripts.days.day import Day, Matter, Steps

SEES = (
    "可以线上看，让他进健康东莞小程序挂我们院",
    "收，我们互联网医院接诊",
    "可以，线上问诊进来就行",
    "我们接，让他小程序上排队",
)
CONSULTED = ("线上问诊好了，处方开了", "医生视频看过了，处方已经开好", "问诊完了，药开好了")
SENT = ("付好钱了，药已经发货", "费用付了，快递在路上", "药寄出了")
DELIVERED = ("药送到了", "药收到了，谢谢医生", "快递送到了，药拿到了", "药已签收")


def of_online(day: Day, matter: Matter) -> Steps:
    """Report, and the steps of a consultation online; of a refill only that it came. Ⅰ–Ⅱ and children: hospital."""
    if matter.said.kind not in ("FEVER", "MEDS"):
        yield from of_any(day, matter)
        return
    day.report(matter)
    if not matter.number:
        return
    if day.state(matter)["level"] <= 2:
        yield from urgent(day, matter)
        return
    yield day.between(4, 12)
    _accept(day, matter)
    if matter.said.kind == "FEVER":
        yield day.between(15, 60)
        day.on(matter, matter.contact, *CONSULTED)
    yield day.between(5, 30)
    if matter.said.kind == "FEVER" and day.dice.random() < 0.5:
        day.on(matter, matter.contact, *SENT)
    yield day.between(60, 180)
    if day.dice.random() < 0.95 or day.state(matter)["level"] == 3:
        day.on(matter, matter.contact, *DELIVERED)


def _accept(day: Day, matter: Matter) -> None:
    spokesman = day.spokesman(day.state(matter)["hospital"], day.room)
    if spokesman:
        day.on(matter, spokesman.name, *SEES)
    else:
        accept(day, matter)
