"""Acts on one case: find it, check who may, ask when it is not clear; then do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from actions import wording
from actions.case import is_open
from actions.context import FITS, SHOWN, bind
from actions.models import Case, Clarification
from actions.permissions import may, refuse
from actions.turn import Turn

Do = Callable[[Turn, Case], None]
Instead = Callable[[Turn, Case], bool]
# What is said every minute of parcels and meals too, and by whom it is then no answer on a case.
BY_THE_WAY = frozenset({"accept", "decline", "transfer", "dispatched", "arrived", "snooze"})
UNSURE = 0.6  # below this probability of its act a message is little more than a guess
SURE = 0.9
CLARIFY_KEY = "clarify:m"
"""What the key of a "which one?" begins with; the row of the message that is asked about follows."""
ONLOOKERS = frozenset({"guest", "contact", "volunteer"})


def on_the_case(
    turn: Turn, act: str, do: Do, *, needs: str | None = None, instead: Instead | None = None
) -> None:
    """Run `do` on the case meant, or on each that is named. `needs`: the permission, if it is called otherwise;
    `instead`: done where the speaker may not, and whether that was all he can have meant."""
    for part in _one_by_one(turn):
        _on_one(part, _Wish(act, do, needs or act, instead))


@dataclass(frozen=True)
class _Wish:
    """What a message wants done to a case."""

    act: str
    do: Do
    needs: str
    instead: Instead | None


def _on_one(turn: Turn, wish: _Wish) -> None:
    act, binding = wish.act, bind(turn, wish.act)
    if binding.case is None:
        if turn.meaning.pointers.everything and len(binding.choices) > 1:
            for case in binding.choices:
                _permitted(replace(turn, forced=case), wish, case)
        elif any(_may_mean(turn, act, wish.needs, case) for case in binding.choices):
            clarify(turn, binding.choices)
        return
    if not binding.pointed and _only_sounds_like_it(turn, act, binding.case):
        return
    _permitted(turn, wish, binding.case)


def _may_mean(turn: Turn, act: str, needs: str, case: Case) -> bool:
    """Whether asking "this one?" makes sense; nobody without a part in any of them is asked."""
    if turn.speaker.role not in ONLOOKERS:
        return True
    told = turn.speaker.role != "guest" and not _only_sounds_like_it(turn, act, case)
    return told and (may(turn, needs, case) or turn.meaning.act_score >= SURE)


def _only_sounds_like_it(turn: Turn, act: str, case: Case) -> bool:
    """学到了, 等下让人送过去: somebody who has no part in the case and points at nothing talks of something else."""
    said, who = turn.meaning.pointers, turn.speaker
    unsure = turn.meaning.act == act and turn.meaning.act_score < UNSURE
    if who.role not in ONLOOKERS or not (act in BY_THE_WAY or unsure):
        return False
    involved = who.name in (case.opened_by, case.owner) or who.name in case.assignees
    return not (involved or said.hospitals or said.concepts or turn.meaning.names_patient)


def _permitted(turn: Turn, wish: _Wish, case: Case) -> None:
    turn.touch(case)
    if not may(turn, wish.needs, case):
        if wish.instead is None or not wish.instead(turn, case):
            refuse(turn, wish.needs, case)
    elif not is_open(case) and case.status not in FITS.get(wish.act, ()):
        turn.log(case, "too_late", act=wish.act)
        text = turn.say(
            "over_already",
            case=wording.short(case, turn.desk.today),
            status=wording.status_name(turn.desk, case),
        )
        turn.reply("answer", text, cases=[case], mentions=[turn.speaker.name])
    else:
        wish.do(turn, case)


def _one_by_one(turn: Turn) -> list[Turn]:
    """1号和2号我来跟: one turn for each number; else the turn itself."""
    pointers = turn.meaning.pointers
    if turn.forced is not None or len(pointers.case_numbers) < 2 or turn.meaning.outcome == "duplicate":
        return [turn]
    return [
        turn.part(replace(turn.meaning, pointers=replace(pointers, case_numbers=(number,))))
        for number in pointers.case_numbers
    ]


def clarify(turn: Turn, choices: tuple[Case, ...]) -> None:
    """Ask which one, naming them; the answer settles it (contract §5.4)."""
    shown = choices[:SHOWN]
    listed = "\n".join(wording.short(case, turn.desk.today) for case in shown)
    name = "clarify" if len(shown) > 1 else "clarify_one"
    ask_which(turn, shown, turn.say(name, who=turn.speaker.name, cases=listed))


def ask_which(turn: Turn, shown: Sequence[Case], text: str) -> None:
    """The question in these words; its answer settles it (actions/settle.py)."""
    turn.desk.session.add(
        Clarification(
            at=turn.desk.now,
            room=turn.message.room,
            speaker=turn.speaker.name,
            message_id=turn.message.id,
            case_ids=[case.id for case in shown],
        )
    )
    turn.desk.post(
        f"{CLARIFY_KEY}{turn.message.id}",
        "clarify",
        text,
        room=turn.message.room,
        to=turn.speaker.name,
        cases=shown,
        mentions=[turn.speaker.name],
    )
