"""What a message points at: case numbers, hospitals, people, and whether it means all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlu.case_numbers import case_numbers
from nlu.clauses import fold
from nlu.cues import word_class
from nlu.gazetteer import Gazetteer
from nlu.mention import left_of
from nlu.outside import elsewhere, outside
from nlu.pointing import place_in_list, says
from nlu.understanding import Pointers

COMMON_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
"""Of most people; before one of these a word is hardly ever anything else than a name."""
SURNAMES = (
    COMMON_SURNAMES
    + "褚卫尤施严华陶戚喻葛郎鲁韦苗俞柳费岑倪滕毕邬安时卞齐伍穆肖祁狄米庞纪舒屈项祝阮蓝闵季路童颜梅盛骆樊凌霍虞柯管莫房单洪包左"
    "裴翁荀焦全班宁仇甘厉祖符景詹司薄蒲卓连涂温庄晏柴瞿向古居耿匡欧沃巩聂辛游桂关闫付代覃"
)
TITLES = "主任医师|副主任|主任|医生|医师|大夫|老师|护士长|护士|护师|科长|处长|院长|书记|组长|站长|所长|局长|部长|药师|师傅|教授|博士|队长|经理|同学|阿姨|姐|哥|工"
_MENTION = re.compile(r"@([^\s@,，。;；:：!！?？\u2005]{1,24})")
_TITLED = re.compile(rf"([小老]?[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:{TITLES}))")
_NICKNAME = re.compile(
    rf"(?<![\u4e00-\u9fff])?([小老阿][{SURNAMES}])(?![\u4e00-\u9fff]?(?:镇|村|区|路|楼|婆|公|姨|人|孩|囡|毛))"
)
_HANDED = re.compile(
    r"(?:转给|交给|派给|分给|移交给|转交给?|指派给?|分配给|请|麻烦|辛苦|让|叫|由|派|安排|联系|烦请|劳烦|拜托|有劳|归)\s*@?\s*$"
)
_ACTS_AFTER = re.compile(
    r"[,，\s:：]*(?:你|您|来|去|也|再|先|帮忙|麻烦|请|辛苦|能不能|可以)*(?:跟|联系|处理|对接|负责|看|接|盯|落实|协调|牵头|核实|安排|回|问|说|在)"
)
_LAST = re.compile(r"\s*\Z")
_NAME = re.compile(rf"([{SURNAMES}][\u4e00-\u9fff]{{1,2}})$")
_EVERYTHING = re.compile(
    r"全部|全都|统统|所有的?(?!人|成员)|(?:两|俩|三|四|几|\d)\s?个?(?:例|单|位|人|案子?|病人|个|件)?(?:都|(?:我|我们|咱|咱们|你|你们)都)|"
    r"都(?:可以|能|先|请|要)?(?:结|关|收|接|取消|撤|到|送|处理|搞定|解决|上车|走|好|暂停|提醒|重开|打开|转|派|不|归我|交给|由我|我[来跟])|"
    r"一并|一起(?:结|关|收|处理|送|转|取消)|一块儿?(?:结|关|收|处理)|每个"
)
_EVERYBODY = re.compile(r"所有人|all|全体成员|所有成员")


def point(text: str, gazetteer: Gazetteer, concepts: Iterable[str] = ()) -> Pointers:
    """Everything in the words that helps to find the case. `concepts` are the clinical ones found, of any tense."""
    folded = fold(text)
    spans = hospital_spans(folded, gazetteer)
    return Pointers(
        case_numbers=case_numbers(folded),
        hospitals=tuple(dict.fromkeys(name for _, _, name in spans)),
        departments=tuple(dict.fromkeys(match[0] for match in word_class("科").finditer(folded))),
        outside=outside(text, spans),
        persons=persons(folded),
        concepts=tuple(dict.fromkeys(concepts)),
        everything=bool(_EVERYTHING.search(folded)),
        place=place_in_list(folded),
        back=says("那", folded),
        pronoun=says("她", folded),
        none=says("都不", folded),
        own=says("我方", folded),
        progress=says("进展", folded),
        elsewhere=says("别处", folded),
    )


def hospital_spans(folded: str, gazetteer: Gazetteer) -> list[tuple[int, int, str]]:
    """Where institutions stand: start, end, full name. An alias that is also a town's name is not one."""
    aliases = gazetteer.aliases
    hits = [
        (rank, last + 1 - size, last + 1, name)
        for last, (rank, size, name) in (aliases.iter(folded) if aliases is not None else ())
    ]
    found: list[tuple[int, int, str]] = []
    taken: set[int] = set()
    for _, start, end, name in sorted(hits):
        if taken.isdisjoint(range(start, end)) and not elsewhere(folded, start, end):
            taken.update(range(start, end))
            found.append((start, end, name))
    return sorted(found)


def persons(folded: str) -> tuple[str, ...]:
    """Members meant: after @, with a title or nickname, or a plain name that something is handed to."""
    found: dict[int, str] = {}
    for match in _MENTION.finditer(folded):
        if not _EVERYBODY.match(match[1]):
            found[match.start(1)] = match[1]
    covered = {position for start, name in found.items() for position in range(start, start + len(name))}
    for pattern in (_TITLED, _NICKNAME):
        for match in pattern.finditer(folded):
            if match.start(1) not in covered and _meant(folded, match.start(1), match.end(1)):
                found[match.start(1)] = match[1]
                covered.update(range(match.start(1), match.end(1)))
    found.update({start: name for start, name in _plain_names(folded) if start not in covered})
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def _meant(text: str, start: int, end: int) -> bool:
    begins, ends = start == 0, _LAST.match(text, end)
    return bool(begins or ends or _HANDED.search(left_of(text, start)) or _ACTS_AFTER.match(text, end))


def _plain_names(text: str) -> Iterator[tuple[int, str]]:
    """转给王建国, 交给李敏: a name only where something is handed over and the name ends the clause."""
    for clause in re.finditer(
        r"(?:转给|交给|派给|分给|移交给|指派给?|分配给)\s*([^\s,，。;；!！?？]{2,8})", text
    ):
        words = re.split(r"跟|处理|负责|对接|联系|来|去|吧|了|看|落实|办|接", clause[1])[0]
        name = _NAME.match(words)
        if name:
            yield clause.start(1), name[1]
