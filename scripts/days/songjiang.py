"""The day of Songjiang, 4 April 2022: from the evening before, when medicines are gathered, to the next morning."""

from __future__ import annotations

from datetime import timedelta

from scripts.days import answers
from scripts.days.around import chatter, questions
from scripts.days.day import Day, Matter, Steps
from scripts.days.texts import Filler, Said, read

DIALYSIS_ROOM = "血透协调群"
EVENING = 24
TOWNS = [
    "岳阳",
    "永丰",
    "方松",
    "中山",
    "广富林",
    "九里亭",
    "泗泾",
    "佘山",
    "车墩",
    "新桥",
    "洞泾",
    "九亭",
    "泖港",
    "石湖荡",
    "新浜",
    "叶榭",
    "小昆山",
]
VOLUNTEERS = ("志愿者-小马", "志愿者-阿杰", "志愿者-小雨", "志愿者-老夏", "志愿者-晓晨")
TAKES = ("{}我去配", "{}我来配", "{}归我", "{}我去拿")
BOUGHT = ("{}配好了", "{}药拿到了", "{}都配到了")
BROUGHT = ("{}药送到了", "{}都送到了", "{}已送到本人手上")
REGISTERED = """登记血透：
刘桂芳 女 69 方松街道云桦苑7号楼 0000-2001 一三五 早班 专车
孙德明 男 62 中山街道文澜苑3号楼 0000-2002 一三五 早班 自行前往
陈金妹 女 71 永丰街道紫藤花园9号楼 0000-2003 一三五 早班 专车
吴国良 男 58 岳阳街道梧桐里12号楼 0000-2004 一三五 中班 自行前往"""
REGISTERED_2 = """登记血透：
徐阿大 男 66 泗泾镇丽景苑5号楼 0000-2005 泗泾医院 一三五 早班 专车
沈玉珍 女 73 九亭镇金桂园8号楼 0000-2006 泗泾医院 一三五 早班 专车"""


def contact_of(town: str) -> str:
    """The prevention office of a town."""
    return next(name for name in _CONTACTS if name.startswith(town))


_CONTACTS = [
    "岳阳防控办-小沈",
    "永丰防控办-小陆",
    "方松防控办-小顾",
    "中山防控办-小许",
    "广富林防控办-小严",
    "九里亭防控办-小潘",
    "泗泾防控办-小徐",
    "佘山防控办-小张",
    "车墩防控办-小朱",
    "新桥防控办-小俞",
    "洞泾防控办-小蒋",
    "九亭防控办-小吴",
    "泖港防控办-小金",
    "石湖荡防控办-小杨",
    "新浜防控办-小唐",
    "叶榭防控办-小曹",
    "小昆山防控办-小陶",
]


