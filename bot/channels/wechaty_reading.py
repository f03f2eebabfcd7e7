"""A WeChat message as plain text: marks for what is no text, names for ids, the quoted words apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

# Wechaty's numbers of message types.
IMAGE, TEXT, RECALLED = 6, 7, 13
MARKS = {
    1: "[文件]",
    2: "[语音]",
    3: "[名片]",
    4: "[聊天记录]",
    5: "[表情]",
    IMAGE: "[图片]",
    8: "[位置]",
    9: "[小程序]",
    10: "[群接龙]",
    11: "[转账]",
    12: "[红包]",
    14: "[链接]",
    15: "[视频]",
}
OTHER = "[其他消息]"
RECALL = "【撤回】"
_QUOTE = re.compile(
    r"\A「(?P<who>[^：:」\n]{1,32})[：:](?P<words>.*?)」\s*\n(?:\s*-(?:\s?-){2,}\s*\n)?", re.DOTALL
)
_SECONDS_END = 10_000_000_000  # more than that are milliseconds


@dataclass(frozen=True)
class Quoted:
    """What a reply repeats: who wrote it and its words."""

    who: str
    words: str


def words(kind: int, text: str) -> str:
    """What is said, or a mark for what was sent instead of words. The thing itself is not kept."""
    if kind == TEXT:
        return text
    return RECALL if kind == RECALLED else MARKS.get(kind, OTHER)


def quoted(text: str) -> Quoted | None:
    """The 「甲：…」 that opens a reply."""
    found = _QUOTE.match(text)
    return Quoted(found["who"].strip(), found["words"].strip()) if found else None


def called(text: str, name: str, instead: str) -> str | None:
    """The text with `@name` written as `@instead `; None when nobody is called so."""
    pattern = re.compile(rf"@{re.escape(name)}(?:[\u2005\u2004\u00a0 ]|(?=[,，。！？!?：:\n]|$))")
    changed, count = pattern.subn(lambda _: f"@{instead} ", text)
    return changed.strip() if count else None


def moment(timestamp: float, now: datetime) -> datetime:
    """When it was written; seconds or milliseconds, never later than now."""
    if timestamp <= 0:
        return now
    seconds = timestamp / 1000 if timestamp > _SECONDS_END else timestamp
    return min(datetime.fromtimestamp(seconds, UTC), now)
