"""How people answer on a case, by its level and kind, until one of them closes it."""

from __future__ import annotations

from scripts.days.day import Day, Matter, Steps

TAKES = ("我来跟", "我来联系", "这个我来跟", "我来处理")
HOSPITAL = (
    "收，直接过来",
    "可以，让他现在过来",
    "我们接收，到急诊找我",
    "可以收，走绿色通道",
    "收的，身份证要带",
    "行，我们收",
)
FOR_HOSPITAL = ("{h}说可以收", "打过电话了，{h}收", "{h}答应了，可以接收", "{h}那边联系好了，可以收")
FULL = ("这个我们收不了，床位满了，换一家", "不好意思，我们满了，收不了", "今天收不了，人手不够")
ENGAGED = ("{h}电话占线，打不进", "{h}没人接电话，换一家", "打了三次{h}都占线")
EXPERT = ("可以收，直接送过来", "我们收，让她过来", "收，到了打我电话", "可以，送过来吧")
LEAVES = ("出发了", "已经上车了", "车接到了，在路上", "接走了")
AMBULANCE = ("120接走了", "救护车到了，已经上车", "120已派，车子出发了")
ARRIVES = ("到医院了", "到急诊了", "人到了", "到了，已经交给医生")
CLOSES = ("看好了，已经回家，结案", "医生看过了，没大问题，办结", "处理好了，结案", "看完回来了，可以结案了")
CLOSES_URGENT = ("已收治，办结", "医院接手了，已住院，结案", "抢救室收了，交接完成，结案")
AT_HOME = ("社区上门处理好了，结案", "已经安排好，办结", "解决了，可以结案")
ROOMS = {"MATERNAL": "孕产妇专家联络群", "ONCO": "肿瘤化疗专家联络群", "DIALYSIS": "血透协调群"}


def of_any(day: Day, matter: Matter) -> Steps:
    """Report and everything that follows."""
    day.report(matter)
    if not matter.number:
        return
    level = day.state(matter)["level"]
    yield from urgent(day, matter) if level <= 2 else ordinary(day, matter, level)


def urgent(day: Day, matter: Matter) -> Steps:
    """Ⅰ–Ⅱ: somebody takes it at once, the ambulance goes, a coordinator closes it."""
    yield day.between(0.5, 1.4)
    day.on(matter, day.duty(), *TAKES)
    yield day.between(1, 3)
    if day.dice.random() < 0.15:
        decline(day, matter)
        yield day.between(1, 2)
    accept(day, matter)
    yield day.between(3, 8)
    day.on(matter, matter.contact, *AMBULANCE)
    yield day.between(7, 12)
    day.on(matter, matter.contact, *ARRIVES)
    yield day.between(6, 12)
    if day.is_open(matter):
        day.on(matter, day.duty(), *CLOSES_URGENT)


def ordinary(day: Day, matter: Matter, level: int) -> Steps:
    """Ⅲ–Ⅳ: an answer within a quarter of an hour or the hour, a visit, the contact closes it."""
    yield day.between(3, 9) if level == 3 else day.between(8, 40)
    if day.dice.random() < 0.12:
        decline(day, matter)
        yield day.between(2, 4)
    accept(day, matter)
    category = day.state(matter)["category"]
    if category in ("CHRONIC", "CARE", "PSYCH", "MEDS") and level == 4:
        yield day.between(60, 300)
        if day.dice.random() < 0.9:
            day.on(matter, day.duty() if category == "PSYCH" else matter.contact, *AT_HOME)
        return
    yield day.between(10, 30)
    day.on(matter, matter.contact, *LEAVES)
    yield day.between(15, 40)
    day.on(matter, matter.contact, *ARRIVES)
    yield day.between(30, 90)
    if day.is_open(matter):
        day.on(matter, matter.contact, *CLOSES)


def decline(day: Day, matter: Matter) -> None:
    """The hospital is full or its telephone engaged; only where there is another to ask."""
    state = day.state(matter)
    if len(state["candidates"]) < 2 or state["category"] in (*ROOMS, "PSYCH"):
        return
    spokesman = day.spokesman(state["hospital"], day.room)
    if spokesman:
        day.on(matter, spokesman.name, *FULL)
    else:
        day.on(matter, day.duty(), *_about(day, state["hospital"], ENGAGED))


def accept(day: Day, matter: Matter) -> None:
    """The expert group answers, the hospital itself, or the coordinator who telephoned."""
    state = day.state(matter)
    hospital, room = state["hospital"], ROOMS.get(state["category"])
    if hospital is None:
        day.on(matter, day.duty(), *TAKES)
    elif room and day.site == "songjiang":
        _in_group(day, matter, hospital, room)
    elif spokesman := day.spokesman(hospital, day.room):
        day.on(matter, spokesman.name, *HOSPITAL)
    else:
        day.on(matter, day.duty(), *_about(day, hospital, FOR_HOSPITAL))


def _in_group(day: Day, matter: Matter, hospital: str, room: str) -> None:
    """In the room of the expert group, by number: nobody has only one case there."""
    expert = {"MATERNAL": "产科-李主任", "ONCO": "肿瘤科-钱主任"}.get(day.state(matter)["category"])
    spokesman = day.spokesman(hospital, room)
    if spokesman and (expert is None or day.dice.random() < 0.4):
        day.say(spokesman.name, f"{matter.number} {day.dice.choice(HOSPITAL)}", room=room)
    elif expert and 8 <= day.now.hour < 18:
        day.say(expert, f"{matter.number} {day.dice.choice(EXPERT)}", room=room)
    else:
        day.on(matter, day.duty(), *_about(day, hospital, FOR_HOSPITAL))


def _about(day: Day, hospital: str, ways: tuple[str, ...]) -> list[str]:
    return [way.format(h=day.short[hospital]) for way in ways]
