"""One message being acted on: the desk, who speaks, and what was understood."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from actions.desk import Desk
from actions.models import Case, Message, Post
from actions.speaker import Speaker
from actions.wording import level_name, status_name
from nlu.programmes.said import DialysisWords, MaternalWords, OncologyDate, PassWords
from nlu.understanding import Answer, Entities, Report, Understanding


class Reader(Protocol):
    """Understands texts; bot/reader.py is the real one."""

    def understand(self, text: str, at: datetime, role: str | None = None) -> Understanding: ...

    def patient(
        self, text: str, at: datetime, known: Entities | None = None, *, fragment: bool = False
    ) -> Report:
        """Triage of one patient's whole story; `known` overrides what the text says. Of a `fragment` the tables alone
        judge: what was learned was learned from whole reports."""
        ...

    def answer(self, text: str, at: datetime, item: str) -> Answer | None:
        """What a fragment says to an item that was asked for; None when it is no answer to it."""
        ...

    def settled(self, text: str, items: Sequence[str]) -> list[str]:
        """The items that a message settles without a value: 没有电话, 5mg两盒."""
        ...

    def pass_words(self, text: str, at: datetime) -> PassWords:
        """What a message wants of a pass."""
        ...

    def dialysis_words(self, text: str, at: datetime, places: Container[str] = ()) -> DialysisWords:
        """What a message says of the dialysis register; `places`: names of towns, which are nobody's."""

    def oncology_dates(self, text: str, at: datetime) -> tuple[OncologyDate, ...]:
        """The dates of a cancer patient that a message tells."""
        ...

    def maternal_words(self, text: str, at: datetime) -> MaternalWords:
        """What a message tells of a birth, a loss and the visits after it."""
        ...


@dataclass(frozen=True)
class Turn:
    """What a handler gets."""

    desk: Desk
    reader: Reader
    message: Message
    speaker: Speaker
    meaning: Understanding
    forced: Case | None = None  # the case a clarification has settled

    def part(self, meaning: Understanding) -> Turn:
        """The same turn with another reading, for a second act in one message."""
        return replace(self, meaning=meaning)

    def say(self, name: str, **values: object) -> str:
        """A sentence of domain.yml."""
        return self.desk.phrases.say(name, **values)

    def reply(
        self, kind: str, text: str, *, cases: Sequence[Case] = (), mentions: Sequence[str | None] = ()
    ) -> Post | None:
        """A post where the message was written, once for this message, kind and cases."""
        others = f"+{len(cases) - 1}" if len(cases) > 1 else ""
        about = f"{cases[0].number}{others}" if cases else "-"
        return self.desk.post(
            f"{about}:{kind}:m{self.message.id}",
            kind,
            text,
            room=self.message.room,
            to=self.speaker.name,
            cases=cases,
            mentions=mentions,
        )

    def tell(
        self, kind: str, text: str, case: Case, *, mentions: Sequence[str | None] = (), asks: str = ""
    ) -> None:
        """A post in the room of origin and, when that is another, where the message was written.

        `asks`: a question to the reporter, who is in the room of origin.
        """
        key = f"{case.number}:{kind}:m{self.message.id}"
        shown = self._without_details(text, case) if case.private else text
        with_question = f"{shown}\n{asks}" if asks else shown
        self.desk.post(
            key, kind, with_question, room=case.room, to=case.opened_by, cases=[case], mentions=mentions
        )
        if self.message.room != case.room:
            self.reply(kind, shown, cases=[case], mentions=mentions)

    def _without_details(self, text: str, case: Case) -> str:
        """A private case's room hears how it stands; what it is about goes to whoever has it."""
        for name in dict.fromkeys([case.owner, *self.desk.first_on_duty()]):
            if name and name != self.speaker.name:
                self.desk.post(
                    f"{case.number}:private:m{self.message.id}", "prompt", text, to=name, cases=[case]
                )
        return self.say(
            "private_step",
            number=case.number,
            level=level_name(self.desk, case.level),
            town=case.town or "",
            status=status_name(self.desk, case),
        )

    def log(self, case: Case | None, what: str, **detail: object) -> None:
        """A line in the timeline, by the speaker, from this message."""
        self.desk.log(case, self.speaker.name, what, self.message.id, **detail)

    def touch(self, case: Case) -> None:
        """Remember that this message was about that case."""
        if case.id not in self.message.case_ids:
            self.message.case_ids = [*self.message.case_ids, case.id]