def plan(day: Day) -> None:
    """Everything that begins by itself; `day.start` is the evening before."""
    filler = Filler(day.dice, TOWNS)
    morning = (day.start + timedelta(days=1)).replace(hour=7, minute=30)
    medicines: list[Said] = []
    for kind, count, lines in read("songjiang"):
        if kind == "MEDS":
            medicines = list(filler.reports(kind, EVENING, lines))
        for said in filler.reports(kind, count, lines):
            matter = Matter(said, contact_of(said.town))
            minutes = day.between(30, 480) if kind == "MEDS" else day.between(0, 660)
            day.begin(morning + timedelta(minutes=minutes), _one(day, matter))
    day.begin(day.start + timedelta(minutes=5), _register(day))
    for at in range(0, EVENING, 3):
        day.begin(day.start + timedelta(minutes=40 + 8 * at), _gather(day, at // 3, medicines[at : at + 3]))
    _around(day, morning)


def _one(day: Day, matter: Matter) -> Steps:
    yield from (_fetched if matter.said.kind == "MEDS" else answers.of_any)(day, matter)


def _around(day: Day, morning: object) -> None:
    start = day.start + timedelta(days=1)
    day.begin(start.replace(hour=10, minute=38), _sessions(day))
    day.begin(start.replace(hour=13, minute=20), _full(day))
    chatter(day, start.replace(hour=7, minute=40), 660, [contact_of(town) for town in TOWNS])
    questions(
        day,
        start.replace(hour=9),
        [contact_of(town) for town in TOWNS],
        "药师咨询群",
        ["药师-王老师"] * 4 + ["药师-章老师"] * 4,
    )


def _register(day: Day) -> Steps:
    """The units enter their patients the evening before."""
    day.say("区中心-门办小黄", REGISTERED, room=DIALYSIS_ROOM)
    yield 4
    day.say("泗泾医院-小冯", REGISTERED_2, room=DIALYSIS_ROOM)


def _sessions(day: Day) -> Steps:
    """One of the morning's patients does not come."""
    day.say("泗泾医院-小冯", "今天早班都透完了", room=DIALYSIS_ROOM)
    yield 3
    day.say("区中心-门办小黄", "今天早班除了刘桂芳都透完了", room=DIALYSIS_ROOM)
    yield 2
    missed = Matter(Said("DIALYSIS", "方松", "刘桂芳没来，电话打过去说专车没到"), "区中心-门办小黄")
    day.report(missed, room=DIALYSIS_ROOM)
    yield 4
    day.say("专班-陈老师", f"{missed.number} 我来跟，马上派车", room=DIALYSIS_ROOM)
    yield 5
    day.say("区中心-门办小黄", f"{missed.number} 收，下午加一班", room=DIALYSIS_ROOM)
    yield 40
    day.say("专班-陈老师", f"{missed.number} 专车已接到", room=DIALYSIS_ROOM)
    yield 30
    day.say("区中心-门办小黄", f"{missed.number} 到了，已上机", room=DIALYSIS_ROOM)
    yield 190
    day.say("区中心-门办小黄", "今天中班都透完了", room=DIALYSIS_ROOM)
    yield 20
    if day.is_open(missed):
        day.say("专班-陈老师", f"{missed.number} 透好回家了，办结", room=DIALYSIS_ROOM)


def _full(day: Day) -> Steps:
    """A hospital that cannot take anybody for some hours."""
    day.say("区中心-门办小黄", "各位老师，我们急诊满了，到下午4点")
    yield 158
    day.say("区中心-门办小黄", "我们急诊恢复接收了")


def _gather(day: Day, turn: int, told: list[Said]) -> Steps:
    """Three requests in one message; the next day a volunteer sees to them."""
    volunteer = VOLUNTEERS[turn % len(VOLUNTEERS)]
    matters = [Matter(said, volunteer) for said in told]
    text = "【明天配药】\n" + "\n".join(f"{at}. {said.text}" for at, said in enumerate(told, start=1))
    if not day.report_all(matters, text):
        return
    morning = (day.start + timedelta(days=1)).replace(hour=8, minute=3)
    yield (morning - day.now) / timedelta(minutes=1) + 4 * turn
    yield from _round(day, volunteer, matters)


def _fetched(day: Day, matter: Matter) -> Steps:
    """Asked for in the day: some are fetched the same afternoon, the others are in the next morning's list."""
    day.report(matter)
    if not matter.number:
        return
    if day.state(matter)["level"] <= 2:
        yield from answers.urgent(day, matter)
        return
    if day.dice.random() < 0.4:
        return
    yield day.between(20, 60)
    yield from _round(day, day.dice.choice(VOLUNTEERS), [matter])


def _round(day: Day, volunteer: str, matters: list[Matter]) -> Steps:
    """A volunteer's way: taken, bought, at the door."""
    numbers = "、".join(matter.number for matter in matters if matter.number)
    day.say(volunteer, day.dice.choice(TAKES).format(f"{numbers} "))
    yield day.between(60, 150)
    day.say(volunteer, day.dice.choice(BOUGHT).format(f"{numbers} "))
    yield day.between(30, 90)
    day.say(volunteer, day.dice.choice(BROUGHT).format(f"{numbers} "))
