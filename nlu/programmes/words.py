"""The words of the programmes of care: classes of data/programmes/*.csv, written as data/wording/pointing.csv is.

A row with a fault is left out and its class matches nothing: a slip in these tables must not stop the bot.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from nlu.pointing import read_pointing
from nlu.tables import DATA, Faults, TableError

FOLDER = DATA / "programmes"
SCHEDULE, PASSES, DIALYSIS, ONCOLOGY, MATERNAL = (
    FOLDER / f"{name}.csv" for name in ("schedule", "passes", "dialysis", "oncology", "maternal")
)
_NOTHING = "(?!)"


@cache
def words(name: str, path: Path) -> re.Pattern[str]:
    """The words of a class of a table."""
    return re.compile(_classes(path).get(name, _NOTHING))


def faults(*paths: Path) -> list[TableError]:
    """What is wrong with these tables, of all of them without a path."""
    found = Faults()
    for path in paths or (SCHEDULE, PASSES, DIALYSIS, ONCOLOGY, MATERNAL):
        read_pointing(path, found)
    return found.found


@cache
def _classes(path: Path) -> dict[str, str]:
    return read_pointing(path, Faults())
