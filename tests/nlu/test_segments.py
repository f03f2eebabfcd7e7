"""Several patients in one message."""

from __future__ import annotations

import pytest

from tests.nlu.engine import parts, understand

ONE = [
    "我爸发烧39 咳嗽 头痛",
    "1.发烧三天 2.咳嗽 3.有糖尿病",
    "1.氨氯地平2盒 2.二甲双胍3盒 给72岁的阿婆",
    "姓名:钱某\n性别:女\n年龄:59\n症状:发热38.9三天",
    "1.姓名:钱某 2.性别:女 3.年龄:59 4.症状:发热",
    "我妈说她胸口痛 我女儿陪着",
    "居民82岁发烧 老人独居 儿子电话0000-1234",
    "家里就老两口 老太太气喘",
    "我陪我妈 我妈头痛",
    "两个人都昏过去了 一个叫不醒 新松江路100号",
    "一家三口吃了都吐",
    "夫妻俩都煤气中毒 头晕恶心",
    "一家四口同时头晕恶心 家里烧炭",
    "住在301室 老人发烧",
    "方松街道陈先生45岁胃痛两天 今年45岁 家住方松",
    "佘山镇病人女 65岁 糖尿病 佘山镇陈坊苑6号 咳嗽三天，儿子40岁电话0000-1234",
    "松江区新松江路301号502室老人发烧",
]
SEVERAL = [
    ("【配药】1.患者乙 女72 氨氯地平2盒 2.患者丙 男65 阿托伐他汀1盒", 2),
    ("①女65 缬沙坦 ②男70 二甲双胍 ③男58 阿托伐他汀", 3),
    ("王阿姨72岁发烧两天\n李老伯80岁要配药", 2),
    ("我爸发烧39度 我妈血压高210头痛", 2),
    ("3号楼阿婆摔跤腿不能动 另外5号楼有个孕妇见红了", 2),
    ("我老公脚痛 顺便隔壁邻居要配降压药", 2),
    ("双胞胎都发烧39.5", 2),
    ("老两口都咳嗽发热", 2),
    ("老两口都发烧 吃了退烧药没退", 2),
    ("楼里两户：301老人发烧咳嗽；502孕妇肚子痛", 2),
    ("502室宝宝发烧39，603室老人摔跤起不来", 2),
    ("3号楼老伯胸痛；5号楼阿姨要配降压药", 2),
    ("一家三口都阳了都发烧", 3),
    ("一位居民胸痛 还有一位孕妇破水了", 2),
    ("泗泾镇王阿婆78岁摔跤大腿痛不能动 方松街道陈先生45岁突然说话不清右手没力", 2),
    ("姓名:甲\n年龄:70\n症状:发热\n姓名:乙\n年龄:60\n症状:咳嗽", 2),
]


@pytest.mark.parametrize("text", ONE)
def test_one_patient(text: str) -> None:
    assert len(parts(text)) == 1, parts(text)


@pytest.mark.parametrize(("text", "count"), SEVERAL)
def test_several_patients(text: str, count: int) -> None:
    assert len(parts(text)) == count, parts(text)


def test_each_patient_has_his_own_findings_and_the_heading_is_shared() -> None:
    result = understand("新桥镇今天两位:\n1.王阿姨72岁 胸痛出冷汗\n2.李老伯80岁 配降压药 剩3天")
    assert result.act == "report"
    first, second = result.reports
    assert (first.level, first.entities["age"], first.entities["town"]) == (2, 72, "新桥镇")
    assert (second.level, second.entities["age"], second.entities["town"]) == (4, 80, "新桥镇")
    assert "symptoms" not in second.entities


def test_a_finished_matter_before_a_new_patient_is_no_report() -> None:
    result = understand("昨天那个配药的药收到了谢谢 另外隔壁阿公吐了好多黑红色的 头晕站不住")
    assert [r.level <= 2 for r in result.reports] == [True]
    assert [a.act for a in result.also] == ["close"]
