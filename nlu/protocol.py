"""What follows from the findings: rules, groups, categories, dispositions, read from data/protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nlu.candidates import Candidates
from nlu.conditions import Compare, ConditionError, Node, Operand, operands, parse
from nlu.lexicon import KINDS, SPECIALTIES, Lexicon
from nlu.tables import DATA, Faults, Row, parts, read_rows

RULE_COLUMNS = ("id", "level", "specialty", "when", "unless", "why", "source")
CATEGORIES = frozenset(
    [
        "MATERNAL",
        "DIALYSIS",
        "ONCO",
        "CRITICAL",
        "FEVER",
        "CHILD",
        "PSYCH",
        "TRAUMA",
        "CHRONIC",
        "MEDS",
        "CARE",
        "CONSULT",
        "NONMED",
        "OTHER",
    ]
)
DISPOSITIONS = frozenset(
    [
        "D120",
        "ER_NOW",
        "HOSP_TODAY",
        "FEVER_CLINIC",
        "ONLINE",
        "CHC",
        "OWN_HOSPITAL",
        "PHARM",
        "HUMAN",
        "NONE",
    ]
)
PHASES = frozenset(["LOCKDOWN", "DYNAMIC_ZERO", "REOPEN", "CLASS_B"])
RULE_FILES = ("red-flags*.csv", "ordinary*.csv", "drug-stop*.csv", "vitals*.csv")
"""Names of the rule tables; the folder holds others too."""

SUSPICION = "M1"
"""Id of the raise by the learned judge (nlu/suspicion.py)."""


@dataclass(frozen=True)
class Rule:
    """A row of a rule table. Level 1 is the most urgent."""

    id: str
    level: int
    specialties: tuple[str, ...]
    when: Node
    unless: Node | None
    why: str
    source: str
    table: str = ""
    """The file it stands in, without its ending."""

    def groups(self) -> frozenset[str]:
        """Groups (孕, 老人 …) that the row itself asks for."""
        return frozenset(o.name for o in operands(self.when) if isinstance(o, Operand) and o.mode == "group")


@dataclass(frozen=True)
class Choice:
    """A code (or an item, a line) with the condition under which it applies; no condition: always."""

    code: str
    text: str
    when: Node | None


@dataclass(frozen=True)
class Shift:
    """Under `when`, a specialty of `source` becomes `target`: 儿童 with RESP is for PED."""

    when: Node
    source: frozenset[str]
    target: str


@dataclass
class Protocol:
    """All tables of data/protocol."""

    rules: list[Rule] = field(default_factory=list)
    raises: list[Rule] = field(default_factory=list)
    suspicion: Rule | None = None
    """When the learned judge may raise a level."""
    groups: dict[str, Node] = field(default_factory=dict)
    categories: list[Choice] = field(default_factory=list)
    tags: list[Choice] = field(default_factory=list)
    dispositions: list[Choice] = field(default_factory=list)
    missing: list[Choice] = field(default_factory=list)
    firstaid: list[Choice] = field(default_factory=list)
    specialties: dict[str, str] = field(default_factory=dict)
    shifts: list[Shift] = field(default_factory=list)
    derived: list[Choice] = field(default_factory=list)
    """Concepts that a measure amounts to: 发热 when temp >= 37.3."""

    @cached_property
    def rule_lookup(self) -> Candidates[Rule]:
        """The rules by what they ask for; made at the first use, when all tables are read. So are the others."""
        return Candidates(((rule, rule.when) for rule in self.rules), self.groups)

    @cached_property
    def category_lookup(self) -> Candidates[Choice]:
        return self._lookup(self.categories)

    @cached_property
    def disposition_lookup(self) -> Candidates[Choice]:
        return self._lookup(self.dispositions)

    @cached_property
    def missing_lookup(self) -> Candidates[Choice]:
        return self._lookup(self.missing)

    @cached_property
    def firstaid_lookup(self) -> Candidates[Choice]:
        return self._lookup(self.firstaid)

    @cached_property
    def weighed(self) -> dict[str, frozenset[str]]:
        """For each rule and raise by its id what its condition asks for, down through the groups."""
        return {rule.id: self._weighs(rule.when) for rule in (*self.rules, *self.raises)}

    def make_ready(self) -> None:
        """Makes all lookups now: they last as long as the tables."""
        lookups = (self.rule_lookup, self.category_lookup, self.disposition_lookup)
        _ = (*lookups, self.missing_lookup, self.firstaid_lookup, self.weighed)

    def _lookup(self, choices: Iterable[Choice]) -> Candidates[Choice]:
        return Candidates(((choice, choice.when) for choice in choices), self.groups)

    def _weighs(self, node: Node) -> frozenset[str]:
        """Groups, concepts, drugs, and measures such as the age."""
        names: set[str] = set()
        todo: list[Node] = [node]
        while todo:
            for item in operands(todo.pop()):
                fresh = item.name not in names
                names.add(item.name)
                if fresh and isinstance(item, Operand) and item.mode == "group" and item.name in self.groups:
                    todo.append(self.groups[item.name])
        return frozenset(names - {"level"})


def load_protocol(lexicon: Lexicon, data: Path = DATA, faults: Faults | None = None) -> Protocol:
    """The tables of `data`/protocol, checked against the lexicon.

    Faults are raised as TableError, or collected when `faults` is given (a faulty row is left out).
    """
    loader = _Loader(data / "protocol", lexicon, faults or Faults(strict=True))
    loader.load()
    return loader.protocol


class _Loader:
    def __init__(self, folder: Path, lexicon: Lexicon, faults: Faults) -> None:
        self.folder = folder
        self.lexicon = lexicon
        self.faults = faults
        self.protocol = Protocol()
        self.ids: dict[str, Row] = {}
        self.classes = {name for drug in lexicon.drugs.values() for name in drug.classes}
        composed = {name for name, _ in lexicon.compose.values()}
        made_up = {part + complaint for part in lexicon.parts for complaint in lexicon.complaints}
        self.names = set(lexicon.concepts) | composed | made_up

    def load(self) -> None:
        self._groups()
        for path in sorted(path for pattern in RULE_FILES for path in self.folder.glob(pattern)):
            self.protocol.rules.extend(self._rules(path))
        if not self.protocol.rules:
            self.faults.add(self.folder, 0, "holds no rule table")
        raises = list(self._raises())
        self.protocol.raises = [rule for rule in raises if rule.id != SUSPICION]
        self.protocol.suspicion = next((rule for rule in raises if rule.id == SUSPICION), None)
        p = self.protocol
        p.categories = self._choices("categories", ("code", "name", "when"), CATEGORIES)
        p.tags = self._choices("tags", ("code", "name", "when"), CATEGORIES, needed=False)
        p.dispositions = self._choices("dispositions", ("code", "name", "when"), DISPOSITIONS)
        p.missing = self._choices("missing", ("item", "ask", "when"), None)
        p.firstaid = self._choices("firstaid", ("id", "line", "when"), None)
        p.derived = self._choices("derived", ("concept", "note", "when"), frozenset(self.lexicon.concepts))
        self._specialties()
        self._shifts()

    def _groups(self) -> None:
        rows = list(read_rows(self.folder / "groups.csv", ("group", "when"), self.faults, ("note",)))
        self.known_groups = {row["group"] for row in rows}
        for row in rows:
            node = self._condition(row, "when")
            if row["group"] in self.protocol.groups:
                self._fault(row, f"group {row['group']} stands twice")
            elif node is not None:
                self.protocol.groups[row["group"]] = node

    def _rules(self, path: Path) -> Iterator[Rule]:
        for row in read_rows(path, RULE_COLUMNS, self.faults, ("note",)):
            if row["level"] not in {"1", "2", "3", "4"}:
                self._fault(row, f"level {row['level']!r} must be 1, 2, 3 or 4")
                continue
            rule = self._rule(row, int(row["level"]))
            if rule is not None:
                yield rule

    def _raises(self) -> Iterator[Rule]:
        columns = ("id", "when", "unless", "why", "source")
        for row in read_rows(self.folder / "raise.csv", columns, self.faults, ("note",)):
            rule = self._rule(row, 0)
            if rule is not None:
                yield rule

    def _rule(self, row: Row, level: int) -> Rule | None:
        known = self.ids.setdefault(row["id"], row)
        if known is not row:
            self._fault(row, f"id {row['id']} is already used in {known.file.name}:{known.line}")
            return None
        when = self._condition(row, "when")
        unless = self._condition(row, "unless") if row["unless"] else None
        specialties = self._codes(row, "specialty", SPECIALTIES)
        if when is None or (row["unless"] and unless is None):
            return None
        return Rule(row["id"], level, specialties, when, unless, row["why"], row["source"], row.file.stem)

    def _choices(
        self, name: str, columns: tuple[str, ...], allowed: frozenset[str] | None, needed: bool = True
    ) -> list[Choice]:
        path = self.folder / f"{name}.csv"
        if not needed and not path.exists():
            return []
        choices = []
        for row in read_rows(
            path, columns, self.faults, ("note", "source") if "note" not in columns else ("source",)
        ):
            code = row[columns[0]]
            if allowed is not None and code not in allowed:
                self._fault(row, f"{columns[0]} {code!r} is none of {' '.join(sorted(allowed))}")
                continue
            when = self._condition(row, "when") if row["when"] else None
            if row["when"] and when is None:
                continue
            choices.append(Choice(code, row[columns[1]], when))
        return choices

    def _specialties(self) -> None:
        for row in read_rows(self.folder / "specialties.csv", ("code", "name"), self.faults, ("note",)):
            if row["code"] not in SPECIALTIES:
                self._fault(row, f"code {row['code']!r} is none of {' '.join(sorted(SPECIALTIES))}")
            else:
                self.protocol.specialties[row["code"]] = row["name"]

    def _shifts(self) -> None:
        for row in read_rows(self.folder / "shift.csv", ("from", "to", "when"), self.faults, ("note",)):
            source = self._codes(row, "from", SPECIALTIES)
            target = self._codes(row, "to", SPECIALTIES)
            when = self._condition(row, "when")
            if when is not None and source and len(target) == 1:
                self.protocol.shifts.append(Shift(when, frozenset(source), target[0]))

    def _condition(self, row: Row, column: str) -> Node | None:
        try:
            node = parse(row[column])
        except ConditionError as error:
            self._fault(row, f"{column}: {error}")
            return None
        for fault in self._unknown(node):
            self._fault(row, f"{column}: {fault}")
        return node

    def _unknown(self, node: Node) -> Iterator[str]:
        """Names in a condition that no table knows."""
        for item in operands(node):
            if isinstance(item, Compare):
                yield from self._unknown_word(item)
            elif item.mode == "group":
                if item.name not in self.known_groups:
                    yield f"group {item.name!r} is not in groups.csv"
            elif item.mode == "drug":
                if item.name != "*" and item.name not in self.lexicon.drugs and item.name not in self.classes:
                    yield f"drug or class {item.name!r} is not in drugs.csv"
            elif item.mode == "kind":
                if item.name not in KINDS:
                    yield f"kind {item.name!r} is none of {' '.join(sorted(KINDS))}"
            elif item.name not in self.names:
                yield f"concept {item.name!r} is in no concept file"

    def _unknown_word(self, item: Compare) -> Iterable[str]:
        allowed = {
            "category": CATEGORIES,
            "specialty": SPECIALTIES,
            "phase": PHASES,
            "disposition": DISPOSITIONS,
        }
        if item.name in allowed and item.value not in allowed[item.name]:
            yield f"{item.name} {item.value!r} is none of {' '.join(sorted(allowed[item.name]))}"

    def _codes(self, row: Row, column: str, allowed: frozenset[str]) -> tuple[str, ...]:
        codes = parts(row[column])
        for code in codes:
            if code not in allowed:
                self._fault(row, f"{column} {code!r} is none of {' '.join(sorted(allowed))}")
        return tuple(code for code in codes if code in allowed)

    def _fault(self, row: Row, fault: str) -> None:
        self.faults.add(row.file, row.line, fault)
