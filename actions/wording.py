"""How a case is put into words: in full where it came from, with less of the patient elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from actions.desk import Desk
from actions.maternal.weeks import person_words
from actions.models import Case
from actions.privacy import to_estate

PROTOCOL = Path(__file__).resolve().parent.parent / "data" / "protocol"
OUTSIDE = "名录外"
LEVELS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}


@cache
def _names(table: str) -> dict[str, str]:
    with (PROTOCOL / table).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["code"]: row["name"] for row in rows if row["name"]}


def specialty_name(code: str) -> str:
    """The standard 诊疗科目 name shown to people."""
    return _names("specialties.csv").get(code, code)


def category_name(code: str) -> str:
    """The Chinese name of a category."""
    return _names("categories.csv").get(code, code)


def comes_first(category: str, other: str) -> bool:
    """Whether `category` goes before `other` when both fit (facts §2.1)."""
    order = list(_names("categories.csv"))
    return category in order and other in order and order.index(category) < order.index(other)


def hospital(desk: Desk, case: Case) -> str:
    """The hospital as a room may see it: of a private matter its name would tell what it is about."""
    if case.hospital is None:
        return desk.phrases.say("no_hospital")
    return desk.phrases.say("the_hospital") if case.private else house(desk, case.hospital)


def house(desk: Desk, name: str | None) -> str:
    """A hospital's name; of one that the directory does not have, or only knows by name, that as well."""
    known = desk.site.institutions.get(name or "")
    if not name or (known is not None and known.kind != OUTSIDE):
        return name or ""
    return desk.phrases.say("outside", hospital=name)


def level_name(desk: Desk, level: int) -> str:
    """Ⅰ级急危 …"""
    return desk.phrases.say(f"level_{level}")


def status_name(desk: Desk, case: Case) -> str:
    """The status as people say it."""
    return desk.phrases.say(f"status_{case.status}", hospital=hospital(desk, case) if case.hospital else "")


def person(case: Case, today: date | None = None) -> str:
    """82岁女, 2月龄, 孕38+2周 … as far as known; weeks of pregnancy as of `today`, without it as they were told."""
    fields = case.fields
    words = []
    if "age" in fields:
        words.append(f"{fields['age']:g}岁")
    elif "age_months" in fields:
        words.append(f"{fields['age_months']:g}月龄")
    words.append({"M": "男", "F": "女"}.get(str(fields.get("sex")), ""))
    words.append(person_words(fields, today))
    return "".join(words)


def complaint(case: Case, most: int = 3) -> str:
    """The first complaints, else the category."""
    said = list(case.fields.get("symptoms", []))[:most]
    if not said and case.fields.get("drugs"):
        said = [f"{'、'.join(case.fields['drugs'][:most])}配药"]
    return "、".join(said) or category_name(case.category)


def short(case: Case, today: date | None = None) -> str:
    """One line that lets a member recognise the case: number, level, town, person, complaint."""
    words = [case.number, LEVELS[case.level], case.town or ""]
    if not case.private:
        words += [person(case, today), complaint(case)]
    return " ".join(word for word in words if word)


def brief(case: Case) -> str:
    """The same with less of the patient, for rooms that have no part in it: number, level, town, one complaint."""
    words = [case.number, LEVELS[case.level], case.town or ""]
    if not case.private:
        words.append(complaint(case, 1))
    return " ".join(word for word in words if word)


def because(case: Case) -> str:
    """The words that decided the level, with the rule's reason."""
    parts = []
    for reason in case.reasons[:3]:
        quote, why = str(reason.get("quote", "")).strip(), str(reason.get("why", "")).strip()
        parts.append(f"“{quote}”{why}" if quote and why else quote or why)
    return "；".join(dict.fromkeys(part for part in parts if part))


def vitals(case: Case) -> str:
    """The measured values, as written in a hand-over."""
    fields = case.fields
    words = []
    if "temp" in fields:
        words.append(f"体温{fields['temp']:g}℃")
    if "spo2" in fields:
        words.append(f"血氧{fields['spo2']:g}%")
    if "sbp" in fields:
        words.append(f"血压{fields['sbp']:g}/{fields.get('dbp', '?')}")
    if "hr" in fields:
        words.append(f"心率{fields['hr']:g}")
    if "glucose" in fields:
        words.append(f"血糖{fields['glucose']:g}")
    if "dialysis_gap_days" in fields:
        words.append(f"{fields['dialysis_gap_days']:g}天未透析")
    if "duration_h" in fields:
        words.append(_duration(float(fields["duration_h"])))
    return "，".join(words)


def _duration(hours: float) -> str:
    return f"已{hours / 24:g}天" if hours >= 24 and hours % 24 == 0 else f"已{hours:g}小时"


def for_experts(case: Case, today: date | None = None) -> str:
    """What another room needs to advise: no name, no full phone, no house number."""
    address = to_estate(str(case.fields.get("address", "")))
    parts = [person(case, today), complaint(case, 6), vitals(case), address]
    return "，".join(part for part in parts if part)


def names(values: Iterable[str]) -> str:
    """A list as people write it."""
    return "、".join(values)
