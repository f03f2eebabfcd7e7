"""What hospitals and coordinators write of a department: who, which one, how it is, until when.

`""` is the speaker's own hospital. The messages are invented; they were written before the words were learned.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.hospital_status import status
from tests.nlu.engine import AT, engine

NIGHT = datetime.fromisoformat("2022-04-04T21:40:00+08:00")
CENTRAL, CITY, SIJING = "松江区中心医院", "上海市第一人民医院(南部)", "松江区泗泾医院"
FUKE, ENT = "复旦大学附属妇产科医院", "复旦大学附属眼耳鼻喉科医院"

SAID = [
    ("血透满了", "", "血透", "full", None),
    ("我们停了", "", None, "closed", None),
    ("今晚停电，急诊收不了", "", "急诊", "closed", "05 08:00"),
    ("今天满了", "", None, "full", "05 00:00"),
    ("停诊到明早8点", "", None, "closed", "05 08:00"),
    ("周三恢复", "", None, "closed", "06 08:00"),
    ("只收急诊", "", "门诊", "closed", None),
    ("今晚只收急危重，其他不接", "", "门诊", "closed", "05 08:00"),
    ("还有3个位置", "", None, "open", None),
    ("血透室下午还能加5个", "", "血透室", "open", None),
    ("恢复了", "", None, "open", None),
    ("恢复接诊了，可以送", "", None, "open", None),
    ("市一南部产科今天不接了，明早八点再接", CITY, "产科", "closed", "05 08:00"),
    ("泗泾血透今天排满，加不进了", SIJING, "血透", "full", "05 00:00"),
    ("九亭医院儿科医生被隔离，这两天不开", "松江区九亭医院", "儿科", "closed", "06 00:00"),
    ("方塔急诊停到中午12点", "松江区方塔中医医院", "急诊", "closed", "04 12:00"),
    ("我们产科今晚不收新病人，明早交班后恢复", "", "产科", "closed", "05 08:00"),
    ("妇幼产房爆满，下午三点前别往这边送", "松江区妇幼保健院", "产房", "full", "04 15:00"),
    ("我们检验科停电，预计十点半来电", "", "检验科", "closed", "04 10:30"),
    ("乐都医院整栋楼封了，封到周五", "松江区乐都医院", None, "closed", "08 08:00"),
    ("区中心CT修好了，可以做", CENTRAL, "CT", "open", None),
    ("泗泾急诊开着的，放心送", SIJING, "急诊", "open", None),
    ("发热门诊今天不接了", "", "发热门诊", "closed", "05 00:00"),
    ("五官科医院夜间急诊停，明早七点开", ENT, "急诊", "closed", "05 07:00"),
    ("红房子黄浦院区停诊三天", FUKE, None, "closed", "07 09:12"),
    ("口腔科暂时不开，等通知", "", "口腔科", "closed", None),
    ("急诊照常，门诊停到周四", "", "门诊", "closed", "07 08:00"),
    ("我院肾内科床位全占着，明天下午才有两个出院", "", "肾内科", "full", "05 14:00"),
    ("2号我们今天满了，换一家吧", "", None, "full", "05 00:00"),
    ("下午两点以后恢复接诊", "", None, "closed", "04 14:00"),
    ("精卫中心暂不收治新病人", "松江区精神卫生中心", None, "closed", None),
    ("我们眼科今天只看到十一点半", "", "眼科", "open", "04 11:30"),
    ("区中心血透室明天停一天", CENTRAL, "血透室", "closed", "06 00:00"),
    ("小昆山社区核酸异常，全中心封48小时", "小昆山镇社区卫生服务中心", None, "closed", "06 09:12"),
    ("洞泾社区发热哨点今天关了，明天照开", "洞泾镇社区卫生服务中心", "发热哨点", "closed", "05 08:00"),
    ("岳阳社区配药窗口系统崩了，大约一小时恢复", "岳阳街道社区卫生服务中心", "配药窗口", "closed", "04 10:12"),
    ("市一儿科晚上8点停止接诊", CITY, "儿科", "open", "04 20:00"),
    ("血透室水处理坏了，最快明天中午能好", "", "血透室", "closed", "05 12:00"),
    ("ICU没床了，要等到周四", "", "ICU", "full", "07 08:00"),
    ("急诊在消杀，大概六个小时", "", "急诊", "closed", "04 15:12"),
    ("泗泾血透水机坏特了，今朝做勿了", SIJING, "血透", "closed", "05 00:00"),
    ("急诊爆晒，唔好再送过嚟", "", "急诊", "full", None),
    ("儿科就一个医生看不过来了，要到晚上六点换班才能再收", "", "儿科", "full", "04 18:00"),
    ("中心医院透析机全占着，两小时内不要送人来", CENTRAL, "透析", "full", "04 11:12"),
    ("方松社区疫苗台在换冷柜，下午一点好", "方松街道社区卫生服务中心", "疫苗", "closed", "04 13:00"),
]  # fmt: skip
AT_NIGHT = [
    ("急诊今晚停电收不了，天亮恢复", "", "急诊", "closed", "05 06:00"),
    ("市一急诊抢救室全满，夜里两点前别送", CITY, "急诊抢救室", "full", "05 02:00"),
    ("到明早七点只收抢救", "", "门诊", "closed", "05 07:00"),
    ("产科通宵开着", "", "产科", "open", None),
    ("发热门诊停到零点", "", "发热门诊", "closed", "05 00:00"),
]
NOTHING_SAID = [
    "收到",
    "好的，我们看一下",
    "可以，送过来吧",
    "老人恢复了，谢谢大家",
    "小区封到周五，出不去",
    "药停了两天，人有点慌",
    "冰箱塞满了菜",
    "孩子烧退了，恢复得很好",
    "血透什么时候恢复？",
    "你们那边还有位置吗",
    "如果急诊停了就送市一",
    "今晚小区停电到十点",
    "病人停了两天药，血压高",
    "宝宝明天满月",
]


def said(text: str, at: datetime) -> tuple[str, str | None, str, str | None] | None:
    found = status(text, at, engine().gazetteer, role="hospital")
    if found is None:
        return None
    return found.hospital, found.department, found.state, f"{found.until:%d %H:%M}" if found.until else None


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [(text, AT, tuple(expected)) for text, *expected in SAID]
    + [(text, NIGHT, tuple(expected)) for text, *expected in AT_NIGHT],
)
def test_what_a_hospital_says_of_itself(
    text: str, at: datetime, expected: tuple[str, str | None, str, str | None]
) -> None:
    found = said(text, at)
    assert found is not None
    hospital, department, *rest = found
    assert (hospital, (department or "").lower() or None, *rest) == (
        expected[0],
        (expected[1] or "").lower() or None,
        *expected[2:],
    )


@pytest.mark.parametrize("text", NOTHING_SAID)
def test_nothing_is_read_into_other_words(text: str) -> None:
    assert said(text, AT) is None


@pytest.mark.parametrize(
    ("text", "state", "since", "until"),
    [
        ("区中心医院急诊今晚八点到明早六点停诊", "closed", "04 20:00", "05 06:00"),
        ("本院儿科周三至周五停诊", "closed", "06 00:00", "09 00:00"),
        ("区中心血透室明天停一天", "closed", "05 00:00", "06 00:00"),
        ("产科下午四点起停诊", "open", "04 16:00", "04 16:00"),
    ],
)
def test_a_closing_that_is_only_announced(text: str, state: str, since: str, until: str) -> None:
    found = status(text, AT, engine().gazetteer, role="hospital")
    assert found is not None and found.since is not None and found.until is not None
    assert (found.state, f"{found.since:%d %H:%M}", f"{found.until:%d %H:%M}") == (state, since, until)


@pytest.mark.parametrize("text", [row[0] for row in SAID])
def test_such_words_settle_what_the_message_does(text: str) -> None:
    assert engine().understand(text, AT, role="hospital").act in ("hospital_status", "decline")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("泗泾那边血透停了，说是要到周六", "coordinator"),
        ("市一急诊刚回电说今晚别往那送", "coordinator"),
        ("化疗病房解封了，明天起收治", "hospital"),
        ("五官科医院急诊24小时开放", "leader"),
    ],
)
def test_who_telephoned_says_it_too(text: str, role: str) -> None:
    assert engine().understand(text, AT, role=role).act == "hospital_status"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("有床，过来吧", "hospital"),
        ("2号满了的话送市一", "coordinator"),
        ("我妈血透停了三天，人喘得厉害", "contact"),
        ("病人恢复了，可以结案", "hospital"),
        ("急诊还收吗", "coordinator"),
    ],
)
def test_a_patient_or_a_question_makes_it_something_else(text: str, role: str) -> None:
    assert engine().understand(text, AT, role=role).act != "hospital_status"
