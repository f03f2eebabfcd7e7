"""Days since the last dialysis, and sessions missed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from nlu.by_place import Taken
from nlu.late import Late
from nlu.mention import Mention, mention
from nlu.numbers import NUMBER, value
from nlu.times import WEEKDAY, WEEKDAYS, days, weekday_back

CONTEXT = re.compile(
    r"透析|血透|腹透|洗肾|洗血|透(?=了|的|过|上|成|完|不(?!过气|上气|气|出气)|$|[\s,。])|没透|尿毒症|血滤|内瘘"
)
_DONE = r"(?:透析?|血透|做|血滤|去透)"
_NOT_DONE = r"(?:没有?|未|没能|不能|没法|没得|没去|无法|没再)(?:去|能|有)?(?:做|透|血透|透析)(?:过|成|上|析)?"
_GAP = Late(
    rf"(?P<n>{NUMBER})\s*(?:多)?\s*(?P<u>天|日|个?星期|个?礼拜|周)(?:了|都|都没|也|还|\s|,)*(?:没|未|不能|无法|没法)[^。!?;\n]{{0,4}}?(?:透|做|滤)"
)
_GAP_AFTER = Late(
    rf"(?:{_NOT_DONE}(?:血透|透析)?|(?:透析|血透)(?:已经|都)?(?:停|断|中断|漏|拖|隔|耽误)了?|间隔|隔了|距(?:离)?上次(?:透析|血透)?(?:已经|已|有)?)(?:已经|已|了|都|有|,|\s)*(?P<n>{NUMBER})\s*(?:多)?\s*(?P<u>天|日(?!透)|个?星期|个?礼拜|周)"
)
_AGO = Late(
    rf"(?P<n>{NUMBER})\s*(?P<u>天|日|个?星期|个?礼拜|周)(?:之|以)?前(?:才|刚|去)?(?:做|透|去透|血透|透析)"
)
_LAST_AGO = Late(
    rf"(?:上一?次|最后一?次|末次|最近一?次|前一?次|上[回趟])(?:去)?(?:做|血透|透析|透|血滤)?(?:还|都|已经)?(?:是|在)?\s*(?P<n>{NUMBER})\s*(?P<u>天|日|个?星期|个?礼拜|周)(?:之|以)?前"
)
_LAST = re.compile(
    r"上一?次|最后一?次|末次|最近一?次|前一?次|上[回趟]|(?:做|透|透析|血透)(?:了|过)?的|(?:透|做)的|透过|做过|透了|做了|透完|做完|刚透|刚做"
)
_NEGATED_NEAR = re.compile(
    r"^[^。!?;,\s到]{0,3}?(?:应该|本该|该|要|轮到|需要|还没|没|未|不能|没能|就没|开始没|不)"
)
_SCHEDULE = re.compile(
    r"[一二三四五六日135246](?:[、/,和\s]?(?:周|星期|礼拜)?[一二三四五六日135246]){1,2}(?![\d号月])"
)
_MISSED = Late(
    rf"(?:漏|少|缺|错过|误|落|差|脱|停|耽误|没做成|没透成|没做|没透|没去成|欠)(?:了|掉|过|做|透|透析|血透)*\s*(?P<n>{NUMBER}|好几|几)\s*(?:次|趟|回)(?!.{{0,3}}都没)|(?P<n2>{NUMBER})次(?:都)?(?:没透|没做|没去|漏)"
)
_NOT_GONE = re.compile(r"[^。!?;\n]{0,12}?(?:没|未)(?:去|做|能|透|来|成|赶|轮|排|接)")
"""What says that a session of the schedule did not take place."""
_TODAY = re.compile(rf"(?:今天|今日|今朝|到今天|现在)(?:是|已经|都|都是|已)?\s*{WEEKDAY.pattern}")
_PLAUSIBLE_DAYS = 60
LONG_GAP = 5
"""Days from which a gap that is only counted from the schedule is said: one missed session is told by itself."""


def find_dialysis(text: str, at: datetime) -> list[Mention]:
    """`dialysis_gap_days` and `missed_sessions`; only where dialysis is spoken of."""
    if not CONTEXT.search(text):
        return []
    gaps = [*_said(text), *_counted(text, at.date())]
    gaps = gaps or list(_missed(text, at.date()))
    found = [one for one in gaps if 0 <= one.value <= _PLAUSIBLE_DAYS]
    for one in _MISSED.finditer(text):
        words = one["n"] or one["n2"]
        number = 3.0 if words in ("好几", "几") else value(words) or 0
        if 0 < number < 30:
            found.append(mention("missed_sessions", number, text, one.start(), one.end()))
    return sorted(found, key=lambda one: one.start)


def _said(text: str) -> Iterator[Mention]:
    for pattern in (_GAP, _GAP_AFTER, _AGO, _LAST_AGO):
        for found in pattern.finditer(text):
            number = (value(found["n"]) or 0) * (1 if found["u"] in ("天", "日") else 7)
            yield mention("dialysis_gap_days", number, text, found.start(), found.end())


def _counted(text: str, today: date) -> Iterator[Mention]:
    """From the day of the last session to today; what the text calls today wins over the clock."""
    named = _TODAY.search(text)
    weekday_today = WEEKDAYS[named["day"]] if named else today.weekday()
    skip = Taken()
    for found in (*([named] if named else []), *_SCHEDULE.finditer(text)):
        skip.add(*found.span())
    for found in WEEKDAY.finditer(text):
        if skip.meets(found.start("day"), found.end("day")) or not _is_last(text, found.start(), found.end()):
            continue
        gap = weekday_back(WEEKDAYS[found["day"]], found["week"], today, weekday_today) or 7
        yield mention("dialysis_gap_days", gap, text, found.start(), found.end())
    for day in days(text, today, forward=False):
        ordinary = not WEEKDAY.match(day.words) and not day.words.endswith("前") and day.day < today
        if ordinary and _is_last(text, day.start, day.end):
            yield mention("dialysis_gap_days", (today - day.day).days, text, day.start, day.end)


def _missed(text: str, today: date) -> Iterator[Mention]:
    """每周二四六透析,上周六没去成,今天周二: the last session is that of the schedule before the first missed one."""
    schedule = _SCHEDULE.search(text)
    if schedule is None:
        return
    standing = {WEEKDAYS[sign] for sign in re.findall(r"[一二三四五六1-6]", schedule.group())}
    named = _TODAY.search(text)
    weekday_today = WEEKDAYS[named["day"]] if named else today.weekday()
    missed = [
        found
        for found in WEEKDAY.finditer(text, schedule.end())
        if WEEKDAYS[found["day"]] in standing and _NOT_GONE.match(text, found.end())
    ]
    if not missed:
        return
    first = missed[0]
    back = weekday_back(WEEKDAYS[first["day"]], first["week"], today, weekday_today) or 7
    before = next(n for n in range(1, 8) if (WEEKDAYS[first["day"]] - n) % 7 in standing)
    if back + before >= LONG_GAP:
        yield mention("dialysis_gap_days", back + before, text, first.start(), first.end())


def _is_last(text: str, start: int, end: int) -> bool:
    """Whether the day is that of a session that took place."""
    before, after = text[max(0, start - 10) : start], text[end : end + 12]
    if re.search(
        r"(?:上一?次|最后一?次|末次|最近一?次|上[回趟])(?:血?透析?|做)(?:的|日期|时间|是|在|:|\s)*$", before
    ):
        return True
    if re.search(
        r"(?:下|每|逢|明天|下一次|下次|预约|约|改到|安排)[^。!?;,\n]{0,3}$", before
    ) or _NEGATED_NEAR.match(after):
        return False
    said_last = re.search(r"(?:上一?次|最后一?次|末次|最近一?次|前一?次|上[回趟])[^。!?;\n]{0,8}$", before)
    return bool(said_last) or bool(
        re.match(rf"[^。!?;,\n\d]{{0,6}}?{_DONE}(?:的|过|了|完|好|到|,|\s|$|析)", after)
    )
