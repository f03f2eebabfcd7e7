"""Whether a message holds anything to see to: something for a case, or a question for a doctor or pharmacist."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.clauses import fold
from nlu.cues import word_class
from nlu.features import ActFeatures
from nlu.mention import Mention, hide
from nlu.rescue import asks_for_help

_LABELS = re.compile(
    r"姓名|名字|名叫|家住|住址|住在|地址|电话|手机|联系方式|联系|号码|身份证|年龄|性别|[\W_\d]"
)
_NAME = 4
"""Letters of a name at most."""
_WHERE = frozenset(["address", "phone"])
_ATTACHED = re.compile(r"\[(?:图片|语音)\]")


def asks_of_health(told: ActFeatures, text: str) -> bool:
    """Whether a question is one for a doctor or pharmacist: of an illness, a drug, an examination."""
    clinical = told.n_findings or told.n_diseases or told.n_treatments or told.has_drug or told.has_measure
    if _is_errand(text) and not (told.n_findings or told.has_drug or told.has_measure):
        return False  # 核酸今天几点开始
    return bool(clinical) or bool(word_class("医问").search(fold(text)))


def is_mere_errand(told: ActFeatures, text: str) -> bool:
    """An errand that nobody's illness is behind; 刚报的那个大出血孕妇怎么过去 is about her."""
    ill = told.n_findings or told.n_diseases or told.n_treatments
    return not (told.has_patient or told.danger or ill) and _is_errand(text)


def _is_errand(text: str) -> bool:
    """Where, when and with which paper something everyday is done: 核酸今天几点开始, 怎么过去？要出门证吗."""
    return bool(word_class("后勤").search(fold(text)))


def tells_only_who(text: str, mentions: Sequence[Mention]) -> bool:
    """钱德才，电话…，新源村3组12号: who and where somebody is and nothing besides, which is never mere talk."""
    if not any(mention.kind in _WHERE for mention in mentions):
        return False
    bare = hide(text, [(one.start, one.end) for one in mentions], " ")
    return len(_LABELS.sub("", bare)) <= _NAME


def has_matter(told: ActFeatures, text: str) -> bool:
    """Whether there is anything a case could be opened for: something clinical, a place, or a cry for help."""
    clinical = told.n_concepts > told.n_other + told.n_figurative or told.has_measure or told.has_drug
    wanted = told.has_request or told.has_days_left or told.has_place or told.has_phone or told.private
    return (
        clinical
        or wanted
        or told.has_patient
        or told.numbered
        or asks_for_help(text)
        or bool(_ATTACHED.search(text))
    )
