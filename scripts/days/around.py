"""What else is said on a day: thanks and notices that nobody answers, and questions to the pharmacists."""

from __future__ import annotations

from datetime import datetime, timedelta

from scripts.days.day import Day, Steps

CHATTER = (
    "大家辛苦了", "收到", "收到，谢谢老师", "[抱拳][抱拳]", "好的", "辛苦各位", "[强]", "早上好",
    "今天核酸采样点改到文化活动中心", "@所有人 今晚8点开视频会", "物资车下午两点到", "收到收到", "谢谢大家", "好的明白",
)  # fmt: skip
QUESTIONS = (
    ("请问氨氯地平和西柚能一起吃吗", "氨氯地平服药期间不要吃西柚，会影响代谢"),
    ("布洛芬和对乙酰氨基酚能一起吃吗", "布洛芬和对乙酰氨基酚成分不同，一般不建议同时吃，间隔4到6小时"),
    ("请问阿司匹林和布洛芬能一起吃吗", "阿司匹林和布洛芬不建议一起吃，会增加胃出血的风险"),
    ("胰岛素开封以后要放冰箱吗", "胰岛素开封后室温25度以下可以放4周，不用再放冰箱"),
    ("请问阿托伐他汀可以早上吃吗", "阿托伐他汀什么时间吃都可以，每天固定时间就行"),
    ("连花清瘟和感冒灵可以同时用吗", "连花清瘟和感冒灵不要一起用，选一种就可以"),
)


def chatter(day: Day, start: datetime, minutes: int, people: list[str], count: int = 40) -> None:
    """Lines that need no answer."""
    for _ in range(count):
        day.begin(start + timedelta(minutes=day.between(0, minutes)), _line(day, day.dice.choice(people)))


def _line(day: Day, who: str) -> Steps:
    day.say(who, day.dice.choice(CHATTER))
    yield from ()


def questions(day: Day, start: datetime, people: list[str], room: str, answering: list[str]) -> None:
    """Questions of medicines over the day, each answered in the room of those who know."""
    for turn, (question, answer) in enumerate(QUESTIONS):
        at = start + timedelta(minutes=85 * turn)
        asked = (day.dice.choice(people), question)
        day.begin(at, _question(day, asked, room, (answering[turn], answer)))


def _question(day: Day, asked: tuple[str, str], room: str, answer: tuple[str, str]) -> Steps:
    message = day.say(*asked)
    yield day.between(4, 20)
    day.say(*answer, room=room, quote=message)
