from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import training
from bot.errors import UserError
from bot.settings import ROOT, Settings
from bot.training import Stopped, current_model, digest, train
from nlu.understanding import ACTS
from tests.bot.conftest import small_project


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_project(tmp_path / "a project")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_trained_model_is_found_again_without_training(trained: Settings) -> None:
    said: list[str] = []
    model = train(trained, say=said.append)
    assert model == trained.models / f"{digest(trained)}.tar.gz"
    assert model.stat().st_size > 1_000
    assert said == []


def test_the_model_of_other_inputs_is_never_used(settings: Settings) -> None:
    (settings.models / f"{digest(settings)}.tar.gz").write_bytes(b"a model")
    assert current_model(settings) is not None
    change(settings.home / "data" / "nlu.yml", "哈哈哈", "呵呵呵")
    assert current_model(settings) is None
    change(settings.home / "data" / "nlu.yml", "呵呵呵", "哈哈哈")
    assert current_model(settings) is not None


def with_own_component(settings: Settings) -> Settings:
    change(settings.home / "config.yml", "pipeline:", "pipeline:\n  - name: nlu.rasa_components.Ours")
    return settings


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config.yml", "# one more line\n"),
        ("data/nlu.yml", "# one more line\n"),
        ("domain.yml", "entities:\n  - town\n"),
        ("data/lexicon/drugs.csv", "drug\n"),
        ("data/protocol/red-flags.csv", "id\n"),
    ],
)
def test_every_input_changes_the_digest(settings: Settings, file: str, text: str) -> None:
    before = digest(with_own_component(settings))
    path = settings.home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as out:
        out.write(text)
    assert digest(settings) != before


def test_the_components_code_changes_the_digest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "rasa.txt").write_text("rasa==3.6.21\n")
    (tmp_path / "nlu").mkdir()
    monkeypatch.setattr(training, "ROOT", tmp_path)
    digests = [digest(with_own_component(settings))]
    for file, text in [
        ("nlu/features.py", "x = 1\n"),
        ("nlu/features.py", "x = 2\n"),
        ("requirements/rasa.txt", ""),
    ]:
        (tmp_path / file).write_text(text)
        digests.append(digest(settings))
    assert len(set(digests)) == len(digests)
    (tmp_path / "nlu" / "client.py").write_text("# asks the server; no part of the model\n")
    assert digest(settings) == digests[-1]


def test_a_pipeline_without_our_components_does_not_depend_on_their_code_and_tables(
    settings: Settings,
) -> None:
    before = digest(settings)
    table = settings.home / "data" / "lexicon" / "drugs.csv"
    table.parent.mkdir()
    table.write_text("drug\n")
    assert digest(settings) == before


def test_what_the_bot_says_does_not_change_the_digest(settings: Settings) -> None:
    before = digest(settings)
    with (settings.home / "domain.yml").open("a", encoding="utf-8") as out:
        out.write("responses:\n  utter_hello:\n    - text: 您好\n")
    assert digest(settings) == before


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        ("config.yml", None, r"config\.yml: No such file"),
        ("domain.yml", None, r"domain\.yml: No such file"),
        ("data/nlu.yml", None, r"nlu\.yml: No such file"),
        ("domain.yml", 'version: "3.1"\nintents: [a\n', r"domain\.yml:3: not YAML"),
        ("domain.yml", "- a\n", r"domain\.yml: must hold keys"),
        ("data/nlu.yml", 'version: "3.1"\nnlu:\n  - intent: a\n   x: y\n', r"data/nlu\.yml:4: not YAML"),
    ],
)
def test_a_broken_input_is_named_with_its_line(
    settings: Settings, file: str, content: str | None, fault: str
) -> None:
    path = settings.home / file
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(UserError, match=fault):
        train(settings)


