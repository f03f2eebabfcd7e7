"""What is read of births and losses, and the table of visits after them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from actions.maternal.visits_table import read_visits, visits
from actions.maternal.weeks import BORN_ON, ENDED_MARK, LOST_ON, story_today
from actions.site_types import SiteError
from nlu.programmes.births import maternal_words
from nlu.programmes.said import Baby, Birth, MaternalWords

AT = datetime.fromisoformat("2022-04-06T09:00:00+08:00")
TODAY, YESTERDAY = date(2022, 4, 6), date(2022, 4, 5)


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("生了", Birth("birth", TODAY, None, (Baby(),))),
        ("昨晚剖了个男孩3.2kg", Birth("birth", YESTERDAY, "caesarean", (Baby("M", 3200),))),
        ("刘敏今天凌晨顺产，女婴3200克", Birth("birth", TODAY, "vaginal", (Baby("F", 3200),))),
        ("已分娩，在病房观察", Birth("birth", TODAY, None, (Baby(),))),
        ("生下来了 六斤半 是个女儿", Birth("birth", TODAY, None, (Baby("F", 3250),))),
        ("姑娘今早生咧，七斤，娘俩都好", Birth("birth", TODAY, None, (Baby(None, 3500),))),
        ("4月5日在妇幼剖宫产，女婴，2.9公斤", Birth("birth", YESTERDAY, "caesarean", (Baby("F", 2900),))),
        ("生了两天了，还没出院", Birth("birth", date(2022, 4, 4), None, (Baby(),))),
        ("昨晚要生了，送妇幼，凌晨生了个小子", Birth("birth", TODAY, None, (Baby("M"),))),
        ("产钳助产一女婴 3600克", Birth("birth", TODAY, "assisted", (Baby("F", 3600),))),
        (
            "龙凤胎剖出来了 5斤2两 4斤8两 都好",
            Birth("birth", TODAY, "caesarean", (Baby("M", 2600), Baby("F", 2400))),
        ),
        (
            "双胞胎剖出来了，两个女儿，都好",
            Birth("birth", TODAY, "caesarean", (Baby("F"), Baby("F"))),
        ),
        ("产妇体重65kg，昨天顺产女儿6斤", Birth("birth", YESTERDAY, "vaginal", (Baby("F", 3000),))),
        ("孩子没保住，流产了", Birth("loss", TODAY)),
        ("胎停了，今天引产", Birth("loss", TODAY)),
        ("昨天做了引产手术", Birth("loss", YESTERDAY)),
        ("流产了，清宫做好了", Birth("loss", TODAY)),
        ("孕30周 胎死宫内，已引产", Birth("loss", TODAY)),
    ],
)
def test_births_and_losses(text: str, birth: Birth) -> None:
    assert maternal_words(text, AT).birth == birth


@pytest.mark.parametrize(
    "text",
    [
        "快生了",
        "要生了，宫口开全",
        "正在生，头出来了",
        "生了没有？",
        "生了吗",
        "等生了再说",
        "生了病",
        "生了气血压就高",
        "他儿子昨天生了一场病",
        "以前生过一个，剖的",
        "她生过两个 都是顺产",
        "3年前剖过",
        "上胎剖宫产，这次孕38周",
        "大宝是顺产，这胎38周",
        "想顺产，能不能约",
        "4月8日剖宫产，女儿",
        "建议剖宫产，胎儿估3.5kg",
        "先兆流产保胎中",
        "这孕妇流产过两次",
        "担心流产",
        "医生了解情况",
        "新生儿出生5天不吃奶",
    ],
)
def test_what_is_no_birth(text: str) -> None:
    assert maternal_words(text, AT).birth is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("刘敏今天出院了", MaternalWords(left=TODAY)),
        ("昨天出院了", MaternalWords(left=YESTERDAY)),
        ("还没出院", MaternalWords()),
        ("明天出院", MaternalWords()),
        ("访视过了，母婴都好", MaternalWords(visited=True)),
        ("产后访视已完成", MaternalWords(visited=True)),
        ("42天检查做了", MaternalWords(visited=True)),
        ("什么时候上门访视", MaternalWords()),
        ("还没访视", MaternalWords()),
        ("搞错了，还没生", MaternalWords(unborn=True)),
    ],
)
def test_what_follows_a_birth(text: str, said: MaternalWords) -> None:
    assert maternal_words(text, AT) == said


def test_pains_of_before_the_birth_are_over() -> None:
    story = ["孕38周规律宫缩", ENDED_MARK, "恶露多"]
    born = {BORN_ON: "2022-04-05", "history": ["高血压"]}
    assert story_today(story, born, TODAY) == "产后1天。病史：高血压。恶露多"
    assert story_today(story, {LOST_ON: "2022-04-05"}, TODAY) == "流产后。恶露多"
    assert story_today(story[:1], {}, TODAY) == "孕38周规律宫缩"


def test_visits_of_the_table_follow_one_another() -> None:
    lasts = [each.last for each in visits()]
    assert lasts == sorted(lasts) and len(lasts) == 3


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("访视,wedding,0,7,5,x", "from: wedding must be discharge or birth"),
        ("访视,birth,0,soon,5,x", "last: soon must be a whole number of days"),
        ("访视,birth,0,7,9,x", "ask: 9 must lie between 0 and 7"),
        (",birth,0,7,5,x", "what: say what is due"),
    ],
)
def test_a_fault_of_the_table_names_its_line(tmp_path: Path, row: str, fault: str) -> None:
    table = tmp_path / "postnatal.csv"
    table.write_text(f"what,from,first,last,ask,source\n{row}\n", encoding="utf-8")
    with pytest.raises(SiteError, match=rf"postnatal.csv:2: {fault}"):
        read_visits(table)
