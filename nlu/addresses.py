"""Where to send the ambulance: estate, lane, building, room, village group. Towns and hospitals are not addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from nlu.by_place import Taken
from nlu.late import Late
from nlu.mention import Mention, left_of, mention, retracted
from nlu.numbers import WHOLE
from nlu.wechat import fields

_ESTATE_END = (
    "新村|花园|家园|花苑|佳苑|名苑|雅苑|嘉苑|景苑|华苑|公寓|小区|华庭|豪庭|名庭|雅庭|名邸|府邸|公馆|山庄|别墅|嘉园|佳园|雅园|名园|名城|新城|国际|广场|大厦|"
    "宿舍|敬老院|养老院|护理院|福利院|工地|产业园|工业园|家苑|丽苑|怡苑|苑|庭|邸|墅|坊|湾|府|轩|阁|郡|园|里|城|村"
)
_STRONG_END = "新村|花园|家园|花苑|佳苑|名苑|雅苑|嘉苑|景苑|华苑|公寓|小区|华庭|豪庭|名庭|雅庭|名邸|府邸|公馆|山庄|别墅|嘉园|佳园|雅园|名城|家苑|丽苑|怡苑|苑|敬老院|养老院|护理院|福利院"
_CJK = r"[\u4e00-\u9fff]"
_N = rf"(?:\d{{1,5}}(?:-\d{{1,4}})?[a-z]?|{WHOLE}|[a-z]\d{{0,2}}|[甲乙丙丁东西南北])"
_BUILDING = rf"{_N}\s*(?:号楼|幢|栋|座(?!位)|#楼|#(?=\s?\d)|号院)"
_ROOM = rf"(?:\s*[/,\-]?\s*{_N}\s*(?:单元|门(?!诊|口)|梯))?(?:\s*[/,\-]?\s*{_N}\s*(?:楼(?!上|下)|层))?(?:\s*[/,\-]?\s*(?:{_N}\s*(?:室|户|房(?!间)|号房)|\d{{3,4}}(?![\d.]|\s*(?:岁|天|元|块|mg|ml|号楼|个|人|次|毫|度|年|弄))))?"
_PHASE = rf"(?:\s*{_N}\s*(?:期|区|村(?!村)|坊|街坊))?"
_ESTATE = rf"(?P<estate>{_CJK}{{1,10}}?(?:{_ESTATE_END})){_PHASE}"
_WITH_BUILDING = Late(
    rf"(?:{_ESTATE}(?:小区|内|的|里|\s)?\s*)?(?:{_BUILDING}|(?<=[弄村苑园区庭城里坊期])\s*{_N}号(?!线|院)){_ROOM}",
    words="号 幢 栋 座 #",
)
_ROAD = Late(
    rf"(?P<road>{_CJK}{{1,8}}?(?:大道|公路|大街|支路|路|街(?!道)|巷|胡同))\s*(?:{_N}\s*弄)?\s*(?:{_N}\s*支弄)?\s*(?:(?P<estate2>{_CJK}{{2,6}}(?:{_STRONG_END}))\s*)?(?:{_N}\s*(?:号楼|号(?!线)|幢|栋|座))?{_ROOM}",
    words="道 路 街 巷 胡同",
)
_NO_ROAD = re.compile(rf"{_CJK}(?:路|街|巷)")
"""走不了|远路: no road has a name of one character."""
_LANE = Late(rf"{_N}\s*弄\s*(?:{_N}\s*(?:号楼|号|幢|栋))?{_ROOM}", words="弄")
_VILLAGE = Late(
    rf"(?P<village>{_CJK}{{1,6}}?(?:村|庄|屯|圩|浜|埭|宅|队))(?:委)?\s*(?:{_CJK}{{1,4}}?[宅浜埭队圩组])?\s*(?:第)?{_N}\s*(?:组|队|号(?!线|院)|社|埭)(?:\s*{_N}\s*号)?",
    words="村 庄 屯 圩 浜 埭 宅 队",
)
_BARE_ESTATE = re.compile(
    rf"(?P<estate>{_CJK}{{2,8}}?(?:{_STRONG_END})(?:小区|公寓)?)(?!的?(?:民|委|医|卫生|群|长|口))"
)
_BARE_VILLAGE = Late(
    rf"(?P<village>{_CJK}{{2,4}}?村)(?!民|委|里|子|医|干部|长|口|庄|上|卫|书记|镇)", words="村"
)
_ROOM_ALONE = re.compile(
    r"(?:(?<=^)|(?<=[\s,。;:!?、楼]))(?:\d{3,4}(?:室|房(?!间|子)|号房)|\d{1,2}[0-2]\d(?=那?家|那户|的?(?:老|阿|爷|奶|大[伯爷妈]|孕|产妇|住户|居民|小[孩朋囡伙]|孩子|男|女|[\u4e00-\u9fff](?:阿姨|阿婆|师傅|先生|女士))))"
)
"""302房, 601老伯: the number of a room as all that is said of the place."""
_LABEL = re.compile(r"地址|住址|所在小区|所住小区|居住小区|住处|详细地址|现住|居住地|小区|楼栋|位置")
_LEAD = re.compile(
    r"^.*(?:\x1f|住在|住的是|家住|现住|就住|住|人在|地址是|地址|位于|我们是|这里是|这边是|我是|我在|在|是|到|去|来(?![福意旺亭])|从|有|的|和(?![平谐睦兴顺信])|跟|送|给|让|请|派|救命|急|我们|我家|咱们|这边|那边|"
    r"这里|那里|街道|[镇乡市]|(?<!小)区|居委|说|把|了|个|位|接|者|人(?![民和])|吗|呀|啊|快|要|叫|于|址|楼|室|病|痛|烧|岁)"
)
_GENERIC = re.compile(
    r"^(?:本|我们?|咱们?|整个?|宅|住宅|全|各|某|该|这个?|那个?|隔壁|哪个?|同一?个?|一个|其他|别的|附近|老|新|封控|管控|防范|每个|多个|几个|所在|自己|他们|她们?|你们?|外地|农|乡|城中|"
    r"下|山|邻|渔|同|回|进|出|住宅|家属|职工|员工|学生|单位|居民|老旧|社区|小|大|风险|幼儿|商品房|动迁|高档|后|前|里|街|区|公|院|校|国|田|庄|半|桃|菜|动物|植物|游乐|校|果|公|乐|庄|校|校)?"
    r"(?:小区|新村|花园|家园|公寓|村|宿舍|园|城|里|苑|大厦|广场|别墅|工地|湾|庭|府|坊|敬老院|养老院|护理院|福利院|新城|国际|山庄)$"
)
_OPENS = re.compile(r"(?:^|[\s,。!?;:、/(\[\]】)]|在|住|是|们|家|到|街道|[镇乡])$")
_FUNCTION = re.compile(
    r"[这那些的了就因为估很回对把被让没不都也及驻]|其他|交通|附近|旁边|你|他们|自己|什么|怎么"
)
_COUNTED = re.compile(r"[一两几这那每整](?:栋|幢|座)$")
_NOT_HOME = re.compile(r"(?:医院|门诊|病房|住院部|急诊|院区|中心|诊所|药房|病区|\x1f)\s*$")


def find_addresses(text: str, towns: list[tuple[int, int]] | None = None) -> list[Mention]:
    """Addresses in order, without the town in front of them; buildings of hospitals and values taken back are left out.

    `towns`: where town names stand; an address does not reach back over one.
    """
    borders = towns or []
    ends = sorted({stop for _, stop in borders})
    towns_end = frozenset(ends)
    found = _from_form(text, borders)
    taken = Taken(found)
    for pattern in (_ROAD, _WITH_BUILDING, _LANE, _VILLAGE, _BARE_ESTATE, _BARE_VILLAGE, _ROOM_ALONE):
        for one in pattern.finditer(text):
            start, end = _trimmed(text, one, ends)
            if start >= end or taken.meets(start, end):
                continue
            if _is_address(text, start, end, pattern, towns_end):
                taken.add(start, end)
                found.append(mention("address", text[start:end].strip(), text, start, end))
    return _merged(text, [one for one in found if not retracted(text, one.start, one.end)])


def _from_form(text: str, borders: list[tuple[int, int]]) -> list[Mention]:
    found = []
    for field in fields(text):
        if _LABEL.fullmatch(field.label) and len(field.content) >= 2:
            start = max(
                [end for begin, end in borders if field.start <= begin and end <= field.end],
                default=field.start,
            )
            end = field.start + len(re.split(r"[,。;\n]", text[field.start : field.end])[0])
            prefix = re.match(r"^(?:上海市?|广东省?|东莞市?|松江区?)+", text[start:end])
            start += prefix.end() if prefix and start + prefix.end() < end else 0
            start += len(text[start:end]) - len(text[start:end].lstrip())
            if end - start >= 2:
                found.append(
                    mention(
                        "address",
                        text[start:end].rstrip(),
                        text,
                        start,
                        start + len(text[start:end].rstrip()),
                    )
                )
    return found


def _trimmed(text: str, one: re.Match[str], ends: Sequence[int]) -> tuple[int, int]:
    """The match without the words and the town in front of the name."""
    start, end = one.start(), one.end()
    name = next(
        (one[key] for key in ("estate", "road", "village") if key in one.re.groupindex and one[key]), None
    )
    if name:
        at = bisect_right(ends, start)
        while at < len(ends) and ends[at] <= start + len(name):
            start = ends[at]
            at += 1
        lead = _LEAD.match(text[start : one.start() + len(name) - 1])
        if lead:
            start += lead.end()
    while start < end and text[start] in " ,:-/":
        start += 1
    while end > start and text[end - 1] in " ,:-/":
        end -= 1
    return start, end


def _is_address(
    text: str, start: int, end: int, pattern: re.Pattern[str] | Late, borders: frozenset[int]
) -> bool:
    words = text[start:end]
    if _NOT_HOME.search(text[max(0, start - 8) : start]) or "医院" in words or "门诊" in words:
        return False
    if pattern is _ROAD:
        return (
            not _NO_ROAD.match(words)
            and bool(re.search(rf"{_N}\s*(?:弄|号|幢|栋|室|座)", words))
            and len(words) >= 4
        )
    if pattern in (_BARE_ESTATE, _BARE_VILLAGE):
        named = len(words) >= 3 and not _GENERIC.match(words) and not _FUNCTION.search(words)
        return named and (start in borders or bool(_OPENS.search(left_of(text, start))))
    if pattern in (_LANE, _ROOM_ALONE):
        return pattern is _ROOM_ALONE or bool(re.search(r"弄\s*.*\d|弄.*号", words))
    if pattern is _VILLAGE:
        return not _GENERIC.match(re.split(r"[\d一二三四五六七八九十]", words)[0])
    return (bool(re.search(r"号楼|幢|栋|室|单元|期", words)) and not _COUNTED.match(words)) or len(words) > 4


def _merged(text: str, found: list[Mention]) -> list[Mention]:
    """Pieces that stand side by side are one address."""
    merged: list[Mention] = []
    for one in sorted(found, key=lambda one: one.start):
        if merged and re.fullmatch(r"[\s,]?", text[merged[-1].end : one.start]):
            first = merged.pop()
            merged.append(mention("address", text[first.start : one.end], text, first.start, one.end))
        else:
            merged.append(one)
    return merged
