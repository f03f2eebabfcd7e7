"""A small deterministic reader for tests of the case engine, and a chat room to play with it.

A message is written as `words || act key=value …`: the words are what is said in the room, the rest is what the
reader understands of them. So these tests hold whatever the tables of the language say.
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, select

from actions.models import Case, Event, Message, Post
from actions.site import Site, load_site
from bot.app import Application
from bot.replay import Player
from nlu.answers import keys_of
from nlu.programmes.births import maternal_words
from nlu.programmes.dialysis import dialysis_words
from nlu.programmes.oncology import oncology_dates
from nlu.programmes.passes import pass_words
from nlu.programmes.said import DialysisWords, MaternalWords, OncologyDate, PassWords
from nlu.understanding import Answer, Entities, HospitalStatus, Pointers, Reason, Report, Understanding

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2022, 4, 4, 9, 0, tzinfo=ZONE)
ROOM, OB_ROOM, PHARM_ROOM = "医疗保障群", "孕产妇专家联络群", "药师咨询群"

EENT, FIRST, CENTRAL = "复旦大学附属眼耳鼻喉科医院", "上海市第一人民医院(南部)", "松江区中心医院"
MATERNITY = "松江区妇幼保健院"

ZHANG, LI, VOLUNTEER, GUEST = "佘山-小张", "岳阳-小李", "志愿者-小杨", "路人甲"
CHEN, LIU, LEADER = "专班-陈老师", "专班-刘老师", "负责人-周主任"
OB, EENT_DOCTOR, CENTRAL_DOCTOR, PHARMACIST = "妇幼-王主任", "五官科-钱医生", "区中心-赵老师", "药师-吴老师"

MEMBERS: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    ZHANG: ("contact", None, ()),
    LI: ("contact", None, ()),
    VOLUNTEER: ("volunteer", None, ()),
    CHEN: ("coordinator", None, ("DUTY1",)),
    LIU: ("coordinator", None, ("DUTY2",)),
    LEADER: ("leader", None, ("LEADER",)),
    OB: ("expert", MATERNITY, ("OB",)),
    EENT_DOCTOR: ("hospital", EENT, ()),
    CENTRAL_DOCTOR: ("hospital", CENTRAL, ()),
    PHARMACIST: ("expert", None, ("PHARM",)),
}

_ENTITIES = (
    "town",
    "age",
    "sex",
    "phone",
    "address",
    "gestation",
    "duration_h",
    "days_left",
    "temp",
    "private",
)
_LISTS = ("symptoms", "history", "drugs")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


_understood: dict[str, str] = {}
"""What the words said so far mean; words alone reach the application."""


def spoken(text: str) -> str:
    """The words of `words || command`; from now on readers know what they mean."""
    words, _, command = (part.strip() for part in text.partition("||"))
    _understood[words] = command or "chatter"
    return words


def _parse(words: str) -> tuple[str, dict[str, Any]]:
    """The act of words and what they carry."""
    act, *rest = _understood.get(words, "chatter").split()
    return act, {k: _value(v) for k, v in (each.split("=", 1) for each in rest)}


def _entities(given: dict[str, Any]) -> Entities:
    found: Entities = {key: given[key] for key in _ENTITIES if key in given}
    for key in ("phone", "address", "gestation", "town"):
        if key in found:
            found[key] = str(found[key])
    return found | {key: str(given[key]).split(",") for key in _LISTS if key in given}


# What a complaint makes of a report that says neither specialty nor category.
_COMPLAINTS = {
    "鱼刺卡喉": ("ENT", "TRAUMA"),
    "见红": ("OB", "MATERNAL"),
    "发热": ("INF", "FEVER"),
    "配药": ("GP", "MEDS"),
    "失眠": ("PSY", "PSYCH"),
    "胸闷": ("CARD", "CRITICAL"),
}


def _report(words: str, given: dict[str, Any], level: int) -> Report:
    said = str(given.get("symptoms", given.get("about", ""))).split(",")
    specialty, category = _COMPLAINTS.get(said[0], ("GP", "OTHER"))
    entities = _entities(given)
    return Report(
        quote=words,
        level=level,
        reasons=(Reason("T1", level, words),),
        specialties=((str(given.get("specialty", specialty)), 1.0),),
        category=str(given.get("category", category)),
        tags=(),
        disposition="D120" if level == 1 else "HOSP_TODAY",
        entities=entities | ({"symptoms": said} if "about" in given else {}),
        missing=tuple(str(given["missing"]).split(",")) if "missing" in given else (),
        first_aid="平躺" if level == 1 else "",
        called=tuple(str(given["called"]).split(",")) if "called" in given else (),
        another=bool(given.get("another")),
    )


class CommandReader:
    """Implements actions.turn.Reader. `level` is what triage finds; `set` a level that a person sets."""

    def understand(self, text: str, at: datetime, role: str | None = None) -> Understanding:
        act, given = _parse(text)
        level = int(given.get("level", 4))
        status = None
        hours = given.get("hours")
        until = at + timedelta(hours=float(hours)) if hours is not None else None
        if "state" in given:
            status = HospitalStatus(str(given.get("at", "")), given.get("dept"), str(given["state"]), until)
        concepts = [each for key in (*_LISTS, "about") if key in given for each in str(given[key]).split(",")]
        return Understanding(
            text=text,
            act=act,
            act_score=1.0,
            reports=(_report(text, given, level),) if act == "report" else (),
            entities={} if act == "report" else _entities(given),
            hospital_status=status,
            pointers=Pointers(
                case_numbers=tuple(str(given["n"]).split("+")) if "n" in given else (),
                hospitals=(str(given["h"]),) if "h" in given else (),
                persons=(str(given["who"]),) if "who" in given else (),
                concepts=tuple(concepts),
                place=given.get("place"),
                back=bool(given.get("back")),
                elsewhere=bool(given.get("elsewhere")),
                only=bool(given.get("only")),
            ),
            until=until,
            level=given.get("set"),
            to_self=bool(given.get("me")),
            outcome=given.get("outcome"),
            unanswered=bool(given.get("unanswered")),
            stands_down=bool(given.get("busy")),
            names_patient=act == "report",
            danger=level <= 2,
            upkeep=given.get("upkeep"),
            triage_hint=_report(text, given, level),
            asks_for=given.get("for"),
        )

    def patient(
        self, text: str, at: datetime, known: Entities | None = None, *, fragment: bool = False
    ) -> Report:
        """The most urgent level of all that was said, as triage of a whole story finds it."""
        level, given = 4, dict[str, Any]()
        for part in text.split("。"):
            _, said = _parse(part)
            level, given = min(level, int(said.get("level", 4))), given | said
        found = _report(text, given, level)
        return replace(found, entities={**found.entities, **(known or {})})

    def answer(self, text: str, at: datetime, item: str) -> Answer | None:
        """An answer is what brings the item, or says that it is not known."""
        _, given = _parse(text)
        if given.get("unknown"):
            return Answer(unknown=True)
        found = _entities(given)
        return Answer(found) if any(key in found for key in keys_of(item)) else None

    def settled(self, text: str, items: Sequence[str]) -> list[str]:
        """Those that the command says are not to be had."""
        _, given = _parse(text)
        return [item for item in items if item in str(given.get("none", "")).split(",")]

    def pass_words(self, text: str, at: datetime) -> PassWords:
        """As the product reads it: nothing of it is learned."""
        return pass_words(text, at.astimezone(ZONE))

    def dialysis_words(self, text: str, at: datetime, places: Container[str] = ()) -> DialysisWords:
        """As the product reads it."""
        return dialysis_words(text, at.astimezone(ZONE), places)

    def oncology_dates(self, text: str, at: datetime) -> tuple[OncologyDate, ...]:
        return oncology_dates(text, at.astimezone(ZONE))

    def maternal_words(self, text: str, at: datetime) -> MaternalWords:
        return maternal_words(text, at.astimezone(ZONE))


@cache
def site() -> Site:
    """The Songjiang pack; its people are replaced by MEMBERS."""
    return load_site("songjiang")


def members_line() -> str:
    """The people of these tests as a line of the replay format."""
    people = [
        {"name": name, "role": role, "rooms": [ROOM], "hospital": hospital, "on_call": list(on_call)}
        for name, (role, hospital, on_call) in MEMBERS.items()
    ]
    return json.dumps({"type": "members", "members": people})


class QuickPlayer(Player):
    """The product's player without waiting for the disk: a killed process loses nothing that way."""

    def _open(self) -> Application:
        app = super()._open()
        if app.engine.dialect.name == "sqlite":
            event.listen(app.engine, "checkout", _do_not_wait)
        return app


