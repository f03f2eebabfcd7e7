"""Whatever people say in whatever order, with restarts and waits between: the promises of a case hold."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from actions.case import ENDED, OPEN
from actions.models import Case, Event
from tests.actions.commands import (
    CENTRAL_DOCTOR,
    CHEN,
    EENT,
    EENT_DOCTOR,
    FIRST,
    GUEST,
    LEADER,
    LI,
    LIU,
    OB,
    OB_ROOM,
    ROOM,
    VOLUNTEER,
    ZHANG,
    Chat,
)

MACHINE = "联络"
EXAMPLES = int(os.environ.get("LIANLUO_EXAMPLES", "6"))  # more on a long evening
EVERYBODY = (ZHANG, LI, VOLUNTEER, CHEN, LIU, LEADER, OB, EENT_DOCTOR, CENTRAL_DOCTOR, GUEST)
TOWNS = ("佘山镇", "泗泾镇", "岳阳街道", "九亭镇")
COMPLAINTS = ("鱼刺卡喉", "见红", "发热", "配药", "失眠")
# What is said on a case: the act with what it carries. Everything a person may say in any state.
SAID = (
    "accept",
    f"accept h={FIRST}",
    "decline",
    "decline unanswered=1",
    f"decline h={EENT} state=full at={EENT}",
    f"transfer h={FIRST}",
    "transfer",
    "dispatched",
    "arrived",
    "update temp=38.5",
    "update level=1 symptoms=昏迷",
    "update level=2 symptoms=胸痛",
    "correct age=76",
    "correct set=1",
    "correct set=4",
    "assign me=1",
    f"assign who={VOLUNTEER}",
    "close",
    "close outcome=cancelled",
    "close outcome=duplicate",
    "reopen level=3",
    "snooze hours=1",
    "snooze hours=30",
    "chase",
    "ask",
    "chatter",
    "chatter busy=1",
    "consult",
    "correct upkeep=join",
    "correct upkeep=split",
    "correct upkeep=split place=-1",
    "correct upkeep=recall",
    "correct upkeep=recall",
)
# Posts that are about something still to be done.
ASKING = frozenset({"reminder", "escalation", "batch", "proposal", "prompt"})


class Message(NamedTuple):
    """One thing said on the `which`-th case."""

    who: str
    said: str
    pointing: str
    which: int
    room: str | None
    after: int


MESSAGES = st.builds(
    Message,
    who=st.sampled_from((CHEN, CHEN, CHEN, LEADER, OB, *EVERYBODY)),
    said=st.sampled_from(SAID),
    pointing=st.sampled_from(("number", "number", "number", "quote", "words", "nothing", "two", "wrong")),
    which=st.integers(0, 11),
    room=st.sampled_from((ROOM, ROOM, ROOM, OB_ROOM, None)),
    after=st.sampled_from((0, 1, 3, 20)),
)


class CaseMachine(RuleBasedStateMachine):
    """One chat; after every line all promises are looked at."""

    @initialize()
    def open_room(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lianluo-machine-"))
        self.chat = Chat(self.folder)
        self.seen = 0
        for number, (complaint, town) in enumerate(zip(COMPLAINTS, TOWNS, strict=False), start=1):
            text = f"{town}{complaint} || report level={number} town={town} age={number} symptoms={complaint}"
            self.chat.say(ZHANG, text)
        self.chat.say(CHEN, "话 || close n=3")

    def teardown(self) -> None:
        if hasattr(self, "chat"):
            self.chat.close()
            shutil.rmtree(self.folder)

    @rule(
        who=st.sampled_from((ZHANG, LI, CHEN, GUEST)),
        town=st.sampled_from(TOWNS),
        complaint=st.sampled_from(COMPLAINTS),
        level=st.integers(1, 4),
        age=st.sampled_from((3, 30, 62, 82)),
        after=st.sampled_from((0, 1, 7)),
    )
    def report(self, who: str, town: str, complaint: str, level: int, age: int, after: int) -> None:
        command = f"report level={level} town={town} age={age} symptoms={complaint}"
        self.chat.say(who, f"{town}{age}岁{complaint}{'急' * (5 - level)} || {command}", after=after)

    @rule(said=st.lists(MESSAGES, min_size=6, max_size=10))
    def talk(self, said: list[Message]) -> None:
        """Some messages in a row; the promises hold after each."""
        for message in said:
            self._speak(message)
            self.promises()

    def _speak(self, message: Message) -> None:
        numbers = [case["case"] for case in self.chat.state["cases"]]
        number, other = numbers[message.which % len(numbers)], numbers[message.which // 2 % len(numbers)]
        points = {"number": f" n={number}", "two": f" n={number}+{other}", "wrong": " n=0404-777"}
        quotes = self._quotable(message.pointing, number)
        self.chat.say(
            message.who,
            f"话 || {message.said}{points.get(message.pointing, '')}",
            after=message.after,
            room=message.room,
            quote=quotes[message.which % len(quotes)] if quotes else None,
        )

    def _quotable(self, pointing: str, number: str) -> list[str]:
        """The bot's posts on a case, or what people themselves have said on it."""
        if pointing == "quote":
            return [post["id"] for post in self.chat.posts if post["case"] == number]
        if pointing == "words":
            case_id = next(case.id for case in self.chat.cases() if case.number == number)
            return [row.message_id for row in self.chat.messages() if case_id in row.case_ids]
        return []

    @rule(
        which=st.lists(st.integers(0, 11), min_size=4, max_size=8),
        who=st.sampled_from((CHEN, CHEN, LEADER, LI)),
    )
    def put_right(self, which: list[int], who: str) -> None:
        """Cases are joined, taken apart again, taken back; the same patient is reported by another member."""
        for step, place in enumerate(which):
            self._put_right(who, step + place, place)
            self.promises()

    def _put_right(self, who: str, kind: int, place: int) -> None:
        numbers = [case["case"] for case in self.chat.state["cases"]]
        number, other = numbers[place % len(numbers)], numbers[(place + 1) % len(numbers)]
        if kind % 5 == 0:
            self.chat.say(who, f"话 || correct upkeep=join n={number}+{other}", after=1)
        elif kind % 5 == 1:
            self.chat.say(who, f"话 || correct upkeep=split n={number}", after=1)
        elif kind % 5 == 2:
            self.chat.say(LI, f"话 || {self._as_reported(number)}", after=1)
        elif kind % 5 == 3:
            self.chat.say(LI, "话 || correct upkeep=split", after=1)
        else:
            self._take_back(place)

    def _as_reported(self, number: str) -> str:
        """The same patient once more, as far as his case tells."""
        case = next(each for each in self.chat.state["cases"] if each["case"] == number)
        fields = {key: case["fields"][key] for key in ("town", "age") if key in case["fields"]}
        fields["symptoms"] = ",".join(case["fields"].get("symptoms", ["发热"]))
        return " ".join(
            [f"report level={case['level']}", *(f"{key}={value}" for key, value in fields.items())]
        )

    def _take_back(self, place: int) -> None:
        """Somebody recalls a message of his own."""
        said = [row for row in self.chat.messages() if row.case_ids]
        message = said[-1 - place % len(said)]
        text = "话 || correct upkeep=recall"
        self.chat.say(message.sender, text, room=message.room, quote=message.message_id, after=1)

    @rule(
        who=st.sampled_from((CHEN, CHEN, LIU, OB, LEADER)),
        room=st.sampled_from((ROOM, ROOM, OB_ROOM)),
        after=st.sampled_from((0, 2, 6)),
    )
    def stands_down(self, who: str, room: str, after: int) -> None:
        self.chat.say(who, "我在手术，换人 || chatter busy=1", room=room, after=after)

    @rule(minutes=st.sampled_from((1, 2, 5, 16, 61)), down=st.sampled_from((0, 0, 1, 3, 45, 900)))
    def time_goes_on(self, minutes: int, down: int) -> None:
        if down:
            self.chat.restart(down)
        self.chat.wait(minutes)

    @rule()
    def restart_changes_nothing(self) -> None:
        before = (self.chat.state["cases"], _rows(self.chat))
        assert self.chat.restart() == []
        assert (self.chat.state["cases"], _rows(self.chat)) == before

    @invariant()
    def promises(self) -> None:
        if not hasattr(self, "chat"):
            return
        now = self.chat.player.clock.now()
        cases, events = self.chat.cases(), self.chat.events()
        for case in cases:
            if case.status in OPEN:
                assert case.reminder is not None, f"{case.number} is open and nobody will be reminded"
                assert case.reminder.due_at > now, (
                    f"{case.number} was due at {case.reminder.due_at}, now {now}"
                )
                assert case.closed_by is None
            else:
                assert case.status in ENDED
                assert case.reminder is None, f"{case.number} has ended and is still to be reminded of"
                assert case.closed_by in EVERYBODY, f"{case.number} was ended by {case.closed_by!r}"
        self._levels(cases, events)
        self._endings(events)
        self._posts(cases)
        assert not [row for row in self.chat.messages() if row.act == "failed"], (
            "a message could not be handled"
        )

    def _levels(self, cases: list[Case], events: list[Event]) -> None:
        now = {}
        for event in events:
            if event.what == "opened":
                now[event.case_id] = event.detail["level"]
            elif event.what == "level":
                assert event.detail["was"] == now[event.case_id]
                now[event.case_id] = event.detail["now"]
                if event.who == MACHINE:
                    assert event.detail["now"] < event.detail["was"], "the machine lowered a level"
        assert {case.id: case.level for case in cases} == now

    def _endings(self, events: list[Event]) -> None:
        acts = {row.id: row.act for row in self.chat.messages()}
        undone = {event.message_id for event in events if event.what in ("split", "split_from", "recalled")}
        for event in events:
            if event.what != "status":
                continue
            if event.detail["now"] in ENDED:
                assert event.who != MACHINE, "the machine ended a case"
            if event.detail["was"] in ENDED:
                assert event.who != MACHINE, "the machine brought an ended case back"
                reopened = acts.get(event.message_id or 0) in ("reopen", "update", "ask")
                assert reopened or event.message_id in undone, "back without a reopen"

    def _posts(self, cases: list[Case]) -> None:
        status = {case.id: case.status for case in cases}
        rows = {row.public_id: row for row in self.chat.outbox()}
        fresh, self.seen = self.chat.posts[self.seen :], len(self.chat.posts)
        ids = [post["id"] for post in self.chat.posts]
        assert len(ids) == len(set(ids)), "a post went out twice"
        keys = [row.key for row in rows.values()]
        assert len(keys) == len(set(keys))
        for post in fresh:
            row = rows[post["id"]]
            assert row.state == "sent"
            if post["kind"] in ASKING and row.kind != "batch" and len(row.case_ids) == 1:
                ended_since = status[row.case_ids[0]] in ENDED
                assert not ended_since or _ended_after(self.chat, row.case_ids[0], row.id), (
                    f"{post['kind']} about a case that has ended: {post['text']}"
                )


def _ended_after(chat: Chat, case_id: int, post_id: int) -> bool:
    """Whether the case was still open when the post was made: it has a confirmation made later."""
    return any(
        row.id > post_id and row.kind == "confirm" and case_id in row.case_ids for row in chat.outbox()
    )


def _rows(chat: Chat) -> list[Any]:
    """What must outlive the process: who is due when, and what was said."""
    due = [(case.number, case.reminder.due_at if case.reminder else None) for case in chat.cases()]
    return [due, [(row.key, row.state) for row in chat.outbox()], len(chat.events())]


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),  # a chat takes too long to be made shorter again and again
    database=None,
    suppress_health_check=list(HealthCheck),
)
