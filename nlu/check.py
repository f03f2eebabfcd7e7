"""Checks every table: `python -m nlu.check [data]` prints all faults as file:line: fault."""

from __future__ import annotations

import sys
from pathlib import Path

from nlu.cuewords import Cues
from nlu.labs import read_labs
from nlu.lexicon import Lexicon, load_lexicon
from nlu.persons import Persons
from nlu.pointing import read_pointing
from nlu.protocol import Protocol, load_protocol
from nlu.tables import DATA, Faults, TableError


def check(data: Path = DATA) -> list[TableError]:
    """All faults of the tables under `data`."""
    return _load(data)[0].found


def _load(data: Path) -> tuple[Faults, Lexicon, Protocol]:
    faults = Faults()
    lexicon = load_lexicon(data, faults)
    protocol = load_protocol(lexicon, data, faults)
    Cues(data, faults)
    Persons(data, faults)
    pointing = data / "wording" / "pointing.csv"
    if pointing.exists():  # the words for pointing are no part of a folder of medicine alone
        read_pointing(pointing, faults)
    labs = data / "wording" / "labs.csv"
    if labs.exists():
        list(read_labs(labs, faults))
    return faults, lexicon, protocol


def main() -> int:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    faults, lexicon, protocol = _load(data)
    for fault in faults.found:
        print(fault)
    print(
        f"{len(lexicon.concepts)} concepts, {lexicon.ways} ways of saying, {len(lexicon.drugs)} drugs, "
        f"{len(protocol.rules)} rules, {len(protocol.raises)} raise rules, {len(protocol.groups)} groups: "
        f"{len(faults.found)} faults"
    )
    return 1 if faults.found else 0


if __name__ == "__main__":
    sys.exit(main())