def _do_not_wait(connection: Any, _record: object, _proxy: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _mark(number: int) -> str:
    """A number in words nobody reads a number from, so that 话 said twice can mean two things."""
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:04d}")


@dataclass
class Chat:
    """A chat being played on a real database; remembers what was posted."""

    folder: Path
    name: str = "chat.db"
    reader: CommandReader = field(default_factory=CommandReader)
    now: datetime = START
    posts: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    said: int = 0

    def __post_init__(self) -> None:
        url = f"sqlite:///{self.folder / self.name}"
        self.player = QuickPlayer(site(), self.reader, url, self._write, lambda: None)
        self.player.play(iter([members_line()]))

    def _write(self, line: str) -> None:
        body = json.loads(line)
        if body["type"] == "post":
            self.posts.append(body)
        else:
            self.state = body

    def say(
        self, who: str, text: str, *, after: float = 0, room: str | None = ROOM, **more: Any
    ) -> list[dict[str, Any]]:
        """Say something `after` minutes; returns what is posted because of the line."""
        self.now += timedelta(minutes=after)
        self.said += 1
        body = {"type": "say", "id": f"m{self.said}", "at": self.now.isoformat(), "room": room, "from": who}
        before = len(self.posts)
        words = spoken(text.replace("话 ||", f"话{_mark(self.said)} ||"))
        assert self.player.play(iter([json.dumps(body | {"text": words} | more)])) == 0
        return self.posts[before:]

    def wait(self, minutes: float) -> list[dict[str, Any]]:
        """Let time pass; returns what is posted meanwhile."""
        self.now += timedelta(minutes=minutes)
        before = len(self.posts)
        assert self.player.play(iter([json.dumps({"type": "wait", "until": self.now.isoformat()})])) == 0
        return self.posts[before:]

    def restart(self, down_minutes: float = 0) -> list[dict[str, Any]]:
        """SIGKILL and a new start; returns what the new process posts."""
        body: dict[str, Any] = {"type": "restart"}
        if down_minutes:
            self.now += timedelta(minutes=down_minutes)
            body["down_until"] = self.now.isoformat()
        before = len(self.posts)
        assert self.player.play(iter([json.dumps(body)])) == 0
        return self.posts[before:]

    def case(self, number: int = 1) -> dict[str, Any]:
        """The state of the n-th case."""
        found: dict[str, Any] = self.state["cases"][number - 1]
        return found

    def cases(self) -> list[Case]:
        """All rows, with their reminders loaded."""
        with self.player.app.sessions() as session:
            rows = list(session.scalars(select(Case).order_by(Case.id)))
            for row in rows:
                _ = row.reminder
            return rows

    def events(self, what: str | None = None) -> list[Event]:
        """The timeline of everything."""
        with self.player.app.sessions() as session:
            rows = session.scalars(select(Event).order_by(Event.id))
            return [row for row in rows if what in (None, row.what)]

    def outbox(self) -> list[Post]:
        """All posts ever made."""
        with self.player.app.sessions() as session:
            return list(session.scalars(select(Post).order_by(Post.id)))

    def messages(self) -> list[Message]:
        """All messages ever received."""
        with self.player.app.sessions() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))

    def close(self) -> None:
        """Let go of the database."""
        self.player.close()


def kinds(posts: list[dict[str, Any]]) -> list[str]:
    """The kinds of posts, in order."""
    return [post["kind"] for post in posts]
