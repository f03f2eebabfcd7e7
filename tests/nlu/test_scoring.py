"""The scorer, against figures counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlu.evaluation.labels import LabelError, Labelled, read
from nlu.evaluation.scoring import Scorer
from nlu.evaluation.tally import Count, Tally
from nlu.evaluation.terms import Terms
from tests.nlu.engine import engine


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms(engine())


def wanted(level: int = 3, **more: Any) -> dict[str, Any]:
    """A labelled patient."""
    return {
        "level": level,
        "accept": [level],
        "specialty": "GI",
        "category": "CRITICAL" if level < 3 else "CHRONIC",
        "entities": {},
        **more,
    }


def given(level: int = 3, codes: str = "GI", **entities: Any) -> dict[str, Any]:
    """A patient's report as an engine gives it."""
    return {
        "level": level,
        "specialties": [{"code": code, "score": 0.5} for code in codes.split()],
        "category": "CRITICAL" if level < 3 else "CHRONIC",
        "disposition": "ER_NOW",
        "entities": entities,
    }


class Exam:
    """Labelled messages in a file, with answers beside."""

    def __init__(self, folder: Path, terms: Terms) -> None:
        self.path = folder / "exam.jsonl"
        self.terms = terms
        self.rows: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []

    def add(self, label: dict[str, Any], answer: dict[str, Any]) -> Exam:
        self.rows.append({"id": f"m{len(self.rows)}", "text": "…", "act": "report", **label})
        self.answers.append(
            {"act": "report", "reports": [], "entities": {}, "hospital_status": None, **answer}
        )
        return self

    def messages(self) -> list[Labelled]:
        self.path.write_text("\n".join(json.dumps(row) for row in self.rows), encoding="utf-8")
        return read(self.path)

    def tally(self) -> Tally:
        return Scorer(self.terms).score(zip(self.messages(), self.answers, strict=True))

    def counts(self) -> dict[str, Count]:
        return self.tally().counts


@pytest.fixture
def exam(tmp_path: Path, terms: Terms) -> Exam:
    return Exam(tmp_path, terms)


def test_acts(exam: Exam) -> None:
    exam.add({"act": "close"}, {"act": "close"})
    exam.add({"act": "close", "act_ok": ["update"]}, {"act": "update"})
    exam.add({"act": "close"}, {"act": "chatter"})
    exam.add({"reports": [wanted()]}, {"reports": [given()]})
    counts = exam.counts()
    assert counts["act"] == Count(3, 4)
    assert counts["act but report"] == Count(2, 3)


def test_reports_are_counted_on_both_sides(exam: Exam) -> None:
    report = {"reports": [given()]}
    exam.add({"reports": [wanted()]}, report)
    exam.add({"reports": [wanted()]}, {"act": "chatter"})
    exam.add({"act": "chatter"}, report)
    exam.add({"act": "consult", "act_ok": ["report"]}, report)  # neither right nor wrong
    exam.add({"act_ok": ["consult"], "reports": [wanted()]}, {"act": "consult"})  # the same
    counts = exam.counts()
    assert counts["report precision"] == Count(1, 2)
    assert counts["report recall"] == Count(1, 2)
    assert counts["level"] == Count(
        1, 2
    )  # the patient that was passed over counts, the one that may be does not


def test_levels(exam: Exam) -> None:
    for label, level in (([1], 1), ([2], 3), ([1, 2], 2), ([2, 3], 3), ([3], 2), ([3, 4], 4), ([4], 4)):
        exam.add({"reports": [wanted(label[0], accept=label)]}, {"reports": [given(level)]})
    exam.add({"reports": [wanted(2)]}, {"act": "chatter"})
    counts = exam.counts()
    assert counts["level"] == Count(5, 8)
    assert counts["Ⅰ–Ⅱ recall"] == Count(2, 4)
    assert counts["over-triage"] == Count(1, 3)


