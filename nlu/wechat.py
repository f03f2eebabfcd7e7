"""Forms that a chat program gives a text: quotations, @names, [图片], links, recall notices, 【求助】姓名:… forms."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"「[^」]*」(?:\s*\n?\s*-(?:\s?-){2,}\s*\n?)?|『[^』]*』\s*(?:\n?\s*-(?:\s?-){2,})?")
_FORWARDED = re.compile(
    r"^\s*转\S{0,6}:|转发(?!给|到|了)|代转|代发|帮(?:忙)?(?:转|发)|要上报|上报(?:一?下)?吗|居民私信|私信(?:我|来)|家属发来|群里发(?:来|的)"
)
"""Words beside a quotation that pass it on."""
_QUOTE_LINE = re.compile(r"^\s*>[^\n]*$", re.MULTILINE)
_REPLY = re.compile(r"^(?:回复|引用)\s?[^\s:]{1,16}:[^\n]*\n", re.MULTILINE)
AT = re.compile(r"@[^\s@,。:!?;]{1,24}")
MEDIA = re.compile(
    r"\[(?:图片|照片|语音|视频|文件|动画表情|表情|位置|链接|名片|小程序|聊天记录|转账|红包)[^\]]{0,20}\]"
)
URL = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+")
_RECALL = re.compile(r"撤回了?一条消息|撤回了(?:一条)?(?:成员)?.{0,12}消息")
FIELD = re.compile(
    r"(?:^|(?<=[\s,;。】\])、|/(]))\s{0,40}(?:\d{1,2}[.、)]\s{0,40})?(?P<label>[\u4e00-\u9fff/]{2,10}|性别|年龄|地址|电话)\s*(?:\([^)]{0,12}\))?\s*:\s*"
)


@dataclass(frozen=True)
class FormField:
    """`label:content` of a filled-in form; the positions are those of the content."""

    label: str
    content: str
    start: int
    end: int


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Parts that repeat what somebody else wrote: the 「甲:…」 of a reply, lines that begin with >.

    A text that is nothing but a quotation, or asks beside it that it be passed on, is a forward: the writer's own.
    """
    found = [
        (one.start(), one.end())
        for pattern in (_QUOTED, _QUOTE_LINE, _REPLY)
        for one in pattern.finditer(text)
        if pattern is not _QUOTED or _is_reply(text, one)
    ]
    rest = list(text)
    for start, end in found:
        rest[start:end] = [" "] * (end - start)
    beside = "".join(rest)
    return sorted(found) if beside.strip() and not _FORWARDED.search(beside) else []


def _is_reply(text: str, one: re.Match[str]) -> bool:
    """A name and a colon open the quoted words, or a line of dashes follows them."""
    return bool(re.match(r"[「『][^:」』\n]{1,24}:", one.group())) or "-" in one.group()[-8:]


def at_names(text: str) -> list[str]:
    """Whom the text addresses with @."""
    return [one.group()[1:] for one in AT.finditer(text)]


def is_recall(text: str) -> bool:
    """Whether this is the notice that a message was taken back."""
    return bool(_RECALL.search(text)) and len(text) < 40


def fields(text: str) -> list[FormField]:
    """The fields of a form such as `姓名:甲 性别:男 地址:…`; empty unless there are at least two of them."""
    marks = list(FIELD.finditer(text))
    if len(marks) < 2:
        return []
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        stop = following.start() if following else len(text)
        content = text[mark.end() : stop]
        line = content.find("\n")
        stop = mark.end() + (line if line >= 0 else len(content))
        body = text[mark.end() : stop].rstrip(" ,;。")
        found.append(FormField(mark["label"], body, mark.end(), mark.end() + len(body)))
    return found


def silent_spans(text: str) -> list[tuple[int, int]]:
    """Everything that is not the writer's own statement: quotations, @names, media marks, links."""
    spans = quoted_spans(text)
    for pattern in (AT, MEDIA, URL):
        spans += [(one.start(), one.end()) for one in pattern.finditer(text)]
    return sorted(spans)
