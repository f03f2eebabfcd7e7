"""One spelling for all, and the way back to the writer's characters."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.mentions import extract
from nlu.normalise import normalise
from nlu.tables import TableError
from nlu.typos import corrections, load_typos
from nlu.wechat import at_names, fields, is_recall, quoted_spans
from tests.nlu.mention_cases import GAZETTEER

CHATTY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "阳🐏０１２３９３８度血压氧透发烧孕周天个月岁男女路弄号楼室村剩断药上周四前:/+-,。「」[]@ \n发發頭痛"
        ),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("發燒３９．２，頭痛", "发烧39.2,头痛"),
        ("🐏了", "阳了"),
        ("小🐑人🙏", "小阳人 "),
        ("收到[抱拳] [图片]", "收到  [图片]"),
        ("G2P1 SpO2", "g2p1 spo2"),
        ("血\u200b氧\ufeff88", "血氧88"),
        ("３８＋２周", "38+2周"),
        ("改为Ⅱ级", "改为Ⅱ级"),
        ("3️⃣号楼", "3号楼"),
        ("血头病人", "血透病人"),
        ("发稍38.9", "发烧38.9"),
        ("幺二零叫了", "120叫了"),
        ("羊了三天", "阳了三天"),
        ("烧到38。5了", "烧到38.5了"),
        ("余次卡住", "鱼刺卡住"),
    ],
)
def test_spelling(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize(
    "text",
    [
        "流血头晕",
        "买羊了",
        "吸氧了",
        "成本核算一下",
        "随便学学",
        "这药要是没了",
        "在岳阳",
        "发少了",
        "糖尿病要注意",
        "城市一样",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("糖鸟病老人", "糖尿病老人"),
        ("阿托乏他汀没了", "阿托伐他汀没了"),
        ("左乙拉稀坦还剩两天", "左乙拉西坦还剩两天"),
        ("爷爷抽畜了", "爷爷抽搐了"),
        ("孕妇破睡了", "孕妇破水了"),
    ],
)
def test_words_typed_by_sound(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize("wrong", sorted(load_typos().right))
def test_every_row_of_the_table_mends(wrong: str) -> None:
    assert [one.right for one in corrections(wrong)] == [load_typos().right[wrong]]


def test_unless_names_words_that_hold_the_wrong_one() -> None:
    table = load_typos()
    for longer in {word for words in table.unless.values() for word in words}:
        assert corrections(longer) == [], longer


def test_a_faulty_table_is_named_with_its_line(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "typos.csv"
    path.write_text("wrong,right,unless\n血头,血头,\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"typos\.csv:2"):
        load_typos(path)


def test_the_way_back() -> None:
    made = normalise("老人🐏了,發燒３９度")
    at = made.text.index("发烧")
    assert made.raw_quote(at, at + 2) == "發燒"
    assert made.raw_quote(made.text.index("阳"), made.text.index("阳") + 2) == "🐏了"


@given(CHATTY)
def test_offsets_map_back_in_order(raw: str) -> None:
    made = normalise(raw)
    assert len(made.origins) == len(made.text)
    assert all(0 <= start < end <= len(raw) for start, end in made.origins)
    assert all(one[0] <= other[0] for one, other in zip(made.origins, made.origins[1:], strict=False))
    assert made.raw_span(0, len(made.text))[1] <= len(raw)


@given(CHATTY)
def test_normalising_twice_changes_nothing_of_width_or_case(raw: str) -> None:
    text = normalise(raw).text
    assert not any("\uff01" <= char <= "\uff5e" or "A" <= char <= "Z" for char in text)


@settings(deadline=None)
@given(CHATTY, st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))
def test_no_text_breaks_the_reading_and_quotes_are_exact(raw: str, at: datetime) -> None:
    text = normalise(raw).text
    for one in extract(text, at.replace(tzinfo=timezone.utc), GAZETTEER):
        assert 0 <= one.start < one.end <= len(text)
        assert one.quote == text[one.start : one.end]


def test_a_quotation_is_not_the_writers_own_word() -> None:
    assert quoted_spans("「甲:胸痛」收到") == [(0, 6)]
    assert quoted_spans("「甲:胸痛」") == []
    assert quoted_spans("「8号楼家长:小囡拉肚子」帮忙转一下") == []
    assert quoted_spans("转8号楼:「家长:小囡拉肚子」去哪看") == []
    assert quoted_spans("「甲:胸痛」转给瑞金了") == [(0, 6)]
    assert quoted_spans("「8号楼家长:小囡拉肚子」\n- - - -\n转了吗") != []


def test_forms_of_the_chat() -> None:
    assert at_names("@张三 @所有人 在吗") == ["张三", "所有人"]
    assert is_recall("张三撤回了一条消息")
    filled = fields("姓名:患者甲 性别:男 地址:云桦苑3号楼")
    assert [(one.label, one.content) for one in filled] == [
        ("姓名", "患者甲"),
        ("性别", "男"),
        ("地址", "云桦苑3号楼"),
    ]
    assert fields("血压:180") == []
