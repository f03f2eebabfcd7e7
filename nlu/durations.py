"""How long the complaint has lasted, from explicit words: not exposure, device, illness history, positivity or waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from nlu.mention import Mention, clause_after, mention
from nlu.tables import DATA, Faults, parts, read_rows
from nlu.times import Span, days, spans

CONTEXTS = DATA / "wording" / "duration.csv"
OVER_HOURS = 5 / 60
"""An episode that is over and was shorter than this says nothing (a fit of two minutes that stopped)."""
DAY = 24
"""Hours; something shorter ago is a moment (半小时前摔倒)."""
WEEKS_ILL = 8
"""A bare length above this is rather an age, a pregnancy or a treatment."""
LONGEST_HOURS = 3 * 8760
"""What has lasted longer than three years is history."""

_NEXT_DAY = re.compile(r"\s*(?:就|才|干净|早上|上午|去|便|又|再|我|他|她|好|医)")
"""第二天就好了 tells a story; it is no length."""
_RIGHT_AFTER = re.compile(r"(?:了|都|已经|也)*[没不未勿]")
_DAY_OF_TREATMENT = re.compile(r"(?:[吃用服贴]|打(?![嗝喷架])|停[了药])[^\s,。;]{0,10}$")
"""吃卡马西平第12天."""
_OVER = re.compile(
    r"^(?:[^。!?;\n未没不才会能就所]{0,8}?(?:停了|停止了|好了|缓解了?|消失|恢复|又?正常|不痛了|不疼了|退了(?!.{0,4}又)|过去了|不抽了|不吐了|好些)"
    r"|[^。!?;,\s未没不才会能就所]{0,8}?[\s,]?[^。!?;,\s未没不才会能就所人]{0,4}(?:醒了|醒过来|睡着|清醒))"
)
_SINCE = re.compile(
    r"^\s*(?:早上|上午|中午|下午|傍晚|凌晨|夜里|半夜|白天|\d{1,2}点\S{0,2})?(?:就|便|又|突然|就已经)?(?:开始|起|以来|到现在|到今天|至今|就)"
)
_AGO = re.compile(r"^\s*(?:之|以)?前")
_SUDDENLY = re.compile(r"^\s*(?:之|以)?前[^。!?;,\n\s]{0,4}(?:突然|忽然|一下子)")
_RATE = re.compile(
    r"^\s*(?:只|一次|1次|\d+次|[两三四五几]次|一回|一趟|一阵|一片|才|就\d|换|左右一次|左右一阵|以内|之内|内(?!裤|衣)|后|之后|以后|再|一[片包])"
)
_RATE_BEFORE = re.compile(
    r"(?:(?:一般|每|隔|间隔|平均|数了?|测了?|等了?|(?<!超)过了?|再|最多|至少|还要|要|需要|大概要|开车|路上|走|排队|睡了?|睡|观察|相隔|晚|早|提前|第一|凌晨)\s*|[那上下后])$"
)
_DAILY = re.compile(
    r"^[^。!?;,\n\d]{0,4}?(?:好几|几|多|\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[到-]\S{1,2})?[次趟回遍下口片包张袋]"
)
_DOING = re.compile(r"(?:(?<!嗝)打|[坐站走骑开忙玩睡淋晒喝干跑爬逛聊看蹲抱按压敷冲躺趴洗泡])[了过]\s*$")
_STILL = re.compile(r"\s*(?:了|都|也)*(?:还是?|仍|一直|老是?|天天|夜夜|每天|整天)(?:在|有)?")
_VAGUE = re.compile(r"[这那]\s*几?\s*$")
"""这几天, 这阵子: of late, no length; 这两天 is one."""
_FREE_OF = re.compile(r"(?:了|都|也|已经|一直|就)*(?:没有?|不|未)(?:再|怎么|有|大)?")
"""半年没发作, 两天不痛了: for how long it has been away."""
_SO_BAD = re.compile(r"得\s*$")
"""坐了一天, 痛得一夜没睡: how long something was done, or how bad it is."""
_ALONE_AFTER = re.compile(r"\s*(?:了|多了?|左右|以上|来了?|啦)*(?=[\s,。;!?]|$)")
_ALONE_BEFORE = re.compile(r"(?:^|[\s,。;!?:])(?:已经?|有|都|快|大概|大约|差不多|持续|一共|至少)*$")
_NEVER_ALONE = re.compile(r"[:剩够每隔]\s*$")
COUNTED = 12
"""Characters behind a day within which a length is the writer's own count of it: 1月31号开始烧 已经5天."""
SHORTEST_HOURS = 1 / 60
"""A few seconds are a moment, no length of a complaint."""
_ONSET_WINDOW = 120
"""Days that a date of onset lies back at most."""
_NIGHTLY = re.compile(r"\s*(?:坐|靠|最多|只|才|要起|起夜)")
"""一夜坐到天亮, 一晚上最多两小时: how a night was spent."""
_NIGHT_ONLY = re.compile(r"晚|夜|今")


