"""What a patient is called in a text: a full name where it is given as one, else the family name of 王阿婆."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nlu.gazetteer import Gazetteer
from nlu.informal import informal
from nlu.numbers import NUMBER
from nlu.pointers import COMMON_SURNAMES
from nlu.pointers import TITLES as CALLINGS
from nlu.segmenter import segmenter

_TITLES = (
    "阿婆|阿公|阿姨|阿伯|老伯|大爷|大妈|大叔|奶奶|爷爷|先生|女士|小姐|师傅|老太|叔叔|爷叔|某|妈妈|爸爸|老师傅"
)
_TITLED = re.compile(rf"([{COMMON_SURNAMES}])(?:{_TITLES})")
_NO_FULL_NAME = re.compile(rf".(?:某.?|(?:{_TITLES}|{CALLINGS}).?)|.+[人户民籍员]")
"""王阿姨, 李某某, 陈老师 are called by the family name alone; 江西人, 程序员 are called nothing."""
_NAME = rf"([{COMMON_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
_LONG_NAME = rf"([{COMMON_SURNAMES}][\u4e00-\u9fff]{{2}})"
_BEGIN = r"(?:(?<=^)|(?<=[\s,，。;；:：、])|(?<=居民)|(?<=患者)|(?<=病人)|(?<=老人))"
_BEGIN_OR_TOWN = rf"(?:{_BEGIN}|(?<=镇)|(?<=街道))"
_SEX = r"(?:男|女)(?![儿婿友朋孩士])"
_AGE = rf"(?:{NUMBER})\s*(?:周岁|岁)"
_NAMED = (
    re.compile(rf"(?:姓名|名字|患者|病人|居民|产妇|孕妇|名叫|叫)\s*[::]\s*{_NAME}(?![\u4e00-\u9fff])"),
    re.compile(rf"(?:姓名|名字|名叫|叫做?)\s*{_NAME}(?=[\s,，。;；(（\d]|$|男|女)"),
    re.compile(rf"{_BEGIN}{_NAME}[\s,，、:：(（]*{_SEX}"),
    re.compile(rf"(?:孕妇|产妇){_NAME}(?=[\s,，、(（\d]|$)"),
    re.compile(rf"{_BEGIN}{_NAME}[\s,，、:：]*(?=电话|手机|联系方式|联系电话|[男女]?\s*1\d{{10}}|0000)"),
)
_NAMED_BY_AGE = (
    re.compile(rf"{_BEGIN_OR_TOWN}{_LONG_NAME}[\s,，、:：(（]*{_AGE}"),
    re.compile(rf"{_BEGIN_OR_TOWN}{_NAME}[\s,，、:：(（]*(?:{_AGE}|\d{{1,3}})[\s,，、]*{_SEX}"),
    re.compile(
        rf"{_BEGIN_OR_TOWN}{_NAME}[\s,，、:：(（]*{_AGE}[\s,，、女]*(?=孕|怀|停经|产后|[Gg]\d[Pp]\d|\d{{1,2}}\s*(?:\+\s*\d\s*)?[周Ww])"
    ),
)
"""张建国 58岁, 王强 45岁男, 王强 45男: two signs may be any word, so age and sex (or a pregnancy) must both follow them."""
_LISTED = re.compile(
    rf"(?:(?<=^)|(?<=[\s,，。;；:：、镇道])){_LONG_NAME}\s*[,，、\s]\s*(\d{{2}})(?=\s*[,，、;；\s]|$)(?!\s*(?:度|号|楼|床|天|月|次))"
)
_NO_NAME = re.compile(
    r"[烧热痛疼血吐泻咳晕喘麻肿病药诊医院镇街村区荡路苑天年月日时分岁楼室号码舱危障癌瘤疮痔疸栓龄绿痰带]"
)
FREQUENT = 50
"""A word of the dictionary so frequent there is a word before an age (周围, 金山), whoever may be called so."""


def listed_ages(text: str) -> Iterator[tuple[int, int, int]]:
    """方松街道，李国强，56，文翔路…: the number by itself behind a full name, where it stands and how many years."""
    for match in _LISTED.finditer(text):
        if _is_name(match[1], None, ()) and not _is_word(match[1]):
            yield match.start(2), match.end(2), int(match[2])


def called(text: str, gazetteer: Gazetteer | None = None, other: Collection[str] = ()) -> tuple[str, ...]:
    """Names in the order of the text, without repeats.

    What is something else is none: a town (方松) or a hospital (康华) of the gazetteer, and what holds or is held by
    one of `other`, the words of the text that are known to mean something (白内障).
    """
    found: dict[int, str] = {match.start(1): match[1] for match in _TITLED.finditer(text)}
    found |= {match.start("who"): match["surname"] or match["other"] for match in informal(text)}
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            if _is_name(match[1], gazetteer, other):
                found[match.start(1)] = match[1]
    for pattern in (*_NAMED_BY_AGE, _LISTED):
        for match in pattern.finditer(text):
            if _is_name(match[1], gazetteer, other) and not _is_word(match[1]):
                found[match.start(1)] = match[1]
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _is_name(name: str, gazetteer: Gazetteer | None, other: Collection[str]) -> bool:
    if _NO_NAME.search(name) or _NO_FULL_NAME.fullmatch(name):
        return False
    if gazetteer and (name in gazetteer.towns or name in gazetteer.institutions):
        return False
    return not any(each in name or name in each for each in other if each)


def _is_word(name: str) -> bool:
    return (segmenter().FREQ.get(name) or 0) > FREQUENT
