"""Screening of a request by the rules of data/programmes/medicine-screening.csv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actions.medicines.lines import is_known_strength
from actions.medicines.table import Medicine, MedicineTable, Screen


@dataclass(frozen=True)
class Asked:
    """What the rules look at: one medicine of one patient."""

    medicine: Medicine
    strength: str | None = None
    days_left: float | None = None
    age: float | None = None  # years


def screens(asked: Asked, table: MedicineTable) -> tuple[Screen, ...]:
    """The rules that hold, in the order of the table."""
    return tuple(rule for rule in table.screens if all(_holds(each, asked) for each in rule.conditions))


def is_unclear(medicine: Medicine, strength: str | None) -> bool:
    """Whether nobody could buy it yet: several strengths and none said, or one that no pack has."""
    if strength is None:
        return len(medicine.strengths) != 1
    return not is_known_strength(strength, medicine)


def _holds(condition: str, asked: Asked) -> bool:
    kind, _, value = condition.partition(":")
    if kind == "flag":
        return value in asked.medicine.flags
    if kind == "class":
        return not asked.medicine.classes.isdisjoint(value.split("/"))
    if condition.startswith("age<"):
        return asked.age is not None and asked.age < float(condition.removeprefix("age<"))
    if condition.startswith("days<="):
        return asked.days_left is not None and asked.days_left <= float(condition.removeprefix("days<="))
    return is_unclear(asked.medicine, asked.strength)


def sayings(ids: Iterable[str], table: MedicineTable) -> list[str]:
    """What the rules with these ids say, once each; of those that set a request apart the first."""
    by_id: Mapping[str, Screen] = {rule.id: rule for rule in table.screens}
    rules = [by_id[each] for each in dict.fromkeys(ids) if each in by_id]
    apart = [rule for rule in rules if rule.apart]
    return list(dict.fromkeys(rule.says for rule in rules if rule not in apart[1:]))
