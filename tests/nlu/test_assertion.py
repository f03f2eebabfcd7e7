"""Whether a complaint is there: denied, over, past, supposed, hearsay, figurative."""

from __future__ import annotations

import pytest

from tests.nlu.engine import statuses, triaged

DENIED = [
    ("没有红肿发热疼痛", ["发热"]),
    ("没有发热、咳嗽、胸痛", ["发热", "咳嗽", "胸痛"]),
    ("无发热,无咳嗽", ["发热", "咳嗽"]),
    ("否认胸痛、气急", ["胸痛", "气促"]),
    ("没有发热,咳嗽,腹泻等症状", ["发热", "咳嗽", "腹泻"]),
    ("肚子不痛", ["腹痛"]),
    ("头不痛也不晕", ["头痛"]),
    ("发烧没有,咳嗽也没有", ["发热", "咳嗽"]),
    ("发热、咳嗽都没有", ["发热", "咳嗽"]),
    ("不发烧不咳嗽", ["发热", "咳嗽"]),
    ("目前没有出现呕吐", ["呕吐"]),
    ("症状:发热(-)", ["发热"]),
    ("没有疼痛和瘙痒 就是有点肿", ["疼痛", "皮肤瘙痒"]),
    ("眼睛没有红痛", ["眼红", "眼痛"]),
]


@pytest.mark.parametrize(("text", "names"), DENIED)
def test_denied(text: str, names: list[str]) -> None:
    found = statuses(text)
    assert {name: found.get(name) for name in names} == dict.fromkeys(names, "denied")


DENIED_ACROSS = [
    ("没有轻生念头", "自杀意念"),
    ("没有不想活", "自杀意念"),
    ("嘴唇破了 不大出血", "大出血"),
    ("没有呼吸困难", "呼吸困难"),
    ("脚肿三天 气不急", "气促"),
    ("没烧没停经", "停经"),
    ("没做过化疗 今天发烧", "化疗"),
    ("撞了头 没吃抗凝药", "抗凝治疗"),
]


@pytest.mark.parametrize(("text", "name"), DENIED_ACROSS)
def test_a_denial_that_ends_inside_the_complaint_counts(text: str, name: str) -> None:
    found = statuses(text)
    assert found.get(name) == "denied"
    assert "心跳呼吸骤停" not in found


@pytest.mark.parametrize("text", ["今天没吃抗凝药 撞了头", "三天没吃抗凝药 撞了头"])
def test_a_dose_left_out_is_no_denial_of_the_treatment(text: str) -> None:
    assert statuses(text).get("抗凝治疗") == "affirmed"


AFFIRMED = [
    ("没有胸痛,就是喘不上气", "呼吸困难"),
    ("没有胸痛就是喘不上气", "呼吸困难"),
    ("不是胸痛,是头痛", "头痛"),
    ("没想到又发烧了", "发热"),
    ("没吃药发烧39", "发热"),
    ("不知道怎么了一直呕吐", "呕吐"),
    ("没过多久就开始发烧", "发热"),
    ("不但发烧还咳嗽", "发热"),
    ("没人管 我爸胸痛", "胸痛"),
    ("以前没有,今天胸痛", "胸痛"),
    ("吃了退烧药又发烧", "发热"),
    ("药没了 头痛", "头痛"),
    ("约好了明天去 现在胸痛", "胸痛"),
    ("烧还没退", "发热"),
    ("去年也这样 今天突然胸痛", "胸痛"),
    ("没有感冒突然右边手脚没力气了", "单侧肢体无力"),
    ("不发烧咳嗽两天", "咳嗽"),
    ("胃不痛后背痛", "放射痛"),
    ("糖尿病没有 上礼拜起咳嗽", "咳嗽"),
    ("以前没有过,还有左胸口痛", "胸痛"),
    ("之前感冒发烧,好了,但是一直咳嗽", "咳嗽"),
    ("没什么胃口", "食欲减退"),
    ("我很担心 今天咯血了", "咯血"),
    ("我爸脑梗 我很担心 右手动不了", "肢体活动障碍"),
    ("一天都没有胃口", "食欲减退"),
    ("把别人桌上的农药当水喝了一口", "农药中毒"),
]


@pytest.mark.parametrize(("text", "name"), AFFIRMED)
def test_affirmed(text: str, name: str) -> None:
    assert statuses(text).get(name) == "affirmed"


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("昨天发烧今天退了", "发热", "over"),
        ("昨天头痛 今天好了", "头痛", "over"),
        ("咳嗽已经好了", "咳嗽", "over"),
        ("不咳嗽了", "咳嗽", "over"),
        ("以前胸痛过", "胸痛", "past"),
        ("去年晕倒过", "晕厥", "past"),
        ("如果再胸痛怎么办", "胸痛", "supposed"),
        ("担心晚上发烧", "发热", "supposed"),
        ("有没有发烧", "发热", "supposed"),
        ("胸痛吗", "胸痛", "supposed"),
        ("听说有人胸痛", "胸痛", "other"),
        ("胸痛门诊在哪", "胸痛", "mentioned"),
    ],
)
def test_other_readings(text: str, name: str, status: str) -> None:
    assert statuses(text).get(name) == status


