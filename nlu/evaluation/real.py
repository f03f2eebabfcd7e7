"""Measures on real texts that nobody labelled for this: the files of ../shared/data, an optional folder."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlu.evaluation.labels import AT, lines
from nlu.evaluation.scoring import DANGER, Answer
from nlu.evaluation.tally import Fault, Tally
from nlu.evaluation.worker import Request, Spans
from nlu.tables import DATA

Row = dict[str, Any]
DISEASES = "disease_department_lexicon.jsonl"
SAMPLE = 1000
"""Rows taken of a file, at even steps."""
DEPARTMENTS = DATA.parent / "tests" / "baselines" / "departments.csv"


class Say:
    """Writes into a tally about one text."""

    def __init__(self, tally: Tally, name: str, text: str) -> None:
        self._tally = tally
        self._name = name
        self._text = text

    def right(self, measure: str, right: bool, what: str) -> None:
        """A hit is what is right."""
        self._tally.add(measure, right, None if right else Fault(measure, self._name, self._text, what))

    def wrong(self, measure: str, wrong: bool, what: str) -> None:
        """A hit is a fault."""
        self._tally.add(measure, wrong, Fault(measure, self._name, self._text, what) if wrong else None)


Judge = Callable[[Row, Answer, Spans, Say], None]


@dataclass(frozen=True)
class Source:
    """One file: what is asked about a row (None: nothing) and how the answer is judged."""

    file: str
    text: Callable[[Row], str | None]
    judge: Judge
    spans: bool = False


@dataclass(frozen=True)
class Case:
    """One text of a source with the row it comes from."""

    source: Source
    number: int
    row: Row
    request: Request


def cases(folder: Path, sample: int | None = SAMPLE) -> list[Case]:
    """The texts of all files that the folder holds, `sample` of each at even steps; all with None."""
    found: list[Case] = []
    for source in SOURCES:
        path = folder / source.file
        if path.exists():
            found += _even(list(_cases(source, path, folder)), sample)
    return found


def judge(asked: Sequence[Case], answers: Sequence[Answer], spans: Sequence[Spans]) -> Tally:
    """Counts over the answers, in the order of the cases."""
    tally = Tally()
    for case, answer, places in zip(asked, answers, spans, strict=True):
        name = f"{case.source.file.partition('_')[0]}:{case.number}"
        case.source.judge(case.row, answer, places, Say(tally, name, case.request.text))
    return tally


def _cases(source: Source, path: Path, folder: Path) -> Iterator[Case]:
    for number, row in lines(path):
        text = source.text({**row, "folder": folder})
        if text and text.strip():
            yield Case(source, number, row, Request(text, AT, spans=source.spans))


def _even(found: list[Case], sample: int | None) -> list[Case]:
    if sample is None or len(found) <= sample:
        return found
    return [found[at * len(found) // sample] for at in range(sample)]


def _false_report(name: str) -> Judge:
    def check(_row: Row, answer: Answer, _spans: Spans, say: Say) -> None:
        reports = answer["reports"] if answer["act"] == "report" else []
        level = min((report["level"] for report in reports), default=None)
        say.wrong(f"{name}: false reports", bool(reports), f"level {level}")
        say.wrong(f"{name}: false Ⅰ–Ⅱ", level is not None and level <= DANGER, f"level {level}")

    return check


def _over_triage(_row: Row, answer: Answer, _spans: Spans, say: Say) -> None:
    hint = answer.get("hint") or {}
    why = [reason["quote"] for reason in hint.get("reasons") or ()]
    say.wrong("dialmed: given Ⅰ–Ⅱ", hint.get("level", 4) <= DANGER, f"{hint.get('level')} {why}")


def _department(row: Row, answer: Answer, _spans: Spans, say: Say) -> None:
    wanted, codes = departments()[row["department"]], _codes(answer)
    what = f"{'/'.join(codes) or None}, not {'/'.join(sorted(wanted))}"
    say.right("toyhom: specialty first", bool(codes) and codes[0] in wanted, what)
    say.right("toyhom: specialty in three", not wanted.isdisjoint(codes), what)


def _symptoms(row: Row, _answer: Answer, spans: Spans, say: Say) -> None:
    for entity in row["entities"]:
        if entity["type"] == "SYMPTOM":
            found = any(start < entity["end"] and entity["start"] < end for start, end in spans)
            say.right("fenzhen: symptom spans", found, entity["text"])


def _disease(row: Row, answer: Answer, _spans: Spans, say: Say) -> None:
    wanted, codes = _wanted(row), _codes(answer)
    what = f"{'/'.join(codes) or None}, not {'/'.join(sorted(wanted))}"
    say.right("diseases: department first", bool(codes) and codes[0] in wanted, what)
    say.right("diseases: department in three", not wanted.isdisjoint(codes), what)


def _codes(answer: Answer) -> list[str]:
    hint = answer.get("hint") or {}
    return [item["code"] for item in hint.get("specialties") or ()][:3]


def _text(row: Row) -> str | None:
    text: str = row["text"]
    return text


def _of_department(row: Row) -> str | None:
    return _text(row) if row["department"] in departments() else None


def _common(row: Row) -> str | None:
    """The name of a disease that patients really come with, if its department has a code."""
    name: str = row["disease"]
    return name if _wanted(row) and name in _everyday(row["folder"]) else None


def _wanted(row: Row) -> frozenset[str]:
    """The specialties of a disease's departments."""
    return frozenset[str]().union(*(departments().get(name, ()) for name in row["department"]))


@cache
def _everyday(folder: Path) -> frozenset[str]:
    """Diseases that the patients' and searchers' texts name at least twice."""
    names = {row["disease"] for _, row in lines(folder / DISEASES)}
    files = [folder / source.file for source in SOURCES if source.file != DISEASES]
    texts = "\n".join(row["text"] for path in files if path.exists() for _, row in lines(path))
    return frozenset(name for name in names if texts.count(name) > 1)


@cache
def departments() -> Mapping[str, frozenset[str]]:
    """Department as these files name it → specialty codes that are right for it."""
    with DEPARTMENTS.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["department"]: frozenset(row["codes"].split("/")) for row in rows}


SOURCES = (
    Source("smp2020_weibo_chitchat.jsonl", _text, _false_report("posts")),
    Source("kuake_qic_intent.jsonl", _text, _false_report("queries")),
    Source("dialmed_patient_disease.jsonl", _text, _over_triage),
    Source("toyhom_internal_dept.jsonl", _of_department, _department),
    Source("fenzhen_symptom_ner_test.jsonl", _text, _symptoms, spans=True),
    Source(DISEASES, _common, _disease),
)
