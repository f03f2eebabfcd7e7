"""Which act a message is: cues of the table and facts of the findings, with a trained classifier's opinion if given.

Scores are log-odds. A cue that is asked about (接走了吗) speaks for `ask`; one that is only supposed hardly counts.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlu.case_numbers import case_free, case_numbers
from nlu.clauses import Clause, clauses, fold, sentences
from nlu.cues import Hit, load_cues, word_class
from nlu.features import ActFeatures
from nlu.ngrams import load_ngrams
from nlu.pointers import SURNAMES, TITLES
from nlu.understanding import ACTS, ActSpan

STATED = frozenset(
    {"accept", "decline", "transfer", "dispatched", "arrived", "close", "reopen", "hospital_status"}
)
"""Acts that somebody states as done or decided; a question about them is `ask`."""

SECONDS = frozenset(
    {
        "accept",
        "decline",
        "transfer",
        "dispatched",
        "arrived",
        "close",
        "reopen",
        "assign",
        "snooze",
        "correct",
    }
)
"""Acts that may come second in a message that already is something else."""

_TELLING = SECONDS | {"report"}
"""Acts for which a single sentence of a message counts."""

IMPLIED = frozenset(
    {
        ("close", "accept"),
        ("close", "arrived"),
        ("close", "dispatched"),
        ("arrived", "dispatched"),
        ("arrived", "accept"),
        ("reopen", "close"),
        ("reopen", "correct"),
        ("correct", "close"),
        ("snooze", "assign"),
        ("assign", "transfer"),
        ("decline", "close"),
        ("accept", "transfer"),
        ("dispatched", "transfer"),
        ("dispatched", "arrived"),
    }
)
"""(first, second): the words of the second are only how the first is said."""

STRONG = 4.0
"""A score from which a second act in the same message is believed."""

_ASKED_SHARE = 0.8
_SUPPOSED_SHARE = 0.1
_ASKED_PENALTY = 2.5
_MODEL_WEIGHT = 1.2
_MODEL_FLOOR = 0.005
_ROLE_FACTS = {
    "hospital": "医院",
    "expert": "专家",
    "coordinator": "协调",
    "leader": "领导",
    "contact": "联系人",
    "volunteer": "志愿者",
    "guest": "群众",
}

_PRONOUN = re.compile(
    r"^\s*(他|她|伊|人|病人|患者)(?!们|家在|家里有|说是有|民)|[,，。;；!！\s](他|她|伊)(?!们)"
)

FeaturesWithin = Callable[[int, int], ActFeatures]
"""Features of the part of the text between two positions."""


@dataclass(frozen=True)
class ActDecision:
    """The act of a message with its probability, and further acts said in the same message."""

    act: str
    score: float
    also: tuple[ActSpan, ...] = ()


def classify(
    text: str,
    features: ActFeatures,
    intents: Sequence[tuple[str, float]] | None = None,
    role: str | None = None,
    within: FeaturesWithin | None = None,
) -> ActDecision:
    """Decides the act. `intents` is the trained classifier's ranking, where there is one.

    `within` finds the features of single sentences, for messages that settle one thing and report another.
    """
    folded = fold(text)
    facts = _facts(folded, features, role)
    hits = _hits(folded, facts)
    scores = _scores(hits, features)
    _unstate(scores, hits, folded)
    act, score = _best(scores, _opinion(text, intents))
    pieces = [] if _is_broadcast(act) else _pieces(folded, role, within)
    fresh = _fresh_report(pieces) if act != "report" else None
    if fresh is not None:
        return ActDecision("report", fresh.score, _others(text, pieces, "report"))
    if act == "report":
        return ActDecision(act, score, _others(text, pieces, act))
    if act not in SECONDS:
        return ActDecision(act, score)
    return _in_order(ActDecision(act, score, _seconds(text, act, hits)), text, hits)


def _is_broadcast(act: str) -> bool:
    return act in {"rumour", "notice", "consult"}


def _facts(folded: str, features: ActFeatures, role: str | None) -> dict[str, bool]:
    """What a row of the table may ask for in brackets."""
    length = features.length or len(folded.strip())
    facts = {
        "患": features.has_patient,
        "症": features.n_findings > 0,
        "危": features.danger,
        "概": features.n_concepts > 0,
        "否": features.n_denied > 0,
        "往": features.n_past > 0,
        "设": features.n_hypothetical > 0,
        "喻": features.n_figurative > 0,
        "闻": features.n_other > 0,
        "病": features.n_diseases > 0,
        "治": features.n_treatments > 0,
        "量": features.has_measure,
        "久": features.has_duration,
        "药": features.has_drug,
        "求": features.has_request,
        "剩": features.has_days_left,
        "地": features.has_place,
        "院": features.has_hospital,
        "电": features.has_phone,
        "问": features.is_question,
        "泛": features.general_question
        and (features.is_question or any(part.asked for part in clauses(folded))),
        "况": features.n_concepts > features.n_denied + features.n_past + features.n_figurative,
        "急": features.level <= 3,
        "私": features.private,
        "列": features.numbered,
        "号": bool(case_numbers(folded)),
        "短": length <= 14,
        "极短": length <= 6,
        "长": length > 20,
        "只号": not case_free(folded) and bool(case_numbers(folded)),
        "引": bool(word_class("引入").search(folded)),
        "代": bool(_PRONOUN.search(folded)) and not word_class("引入").search(folded),
        "客套": bool(_courtesy().fullmatch(folded)),
    }
    if role in _ROLE_FACTS:
        facts[_ROLE_FACTS[role]] = True
    return facts


@lru_cache(maxsize=1)
def _courtesy() -> re.Pattern[str]:
    """A message of nothing but acknowledgement, thanks, names and signs."""
    word = word_class("客套").pattern
    person = rf"[{SURNAMES}]?(?:{TITLES})|@[^\s@]{{1,16}}"
    return re.compile(rf"(?:{word}|{person}|[\W_]|[了啦呀啊哈呢吧的]$)+")


@dataclass(frozen=True)
class _Weighed:
    """A hit after its clause has been looked at: a question about an act speaks for `ask`."""

    act: str
    weight: float
    hit: Hit
    stated: bool


def _hits(folded: str, facts: Mapping[str, bool]) -> list[_Weighed]:
    parts = clauses(folded)
    stated_first = sorted(parts, key=lambda part: part.asked or part.supposed)
    return [_weigh(hit, parts) for hit in load_cues().hits(folded, stated_first, facts)]


def _weigh(hit: Hit, parts: Sequence[Clause]) -> _Weighed:
    clause = next(
        (part for part in parts if hit.start < hit.end and part.start <= hit.start < part.end), None
    )
    if clause is None or hit.act not in STATED or hit.weight < 0:
        return _Weighed(hit.act, hit.weight, hit, True)
    if clause.supposed:
        return _Weighed(hit.act, hit.weight * _SUPPOSED_SHARE, hit, False)
    if clause.asked:
        return _Weighed("ask", hit.weight * _ASKED_SHARE, hit, False)
    return _Weighed(hit.act, hit.weight, hit, True)


def _scores(hits: Iterable[_Weighed], features: ActFeatures) -> dict[str, float]:
    """Sums by act. Several cues of one act add up ever less, so that a long message does not win by length."""
    positive: dict[str, list[float]] = defaultdict(list)
    scores = dict.fromkeys(ACTS, 0.0)
    for hit in hits:
        if hit.weight >= 0:
            positive[hit.act].append(hit.weight)
        else:
            scores[hit.act] += hit.weight
    for act, weights in positive.items():
        weights.sort(reverse=True)
        scores[act] += sum(weight * 0.6**rank for rank, weight in enumerate(weights))
    if features.danger and features.has_patient:
        scores["chatter"] = -math.inf
    return scores


def _unstate(scores: dict[str, float], hits: Iterable[_Weighed], folded: str) -> None:
    """Where everything is asked, nothing is stated, whatever the words resemble."""
    parts = clauses(folded)
    if not parts or not (parts[-1].asked or all(part.asked for part in parts)):
        return
    stated = {hit.act for hit in hits if hit.stated and hit.weight >= STRONG}
    for act in STATED - stated:
        scores[act] -= _ASKED_PENALTY


def _opinion(text: str, intents: Sequence[tuple[str, float]] | None) -> dict[str, float]:
    """Log-probability of each act by its words: the n-grams' and, when given, the trained classifier's, halfway.

    The two err on different messages; measured together they are right more often than either.
    """
    rankings = [dict(load_ngrams().rank(text))] + ([dict(intents)] if intents else [])
    return {
        act: sum(math.log(max(ranking.get(act, 0.0), _MODEL_FLOOR)) for ranking in rankings) / len(rankings)
        for act in ACTS
    }


def _best(scores: Mapping[str, float], opinion: Mapping[str, float]) -> tuple[str, float]:
    """The act of the highest pooled score, and its probability."""
    pooled = {act: score + _MODEL_WEIGHT * opinion[act] for act, score in scores.items()}
    top = max(pooled.values())
    total = sum(math.exp(value - top) for value in pooled.values())
    act = max(pooled, key=lambda name: pooled[name])
    return act, math.exp(pooled[act] - top) / total


@dataclass(frozen=True)
class _Piece:
    """One sentence of a message of several, decided by itself."""

    start: int
    end: int
    act: str
    score: float
    strength: float
    features: ActFeatures


def _pieces(folded: str, role: str | None, within: FeaturesWithin | None) -> list[_Piece]:
    spans = sentences(folded)
    if within is None or len(spans) < 2:
        return []
    pieces = []
    for start, end in spans:
        features = within(start, end)
        part = folded[start:end]
        scores = _scores(_hits(part, _facts(part, features, role)), features)
        if max(scores[act] for act in _TELLING) < STRONG / 2:
            continue  # whatever the opinion on it, it neither reports nor settles anything
        act, score = _best(scores, _opinion(part, None))
        pieces.append(_Piece(start, end, act, score, scores[act], features))
    return pieces


def _fresh_report(pieces: Sequence[_Piece]) -> _Piece | None:
    """A sentence that reports a patient of its own beside sentences that settle something else."""
    settled = [piece for piece in pieces if piece.act in SECONDS and piece.strength >= STRONG / 2]
    for piece in pieces:
        ill = piece.features.has_patient and (piece.features.n_findings or piece.features.has_request)
        if settled and piece.act == "report" and ill and piece.strength >= STRONG / 2:
            return piece
    return None


def _others(text: str, pieces: Sequence[_Piece], act: str) -> tuple[ActSpan, ...]:
    """What the other sentences of a report settle."""
    found = {
        piece.act: ActSpan(piece.act, piece.score, text[piece.start : piece.end].strip())
        for piece in reversed(pieces)
        if piece.act in SECONDS
        and piece.act != act
        and piece.strength >= STRONG
        and not piece.features.n_findings
    }
    return tuple(found.values())


def _seconds(text: str, act: str, hits: Sequence[_Weighed]) -> tuple[ActSpan, ...]:
    """Second acts of a message about a known case: stated by strong words that are not the first act's words."""
    taken = [hit.hit for hit in hits if hit.act == act and hit.hit.end > hit.hit.start]
    found: dict[str, ActSpan] = {}
    for hit in hits:
        apart = all(hit.hit.end <= own.start or hit.hit.start >= own.end for own in taken)
        if hit.act == act or hit.act not in SECONDS or not hit.stated or not apart or not taken:
            continue
        denied = sum(h.weight for h in hits if h.act == hit.act and h.weight < 0)
        if hit.weight + denied >= STRONG and (act, hit.act) not in IMPLIED:
            found.setdefault(
                hit.act, ActSpan(hit.act, 1 / (1 + math.exp(1 - hit.weight)), _clause_of(text, hit.hit))
            )
    return tuple(found.values())


def _in_order(decision: ActDecision, text: str, hits: Sequence[_Weighed]) -> ActDecision:
    """Of two acts the one said first is first: 收不了, 转市一吧 is a decline and then a transfer."""
    own = [hit.hit for hit in hits if hit.act == decision.act and hit.hit.end > hit.hit.start and hit.stated]
    if len(decision.also) != 1 or not own:
        return decision
    other = decision.also[0]
    begin = min(hit.start for hit in own)
    places = [h.hit.start for h in hits if h.act == other.act and h.stated and h.hit.end > h.hit.start]
    if not places or min(places) >= begin:
        return decision
    first = next(hit for hit in own if hit.start == begin)
    return ActDecision(
        other.act, other.score, (ActSpan(decision.act, decision.score, _clause_of(text, first)),)
    )


def _clause_of(text: str, hit: Hit) -> str:
    for part in clauses(fold(text)):
        if part.start <= hit.start < part.end:
            return text[part.start : part.end].strip()
    return text
