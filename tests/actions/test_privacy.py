"""What other rooms get to see of a patient."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.privacy import for_outsiders, mask_name, mask_phone, to_estate


def test_phones_keep_four_digits() -> None:
    assert mask_phone("0000-0001") == "****0001"
    assert mask_phone("10000000123") == "****0123"


@pytest.mark.parametrize(
    ("address", "estate"),
    [
        ("云桦苑3号楼", "云桦苑"),
        ("云桦苑12号楼501室", "云桦苑"),
        ("云桦苑3号502", "云桦苑"),
        ("青竹路88弄云桦苑6幢2单元", "青竹路云桦苑"),
        ("新宅村四组", "新宅村四组"),
        ("", ""),
    ],
)
def test_addresses_stop_at_the_estate(address: str, estate: str) -> None:
    assert to_estate(address) == estate


def test_names_keep_the_family_name() -> None:
    assert mask_name("王小明") == "王*"


def test_free_text_loses_phone_name_and_house_number() -> None:
    said = for_outsiders("姓名:王小明 住云桦苑3号楼502室 电话13800000000 胸闷两天")
    assert said == "姓名：王* 住云桦苑 电话****0000 胸闷两天"


def test_full_names_of_the_patient_are_masked_wherever_they_stand() -> None:
    assert for_outsiders("钱德才，胸闷两天，小钱说的", ["钱德才", "钱"]) == "钱*，胸闷两天，小钱说的"


@given(st.text(alphabet=st.sampled_from("王小明住云桦苑3号楼502室电话13800000000 胸闷,。"), max_size=60))
def test_no_long_number_is_left(text: str) -> None:
    import re

    assert not re.search(r"1\d{10}", for_outsiders(text))
