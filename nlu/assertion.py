"""Whether a complaint is there: denied, over, past, supposed, hearsay, figurative (words in data/lexicon/cues.csv)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from nlu.by_place import ByPlace, Piece
from nlu.choices import is_asked_which, is_not_the_kind
from nlu.cuewords import ASKING, Cue, Cues
from nlu.findings import Finding, Status
from nlu.kinsfolk import feared_for_kin, frightening
from nlu.lines import Borders, CueLine
from nlu.lists import Lists
from nlu.mention import left_of

_STRONG = re.compile(r"[。!！?？;；\n]")
_WEAK = re.compile(r"[。!！?？;；\n,，]|(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_SILENT = frozenset(["symptom", "disease", "exposure"])
"""Kinds of concept that a past makes past; a treatment or request stays what it is."""
_REACH = 20
"""Characters that a supposition reaches at most: speech turned to text has no commas to end it."""
_DENIABLE = _SILENT | {"qualifier"}
_TIME_OF_NOW = re.compile(r"今|现|目前|眼下|刚|方才|昨|前天|这|最近|近|从昨|此刻|正在|当前|本次")
"""Words of the present that end a supposition; 突然 and 半夜 only say how it would come."""
_SUPPOSED_OUT = re.compile(r"已经|(?:就|怎么办|咋办|要不要|应该|该怎么|吗|呢)[^ ]{0,8} ")
"""Where a supposition has had its conclusion, and what follows is told again."""
_TAKEN_FOR = re.compile(r"(?:[他她它系]|只|就|又|都|老|是|有|得了?|犯了?|普通的?|一般的?|什么|个)*")
"""What may stand between 以为 and what it was taken for: 以为是感冒, but not 以为睡着了叫不醒."""
_IF_AFTER = re.compile(r"^[^。!?;,\n ]{0,6}的话(?![说题])")
_ONCE_TREATED = re.compile(r"(?:以前|之前|早年|小时候|那时|当年|去年|前年)[^\s,。;!?]{0,4}过(?![来去])")
"""气胸|以前开过刀."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年")
_SINCE = re.compile(r"[^,，。\s]{0,8}(?:至今|以来|开始|到现在|到今天|[起就]一?直|以后就|起)")
"""What began in a year and goes on."""
_NEVER_BEFORE = re.compile(r"[从来也都]{0,3}(?:没有?过?|未有过|(?:没|不)[会有是]?这样过?)的?[,，。;；!！\s]")
_HAD = re.compile(r"(?:生好|生过|得过|患过|好了|治好|看好)(?:了|个)?$")
_AFTERWARDS = re.compile(r"(?:好了)?(?:以后|之后|过后|后)")
_CLOSING = re.compile(r"[的啊呀哦哈呢啦了]*(?:[\s。!！?？;；,，\n)、]|$)")
"""Nothing follows in the clause."""
_NAME_OF_HOUSE = re.compile(r"(?:专科)?医院")
"""亚洲心脏病|医院: the name of a house, whatever it treats."""
_NEGATION = "没不无未勿弗冇唔"
"""Characters a denial stands on."""
_LIKE = re.compile(r"(?<![好头])像是?(?:被|给|让|挨|有人|有东西|什么东西)[^,。;!?\n ]{0,4}")
_OF_ONE = frozenset(["不", "勿", "唔", "弗"])
"""Denials of one word: 不发烧咳嗽 says that there is a cough."""
_ALL_WHO = re.compile(r"的(?!时候|话)|者|病人|患者")
"""Right behind a complaint: whoever has it."""
_LIKE_REACH = 6
"""Characters between the likening and what it is likened to."""
_HARMS = frozenset(
    ["外伤", "刺伤", "割伤", "勒颈", "动物咬伤", "烧伤", "烫伤", "电击伤", "触电", "蜂蜇", "自杀行为"]
)
_LIKE_ONE = re.compile(r"叫|一样|似的|那样|打呼")
"""Behind an animal: what somebody sounds like."""
_NOT = tuple(_NEGATION)
_SO_LONG = re.compile(
    r"(?:过了|大概|大约|差不多)*(?:\d{1,2}|[一二两三四五六七八九十几半]{1,3})(?:来|多)?个?"
    r"(?:分钟|小时|钟头|刻钟|秒钟?|会儿?|天)(?:左右|不到|多|以?后)?"
)
"""How long something lasted, before the word that says that it is over."""
_NEVER_HAD = re.compile(
    r"(?:没有?|未|从未|从来没有?|并没有?)(?:在|曾经?)?(?:[吃服用打做上装]|接受)?过(?:什么|任何|啥)?$"
    r"|(?:不|没有?|未|没在|没有在|从来不|平时不)(?:[吃服用]|服用|使用)(?:什么|任何|啥)?$"
)
"""没做过|化疗, 不吃|抗凝药: a treatment that never was; 透析没做 is one that was missed."""
_NEVER = re.compile(r"(?:没有?|未|冇|呒没)$")
"""没|透析|过: the same around it."""
_MISSED = re.compile(r"(?:今|昨|[前两几天日]|忘|漏|断|早上|晚上|周|礼拜|星期|顿|次|月)[^,。 ]{0,4}$")
"""Words of time before a denial: 三天没吃, 今天没打."""
_NOT_AT_ALL = ("倒不", "倒是不", "倒没", "倒没有", "是不", "也不", "倒勿")
"""喘|倒不|喘: the word said twice, to deny it."""
_NOT_MEANT = frozenset(["夸张", "平常话"])
"""The qualifiers of what nobody means, 笑得肚子疼, 累死了, and of what is no person's: 电瓶断气了."""
_OF_ME = re.compile(r".{0,3}我")
_OPENS = re.compile(
    r"(?:^|[\s,，。.!！?？;；:、])(?:今天|昨天|昨晚|现在|最近|刚才|刚刚|这几天|这两天|然后|求助|请问|有谁知道)?$"
)
"""What may stand before the animal that a sentence is about."""
_SOMEBODY_TOO = re.compile(
    r"^[毛肉粮窝血]|[我他她伊人爷奶爸妈婆公孩娃囡]|老[头伯太师]|患者|居民|邻居|[抓咬挠扑撞绊踢啄叮蜇]"
)
"""From here a sentence that began with an animal is about people, or about what the animal did to them."""
_FAR_BACK = 30
"""Characters that 好了 reaches back at most."""
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百几多半个]\s*$")
_UNSILENCED = frozenset(["sticky", "private"])
"""Flags of what is never taken for a mere supposition: whoever speaks of dying is asked."""


