"""What is known of medicines: data/programmes beside the names and classes of data/lexicon/drugs.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from actions.site_files import Faults, Row, read_table
from actions.site_types import SiteError

DATA = Path(__file__).resolve().parents[2] / "data"
LEXICON = Path("lexicon") / "drugs.csv"
PACKS = Path("programmes") / "medicines.csv"
WORDS = Path("programmes") / "medicine-words.csv"
SCREENING = Path("programmes") / "medicine-screening.csv"

STEPS = ("taken", "bought", "delivered")
KINDS = ("title", "form", "card_yes", "card_no", "card_self", *STEPS, "all", "but", "matter", "advice")
PROBLEM = "problem:"
_PLAIN_NAME = re.compile(r"[\w\u4e00-\u9fff/αβ+-]+")
_CONDITION = re.compile(r"(?:flag|class):[\w/\u4e00-\u9fffβ受体]+|age<\d+|days<=\d+|unclear")


@dataclass(frozen=True)
class Medicine:
    """One drug by its generic name: ways of saying it, classes, special flags, strengths and forms in use."""

    name: str
    says: tuple[str, ...]
    classes: frozenset[str]
    flags: frozenset[str]  # cold controlled test private group
    strengths: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screen:
    """One rule of the screening: what a coordinator has to know of a request before anybody goes for it."""

    id: str
    conditions: tuple[str, ...]
    apart: bool
    says: str
    why: str
    source: str


@dataclass(frozen=True)
class MedicineTable:
    """All tables on medicines, made ready."""

    medicines: Mapping[str, Medicine]
    names: Mapping[str, str]  # every way of saying → generic name
    pattern: re.Pattern[str]
    words: Mapping[str, re.Pattern[str]]
    screens: tuple[Screen, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Codes of what can go wrong when a medicine is fetched."""
        return tuple(kind.removeprefix(PROBLEM) for kind in self.words if kind.startswith(PROBLEM))


@cache
def medicine_table(data: Path = DATA) -> MedicineTable:
    """The tables, read once. Raises SiteError, which names the first fault with file and line."""
    faults = Faults()
    table = read_medicines(data, faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return table


def read_medicines(data: Path, faults: Faults) -> MedicineTable:
    """The tables under `data`; a row with a fault is left out and noted."""
    medicines = _medicines(data, faults)
    names = {way: each.name for each in medicines.values() for way in (each.name.lower(), *each.says)}
    ordered = sorted(names, key=len, reverse=True)
    return MedicineTable(
        medicines,
        names,
        re.compile("|".join(map(re.escape, ordered)) or r"(?!)"),
        _words(data / WORDS, faults),
        tuple(_screens(data / SCREENING, medicines, faults)),
    )


def _medicines(data: Path, faults: Faults) -> dict[str, Medicine]:
    packs = {}
    for row in read_table(data / PACKS, ("drug", "strengths", "forms", "note"), faults):
        packs[row["drug"]] = row
    found: dict[str, Medicine] = {}
    columns = ("drug", "says", "class", "specialty", "special", "note")
    for row in read_table(data / LEXICON, columns, faults):
        pack = packs.pop(row["drug"], None)
        found[row["drug"]] = _medicine(row, pack, faults)
    for row in packs.values():
        faults.add(row.path, row.line, f"{row['drug']} is no drug of data/{LEXICON}; add it there first")
    return found


def _medicine(row: Row, pack: Row | None, faults: Faults) -> Medicine:
    strengths = pack.many("strengths") if pack else ()
    for each in strengths:
        if pack and not re.fullmatch(r"\d[\d.]*(?:mg|g|ug|u|%)(?:/[\d.]*(?:mg|g|ug|ml|喷))?", each):
            faults.add(pack.path, pack.line, f"strength {each!r} must be like 5mg, 0.5g, 300u/3ml or 0.5%")
    return Medicine(
        row["drug"],
        tuple(way.lower() for way in row.many("says") if _PLAIN_NAME.fullmatch(way)),
        frozenset(_slashed(row["class"])),
        frozenset(_slashed(row["special"])),
        strengths,
        tuple(_slashed(pack["forms"])) if pack else (),
    )


def _slashed(cell: str) -> Iterator[str]:
    return (part.strip() for part in cell.split("/") if part.strip())


def _words(path: Path, faults: Faults) -> dict[str, re.Pattern[str]]:
    ways: dict[str, list[str]] = {}
    for row in read_table(path, ("kind", "says", "note"), faults):
        if row["kind"] not in KINDS and not row["kind"].startswith(PROBLEM):
            faults.add(row.path, row.line, f"kind {row['kind']!r} is none of {' '.join(KINDS)} {PROBLEM}CODE")
            continue
        try:
            re.compile(row["says"])
        except re.error as error:
            faults.add(row.path, row.line, f"says is no regular expression ({error})")
            continue
        ways.setdefault(row["kind"], []).append(row["says"])
    for kind in KINDS:
        if kind not in ways:
            faults.add(path, None, f"has no row of kind {kind}")
    return {kind: re.compile("|".join(says)) for kind, says in ways.items()}


def _screens(path: Path, medicines: Mapping[str, Medicine], faults: Faults) -> Iterator[Screen]:
    classes = {name for each in medicines.values() for name in each.classes}
    for row in read_table(path, ("id", "when", "apart", "says", "why", "source"), faults):
        conditions = tuple(part.strip() for part in row["when"].split("+"))
        wrong = [each for each in conditions if not _CONDITION.fullmatch(each)]
        wrong += [each for each in conditions if each.startswith("class:") and _unknown(each, classes)]
        if wrong:
            faults.add(row.path, row.line, f"when: {wrong[0]!r} is no condition; see the head of the file")
        elif row["apart"] not in ("", "yes"):
            faults.add(row.path, row.line, "apart must be yes or empty")
        else:
            yield Screen(row["id"], conditions, row["apart"] == "yes", row["says"], row["why"], row["source"])


def _unknown(condition: str, classes: set[str]) -> bool:
    return any(name not in classes for name in condition.removeprefix("class:").split("/"))
