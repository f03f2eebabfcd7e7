"""No text makes the engine raise, and a long one takes time by its length, not by the square of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.understanding import ACTS, Understanding
from tests.nlu.engine import AT, engine, understand

CASES = Path(__file__).parent / "cases.jsonl"
BASE = [json.loads(line)["text"] for line in CASES.read_text(encoding="utf-8").splitlines() if line.strip()]
SIGNS = "😷🤒🙏👩🏽‍⚕️\u200b\u202e\ufeff\x00\x1f\n 　。,;!?@#[]【】「」()（）/\\+-~…①Ⅱ℃½１Ａaİßﬁ零一二三四五六七八九十百千万"
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]


def sound(text: str) -> Understanding:
    """The text understood; what every result must be, whatever was said."""
    found = understand(text)
    assert found.text == text
    assert found.act in ACTS
    assert 0.0 <= found.act_score <= 1.0
    for report in found.reports:
        assert report.quote in text
        assert 1 <= report.level <= 4
        assert all(0.0 < score <= 1.0 for _, score in report.specialties)
    json.dumps(found.to_dict(), ensure_ascii=False)
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=RELAXED)
@given(st.text(max_size=120))
def test_arbitrary_characters(text: str) -> None:
    sound(text)


@settings(max_examples=120, deadline=None, suppress_health_check=RELAXED)
@given(
    st.lists(
        st.sampled_from([*SIGNS, "发烧", "没有", "岁", "38", "3天", "我妈", "医院", "药", "转", "血压"]),
        max_size=40,
    )
)
def test_signs_and_words_in_any_order(pieces: list[str]) -> None:
    sound("".join(pieces))


def cut(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text))
    return text[start : chance.randrange(start, len(text) + 1)]


def doubled(text: str, chance: random.Random) -> str:
    return text + chance.choice(["", " ", "\n", "，", "。"]) + text


def shuffled(text: str, chance: random.Random) -> str:
    return "".join(chance.sample(text, len(text)))


def sprinkled(text: str, chance: random.Random) -> str:
    """With signs and emoji put in anywhere."""
    characters = list(text)
    for _ in range(chance.randrange(1, 8)):
        characters.insert(chance.randrange(len(characters) + 1), chance.choice(SIGNS))
    return "".join(characters)


def spliced(text: str, chance: random.Random) -> str:
    """One message into the middle of another."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(BASE) + text[at:]


@settings(max_examples=250, deadline=None, suppress_health_check=RELAXED)
@given(
    st.sampled_from(BASE),
    st.lists(st.sampled_from([cut, doubled, shuffled, sprinkled, spliced]), min_size=1, max_size=3),
    st.integers(0, 2**32),
)
def test_messages_cut_doubled_and_shuffled(
    text: str, changes: list[Callable[[str, random.Random], str]], seed: int
) -> None:
    chance = random.Random(seed)
    for change in changes:
        text = change(text, chance) if text else text
    sound(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\x00", "\ud800", "发烧\udfff38度", "İ" * 20, "\U0001f637" * 30]
)
def test_odd_texts(text: str) -> None:
    assert understand(text).act in ACTS


@pytest.mark.parametrize(
    "moment", [datetime(1970, 1, 1), datetime(2024, 2, 29), datetime(2099, 12, 31, 23, 59)]
)
def test_a_clock_set_wrong(moment: datetime) -> None:
    """Nor a leap day, nor the last minute of a year may cost a message."""
    text = "昨天开始发烧，上周四透析，药明天断，10天后产检，4月3号做的手术，明早8点再提醒，停诊到月底"
    assert engine().understand(text, moment.replace(tzinfo=AT.tzinfo)).act in ACTS


REPORT = (
    "洞泾镇72岁老太晚饭后突然说话大舌头，走路歪，右手没力气，有高血压糖尿病，吃二甲双胍，"
    "昨天开始发烧38.5度，没有咳嗽，血氧96，血压150/90，能送哪里？\n"
)


@pytest.mark.parametrize(
    "unit",
    [
        REPORT,
        "发烧",
        "没有发烧、咳嗽、",
        "我爸我妈",
        "能收吗？",
        "1",
        "a ",
        "@李主任 ",
        "「张三：发烧」",
        "3号、",
        "阳性",
        "38度 ",
        "3天",
        "手和脚",
        "\n",
        " ",
    ],
    ids=lambda unit: unit.strip()[:6] or repr(unit),
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    """Four times the text may take four times as long, not sixteen times; measured in time of the processor."""
    short, long = 3_000, 12_000
    understand((unit * short)[:short])  # what is made once is made

    def spent(length: int) -> float:
        begun = process_time()
        understand((unit * length)[:length])
        return process_time() - begun

    brief = min(spent(short) for _ in range(2))
    assert spent(long) < max(10 * brief, 0.25)
