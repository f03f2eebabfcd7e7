"""Finds the ways of saying of the lexicon in a normalised text.

One automaton over all pieces; the longest way of saying wins; jieba's words keep 手 out of 手机 and 头 out of 头孢.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import ahocorasick

from nlu.by_place import ByPlace
from nlu.lexicon import Lexicon
from nlu.phrases import Way

MAX_GAP = 8
"""Characters that a `…` may stand for."""
CLAUSE_END = re.compile(r"[。!！?？;；,，\n]")
DENIED_AFRESH = re.compile(r" [^ ]*[没无不未]|[没无不未].+[没无不未]| [^ ]+ ")
"""After a space a denial begins something else: 脸有点肿 没发烧; so does a second one: 眼不花脚不|肿.
A gap reaches over one space at most."""
_AFFIXES = frozenset("死得的了煞着极过很起来特脱到左右双两单头儿子")
"""Characters that may stand with a one-character way of saying inside one word: 痛死, 左手."""
_FIRST = re.compile(r"[一两二三四五六七八九十几半]{1,2}(?:天|步|次|个|回|趟|年|月|下|周|口|针|晚)")
"""头几步, 头一次: the first ones."""
_END_OF_PART = frozenset("头口眼背肚心")
"""Characters that name a part alone and end the names of others: 舌头, 伤口, 手背, 小腿肚, 脚心."""
_SIDE_OF_PART = frozenset("后里外旁")
"""胳膊肘外头|痛: a side of the part before."""
_OTHER_BELOW = re.compile(r"下面(?:有|的|那|这|一|两|几|颗|排|个){0,3}(?:[门大小乳板]?牙|眼皮|嘴唇)")
_PRIVATE_THERE = re.compile(
    r"(?:^|[\s,。;!?:、我她他伊儿婆公妈爸娘宝孩囡妹姐弟人的说]|今天|昨天|最近|两天|老是|一直)$"
)
"""Before 那里 when it stands for the private parts; 打针|那里 and 膝盖|那里 are places named just before."""
_GRANNY = re.compile(r"奶奶头")
"""奶|奶头|撞了: the second character begins no part of hers."""
_TWICE = re.compile(r"(.)\1(.)\2")
"""密密麻麻|的 is one word."""
_DENIALS = frozenset("没不无未勿冇")
"""What is denied and its negation the segmenter may join otherwise: 没见|红."""
_DONE_TO = frozenset("砸撞磕碰夹压轧割划切扎戳刺烫咬叮蜇崴扭伤断打踢踩拉")
"""What is done to a part that the segmenter may join with it: 砸脚|面."""
_LONG = 4
"""Longer pieces are believed wherever the segmenter cuts."""
_GRAMMAR = _AFFIXES | frozenset(
    "在不没也都好要会说去来上下里外开出完给让把被和是有就只又还再能可这那个一两三半几多大小老总常太真更最"
    "点次天年月日时分口把片颗粒些下面边内前后左右中间全满整吃喝看听用打做弄拿坐站躺走跑住手脚腿头眼嘴脸肚胸腰背"
)
"""The same for a piece of a phrase with gaps, which has its other pieces to speak for it: 坐在, 不吃, 大腿."""


Pieces = tuple[tuple[int, int], ...]


class Hit(NamedTuple):
    """A way of saying found: where, its pieces between gaps, and what it means."""

    start: int
    end: int
    role: str  # concept | qualifier | part | complaint | drug
    name: str
    pieces: Pieces

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.pieces)

    def characters(self) -> set[int]:
        return {at for start, end in self.pieces for at in range(start, end)}


class Word(NamedTuple):
    """A word of the segmenter; `known` when its dictionary has it (others are guesses)."""

    start: int
    end: int
    text: str
    known: bool


Covered = dict[int, set[tuple[int, int]]]
"""For each place of a text what is said there, by start and end; only the name of a disease, and
what is flagged `whole`, counts as one."""


class Known(Protocol):
    """A dictionary of words."""

    def get(self, word: str, /) -> int | None:
        """Its frequency, 0 or None for what is no word."""


class _Compounds:
    """Words of two and more characters: 开水烫 is two things said in one breath, 老头 is not."""

    def __init__(self, words: Known) -> None:
        self._words = words

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and len(word) > 1 and bool(self._words.get(word))


_SIZE = 10
"""Bits of a number for the length of a piece; the next says whether phrases with gaps have it, then its meanings."""
_OF_GAPS = 1 << _SIZE
_LONGEST = _OF_GAPS - 1

Meaning = tuple[str, str]
"""Role and name of what is said."""


class _Gapped(NamedTuple):
    """A phrase with gaps: what may stand in its pieces behind the second, and what it means."""

    further: Way
    role: str
    name: str


class Matcher:
    """The lexicon's ways of saying as one automaton over all their pieces."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._wholes = {
            name
            for name, concept in lexicon.concepts.items()
            if concept.kind == "disease" or "whole" in concept.flags
        }
        self._parts = {
            way: (phrase.name, lexicon.parts[phrase.name].specialties)
            for phrase in lexicon.phrases
            if phrase.role == "part" and len(phrase.pieces) == 1
            for way in phrase.pieces[0]
        }
        whole: dict[str, tuple[Meaning, ...]] = {}
        self._gapped: list[_Gapped] = []
        self._by_head: dict[str, set[int]] = {}
        """Phrases with gaps by each of their first pieces, and by each of their second ones."""
        self._by_second: dict[str, set[int]] = {}
        pieces: set[str] = set()
        for (head, *rest), role, name in lexicon.phrases:
            if rest:
                self._add_gapped(head, rest, role, name)
                pieces.update(head, *rest)
                continue
            alone = ((role, name),)
            for way in head:
                whole[way] = whole[way] + alone if way in whole else alone
        self._make(whole, pieces)

    def _add_gapped(self, head: Sequence[str], rest: Sequence[tuple[str, ...]], role: str, name: str) -> None:
        number = len(self._gapped)
        self._gapped.append(_Gapped(tuple(rest[1:]), role, name))
        for choices, index in ((head, self._by_head), (rest[0], self._by_second)):
            for piece in choices:
                index.setdefault(piece, set()).add(number)

    def _make(self, whole: Mapping[str, tuple[Meaning, ...]], pieces: set[str]) -> None:
        """The automaton: for each piece one number that holds its length, whether it is one of several, its meanings."""
        numbers: dict[tuple[Meaning, ...], int] = {}
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for piece in (*whole, *(pieces - whole.keys())):
            meant = tuple(dict.fromkeys(whole.get(piece, ())))
            number = numbers.setdefault(meant, len(numbers)) << _SIZE + 1
            self._automaton.add_word(piece, number | (_OF_GAPS if piece in pieces else 0) | len(piece))
        self._meanings = list(numbers)
        self._empty = not numbers
        if numbers:
            self._automaton.make_automaton()

    def said(self, text: str) -> Iterator[tuple[int, int]]:
        """Where ways of saying without a gap stand, whether they count or not."""
        for last, number in self._automaton.iter(text) if not self._empty else ():
            if self._meanings[number >> _SIZE + 1]:
                yield last + 1 - (number & _LONGEST), last + 1

    def find(self, text: str, words: Sequence[Word], known: Known) -> list[Hit]:
        """All hits that count, in text order. `known` is the segmenter's dictionary."""
        if self._empty:
            return []
        hits: list[Hit] = []
        places: dict[str, list[int]] = {}
        for last, number in self._automaton.iter(text):
            end = last + 1
            start = end - (number & _LONGEST)
            if number & _OF_GAPS:
                places.setdefault(text[start:end], []).append(start)
            for role, name in self._meanings[number >> _SIZE + 1]:
                hits.append(Hit(start, end, role, name, ((start, end),)))
        hits.extend(self._with_gaps(text, places))
        word_at = {at: word for word in words for at in range(word.start, word.end)}
        hits = _apart_from_parts(text, hits, self._parts)
        fitting = _longest(_fitting(text, hits, word_at, _Compounds(known), self._wholes))
        around = ByPlace(fitting)
        clean = [
            hit
            for hit in fitting
            if not _cut_by(hit, around.at(hit.start), word_at.get(hit.start))
            and not _cuts(hit, around.at(hit.end), word_at.get(hit.end))
        ]
        return sorted(clean, key=lambda hit: (hit.start, -hit.end))

    def _with_gaps(self, text: str, places: Mapping[str, Sequence[int]]) -> Iterator[Hit]:
        """Ways of saying with gaps; only those whose first two pieces are in the text at all are looked at."""
        seconds = [(piece, self._by_second[piece]) for piece in places if piece in self._by_second]
        possible = set().union(*(numbers for _, numbers in seconds))
        for head, starts in places.items():
            if head not in self._by_head or possible.isdisjoint(self._by_head[head]):
                continue
            mine = possible & self._by_head[head]
            near = [
                ((second,), self._gapped[number])
                for second, others in seconds
                for number in sorted(mine & others)
            ]
            for start in starts:
                for second, (further, role, name) in near:
                    for pieces in _complete(text, ((start, start + len(head)),), (second, *further)):
                        yield Hit(start, pieces[-1][1], role, name, pieces)


