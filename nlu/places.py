"""Towns and institutions of the gazetteer in a text: 中山街道 is a town, 中山医院 a hospital, 中山中路 a road."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlu.gazetteer import Gazetteer
from nlu.mention import Mention, left_of, mention, retracted, right_of
from nlu.words import breaks_word, longer_word

_INSTITUTION_WORD = (
    r"(?:镇|街道|区|市|县|新区|中心|第[一二三四五六七八九十\d]+|人民|中医|中西医|结合|社区|妇幼|妇产科?|儿童|儿科|肿瘤|精神|精卫|康复|老年|"
    r"护理|东院|西院|南院|北院|分院|总院|附属|骨科|眼科|口腔|传染病|胸科|联合|国际|新城)*"
    r"(?:医院|卫生院|卫生服务(?:中心|站)|卫生中心|社卫|社康|保健(?:院|所)|疾控|诊所|药房|药店|医务室|门诊部|精卫|妇幼|[一二三四五六七八九\d]院|院区|chc|派出所|防疫站)"
)
_AFTER_OTHER = re.compile(
    r"\s*(?:"
    + _INSTITUTION_WORD
    + r"|[东西南北中新老]?[一二三四五六七八九\d]?(?:支?路|大道|公路|高速|大街|街(?!道)|巷|弄)|"
    r"(?:做|配|看|开|透析?|血透|化疗|放疗|住院|手术|建卡|建|产检|复查|随访|挂号)(?:的(?!士)|过|了(?!个|一))|(?:大学|中学|小学|幼儿园|公园|广场|地铁|站(?!点)|国际机场|机场|装|服|狼|陵|舰|先生|百货|商城|大厦|新村|花园|小区|苑|家园|公寓|豆腐|米粉|桥洞|国家)|市(?!民|里|区)|线(?!上))"
)
_BEFORE_OTHER = re.compile(r"(?:孙|广东|[a-z\d]号?)$")
_COMMON = re.compile(r"第|人民|中医|妇幼|妇保|儿童|口腔|皮肤|肿瘤|精神|胸科|中心医院|传染")
_OFFICIAL = re.compile(r"[\u4e00-\u9fff]{2,}(?:街道|镇|乡|园区)$")
_STRONG_HERE = re.compile(
    r"(?:住在?|人在|家在|家住|现住|现在在|目前(?:人)?在|被封在|封在|困在|地址[:是]?|住址[:是]?)\s*(?:上海市?|松江区?|东莞市?)*$"
)
_ELSEWHERE = re.compile(
    r"(?:户口|户籍|老家|医保|单位|上班|工作|我是|志愿者|社工|不在|不住|送到|送去|转到|转去|开到|去到|路过)(?:在|是|地)?\s*(?:上海市?|松江区?)*$"
)
_WORKER = re.compile(
    r"\s*(?:镇|街道)?(?:这边)?的?(?:志愿者|社工|居委|村委|防控办|专班|联络员|工作人员|网格|社区工作|书记|小[\u4e00-\u9fff]{1,2}[,\s])"
)
_ORDINARY_LEFT, _ORDINARY_RIGHT = (
    re.compile(r"(?:^|[\s,。!?;:@\n()、】\]]|在|住|我们|是|到|从|家)$"),
    re.compile(
        r"(?:$|[\s,。!?;:\n()、]|这边|这里|那边|那里|有[个位]|的|居民|街道|镇|一[个位名]|某|\d|孕|老人|小区|社区|村)"
    ),
)


@dataclass(frozen=True)
class _Names:
    pattern: re.Pattern[str]
    towns: dict[str, str]
    institutions: dict[str, str]


def _key(gazetteer: Gazetteer) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    return tuple(sorted(gazetteer.towns.items())), tuple(sorted(gazetteer.institutions.items()))


@lru_cache(maxsize=8)
def _compiled(towns: tuple[tuple[str, str], ...], institutions: tuple[tuple[str, str], ...]) -> _Names:
    town_names = {form.lower(): full for alias, full in towns for form in (alias, full)}
    hospital_names = {form.lower(): full for alias, full in institutions for form in (alias, full)}
    ordered = sorted({*town_names, *hospital_names} - {""}, key=len, reverse=True)
    return _Names(re.compile("|".join(map(re.escape, ordered)) or r"(?!)"), town_names, hospital_names)


_CACHE: dict[int, tuple[Gazetteer, _Names]] = {}


def _names(gazetteer: Gazetteer) -> _Names:
    known = _CACHE.get(id(gazetteer))
    if known is None or known[0] is not gazetteer:
        if len(_CACHE) > 16:
            _CACHE.clear()
        known = _CACHE[id(gazetteer)] = (gazetteer, _compiled(*_key(gazetteer)))
    return known[1]


def find_places(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Towns (`town`, the patient's first) and institutions (`institution`) with their full names."""
    names = _names(gazetteer)
    institutions: list[Mention] = []
    towns: list[Mention] = []
    at = 0
    while found := names.pattern.search(text, at):
        one = _judged(text, found, names)
        at = found.end() if one else found.start() + 1
        if one is not None:
            (institutions if one.kind == "institution" else towns).append(one)
    return sorted([*institutions, *_where_the_patient_is(text, towns)], key=lambda one: one.start)


