"""What a row of the cue table may ask for in brackets: [患], [症], [泛] … as facts of one message or of a part of it."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.case_numbers import case_free, case_numbers
from nlu.clauses import clauses
from nlu.cues import word_class
from nlu.features import ActFeatures
from nlu.pointers import SURNAMES, TITLES

_ROLE_FACTS = {
    "hospital": "医院",
    "expert": "专家",
    "coordinator": "协调",
    "leader": "领导",
    "contact": "联系人",
    "volunteer": "志愿者",
    "guest": "群众",
}

_PRONOUN = re.compile(
    r"^\s*(他|她|伊|人|病人|患者)(?!们|家在|家里有|说是有|民)|[,，。;；!！\s](他|她|伊)(?!们)"
)


def facts_of(
    folded: str, features: ActFeatures, role: str | None = None, state_said: bool = False
) -> dict[str, bool]:
    """What a row of the table may ask for in brackets."""
    length = features.length or len(folded.strip())
    facts = {
        "患": features.has_patient,
        "症": features.n_findings > 0,
        "危": features.danger,
        "概": features.n_concepts > 0,
        "否": features.n_denied > 0,
        "往": features.n_past > 0,
        "设": features.n_hypothetical > 0,
        "喻": features.n_figurative > 0,
        "闻": features.n_other > 0,
        "病": features.n_diseases > 0,
        "治": features.n_treatments > 0,
        "量": features.has_measure,
        "久": features.has_duration,
        "药": features.has_drug,
        "求": features.has_request,
        "剩": features.has_days_left,
        "地": features.has_place,
        "院": features.has_hospital,
        "电": features.has_phone,
        "问": features.is_question,
        "泛": is_general(folded, features),
        "况": features.n_concepts > features.n_denied + features.n_past + features.n_figurative,
        "急": features.level <= 3,
        "私": features.private,
        "列": features.numbered,
        "号": bool(case_numbers(folded)),
        "短": length <= 14,
        "极短": length <= 6,
        "长": length > 20,
        "只号": not case_free(folded) and bool(case_numbers(folded)),
        "引": bool(word_class("引入").search(folded)),
        "代": bool(_PRONOUN.search(folded)) and not word_class("引入").search(folded),
        "态": state_said,
        "戏": is_shown(folded, features),
        "客套": bool(_courtesy().fullmatch(folded)),
    }
    if role in _ROLE_FACTS:
        facts[_ROLE_FACTS[role]] = True
    return facts


def is_general(folded: str, features: ActFeatures) -> bool:
    """Whether a thing is asked about as such (煤气中毒为什么不能开灯), with nobody in particular who has it now."""
    asked = features.is_question or any(part.asked for part in clauses(folded))
    if case_numbers(folded):
        return False
    if features.general_question and asked:
        return True
    if not (asked or word_class("问法").search(folded)):
        return False
    particular = (
        features.has_measure
        or features.has_place
        or features.has_phone
        or features.has_days_left
        or features.private
    )
    if particular:
        return False
    rest = word_class("非切身").sub("＿", folded)
    return bool(word_class("泛问").search(folded)) and not word_class("切身").search(rest)


def is_shown(folded: str, features: ActFeatures) -> bool:
    """Whether the message talks of a play, the news, figures or prices, and of nobody who is ill somewhere here."""
    here = features.has_place or features.has_phone or features.has_days_left or features.numbered
    if here or word_class("引入").search(folded) or word_class("求援").search(folded):
        return False
    if features.n_findings and word_class("亲友").search(folded):
        return False
    return bool(word_class("戏").search(folded))


@lru_cache(maxsize=1)
def _courtesy() -> re.Pattern[str]:
    """A message of nothing but acknowledgement, thanks, names and signs."""
    word = word_class("客套").pattern
    person = rf"[{SURNAMES}]?(?:{TITLES})|@[^\s@]{{1,16}}"
    return re.compile(rf"(?:{word}|{person}|[\W_]|[了啦呀啊哈呢吧的]$)+")
