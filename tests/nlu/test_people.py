"""Age, sex, telephone, infection state and the wish for privacy."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nlu.mention_cases import Case, cases, check, read, values


@pytest.mark.parametrize(
    "case", cases("age", "age_months", "age_days", "sex", "phone", "covid", "private"), ids=str
)
def test_wording(case: Case) -> None:
    check(case)


@given(st.integers(2, 120), st.booleans())
def test_any_age(years: int, chinese: bool) -> None:
    words = cn2an.an2cn(years) if chinese else str(years)
    assert values(f"我爸{words}岁 胸痛", "age") == [years]


@given(st.integers(1, 23))
def test_any_infant(months: int) -> None:
    assert values(f"宝宝{months}个月大 发热", "age_months") == [months]


def test_two_people_bring_two_ages_in_order() -> None:
    assert values("我36岁 我妈70岁胸痛", "age") == [36, 70]


def test_quote_is_the_text_between_the_offsets() -> None:
    for one in read("92岁阿婆 血氧88 住在云桦苑3号楼 电话0000-0001"):
        assert one.quote and one.end - one.start == len(one.quote)


def test_the_number_of_a_list_is_no_age() -> None:
    assert values("3、男 2岁 吞了硬币", "age") == [2]
