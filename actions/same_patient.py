"""Is this patient on the list already? Joined by what two reports share (contract §8.10).

A neighbour with the same complaint is another case: something that tells persons apart must agree, and one
thing that contradicts (another age, town, address, family name) rules it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select

from actions.case import OPEN
from actions.models import Case
from actions.open_marks import ids, like_patient
from actions.turn import Turn
from nlu.understanding import Report

WITHIN = timedelta(hours=48)
ENOUGH = 5
# What two reports of one patient cannot differ in.
FIXED = ("sex", "town", "gestation", "phone", "parity")
# Ages are often guessed; more than this is another person.
AGES_DIFFER = 2
NEARLY_THE_SAME = 88  # of 100, between two texts that are forwards of one another
LONG_ENOUGH = 12

# The writer says himself that it is somebody else.
_ANOTHER = re.compile(
    r"另[一外]?[位个名]|还有[一]?[位个名]|又[有来]?一?[位个名]|再[报有]一?[位个名]|隔壁|邻居|楼[上下]|也是|同样"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_TITLES = (
    "阿婆|阿公|阿姨|阿伯|老伯|大爷|大妈|大叔|奶奶|爷爷|先生|女士|小姐|师傅|老太|叔叔|爷叔|某|妈妈|爸爸|老师傅"
)
_CALLED = re.compile(rf"([{_SURNAMES}])(?:{_TITLES})")


def find(turn: Turn, report: Report) -> Case | None:
    """The open case of the same patient, reported before this message."""
    query = (
        select(Case)
        .where(Case.id.in_(ids(like_patient(report.entities, report.quote))))
        .where(Case.status.in_(OPEN), Case.opened_at >= turn.desk.now - WITHIN)
        .where(Case.id.not_in(turn.message.case_ids))
        .order_by(Case.id.desc())
    )
    scored = [(likeness(case, report), case) for case in turn.desk.session.scalars(query)]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= ENOUGH else None


def likeness(case: Case, report: Report) -> int:
    """How much speaks for one patient; negative when something speaks against it."""
    old, new = case.fields, report.entities
    if _ANOTHER.search(report.quote) or differs(case, report):
        return -1
    personal = _personal(old, new) + (5 if _is_forward(case, report.quote) else 0)
    if personal == 0:
        return 0
    shared = set(old.get("symptoms", [])) & set(new.get("symptoms", []))
    return (
        personal
        + sum(
            1
            for key in ("town", "duration_h", "orig_hospital")
            if key in old and old.get(key) == new.get(key)
        )
        + (2 if shared else 0)
        + (1 if case.category == report.category else 0)
    )


def differs(case: Case, report: Report) -> bool:
    """Whether the report cannot be of this patient."""
    old, new = case.fields, report.entities
    if any(key in old and key in new and old[key] != new[key] for key in FIXED):
        return True
    before, after = _years(old), _years(new)
    if before is not None and after is not None and abs(before - after) > AGES_DIFFER:
        return True
    places = [_plain(str(fields.get("address", ""))) for fields in (old, new)]
    if all(places) and places[0] not in places[1] and places[1] not in places[0]:
        return True
    called, now_called = set(_CALLED.findall("".join(case.story))), set(_CALLED.findall(report.quote))
    return bool(called and now_called and not called & now_called)


def _personal(old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """What tells one person from the next; a sex alone does not."""
    score = 5 if old.get("phone") and old.get("phone") == new.get("phone") else 0
    score += (
        3 if len(str(old.get("address", ""))) >= 4 and new.get("address") else 0
    )  # not different: see differs
    score += 2 if _years(old) is not None and _years(old) == _years(new) else 0
    score += 2 if old.get("gestation") and old.get("gestation") == new.get("gestation") else 0
    return score + 1 if score and old.get("sex") and old.get("sex") == new.get("sex") else score


def _is_forward(case: Case, words: str) -> bool:
    """Nearly the same text, with the same numbers in it."""
    if not case.story or len(words) < LONG_ENOUGH:
        return False
    first = case.story[0]
    return (
        re.findall(r"\d+", first) == re.findall(r"\d+", words) and fuzz.ratio(first, words) >= NEARLY_THE_SAME
    )


def _years(fields: Mapping[str, Any]) -> float | None:
    if "age" in fields:
        return float(fields["age"])
    return float(fields["age_months"]) / 12 if "age_months" in fields else None


def _plain(address: str) -> str:
    return re.sub(r"[\s,，-]", "", address)
