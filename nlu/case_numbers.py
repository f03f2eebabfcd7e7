"""Case numbers as people write them: 0404-003, #3, 3号, 三号那个, 1、2号, 第三个, 003.

`3号楼`, `4月3号` and `3号下午` are houses and days, not cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from nlu.clauses import clauses, fold

_CN = "一二三四五六七八九十两〇零"
_N = rf"(?:\d{{1,3}}|[{_CN}]{{1,3}})"
_FULL = r"(?<![\d-])(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\s?[-—–_－]\s?\d{1,4}(?![\d-])"
_SOLID = r"(?<!\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])0\d{2}(?!\d)"
_HASH = r"#\s?\d{1,4}(?!\d)|(?<![\u4e00-\u9fff\d])\d{1,3}#(?![\d楼幢栋])"
_LABEL = r"(?:案例|个案|案号|案|单号|单子|编号|序号|工单|case|no\.?)\s?[:#]?\s?\d{1,3}(?!\d)"
_NOT_BEFORE = "".join(
    f"(?<!{word})"
    for word in (
        "月",
        "上次",
        "本月",
        "预产期",
        "预产期是",
        "楼",
        "弄",
        "路",
        "组",
        "村",
        "队",
        "巷",
        "宅",
        "街",
        "庄",
        "园",
        "苑",
        "邨",
        "坊",
        "湾",
        "庭",
        "墅",
        "公寓",
        "小区",
        "的",
        "每月",
        "(?<!并)到",
        "日期",
        "疗程",
    )
)
_NOT_AFTER = (
    r"(?!\d{3,4}|楼|线(?!上(?:问|看|接|咨|就|复|门|诊|医|开|处|付|已)|下(?:看|就|门|处))|门(?!诊)|房|床|病区|院|岗|路|口|窗|幢|栋|弄|室|机|桌|车|文|召集|以前|之前|以后|之后|前|凌晨|早|上午|中午|下午|晚|夜|"
    r"透析|透的|血透|产检|做的|做过|核酸|开始|预约|约的|那天|当天|出院|手术|化疗|断药|就没)"
)
_LISTED = rf"(?<![\d.{_CN}])(?:{_N}\s?(?:、|和|跟|与|及|到|至|/|,)\s?){{0,6}}{_N}号{_NOT_AFTER}"
_ENDED = rf"^{_N}号(?=(?:化疗|放疗|血透|透析|产检|手术|核酸)(?:已经?|都)?(?:做|透)?(?:好|完|结束)[^。;\n]*(?:办结|结案|销号))"
"""4号化疗做好了，办结: what is closed is a case, no day."""
_ZEROED = r"(?<![\d.\-:/+@楼栋幢弄号元座])0\d{2}(?![\d.\-:/+岁年月楼室幢栋弄度%])"
"""The end of a number by itself: 003."""
_NTH = rf"第{_N}(?:个|例|条|位|单|号)(?!月|疗程|孩|胎|小时|天|次|周|针|楼)"
_BARE = (
    r"(?:^|(?<=[,;。!?\s]))(?!1[12]0|119)\d{1,3}(?=(?:的(?:车|人|病人|患者|家属|药|床|那个))?"
    r"(?:我(?:来|跟|去|负责|联系|盯|处理|安排)|谁(?:来|跟|去|接|在)|交给|归|由|已?(?:办结|结案|到了|接走|上车|出发|送到|看好|定了)))"
)
"""2我来, 1的车我来安排: after a list in which each had its number."""
CASE = f"(?:{_FULL}|{_SOLID}|{_HASH}|{_LABEL}|{_NOT_BEFORE}{_LISTED}|{_ENDED}|{_NTH}|{_ZEROED}|{_BARE})"
"""A regular expression for one writing of one or several case numbers, over folded text."""

_CASE = re.compile(CASE)
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_LONGEST_RANGE = 20


@lru_cache(maxsize=64)  # asked for again by whoever looks at the same message
def case_numbers(text: str) -> tuple[str, ...]:
    """Numbers in order without repeats: `0404-003` in full, else the bare number: `3`."""
    found: dict[str, None] = {}
    for match in _CASE.finditer(text):
        for number in _normalised(match.group()):
            found.setdefault(number)
    return tuple(found)


def by_number(text: str) -> tuple[str, ...]:
    """A message about several cases, cut where another number is turned to: 1号 3号办结 | 2号继续跟; else nothing."""
    folded = fold(text)
    starts: list[int] = []
    waits = False  # numbers so far without a word on them
    for part in clauses(folded):
        if not _CASE.search(part.text):
            continue
        if not waits:
            starts.append(part.start)
        waits = not case_free(part.text)
    if len(starts) < 2:
        return ()
    borders = [0, *starts[1:], len(text)]
    return tuple(text[begin:end].strip() for begin, end in pairwise(borders))


def case_free(text: str) -> str:
    """What is left of a text without case numbers, signs and spaces."""
    return re.sub(r"[\W_]", "", without_cases(text))


def without_cases(text: str) -> str:
    """A text without its case numbers, so that 1号 of 1号22点再提醒 is no day."""
    return _CASE.sub("", text)


def _normalised(written: str) -> Iterator[str]:
    full = re.fullmatch(r"(\d{4})\s?[-—–_－]?\s?(\d{1,4})", written)
    if full and len(re.sub(r"\D", "", written)) >= 5:
        yield f"{full[1]}-{int(full[2]):03d}"
        return
    spread = re.search(rf"({_N})\s?[到至]\s?({_N})号", written)
    if spread:
        first, last = _value(spread[1]), _value(spread[2])
        if 0 <= last - first <= _LONGEST_RANGE:
            yield from (str(number) for number in range(first, last + 1))
            return
    for piece in re.findall(_N, written):
        if _value(piece) > 0:
            yield str(_value(piece))


def _value(piece: str) -> int:
    """Value of 12, 十二, 二十, 两 …; 0 when it is no number."""
    if piece.isdigit():
        return int(piece)
    if "十" in piece:
        tens, _, units = piece.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(units, 0)
    return int("".join(str(_DIGITS[char]) for char in piece))
