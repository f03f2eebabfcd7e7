"""What a message names only to set it aside or to ask which it is: 不是那种压着的胸痛, 是药的关系还是胃出血?"""

from __future__ import annotations

import re

_NOT_OF_THE_KIND = re.compile(r"不是那[种样][^,，。;!?\s]{0,5}的?$")
_OF_TWO = re.compile(r"(?:是|吗|伐|呢|么)[^。!?;\n]{0,16}还是(?:有|得了|得|因为)?$")
_ASKED = re.compile(r"(?:了|的|引起的|造成的|的问题|的关系)?(?:呢|啊|呀|伐|吗)?\s*(?:[?]|$)")
_FAR = 28
"""Characters that are looked at before."""


def is_not_the_kind(text: str, start: int) -> bool:
    """不是那种压着的|胸痛 says what the complaint is not."""
    return _NOT_OF_THE_KIND.search(text[max(0, start - 12) : start]) is not None


def is_asked_which(text: str, start: int, end: int) -> bool:
    """是药的关系伐,还是|胃出血|了? asks which of two it is; 现在还是|痛 says that it goes on."""
    return bool(_ASKED.match(text, end) and _OF_TWO.search(text[max(0, start - _FAR) : start]))
