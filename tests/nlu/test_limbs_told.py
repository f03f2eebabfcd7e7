"""Parts of the body that stand in another clause, inside another concept or in another part."""

import pytest

from tests.nlu.engine import statuses

FOUND = [
    ("胳膊肘撞了一下,歪掉了,不能动", ["外伤", "肢体变形", "不能活动"]),
    ("洗洁精弄到眼睛了,火辣辣", ["眼化学伤", "眼痛"]),
    ("脚崴了,半夜更痛", ["扭伤", "足痛"]),
    ("胳膊肘外头痛", ["肘关节疼痛"]),
    ("屁股后头骨头痛", ["臀部疼痛"]),
    ("铁板砸脚面上,肿起来", ["下肢水肿"]),
    ("手臂麻到小指头,头颈也不适意", ["肢体麻木", "颈部不适"]),
    ("舌头咬破了", ["舌裂伤"]),
]
NOT_FOUND = [
    ("胳膊肘外头痛", "头痛"),
    ("鸡眼痛", "眼痛"),
    ("手臂麻到小指头,头颈也不适意", "手指不适"),
    ("四岁小人走路跷脚", "菌中毒幻视"),
    ("跟腱那里啪一声", "阴茎折断"),
    ("小屁股淹了", "溺水"),
    ("人字梯倒了", "人倒了"),
]


@pytest.mark.parametrize(("text", "names"), FOUND)
def test_found(text: str, names: list[str]) -> None:
    found = statuses(text)
    assert {name: found.get(name) for name in names} == dict.fromkeys(names, "affirmed")


@pytest.mark.parametrize(("text", "name"), NOT_FOUND)
def test_not_found(text: str, name: str) -> None:
    assert name not in statuses(text)
