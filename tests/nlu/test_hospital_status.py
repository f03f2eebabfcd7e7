"""Departments that close, are full or open again, and until when."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.gazetteer import Gazetteer
from nlu.hospital_status import status

AT = datetime.fromisoformat("2022-04-04T15:30:00+08:00")  # a Monday
CENTRAL, CITY = "松江区中心医院", "上海市第一人民医院(南部)"
FANGTA, JIUTING, CENTRE = "松江区方塔中医医院", "松江区九亭医院", "九亭镇社区卫生服务中心"
PLACE = Gazetteer(
    towns={"九亭": "九亭镇"},
    institutions={
        "方塔医院": FANGTA,
        "九亭医院": JIUTING,
        "九亭社区卫生服务中心": CENTRE,
        "中心医院": CENTRAL,
        "区中心医院": CENTRAL,
        "区中心": CENTRAL,
        "区中心急诊": CENTRAL,
        "市一": CITY,
        "市一南部": CITY,
    },
)


def said(text: str) -> tuple[str, str | None, str, str | None] | None:
    found = status(text, AT, PLACE)
    if found is None:
        return None
    return found.hospital, found.department, found.state, found.until.isoformat() if found.until else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中心医院血透室今天满了", (CENTRAL, "血透室", "full", "2022-04-05T00:00:00+08:00")),
        ("市一南部急诊停诊到明早8点", (CITY, "急诊", "closed", "2022-04-05T08:00:00+08:00")),
        ("中心医院产科恢复接诊", (CENTRAL, "产科", "open", None)),
        ("中心医院急诊今晚停诊，明早8点恢复", (CENTRAL, "急诊", "closed", "2022-04-05T08:00:00+08:00")),
        ("中心医院口腔科停诊，恢复时间另行通知", (CENTRAL, "口腔科", "closed", None)),
        ("市一内镜中心周五恢复", (CITY, "内镜中心", "closed", "2022-04-08T08:00:00+08:00")),
        ("中心医院发热门诊还没恢复", (CENTRAL, "发热门诊", "closed", None)),
        ("区中心医院闭环管理到4月10日", (CENTRAL, None, "closed", "2022-04-10T08:00:00+08:00")),
        ("市一产科封了两天，现在恢复了", (CITY, "产科", "open", None)),
        ("这两天都收不了，我们科", ("", None, "closed", "2022-04-06T00:00:00+08:00")),
        ("我们科停诊了", ("", None, "closed", None)),
        ("我院急诊今晚停诊", ("", "急诊", "closed", "2022-04-05T08:00:00+08:00")),
        ("血透室满了，到下午5点", ("", "血透室", "full", "2022-04-04T17:00:00+08:00")),
        ("儿科暂停两小时", ("", "儿科", "closed", "2022-04-04T17:30:00+08:00")),
        ("中心医院已解除闭环，正常接诊", (CENTRAL, None, "open", None)),
        ("方塔骨伤科今天不看 明早八点开", (FANGTA, "骨伤科", "closed", "2022-04-05T08:00:00+08:00")),
        ("九亭急诊挤爆了 排不上", (JIUTING, "急诊", "full", None)),
        ("九亭社区换药室开着 五点下班", (CENTRE, "换药室", "open", "2022-04-04T17:00:00+08:00")),
        ("区中心急诊又开了", (CENTRAL, "急诊", "open", None)),
        ("市一发热门诊8点到20点开放", (CITY, "发热门诊", "open", "2022-04-04T20:00:00+08:00")),
        ("市一药房照常 开到晚上八点", (CITY, "药房", "open", "2022-04-04T20:00:00+08:00")),
        ("中心医院CT机坏了 修到后天上午", (CENTRAL, "ct机", "closed", "2022-04-06T09:00:00+08:00")),
        ("我们检验科下午五点后不收标本 不接诊", ("", "检验科", "open", "2022-04-04T17:00:00+08:00")),
        ("产科没床 三个小时以后才有出院的", ("", "产科", "full", "2022-04-04T18:30:00+08:00")),
        ("市一透析有空位了", (CITY, "透析", "open", None)),
    ],
)
def test_states(text: str, expected: tuple[str, str | None, str, str | None]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "中心医院还收吗？",
        "中心医院急诊停诊了吗",
        "如果中心医院停诊了怎么办",
        "小区封了出不去，要去中心医院",
        "老人在中心医院看过，恢复得不错",
        "宝宝刚满月，想去中心医院",
        "今天好冷",
        "药停了两天",
        "昨天销掉的那个做透析的 今天又没车 请恢复",
        "大家存一点水 下午停水",
    ],
)
def test_no_state_is_made_up(text: str) -> None:
    assert said(text) is None
