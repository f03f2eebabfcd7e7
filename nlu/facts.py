"""What is known of one patient, as the conditions ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nlu.candidates import Key
from nlu.conditions import Node, Span
from nlu.findings import Finding, Status
from nlu.lexicon import Lexicon
from nlu.mention import FEVER, Mention
from nlu.protocol import Choice

_MODES = {
    "over": frozenset([Status.AFFIRMED, Status.OVER]),
    "history": frozenset([Status.AFFIRMED, Status.OVER, Status.PAST]),
    "denied": frozenset([Status.DENIED]),
}
GLUCOSE_HIGH = 33.4
"""mmol/L that a meter's HI stands for: home meters end at 33.3."""
GLUCOSE_LOW = 1.0
"""mmol/L that a meter's Lo stands for: home meters begin at 1.1."""
_METER = {"glucose_hi": GLUCOSE_HIGH, "glucose_lo": GLUCOSE_LOW}
_AGES = {"age_months": ("age", 12.0), "age_days": ("age", 365.25)}


class PatientFacts:
    """Findings, measures and drugs of one patient; implements nlu.conditions.Facts."""

    def __init__(
        self,
        findings: Sequence[Finding],
        mentions: Sequence[Mention],
        lexicon: Lexicon,
        groups: Mapping[str, Node],
        phase: str,
    ) -> None:
        self.findings = tuple(findings)
        self.mentions = tuple(mentions)
        self.words: dict[str, frozenset[str]] = {"phase": frozenset([phase])}
        self.numbers: dict[str, tuple[float, tuple[Span, ...]]] = _numbers(mentions)
        self._groups = groups
        self._lexicon = lexicon
        self._known_groups: dict[str, tuple[Span, ...] | None] = {}
        self._answers: dict[tuple[str, str], tuple[Span, ...] | None] = {}
        self._by_name: dict[str, list[Finding]] = {}
        self._found: frozenset[Key] | None = None
        for finding in findings:
            for name in lexicon.meanings(finding.concept):
                self._by_name.setdefault(name, []).append(finding)
        self._drugs = [m for m in mentions if m.kind == "drug"]
        for kind in ("sex", "covid"):
            values = [str(m.value) for m in mentions if m.kind == kind][:1]
            self.words[kind] = frozenset(values)
        self.words["private"] = frozenset(["true"] if any(m.kind == "private" for m in mentions) else [])

    def concept(self, name: str, mode: str) -> tuple[Span, ...] | None:
        if name not in self._by_name:
            return None
        asked = name, mode
        if asked not in self._answers:
            self._answers[asked] = self._first(name, mode)
        return self._answers[asked]

    def _first(self, name: str, mode: str) -> tuple[Span, ...] | None:
        for finding in self._by_name[name]:
            if finding.current if mode == "now" else finding.status in _MODES[mode]:
                return finding.pieces
        return None

    def kind(self, name: str) -> tuple[Span, ...] | None:
        return next((f.pieces for f in self.findings if f.kind == name and f.current), None)

    def group(self, name: str) -> tuple[Span, ...] | None:
        if name not in self._known_groups:
            self._known_groups[name] = None  # a group that asks for itself does not hold
            node = self._groups.get(name)
            self._known_groups[name] = node.evaluate(self) if node else None
        return self._known_groups[name]

    def drug(self, name: str) -> tuple[Span, ...] | None:
        for mention in self._drugs:
            known = self._lexicon.drugs.get(str(mention.value))
            if name in {"*", mention.value} or (known and name in known.classes):
                return ((mention.start, mention.end),)
        return None

    def number(self, name: str) -> tuple[float, tuple[Span, ...]] | None:
        return self.numbers.get(name)

    def word(self, name: str) -> frozenset[str]:
        return self.words.get(name, frozenset())

    def keys(self) -> Iterator[Key]:
        """All that a condition could ask for and find (nlu.candidates), whatever the mode or the value."""
        if self._found is None:
            self._found = frozenset(self._of_findings())
        yield from self._found
        yield from (("number", name) for name in self.numbers)
        yield from (("word", f"{name}={value}") for name, values in self.words.items() for value in values)

    def _of_findings(self) -> Iterator[Key]:
        """What the findings and drugs answer to; numbers and words may become known later."""
        yield from (("concept", name) for name in self._by_name)
        yield from (("kind", finding.kind) for finding in self.findings)
        for mention in self._drugs:
            known = self._lexicon.drugs.get(str(mention.value))
            yield from (
                ("drug", name) for name in ("*", str(mention.value), *(known.classes if known else ()))
            )

    def acute(self) -> Finding | None:
        """A symptom that is there now and is not minor."""
        return next(
            (
                f
                for f in self.findings
                if f.kind == "symptom" and f.current and "minor" not in f.concept.flags
            ),
            None,
        )

    def derive(self, choices: Sequence[Choice]) -> None:
        """Adds the concepts that measures amount to, unless the text speaks of them itself."""
        for choice in choices:
            concept = self._lexicon.concepts.get(choice.code)
            if concept is None or choice.when is None or choice.code in self._by_name:
                continue
            evidence = choice.when.evaluate(self)
            if evidence:
                finding = Finding(concept, evidence[0][0], evidence[-1][1], evidence, derived=True)
                self.findings = tuple(sorted((*self.findings, finding), key=lambda f: f.start))
                self._answers.clear()
                self._found = None
                for name in self._lexicon.meanings(concept):
                    self._by_name.setdefault(name, []).append(finding)

    def now_known(self, name: str, value: float) -> None:
        """A number that triage has found out, such as the level."""
        self.numbers[name] = (value, ())
        self._known_groups.clear()


def _numbers(mentions: Sequence[Mention]) -> dict[str, tuple[float, tuple[Span, ...]]]:
    """Measures as the conditions name them; of two values the first, but a fever before a reading without
    and the lowest oxygen (吸着氧94 拔了就86)."""
    found: dict[str, tuple[float, tuple[Span, ...]]] = {}
    for mention in mentions:
        named = _named(mention)
        if named is None:
            continue
        if named[0] == "temp" and named[1] >= FEVER and found.get("temp", (FEVER,))[0] < FEVER:
            del found["temp"]
        if named[0] == "spo2" and found.get("spo2", (0.0,))[0] > named[1]:
            del found["spo2"]
        found.setdefault(named[0], (named[1], ((mention.start, mention.end),)))
    return found


def _named(mention: Mention) -> tuple[str, float] | None:
    """The measure a mention stands for, as the conditions call it: months and days of age are years."""
    kind, value = mention.kind, mention.value
    if kind in _METER:
        return "glucose", _METER[kind]
    if kind == "gestation":
        weeks, _, days = str(value).partition("+")
        return "gestation_w", float(weeks) + float(days or 0) / 7
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    name, divisor = _AGES.get(kind, (kind, 1.0))
    return name, value / divisor
