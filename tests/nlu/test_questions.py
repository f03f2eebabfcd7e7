"""What the bot itself is asked for, in the ways groups say it; and what only sounds like it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from nlu.questions import QUESTIONS, asked_for, asked_of_the_bot, load_questions
from nlu.tables import TableError
from tests.conftest import builtin_reader

AT = datetime.fromisoformat("2022-04-04T09:00:00+08:00")

WAYS = {
    "help": "帮助|怎么用|你能干嘛|@联络 你会啥|这个机器人怎么用呀|有哪些功能|使用说明|请问你能做什么",
    "duty": "值班表|现在谁值班|今晚谁值班？|值班的是哪位|产科谁值班|今天值班表发一下|今晚几点换班|而家边个值班",
    "figures": "今日统计|统计一下今天的|今天一共几件|今天的数据报一下|今日汇总|到现在报了多少件",
    "mine": "我的|我的案子|我报的那几个怎么样了|我上报的都处理了吗|我手上还有几个|我跟的还有哪些",
    "open": "未结列表|还有哪些没办结|没结的还有几个|哪几个还没弄好|急的还有哪些|佘山还有几个没办结|还有没人接的吗",
}
NOT_ONE = "#1 进度|我报的那个鱼刺的怎么样了|市一回复了吗|几点能到"
SOMETHING_ELSE = (
    "这个药怎么用|胰岛素笔怎么用|感谢大家的帮助|需要帮助|各居委统计一下今天的配药需求|值班表已更新请查收|"
    "今天我值班|今天阳性多少例|中心医院今晚谁值班|有哪些医院能做透析|我的天|help me 他晕倒了"
)


@pytest.mark.parametrize(("about", "text"), [(about, t) for about, ts in WAYS.items() for t in ts.split("|")])
def test_the_ways_of_asking(about: str, text: str) -> None:
    meaning = builtin_reader("songjiang").understand(text, AT)
    assert (meaning.act, meaning.asks_for) == ("ask", about)


@pytest.mark.parametrize("text", NOT_ONE.split("|"))
def test_a_question_about_one_case_is_no_list(text: str) -> None:
    assert asked_for(text) is None


@pytest.mark.parametrize("text", SOMETHING_ELSE.split("|"))
def test_what_only_sounds_like_it(text: str) -> None:
    assert builtin_reader("songjiang").understand(text, AT).asks_for is None


def test_danger_is_no_request() -> None:
    assert asked_of_the_bot("帮助！我爸没有呼吸了") is None


def test_a_fault_of_the_table_names_its_line(tmp_path: Path) -> None:
    table = tmp_path / "questions.csv"
    head = QUESTIONS.read_text(encoding="utf-8").splitlines()[0]
    table.write_text(f"{head}\nlunch,午饭吃什么,,\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"questions\.csv.*2"):
        load_questions(table)
