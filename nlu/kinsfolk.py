"""Illnesses of relatives and of people known, told beside the patient's own: 我妈甲状腺癌 我有点怕, 邻居前天心梗了 吓得她睡不着."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.sexes import kin

_REACH = 24
"""Characters before an illness in which it is said whose it is."""
_COUSIN = re.compile(
    r"(?:[表堂][哥姐弟妹兄嫂]|亲戚|同事|朋友|邻居|同学)(?:家)?(?:的|家)?(?:小孩|孩子|儿子|女儿|小囡|老公|老婆)?"
    r"(?:当年|以前|之前|去年)?(?:就是|也是|得了|得过|得的|就得|查出|有)[^,，。;；!?\s]{0,3}$"
)
"""我表姐的小孩就是白血病: those who are no patient of the one who writes."""
_AFRAID = re.compile(
    r"[^。;；!?\n,，\s]{0,8}[,，\s]\s*(?:我|所以我|我自己)(?:有点|很|也|就|一直|比较|现在)*(?:怕|担心|害怕|心里(?:慌|毛))"
)
_DIED_OF = re.compile(r"(?:去世|过世|走|没|死)的(?=[\s,，。;；!！]|$)")
"""心梗|走的: what a relative died of; 心梗|走了两步 and 心梗|没了脉搏 tell of now."""
_LONG_AGO = re.compile(r"[年月周昨]|礼拜|以前|当年")
"""Where it is told when he died, it is past as any other illness."""
_IN_FAMILIES = ("癌", "癌术后", "白血病", "淋巴瘤", "恶性肿瘤", "肿瘤", "脑瘤")
"""Names of what people fear to have because a relative has it; what is acute is never explained away."""
_FRIGHTENING = re.compile(
    r"(?:邻居|同事|隔壁|楼上|楼下|对门|亲戚|朋友|同学|单位里?|小区里?|村里)[^,，。;；!?\s]{0,6}"
    r"(?:前天|上周|上礼拜|上个?月|去年|前几天|前两天|前阵子|昨天)[^,，。;；!?\s]{0,10}[,，\s]\s*"
    r"(?:吓得|吓到|吓坏|吓着|把(?:我|她|他|伊|人|家里)[^,，。\s]{0,3}吓)"
)
_TOLD_BEFORE = 8
"""Characters about the patient that stand before; one who is named first is a patient himself."""


@lru_cache(maxsize=1)
def _of_a_relative() -> re.Pattern[str]:
    return re.compile(rf"(?:{kin().pattern.pattern})(?:也|就|以前|当年|是|有|得过?|患过?|的)*$")


def feared_for_kin(text: str, start: int, end: int, name: str) -> bool:
    """Whether the illness `name` there is a relative's or a friend's, and what the writer fears to have too."""
    before = text[max(0, start - _REACH) : start]
    if _DIED_OF.match(text, end) and not _LONG_AGO.search(text, max(0, start - _REACH), end):
        return bool(_of_a_relative().search(before) or _COUSIN.search(before))
    if not name.endswith(_IN_FAMILIES):
        return False
    if _COUSIN.search(before):
        return True
    return bool(_AFRAID.match(text, end) and _of_a_relative().search(before))


def frightening(text: str) -> list[tuple[int, int]]:
    """Where it is told what befell somebody known some days ago, which frightens the patient."""
    if "吓" not in text:
        return []
    return [found.span() for found in _FRIGHTENING.finditer(text) if found.start() >= _TOLD_BEFORE]