@lru_cache(maxsize=4)
def _contexts(path: Path) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words of a complaint, and words of what is no complaint."""
    words: dict[str, set[str]] = {"complaint": set(), "other": set()}
    for row in read_rows(path, ("role", "says"), Faults(strict=True), ("note",)):
        words.setdefault(row["role"], set()).update(parts(row["says"], "|"))
    made = [
        re.compile("|".join(map(re.escape, sorted(words[role], key=len, reverse=True))) or r"(?!)")
        for role in ("complaint", "other")
    ]
    return made[0], made[1]


def lasts_otherwise(words: str) -> bool:
    """Whether words that were taken for a complaint are of something else that lasts: 走失, 尿管."""
    return bool(_contexts(CONTEXTS)[1].search(words))


def find_durations(text: str, at: datetime, told: str | None = None) -> list[Mention]:
    """`duration_h` of complaints in order, and `episode_h` for those that are over.

    `told` is the text with what was found to ail somebody already written as a complaint, offsets kept.
    """
    lengths = list(_lengths(text, told or text))
    counted = [one.start for one in lengths]
    onsets = [
        one for one in _onsets(text, at) if not any(0 <= start - one.end <= COUNTED for start in counted)
    ]
    return sorted([*lengths, *onsets], key=lambda one: one.start)


def _lengths(text: str, told: str) -> Iterator[Mention]:
    for span in spans(text):
        ill = text if span.nth else told  # 取卵第5天 counts from what was done
        if not SHORTEST_HOURS <= span.hours <= LONGEST_HOURS or not _of_complaint(ill, span):
            continue
        if _OVER.match(text[span.end : span.end + 14]):
            if span.hours >= OVER_HOURS:
                yield mention("episode_h", round(span.hours, 2), text, span.start, span.end)
        else:
            yield mention("duration_h", round(span.hours, 2), text, span.start, span.end)


def _of_complaint(text: str, span: Span) -> bool:
    after = clause_after(text, span.end, 14)
    before = _sentence_before(text, span.start)
    complaint, _ = _contexts(CONTEXTS)
    if _SO_BAD.search(before) or (
        _VAGUE.search(before) and (text[span.start] in "几天" or text[span.end - 1] not in "天日")
    ):
        return False
    if not span.nth and _RIGHT_AFTER.match(after) and complaint.match(after.lstrip("了都已经也")):
        return True  # 三天没吃东西, whatever went before
    if _DOING.search(before) and not complaint.search(before[-5:]):
        return False
    return _ill_since(span, after, complaint) or _near_complaint(text, span, before, after)


def _ill_since(span: Span, after: str, complaint: re.Pattern[str]) -> bool:
    """拔牙后四个小时还在出血, 2天前出现发热, whatever went before."""
    still = _STILL.match(after)
    if still and complaint.match(after, still.end()):
        return True
    return _ago_onset(span, after) and bool(complaint.search(after))


def _near_complaint(text: str, span: Span, before: str, after: str) -> bool:
    """Whether the nearest words around a length are of a complaint."""
    complaint, other = _contexts(CONTEXTS)
    if _is_no_length(text, span, before, after) or _free_of(complaint, after):
        return False
    (nearest_complaint, said), (nearest_other, against) = _last(complaint, before), _last(other, before)
    treated = nearest_other == len(before.rstrip()) and _ALONE_AFTER.match(text, span.end)
    if _ALONE_BEFORE.search(before) and complaint.match(after.lstrip()) and not treated:
        return True  # 三天吐得胆汁都出来: a clause of its own; in pci 3个月 胸闷 the treatment is so old
    if _ALONE_AFTER.match(text, span.end):
        after = ""  # the clause ends with the length: what comes is another matter
    closer = (nearest_complaint, said) >= (nearest_other, against)  # of two that end there, the longer
    if closer and nearest_complaint >= max(0, len(before) - 22):
        return not _starts_with(other, after)
    if nearest_other >= max(0, len(before) - 12) or _starts_with(other, after):
        return False
    years_alone = not after and span.hours > WEEKS_ILL * 168  # 腰突好几年 这两天 …
    ahead = not years_alone and complaint.search(text[span.end : span.end + 12])
    return bool(ahead) or _alone(text, span, before)


def _free_of(complaint: re.Pattern[str], after: str) -> bool:
    """半年没发作了: for so long it has been away; 三天没吃 is a complaint itself."""
    free = _FREE_OF.match(after)
    return bool(free and complaint.search(after, free.end(), free.end() + 3))


def _alone(text: str, span: Span, before: str) -> bool:
    """两周了 as a clause of its own after something was told: it belongs to what was told."""
    told = text[: span.start].strip(" ,。;!?")
    return bool(
        told
        and span.hours < WEEKS_ILL * 168
        and _ALONE_BEFORE.search(before)
        and not _NEVER_ALONE.search(told[-2:])
        and _ALONE_AFTER.match(text, span.end)
    )


def _is_no_length(text: str, span: Span, before: str, after: str) -> bool:
    """A rate (5分钟一次, 一天拉五次), a time to come or gone by (两天后, 半小时前)."""
    if text[span.end - 1] in "夜晚上" and (_NIGHTLY.match(after) or before.endswith("坐")):
        return True
    if before.endswith("前") and not re.match(r"\s*(?:就|突然)?(?:开始|起)", after):
        return True
    if text[span.start] in "一1每" and span.hours <= 24 and _DAILY.match(after):
        return True
    if span.nth and (_NEXT_DAY.match(after) or _DAY_OF_TREATMENT.search(before)):
        return True
    ago = not span.nth and _AGO.match(after) and not _ago_onset(span, after)
    return bool(ago or _RATE.match(after) or _RATE_BEFORE.search(before))


def _ago_onset(span: Span, after: str) -> bool:
    onset = re.match(r"^\s*(?:之|以)?前[^。!?;,\n]{0,6}?(?:开始|起|出现|突发|发作|发病)", after)
    sudden = span.hours >= DAY or _SUDDENLY.match(after)
    return bool(onset or (sudden and _ago_ill(after)))


def _ago_ill(after: str) -> bool:
    """三天前脚底板麻: the complaint stands right behind, and nothing else between."""
    complaint, other = _contexts(CONTEXTS)
    after = re.split(r"\s", after.strip())[0]
    since = _AGO.match(after)
    said = complaint.search(after, since.end(), since.end() + 6) if since else None
    against = other.search(after, since.end(), since.end() + 6) if since else None
    return bool(said and not against)


def _sentence_before(text: str, at: int) -> str:
    piece = text[max(0, at - 26) : at]
    return piece[max(piece.rfind(char) for char in "。!?;\n") + 1 :]


def _last(pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    """Where the last of the words ends, and how long it is; -1 when there is none."""
    found = [(found.end(), len(found.group())) for found in pattern.finditer(text)]
    return found[-1] if found else (-1, 0)


def _starts_with(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.search(text[:8])
    return bool(found) and not re.search(r"[,]", text[: found.start()] if found else "")


def _onsets(text: str, at: datetime) -> Iterator[Mention]:
    """昨天开始, 前天起, 从上礼拜五, 4月1号开始: whole days up to today. 昨晚 and 今早 name no length."""
    complaint, other = _contexts(CONTEXTS)
    today = at.date()
    for day in days(text, today, forward=False):
        back = (today - day.day).days
        if not 0 < back <= _ONSET_WINDOW or (
            _NIGHT_ONLY.search(day.words) and not day.words.startswith("今")
        ):
            continue
        after, before = text[day.end : day.end + 14], _sentence_before(text, day.start)
        since = _SINCE.match(after) or re.search(r"(?:从|自从?|打)\s*$", before)
        if not since or re.match(r"\s*(?:晚|夜|半夜)", after):
            continue
        said, against = complaint.search(after), other.search(after)
        ill = said.start() < against.start() if said and against else bool(said)
        if ill or (not against and _last(complaint, before[-10:]) > _last(other, before[-10:])):
            yield mention("duration_h", back * 24, text, day.start, day.end)
