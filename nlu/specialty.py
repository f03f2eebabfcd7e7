"""Which specialty a patient is for: the deciding rules first, then the complaints, diseases and drugs."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.facts import PatientFacts
from nlu.findings import Finding, Status
from nlu.lexicon import Lexicon
from nlu.protocol import Protocol
from nlu.triage import Triage

DEFAULT = "GP"
_RULE = {0: 4.0, 1: 1.2, 2: 0.8, 3: 0.4}
"""Weight of a rule by how many levels it is below the deciding one."""
_KIND = {"symptom": 1.0, "exposure": 0.9, "treatment": 0.7, "disease": 0.6, "request": 0.5, "qualifier": 0.05}
_GENERAL = 0.04
"""A rule that names GP first says "nobody special": it yields to any organ."""
_NOTHING = 0.15
"""Less than this is only how somebody is called (老人)."""
_DRUG = 0.5
_PAST = 0.3
_FALL = 0.45
"""A code further back in a cell weighs so much of the one before it."""


def specialties(
    facts: PatientFacts, result: Triage, lexicon: Lexicon, protocol: Protocol
) -> tuple[tuple[str, float], ...]:
    """Codes with scores that add up to 1, best first; GP when nothing says anything."""
    scores: dict[str, float] = {}
    for fired in result.fired:
        weight = _RULE[min(fired.level - result.base, 3)]
        _add(
            scores,
            fired.rule.specialties,
            weight * (_GENERAL if fired.rule.specialties[:1] == (DEFAULT,) else 1),
        )
    seen: set[str] = set()
    for finding in facts.findings:
        if finding.name not in seen:
            _add(scores, finding.concept.specialties, _weight(finding))
            seen.add(finding.name)
    for name in dict.fromkeys(str(m.value) for m in facts.mentions if m.kind == "drug"):
        drug = lexicon.drugs.get(name)
        _add(scores, drug.specialties if drug else (), _DRUG)
    scores = _shifted(scores, facts, protocol)
    if result.level == 1 and any("EM" in f.rule.specialties for f in result.fired if f.level == 1):
        scores["EM"] = max(scores.values()) + 1.0  # at Ⅰ the emergency room decides where next
    total = sum(scores.values())
    if total < _NOTHING:
        return ((DEFAULT, 1.0),)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return tuple((code, score / total) for code, score in ranked if score > 0)


def _weight(finding: Finding) -> float:
    if finding.current:
        return _KIND[finding.kind]
    if finding.status in {Status.PAST, Status.OVER, Status.MENTIONED}:
        return _KIND[finding.kind] * _PAST
    return 0.0


def _add(scores: dict[str, float], codes: Iterable[str], weight: float) -> None:
    for code in codes:
        scores[code] = scores.get(code, 0.0) + weight
        weight *= _FALL


def _shifted(scores: dict[str, float], facts: PatientFacts, protocol: Protocol) -> dict[str, float]:
    """A child's stomach is for PED, a pregnant woman's headache for OB (shift.csv; the first row that fits moves a code)."""
    holding = [shift for shift in protocol.shifts if shift.when.evaluate(facts) is not None]
    moved: dict[str, float] = {}
    for code, score in scores.items():
        target = next((shift.target for shift in holding if code in shift.source), code)
        moved[target] = moved.get(target, 0.0) + score
    return moved
