"""`python -m nlu.evaluation [--engine builtin] [--verbose] [--only MEASURE] [file …]`: see docs/evaluation.md."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from functools import cache
from pathlib import Path

from nlu.evaluation.labels import Labelled, read
from nlu.evaluation.scoring import Scorer
from nlu.evaluation.terms import Terms
from nlu.gazetteer import Gazetteer
from nlu.pipeline import Understander
from nlu.tables import DATA

ROOT = DATA.parent
PARTIAL = (ROOT / "tests" / "nlu" / "cases.jsonl", ROOT / "tests" / "protocol" / "exam.jsonl")


def gazetteer(site: Path) -> Gazetteer:
    """Names of a site pack's towns and institutions."""
    return Gazetteer(_names(site / "towns.csv"), _names(site / "institutions.csv"))


def _names(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {
            alias.strip(): row["name"]
            for row in rows
            for alias in [row["name"], *(row.get("aliases") or "").split("|")]
            if alias.strip()
        }


@cache
def _engine(site: str) -> Understander:
    return Understander(gazetteer(DATA / "sites" / site))


def main() -> int:
    parser = argparse.ArgumentParser(prog="nlu.evaluation", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--engine", default="builtin")
    parser.add_argument("--verbose", action="store_true", help="list every fault")
    parser.add_argument("--only", help="list the faults of one measure")
    options = parser.parse_args()
    scorer = Scorer(Terms(_engine("songjiang")))
    for path in options.files:
        messages = read(path, path.resolve() in PARTIAL)
        spent = []

        def answer(message: Labelled) -> dict[str, object]:
            begin = time.perf_counter()
            found = _engine(message.site).understand(message.text, message.at, role=message.role)
            spent.append(1000 * (time.perf_counter() - begin))
            return found.to_dict()

        tally = scorer.score((message, answer(message)) for message in messages)
        print(f"== {path.name}, {len(messages)} messages")
        for measure, count in tally.counts.items():
            print(f"{measure:24} {count.hits:5} {count.total:5} {100 * (count.share or 0):6.1f}%")
        print(f"median {sorted(spent)[len(spent) // 2]:.1f} ms")
        if options.verbose or options.only:
            print("\n".join(str(fault) for fault in tally.chosen(options.only)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
