"""Measures the understanding: `python -m nlu.evaluate [--engine builtin] [--verbose] [file …]`.

Without files: the labelled examples beside the project and the project's own cases (tests/nlu/cases.jsonl). With
--real DIR also the real texts of DIR: false reports in chatter, over-triage, department.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nlu.gazetteer import Gazetteer
from nlu.pipeline import Understander
from nlu.tables import DATA
from nlu.understanding import Report, Understanding

ROOT = DATA.parent
EXAMPLES = ROOT.parent / "shared" / "domain" / "examples.jsonl"
CASES = ROOT / "tests" / "nlu" / "cases.jsonl"
AT = datetime.fromisoformat("2022-04-04T09:12:00+08:00")
DEPARTMENTS = {
    "消化科": "GI",
    "心血管科": "CARD",
    "呼吸科": "RESP",
    "神经科": "NEURO",
    "肾内科": "NEPH",
    "内分泌科": "ENDO",
    "血液科": "HEMA",
    "风湿免疫科": "RHEUM",
    "感染科": "INF",
    "普外科": "GENSURG",
}
PRECISE = ("symptoms", "drugs", "duration_h", "covid", "orig_hospital", "age", "sex", "town")


@dataclass
class Tally:
    """Counts of one run over labelled messages."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def add(self, measure: str, right: bool, fault: str = "") -> None:
        self.total[measure] += 1
        self.right[measure] += right
        if not right and fault:
            self.faults.append(f"{measure:12} {fault}")

    def table(self) -> str:
        lines = [f"{'measure':22} {'right':>6} {'of':>6} {'share':>7}"]
        for measure in self.total:
            share = 100 * self.right[measure] / self.total[measure]
            lines.append(f"{measure:22} {self.right[measure]:6} {self.total[measure]:6} {share:6.1f}%")
        if self.spent:
            ordered = sorted(self.spent)
            lines.append(
                f"time a message: median {ordered[len(ordered) // 2]:.1f} ms, longest {ordered[-1]:.1f} ms"
            )
        return "\n".join(lines)


class Evaluation:
    """One engine measured on labelled messages."""

    def __init__(self, engine: Understander) -> None:
        self.engine = engine
        self.synonyms = _synonyms(engine)

    def run(self, path: Path) -> Tally:
        tally = Tally()
        for example in _lines(path):
            at = datetime.fromisoformat(example["at"]) if example.get("at") else AT
            begin = time.perf_counter()
            result = self.engine.understand(example["text"], at)
            tally.spent.append(1000 * (time.perf_counter() - begin))
            self._judge(example, result, tally)
        return tally

    def _judge(self, example: dict[str, Any], result: Understanding, tally: Tally) -> None:
        name = f"{example['id']} {example['text'][:40]!r}"
        tally.add("act", result.act == example["act"], f"{name}: {result.act}, not {example['act']}")
        wanted, given = example["reports"], result.reports
        if example["act"] == "report":
            tally.add(
                "splitting", len(wanted) == len(given), f"{name}: {len(given)} patients, not {len(wanted)}"
            )
            given = given or ((result.triage_hint,) if result.triage_hint else ())
            for want, report in zip(wanted, given, strict=False):
                self._report(name, want, report, tally)
        if example["act"] in {"update", "correct"}:
            self._entities(name, example.get("entities") or {}, result.entities, tally)
        if not wanted:
            tally.add("no false report", result.act != "report", f"{name}: reported")

    def _report(self, name: str, want: dict[str, Any], report: Report, tally: Tally) -> None:
        accepted = want.get("accept") or [want["level"]]
        why = "; ".join(f"{r.rule} {r.quote}" for r in report.reasons)
        tally.add(
            "level accepted", report.level in accepted, f"{name}: {report.level}, not {accepted} ({why})"
        )
        if max(accepted) <= 2:
            tally.add("Ⅰ–Ⅱ not missed", report.level <= 2, f"{name}: {report.level}, not {accepted}")
        else:
            tally.add("not over-triaged", report.level >= min(accepted), f"{name}: {report.level} ({why})")
        codes = [code for code, _ in report.specialties]
        firsts = {want["specialty"], *want.get("specialties", ())} | ({"EM"} if report.level == 1 else set())
        tally.add("specialty first", codes[0] in firsts, f"{name}: {codes[:3]}, not {want['specialty']}")
        tally.add("specialty in three", bool(set(codes[:3]) & firsts))
        cats = {want["category"], *want.get("categories", ())}
        tally.add("category", report.category in cats, f"{name}: {report.category}, not {want['category']}")
        if "tags" in want:
            tally.add(
                "tags", set(report.tags) == set(want["tags"]), f"{name}: {report.tags}, not {want['tags']}"
            )
        if "disposition" in want:
            right = report.disposition == want["disposition"]
            tally.add("disposition", right, f"{name}: {report.disposition}, not {want['disposition']}")
        self._entities(name, want.get("entities") or {}, report.entities, tally)
        if "tags" in want:  # labelled in full
            for key in PRECISE:
                self._precision(name, key, want.get("entities") or {}, report.entities, tally)

    def _entities(self, name: str, want: dict[str, Any], given: dict[str, Any], tally: Tally) -> None:
        for key, value in want.items():
            if isinstance(value, list):
                have = {self._term(term) for term in given.get(key, ())}
                for term in value:
                    fault = f"{name}: {key} lacks {term}: {given.get(key)}"
                    tally.add(f"recall {key}", self._found(term, have), fault)
            else:
                tally.add(
                    f"recall {key}",
                    given.get(key) == value,
                    f"{name}: {key} {given.get(key)!r}, not {value!r}",
                )

    def _precision(
        self, name: str, key: str, want: dict[str, Any], given: dict[str, Any], tally: Tally
    ) -> None:
        values = given.get(key)
        if isinstance(values, list):
            wanted = {self._term(term) for term in want.get(key, ())}
            for value in values:
                right = any(self._same(value, term) for term in wanted)
                tally.add(f"precision {key}", right, f"{name}: {key} {value} is not wanted: {want.get(key)}")
        elif values is not None:
            tally.add(
                f"precision {key}",
                want.get(key) == values,
                f"{name}: {key} {values!r}, not {want.get(key)!r}",
            )

    def _term(self, term: str) -> str:
        """The lexicon's word for a label: a way of saying, or what the engine finds in it (脚肿 → 下肢水肿)."""
        key = term.lower()
        if key not in self.synonyms:
            hint = self.engine.understand(term, AT).triage_hint
            found = hint.entities.get("symptoms", []) if hint else []
            self.synonyms[key] = found[0] if len(found) == 1 else term
        return self.synonyms[key]

    def _found(self, term: str, have: set[str]) -> bool:
        return any(self._same(value, self._term(term)) for value in have)

    def _same(self, one: str, other: str) -> bool:
        """The same term, or one a kind of the other."""
        lexicon = self.engine.lexicon
        one, other = self._term(one), self._term(other)
        return one == other or other in lexicon.wider(one) or one in lexicon.wider(other)