def assess(
    text: str, findings: Sequence[Finding], cues: Cues, *, named: bool = False, year: int | None = None
) -> list[Finding]:
    """The findings with their status. `named`: somebody is spoken of, so nothing is taken for a figure of speech.

    `year`: that of the message; what is told of an earlier one is past.
    """
    ordered = [
        f for f in sorted(findings, key=lambda f: (f.start, f.end)) if not _torn(text, f, findings, cues)
    ]
    scene = _Scene(text, ordered, cues, named, year)
    judged = [finding.with_status(scene.status(finding)) for finding in ordered]
    past = ByPlace(f for f in judged if f.status is Status.PAST)
    return [f.with_status(Status.PAST) if _part_of_past(f, past) else f for f in judged]


def _part_of_past(finding: Finding, past: ByPlace[Finding]) -> bool:
    """惊厥 inside 去年热性惊厥 is as past as the longer words are, and so is 心梗 of 前年…心梗."""
    return finding.kind in _SILENT and any(
        _length(other) > _length(finding)
        and all(any(s <= start and end <= e for s, e in other.pieces) for start, end in finding.pieces)
        for other in past.at(finding.start)
    )


def _length(finding: Finding) -> int:
    return sum(end - start for start, end in finding.pieces)


def _torn(text: str, finding: Finding, findings: Sequence[Finding], cues: Cues) -> bool:
    """没有呼吸 of 没有|呼吸困难: a denial with the half of a longer word."""
    if len(finding.pieces) > 1 or text[finding.start] not in _NEGATION:
        return False
    return any(
        finding.start < other.start < finding.end < other.end
        and len(other.pieces) == 1
        and text[finding.start : other.start] in cues.words["deny"]
        for other in findings
    )


