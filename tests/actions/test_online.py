"""The online clinic: its steps in people's own words, who is at risk, what a fault in its tables says."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.online.table import STEPS, at_risk, read_risk_groups, read_steps, risk_groups, step_told
from actions.site_types import SiteError


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("3号线上问诊好了", "consulted"),
        ("医生视频看过了", "consulted"),
        ("网上看过了，等开药", "consulted"),
        ("线上问诊过了，医生开好药了", "prescribed"),
        ("电子处方审核通过", "prescribed"),
        ("处方已开，还没付款", "prescribed"),
        ("2号付好钱了", "paid"),
        ("已经支付成功", "paid"),
        ("药已经发货了", "sent"),
        ("骑手在路上", "sent"),
        ("处方开了，付款了，药也寄出了", "sent"),
        ("药送到了，谢谢", "delivered"),
        ("药收到了", "delivered"),
        ("居民说已经拿到药了", "delivered"),
        ("快递放门口了", "delivered"),
        ("还没问诊", None),
        ("药送到了吗？", None),
        ("处方什么时候开好", None),
        ("药还没送到", None),
        ("药马上送到", None),
        ("药明天才能送到", None),
        ("药送到了？", None),
        ("是否送到了", None),
        ("需要的药都送到了", "delivered"),
        ("等付款", None),
        ("药送到了，办结", None),
        ("医生看过了，没事了，谢谢", None),
        ("3号没有药了", None),
        ("发烧39度两天", None),
        ("收到，谢谢", None),
    ],
)
def test_the_farthest_step_that_is_told_of(text: str, step: str | None) -> None:
    assert step_told(text) == step


@pytest.mark.parametrize(
    ("fields", "risk"),
    [
        ({"age": 66}, True),
        ({"age": 65}, False),
        ({"age": 30, "history": ["高血压"]}, True),
        ({"age": 30, "history": ["阑尾炎"]}, False),
        ({"gestation": "33+4"}, True),
        ({"gestation": "12+0"}, False),
        ({}, False),
    ],
)
def test_who_is_at_risk(fields: dict[str, object], risk: bool) -> None:
    assert at_risk(fields) is risk


def test_every_step_is_told_of_and_every_group_can_hold() -> None:
    told = ("问诊好了", "处方开了", "付款了", "药寄出了", "药送到了")
    assert [step_told(text) for text in told] == list(STEPS)
    assert all(group.age_over or group.weeks_over or group.history for group in risk_groups())


def test_a_fault_names_file_line_and_what_is_wrong(tmp_path: Path) -> None:
    steps = tmp_path / "steps.csv"
    steps.write_text("step,says,note\nshipped,寄,\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"steps\.csv:2: step: shipped is unknown; known are consulted"):
        read_steps(steps)
    steps.write_text("step,says,note\nsent,(寄,\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"steps\.csv:2: says: no regular expression"):
        read_steps(steps)
    groups = tmp_path / "groups.csv"
    groups.write_text("group,age_over,gestation_over,history,note\n老人,六十五,,,\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"groups\.csv:2: age_over: 六十五 must be a whole number"):
        read_risk_groups(groups)
