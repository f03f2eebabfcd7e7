"""Counts the features of a message, or of a part of it, for the act classifier."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc

from nlu.cues import word_class
from nlu.features import DANGER, ActFeatures
from nlu.findings import Finding, Status
from nlu.labs import lab_kinds
from nlu.mention import Mention
from nlu.persons import Person
from nlu.segments import Scene

_MEASURES = frozenset(["temp", "spo2", "sbp", "dbp", "hr", "glucose", "rr", "k", "glucose_hi", "glucose_lo"])
_PERSONAL = frozenset(["age", "age_months", "age_days", "gestation", "parity", "covid", "dialysis_gap_days"])
_PARTICULAR = _PERSONAL | _MEASURES | {"duration_h", "town", "address", "phone", "days_left", "orig_hospital"}
_SENTENCE_END = re.compile(r"[。!！?？\n]")
_TOLD = _PARTICULAR | {"drug", "sex"}
_SHORTAGE = "用药短缺"
_MEDICINE = re.compile(r"药|针|片|粒|胰岛素|试纸|氧|贴")
_OF_DYING = frozenset(["sticky", "private"])
"""Flags of what is never taken for a mere supposition: whoever speaks of dying is asked."""


def features(doc: Doc, start: int, end: int, level: int) -> ActFeatures:
    """Features of the normalised text between two positions; `level` is what its findings come to."""
    scene: Scene = doc._.scene
    findings, people = scene.findings_in(start, end), scene.people_in(start, end)
    mentions = scene.mentions_in(start, end)
    text = doc._.text[start:end]
    kinds = {m.kind for m in mentions}
    asking = doc._.cues.asking(text)
    status = Counter(f.status for f in findings if f.kind != "qualifier")
    kind = Counter(f.kind for f in findings)
    current = [f for f in findings if f.current]
    urgent = level <= DANGER or bool(kinds & _MEASURES)
    somebody = bool(kinds & _PERSONAL) or _ill_person(text, start, people, findings, mentions)
    return ActFeatures(
        has_patient=somebody,
        n_patients=sum(1 for p in doc._.patients if start <= p.start < end),
        n_findings=sum(1 for f in current if f.kind in {"symptom", "exposure"} and (somebody or _weighty(f))),
        n_concepts=sum(1 for f in findings if f.kind != "qualifier"),
        n_denied=status[Status.DENIED],
        n_past=status[Status.PAST] + status[Status.OVER],
        n_hypothetical=status[Status.SUPPOSED] + status[Status.MENTIONED],
        n_other=status[Status.OTHER],
        n_figurative=status[Status.FIGURATIVE],
        n_diseases=kind["disease"],
        n_treatments=kind["treatment"],
        n_qualifiers=kind["qualifier"],
        has_measure=bool(kinds & (_MEASURES | lab_kinds())),
        has_duration="duration_h" in kinds,
        has_drug="drug" in kinds,
        has_request=kind["request"] > 0,
        has_wish=any(
            _wished(f, text, kinds)
            and (urgent or somebody or not word_class("要否").match(text, f.start - start))
            for f in findings
        ),
        has_days_left="days_left" in kinds,
        has_place=bool(kinds & {"town", "address"}),
        has_hospital=bool(kinds & {"institution", "orig_hospital", "hospital"}),
        has_phone="phone" in kinds,
        level=level,
        danger=level <= DANGER,
        is_question="question" in asking,
        general_question=_general(asking, people, kinds, level),
        private="private" in kinds or any("private" in f.concept.flags for f in current),
        confided="private" in kinds or any(f.concept.flags >= _OF_DYING for f in current),
        numbered=bool(scene.listed),
        concepts=tuple(dict.fromkeys(f.name for f in current)),
        requests=tuple(dict.fromkeys(f.name for f in findings if f.kind == "request")),
        length=len(text.strip()),
    )


def _wished(finding: Finding, text: str, kinds: set[str]) -> bool:
    """Something is to be done that makes a case: not 上班, 快递, 副作用; and 只剩两天 only of medicine."""
    if finding.kind != "request" or "errand" in finding.concept.flags:
        return False
    short = _SHORTAGE in {finding.name, *finding.concept.broader}
    return not short or "drug" in kinds or bool(_MEDICINE.search(text))


def _weighty(finding: Finding) -> bool:
    """A complaint that means something even when nobody is named: not 累, 害怕."""
    return "minor" not in finding.concept.flags


def _ill_person(
    text: str, at: int, people: Sequence[Person], findings: Sequence[Finding], mentions: Sequence[Mention]
) -> bool:
    """A person word in a sentence that also says something clinical: 我爸发烧, but not 我爸真好笑.

    `at`: where the text begins in the message.
    """
    if not people:
        return False
    apart = {Status.OTHER, Status.FIGURATIVE}
    said = [f.start - at for f in findings if f.kind != "qualifier" and f.status not in apart]
    said += [m.start - at for m in mentions if m.kind in _TOLD]
    borders = [border.start() for border in _SENTENCE_END.finditer(text)]
    clinical = {bisect_left(borders, place) for place in said}
    return any(bisect_left(borders, person.start - at) in clinical for person in people)


def _general(asking: frozenset[str], people: Sequence[Person], kinds: set[str], level: int) -> bool:
    """About people in general or a thing: no relative, no measured value, no time, no place, nobody's 我."""
    if "general" not in asking or level <= DANGER or kinds & _PARTICULAR:
        return False
    certain = any(p.role in {"kin", "plural", "another"} and not p.teller for p in people)
    return not certain and ("somebody" not in asking)
