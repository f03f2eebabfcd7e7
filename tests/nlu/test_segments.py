"""Several patients in one message."""

from __future__ import annotations

import pytest

from tests.nlu.engine import AT, engine, parts, understand

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
    "骨转移的爷爷，腰还是酸，儿媳妇拿热水袋给他敷在贴的地方，睡着一下午了",
    "闪到腰了，叫得隔壁都来敲门，34岁，躺着不疼",
    "独居老伯坐在藤椅上没反应，邻居报过警，他儿子在外地，麻烦告诉流程",
    "3床发烧39，3床家属电话0000-1234",
    "维生素C没了 B超约不到 肚子痛",
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
    ("孕妈妈汇总：A 30周，下面出血；B 36周+1，一小时来七八次肚子发紧；C 28周，心口窝疼", 3),
    ("肿瘤家庭三位：甲，肺癌，脸肿；乙，前列腺癌，腰疼；丙，眼皮抬不起来", 3),
    ("护理院登记：1床 胡伯伯 38.8 咽不下；2床 小蒋 33岁男 尿管不流；4床 汤阿公 屁股褥疮", 3),
    ("眼睛的事合并发：老吴溅了清洗剂右眼疼；李奶奶右眼胀痛吐了；小唐打球撞了头左眼看不见", 3),
    ("三位孕妇：一个30周见红；一个36周肚子痛；一个28周头痛", 3),
    ("我爸脚麻。还有两个邻居：一个造口的阿婆，肚子痛；一个糖尿病大爷，发烧39", 3),
    ("上个礼拜胸痛，51岁男。另外我外甥6岁，在家睡觉老是咽口水", 2),
    ("我妈咳嗽 另外还有一位，姓张，58岁，胸痛", 2),
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


def test_what_befell_all_is_told_of_each_and_a_town_is_everybodys() -> None:
    told = "石湖荡 关了窗烧煤炉 老爷子70岁头痛恶心 老太68岁也讲头痛"
    reports = understand(told).reports
    assert [report.level for report in reports] == [2, 2]
    assert [report.entities["town"] for report in reports] == ["石湖荡镇", "石湖荡镇"]


def test_rooms_in_running_text_are_a_patient_each() -> None:
    """走不了远路 names no road."""
    told = engine().patients("永丰同一个门洞报两个 302室男45岁 脚背肿 走不了远路 501室 孕妇37周 羊水破了", AT)
    assert [report.entities.get("age") for report in told] == [45, None]
    assert [report.entities.get("gestation") for report in told] == [None, "37+0"]


def test_what_is_told_of_two_at_first_holds_for_each() -> None:
    reports = engine().patients("泗泾老夫妻俩都阳了。老头子81，咳得厉害；老太79，喉咙痛。", AT)
    assert [(r.entities["age"], r.entities["town"], r.entities["covid"]) for r in reports] == [
        (81, "泗泾镇", "positive"),
        (79, "泗泾镇", "positive"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "老先生突然没声音了 胸口不动 他儿子在按胸口 快叫车",
        "独居爷叔打胰岛素的 隔壁听到他说胡话 进去一看衣服全湿",
        "我姐大前天开始说邻居在饭里下毒 自己跟自己讲话",
        "爷爷昨晚不认得儿子了 夜里乱走",
        "小囡吃了妈妈的降压药 两岁",
        "父亲66岁 右边手脚不动 喝水呛 妈妈腿不好抱不动他",
        "父亲66岁 右边手脚不动 等到晚上邻居用三轮车送到医院 急诊关了",
        "我妈68 肩胛酸 邻居老王前天心梗了 吓得她一晚上没睡着",
        "妈妈胃癌 口服药第三个疗程 手脚发麻 嘴里烂",
        "老头子尿频 前列腺一直大的 药在吃",
    ],
)
def test_who_helps_hears_or_is_suspected_is_no_patient(text: str) -> None:
    assert len(engine().patients(text, AT)) == 1


def test_who_is_ill_himself_is_no_helper() -> None:
    reports = engine().patients("我妈咳嗽两天 我爸抬不起右手 嘴也歪了", AT)
    assert [(report.level, report.entities["sex"]) for report in reports] == [(4, "F"), (2, "M")]


def test_twins_are_two_however_they_are_announced() -> None:
    reports = engine().patients("双胞胎儿子都是3岁 大的39.5烧了一天 小的流鼻涕", AT)
    assert [report.entities["age"] for report in reports] == [3, 3]


def test_what_befell_a_couple_is_told_of_each() -> None:
    reports = engine().patients("夫妻俩昨晚关着窗烧煤球取暖 男的41走路打飘 女的38头痛恶心", AT)
    assert [report.level for report in reports] == [2, 2]


def test_as_many_items_as_people_were_announced_are_a_patient_each() -> None:
    text = "三个孕产妇情况汇总 ①孕39+3 规律宫缩 ②孕24周 糖耐 预约 ③产后28天 乳房胀"
    assert len(parts(text)) == 3
    assert len(parts("有两个问题 1.血压药没了 2.腿痛要不要拍片")) == 1
