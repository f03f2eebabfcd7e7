"""Invented patients over all specialties, towns, levels, day and night: the right hospitals stand in the table."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from actions.matching import Need, StatusNote, rank
from actions.site import Institution, load_site
from actions.site_files import Faults, Row, read_table
from actions.site_types import SPECIALTIES

TABLE = Path(__file__).with_name("patients.csv")
COLUMNS = [
    *("id", "site", "at", "level", "specialty", "category", "disposition", "age", "town", "orig_hospital"),
    *("closed", "declined", "right", "note"),
]
SITES = {name: load_site(name) for name in ("songjiang", "dongguan")}


def patients() -> list[Row]:
    faults = Faults()
    rows = read_table(TABLE, COLUMNS, faults)
    assert faults.lines == []
    return rows


def need_of(row: Row) -> Need:
    return Need(
        level=int(row["level"]),
        specialty=row["specialty"],
        specialties=(row["specialty"],),
        category=row["category"],
        disposition=row["disposition"],
        town=row["town"],
        orig_hospital=row["orig_hospital"] or None,
        at=_local(row, row["at"]),
        age_years=float(row["age"]) if row["age"] else None,
    )


def notes_of(row: Row) -> list[StatusNote]:
    notes = []
    for told in row.many("closed"):
        hospital, department, state, until = told.split("/")
        notes.append(StatusNote(hospital, department or None, state, _local(row, until)))
    return notes


def found(row: Row) -> list[str]:
    ranked = rank(SITES[row["site"]], need_of(row), notes_of(row), row.many("declined"))
    return [each.name for each in ranked]


def _local(row: Row, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SITES[row["site"]].tz)


def able(row: Row, institution: Institution) -> bool:
    """Whether by the directory it can treat this patient, read without the routing table."""
    has, level = institution.may_have, int(row["level"])
    if institution.name == row["orig_hospital"]:
        return True
    if row["age"] and float(row["age"]) < 14 and institution.kind == "专科" and has("PED"):
        return True  # a children's hospital treats what children have
    if row["disposition"] == "ONLINE":
        return has("互联网医院") or institution.kind == "社区"
    if row["category"] in ("MEDS", "CARE", "CONSULT") or row["disposition"] in ("CHC", "PHARM"):
        services = ("配药", "24h窗口", "互联网医院", "家庭护理", "GP", row["specialty"])
        return any(has(each) for each in services)
    if level <= 2 and not has("急诊") and row["specialty"] != "PSY" and row["category"] != "MATERNAL":
        return False
    accepted = {
        "DIALYSIS": ("血透", "NEPH"),
        "MATERNAL": ("OB", "GYN", "助产"),
        "FEVER": ("发热门诊", row["specialty"]),
    }.get(row["category"], (row["specialty"],))
    if row["specialty"] == "EM" or (row["specialty"] == "PSY" and level <= 2):
        accepted = (*accepted, "急诊")
    return any(has(each) for each in accepted)


def test_the_table_covers_every_specialty_level_and_town_by_day_and_night() -> None:
    rows = patients()
    assert len(rows) >= 120
    assert {row["specialty"] for row in rows} == set(SPECIALTIES)
    assert {row["town"] for row in rows if row["site"] == "songjiang"} == set(SITES["songjiang"].towns)
    for level in "1234":
        hours = {row["at"][11:13] for row in rows if row["level"] == level}
        assert {"02"} < hours, level
    for row in rows:
        site = SITES[row["site"]]
        assert row.many("right") and set(row.many("right")) <= set(site.institutions), row["id"]
        assert row["town"] in site.towns, row["id"]


def test_the_first_is_right_for_nearly_all_and_one_of_three_for_all() -> None:
    rows = patients()
    ranked = {row["id"]: found(row) for row in rows}
    told = {row["id"]: f"{row['id']} {row['note']}: {ranked[row['id']][:3]}" for row in rows}
    first = [told[r["id"]] for r in rows if ranked[r["id"]][0] not in r.many("right")]
    three = [told[r["id"]] for r in rows if not set(ranked[r["id"]][:3]) & set(r.many("right"))]
    assert not three, "\n".join(three)
    assert len(first) <= 0.05 * len(rows), "\n".join(first)


@pytest.mark.parametrize("row", patients(), ids=lambda row: row["id"])
def test_nobody_is_sent_to_a_closed_department_or_one_that_cannot(row: Row) -> None:
    names = found(row)
    assert len(names) >= 2
    assert {note.hospital for note in notes_of(row)}.isdisjoint(names)
    assert set(row.many("declined")).isdisjoint(names)
    institutions = SITES[row["site"]].institutions
    assert [n for n in names[:3] if not able(row, institutions[n])] == []


def test_a_closing_that_has_ended_counts_no_more() -> None:
    for row in patients():
        over = [StatusNote(n.hospital, n.department, n.state, need_of(row).at) for n in notes_of(row)]
        site, need = SITES[row["site"]], need_of(row)
        assert rank(site, need, over, row.many("declined")) == rank(site, need, [], row.many("declined"))
        later = [StatusNote(n.hospital, n.department, n.state, _hour_after(need)) for n in notes_of(row)]
        assert {n.hospital for n in later}.isdisjoint(c.name for c in rank(site, need, later, []))


def _hour_after(need: Need) -> datetime:
    assert need.at is not None
    return need.at + timedelta(hours=1)