@pytest.mark.parametrize(
    "text", ["没呼吸了", "叫他没反应", "一天没小便", "宝宝不吃奶", "肚子里的宝宝没胎动了"]
)
def test_a_denial_that_is_the_sign_itself_is_affirmed(text: str) -> None:
    assert "affirmed" in statuses(text).values()
    assert "negated" not in triaged(text).entities


@pytest.mark.parametrize(
    "text", ["刚才晕倒了 现在好了", "我爸刚才抽搐了一下 现在停了", "胸痛半小时 现在不痛了"]
)
def test_over_does_not_silence_what_is_dangerous(text: str) -> None:
    assert triaged(text).level <= 3
    assert triaged(text).entities["symptoms"]


@pytest.mark.parametrize("text", ["心痛钱", "笑死我了", "今天累死了", "头都大了 表格填不完"])
def test_figures_of_speech_are_no_complaint(text: str) -> None:
    report = triaged(text)
    assert report.level == 4
    assert "symptoms" not in report.entities


def test_an_old_stroke_is_history_and_a_new_sign_is_not() -> None:
    report = triaged("以前脑梗过,今天配药")
    assert (report.level, report.entities["history"]) == (4, ["脑梗死"])
    assert triaged("以前脑梗过,今天突然右手没力气").level <= 2


SUPPOSED = [
    ("要是突然胸痛应该先打120还是先吃药", "胸痛"),
    ("万一老人半夜突然抽搐该怎么处理", "抽搐"),
    ("假如晚上见红了要不要马上叫救护车", "见红"),
    ("胸痛的话应该打哪个电话", "胸痛"),
]


@pytest.mark.parametrize(("text", "name"), SUPPOSED)
def test_a_supposition_holds_over_words_of_onset(text: str, name: str) -> None:
    assert statuses(text)[name] == "supposed"
    assert triaged(text).level == 4


def test_a_supposition_ends_with_its_conclusion() -> None:
    found = statuses("要是再不透析就要没命了 已经四天没透 喘得厉害")
    assert found["透析漏做"] == found["呼吸困难"] == "affirmed"


@pytest.mark.parametrize(
    "text", ["老伴走了以后老说不想活了", "要是没人管我就不想活了", "如果今天还没人来我就跳楼"]
)
def test_words_of_suicide_are_never_only_supposed(text: str) -> None:
    assert statuses(text)["自杀意念"] == "affirmed"
    assert triaged(text).level <= 2


PAST_INSIDE = [
    ("小孩去年热性惊厥过 现在配退烧药", "惊厥"),
    ("同事的妈妈去年脑出血走的 我现在就是有点头晕", "脑出血"),
    ("同事的妈妈去年脑出血走的 我现在就是有点头晕", "脑梗死"),
]


@pytest.mark.parametrize(("text", "name"), PAST_INSIDE)
def test_what_is_said_inside_a_past_is_past(text: str, name: str) -> None:
    assert statuses(text)[name] == "past"
    assert triaged(text).level == 4


@pytest.mark.parametrize(
    ("text", "there", "over"),
    [
        ("发烧三天,还在咳,不烧了", "咳嗽", "发热"),
        ("发烧胸闷,体温正常了", "胸闷", "发热"),
        ("头晕,昨天吐,今天不吐了", "头晕", "呕吐"),
    ],
)
def test_a_word_that_ends_one_complaint_ends_no_other(text: str, there: str, over: str) -> None:
    assert statuses(text)[there] == "affirmed"
    assert statuses(text)[over] != "affirmed"


@pytest.mark.parametrize("text", ["像有人掐着脖子喘不上气", "喉咙像被掐住一样"])
def test_a_likeness_is_no_strangling(text: str) -> None:
    assert statuses(text).get("勒颈") != "affirmed"


def test_hours_are_no_childhood() -> None:
    assert statuses("24小时无尿")["无尿"] == "affirmed"
    assert statuses("小时候得过肺炎 现在咳嗽")["肺炎"] == "past"


def test_fainting_is_not_over_by_its_own_words() -> None:
    assert statuses("两个人都昏过去了")["晕厥"] == "affirmed"


def test_somebody_fond_of_something_has_no_fever() -> None:
    assert statuses("群里有发烧友吗 出个音响")["发热"] == "mentioned"


