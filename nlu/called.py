"""What a patient is called in a text: a full name where it is given as one, else the family name of 王阿婆."""

from __future__ import annotations

import re

from nlu.gazetteer import Gazetteer
from nlu.pointers import COMMON_SURNAMES

_TITLES = (
    "阿婆|阿公|阿姨|阿伯|老伯|大爷|大妈|大叔|奶奶|爷爷|先生|女士|小姐|师傅|老太|叔叔|爷叔|某|妈妈|爸爸|老师傅"
)
_TITLED = re.compile(rf"([{COMMON_SURNAMES}])(?:{_TITLES})")
_NAME = rf"([{COMMON_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
_NAMED = (
    re.compile(rf"(?:姓名|名字|患者|病人|居民|产妇|孕妇|名叫|叫)\s*[::]\s*{_NAME}(?![\u4e00-\u9fff])"),
    re.compile(rf"(?:姓名|名字|名叫|叫做?)\s*{_NAME}(?=[\s,，。;；(（\d]|$|男|女)"),
    re.compile(
        rf"(?:(?<=^)|(?<=[\s,，。;；:：、])|(?<=居民)|(?<=患者)|(?<=病人)|(?<=老人)){_NAME}[\s,，、:：(（]*(?:男|女)(?![儿婿友朋孩士])"
    ),
)
_NO_NAME = re.compile(r"[烧热痛疼血吐泻咳晕喘麻肿病药诊医院镇街村区路苑天年月日时分岁楼室号]")


def called(text: str, gazetteer: Gazetteer | None = None) -> tuple[str, ...]:
    """Names in the order of the text, without repeats. A town's name (方松) before 男 or 女 is none."""
    found: dict[int, str] = {match.start(1): match[1] for match in _TITLED.finditer(text)}
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            name = match[1]
            if not _NO_NAME.search(name) and not (gazetteer and name in gazetteer.towns):
                found[match.start(1)] = name
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))
