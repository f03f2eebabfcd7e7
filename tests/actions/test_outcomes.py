"""The table of outcomes: every one has a name, and a fault is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.outcomes import CODES, TABLE, outcome_name, outcomes, read_outcomes
from actions.site_types import SiteError


def test_nobody_is_asked_after_the_dead_and_what_was_no_matter() -> None:
    not_asked = {code for code, each in outcomes().items() if not each.asked}
    assert not_asked == {"died", "duplicate", "false_alarm", "non_medical", "cancelled", "withdrawn"}
    assert outcomes().keys() == CODES


def test_an_outcome_that_an_import_brought_stays_as_it_was_written() -> None:
    assert (outcome_name("moved"), outcome_name("转康复"), outcome_name(None)) == (
        "已转其他区/市级",
        "转康复",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("died,死亡,no", "died,死亡,maybe", "next_day: write yes or no, not maybe"),
        ("died,死亡", "dead,死亡", "outcome: dead is unknown"),
        ("died,死亡,no,yes,\n", "", "outcome: a line for died is missing"),
        ("died,死亡", "died,", "name is empty"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text(TABLE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SiteError, match=fault):
        read_outcomes(file)
