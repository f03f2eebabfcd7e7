"""What belongs to an act: until when to wait, the level a person sets, how a case ended, whether "I" take it on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from nlu.acceptance import person_told, requirements
from nlu.case_numbers import without_cases
from nlu.clauses import fold
from nlu.deadlines import moment
from nlu.outcomes import close_outcome
from nlu.refusal import refusal
from nlu.standing_down import stands_down

_LEVEL_WORDS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
    "ⅰ": 1,
    "ⅱ": 2,
    "ⅲ": 3,
    "ⅳ": 4,
} | {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "两": 2,
}
_GRADE = r"(?P<g>[一二三四两1-4ⅰⅱⅲⅳ]|i{1,3}|iv)"
_FIRST_NUMBER = re.compile(r"^\s*\d{1,3}号")
_LEVEL = re.compile(
    rf"(?:改|调|降|升|定|提|列|上调|下调|升级|降级|调整|更改|改回|提高|降低|设|算|当|按|应该是|应是|应为|是|级别|等级|分级|为|成|到)"
    rf"[^,。;!?]{{0,4}}?{_GRADE}\s*级(?!医院|甲等|乙等|以上|护理|残)"
)
_LEVEL_BARE = re.compile(rf"^[#\d号\-\s]*(?:{_GRADE}\s*级)\s*[吧了]?\s*$")
_LEVEL_NOT = re.compile(r"几级|什么级|多少级|吗|是不是")
_SELF = re.compile(
    r"我(?:们)?(?:这边|这里|科|来|去|先|马上|现在|这就|可以|负责|正在|已在|已经|在|再|自己|还是|直接|亲自|有空)*"
    r"(?:来$|来吧|来办|来弄|跟|联系|处理|对接|负责|协调|落实|安排|问|打|盯|弄|办|搞定|接|领|看|沟通|想办法|催|核实|认领|认|打听|确认|管|包|跑)|"
    r"(?:交|给|包|丢|扔|放|留)(?:给|在)?我(?:来|吧|好了|身上|办|处理|跟|们|$|[,。!~\s])|(?:由|归|算|记)我(?:们)?(?:来|负责|头上|跟|管|处理|的|$)|"
    r"阿拉(?:来|跟|去|负责)|本人(?:跟|负责|来)"
)
_OTHERS = re.compile(
    r"我(?:们)?(?:[^,。;]{0,4})(?:请|让|叫|麻烦|安排|转给|交给)(?:@|[\u4e00-\u9fff]{1,3}(?:主任|老师|医生))"
)

_UNANSWERED = re.compile(
    r"打不[通进]|[拨联]不通|接不通|联系不[上到]|占线|忙音|盲音|线路忙|正忙|在忙线|没人[接应]|无人[接应]|不接(?!收|诊)|没接(?!收|诊)|"
    r"不在服务区|关机|停机|空号|转语音|转人工|没打通|打了[^,。;]{0,6}没[人通接]|没回[音复应]|换一家|再找一家|下一家"
)
_REFUSED = re.compile(
    r"不收|收不|没床|床位|满了|满员|停诊|做不了|不能做|拒[绝收诊]|设备|机器|不接收|不接诊|不方便"
)


@dataclass(frozen=True)
class Details:
    """What an act carries; fields that do not belong to the act are empty."""

    until: datetime | None = None
    level: int | None = None
    to_self: bool = False
    outcome: str | None = None
    unanswered: bool = False
    stands_down: bool = False
    refusal: tuple[str, str] | None = None
    requirements: tuple[tuple[str, str], ...] = ()
    person: str | None = None


def details(text: str, at: datetime, act: str) -> Details:
    """The details of an act that `text` names. A level is looked for whatever the act: it may come with any."""
    folded = fold(text)
    return Details(
        until=_put_off_to(folded, at) if act == "snooze" else None,
        level=level_set(folded),
        to_self=act == "assign" and is_self(folded),
        outcome=close_outcome(folded) if act == "close" else None,
        unanswered=act == "decline" and is_unanswered(folded),
        stands_down=stands_down(folded),
        refusal=refusal(text) if act == "decline" else None,
        requirements=requirements(text) if act == "accept" else (),
        person=person_told(text) if act in ("accept", "decline") else None,
    )


def _put_off_to(folded: str, at: datetime) -> datetime | None:
    """When to remind again. A day gone by is none: 1号 of 1号晚上十点再提醒 is the case."""
    until = moment(without_cases(folded), at)
    return moment(_FIRST_NUMBER.sub("", folded), at) if until and until <= at else until


def is_unanswered(folded: str) -> bool:
    """Whether nobody could be reached, which is all that a contact may report as a refusal (contract §5)."""
    return bool(_UNANSWERED.search(folded)) and not _REFUSED.search(folded)


def level_set(folded: str) -> int | None:
    """The level a person sets (改为Ⅱ级, 按三级, 升到1级), 1–4, or None."""
    if _LEVEL_NOT.search(folded):
        return None
    found = list(_LEVEL.finditer(folded)) or list(_LEVEL_BARE.finditer(folded))
    return _LEVEL_WORDS[found[-1]["g"]] if found else None


def is_self(folded: str) -> bool:
    """Whether the speaker takes the case: 我来跟, 交给我, 我去联系. 我请李主任看 hands it to somebody else."""
    return bool(_SELF.search(folded)) and not _OTHERS.search(folded)