def _synonyms(engine: Understander) -> dict[str, str]:
    phrases = (p for p in engine.lexicon.phrases if p.role in {"concept", "drug"} and len(p.pieces) == 1)
    return {phrase.pieces[0]: phrase.name for phrase in phrases}


def _lines(path: Path, limit: int | None = None) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if limit is not None and number >= limit:
                return
            if line.strip():
                yield json.loads(line)


def gazetteer(site: Path) -> Gazetteer:
    """Names of a site pack's towns and institutions."""
    return Gazetteer(_names(site / "towns.csv"), _names(site / "institutions.csv"))


def _names(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {
            alias.strip(): row["name"]
            for row in rows
            for alias in [row["name"], *(row.get("aliases") or "").split("|")]
            if alias.strip()
        }


def real(engine: Understander, folder: Path, limit: int) -> Iterable[str]:
    """One line a measure over real texts."""
    for name in ("smp2020_weibo_chitchat", "kuake_qic_intent"):
        texts = [row["text"] for row in _lines(folder / f"{name}.jsonl", limit)]
        found = [(t, u) for t in texts if (u := engine.understand(t, AT)).act == "report"]
        danger = sum(1 for _, u in found if u.danger)
        yield f"{name}: {1000 * len(found) / len(texts):.1f} false reports in 1,000 ({danger} of them Ⅰ–Ⅱ)"
        yield from (
            f"    {t[:70]!r} {[s for r in u.reports for s in r.entities.get('symptoms', [])]}"
            for t, u in found[:40]
        )
    rows = list(_lines(folder / "dialmed_patient_disease.jsonl", limit))
    levels: Counter[int] = Counter()
    high = []
    for row in rows:
        report = engine.understand(row["text"], AT).triage_hint
        levels[report.level if report else 4] += 1
        if report and report.level <= 2:
            high.append(
                f"    {report.level} {row['text'][:60]!r} {[(r.rule, r.quote) for r in report.reasons]}"
            )
    yield f"dialmed: {100 * (levels[1] + levels[2]) / len(rows):.1f} % given Ⅰ–Ⅱ, levels {dict(sorted(levels.items()))}"
    yield from high[:60]
    yield from _department(engine, folder, limit)


def _department(engine: Understander, folder: Path, limit: int) -> Iterable[str]:
    right = total = 0
    confused: Counter[tuple[str, str]] = Counter()
    for row in _lines(folder / "toyhom_internal_dept.jsonl", limit):
        want = DEPARTMENTS.get(row["department"])
        report = engine.understand(row["text"], AT).triage_hint
        if want and report:
            total += 1
            right += report.specialty == want
            confused[want, report.specialty] += report.specialty != want
    yield f"toyhom: department first {100 * right / total:.1f} % of {total}; confused {confused.most_common(12)}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="nlu.evaluate", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="labelled messages (JSON lines)")
    parser.add_argument("--engine", choices=["builtin"], default="builtin")
    parser.add_argument("--site", type=Path, default=DATA / "sites" / "songjiang")
    parser.add_argument("--real", type=Path, help="folder with real texts")
    parser.add_argument("--limit", type=int, default=1000, help="real texts of each file")
    parser.add_argument("--verbose", action="store_true", help="list every fault")
    options = parser.parse_args()
    engine = Understander(gazetteer(options.site))
    evaluation = Evaluation(engine)
    for path in options.files or [p for p in (EXAMPLES, CASES) if p.exists()]:
        tally = evaluation.run(path)
        print(f"== {path.name}\n{tally.table()}")
        shown = (
            tally.faults if options.verbose else [f for f in tally.faults if f.startswith(("Ⅰ–Ⅱ", "level"))]
        )
        print("\n".join(f"  {fault}" for fault in shown))
    if options.real:
        print("\n".join(real(engine, options.real, options.limit)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