@pytest.mark.parametrize("text", ["老慢支病人家里制氧机坏了", "老人家里制氧机坏了"])
def test_the_home_of_a_patient_is_not_somebody_elses(text: str) -> None:
    assert statuses(text)["供氧中断"] == "affirmed"


def test_the_name_of_a_disease_does_not_lend_its_organ() -> None:
    assert "上腹痛" not in statuses("胃癌 痛")
    assert statuses("胃癌 肚子痛")["腹痛"] == "affirmed"


def test_an_organ_inside_a_longer_word_is_none() -> None:
    assert "头部出血" not in statuses("像开了水龙头一样流血")


def test_names_of_drugs_are_not_corrected() -> None:
    assert "PICC" not in statuses("失眠一个多月 要配佐匹克隆")
    assert statuses("匹克管要冲管")["PICC"] == "affirmed"


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("我家老太婆右手突然没力气 嘴也歪了", {"上肢无力", "口角歪斜"}, "肢体变形"),
        ("手摔得都歪了", {"肢体变形"}, "口角歪斜"),
    ],
)
def test_a_part_that_has_its_complaint_takes_no_other_parts(
    text: str, there: set[str], not_there: str
) -> None:
    found = set(statuses(text))
    assert there <= found and not_there not in found


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("胳膊肘撞了一下,肿起来了", "肘关节肿胀", "肿胀"),
        ("眼睛被手揉得看不清", "视物模糊", "手部看不清"),
        ("肩膀抬到一半就卡住疼", "肩痛", "体内异物"),
        ("指甲盖下面全是血", "甲床伤", "阴道流血"),
        ("小腿上密密麻麻的小红点", "皮疹", "下肢麻木"),
    ],
)
def test_a_complaint_goes_with_a_part_it_can_be_of(text: str, there: str, not_there: str) -> None:
    found = set(statuses(text))
    assert there in found and not_there not in found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("气胸以前开过刀 现在咳嗽", "气胸"),
        ("生好带状疱疹以后背上痛", "带状疱疹"),
        ("耳石症以前复位过 今天头晕", "耳石症"),
    ],
)
def test_what_was_treated_or_healed_before_is_past(text: str, name: str) -> None:
    assert statuses(text)[name] == "past"


def test_a_complaint_goes_to_the_nearer_part_and_a_denial_no_further() -> None:
    found = statuses("冷汗没有 手脚有力 就是嗓子痒干咳三天")
    assert found == {"冷汗": "denied", "咽痒": "affirmed", "干咳": "affirmed"}
    assert "手部肿胀" not in statuses("手腕肿得变形了")
    assert "腹痛突消" in statuses("右下肚子痛了两天 突然不痛了")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("要是有老人昏倒 先放平", "晕厥"),
        ("如果有人晕倒了马上打120", "晕厥"),
        ("破水的 大出血的 一律先送后补核酸", "大出血"),
    ],
)
def test_an_order_for_whoever_will_have_it_is_only_supposed(text: str, name: str) -> None:
    assert statuses(text)[name] == "supposed"


@pytest.mark.parametrize(
    "text", ["巡楼发现老人昏倒在楼道", "路上遇到一个昏倒的", "如果可以请安排 阿婆昏倒了"]
)
def test_who_is_found_so_is_there(text: str) -> None:
    assert statuses(text)["晕厥"] == "affirmed"


def test_what_somebody_died_of_years_ago_is_past_in_all_its_words() -> None:
    assert statuses("我妈前年就是心梗走的")["心肌梗死"] == "past"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("老妈昏迷两小时 120一律要等六小时", "意识障碍"),
        ("我妈胸痛两小时了，120说一律不收没核酸的", "胸痛"),
        ("宝宝抽搐翻白眼 医院说没核酸一律不接", "抽搐"),
        ("孕妇大出血 能不能先送后补核酸", "大出血"),
        ("需要有人背下楼 老人突然晕倒", "晕厥"),
        ("但凡躺下就喘不上气 老伯80岁", "端坐呼吸"),
    ],
)
def test_a_plea_with_the_same_words_is_no_order(text: str, name: str) -> None:
    assert statuses(text)[name] == "affirmed"


