"""The condition language of the rule tables (docs/tables.md): parsed once, evaluated for each patient.

condition := chain (';' chain)*     any chain suffices
chain     := choice ('+' choice)*   all choices must hold
choice    := term ('/' term)*       any term suffices
term      := 'not(' condition ')' | '(' condition ')' | operand
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, Union

from nlu.labs import lab_kinds

Span = tuple[int, int]

NUMBERS = frozenset(
    [
        "temp",
        "spo2",
        "sbp",
        "dbp",
        "hr",
        "glucose",
        "rr",
        "age",
        "gestation_w",
        "dialysis_gap_days",
        "days_left",
        "duration_h",
        "k",
        "level",
    ]
)
"""Measures that may be compared with a number, beside the laboratory's (nlu/labs.py); a comparison with an unknown value
is false."""

WORDS = frozenset(["category", "specialty", "phase", "covid", "sex", "disposition", "private"])
"""Facts that may be compared (`=`) with a word."""

_COMPARE = re.compile(r"^([a-z_0-9]+)\s*(<=|>=|<|>|=)\s*(.+)$")
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_MODES = {"史": "history", "无": "denied", "群": "group", "药": "drug", "类": "kind"}
_WIDE = str.maketrans(
    {"；": ";", "＋": "+", "／": "/", "：": ":", "（": "(", "）": ")", "＜": "<", "＞": ">", "～": "~"}
)


class ConditionError(ValueError):
    """A condition that cannot be read; the message says what and where."""


class Facts(Protocol):
    """What is known of one patient. Each answer is the evidence (places in the text) or None for "does not hold"."""

    def concept(self, name: str, mode: str) -> tuple[Span, ...] | None:
        """`mode`: now, over (`~`: now or just over), history (any tense), denied."""
        ...

    def group(self, name: str) -> tuple[Span, ...] | None: ...

    def drug(self, name: str) -> tuple[Span, ...] | None:
        """A drug by generic name or by class; `*` is any drug."""
        ...

    def kind(self, name: str) -> tuple[Span, ...] | None:
        """Any concept of a kind (symptom, disease …) that holds now."""
        ...

    def number(self, name: str) -> tuple[float, tuple[Span, ...]] | None: ...

    def word(self, name: str) -> frozenset[str]: ...


@dataclass(frozen=True)
class Operand:
    """One finding asked for: a concept in a mode, a group, a drug."""

    mode: str  # now | over | history | denied | group | drug | kind
    name: str

    def evaluate(self, facts: Facts) -> tuple[Span, ...] | None:
        if self.mode == "group":
            return facts.group(self.name)
        if self.mode == "drug":
            return facts.drug(self.name)
        if self.mode == "kind":
            return facts.kind(self.name)
        return facts.concept(self.name, self.mode)


@dataclass(frozen=True)
class Compare:
    """A measure compared with a number, or a fact with a word."""

    name: str
    sign: str
    value: str

    def evaluate(self, facts: Facts) -> tuple[Span, ...] | None:
        if self.name in WORDS:
            return () if self.value in facts.word(self.name) else None
        known = facts.number(self.name)
        if known is None or not _ORDER[self.sign](known[0], float(self.value)):
            return None
        return known[1]


@dataclass(frozen=True)
class Not:
    """Holds when its inside does not; it adds no evidence."""

    inside: Node

    def evaluate(self, facts: Facts) -> tuple[Span, ...] | None:
        return () if self.inside.evaluate(facts) is None else None


@dataclass(frozen=True)
class Any_:
    """The first part that holds gives the evidence."""

    terms: tuple[Node, ...]

    def evaluate(self, facts: Facts) -> tuple[Span, ...] | None:
        for term in self.terms:
            evidence = term.evaluate(facts)
            if evidence is not None:
                return evidence
        return None


@dataclass(frozen=True)
class All_:
    """All parts must hold; the evidence is that of all."""

    terms: tuple[Node, ...]

    def evaluate(self, facts: Facts) -> tuple[Span, ...] | None:
        found: list[Span] = []
        for term in self.terms:
            evidence = term.evaluate(facts)
            if evidence is None:
                return None
            found.extend(evidence)
        return tuple(dict.fromkeys(found))


Node = Union[Operand, Compare, Not, Any_, All_]  # noqa: UP007  (evaluated when imported on 3.10 as well)


def operands(node: Node) -> Iterator[Operand | Compare]:
    """All operands of a condition, those under not() too."""
    if isinstance(node, (Operand, Compare)):
        yield node
    elif isinstance(node, Not):
        yield from operands(node.inside)
    else:
        for term in node.terms:
            yield from operands(term)


def parse(text: str) -> Node:
    """The condition written in a cell; ConditionError says what is wrong with it."""
    parser = _Parser(text.translate(_WIDE).replace("≤", "<=").replace("≥", ">="))
    node = parser.condition()
    if not parser.done:
        raise ConditionError(f"{text!r}: unexpected {parser.peek()!r} at character {parser.at + 1}")
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def done(self) -> bool:
        self._skip()
        return self.at >= len(self.text)

    def _skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        self._skip()
        return self.text[self.at] if self.at < len(self.text) else ""

    def _list(self, separator: str, item: Callable[[], Node]) -> tuple[Node, ...]:
        items = [item()]
        while self.peek() == separator:
            self.at += 1
            items.append(item())
        return tuple(items)

    def condition(self) -> Node:
        chains = self._list(";", self._chain)
        return chains[0] if len(chains) == 1 else Any_(chains)

    def _chain(self) -> Node:
        choices = self._list("+", self._choice)
        return choices[0] if len(choices) == 1 else All_(choices)

    def _choice(self) -> Node:
        terms = self._list("/", self._term)
        return terms[0] if len(terms) == 1 else Any_(terms)

    def _term(self) -> Node:
        if self.peek() == "(":
            return self._group()
        if self.text.startswith("not(", self.at):
            self.at += 3
            return Not(self._group())
        return _operand(self._word(), self.text)

    def _group(self) -> Node:
        self.at += 1
        node = self.condition()
        if self.peek() != ")":
            raise ConditionError(f"{self.text!r}: a bracket is not closed")
        self.at += 1
        return node

    def _word(self) -> str:
        """Up to the next separator; brackets inside a name belong to it: 自杀意念(待核实)."""
        start, depth = self.at, 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "(":
                depth += 1
            elif char == ")":
                if depth == 0:
                    break
                depth -= 1
            elif char in ";+/" and depth == 0:
                break
            self.at += 1
        return self.text[start : self.at].strip()


def _operand(word: str, text: str) -> Node:
    if not word:
        raise ConditionError(f"{text!r}: an operand is empty")
    compared = _COMPARE.match(word)
    if compared:
        name, sign, value = compared.groups()
        return _compare(name, sign, value, text)
    if ":" in word:
        prefix, name = (piece.strip() for piece in word.split(":", 1))
        if prefix not in _MODES or not name:
            raise ConditionError(f"{text!r}: {word!r} must begin with 史: 无: 群: 药: or 类:")
        return Operand(_MODES[prefix], name.rstrip("~") if prefix == "史" else name)
    if word.endswith("~"):
        return Operand("over", word[:-1])
    return Operand("now", word)


def _compare(name: str, sign: str, value: str, text: str) -> Node:
    if name in WORDS:
        if sign != "=":
            raise ConditionError(f"{text!r}: {name} can only be compared with =")
        return Compare(name, sign, value.strip())
    known = NUMBERS | lab_kinds()
    if name not in known:
        raise ConditionError(f"{text!r}: {name!r} is no measure; known: {' '.join(sorted(known | WORDS))}")
    try:
        float(value)
    except ValueError:
        raise ConditionError(f"{text!r}: {value!r} is not a number") from None
    return Compare(name, sign, value.strip())
