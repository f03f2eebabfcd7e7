"""How a number stands beside what it measures: pieces of patterns for vital signs and laboratory values.

血氧今天早上量出来只有 88, 血小板掉到 6: between the name and the number people put what they please.
"""

from __future__ import annotations

from nlu.late import Late
from nlu.numbers import NUMBER

_FILL_WORDS = (
    "打了?[\u4e00-\u9fff]{1,5}?(?=还|后|都|仍)|吃了?[\u4e00-\u9fff]{1,5}?(?=还|后|都|仍)|已经|只有|还有|现在|目前|今天|今早|今晚|昨天|昨晚|早上|早晨|上午|中午|下午|晚上|夜里|刚刚|刚才|最高|最低|大概|大约|差不多|"
    "一会儿?|掉到|降到|跌到|升到|飙到|飚到|冲到|涨到|高到|低到|达到|高达|低至|显示|反复|持续|一直|量出来|测出来|量下来|测下来|量的|测的|测到|"
    "[夹量测查试](?:了|过|着)?一[下次]|夹了|夹着|量了|测了|量到|查了|查的|查出来|测得|量得|自测|静息|休息时|安静时|平躺|吸氧后|吸着氧|不吸氧|每分钟|一分钟|有点|偏高|偏低|"
    "很高|很低|太高|太低|好高|好低|较高|较低|超过|大于|高于|都有|都是|都在|都到|仍然|还是|仍|基本|波动在|维持在|维持|左手|右手|"
    "打错了?|写错了?|报错了?|更正|纠正|应该|改为|改成|就剩|剩下|剩|摸着|摸到|数着|数下来|偏|上|里|急促|急|费力|下|过|好|很|太|特别|非常|到了|有|是|才|就|都|在|到|了|量|测|查|约|快|慢|高|低|只|仅|为|从|刚|达|大|的|得|掉|跳|呢|又|还|也|已|约为|百分之|>|≥"
)
FILL = rf"(?:[:=\s,、]|连[着续][一两二三四五六七\d]天|{_FILL_WORDS}){{0,7}}?"
USUAL = (
    rf"(?:(?:平时|平常|平日|以前|一般|基础|原来|正常(?:值|是)?)[^\d。;\n]{{0,4}}{NUMBER}(?:/{NUMBER})?[^\d。;\n]{{0,5}}?)?"
    rf"(?:不是\s*{NUMBER}度?[,\s]*(?:而|应该)?)?"
)
"""What is usual for the patient is not what he has now."""
LESS = r"(?P<less>不到|低于|小于|<|不足|没到|未到|不满)?\s*"
LESS_AFTER = r"(?P<under>\s*%?\s*(?:以下|都不到|都没有|不到))?"
NO_UNIT = (
    r"(?![.:]?\d|\s*(?:天|小时|钟头|周(?!围|身)|岁|个|月|分钟|片|粒|颗|盒|支|瓶|mg|毫克|ml|毫升|kg|公斤|号楼|室|弄|栋|幢|单元)|"
    r"年|日|号|楼|斤|元|块钱|米|cm|公分|公里|针|包|袋|名)"
)
READING = rf"(?:\d{{1,3}}点\d(?![\d分])|{NUMBER})"
"""A number, also one spoken half in figures: 13点5."""
NOT_ONE = r"(?!一[直样分般下些起边定共旦会晚天])"
"""一 of 一直 or 一分钟 is no reading."""
FUZZY = r"(?:多|几|来|点几|点多)?"


def reading(label: str, number: str = READING, after: str = NO_UNIT, *, words: str) -> Late:
    """A labelled value: `n` is the number, `less` and `under` say that it is below."""
    return Late(
        rf"(?:{label}){USUAL}{FILL}{LESS}(?P<n>{NOT_ONE}{number}){FUZZY}{LESS_AFTER}{after}",
        words,
    )
