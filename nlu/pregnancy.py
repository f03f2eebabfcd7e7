"""Weeks of pregnancy ("38+2"), days without a period, births before ("G2P1")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

from nlu.by_place import Taken
from nlu.late import Late
from nlu.mention import Mention, mention, retracted
from nlu.numbers import NUMBER, WHOLE, value
from nlu.times import month_day

TERM_DAYS = 280
"""Days from the last period to the due date (Naegele)."""
WEEKS_PER_MONTH = 4.3
"""Rough weeks of a month of pregnancy (facts §5.2)."""
WEEKS = (3, 44)
CONTEXT = re.compile(
    r"孕|胎|产检|产妇|产科|待产|临产|预产|生产|要生|快生|宫缩|见红|破水|羊水|胎心|排畸|唐筛|糖耐|建卡|[建小大]卡|人流|药流|打胎|引产|b超|产道|宫口|宝妈|双胞|顺产|剖"
)

_W = WHOLE
_PLUS_DAYS = r"(?:(?:\s*(?:\+|加|零|又)\s*|\s*(?=\S{1,3}(?:[\s,。;!?]|$)))?(?P<d>[0-6]|[零一二两三四五六])\s*(?:天|d(?![a-z]))|\s*(?:\+|加)\s*(?P<d2>[0-6]|[零一二两三四五六])(?![\d.]))?"
_WEEKS = Late(
    rf"(?P<w>{_W})\s*(?:多|来|\+)?\s*(?:孕?周|w(?:eeks?|ks?)?(?![a-z])|个(?:星期|礼拜)|星期)(?:多|(?P<half>半))?{_PLUS_DAYS}",
    words="周 w 星期 礼拜",
)
_SHORT = re.compile(r"(?<![\d.+\-/])(?P<w>\d{1,2})\s*\+\s*(?P<d>[0-6])(?![\d.+\-/%])\s*(?:周|w|天|孕周)?")
_SPOKEN = Late(
    r"(?P<w>[二三四]?十[一二三四五六七八九]?|四十)(?:周)?加(?P<d>[一二两三四五六零])(?:天)?", words="加"
)
_MONTHS = Late(
    rf"(?:怀孕|怀了|孕期?|有孕|有喜|身孕|怀上|大肚子|孕妇|怀胎|胎儿)(?:已经|已|大概|大约|差不多|快|都|才|刚|有)*\s*(?P<m>{NUMBER})\s*个?多?(?P<half>半)?个?月(?P<half2>半)?",
    words="月",
)
_MONTHS_AFTER = Late(
    rf"(?P<m>{NUMBER})\s*个?多?(?P<half>半)?个?月(?P<half2>半)?的?(?:身孕|孕妇|孕期|孕(?![前酮])|大肚子|胎儿)",
    words="月",
)
_MONTHS_SIGN = Late(
    rf"(?P<m>{NUMBER})\s*个?多?(?P<half>半)?个?月(?P<half2>半)?(?:了|大|多)?[\s,，、]*(?:就|要|有|开始|还|才|已经|突然|今天)*(?:见红|破水|羊水|宫缩|公缩|胎动|早产)",
    words="月",
)
"""才八个月就见红: so far along, by what only the pregnant have."""
_DUE = r"预产期?(?:期)?"
_DUE_DATE = re.compile(rf"{_DUE}(?:是|在|:|\s|为|就|到|大概|差不多|应该)*(?P<when>[^。!?;,\n]{{1,10}})")
_DUE_PAST = Late(
    rf"(?:过了?{_DUE}|{_DUE}(?:已经|都|已)*(?:过|超)了?)\s*(?:已经|了|有|都)*\s*(?P<n>{NUMBER})\s*(?P<u>天|周|个?星期|个?礼拜)",
    words="预产",
)
_DUE_SOON = Late(
    rf"{_DUE}(?:还有|还差|还剩|剩)\s*(?P<n>{NUMBER})\s*(?P<u>天|周|个?星期|个?礼拜)", words="预产"
)
_DUE_LATER = Late(
    rf"(?:还有|还差|还要|离|再过)\s*(?P<n>{NUMBER})\s*(?P<u>天|周|个?星期|个?礼拜|个?多?月)(?:多)?(?:才|就)?(?:到|是)?{_DUE}",
    words="预产",
)
_DAYS_PREGNANT = Late(rf"(?:怀孕|孕)\s*(?:已经|已|才|刚|大概)*\s*(?P<n>{NUMBER})\s*天", words="孕")
_AMENORRHOEA = Late(
    rf"(?:停经|月经(?:推迟|没来|没有来|晚了?)|例假(?:推迟|没来|晚了?)|大姨妈(?:推迟|没来)|闭经)\s*(?:已经|已|了|大概|有|都)*\s*(?P<n>{NUMBER})\s*(?:多)?(?P<u>天|周|个?星期|个?礼拜|个?多?月)",
    words="经 例假 大姨妈",
)
_NOT_WEEKS = re.compile(
    r"\s*(?:了?(?:没|不)|前|后|一次|以?来|的疗程|岁|内|之内|一|[1-7]次|出生|早产|生的|剖的|的量|的药)"
)
_POSTPARTUM = re.compile(
    r"(?:产后|术后|生完|生了|生下|产后第|化疗|放疗|隔离|封控|封了|封|吃了|吃|用了|打了|住院|住了|出院|疫苗|感冒|咳嗽|咳|发烧|烧了?|痛了?|疼了?|肿了?|"
    r"拉了?|吐了?|失眠|睡不着|流产|药流|人流|清宫|刮宫|坐月子|出生|还剩|只剩|剩|够|每|下|上|这|一|近|半|前|过|停药|断药|停了|断了|病了|不舒服|都|等了|晚了|隔)"
    r"(?:已经|已|大概|了|第)*\s*$"
)
_SEEN = re.compile(r"胎心|胎芽|孕囊|宫内|孕妇|怀孕了|怀上了")
_BIRTHS = re.compile(r"(?<![a-z\d])g\s*(?P<g>\d{1,2})\s*p\s*(?P<p>\d{1,2})(?:\s*a\s*\d+)?(?:l\d+)?")
_BIRTHS_SPOKEN = re.compile(r"孕(?P<g>[\d一二两三四五六七八九])产(?P<p>[\d零一二两三四五六七八九])")
_FIRST = re.compile(
    r"头胎|第一胎|首胎|初产妇?|初次怀孕|第一次怀孕|(?<![第\d])(?:一|1)胎(?!政策|家庭|妈|多|房)|头一胎|生第一个|怀第一个|头生"
)
_NEXT = re.compile(
    r"(?<![头])第?(?P<n>[二三四五六2-6])(?:胎(?!政策|家庭|妈妈群|时代|房|党)|宝(?=.{0,6}[孕周生胎])|娃(?=.{0,6}[孕周生胎]))|怀(?:的是|了|着|上)?(?:老|第)(?P<m>[二三四五])"
)
_MULTIPARA = re.compile(r"经产妇?|生过(?:[一二两三1-5]个)?|上(?:一)?胎|前(?:一)?胎|剖(?:宫产|腹产)?过")


def find_pregnancy(text: str, at: datetime) -> list[Mention]:
    """Gestation, amenorrhoea and parity of a normalised text, in order."""
    found = [*_amenorrhoea(text), *_parity(text)]
    hidden = Taken(one for one in found if one.kind == "amenorrhoea_days")
    found += _counted_from_amenorrhoea(text)
    gestations = [one for one in _gestations(text, at) if not hidden.meets(one.start, one.end)]
    found += _without_overlaps([one for one in gestations if not retracted(text, one.start, one.end)])
    return sorted(found, key=lambda one: one.start)


def _without_overlaps(found: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    taken = Taken()
    for one in found:
        if not taken.meets(one.start, one.end):
            taken.add(one.start, one.end)
            kept.append(one)
    return kept


def weeks_and_days(days: int) -> str:
    """Days of pregnancy as completed weeks and days: 268 is "38+2"."""
    return f"{days // 7}+{days % 7}"


def _gestation(days: float, text: str, start: int, end: int) -> Iterator[Mention]:
    if WEEKS[0] * 7 <= days <= WEEKS[1] * 7:
        yield mention("gestation", weeks_and_days(int(days)), text, start, end)


def _gestations(text: str, at: datetime) -> Iterator[Mention]:
    pregnant = bool(CONTEXT.search(text))
    for pattern in (_SHORT, _WEEKS, _SPOKEN):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            weeks = value(groups["w"]) or 0
            rest = value(groups.get("d") or groups.get("d2") or ("3" if groups.get("half") else "0")) or 0
            if _plausible(text, found, weeks, pregnant, pattern):
                yield from _gestation(weeks * 7 + rest, text, found.start(), found.end())
    yield from _from_months(text)
    yield from _from_due_date(text, at)
    for found in _DAYS_PREGNANT.finditer(text):
        yield from _gestation(value(found["n"]) or 0, text, found.start(), found.end())


def _plausible(
    text: str, found: re.Match[str], weeks: float, pregnant: bool, pattern: re.Pattern[str] | Late
) -> bool:
    before, after = text[max(0, found.start() - 8) : found.start()], text[found.end() : found.end() + 6]
    named = bool(re.search(r"(?:孕|胎|怀|宫内)[^。!?;\n\d]{0,5}$", before)) or bool(
        re.match(r"\s*(?:的?孕|胎|的?大肚)", after)
    )
    if not named and (_POSTPARTUM.search(before) or _NOT_WEEKS.match(after)):
        return False
    if re.match(r"\s*(?:早产|出生|生的|剖的|就?生了)", after):
        return False
    if pattern is not _WEEKS:
        return pregnant or found.group().rstrip().endswith(("周", "w")) or _alone(text, found)
    return named or (pregnant and weeks >= 4) or weeks >= 20


def _alone(text: str, found: re.Match[str]) -> bool:
    return text.strip() == found.group().strip() and float(value(found["w"]) or 0) >= 20


def _from_months(text: str) -> Iterator[Mention]:
    for pattern in (_MONTHS, _MONTHS_AFTER, _MONTHS_SIGN):
        for found in pattern.finditer(text):
            months = (value(found["m"]) or 0) + (0.5 if found["half"] or found["half2"] else 0)
            if 1 <= months <= 10:
                yield from _gestation(int(months * WEEKS_PER_MONTH) * 7, text, found.start(), found.end())


def _days(number: str, unit: str) -> float:
    return (value(number) or 0) * (1 if unit == "天" else 30 if unit.endswith("月") else 7)


def _from_due_date(text: str, at: datetime) -> Iterator[Mention]:
    for found in _DUE_PAST.finditer(text):
        yield from _gestation(TERM_DAYS + _days(found["n"], found["u"]), text, found.start(), found.end())
    for found in _DUE_SOON.finditer(text):
        yield from _gestation(TERM_DAYS - _days(found["n"], found["u"]), text, found.start(), found.end())
    for found in _DUE_LATER.finditer(text):
        left = _days(found["n"], found["u"].replace("多", ""))
        yield from _gestation(TERM_DAYS - left, text, found.start(), found.end())
    for found in _DUE_DATE.finditer(text):
        due = month_day(found["when"], at.date())
        if due is not None:
            yield from _gestation(_days_along(due, at.date()), text, found.start(), found.end())


def _days_along(due: date, today: date) -> int:
    """Days of pregnancy by a due date; without a year it is the one that makes a pregnancy."""
    for year in (due.year, due.year + 1, due.year - 1):
        with suppress(ValueError):
            days = TERM_DAYS - (due.replace(year=year) - today).days
            if WEEKS[0] * 7 <= days <= WEEKS[1] * 7:
                return days
    return 0


def _amenorrhoea(text: str) -> Iterator[Mention]:
    for found in _AMENORRHOEA.finditer(text):
        yield mention(
            "amenorrhoea_days",
            _days(found["n"], found["u"].replace("多", "")),
            text,
            found.start(),
            found.end(),
        )


def _counted_from_amenorrhoea(text: str) -> Iterator[Mention]:
    """停经7周 B超看到宫内胎心: weeks without a period are weeks of a pregnancy that was seen."""
    if not _SEEN.search(text):
        return
    for found in _AMENORRHOEA.finditer(text):
        if found["u"][-1] in "周期拜":
            yield from _gestation((value(found["n"]) or 0) * 7, text, found.start(), found.end())


def _parity(text: str) -> Iterator[Mention]:
    for pattern in (_BIRTHS, _BIRTHS_SPOKEN):
        for found in pattern.finditer(text):
            pregnancies, births = int(value(found["g"]) or 0), int(value(found["p"]) or 0)
            yield mention("parity", f"G{pregnancies}P{births}", text, found.start(), found.end())
    if not CONTEXT.search(text):
        return
    for found in _FIRST.finditer(text):
        yield mention("parity", "G1P0", text, found.start(), found.end())
    for found in _NEXT.finditer(text):
        number = int(value(found["n"] or found["m"]) or 2)
        yield mention("parity", f"G{number}P{number - 1}", text, found.start(), found.end())
    for found in _MULTIPARA.finditer(text):
        yield mention("multipara", True, text, found.start(), found.end())
