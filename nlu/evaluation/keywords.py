"""A list of keywords as an engine, what most groups would write first: the baseline without any understanding.

Run as `python -m nlu.evaluation.keywords REQUESTS ANSWERS`; its words are in tests/baselines.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlu.evaluation.worker import Answer, Request, Spans, serve
from nlu.gazetteer import Gazetteer
from nlu.site_names import gazetteer
from nlu.tables import DATA

LISTS = DATA.parent / "tests" / "baselines"
DENIALS = ("没有", "没", "无", "不")
_PATTERNS = {
    "age": re.compile(r"(\d{1,3})\s*周?岁|(?:年龄\D{0,2}|[男女]性?\s?)(\d{1,3})(?!\d)|(\d{2})[YyFM]"),
    "age_months": re.compile(r"(\d{1,2})\s*个月大?的?(?:宝|婴|孩|娃)"),
    "temp": re.compile(r"(?<!\d)(3[5-9]\.\d|4[0-2]\.\d)|(3[5-9]|4[0-2])(?=\s*[度℃])"),
    "phone": re.compile(r"(1\d{10}|1\d{2}\*{4}\d{4}|0\d{2,3}-?\d{4,8}(?:-\d{4})?)"),
    "gestation": re.compile(r"孕\s*(\d{1,2}(?:\+\d)?)\s*周?"),
    "spo2": re.compile(r"血氧\D{0,3}(\d{2,3})"),
}
_NUMBERS = ("age", "age_months", "temp", "spo2")
_SEX = (
    ("M", re.compile(r"男|先生|阿公|爷爷|老伯|爸|叔")),
    ("F", re.compile(r"女|女士|阿婆|奶奶|妈|阿姨|孕")),
)


@dataclass(frozen=True)
class Keyword:
    """A medical word with what it stands for."""

    word: str
    level: int
    specialty: str
    term: str


@dataclass(frozen=True)
class Hit:
    """A medical word in a text, that is not denied just before it."""

    start: int
    keyword: Keyword

    @property
    def end(self) -> int:
        return self.start + len(self.keyword.word)


class Keywords:
    """Every word counts, the highest level wins, the first act in the list wins."""

    def __init__(self) -> None:
        self._words = list(_medical())
        self._acts = [(_split(row["words"]), row["act"]) for row in _rows("acts.csv")]

    def answer(self, request: Request) -> Answer:
        hits = self._hits(request.text)
        act = self._act(request.text, bool(hits))
        report = self._report(request, hits)
        return {
            "act": act,
            "reports": [report] if act == "report" else [],
            "entities": report["entities"] if act in {"update", "correct"} else {},
            "hospital_status": None,
            "hint": report,
        }

    def spans(self, request: Request) -> Spans:
        return [(hit.start, hit.end) for hit in self._hits(request.text, denied=True)]

    def _act(self, text: str, medical: bool) -> str:
        for words, act in self._acts:
            if medical if act == "report" else any(word in text for word in words):
                return act
        return "chatter"

    def _report(self, request: Request, hits: list[Hit]) -> dict[str, Any]:
        ranked = sorted(hits, key=lambda hit: (hit.keyword.level, hit.start))
        codes = list(dict.fromkeys(hit.keyword.specialty for hit in ranked)) or ["GP"]
        symptoms = list(dict.fromkeys(hit.keyword.term for hit in hits if hit.keyword.term))
        found = dict(_values(request.text, _gazetteer(request.site)))
        return {
            "quote": request.text,
            "level": ranked[0].keyword.level if ranked else 4,
            "reasons": [{"rule": "word", "quote": hit.keyword.word} for hit in ranked[:1]],
            "specialties": [{"code": code, "score": 1 / rank} for rank, code in enumerate(codes[:3], 1)],
            "entities": {**found, "symptoms": symptoms} if symptoms else found,
        }

    def _hits(self, text: str, denied: bool = False) -> list[Hit]:
        """In order of place; a word inside a longer one that was found does not count again."""
        found: list[Hit] = []
        for keyword in self._words:
            for match in re.finditer(re.escape(keyword.word), text):
                hit = Hit(match.start(), keyword)
                inside = any(other.start <= hit.start and hit.end <= other.end for other in found)
                if not inside and (denied or not text[: hit.start].endswith(DENIALS)):
                    found.append(hit)
        return sorted(found, key=lambda hit: hit.start)


def _values(text: str, names: Gazetteer) -> Iterator[tuple[str, Any]]:
    for kind, pattern in _PATTERNS.items():
        match = pattern.search(text)
        if match:
            value = next(group for group in match.groups() if group)
            yield kind, float(value) if kind in _NUMBERS else value
    sex = next((sex for sex, pattern in _SEX if pattern.search(text)), None)
    if sex:
        yield "sex", sex
    town = next((name for alias, name in names.towns.items() if alias in text), None)
    if town:
        yield "town", town


@cache
def _gazetteer(site: str) -> Gazetteer:
    return gazetteer(DATA / "sites" / site)


def _medical() -> Iterator[Keyword]:
    """The longest words first."""
    rows = [
        Keyword(word, int(row["level"]), row["specialty"], row["term"])
        for row in _rows("keywords.csv")
        for word in _split(row["words"])
    ]
    yield from sorted(rows, key=lambda keyword: -len(keyword.word))


def _rows(name: str) -> list[dict[str, str]]:
    with (LISTS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _split(words: str) -> list[str]:
    return [word for word in words.split("|") if word]


if __name__ == "__main__":
    serve(Keywords(), Path(sys.argv[1]), Path(sys.argv[2]))