@pytest.mark.parametrize(
    ("label", "codes", "level", "first", "three"),
    [
        ({}, "GI EM", 3, 1, 1),
        ({}, "EM GI", 3, 0, 1),
        ({"specialty_ok": ["EM"]}, "EM GI", 3, 1, 1),
        ({}, "EM", 1, 1, 1),  # at Ⅰ the emergency room is right
        ({"accept": [1, 2]}, "EM", 2, 1, 1),
        ({}, "EM NEURO ENT GI", 3, 0, 0),
        ({}, "", 3, 0, 0),
    ],
)
def test_specialties(
    exam: Exam, label: dict[str, Any], codes: str, level: int, first: int, three: int
) -> None:
    counts = exam.add({"reports": [wanted(**label)]}, {"reports": [given(level, codes)]}).counts()
    assert (counts["specialty first"].hits, counts["specialty in three"].hits) == (first, three)


def test_category_and_disposition(exam: Exam) -> None:
    exam.add({"reports": [wanted(3, disposition="D120")]}, {"reports": [given()]})
    exam.add({"reports": [wanted(3, disposition="D120", disposition_ok=["ER_NOW"])]}, {"reports": [given()]})
    exam.add({"reports": [wanted(3, category="MEDS", category_ok=["CARE"])]}, {"reports": [given()]})
    counts = exam.counts()
    assert counts["disposition"] == Count(1, 2)
    assert counts["category"] == Count(2, 3)


def entities(exam: Exam, label: dict[str, Any], answer: dict[str, Any], **ok: Any) -> dict[str, Count]:
    return exam.add({"reports": [wanted(entities=label, **ok)]}, {"reports": [given(**answer)]}).counts()


def test_values_are_exact(exam: Exam) -> None:
    entities(exam, {"age": 67, "temp": 38.5, "town": "佘山镇"}, {"age": 67, "temp": 38.9})
    counts = entities(exam, {}, {"town": "佘山镇", "sex": "F"})
    assert counts["age recall"] == counts["age precision"] == Count(1, 1)
    assert counts["temp recall"] == counts["temp precision"] == Count(0, 1)
    assert (counts["town recall"], counts["town precision"]) == (Count(0, 1), Count(0, 1))
    assert "sex precision" not in counts  # a key that the file labels nowhere


def test_measurements_count_together(exam: Exam) -> None:
    counts = entities(exam, {"sbp": 165, "dbp": 112, "spo2": 88}, {"sbp": 165, "dbp": 110, "hr": 90})
    assert (counts["measurements recall"], counts["measurements precision"]) == (Count(1, 3), Count(1, 3))


@pytest.mark.parametrize(
    ("key", "label", "answer", "right"),
    [
        ("address", "云桦苑3号楼", "岳阳街道云桦苑3号楼", 1),
        ("address", "云桦苑3号楼", "云桦苑5号楼", 0),
        ("phone", "138 **** 0001", "138****0001", 1),
        ("phone", "138****0001", "138****0002", 0),
        ("gestation", "38+2", "38+0", 0),
    ],
)
def test_what_people_write_as_they_like(exam: Exam, key: str, label: str, answer: str, right: int) -> None:
    assert entities(exam, {key: label}, {key: answer})[f"{key} recall"] == Count(right, 1)


def test_an_age_is_one_value_in_either_unit(exam: Exam) -> None:
    assert entities(exam, {"age_months": 18}, {"age": 1.5})["age recall"] == Count(1, 1)
    assert entities(exam, {"age": 67}, {"age": 76})["age recall"] == Count(1, 2)
    assert entities(exam, {"age": 80}, {"age": 85}, age_ok=[85])["age recall"] == Count(2, 3)


def test_terms_are_the_same_by_the_lexicon(exam: Exam) -> None:
    label = {"symptoms": ["气急", "脚肿", "头痛"], "negated": ["发热"]}
    answer = {"symptoms": ["呼吸困难", "下肢水肿", "耳鸣", "乏力"], "negated": ["发热", "咳嗽"]}
    counts = entities(exam, label, answer, symptoms_ok=["乏力"])
    assert (counts["symptoms recall"], counts["symptoms precision"]) == (Count(2, 3), Count(2, 3))
    assert (counts["negated recall"], counts["negated precision"]) == (Count(1, 1), Count(1, 2))


def test_optional_entities_need_not_be_there_but_must_be_right(exam: Exam) -> None:
    label = {"act": "update", "entities": {"temp": 38.5, "spo2": 88}, "entities_optional": True}
    exam.add(label, {"act": "update", "entities": {"temp": 39.5, "age": 3}})
    counts = exam.counts()
    assert counts["temp recall"] == Count(0, 1)
    assert "measurements recall" not in counts
    assert "age precision" not in counts


