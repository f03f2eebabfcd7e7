"""Which sex the patient is: said outright, by a kin word (阿婆, 我爸), or by a pronoun when nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.informal import informal
from nlu.mention import Mention, clause_after, left_of, mention
from nlu.tables import DATA, Faults, parts, read_rows

KIN = DATA / "wording" / "kin.csv"
_BARE_PARENT = re.compile(r"(?:(?<=^)|(?<=[\s,。;:!]))(?:(?P<m>爸)|妈)(?![爸妈呀咪耶蛋祖的])")
_SEX_WORD = re.compile(
    r"性别\s*[:是]?\s*(?P<field>男|女)|(?<![有和跟给])(?P<word>男|女)(?!士|儿|婿|朋友|友|厕|科|装|神|人们|方|权|排|足|篮|同事|医生|护士|志愿|司机|的[医护司志]|单|家属|双|团|星|主|友)(?:性|的|士|生|孩子?|童|宝宝?|婴|娃|子)?|"
    r"(?<![a-z\d])(?P<letter>[mf])\s*[/,|]?\s*\d{1,3}(?![\d.%]|[a-z])|(?<![\d.])\d{1,3}\s*(?:y(?:o|rs?)?|岁)?\s*[/,|]?\s*(?P<letter2>[mf])(?![a-z\d])"
)
_COMPANION_AFTER = re.compile(
    r"^\s*(?:说|讲|打(?:来|了)?(?:个)?电话|来电|来问|问|反映|反馈|告诉|让我|叫我|喊我|托我|要我|请我|发(?:消息|微信|现|信息)|陪|送|带(?:着|他|她|孩子|宝宝|去|过|老)|照顾|照看|看着|在(?:旁|边|照|陪|外地|国外|浦东|家照|单位|上班|医院陪)|代|帮|替|求助|联系|给(?:我|他|她|孩子|宝宝)|"
    r"紧张|担心|不放心|非要|不在|出差|急得|急死|急哭|很急|着急|去(?:配|拿|取)|开车|电话|手机|微信|的?(?:号码|联系)|:\s*[\d一二三四五六七八九零〇]{4,}|(?<!\s)家(?!里)|群|们|"
    r"(?:已经?|已于[^。!?;,\n]{0,8}|刚刚?|上个?月|去年)?(?:在家(?:里|中)?)?(?:走了|去世|过世|(?:没了|不在了)(?=[\s,。;!]|$))|"
    r"(?:也)?确诊(?:住院|隔离|拉走)|(?:被|在)?隔离(?:在外|在酒店|酒店|了?(?=[\s,。;!]|$))|被?拉走|拎|拉着|抱|推着|扶|喂|借|吓|床头|抽屉|房间|追)"
)
_COMPANION_BEFORE = re.compile(
    r"(?:护工|保姆|居委|社区|护士|食堂|宿管|志愿者?|月嫂|同病房|代发,?|跟|和|与|联系人|家属|陪护|陪同|监护人|问|听|找|叫|喊|请|谢谢|感谢|辛苦|代|替|帮|像|比|@|由|因为?|怪|被|把)(?:是|:|\(|\s)*\s*$"
)
_PRONOUN = re.compile(
    r"(?:(?<=^)|(?<=[\s,。;!?:、]))(?:(?P<m>他)|(?P<f>她))(?!们|汀|妈的?|爸|人|说|讲|让|叫|问|陪|帮|替|给|打电话|儿|女|老|家|的|在(?:旁|陪|外|上班|单位))"
)
"""他 or 她 as the subject of a clause: the one spoken of."""
_KIN_PAIRS = ("大哥", "叔叔", "哥哥", "伯伯", "爷爷", "爸爸", "先生")
_FOR = re.compile(r"(?:替|帮|给|代)\s*(?:我|他|她|自己|一?[位个]|邻居)?\s*(?:家|的)?\s*$")


@dataclass(frozen=True)
class Kin:
    """Words for people: a pattern for all, and the sex of each (empty when it names none)."""

    pattern: re.Pattern[str]
    sexes: dict[str, str]


@lru_cache(maxsize=4)
def kin(path: Path = KIN) -> Kin:
    """Reads the table; a fault is a TableError."""
    sexes: dict[str, str] = {}
    for row in read_rows(path, ("says", "sex"), Faults(strict=True), ("note",)):
        sexes.update(dict.fromkeys(parts(row["says"], "|"), row["sex"]))
    return Kin(re.compile("|".join(map(re.escape, sorted(sexes, key=len, reverse=True)))), sexes)


def find_sexes(text: str) -> list[Mention]:
    """What names the sex; a pronoun only when nothing else does."""
    return list(_named_sexes(text)) or list(_pronouns(text))[:1]


def _pronouns(text: str) -> Iterator[Mention]:
    for found in _PRONOUN.finditer(text):
        yield mention("sex", "M" if found["m"] else "F", text, found.start(), found.end())


def _named_sexes(text: str) -> Iterator[Mention]:
    for found in _SEX_WORD.finditer(text):
        word = found["field"] or found["word"] or found["letter"] or found["letter2"]
        yield mention("sex", "M" if word in "男m" else "F", text, found.start(), found.end())
    for found in _BARE_PARENT.finditer(text):
        if _is_patient(text, found):
            yield mention("sex", "M" if found["m"] else "F", text, found.start(), found.end())
    for found in kin().pattern.finditer(text):
        sex = kin().sexes[found.group()]
        if sex and _is_patient(text, found):
            yield mention("sex", sex, text, found.start(), found.end())
    for found in informal(text):
        if found["m"] or found["f"]:
            yield mention("sex", "M" if found["m"] else "F", text, found.start("who"), found.end("who"))


def _is_patient(text: str, found: re.Match[str]) -> bool:
    """Not the one who calls, goes along, is thanked, or whose other relative is meant (我老公的妈妈)."""
    after = clause_after(text, found.end())
    if after.startswith("自己"):
        return True  # 胃管被老太自己拔了
    before = text[max(0, found.start() - 6) : found.start()]
    if _COMPANION_AFTER.match(after):
        return False
    if _COMPANION_BEFORE.search(before) and not _FOR.search(before):
        return False
    if found.group() in ("女士", "先生") and re.search(
        r"(?:家属|联系人|陪护|监护人)[^。!?;,\n]{0,4}$", left_of(text, found.start())
    ):
        return False
    pattern = kin().pattern
    if any(text.endswith(word, 0, found.start()) for word in _KIN_PAIRS):
        return False
    possessive = re.match(r"\s*(?:家的?|的)\s*", after)
    return not (pattern.match(after) or (possessive and pattern.match(after, possessive.end())))