class _Scene:
    """One text with its cues, while the findings are judged."""

    def __init__(
        self, text: str, findings: Sequence[Finding], cues: Cues, named: bool, year: int | None
    ) -> None:
        self.text = text
        self.named = named
        self.findings = findings
        self.starts = [f.start for f in findings]
        self.last_pieces: dict[int, list[int]] = {}
        for finding in findings:
            self.last_pieces.setdefault(finding.pieces[-1][0], []).append(finding.end)
        self.illnesses = [f.start for f in findings if f.kind in {"symptom", "disease"}]
        self.exaggerated = ByPlace(f for f in findings if f.name in _NOT_MEANT)
        self.frightening = frightening(text)
        self.last_said = {f.name: f.start for f in findings}
        self.cues = cues
        self.lists = Lists(text, findings, cues)
        self.strong, self.weak = Borders(_STRONG, text), Borders(_WEAK, text)
        pieces = ByPlace(Piece(*piece) for f in findings if f.kind != "qualifier" for piece in f.pieces)
        self.every = [cue for cue in cues.find(text) if cue.kind not in ASKING and not _is_length(text, cue)]
        self.years = [m.end() for m in _YEAR.finditer(text) if year and int(m[0][:4]) < year]
        self.found = [c for c in self.every if not any(c.end <= piece.end for piece in pieces.at(c.start))]
        hearsay = [c.end for c in self.found if c.kind == "hearsay" and not _OF_ME.match(text, c.end)]
        self.hearsay_from = min(hearsay, default=len(text) + 1)
        self._lines: dict[tuple[str, ...], CueLine] = {}

    def line(self, *kinds: str) -> CueLine:
        """The cues of some kinds that stand outside the complaints' own words."""
        if kinds not in self._lines:
            self._lines[kinds] = CueLine(c for c in self.found if c.kind in kinds)
        return self._lines[kinds]

    def inner(self, *kinds: str) -> CueLine:
        """The same with those inside the complaints' words."""
        key = ("inside", *kinds)
        if key not in self._lines:
            self._lines[key] = CueLine(c for c in self.every if c.kind in kinds)
        return self._lines[key]

    def status(self, finding: Finding) -> Status:
        """The first reading that fits, the most certain ones first."""
        complaint = finding.kind in {"symptom", "exposure"}
        if self._hearsay(finding) or self._of_an_animal(finding) or self._of_kinsfolk(finding):
            return Status.OTHER
        if not self.named and "figurative" in finding.concept.flags and self._near("figure", finding):
            return Status.FIGURATIVE
        if self._likened(finding) or self._exaggerated(finding):
            return Status.FIGURATIVE
        if self._names_thing(finding, complaint) or _NAME_OF_HOUSE.match(self.text, finding.end):
            return Status.MENTIONED
        denied = self._denied(finding) if finding.kind in _DENIABLE else self._never_had(finding)
        return denied or self._tense(finding, complaint)

    def _tense(self, finding: Finding, complaint: bool) -> Status:
        if finding.kind == "request":
            return Status.AFFIRMED
        if self._supposed(finding):
            return Status.SUPPOSED
        if finding.kind in _SILENT and self._past(finding):
            return Status.PAST
        return Status.OVER if complaint and self._over(finding) else Status.AFFIRMED

    def _likened(self, finding: Finding) -> bool:
        """痛得像被刀捅: what only says what it feels like; 好像被狗咬了 means it."""
        harm = finding.kind == "exposure" or not _HARMS.isdisjoint({finding.name, *finding.concept.broader})
        begin = max(0, finding.start - _LIKE_REACH)
        return harm and _LIKE.search(self.text, begin, finding.pieces[-1][0] + 1) is not None

    def _exaggerated(self, finding: Finding) -> bool:
        """肚子疼 of 笑得肚子疼, and 儿子…口吐白沫 of 儿子上网课|上到口吐白沫: its complaint is part of it."""
        start, end = finding.pieces[-1]
        return finding.kind == "symptom" and any(
            any(first <= start and end <= last for first, last in other.pieces)
            for other in self.exaggerated.at(start)
        )

    def _hearsay(self, finding: Finding) -> bool:
        if self.hearsay_from <= finding.start:
            return True
        stranger = self.line("stranger").last(finding.start)
        return stranger is not None and not self.weak.between(stranger.end, finding.start)

    def _of_kinsfolk(self, finding: Finding) -> bool:
        told = any(start <= finding.start < end for start, end in self.frightening)
        return told or feared_for_kin(self.text, finding.start, finding.end, finding.name)

    def _of_an_animal(self, finding: Finding) -> bool:
        """我家猫|吐了两天: the sentence begins with an animal and comes to no person."""
        animal = self.line("animal").last(finding.start)
        if animal is None or self.strong.between(animal.end, finding.start):
            return False
        if _LIKE_ONE.match(self.text, animal.end):
            return False
        told = self.text[animal.end : finding.end]
        return bool(_OPENS.search(self.text[: animal.start])) and not _SOMEBODY_TOO.search(told)

    def _near(self, kind: str, finding: Finding) -> bool:
        begin, end = self.strong.last(finding.start), self.strong.next(finding.end)
        return bool(self.line(kind).inside(begin, end))

    def _names_thing(self, finding: Finding, complaint: bool) -> bool:
        """腹泻门诊, 鼻炎颗粒; a disease before 药 is still the patient's: 高血压药吃完了."""
        thing = complaint and self._follows(finding.end, "thing")
        return bool(thing or (finding.kind in _SILENT and self._follows(finding.end, "remedy")))

    def _follows(self, at: int, kind: str) -> int:
        """Length of the word of a kind right behind a place; 0 for none."""
        return self.cues.longest(self.text, at, len(self.text), (kind,))

    # denied -------------------------------------------------------------------------------------

    def _denied(self, finding: Finding) -> Status | None:
        if is_not_the_kind(self.text, finding.pieces[-1][0]):
            return Status.DENIED
        if self._inner_denial(finding) or self._grown_into(finding):
            return Status.OVER if self._ends_now(finding) else Status.DENIED
        before = self._cue_before(finding)
        if before is not None:
            if before.kind == "ask":
                return Status.SUPPOSED
            return Status.OVER if self._ends_now(finding) else Status.DENIED
        return self._denied_after(finding)

    def _inner_denial(self, finding: Finding) -> bool:
        """肚子|不|痛: the denial stands in the gap, and only fillers behind it."""
        for (_, left), (right, _) in zip(finding.pieces, finding.pieces[1:], strict=False):
            if self.text[left:right] in self.cues.words["deny"]:
                return True  # 气|不|急, though 不急 alone denies nothing
            if any(self._told_on(cue.end, right) for cue in self.inner("deny").inside(left, right)):
                return True
            if self._joins_denial(left, right):
                return True
        return False

    def _joins_denial(self, left: int, right: int) -> bool:
        """拉的|时候不|出血, though 不出 alone denies nothing."""
        return any(
            left <= cue.start < right < cue.end and self.text[cue.start : right] in self.cues.words["deny"]
            for cue in self.inner("plain").reaching(right - 1, right)
        )

    def _told_on(self, at: int, end: int) -> bool:
        """Whether only fillers and what else is said of the same part lead there: 眼睛没有红|痛."""
        while at < end:
            ends = [last for last in self.last_pieces.get(at, ()) if last <= end]
            passed = max(ends) if ends else self.cues.passed(self.text, at, end, ("filler", "link"))
            if passed == at:
                return False
            at = passed
        return True

    def _grown_into(self, finding: Finding) -> bool:
        """没|有轻生念头, 不|大出血: the word that denies ends inside; 没有|不想活, though 没有不 alone denies nothing."""
        start, denials = finding.start, self.cues.words["deny"]
        if self.text[start] in _NEGATION:
            return self.text[start] == "不" and self.text.endswith("没有", 0, start)
        if any(cue.start < start < cue.end for cue in self.line("plain").reaching(start - 1, start)):
            return self.text[max(0, start - 1) : start] in denials  # 没|停经, though 没停 denies nothing
        return any(
            self.text[start - before : start + inside] in denials
            and any(char in _NEGATION for char in self.text[start - before : start])
            for before in (1, 2)
            for inside in (1, 2)
            if before <= start and start + inside <= finding.pieces[0][1]
        )

    def _never_had(self, finding: Finding) -> Status | None:
        """没做过化疗, 没透析过, 没吃抗凝药: the verb stands before the treatment or begins it; a time makes it a missed one."""
        if finding.kind != "treatment":
            return None
        before = self.text[self.weak.last(finding.start) : finding.start]
        if self.text.startswith("过", finding.end) and _NEVER.search(before):
            return Status.DENIED
        for verb in range(3):
            told = before + self.text[finding.start : finding.start + verb]
            found = _NEVER_HAD.search(told)
            if found and not _MISSED.search(told, 0, found.start()):
                return Status.DENIED
        return None

    def _ends_now(self, finding: Finding) -> bool:
        """不咳了: it was there, and is over."""
        return self.text[finding.end : finding.end + 1] == "了"

    def _cue_before(self, finding: Finding) -> Cue | None:
        """The nearest denial or question, when only fillers, list words and other complaints lead from it here."""
        cue = self.line("deny", "ask").last(finding.start)
        if cue is None:
            return None
        bare = self.text[cue.start : cue.end] not in _OF_ONE
        return cue if self.lists.chained(cue.end, finding.start, bare=bare) else None

    def _denied_after(self, finding: Finding) -> Status | None:
        """发烧没有, 咳嗽、胸痛都没有; 发烧吗 only asks."""
        said = self.text[finding.start : finding.end]
        if self.text.startswith(tuple(link + said for link in _NOT_AT_ALL), finding.end):
            return Status.DENIED
        at = self.lists.behind(finding.end)
        if at == finding.end and self._follows(at, "ask_after"):
            return Status.SUPPOSED
        length = self._follows(at, "deny_after")
        but = self.text.startswith("倒", finding.end)  # 打人|倒是没有动手
        if length and self.text.startswith("了", at + length):
            return Status.OVER  # 咳嗽没有了
        ends = but or _CLOSING.match(self.text, at + length)
        return Status.DENIED if length and ends else None

    # other readings -----------------------------------------------------------------------------

    def _supposed(self, finding: Finding) -> bool:
        if finding.concept.flags >= _UNSILENCED:
            return False
        if _IF_AFTER.match(self.text[finding.end : finding.end + _REACH]):
            return True
        if self._ordered(finding) or self._asked_which(finding):
            return True
        begin = finding.pieces[-1][0]  # 宝宝|万一|惊厥: the one it befalls may stand before
        for cue in self.line("suppose", "fear").reaching(begin - _REACH - 1, begin):
            between = self.text[cue.end : begin]
            if cue.end > begin:
                continue
            if cue.kind == "suppose" and self._supposes(cue, finding, between):
                return True
            if cue.kind == "fear" and len(between) <= 6 and not self.weak.between(cue.end, begin + 1):
                return True
        return any(
            cue.end <= finding.start
            and _TAKEN_FOR.fullmatch(self.text, cue.end, finding.start)
            and (cue.kind == "mistaken" or self._concerns(cue, finding))
            for cue in self.line("mistaken", "guess").reaching(finding.start - _REACH - 1, finding.start)
        )

    def _asked_which(self, finding: Finding) -> bool:
        """Only what a layman cannot see; a complaint he asks about is there."""
        unseen = finding.kind == "disease" or self.text.endswith("出血", finding.start, finding.end)
        return unseen and is_asked_which(self.text, finding.start, finding.end)

    def _ordered(self, finding: Finding) -> bool:
        """破水的、大出血的|一律先送: an order for all who will have it; 昏迷了 120一律要等 is a plea."""
        if self.named or not _ALL_WHO.match(self.text, finding.end):
            return False
        limit = min(finding.end + _REACH, self.strong.next(finding.end))
        return bool(self.line("order").beginning(finding.end, limit))

    def _supposes(self, cue: Cue, finding: Finding, between: str) -> bool:
        """Up to the next comma, not far, and not past a word that comes back to the present."""
        if (
            len(between) > _REACH
            or re.search(r"[。!！?？;；\n,，]", between)
            or _SUPPOSED_OUT.search(between)
        ):
            return False
        return not any(
            _TIME_OF_NOW.match(self.text[c.start : c.end])
            for c in self.line("now").beginning(cue.end, finding.start)
        )

    def _past(self, finding: Finding) -> bool:
        if finding.kind != "disease" and self._follows(finding.end, "history_after"):
            return True
        if _ONCE_TREATED.match(self.text, finding.end) or self._healed(finding):
            return not self._relapsed(finding)
        if finding.kind == "disease" and self.text[finding.end : finding.end + 1] == "过":
            return not self._relapsed(finding)
        begin = self.weak.last(finding.start)
        if begin and self.text[begin - 1] not in "。!?;\n":
            begin = self._joined_cue(begin)
        # 去年脑出血 may be one way of saying of a disease, and 小孩…惊厥 holds its time in the gap
        times = self.inner("now", "past") if finding.kind == "disease" else self.line("now", "past")
        timing = times.last(finding.pieces[-1][0])
        told = timing is not None and timing.kind == "past" and begin <= timing.start
        told = told and timing is not None and not self._past_is_over(timing, finding)
        told = told or (finding.kind != "disease" and self._in_earlier_year(begin, finding, timing))
        return told and not self._relapsed(finding)

    def _past_is_over(self, timing: Cue, finding: Finding) -> bool:
        """之前发烧,好了,但是|咳嗽; 以前没有过,还有|胸痛: what follows is told of the present."""
        ended = self.line("over").beginning(timing.end, finding.start)
        denied = self.text.endswith(_NOT, 0, timing.start) and _WEAK.match(self.text, timing.end)  # 没|有过,
        return bool(ended or denied or _NEVER_BEFORE.match(self.text, timing.end))

    def _in_earlier_year(self, begin: int, finding: Finding, timing: Cue | None) -> bool:
        """2020年还|大出血|抢救过: a year before this one, and neither the present nor a beginning between."""
        after = max(begin, timing.end) if timing is not None and timing.kind == "now" else begin
        return any(after <= at <= finding.start and not _SINCE.match(self.text, at) for at in self.years)

    def _healed(self, finding: Finding) -> bool:
        """生好带状疱疹以后: the illness came to its end, and something comes after."""
        return bool(
            _HAD.search(self.text[max(0, finding.start - 4) : finding.start])
            and _AFTERWARDS.match(self.text, finding.end)
        )

    def _joined_cue(self, begin: int) -> int:
        """A past word that stands alone before a space belongs to the next clause: 以前 中风过."""
        near = self.line("past").reaching(begin - 2, begin)
        return next((cue.start for cue in near if cue.end <= begin), begin)

    def _relapsed(self, finding: Finding) -> bool:
        """以前脑梗过,今天又犯了."""
        following = bisect_left(self.illnesses, finding.end)
        limit = min([finding.end + 16, *self.illnesses[following : following + 1]])
        return bool(self.line("relapse").beginning(finding.end, limit))

    def _over(self, finding: Finding) -> bool:
        return any(
            cue.start <= finding.start or self._reaches_back(cue, finding)
            for cue in self.line("over").reaching(finding.start, finding.end + _FAR_BACK)
            if not self.text.endswith(_NOT, 0, cue.start)  # 叫不|醒了 is not over
            and self._concerns(cue, finding)
        )

    def _concerns(self, cue: Cue, finding: Finding) -> bool:
        """不烧了 ends the fever and leaves the cough, 是不是 guesses at what is harmless only: what `of` names of a cue."""
        meant = self.cues.of.get(self.text[cue.start : cue.end])
        return meant is None or not meant.isdisjoint({finding.name, *finding.concept.broader})

    def _reaches_back(self, cue: Cue, finding: Finding) -> bool:
        """The complaint nearest before the cue, those listed with it, or all when the cue is a clause of its own."""
        begin, end = finding.end, cue.start
        if self.line("not_over").beginning(begin, end + 1) or self.last_said[finding.name] >= cue.end:
            return False
        if end - begin <= 12 and not self._another(begin, end) and not _WEAK.search(self.text, begin, end):
            return True
        return self._own_clause(cue) or self.lists.chained(begin, end)

    def _another(self, begin: int, end: int) -> bool:
        """Whether there is a whole symptom between two places."""
        between = self.findings[bisect_left(self.starts, begin) : bisect_left(self.starts, end)]
        return any(f.kind == "symptom" and f.end <= end for f in between)

    def _own_clause(self, cue: Cue) -> bool:
        """现在好了, 今天人没事了: nothing in the clause of the cue that could be what is over."""
        begin = self.weak.last(cue.start)
        length = _SO_LONG.match(self.text, begin, cue.start)  # 一刻钟不到|又正常了
        begin = length.end() if length else begin
        return self.cues.passed(self.text, begin, cue.start, ("now", "lead")) == cue.start


def _is_length(text: str, cue: Cue) -> bool:
    """小时 of 24小时 is no childhood."""
    return text[cue.start : cue.end] == "小时" and bool(_NUMERAL.search(left_of(text, cue.start)))
