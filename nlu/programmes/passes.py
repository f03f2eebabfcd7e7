"""What a message wants of a pass (通行证): one issued, one withdrawn, and what it says for it."""

from __future__ import annotations

import re
from datetime import datetime

from nlu.clauses import fold
from nlu.programmes.said import PassWords
from nlu.programmes.visits import transport, visits
from nlu.programmes.words import PASSES, words

SERIAL = re.compile(r"(?<![a-z0-9])t\d{6}-\d{3}(?!\d)", re.IGNORECASE)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.\s]?[a-z0-9]{5,6}(?![a-z0-9])"
)
_ID_TAIL = re.compile(
    r"(?:身份证|证件)?(?:号)?(?:尾号|末四位|后四位|末4位|后4位)\s*[:：为是]?\s*(\d{3}[\dx])(?!\d)"
)


def pass_words(text: str, at: datetime) -> PassWords:
    """Read a message. `at`: its moment in the place's zone."""
    folded = fold(text)
    escort = words("陪同", PASSES).search(folded)
    plate = _PLATE.search(folded)
    tail = _ID_TAIL.search(folded)
    return PassWords(
        wants=_wants(SERIAL.sub("通行证", folded)),
        serials=tuple(dict.fromkeys(found.upper() for found in SERIAL.findall(folded))),
        when=visits(SERIAL.sub(" ", folded), at),
        transport=transport(text),
        plate=re.sub(r"[·.\s]", "", plate.group()).upper() if plate else None,
        escort=escort.group() if escort else None,
        id_tail=tail[1].upper() if tail else None,
    )


def _wants(folded: str) -> str | None:
    meant = words("非证", PASSES).sub("＿", folded)
    if words("废证", PASSES).search(meant):
        return "withdraw"
    if words("问证", PASSES).search(meant):
        return None
    return "issue" if words("开证", PASSES).search(meant) else None
