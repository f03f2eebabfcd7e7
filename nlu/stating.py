"""A message that does nothing but say how a department is, whatever its words resemble: 停诊到明早8点, 周三恢复.

Such words say 恢复 of no case, and 收 of no patient. Whoever may say them (contract §5) is taken at his word; a
number, somebody ill or a question makes it something else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlu.acts import ActDecision
from nlu.clauses import fold
from nlu.cues import word_class
from nlu.features import ActFeatures
from nlu.hospital_status import HOUSE
from nlu.numbers import WHOLE, value
from nlu.understanding import HospitalStatus, Pointers

SPEAKERS = (None, "hospital", "coordinator", "leader")
STATED = frozenset({"hospital_status", "decline"})
"""Acts with which a state goes."""
_LEFT_ALONE = frozenset({"rumour", "correct", "consult"})
SCORE = 0.9
WRITTEN = 0.5
"""Learned probability from which a message that tells of an illness is a report, whatever it says of a house."""
_ENDS = re.compile(r"结案|结了|销案|关闭|办结|可以[关结销]")
_COUNTED = re.compile(rf"({WHOLE})\s*[个张台位例班](?![月小])")


def states(
    decision: ActDecision,
    state: HospitalStatus | None,
    told: ActFeatures,
    pointers: Pointers,
    *,
    text: str,
    role: str | None,
) -> ActDecision:
    """The decision, or `hospital_status` where the message is that and nothing else."""
    if state is None or role not in SPEAKERS or decision.act in STATED | _LEFT_ALONE or decision.also:
        return decision
    if (
        (role != HOUSE and _is_reported(decision, told))
        or _of_a_case(pointers, state)
        or _of_somebody(told, state)
        or not _may_be(decision.act, state, text, role)
    ):
        return decision
    return replace(decision, act="hospital_status", score=SCORE)


def _is_reported(decision: ActDecision, told: ActFeatures) -> bool:
    """三叉神经痛 以前在方塔打封闭, 羟氯喹剩3天 复诊取消了: written as reports are, of somebody's illness or medicine."""
    clinical = told.n_findings or told.n_diseases or told.has_drug or told.has_days_left
    return decision.act == "report" and bool(clinical) and decision.chances.get("report", 0.0) >= WRITTEN


def _of_a_case(pointers: Pointers, state: HospitalStatus) -> bool:
    return bool(pointers.case_numbers or pointers.pronoun or (pointers.back and not state.hospital))


def _of_somebody(told: ActFeatures, state: HospitalStatus) -> bool:
    ill = told.has_patient or told.danger or told.is_question
    return ill or (not state.hospital and bool(told.n_findings or told.has_place))


def _may_be(act: str, state: HospitalStatus, text: str, role: str | None) -> bool:
    """Whether a message that sounds like this act may be no more than a state."""
    closes = state.state != "open"
    if act == "notice":
        return closes and (bool(state.hospital) or role == HOUSE)
    if act == "close":
        return (state.resumes or not closes) and _of_the_house(state, text) and not _ENDS.search(text)
    # 有床，过来; 急诊开着的，来吧: to whoever asked
    return act != "accept" or _of_the_house(state, text)


def _of_the_house(state: HospitalStatus, text: str) -> bool:
    """Closed, full, open again after a closing, or places by the number: not said of one patient."""
    return (
        state.state != "open" or bool(word_class("复态").search(fold(text))) or _several_places(state, text)
    )


def _several_places(state: HospitalStatus, text: str) -> bool:
    """血透室还能加5个; 可以加一个 is said to who asked."""
    counts = (value(each) for each in _COUNTED.findall(fold(text)))
    return state.department is not None and any(count is not None and count > 1 for count in counts)
