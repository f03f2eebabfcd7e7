"""The second opinion of sentence vectors: asked only about what is hard, optional, and no danger to anybody."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from nlu.acts import Held, classify, together
from nlu.features import ActFeatures
from nlu.learning import examples
from nlu.normalise import normalise
from nlu.sentence_learning import learn
from nlu.sentences import FILE, SentenceJudge, load_sentences
from nlu.tables import DATA, Faults
from nlu.understanding import ACTS
from tests.nlu.engine import AT, engine

PLAIN = "泗泾镇 男 67岁 胸痛两小时 出冷汗"
HARD = "德国同行昨天讲座说 长期低烧加淋巴结肿大要想到淋巴瘤 片子放群文件了"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that reach the language model."""
    texts: list[str] = []
    own = SentenceJudge.probabilities

    def noted(self: SentenceJudge, text: str) -> dict[str, float]:
        texts.append(text)
        return own(self, text)

    monkeypatch.setattr(SentenceJudge, "probabilities", noted)
    return texts


def test_what_is_shipped_knows_all_acts_and_the_messages_it_was_made_of() -> None:
    judge = load_sentences(Faults(strict=True))
    assert judge is not None and set(judge.classes) == set(ACTS)
    messages = list(examples(DATA / "nlu.yml"))[::200]
    chances = [judge.probabilities(normalise(text).text) for _, text in messages]
    right = sum(
        max(held, key=held.__getitem__) == act for (act, _), held in zip(messages, chances, strict=True)
    )
    assert right / len(messages) > 0.75
    assert all(sum(held.values()) == pytest.approx(1) for held in chances)


def test_only_what_is_hard_reaches_the_model(asked: list[str]) -> None:
    for text in (PLAIN, "收到", "0404-003 已送到市一急诊,办结", "#3 我们收"):
        engine().understand(text, AT)
    assert asked == []
    assert engine().understand(HARD, AT).act != "report"
    assert asked == [normalise(HARD).text]


def test_without_its_package_the_judge_decides_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("nlu.sentences.find_spec", lambda name: None)
    assert load_sentences(Faults(strict=True)) is None


def test_a_broken_file_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"none")
    faults = Faults()
    assert load_sentences(faults, tmp_path) is None
    assert "sentence_learning" in str(faults.found[0])
    np.savez(tmp_path / FILE, classes=np.array("report"))
    assert load_sentences(faults, tmp_path) is None and len(faults.found) == 2
    assert load_sentences(faults, tmp_path / "nowhere") is None and len(faults.found) == 2


def test_opinions_are_weighed_by_their_shares() -> None:
    sure, other = {"report": 0.9, "chatter": 0.1}, {"report": 0.1, "chatter": 0.9}
    assert together([]) == {} and together([Held(sure, 1.0)]) == sure
    assert together([Held(sure, 1.0), Held(other, 1.0)])["report"] == pytest.approx(0.5)
    assert together([Held(sure, 1.0), Held(other, 0.5)])["report"] > 0.6


@pytest.mark.parametrize(("danger", "act"), [(True, "report"), (False, "chatter")])
def test_it_takes_no_danger_away(danger: bool, act: str) -> None:
    told = ActFeatures(has_patient=True, n_findings=1, danger=danger, length=12)
    first = dict.fromkeys(ACTS, 0.001) | {"report": 0.6, "chatter": 0.4}
    second = dict.fromkeys(ACTS, 0.001) | {"report": 0.01, "chatter": 0.97}
    decision = classify("某人某事", told, lambda *_: [Held(first, 1.0), Held(second, 5.0)])
    assert decision.act == act


def test_the_file_is_made_from_messages(tmp_path: Path) -> None:
    said = {
        "accept": ("我们收，送过来", "床给你们留好了"),
        "chatter": ("今天好冷", "晚饭吃面"),
        "chase": ("还没人管吗", "催一下"),
    }
    lines = [
        f"  - intent: {act}\n    examples: |\n" + "".join(f"      - {t}\n" for t in ts)
        for act, ts in said.items()
    ]
    (tmp_path / "nlu.yml").write_text("nlu:\n" + "".join(lines), encoding="utf-8")
    learn(tmp_path)
    judge = load_sentences(Faults(strict=True), tmp_path)
    assert judge is not None and set(judge.classes) == set(said)
    assert judge.probabilities("今天风大得很")["chatter"] > 0.5
    assert list(tmp_path.glob("*.part*")) == []