@pytest.mark.parametrize(("text", "name"), [("没透析过 小便少", "透析"), ("以前没有化疗过", "化疗")])
def test_what_was_never_done_is_denied(text: str, name: str) -> None:
    assert statuses(text)[name] == "denied"


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("2019年大出血抢救过 现在配药", "大出血", "past"),
        ("2021年开始头晕到现在", "头晕", "affirmed"),
        ("发病了 打人倒是没有动手", "暴力行为", "denied"),
        ("突然说话不清，一刻钟就又正常了", "言语不清", "over"),
        ("做了个昏迷的梦 我爸要配药", "意识障碍", "mentioned"),
        ("腰痛，没烧【需求】配药", "发热", "denied"),
        ("刚刷到新闻 一个小孩吞了电池", "吞电池", "other"),
        ("睡前吃了鼻炎颗粒", "鼻炎", "mentioned"),
        ("我妈直肠癌开过刀 我有点怕 想约肠镜", "结直肠癌术后", "other"),
        ("男60岁 上腹痛 父亲死于胃癌", "胃癌", "other"),
        ("我奶奶68岁肩膀酸两天了 邻居老陈前天心梗了 吓得她睡不着", "急性心梗", "other"),
        ("邻居老陈刚才心梗了 吓得我赶紧喊人", "急性心梗", "affirmed"),
        ("我妈胸口痛 我有点怕", "胸痛", "affirmed"),
        ("头痛 是不是受凉了", "上呼吸道感染", "supposed"),
        ("嘴歪了 是不是中风了", "急性脑卒中", "affirmed"),
        ("小狗叫一样咳 吸气嘶嘶响", "喉喘鸣", "affirmed"),
    ],
)
def test_more_readings(text: str, name: str, status: str) -> None:
    assert statuses(text).get(name) == status


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("还烧心 泛酸水", "反酸", "发热"),
        ("一直睡眠不好", "失眠", "嗜睡"),
        ("乙肝病毒复查", "乙肝", "肝病"),
        ("我妈妈手指烂了", "手指溃烂", "腕部疼痛"),
        ("我头痛 不想动手术", "头痛", "精神萎靡"),
        ("吃了两天肠炎宁 拉肚子", "腹泻", "肠炎"),
        ("嘴里一股水果味 吐了", "呕吐", "破水"),
        ("发热 膀胱查了没有异常,以前也经常隐痛", "发热", "尿痛"),
        ("关节酸痛,今天没什么感觉", "关节痛", "关节麻木"),
        ("男的 下腹阵痛", "下腹痛", "规律宫缩"),
    ],
)
def test_a_way_of_saying_gives_way_to_the_word_it_would_cut(text: str, there: str, not_there: str) -> None:
    found = statuses(text)
    assert there in found and not_there not in found


def test_the_other_side_is_told_of_the_part_named_before() -> None:
    assert statuses("左脚正常,右边的有点肿").get("下肢水肿") == "affirmed"


def test_a_child_that_cramps_has_a_fit_and_its_leg_has_none() -> None:
    assert "惊厥" in statuses("小孩突然抽筋了") and "惊厥" not in statuses("小孩腿抽筋")


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("不是那种压着的胸痛", "胸痛", "denied"),
        ("大便黑 是药的关系伐，还是胃出血了？", "呕血", "supposed"),
        ("现在还是胸痛？", "胸痛", "affirmed"),
        ("是颈椎病还是中风？", "脑卒中", "affirmed"),  # what cannot wait counts
        ("尿里没看到血", "血尿", "denied"),
        ("不可能怀孕", "妊娠", "denied"),
        ("没想伤人", "暴力行为", "denied"),
        ("没想到突然胸痛", "胸痛", "affirmed"),
    ],
)
def test_what_is_named_only_to_set_it_aside(text: str, name: str, status: str) -> None:
    assert statuses(text)[name] == status


@pytest.mark.parametrize(
    ("text", "not_there"),
    [
        ("胳膊抬不过胸口，手指头僵得掰不开", "胸闷"),
        ("胳膊打针那里肿了鸡蛋大一块", "外阴肿物"),
        ("智齿 右下面最里头 肿", "外阴肿胀"),
        ("母亲手机 139 0000 8456", "消毒液84"),
        ("坐月子的时候落下的痔疮", "产后"),
        ("血尿酸上次560", "血尿"),
    ],
)
def test_what_only_shares_characters_is_not_there(text: str, not_there: str) -> None:
    assert not_there not in statuses(text)


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("拉的时候不出血", "便血", "denied"),
        ("慢支 不比平常喘", "气促", "denied"),
        ("也不喊头痛", "头痛", "denied"),
        ("没有外伤，羊水发绿 快生出来了", "羊水异常", "affirmed"),  # what spaces part is no list of commas
        ("没有发热，咳嗽，胸痛，呕吐", "咳嗽", "denied"),
        ("我大伯心梗走的，所以有点怕", "心肌梗死", "other"),
    ],
)
def test_denials_in_gaps_and_lists_that_are_none(text: str, name: str, status: str) -> None:
    assert statuses(text)[name] == status


def test_what_is_normal_is_not_missing() -> None:
    assert "无尿" not in statuses("大小便正常 没有发热")
    assert statuses("爷爷小便到现在一滴没")["无尿"] == "affirmed"
