"""Rasa's own REST channel: `rasa run` with the project's credentials answers what was understood."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
import yaml

from bot.rasa_process import RasaProcess
from bot.settings import ROOT, Settings
from bot.training import train
from nlu.rasa_rest.answers import Answers
from tests.bot.running import free_port

START = 120  # seconds a real start may take on a busy machine


def test_stock_rasa_answers_over_rest(trained: Settings) -> None:
    port = free_port()
    channels = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    process = RasaProcess.start(
        trained, ["run", "--model", str(train(trained)), *where, *channels], "rest.log"
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process)
        for text, act in (("这个病人已经住院，可以结案了", "办结"), ("胸口痛，出汗，怎么办", "报事项")):
            said = {"sender": "t", "message": text}
            answer = httpx.post(f"{url}/webhooks/rest/webhook", json=said, timeout=20)
            assert answer.json() == [{"recipient_id": "t", "text": f"听成：{act}。"}]
    finally:
        process.end()


def _wait_for(url: str, process: RasaProcess) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        assert process.status is None, process.last_words()
        try:
            httpx.get(url, timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(process.last_words())


def sentences() -> dict[str, str]:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    return {name: variants[0]["text"] for name, variants in responses.items()}


def test_a_report_is_answered_with_level_specialty_and_the_words_for_it() -> None:
    triage = {
        "level": 3,
        "reasons": [
            {"rule": "R1", "level": 4, "quote": "吃不下"},
            {"rule": "R2", "level": 3, "quote": "鱼刺卡喉三天"},
        ],
        "specialties": [{"code": "ENT", "score": 0.9}],
    }
    answers = Answers(sentences())
    assert answers.understood("report", triage) == (
        "听成：报事项；Ⅲ级急症 · 耳鼻咽喉科，依据：“鱼刺卡喉三天”。这里只说听懂了什么，不建事项，也不提醒。"
    )
    assert answers.understood("close", triage) == "听成：办结。这里只说听懂了什么，不建事项，也不提醒。"
    assert "依据" not in answers.understood("report", triage | {"reasons": []})


@pytest.mark.parametrize("project", [ROOT, ROOT / "tests" / "bot" / "rasa_project"], ids=["own", "small"])
def test_every_act_has_its_rule_and_its_name(project: Path) -> None:
    domain = yaml.safe_load((project / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((project / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    steps = [[{"intent": act}, {"action": "utter_understood"}] for act in domain["intents"]]
    assert [rule["steps"] for rule in rules] == steps
    assert all(f"utter_act_{act}" in domain["responses"] for act in domain["intents"])