def _judged(text: str, found: re.Match[str], names: _Names) -> Mention | None:
    word = found.group()
    if word in names.institutions and not _broken_word(text, found) and not _of_another_region(text, found):
        full = names.institutions[word]
        if word not in names.towns or not _reads_as_town(text, found):
            return mention("institution", full, text, found.start(), found.end())
    if word in names.towns and _reads_as_town(text, found):
        return mention("town", names.towns[word], text, found.start(), found.end())
    return None


def _reads_as_town(text: str, found: re.Match[str]) -> bool:
    word, after = found.group(), text[found.end() : found.end() + 16]
    suffix = re.match(r"\s*(?:街道|镇)", after)
    rest = after[suffix.end() :] if suffix else after
    if re.match(_INSTITUTION_WORD, rest):
        return False
    return bool(suffix or _OFFICIAL.search(word)) or _is_bare_town(text, found)


def _is_bare_town(text: str, found: re.Match[str]) -> bool:
    """A short name without 镇 or 街道: no road, park or school, no piece of an ordinary word."""
    word, after = found.group(), text[found.end() : found.end() + 16]
    before = text[max(0, found.start() - 2) : found.start()]
    if _AFTER_OTHER.match(after) or _BEFORE_OTHER.search(before):
        return False
    if word.endswith("桥") and re.match(r"[上下头洞边面](?!海)", after):
        return False
    longer = longer_word(text, found.start(), found.end())
    return longer in ("", word + "镇", word + "区") and not _broken_word(text, found, of_town=True)


def _of_another_region(text: str, found: re.Match[str]) -> bool:
    """玉林市|第一人民医院, 省|人民医院: a common name with a region in front that is no part of ours."""
    return bool(
        _COMMON.match(found.group()) and re.search(r"[市省县州](?!里)$", left_of(text, found.start()))
    )


def _broken_word(text: str, found: re.Match[str], of_town: bool = False) -> bool:
    """Whether an ordinary word reaches across a border of a short alias: 市一 in 城市一样."""
    start, end = found.span()
    if len(found.group()) > 3:
        return False
    if of_town and text[start - 1 : start] in ("在", "住", "是", "到"):
        return breaks_word(
            text[start:], 0, end - start
        )  # 在业|榭: the preposition makes no word with the name
    return breaks_word(text, start, end)


def _where_the_patient_is(text: str, towns: list[Mention]) -> list[Mention]:
    """Of several towns the one he is in; the poster's own or a destination only when there is no other."""
    towns = [one for one in towns if not retracted(text, one.start, one.end)]
    strong = [one for one in towns if _STRONG_HERE.search(text[max(0, one.start - 12) : one.start])]
    if strong:
        return strong
    own = [
        one
        for one in towns
        if not _ELSEWHERE.search(text[max(0, one.start - 10) : one.start])
        and not _WORKER.match(right_of(text, one.end))
    ]
    return own or towns
