"""Whether somebody on duty says that he cannot and asks for another person: 我在手术，换人.

He speaks of himself; a hospital that cannot take a patient says 换一家, and is not meant.
"""

from __future__ import annotations

import re

_BUSY = re.compile(
    r"手术|台上|上台|下不了?台|开刀|开会|会议|抢救|门诊|查房|会诊|上课|带教|出诊|急诊[上忙]|路上|外地|开车|隔离|封控|"
    r"走不开|脱不[开了]身|抽不[开出]|腾不出|顾不[上过]|忙不过来|分不[开出]身|没空|没时间|不方便接|"
    r"下夜?班|刚交班|夜班刚|不当班|不在岗|不在班|轮休|调休|休息|请假|病假"
)
_ANOTHER = re.compile(
    r"换(?:一?个|一位|别的?|其他|位)?人|换(?:一?个|一位)(?:医生|主任|老师|专家|同事)|"
    r"(?:找|叫|让|请|喊|问|联系|麻烦)(?:一下|下)?(?:别人|其他人|其他同事|别的?(?:人|医生|主任|老师|同事|专家|值班)|另外的?人|"
    r"二线|二值|备班|副班|下一[位个]|替班)|"
    r"谁(?:来|能|可以|帮|先)*(?:替|顶)|(?:替|顶)(?:我)?一?下|(?:另外|另)(?:找|安排|请|派)(?:个|一个)?人"
)
_OF_OTHERS = re.compile(
    r"(?:病人|患者|孕妇|产妇|家属|居民|阿婆|老人|小孩|他|她|伊|主任|医生|老师)[^,，。;；!！?？我]{0,8}$"
)
_LONGEST = 40


def stands_down(folded: str) -> bool:
    """Whether the speaker is busy himself and wants somebody else to be asked. `folded`: nlu.clauses.fold."""
    if len(folded) > _LONGEST or not _ANOTHER.search(folded):
        return False
    return any(not _OF_OTHERS.search(folded[: found.start()]) for found in _BUSY.finditer(folded))
