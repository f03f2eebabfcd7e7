"""Illnesses of a family or of somebody known, told beside the patient's own: 父亲死于胃癌, 我妈甲状腺癌 我有点怕."""

from __future__ import annotations

import re

_DIED_OF = re.compile(r"(?:死于|走于|亡于|病故于)[^,，。;；!?\s]{0,6}$")
_COUSIN = re.compile(
    r"(?:[表堂][哥姐弟妹兄嫂]|亲戚|同事|朋友|邻居|同学)(?:家)?(?:的|家)?(?:小孩|孩子|儿子|女儿|小囡|老公|老婆)?"
    r"(?:当年|以前|之前|去年)?(?:就是|也是|得了|得过|得的|就得|查出|有)[^,，。;；!?\s]{0,3}$"
)
"""我表姐的小孩就是白血病: those who are no patient of the one who writes."""
_PARENT = re.compile(
    r"(?:爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|外公|外婆|阿公|阿婆|哥哥?|姐姐?|弟弟|妹妹|叔叔|伯伯|舅舅|姑姑|阿姨|姨妈)"
    r"(?:也|就|以前|当年|是|有|得过?|患过?|的)*$"
)
_AFRAID = re.compile(
    r"[^。;；!?\n,，\s]{0,8}[,，\s]\s*(?:我|所以我|我自己)(?:有点|很|也|就|一直|比较|现在)*(?:怕|担心|害怕|心里(?:慌|毛))"
)
_BEFORE_NOW = r"(?:前天|大前天|上周|上礼拜|上个?月|去年|前几天|前两天|前阵子|昨天)"
_ONE_KNOWN = re.compile(
    rf".{{12,}}[,，。;；!?\s](?:我?邻居|我?同事|隔壁|楼上|楼下|对门|亲戚|朋友|同学|单位里?|小区里?|村里)[^,，。;；!?\s]{{0,6}}{_BEFORE_NOW}[^,，。;；!?\s]{{0,6}}$",
    re.DOTALL,
)
"""Whoever fell ill some days ago, named after the patient; one who falls ill now is a patient himself."""
_FRIGHTENS = re.compile(
    r"[^。;；!?\n]{0,10}?[,，\s]\s*(?:吓得|吓到|吓坏|吓着|把(?:我|她|他|伊|人|家里)[^,，。\s]{0,3}吓)"
)


_IN_FAMILIES = ("癌", "癌术后", "白血病", "淋巴瘤", "恶性肿瘤", "肿瘤", "脑瘤")
"""Names of what people fear to have because a relative has it; what is acute is never explained away."""


def of_kinsfolk(text: str, start: int, end: int, name: str) -> bool:
    """Whether the finding `name` there is told of a relative or of somebody known, as what frightens who asks."""
    before = text[max(0, start - 60) : start]
    if _DIED_OF.search(before):
        return True
    if name.endswith(_IN_FAMILIES):
        return bool(_COUSIN.search(before) or (_PARENT.search(before) and _AFRAID.match(text, end)))
    return bool(_ONE_KNOWN.search(before) and _FRIGHTENS.match(text, end))
