"""Names of a site pack's places, for engines that need nothing else of it."""

from __future__ import annotations

import csv
from pathlib import Path

from nlu.gazetteer import Gazetteer


def gazetteer(site: Path) -> Gazetteer:
    """Towns and institutions with their aliases. Raises OSError when there is no such pack."""
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
