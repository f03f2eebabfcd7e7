"""A department that closes, is full or opens again, and until when: 血透室今天满了, 产科急诊停诊到明早8点."""

from __future__ import annotations

import re
from datetime import datetime

from nlu.clauses import Clause, clauses, fold
from nlu.cues import word_class
from nlu.deadlines import through
from nlu.gazetteer import Gazetteer
from nlu.mention import left_of
from nlu.pointers import hospital_spans
from nlu.understanding import HospitalStatus

_CLOSED = re.compile(
    r"停诊|停摆|停业|停透|停开|停手术|歇业|关门|关停|关闭|封院|封闭|封控(?!区|小区|楼)|闭环(?!转|接|车|送|出|就医)|熔断|消杀|"
    r"暂停|停止|停了|不开诊|不开放|不开(?!药|门诊单)|没开(?!药)|不营业|停掉|被封|封了|关了|"
    r"停用|停机|停[一两三半\d]+[天日]|停(?:到|至)|停(?=$|[,，。;；\s])|坏了|故障|检修|"
    r"(?:暂|暂时)?不(?:接收|接诊|收治|收(?!费|钱))|(?:收|接)不了|停收|不对外|转不进"
)
_FULL = re.compile(
    r"满(?:了|员|床|位|负荷|的|掉|到)|满$|已满|都满|全满|爆满|饱和|(?:没有?|无)(?:空)?(?:床|位|机位|名额|号)|"
    r"(?:床|机)位?(?:紧张|用完|没了|占满)|排满|约满|用满|挤不进|排不上|加不进"
)
_OPEN = re.compile(
    r"恢复|重新(?:开|接|收|对外|启)|开诊|解封|解除(?:闭环|封闭|封控)|复诊(?!病人|患者|的)|"
    r"(?:正常|照常)(?:开|接|收|门诊|营业|看|运行|对外)|重开|复工|(?:已|已经|又|现在|目前)(?:可以|能|开始)?(?:开了|开放|接诊|收了|正常)|启用|开通|"
    r"(?:急诊|门诊|科|室|中心|病房|医院)(?:又|也|都|已|全|可以)?(?:开了|照常|正常(?=$|[,，。;；\s]))|"
    r"有(?:空床|床位?|空位|机位|位子|位置|名额)了|(?:可以|能)(?:正常)?(?:收|接诊|接收)了|腾出"
)
_COMING = re.compile(r"恢复|重新|开诊|开放|复诊|正常|重开|解封|启用|有(?:空床|床|位)")
_OWN = re.compile(r"我们|我院|我科|本院|本科|我这|这边|阿拉|咱")
_NOT_A_STATUS = re.compile(
    r"恢复(?:期|健康|得|不错|好|出院|时间|日期)|何时恢复|满(?:月|意|头|身|脸|地|嘴)|没有?床上"
)
_PATIENTS_OWN = re.compile(r"(?:小区|我们楼|这栋|村里|小区里|居委|街道)[^,。;]{0,4}(?:封|闭环)")
_WHOLE = re.compile(r"全院|整个医院|全部科|医院")


def status(text: str, at: datetime, gazetteer: Gazetteer) -> HospitalStatus | None:
    """The state said of a hospital's department, None when none is.

    `hospital` is empty when the speaker says it of the own house (我们科停诊了); `department` is None for the whole.
    """
    folded = fold(text)
    if _PATIENTS_OWN.search(folded):
        return None
    named = hospital_spans(folded, gazetteer)
    departments = _departments(folded, named)
    own = bool(_OWN.search(folded))
    if not named and not departments and not own and not _WHOLE.search(folded):
        return None
    state, place = _state(folded)
    if state is None:
        return None
    hospital = named[0][2] if named else ""
    until = None if state == "open" else through(folded, at)
    return HospitalStatus(hospital, _nearest(departments, place), state, until)


def _state(folded: str) -> tuple[str | None, int]:
    """The state that counts, and where it is said: a closure before an opening, unless the opening comes after it.

    An opening that is still to come (明早8点恢复) is a closure until then.
    """
    found: list[tuple[int, str]] = []
    for part in clauses(folded):
        if not (part.asked or part.supposed):
            found.extend(_states_in(part))
    found.sort()
    shut = [(place, state) for place, state in found if state != "open"]
    if not found:
        return None, 0
    place, state = found[-1]
    if state != "open":
        return state, place
    if shut:
        return (shut[0][1], shut[0][0]) if _still_to_come(folded) else ("open", place)
    return ("closed" if _still_to_come(folded) else "open"), place


def _states_in(part: Clause) -> list[tuple[int, str]]:
    text = _NOT_A_STATUS.sub(lambda match: "＿" * len(match.group()), part.text)
    found = []
    for state, pattern in (("closed", _CLOSED), ("full", _FULL), ("open", _OPEN)):
        for match in pattern.finditer(text):
            undone = state == "open" and re.search(
                r"(?:没|未|不|没有|尚未|暂不|还没)$", left_of(text, match.start())
            )
            found.append((part.start + match.start(), "closed" if undone else state))
    return found


def _still_to_come(folded: str) -> bool:
    """明早8点恢复, 预计周五开放: said of later, not of now."""
    for match in _COMING.finditer(folded):
        before = folded[max(0, match.start() - 12) : match.start()]
        if re.search(r"(?:已|已经|现在|目前|刚|今天起|即日起|从今天)[^,。]{0,4}$", before):
            return False
        if re.search(
            r"明|后天|大后|点|时|周[一二三四五六日天末]|星期|礼拜|月\d|号|日|天后|小时后|预计|估计|争取|才|等",
            before,
        ):
            return True
    return False


def _departments(folded: str, named: list[tuple[int, int, str]]) -> list[tuple[int, str]]:
    """The departments that are not part of a hospital's name, with their places."""
    inside = {position for start, end, _ in named for position in range(start, end)}
    return [
        (match.start(), match.group())
        for match in word_class("科").finditer(folded)
        if inside.isdisjoint(range(match.start(), match.end()))
    ]


def _nearest(departments: list[tuple[int, str]], place: int) -> str | None:
    """The department spoken of where the state is said: the last one before it, else the first."""
    before = [name for start, name in departments if start <= place]
    if before:
        return before[-1]
    return departments[0][1] if departments else None
