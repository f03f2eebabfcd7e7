"""Hospitals that the directory does not have, written in by name: 已联系嘉定中心医院，同意接收."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nlu.clauses import fold
from nlu.mention import left_of
from nlu.tables import DATA, Faults, parts, read_rows

REGIONS = DATA / "wording" / "regions.csv"
_COMMON = re.compile(
    r"(?:区|市|县)?(?:中心|人民|第[一二三四五六]人民|中医|妇幼保健|妇产科|精神卫生|口腔|肿瘤|中西医结合)(?:医院|院|中心)$"
)
"""A name of which every district has one."""

_NAME = re.compile(
    r"[一-龥]{2,16}?(?:医院|卫生院|保健院|卫生服务中心|卫生中心|医学中心)(?:[东南西北新老总分]院区?)?"
)
_LEAD = re.compile(
    r"(?:联系|打[了过给通到]*|[问找约请托让叫由跟和与同向往去到在给]|转[到去往至]?|送[到去往至]?|改[到去送为]?|换[到成]?|是|就|已经?|刚刚?|又|还|了|过|好|的|说|电话|那边|这边|病人|患者|个|家|号)"
)
_NO_NAME = re.compile(
    r"^(?:[别其]的?|他|别|其他|其它|另外?|另一?|哪|什么|啥|附近|这|那|本|该|贵|各|每|上级|下级|大|小|好|定点|三甲|二甲|一|几|两|多|市里?|区里?|县里?|镇|专科|综合|社区|方舱|私立|民营|公立|当地|外区|外地|对口|指定|收治|接收|接诊|"
    r"你们?|我们?|他们?|人家|全|整|同|原来?|自己|儿童|妇幼|妇产科?|肿瘤|精神|口腔|中医|人民|急诊|隔离|互联网|线上|没有?|不|能)*(?:医院|卫生院|保健院|卫生服务中心|卫生中心|医学中心)"
)


def elsewhere(folded: str, start: int, end: int) -> bool:
    """Whether a common name (中心医院) is another place's by the word before it: 嘉定区|中心医院."""
    return bool(_COMMON.match(folded[start:end]) and _regions().search(left_of(folded, start)))


@lru_cache(maxsize=1)
def _regions() -> re.Pattern[str]:
    rows = read_rows(REGIONS, ("says", "note"), Faults(strict=True))
    names = [name for row in rows for name in parts(row["says"], "|")]
    return re.compile(rf"(?:{'|'.join(map(re.escape, names))})[区市县]?$")


def outside(text: str, known_spans: Iterable[tuple[int, int, str]]) -> tuple[str, ...]:
    """Their names as written, without the words that lead up to them; what the directory knows is not among them."""
    folded = fold(text)
    known = {place for start, end, _ in known_spans for place in range(start, end)}
    found = []
    for match in _NAME.finditer(folded):
        if not known.isdisjoint(range(*match.span())):
            continue
        leads = list(_LEAD.finditer(match.group()))
        name = text[match.start() + (leads[-1].end() if leads else 0) : match.end()]
        if not _NO_NAME.match(name) and len(name) > 3:
            found.append(name)
    return tuple(dict.fromkeys(found))
