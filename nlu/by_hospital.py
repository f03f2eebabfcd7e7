"""Whose answer it is that a patient is taken: one hospital cannot and another can (市一不接，泗泾接了), nobody's, or one on a case told of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from nlu.acts import ActDecision
from nlu.clauses import clauses, fold
from nlu.cues import word_class
from nlu.houses import Span
from nlu.pointing import says
from nlu.understanding import ActSpan, Entities

ANSWERS = frozenset({"accept", "decline"})
MAY_HOLD_BOTH = ANSWERS | {"transfer"}
"""Acts of a message that may send one patient here and another there."""
RESEMBLES_BOTH = MAY_HOLD_BOTH | {"hospital_status"}
"""What a message of which one cannot and another can resembles as a whole."""
_NOT_NOW = frozenset({"hospital_status", "decline"})
_MARKS = " ,，、。;；\n"
_MOST = 4
"""Hospitals of one message that are looked at."""
_ANSWERING = frozenset({"hospital", "expert", "coordinator", "leader"})
_PARTICULARS = frozenset({"age", "age_months", "town", "address", "phone"})
"""What tells one patient from another."""
_REPORTERS = frozenset({"contact", "volunteer", "guest"})
_CLAIMS = re.compile(
    r"医院|急诊|门诊|院方|对方|那边|说|答应|同意|愿意|点头|[收接](?!到|走|送|人|上|他|她|我)|床|号源"
)
"""Words by which somebody says what a hospital told him."""
_FAMILY = re.compile(r"(?:家属|家里人?|本人|患者|病人|老人|[他她])(?:也|都|已经?|刚)?(?:同意|答应|愿意|说)")


def told_apart(
    text: str, decision: ActDecision, spans: Sequence[Span], act_of: Callable[[str], str]
) -> tuple[ActDecision, tuple[str, ...]]:
    """The decision with the hospitals it is about: who takes the patient, and beside it who does not.

    `act_of` reads the words about one hospital by themselves.
    """
    names = tuple(dict.fromkeys(name for _, _, name in spans))
    more = any(span.act not in ANSWERS for span in decision.also)
    if decision.act not in RESEMBLES_BOTH or more or not 1 < len(names) <= _MOST:
        return decision, names
    parts = _stretches(text, spans)
    told = [(act_of(words), name, words) for name, words in parts] if len(parts) > 1 else []
    if {act for act, _, _ in told} != ANSWERS:
        return decision, names
    takes = tuple(name for act, name, _ in told if act == "accept")
    refused = tuple(ActSpan("decline", decision.score, words) for act, _, words in told if act == "decline")
    return replace(decision, act="accept", also=refused), takes


def passes_on(
    decision: ActDecision, text: str, role: str | None, act_of: Callable[[str], str]
) -> ActDecision:
    """我们没有高压氧，送市一, said by a hospital: it cannot, and says who might; where he goes is not for it to say."""
    if role != "hospital" or decision.act not in {"transfer", "decline"}:
        return decision
    also = tuple(span for span in decision.also if span.act != "transfer")
    if decision.act == "decline":
        return replace(decision, also=also)
    parts = [part.text for part in clauses(fold(text)) if part.text.strip(_MARKS)]
    cannot = 1 < len(parts) <= _MOST and any(act_of(part) == "decline" for part in parts)
    return replace(decision, act="decline", also=also) if cannot else decision


def offered(decision: ActDecision, text: str, role: str | None, act_of: Callable[[str], str]) -> str | None:
    """晚班17:30可以, beside 下午满了: the words by which a full hospital takes the patient it was asked about all the
    same, at another time. None when there are none."""
    parts = [part for part in clauses(fold(text)) if part.text.strip(_MARKS)]
    if decision.act not in _NOT_NOW or role not in _ANSWERING or decision.also or not 1 < len(parts) <= _MOST:
        return None
    told = [(act_of(text[part.start : part.end]), part) for part in parts]
    takes = [part for act, part in told if act == "accept" and says("时刻", part.text)]
    if len(takes) != 1 or not any(act in _NOT_NOW for act, _ in told):
        return None
    return text[takes[0].start : takes[0].end].strip(_MARKS)


def nobodys(decision: ActDecision, role: str | None, text: str, hospitals: Sequence[str]) -> ActDecision:
    """好的马上送, 可以的: whoever brings a patient takes him nowhere; it is an acceptance only if he tells of one."""
    if (
        decision.act != "accept"
        or role not in _REPORTERS
        or hospitals
        or _CLAIMS.search(_FAMILY.sub("", text))
    ):
        return decision
    return replace(decision, act="update", also=())


def shares(text: str, act: str, spans: Sequence[Span]) -> tuple[tuple[str, str], ...]:
    """Hospitals with the words about each, where a message sends one patient here and another there."""
    if act not in MAY_HOLD_BOTH | {"assign"} or len({name for _, _, name in spans}) < 2:
        return ()
    parts = _stretches(text, spans)
    return tuple(parts) if 1 < len(parts) <= _MOST else ()


def instead(
    decision: ActDecision,
    words: str,
    said: Entities,
    role: str | None,
    *,
    asks: bool,
    named: bool,
    stated: bool,
) -> str | None:
    """What the words of somebody who answers are if not the report of a patient of whom he says nothing else."""
    new = decision.act == "report" or (decision.act == "consult" and not asks)
    # @区中心-小黄 方松有个阑尾炎的过来: a town tells whoever is spoken to which one comes
    particulars = _PARTICULARS - {"town"} if named else _PARTICULARS
    if role not in _ANSWERING or not new or said.keys() & particulars:
        return None
    if says("别人", words) or (word_class("引入").search(fold(words)) and not named):
        return None
    return decision.besides({"report", "consult", "chatter", *([] if stated else ["hospital_status"])})


def _stretches(text: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    """Each hospital with the words about it: from the clause that names it to the one that names another."""
    starts = [part.start for part in clauses(fold(text))]
    begins = [max((start for start in starts if start <= begin), default=0) for begin, _, _ in spans]
    ends = [*begins[1:], len(text)]
    return [
        (name, text[begin:end].strip(_MARKS))
        for (_, _, name), begin, end in zip(spans, begins, ends, strict=True)
        if begin < end
    ]
