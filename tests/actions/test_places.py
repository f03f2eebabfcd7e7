"""Addresses of one place and of two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.places import agree, compatible, completed
from actions.same_patient import differ

NAMES = st.sampled_from(["云桦苑", "和平新村", "荣乐路", "文诚路", ""])
NUMBERS = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["弄", "号楼", "号", "室"])), max_size=3)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    return draw(NAMES) + "".join(f"{number}{unit}" for number, unit in draw(NUMBERS))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("云桦苑3号楼", "佘山云桦苑3号楼", True),
        ("佘山镇云桦苑3号楼", "云桦苑3栋201", True),
        ("云桦苑3号楼201", "云桦苑3号楼201室", True),
        ("人民北路120弄5号302", "人民北路120弄5号", True),
        ("和平新村3号楼201室", "和平新村5号楼402室", False),
        ("荣乐路88弄", "荣乐东路88弄", False),
        ("文诚路88弄", "文诚路99弄", False),
    ],
)
def test_places(one: str, other: str, same: bool) -> None:
    assert compatible(one, other) is same
    assert agree(one, other) is same


@given(addresses(), addresses())
def test_it_does_not_matter_which_was_said_first(one: str, other: str) -> None:
    assert compatible(one, other) == compatible(other, one)
    assert agree(one, other) == agree(other, one)
    assert compatible(one, one)
    assert compatible(one, other) or not agree(one, other)


@given(addresses(), addresses())
def test_a_later_word_is_never_lost_nor_says_less(old: str, new: str) -> None:
    result = completed(old, new)
    assert new in result
    assert len(result) >= len(new)


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "age": st.integers(0, 100),
        "sex": st.sampled_from("MF"),
        "town": st.sampled_from(["佘山镇", "九亭镇"]),
        "address": addresses(),
        "called": st.lists(st.sampled_from(["王", "王桂芳", "王桂英", "李"]), max_size=2),
    },
)


@given(FIELDS, FIELDS)
def test_two_patients_differ_whichever_is_first(one: dict[str, object], other: dict[str, object]) -> None:
    assert differ(one, other) == differ(other, one)
    assert not differ(one, one)
