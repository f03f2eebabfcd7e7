"""How well the words of a message describe the patient of a case: what he has, takes, is called, where and how old he is."""

from __future__ import annotations

from collections.abc import Iterable

from actions.closing import codes_of
from actions.models import Case
from actions.turn import Turn

DEPARTMENTS = 2
"""So many of a case's specialties may be the department that is named for it."""
ANYBODY = frozenset({"EM", "GP"})
"""Specialties that take everybody and tell nobody from another."""


def described(turn: Turn, cases: list[Case]) -> list[Case]:
    """Those whose patient the words describe best; none when no word describes one."""
    scores = [(_likeness(turn, case), case) for case in cases]
    best = max((score for score, _ in scores), default=0)
    return [case for score, case in scores if score == best] if best > 0 else []


def named_in_full(turn: Turn, case: Case) -> bool:
    """Whether the message holds the full name of the patient."""
    return any(len(name) > 1 and name in turn.message.text for name in case.fields.get("called", []))


def _likeness(turn: Turn, case: Case) -> int:
    """How many of the words agree with the case; one that contradicts counts against it."""
    hint, fields, pointers = turn.meaning.triage_hint, case.fields, turn.meaning.pointers
    said = {**(hint.entities if hint else {}), **turn.meaning.entities}
    told = {*fields.get("symptoms", []), *fields.get("history", []), *fields.get("drugs", [])}
    told |= set(fields.get("concepts", []))
    score = 2 * len(told & set(pointers.concepts))
    score += 2 * _same_drugs(said.get("drugs", []), fields.get("drugs", []))
    score += 2 * sum(1 for name in pointers.hospitals if name == case.hospital)
    score += 2 if _departments(pointers.departments) & set(case.specialties[:DEPARTMENTS]) else 0
    if hint and pointers.concepts:
        score += 1 if hint.category == case.category != "CHRONIC" else 0
        score += (
            1 if hint.specialty in case.specialties[:DEPARTMENTS] and hint.specialty not in ANYBODY else 0
        )
    for key in ("town", "age", "sex", "phone", "address", "gestation"):
        if key in said and key in fields:
            score += 1 if said[key] == fields[key] else -2
    known_as = any(name in turn.message.text for name in fields.get("known_as", []))
    score += 3 if known_as or named_in_full(turn, case) else 0
    names = hint.called if hint else ()
    score += 2 * len({name[0] for name in names} & {name[0] for name in fields.get("called", [])})
    return score + _same_relative(hint.kin if hint else (), fields.get("kin", []))


def _same_relative(said: Iterable[str], known: Iterable[str]) -> int:
    """他爸 is whose report spoke of a father."""
    said, known = set(said), set(known)
    return 3 if said & known else -1 if said and known else 0


def _same_drugs(said: Iterable[str], known: Iterable[str]) -> int:
    """How many drugs of the words are the case's; 诺和锐 stands for 诺和锐30."""
    known = list(known)
    return sum(any(one.startswith(drug) or drug.startswith(one) for one in known) for drug in said)


def _departments(names: tuple[str, ...]) -> frozenset[str]:
    """Specialties of the departments named; 急诊 takes everybody and tells nobody from another."""
    return frozenset(code for name in names for code in codes_of(name)) - ANYBODY