def test_what_rasa_complains_of_is_passed_on(settings: Settings) -> None:
    change(settings.home / "config.yml", "LogisticRegressionClassifier", "nlu.nothing.There")
    with pytest.raises(UserError, match=r"not trained: .*nlu\.nothing.*train\.log") as caught:
        train(settings)
    assert "\x1b" not in str(caught.value)
    assert list(settings.models.glob("*.tar.gz")) == []


class FakeRasa:
    """Stands in for the process of `rasa train`: writes the model that is asked for."""

    def __init__(self, settings: Settings, during: Callable[[], None] = lambda: None) -> None:
        self.settings, self.during = settings, during
        self.runs = 0
        self.status = 0

    def start(self, _settings: Settings, arguments: list[str], _log: str) -> Any:
        self.runs += 1
        out, name = arguments[arguments.index("--out") + 1], arguments[-1]
        self.during()
        (Path(out) / f"{name}.tar.gz").write_text(f"model {self.runs}")
        return self

    def end(self) -> None:
        pass


def test_inputs_that_change_during_the_training_are_trained_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = iter(["呵呵", "嘿嘿"])

    def edit() -> None:
        word = next(edits, None)
        if word:
            change(settings.home / "data" / "nlu.yml", "version", f"# {word}\nversion")

    rasa = FakeRasa(settings, edit)
    monkeypatch.setattr(training, "RasaProcess", rasa)
    model = train(settings)
    assert rasa.runs == 3
    assert model == current_model(settings)
    assert [path.name for path in settings.models.glob("*.tar.gz")] == [model.name]


def test_inputs_that_never_rest_are_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit() -> None:
        change(settings.home / "data" / "nlu.yml", "version", "# 又\nversion")

    monkeypatch.setattr(training, "RasaProcess", FakeRasa(settings, edit))
    with pytest.raises(UserError, match="keep changing"):
        train(settings)
    assert current_model(settings) is None


def test_the_last_few_models_are_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "RasaProcess", FakeRasa(settings))
    for _ in range(training.KEEP + 2):
        change(settings.home / "data" / "nlu.yml", "version", "# 又\nversion")
        latest = train(settings)
    kept = list(settings.models.glob("*.tar.gz"))
    assert len(kept) == training.KEEP
    assert latest in kept


def test_a_training_that_is_not_needed_any_more_stops_at_once(settings: Settings) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        train(settings, stop=stop)
    assert current_model(settings) is None


HOLDER = """
import sys
from pathlib import Path
from bot.settings import Settings
from bot.training import _alone
import threading
with _alone(Settings(home=Path(sys.argv[1])), print, threading.Event()):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_processes_do_not_train_at_once_and_the_second_uses_the_firsts_model(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa = FakeRasa(settings)
    monkeypatch.setattr(training, "RasaProcess", rasa)
    said: list[str] = []
    command = [sys.executable, "-c", HOLDER, str(settings.home)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None and first.stdin is not None
        assert first.stdout.readline() == "held\n"

        def finish(line: str) -> None:
            said.append(line)
            (settings.models / f"{digest(settings)}.tar.gz").write_text("the first one's")
            first.stdin.close()  # type: ignore[union-attr]

        model = train(settings, say=finish)
    assert said == ["another process is training; waiting for it …"]
    assert model.read_text() == "the first one's"
    assert rasa.runs == 0


def test_the_shipped_training_data_fits_the_domain_and_names_each_text_once() -> None:
    """What `rasa data validate` would find, without its half minute."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    domain = yaml.load((ROOT / "domain.yml").read_bytes(), Loader=loader)
    blocks = yaml.load((ROOT / "data" / "nlu.yml").read_bytes(), Loader=loader)["nlu"]
    assert sorted(domain["intents"]) == sorted(ACTS)
    assert {block["intent"] for block in blocks} <= set(ACTS)
    intent_of: dict[str, str] = {}
    for block in blocks:
        examples = block["examples"].splitlines()
        assert all(line.startswith("- ") for line in examples if line.strip()), block["intent"]
        for line in examples:
            text = line.removeprefix("- ").strip()
            assert text and intent_of.setdefault(text, block["intent"]) == block["intent"], text