def _complete(text: str, pieces: Pieces, rest: Sequence[Sequence[str]]) -> Iterator[Pieces]:
    """Where the further pieces of a way of saying stand, each at most MAX_GAP behind the one before."""
    if not rest:
        yield pieces
        return
    begin = pieces[-1][1]
    for piece in rest[0]:
        at = text.find(piece, begin, begin + MAX_GAP + len(piece))
        if at < 0 or CLAUSE_END.search(text, begin, at) or DENIED_AFRESH.search(text, begin, at):
            continue
        yield from _complete(text, (*pieces, (at, at + len(piece))), rest[1:])


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Without hits that lie wholly inside a longer one of the same role, and without doubles.

    Concepts and qualifiers count as one role here; both may stand at the very same place, and a qualifier may hold
    another: 今天突然 is 新近起病 and 突然.
    """
    kept: dict[str, list[Hit]] = {}
    around: dict[str, ByPlace[Hit]] = {}
    for hit in sorted(hits, key=lambda h: (-h.size, len(h.pieces), h.start)):
        role = "concept" if hit.role == "qualifier" else hit.role
        longer = around.setdefault(role, ByPlace())
        if not any(_covers(other, hit) for other in longer.at(hit.start)):
            longer.add(hit)
            kept.setdefault(role, []).append(hit)
    return [hit for mine in kept.values() for hit in mine]


def _covers(longer: Hit, shorter: Hit) -> bool:
    if shorter.start < longer.start or shorter.end > longer.end:
        return False
    if longer.name == shorter.name:
        return True
    if longer.pieces == shorter.pieces or longer.role == shorter.role == "qualifier":
        return False
    return all(
        any(
            begin <= start and end <= stop and _swallows(stop - begin, end - start, longer)
            for begin, stop in longer.pieces
        )
        for start, end in shorter.pieces
    )


def _swallows(piece: int, inner: int, longer: Hit) -> bool:
    """A piece of a phrase with gaps hides what is shorter than itself; 咽不下 in 口水…咽不下 is still said."""
    return len(longer.pieces) == 1 or inner < piece or inner == 1


def _apart_from_parts(
    text: str, hits: Sequence[Hit], parts: Mapping[str, tuple[str, tuple[str, ...]]]
) -> list[Hit]:
    """Without what takes the end of one part for another: 头 of 舌头, 背 of 脚背, 肚子 of 腿肚子, 下面 of 下面的牙."""
    hits = [hit for hit in hits if not (hit.start and _GRANNY.match(text, hit.start - 1))]
    ends: dict[int, list[Hit]] = {}
    for hit in hits:
        if hit.role == "part":
            ends.setdefault(hit.end, []).append(hit)

    def in_longer(name_of: str, end: int, start: int, *, always: bool = False) -> bool:
        """Whether a longer part ends there that another specialty sees to."""
        name, seen_by = parts.get(name_of, ("", ()))
        longer = [part for part in ends.get(end, ()) if part.start < start and part.name != name]
        return any(always or parts[text[part.start : part.end]][1] != seen_by for part in longer)

    def is_another(piece: tuple[int, int]) -> bool:
        start, end = piece
        said = text[start:end]
        if said[0] == "头" and (
            (end - start == 1 and _FIRST.match(text, end))
            or (text[max(0, start - 1) : start] in _SIDE_OF_PART and start - 1 in ends)
        ):
            return True
        if said == "那里":
            return not _PRIVATE_THERE.search(text[max(0, start - 2) : start])
        if said.startswith("下面"):
            near = any(part.end - part.start < 5 for part in ends.get(start, ()))
            beside = text[max(0, start - 1) : start] in {"左", "右"}  # 智齿 右|下面 肿
            return near or beside or bool(_OTHER_BELOW.match(text, start))
        if end - start == 1:
            return said in _END_OF_PART and in_longer(said, end, start, always=said == "背")
        if said[0] in _END_OF_PART and said[0] != "背":
            return in_longer(said[0], start + 1, start)
        return said in parts and in_longer(said, end, start)

    return [hit for hit in hits if not any(is_another(piece) for piece in hit.pieces)]


def _fitting(
    text: str,
    hits: list[Hit],
    word_at: Mapping[int, Word],
    compounds: Container[str],
    wholes: Container[str],
) -> list[Hit]:
    """Without hits that cut words or drug names apart: 手 of 手机, 毒药 of 抗病毒药, 盐酸 of 盐酸西替利嗪."""
    covered: Covered = {}
    for hit in hits:
        if hit.role != "drug" and len(hit.pieces) == 1:
            for at in range(hit.start, hit.end):
                span = (hit.start, hit.end) if hit.name in wholes else (at, at + 1)
                covered.setdefault(at, set()).add(span)
    drugs = ByPlace(hit for hit in hits if hit.role == "drug")
    return [
        hit
        for hit in hits
        if all(_whole(piece, hit, word_at, covered, compounds) for piece in hit.pieces)
        and not any(_in_latin_word(text, *piece) for piece in hit.pieces)
        and not _in_drug(hit, drugs)
    ]


def _in_latin_word(text: str, start: int, end: int) -> bool:
    """Whether letters or digits go on at either side: HI of HIGH is no reading of a meter, 84 of 8456 no bleach."""
    return (start > 0 and _go_on(text[start - 1 : start + 1])) or _go_on(text[end - 1 : end + 1])


def _go_on(two: str) -> bool:
    return len(two) == 2 and two.isascii() and (two.isalpha() or two.isdigit())


def _whole(
    piece: tuple[int, int], hit: Hit, word_at: Mapping[int, Word], covered: Covered, known: Container[str]
) -> bool:
    """Whether a piece stands on its own among the words; longer ones are believed as they are."""
    start, end = piece
    word = word_at.get(start)
    if word is None or not word.known:
        return True
    if end - start == 1:
        affixes = _AFFIXES if len(hit.pieces) == 1 else _GRAMMAR
        rest = [at for at in range(word.start, word.end) if at != start]
        return all(word.text[at - word.start] in affixes or _apart(at, start, covered) for at in rest)
    before = word.text[: start - word.start]
    if end - start > _LONG or not before or end <= word.end:
        return True
    if (hit.role == "part" and before in _DONE_TO) or before in _DENIALS:
        return True
    told_alone = len(hit.pieces) > 1 or (hit.role == "complaint" and end - start > 2)
    if told_alone and len(before) == 1 and _apart(word.start, start, covered):
        return True
    return before in known and not _TWICE.fullmatch(word.text)


def _apart(at: int, start: int, covered: Covered) -> bool:
    """Whether something else is said at `at`: 痛 beside 头 in 头痛; 胃癌 itself does not set its 胃 free."""
    return any(not first <= start < last for first, last in covered.get(at, ()))


def _in_drug(hit: Hit, drugs: ByPlace[Hit]) -> bool:
    """Whether a piece is only part of a drug's name."""
    if hit.role == "drug":
        return False
    return any(
        end <= drug.end and end - start < drug.end - drug.start
        for start, end in hit.pieces
        for drug in drugs.at(start)
    )


def _cut_by(hit: Hit, others: Iterable[Hit], word: Word | None) -> bool:
    """Whether another hit overlaps this one and only this one begins inside a word (没力气|喘 against 没力|气喘).

    `others` and `word` reach over the place where the hit begins.
    """
    if word is None or not word.known or word.start == hit.start:
        return False
    return any(
        other.role == hit.role
        and other.start < hit.start < other.end < hit.end
        and other.size >= hit.size
        and (word.end == other.end or word.end > hit.end)
        for other in others
    )


def _cuts(hit: Hit, others: Iterable[Hit], word: Word | None) -> bool:
    """Whether this hit ends inside a word that begins another one: 还烧|心, 一直睡|眠, 要吐|血.

    `others` and `word` reach over the place behind its end.
    """
    if word is None or not word.known or not hit.start < word.start == hit.end - 1 or len(hit.pieces) > 1:
        return False
    return (
        hit.role == "concept"
        and hit.size < _LONG
        and any(
            other.role == "concept"
            and other.name != hit.name
            and any(begin == word.start and word.end <= end for begin, end in other.pieces)
            for other in others
        )
    )
