"""How people say things: concepts, body parts, complaints and drugs, read from data/lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import NamedTuple

from nlu.phrases import PhraseError, Way, ways
from nlu.tables import DATA, Faults, Row, parts, read_rows

KINDS = frozenset(["symptom", "disease", "treatment", "request", "qualifier", "exposure"])
FLAGS = frozenset(["sticky", "minor", "figurative", "private", "errand", "whole"])
BROAD = "broad"
"""Flag of a row, not of its concept: its ways of saying give way to those of rows without it and of rows before."""
BOUND, AFAR = "bound", "afar"
"""Flags of a complaint: only of the parts that compose.csv names with it (怕光 of the eye); also of a part in the clause before."""
SPECIALTIES = frozenset(
    [
        "EM",
        "GP",
        "RESP",
        "GI",
        "NEURO",
        "CARD",
        "HEMA",
        "NEPH",
        "ENDO",
        "RHEUM",
        "GERI",
        "GENSURG",
        "NSURG",
        "ORTHO",
        "URO",
        "THOR",
        "BURN",
        "GYN",
        "OB",
        "PED",
        "PEDSURG",
        "OPH",
        "ENT",
        "DENT",
        "DERM",
        "PSY",
        "INF",
        "ONC",
        "REHAB",
        "PAIN",
        "TCM",
        "PHARM",
    ]
)
CONCEPT_COLUMNS = ("concept", "kind", "specialty", "says", "is", "flags")
PART_COLUMNS = ("part", "says", "specialty", "side")
COMPLAINT_COLUMNS = ("complaint", "says", "kind", "flags")
COMPOSE_COLUMNS = ("part", "complaint", "concept", "specialty")
DRUG_COLUMNS = ("drug", "says", "class", "specialty", "special")
UNION_COLUMNS = ("one", "other", "part")
CLASS_COLUMNS = ("class", "says")
_CLASS = re.compile(r"<([^<>|{},]+)>")
SPECIAL_FILES = frozenset(
    {
        "parts.csv",
        "complaints.csv",
        "compose.csv",
        "unions.csv",
        "drugs.csv",
        "acts.csv",
        "classes.csv",
        "cues.csv",
        "persons.csv",
        "typos.csv",
    }
)
"""Tables of data/lexicon that hold something else than concepts."""


@dataclass(frozen=True)
class Concept:
    """A thing that can be said of a patient, with its standard term."""

    name: str
    kind: str
    specialties: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """A body part. `side`: `left`/`right`… as the table says it, empty when it has none."""

    name: str
    specialties: tuple[str, ...] = ()
    side: str = ""


@dataclass(frozen=True)
class Complaint:
    """What can be the matter with a part: 痛, 肿, 麻, 不能动."""

    name: str
    kind: str = "symptom"
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drug:
    """A drug by its generic name."""

    name: str
    classes: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    special: frozenset[str] = frozenset()


class Phrase(NamedTuple):
    """Ways of saying: the choices for each piece between gaps, and what they mean.

    `role` is concept, qualifier, part, complaint or drug. Within a role a way of saying belongs to one name only.
    """

    pieces: Way
    role: str
    name: str


@dataclass
class Lexicon:
    """All concepts with their ways of saying."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    complaints: dict[str, Complaint] = field(default_factory=dict)
    compose: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    unions: dict[tuple[str, str], str] = field(default_factory=dict)
    """Two parts of one side that are one part together: (手部, 足部) → 一侧肢体."""
    drugs: dict[str, Drug] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)
    ancestors: dict[str, frozenset[str]] = field(default_factory=dict)
    """A concept and all broader ones, itself included."""
    _meanings: dict[tuple[str, tuple[str, ...]], frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def of_a_part(self) -> frozenset[str]:
        """Concepts that compose.csv names: they have a part of the body of their own (头痛)."""
        return frozenset(name for name, _ in self.compose.values())

    @property
    def ways(self) -> int:
        """How many ways of saying there are."""
        return sum(prod(map(len, phrase.pieces)) for phrase in self.phrases)

    def wider(self, name: str) -> frozenset[str]:
        """The concept itself and everything it is a kind of."""
        return self.ancestors.get(name, frozenset({name}))

    def meanings(self, concept: Concept) -> frozenset[str]:
        """The concept of a finding and everything broader, also of one that no table holds but a composition made."""
        key = concept.name, concept.broader
        known = self._meanings.get(key)
        if known is None:
            broader = frozenset(name for wide in concept.broader for name in self.wider(wide))
            known = self._meanings[key] = self.wider(concept.name) | broader | {concept.name}
        return known

    def fits(self, part: str, complaint: str) -> bool:
        """Whether the complaint can be one of the part: nobody's hand is afraid of light."""
        if BOUND not in self.complaints[complaint].flags:
            return True
        return any(key in self.compose for key in ((part, complaint), (part, "*"), ("*", complaint)))

    def composed(self, part: str, complaint: str) -> Concept:
        """What a part with a complaint is called; made up when no table names it."""
        for key in ((part, complaint), (part, "*"), ("*", complaint)):
            if key in self.compose:
                name, specialties = self.compose[key]
                known = self.concepts.get(name)
                if known is not None:
                    return known if not specialties else _with_specialties(known, specialties)
                return self._made_up(name, part, complaint, specialties)
        known = self.concepts.get(part + complaint)
        return known or self._made_up(part + complaint, part, complaint, ())

    def _made_up(self, name: str, part: str, complaint: str, specialties: tuple[str, ...]) -> Concept:
        what = self.complaints[complaint]
        broader = (complaint,) if complaint in self.concepts else ()
        flags = what.flags & FLAGS
        return Concept(name, what.kind, specialties or self.parts[part].specialties, broader, flags)


def _with_specialties(concept: Concept, specialties: tuple[str, ...]) -> Concept:
    return Concept(concept.name, concept.kind, specialties, concept.broader, concept.flags)


def load_lexicon(data: Path = DATA, faults: Faults | None = None) -> Lexicon:
    """The lexicon of `data`/lexicon. Faults are raised as TableError, or collected when `faults` is given."""
    loader = _Loader(data / "lexicon", faults or Faults(strict=True))
    loader.load()
    return loader.lexicon


class _Loader:
    def __init__(self, folder: Path, faults: Faults) -> None:
        self.folder = folder
        self.faults = faults
        self.lexicon = Lexicon()
        self.claimed: dict[str, dict[tuple[str, ...], tuple[str, Row]]] = {}
        """For each role who owns a way of saying, and the row that gave it."""
        self.first_rows: dict[str, Row] = {}
        self.classes: dict[str, str] = {}
        """What a class of words, <大便>, stands for, in braces."""

    def load(self) -> None:
        files = sorted(path for path in self.folder.glob("*.csv") if path.name not in SPECIAL_FILES)
        if not files:
            self.faults.add(self.folder, 0, "holds no concept file (*.csv)")
        self._classes()
        rows = [row for path in files for row in read_rows(path, CONCEPT_COLUMNS, self.faults, ("note",))]
        for row in sorted(
            rows, key=lambda row: (_is_broad(row), not row["kind"])
        ):  # a concept's main row may stand in any file
            self._concept(row)
        self._parts()
        self._complaints()
        self._compose()
        self._unions()
        self._drugs()
        self._broader()

    def _classes(self) -> None:
        path = self.folder / "classes.csv"
        for row in read_rows(path, CLASS_COLUMNS, self.faults, ("note",)) if path.exists() else ():
            try:
                self.classes[row["class"]] = "{" + self._filled(row["says"]).replace("|", ",") + "}"
            except PhraseError as error:
                self._fault(row, str(error))

    def _filled(self, cell: str) -> str:
        """A cell of ways of saying with its classes of words written out."""

        def fill(found: re.Match[str]) -> str:
            if found[1] not in self.classes:
                raise PhraseError(f"{found[0]} is no class of classes.csv above")
            return self.classes[found[1]]

        return _CLASS.sub(fill, cell)

    def _concept(self, row: Row) -> None:
        name, kind = row["concept"], row["kind"]
        if kind and kind not in KINDS:
            self._fault(row, f"kind {kind!r} is none of {' '.join(sorted(KINDS))}")
            return
        known = self.lexicon.concepts.get(name)
        if known is None and not kind:
            self._fault(row, f"{name}: one row of a concept must name its kind")
            return
        if known and kind and known.kind != kind:
            where = self.first_rows[name]
            self._fault(row, f"{name} is {kind} here but {known.kind} in {where.file.name}:{where.line}")
        flags = set(self._known(row, "flags", FLAGS | {BROAD})) - {BROAD}
        specialties = self.specialties(row)
        self.first_rows.setdefault(name, row)
        self.lexicon.concepts[name] = Concept(
            name,
            known.kind if known else kind,
            _joined(known.specialties if known else (), specialties),
            _joined(known.broader if known else (), parts(row["is"])),
            (known.flags if known else frozenset()) | frozenset(flags),
        )
        role = "qualifier" if self.lexicon.concepts[name].kind == "qualifier" else "concept"
        self._says(row, role, name)

    def _parts(self) -> None:
        for row in read_rows(self.folder / "parts.csv", PART_COLUMNS, self.faults, ("note",)):
            self.lexicon.parts[row["part"]] = Part(row["part"], self.specialties(row), row["side"])
            self._says(row, "part", row["part"])

    def _complaints(self) -> None:
        for row in read_rows(self.folder / "complaints.csv", COMPLAINT_COLUMNS, self.faults, ("note",)):
            kind = row["kind"] or "symptom"
            if kind not in KINDS:
                self._fault(row, f"kind {kind!r} is none of {' '.join(sorted(KINDS))}")
                continue
            flags = frozenset(self._known(row, "flags", FLAGS | {BOUND, AFAR}))
            self.lexicon.complaints[row["complaint"]] = Complaint(row["complaint"], kind, flags)
            self._says(row, "complaint", row["complaint"])

    def _compose(self) -> None:
        for row in read_rows(self.folder / "compose.csv", COMPOSE_COLUMNS, self.faults, ("note",)):
            known = True
            for column, table in (("part", self.lexicon.parts), ("complaint", self.lexicon.complaints)):
                for name in parts(row[column]):
                    if name != "*" and name not in table:
                        self._fault(row, f"{column} {name!r} is not in {column}s.csv")
                        known = False
            if not row["concept"]:
                self._fault(row, "concept is empty")
            elif known:
                for part in parts(row["part"]):
                    for complaint in parts(row["complaint"]):
                        self.lexicon.compose[part, complaint] = (row["concept"], self.specialties(row))

    def _unions(self) -> None:
        for row in read_rows(self.folder / "unions.csv", UNION_COLUMNS, self.faults, ("note",)):
            pairs = [(one, other) for one in parts(row["one"]) for other in parts(row["other"])]
            for name in {row["part"], *(name for pair in pairs for name in pair)}:
                if name not in self.lexicon.parts:
                    self._fault(row, f"part {name!r} is not in parts.csv")
            for one, other in pairs:
                self.lexicon.unions[one, other] = self.lexicon.unions[other, one] = row["part"]

    def _drugs(self) -> None:
        for row in read_rows(self.folder / "drugs.csv", DRUG_COLUMNS, self.faults, ("note",)):
            name = row["drug"]
            if name in self.lexicon.drugs:
                self._fault(row, f"drug {name} stands twice")
                continue
            special = frozenset(parts(row["special"]))
            self.lexicon.drugs[name] = Drug(name, parts(row["class"]), self.specialties(row), special)
            self._says(row, "drug", name)

    def _broader(self) -> None:
        concepts = self.lexicon.concepts
        for name, concept in concepts.items():
            for wider in concept.broader:
                if wider not in concepts:
                    self._fault(
                        self.first_rows[name], f"{name}: the broader concept {wider!r} is in no concept file"
                    )
        for name in concepts:
            self.lexicon.ancestors[name] = frozenset(_climb(name, concepts))

    def _says(self, row: Row, role: str, name: str) -> None:
        try:
            found = ways(name + "|" + self._filled(row["says"]))
        except PhraseError as error:
            self._fault(row, str(error))
            return
        claimed, mine = self.claimed.setdefault(role, {}), (name, row)
        for way in found:
            others = {
                pieces: owner
                for pieces in product(*way)
                if (owner := claimed.setdefault(pieces, mine))[0] != name
            }
            for pieces, (other, where) in others.items():
                if _is_broad(row):
                    continue
                place = f"{where.file.name}:{where.line}"
                self._fault(row, f"{'…'.join(pieces)!r} of {name} already belongs to {other} ({place})")
            free = (
                [way] if not others else _singly(pieces for pieces in product(*way) if pieces not in others)
            )
            self.lexicon.phrases.extend(Phrase(one, role, name) for one in free)

    def specialties(self, row: Row) -> tuple[str, ...]:
        return tuple(self._known(row, "specialty", SPECIALTIES))

    def _known(self, row: Row, column: str, allowed: Iterable[str]) -> Iterator[str]:
        for value in parts(row[column]):
            if value in allowed:
                yield value
            else:
                self._fault(row, f"{column} {value!r} is none of {' '.join(sorted(allowed))}")

    def _fault(self, row: Row, fault: str) -> None:
        self.faults.add(row.file, row.line, fault)


def _is_broad(row: Row) -> bool:
    return BROAD in parts(row["flags"])


def _singly(found: Iterable[tuple[str, ...]]) -> list[Way]:
    return [tuple((piece,) for piece in pieces) for pieces in found]


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))


def _climb(name: str, concepts: dict[str, Concept]) -> set[str]:
    seen, todo = {name}, [name]
    while todo:
        concept = concepts.get(todo.pop())
        for wider in concept.broader if concept else ():
            if wider not in seen:
                seen.add(wider)
                todo.append(wider)
    return seen