def test_outer_entities_of_an_update(exam: Exam) -> None:
    exam.add({"act": "update", "entities": {"spo2": 88}}, {"act": "update", "entities": {"spo2": 88}})
    exam.add({"act": "update", "entities": {"spo2": 88}}, {"reports": [given(spo2=88)]})
    exam.add({"act": "update", "entities": {"spo2": 88}}, {"act": "chatter"})
    assert exam.counts()["measurements recall"] == Count(2, 3)


def test_several_patients_are_taken_in_order(exam: Exam) -> None:
    labels = [
        wanted(2, entities={"age": 30}),
        wanted(3, entities={"age": 40}),
        wanted(4, entities={"age": 50}),
    ]
    exam.add({"reports": labels}, {"reports": [given(2, age=30), given(3, age=40), given(4, age=50)]})
    assert exam.counts()["level"] == Count(3, 3)


def test_a_patient_that_is_missing_is_found_by_what_the_others_say(exam: Exam) -> None:
    labels = [
        wanted(2, entities={"age": 30}),
        wanted(3, entities={"age": 40}),
        wanted(4, entities={"age": 50}),
    ]
    counts = exam.add({"reports": labels}, {"reports": [given(3, age=40), given(4, age=50)]}).counts()
    assert counts["patients"] == Count(0, 1)
    assert counts["level"] == Count(2, 3)
    assert counts["Ⅰ–Ⅱ recall"] == Count(0, 1)
    assert counts["age recall"] == Count(2, 3)


def test_a_patient_too_many_leaves_the_others_in_their_place(exam: Exam) -> None:
    labels = [wanted(2, entities={"symptoms": ["胸痛"]}), wanted(4, entities={"symptoms": ["头痛"]})]
    reports = [given(2, symptoms=["胸痛"]), given(3), given(4, symptoms=["头痛"])]
    counts = exam.add({"reports": labels}, {"reports": reports}).counts()
    assert counts["patients"] == Count(0, 1)
    assert counts["level"] == counts["symptoms recall"] == Count(2, 2)


def test_hospital_status(exam: Exam) -> None:
    status = {
        "hospital": "甲医院",
        "department": "产科",
        "state": "full",
        "until": "2022-04-06T09:00:00+08:00",
    }
    same_moment = {**status, "until": "2022-04-06T01:00:00+00:00"}
    label = {"act": "hospital_status", "hospital_status": status}
    exam.add(label, {"act": "hospital_status", "hospital_status": same_moment})
    exam.add(label, {"act": "hospital_status", "hospital_status": {**status, "state": "closed"}})
    exam.add(
        {**label, "state_ok": ["closed"]},
        {"act": "decline", "hospital_status": {**status, "state": "closed"}},
    )
    exam.add(label, {"act": "hospital_status"})
    counts = exam.counts()
    assert counts["hospital_status"] == Count(2, 4)
    assert counts["status state"] == Count(2, 4)
    assert counts["status until"] == Count(3, 4)


def test_second_act(exam: Exam) -> None:
    exam.add({"act": "close", "also": ["report"]}, {"act": "close", "also_acts": ["report"]})
    exam.add({"act": "close", "also": ["report"]}, {"act": "close"})
    assert exam.counts()["second act"] == Count(1, 2)


def test_every_fault_can_be_listed(exam: Exam) -> None:
    exam.add({"reports": [wanted(2)]}, {"reports": [given(4, "GI")]})
    tally = exam.tally()
    assert {fault.measure for fault in tally.faults} == {"level", "Ⅰ–Ⅱ recall", "category"}
    [fault] = tally.chosen("level")
    assert "4, not [2]" in str(fault)
    assert fault.id == "m0"


@pytest.mark.parametrize(
    "line", ['{"text": "x"}', "{", "[]", '{"text": "x", "act": "report", "reports": [{"level": 2}]}']
)
def test_a_faulty_label_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "exam.jsonl"
    path.write_text('{"text": "x", "act": "chatter"}\n' + line, encoding="utf-8")
    with pytest.raises(LabelError, match=r"exam\.jsonl:2"):
        read(path)
