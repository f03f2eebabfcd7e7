"""Measures how well messages are understood, engine beside engine (docs/evaluation.md)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nlu.evaluation.engines import ENGINES, ROOT, EngineError
from nlu.evaluation.labels import LabelError
from nlu.evaluation.report import write
from nlu.evaluation.run import Run, Set, own_sets

REAL = ROOT.parent / "shared" / "data"


def main() -> int:
    """1 when an input is faulty or no engine could be had."""
    options = _options()
    sets = [Set.of(path.name, [path]) for path in options.files] or own_sets()
    real = options.real or (None if options.files or not REAL.is_dir() else REAL)
    chosen = [engine for engine in ENGINES if not options.engine or engine.name in options.engine]
    try:
        run = Run(sets, real, None if options.all else options.sample)
    except (LabelError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    missing = []
    for engine in chosen:
        try:
            run.measure(engine)
        except EngineError as error:
            missing.append(str(error))
            print(error, file=sys.stderr)
    if not run.engines:
        return 1
    text = run.text(missing)
    print(text)
    if options.verbose or options.only:
        for fault in run.faults(options.only):
            print(fault)
    if options.write:
        write(text)
    return 0


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.evaluation", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="labelled messages (tests/exams/README.md)")
    parser.add_argument("--files", dest="more", nargs="+", type=Path, default=[], help="the same")
    names = [engine.name for engine in ENGINES]
    parser.add_argument("--engine", action="append", choices=names, help="only this one; may be repeated")
    parser.add_argument("--real", type=Path, metavar="DIR", help=f"folder of real texts (default {REAL})")
    parser.add_argument("--sample", type=int, default=1000, help="real texts taken of a file, at even steps")
    parser.add_argument("--all", action="store_true", help="all real texts")
    parser.add_argument("--verbose", action="store_true", help="list every fault")
    parser.add_argument("--only", metavar="MEASURE", help="list the faults of measures that begin so")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/evaluation.md")
    options = parser.parse_args(arguments)
    options.files += options.more
    return options


if __name__ == "__main__":
    sys.exit(main())
