"""The condition language of the rule tables."""

from __future__ import annotations

import pytest

from nlu.conditions import Compare, ConditionError, Operand, Span, operands, parse


class Known:
    """Facts given as words: `头痛`, `无:出血`, `群:孕`, `药:胰岛素`, numbers by name."""

    def __init__(self, *said: str, **numbers: float) -> None:
        self.said = said
        self.numbers = numbers

    def _at(self, word: str) -> tuple[Span, ...] | None:
        return ((self.said.index(word), self.said.index(word) + 1),) if word in self.said else None

    def concept(self, name: str, mode: str) -> tuple[Span, ...] | None:
        prefix = {"now": "", "over": "过:", "history": "史:", "denied": "无:"}[mode]
        return self._at(prefix + name)

    def kind(self, name: str) -> tuple[Span, ...] | None:
        return self._at("类:" + name)

    def group(self, name: str) -> tuple[Span, ...] | None:
        return self._at("群:" + name)

    def drug(self, name: str) -> tuple[Span, ...] | None:
        return self._at("药:" + name)

    def number(self, name: str) -> tuple[float, tuple[Span, ...]] | None:
        return (self.numbers[name], ((0, 1),)) if name in self.numbers else None

    def word(self, name: str) -> frozenset[str]:
        return frozenset(["LOCKDOWN"] if name == "phase" else [])


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ("头痛", Known("头痛"), True),
        ("头痛", Known(), False),
        ("头痛+呕吐", Known("头痛"), False),
        ("头痛+呕吐/晕厥", Known("头痛", "晕厥"), True),
        ("头痛+呕吐;晕厥", Known("晕厥"), True),
        ("胸痛~", Known("过:胸痛"), True),
        ("史:脑梗死+无:头痛", Known("史:脑梗死", "无:头痛"), True),
        ("群:孕+sbp>=140", Known("群:孕", sbp=140), True),
        ("群:孕+sbp>=140", Known("群:孕"), False),
        ("not(群:孕)+sbp>=140", Known(sbp=160), True),
        ("药:胰岛素+days_left<=2", Known("药:胰岛素", days_left=3), False),
        ("(头痛;晕厥)+呕吐", Known("晕厥", "呕吐"), True),
        ("not(头痛/晕厥)", Known("晕厥"), False),
        ("phase=LOCKDOWN+类:symptom", Known("类:symptom"), True),
        ("phase=REOPEN", Known(), False),
    ],
)
def test_holds(condition: str, facts: Known, holds: bool) -> None:
    assert (parse(condition).evaluate(facts) is not None) is holds


def test_evidence_is_that_of_all_parts_that_must_hold() -> None:
    assert parse("头痛+呕吐").evaluate(Known("头痛", "呕吐")) == ((0, 1), (1, 2))


def test_full_width_signs_are_read() -> None:
    assert parse("头痛＋（呕吐／晕厥）；sbp≥140") == parse("头痛+(呕吐/晕厥);sbp>=140")


def test_brackets_in_a_name_belong_to_it() -> None:
    assert parse("自杀意念(待核实)+胸痛~") is not None
    assert [o.name for o in operands(parse("自杀意念(待核实)+胸痛~"))] == ["自杀意念(待核实)", "胸痛"]


def test_operands_lists_those_under_not_too() -> None:
    found = list(operands(parse("群:孕+not(age<14)")))
    assert found == [Operand("group", "孕"), Compare("age", "<", "14")]


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("", "empty"),
        ("头痛++呕吐", "empty"),
        ("(头痛", "not closed"),
        ("头痛)", "unexpected"),
        ("tmp>38", "no measure"),
        ("temp>热", "not a number"),
        ("人:孕", "must begin with"),
        ("phase>LOCKDOWN", "only be compared with ="),
    ],
)
def test_faults_are_named(condition: str, fault: str) -> None:
    with pytest.raises(ConditionError, match=fault):
        parse(condition)
