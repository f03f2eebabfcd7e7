"""What one message means: the result type that everything else works on.

The field names are those of the analyse format, so that `to_dict` is what the command prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ACTS = (
    "report",
    "update",
    "correct",
    "accept",
    "decline",
    "transfer",
    "dispatched",
    "arrived",
    "close",
    "reopen",
    "chase",
    "assign",
    "snooze",
    "ask",
    "consult",
    "hospital_status",
    "notice",
    "chatter",
    "rumour",
)

Entities = dict[str, Any]
"""Keys as in the analyse format (age, age_months, sex, town, symptoms, temp …); only what the text says."""

SAME: dict[str, tuple[str, ...]] = {"age": ("age", "age_months"), "swallowed": ("drugs",)}
"""Items that may be asked for and are written down under another name, or under one of several."""


def is_known(item: str, entities: Mapping[str, Any]) -> bool:
    """Whether an item that may be asked for has been told."""
    return any(key in entities for key in SAME.get(item, (item,)))


@dataclass(frozen=True)
class Answer:
    """What a fragment says to an item that was asked for.

    `unknown`: that nobody can say. `partly`: the town alone, when the address was asked for.
    """

    entities: Entities = field(default_factory=dict)
    unknown: bool = False
    partly: bool = False


@dataclass(frozen=True)
class Reason:
    """One rule that decided the level, with the words of the message it rests on."""

    rule: str
    level: int
    quote: str
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"rule": self.rule, "level": self.level, "quote": self.quote, "why": self.why}


@dataclass(frozen=True)
class Report:
    """One patient of a message, triaged. `level` 1 is the most urgent, 4 the least."""

    quote: str
    level: int
    reasons: tuple[Reason, ...]
    specialties: tuple[tuple[str, float], ...]
    category: str
    tags: tuple[str, ...]
    disposition: str
    entities: Entities
    missing: tuple[str, ...] = ()
    first_aid: str = ""
    kin: tuple[str, ...] = ()  # relatives he is spoken of as: 父亲 of 他爸, 李叔
    called: tuple[str, ...] = ()  # names of the patient as far as told: 王桂芳, or 王 of 王阿婆
    another: bool = False  # the writer says himself that it is somebody else: 还有一位, 隔壁, 也是

    @property
    def specialty(self) -> str:
        """Code of the first specialty."""
        return self.specialties[0][0] if self.specialties else "GP"

    def to_dict(self) -> dict[str, Any]:
        return {
            "quote": self.quote,
            "level": self.level,
            "reasons": [r.to_dict() for r in self.reasons],
            "specialties": [{"code": c, "score": round(s, 3)} for c, s in self.specialties],
            "category": self.category,
            "tags": list(self.tags),
            "disposition": self.disposition,
            "entities": self.entities,
            "missing": list(self.missing),
        }


@dataclass(frozen=True)
class HospitalStatus:
    """A department that opens, closes or is full; `until` None means until further word.

    `since`: a closing is announced that begins only then (明天停一天; of 四点起停诊 the state of now is open, until then).
    `whole`: all of the house is named (全院恢复), not merely no department. `resumes`: an opening to come is all that is
    said (周三恢复), so it is about what was closed before.
    """

    hospital: str
    department: str | None
    state: str  # open | closed | full
    until: datetime | None = None
    since: datetime | None = None
    whole: bool = False
    resumes: bool = False

    def to_dict(self) -> dict[str, Any]:
        until = self.until.isoformat() if self.until else None
        return {"hospital": self.hospital, "department": self.department, "state": self.state, "until": until}


@dataclass(frozen=True)
class Pointers:
    """What the words point at, for finding the case a message is about (actions/context.py)."""

    case_numbers: tuple[str, ...] = ()  # "0404-003" or "3" as normalised from #3, 3号, 三号那个
    hospitals: tuple[str, ...] = ()  # full names of institutions in the text
    departments: tuple[str, ...] = ()  # names of departments, as written
    outside: tuple[str, ...] = ()  # names of hospitals that the directory does not have, as written
    persons: tuple[str, ...] = ()  # names after @, or 李主任 in 转给李主任
    concepts: tuple[str, ...] = ()  # patient words: 鱼刺卡喉, 血透 …, whatever their tense
    everything: bool = False  # 全部, 都, 两个都
    place: int | None = None  # of several listed: 第二个 2, 前面那个 1, 最后那个 -1
    back: bool = False  # 那个, 刚才说的: at somebody spoken of before
    pronoun: bool = False  # opens with 她, 病人: of somebody spoken of before
    progress: bool = False  # asks how far it has come: 怎么样了, 有回复吗
    elsewhere: bool = False  # 换一家: any hospital but that one
    none: bool = False  # 都不是: of those offered none is meant
    own: bool = False  # 我们那个: the one the speaker reported
    only: bool = False  # nothing but pointing words, so an answer to "which one?"


@dataclass(frozen=True)
class ActSpan:
    """A second act in the same message, with its part of the text."""

    act: str
    score: float
    quote: str


@dataclass(frozen=True)
class Understanding:
    """All that was understood of one message."""

    text: str
    act: str
    act_score: float
    reports: tuple[Report, ...] = ()
    entities: Entities = field(default_factory=dict)
    hospital_status: HospitalStatus | None = None
    also: tuple[ActSpan, ...] = ()
    shares: tuple[tuple[str, str], ...] = ()  # of several hospitals: each with the words about it
    by_number: tuple[str, ...] = ()  # of several cases: the words about each
    pointers: Pointers = Pointers()
    until: datetime | None = None  # of a snooze
    level: int | None = None  # a level a person sets: 改为Ⅱ级
    to_self: bool = False  # "我来跟" is an assignment to oneself
    outcome: str | None = (
        None  # of a close: handed_over, admitted, online, delivered, better, cancelled, duplicate, false_alarm …
    )
    unanswered: bool = False  # a decline that is only a telephone nobody answered
    refusal: tuple[str, str] | None = None  # of a decline: the code of the reason, other words kept short
    offer: str | None = None  # beside 下午满了: 晚班17:30可以
    requirements: tuple[
        tuple[str, str], ...
    ] = ()  # of an acceptance: kind of item, the hospital's words for it
    person: str | None = None  # who at a hospital gave the answer: 王主任
    stands_down: bool = False  # "我在手术，换人": whoever speaks cannot and asks for another person
    instead: str | None = (
        None  # of a hospital's or expert's report of nobody: what else it may be (到了，高热惊厥)
    )
    asks: bool = False  # something is asked in it, whatever the act
    names_patient: bool = False  # somebody identifiable is spoken of; without, it may be about the last case
    danger: bool = False  # Ⅰ–Ⅱ findings whatever the act: such a message must never be passed over
    upkeep: str | None = None  # of messages and cases themselves: recall, split, join
    triage_hint: Report | None = (
        None  # what the findings would be as a report, for updates and fragments that change a case
    )
    asks_for: str | None = None  # of the bot itself: help, duty, figures, mine, open (nlu/questions.py)
    engine: str = "builtin"

    def to_dict(self) -> dict[str, Any]:
        """The analyse format, without the message's id."""
        status = self.hospital_status.to_dict() if self.hospital_status else None
        body: dict[str, Any] = {
            "act": self.act,
            "act_score": round(self.act_score, 3),
            "reports": [r.to_dict() for r in self.reports] if self.act == "report" else [],
            "entities": self.entities,
            "hospital_status": status,
        }
        if self.also:
            body["also_acts"] = [a.act for a in self.also]
        return body
