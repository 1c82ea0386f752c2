"""The words in which plans name units, responsibility, deadlines and targets, one by one."""

from __future__ import annotations

from datetime import date

import pytest
from plan_documents import read, targets_of, tasks_of

from config.plan.due import parse
from config.plan.numerals import number, whole_number
from documents.plans.deadline import Years
from documents.plans.deadlines import deadlines
from documents.plans.units import is_group, kind_of, names

RESPONSIBLE = {
    "（责任单位：市经信局，市商务局、市科技局）": "市经信局 | 市商务局 市科技局",
    "（责任单位：市经信局、市商务局等）": "市经信局 | 市商务局",
    "（责任部门：市经信局 市商务局 市科技局）": "市经信局 | 市商务局 市科技局",
    "（责任单位:市经信局,市商务局;市科技局）": "市经信局 | 市商务局 市科技局",
    "[责任单位：市经信局、市商务局]": "市经信局 | 市商务局",
    "〔责任单位：市经信局、市商务局〕": "市经信局 | 市商务局",
    "【责任单位：市经信局、市商务局】": "市经信局 | 市商务局",
    "(牵头单位:市经信局;配合单位:市商务局、市科技局)": "市经信局 | 市商务局 市科技局",
    "（牵头部门：市经信局，参与部门：市商务局，各区、县级市）": "市经信局 | 市商务局 [各区、县级市]",
    "（主办单位：市经信局；协办单位：市商务局）": "市经信局 | 市商务局",
    "（牵头单位：市经信局；责任单位：市商务局、各县（市、区）政府）": "市经信局 | 市商务局 [各县（市、区）政府]",
    "（责任领导：王某；牵头单位：市经信局；参加单位：市商务局）": "市经信局 | 市商务局",
    "（责任单位：市经信局（牵头）、市商务局）": "市经信局 | 市商务局",
    "（牵头单位：市经信局、市商务局；配合单位：市科技局）": "市经信局+市商务局 | 市科技局",
    "（市经信局牵头，市商务局、市科技局配合）": "市经信局 | 市商务局 市科技局",
    "（由市经信局牵头，市商务局等部门参与）": "市经信局 | 市商务局",
    "（市经信局、市商务局分别牵头，各区县（市）政府配合）": "市经信局+市商务局 | [各区县（市）政府]",
    "（市经信局会同市商务局、市科技局负责）": "市经信局 | 市商务局 市科技局",
    "（市经信局、市商务局按职责分工负责）": "市经信局 | 市商务局",
    "（市经信局牵头，市商务局等部门，各区、县（市）政府按职责分工负责）": "市经信局 | 市商务局 [各区、县（市）政府]",
    "（省经信厅、省商务厅按职责负责，各地级以上市人民政府落实）": "省经信厅 | 省商务厅 [各地级以上市人民政府]",
    "（市经信局、市商务局）": "市经信局 | 市商务局",
    "（责任单位：市交通委（市道运局）、市气象局）": "市交通委（市道运局） | 市气象局",
    "（责任单位：市数据局（大数据中心、信息中心）、市委网信办）": "市数据局（大数据中心、信息中心） | 市委网信办",
    "（责任单位：市财政局和市税务局）": "市财政局 | 市税务局",
    "（责任单位：市规划和自然资源局、市住房和城乡建设局）": "市规划和自然资源局 | 市住房和城乡建设局",
    "（责任单位：市经信局，市“春风计划”推进领导小组各成员单位）": "市经信局 | [领导小组各成员单位]",
    "（牵头单位：市经信局）（配合单位：市商务局）": "市经信局 | 市商务局",
    "责任单位：市经信局、市商务局。": "市经信局 | 市商务局",
    "\n责任单位：市经信局\n市商务局\n市科技局": "市经信局 | 市商务局 市科技局",
    "\n牵头单位：市经信局\n配合单位：市商务局、市科技局": "市经信局 | 市商务局 市科技局",
    "由市经信局牵头，市商务局配合。": "市经信局 | 市商务局",
    "（责任单位：市经信局、市商务局": "市经信局 | 市商务局",
    "责任单位：市经信局、市商务局）": "市经信局 | 市商务局",
}


@pytest.mark.parametrize("words", RESPONSIBLE, ids=str.strip)
def test_units_are_read_from_every_wording_of_responsibility(words: str) -> None:
    [task] = tasks_of(read(f"实施方案\n1.推进改造。抓好各项工作。{words}\n"))
    assert task == f"1 推进改造 | {RESPONSIBLE[words]}"


@pytest.mark.parametrize(
    "words",
    [
        "（含个体工商户）",
        "（由企业自主选择）",
        "（以下简称“三年计划”）",
        "（市级以上）",
        "（一企一策）",
        "（见附件）",
        "（全部门类）",
    ],
)
def test_other_brackets_name_no_units(words: str) -> None:
    assert read(f"实施方案\n1.推进改造。抓好各项工作{words}。\n")["units"] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("市市场监管局", "municipal"),
        ("县农业农村局", "municipal"),
        ("市地方金融监管局", "municipal"),
        ("市税务局", "central"),
        ("浙江银保监局", "central"),
        ("人行杭州中心支行", "central"),
        ("工业和信息化部", "central"),
        ("国家药监局", "central"),
        ("市委宣传部", "municipal"),
        ("余杭区政府", "district"),
        ("桐庐县", "district"),
        ("城关镇人民政府", "district"),
    ],
)
def test_units_are_municipal_central_or_districts(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "各区县（市）政府",
        "各区、县（市）政府",
        "各县（市、区）人民政府",
        "各成员单位",
        "市级有关部门",
        "各乡镇（街道）",
        "各有关单位",
        "街道办事处",
    ],
)
def test_a_group_is_one_name(text: str) -> None:
    assert names(f"市经信局、{text}，市商务局") == ["市经信局", text, "市商务局"]
    assert is_group(text) and not is_group("县市场监管局")


YEARS = Years(date(2024, 1, 1), date(2024, 12, 31), date(2024, 2, 5))

WHEN = {
    "2023年底前完成": "once on 2023-12-31",
    "2024年6月底前印发": "once on 2024-06-30",
    "6月底前完成": "once on 2024-06-30",
    "到2025年，建成": "once on 2025-12-31",
    "2025年前，建成": "once on 2024-12-31",
    "2024年6月15日前": "once on 2024-06-15",
    "2024年2月底前": "once on 2024-02-29",
    "2024年第一季度末": "once on 2024-03-31",
    "一季度前": "once on 2024-03-31",
    "2024年上半年完成": "once on 2024-06-30",
    "年底前": "once on 2024-12-31",
    "每年评选": "yearly period_end",
    "每年6月底前": "yearly month_end 06",
    "每季度通报": "quarterly period_end",
    "每季度首月20日前": "quarterly day 20 month +1",
    "每季度末月25日前": "quarterly day 25 month +0",
    "每季度结束后5个工作日内": "quarterly workday 5 month +1",
    "每半年开展": "half_yearly period_end",
    "每月5日前报送": "monthly day 5 month +1",
}


@pytest.mark.parametrize("words", WHEN)
def test_a_deadline_becomes_a_due_rule(words: str) -> None:
    [found] = deadlines(words, years=YEARS)
    assert f"{found.cadence} {found.due}" == WHEN[words]
    assert found.due and parse(found.due)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("长期坚持", "continuous period_end"),
        ("持续推进", "continuous period_end"),
        ("2021—2023年", "once on 2023-12-31"),
        ("2024年8月", "once on 2024-08-31"),
        ("第三季度", "once on 2024-09-30"),
    ],
)
def test_behind_a_label_a_bare_date_is_a_deadline(words: str, expected: str) -> None:
    [found] = deadlines(words, years=YEARS, is_label=True)
    assert f"{found.cadence} {found.due}" == expected


@pytest.mark.parametrize(
    "words",
    [
        "自2021年起施行",
        "截至2020年底，已建成",
        "比2020年底增长",
        "《条例（2021—2023年）》",
        "2024年2月30日前",
        "浙政发〔2021〕6号",
        "13月底前",
    ],
)
def test_other_dates_are_no_deadlines(words: str) -> None:
    assert deadlines(words, years=YEARS) == []


def test_a_month_without_a_year_is_told_to_be_concluded() -> None:
    many = Years(date(2023, 1, 1), date(2025, 12, 31), date(2023, 8, 1))
    [found] = deadlines("6月底前", years=many)
    assert (found.due, "2024年" in found.doubt) == ("on 2024-06-30", True)
    assert deadlines("6月底前", years=Years()) == []


AIMED = {
    "企业达到1.2万家": "企业数 | stock | >= 12000家",
    "新增贷款4800亿元": "新增贷款 | cumulative | >= 4800亿元",
    "累计培训6万人次以上": "累计培训 | cumulative | >= 60000人次",
    "总建筑面积超过450万平方米": "总建筑面积 | stock | > 4500000平方米",
    "覆盖率不低于95%": "覆盖率 | floor_ratio | >= 95%",
    "覆盖率达到百分之九十": "覆盖率 | floor_ratio | >= 90%",
    "知晓率达到100%": "知晓率 | exact_rate | = 100%",
    "增加值年均增长6%左右": "增加值年均增长 | average_growth | ~ 6%",
    "排放量控制在30万吨以内": "排放量 | ceiling_ratio | <= 300000吨",
    "办理时间不超过3个工作日": "办理时间 | ceiling_ratio | <= 3个工作日",
    "失业率低于5%": "失业率 | ceiling_ratio | < 5%",
    "产值突破1.2万亿元": "产值 | stock | > 1.2万亿元",
    "比重提高5个百分点": "比重提高 | cumulative | >= 5个百分点",
    "比重由35%提高到45%": "比重 | floor_ratio | >= 45%",
    "培育企业50—60家": "培育企业数 | cumulative | >= 50家",
    "建成基地三十个以上": "建成基地数 | cumulative | >= 30个",
    "举办活动至少两场": "举办活动 | cumulative | >= 2场",
    "新建绿道1,500公里": "新建绿道 | cumulative | >= 1500公里",
    "培育100家专精特新企业": "培育专精特新企业数 | cumulative | >= 100家",
    "每年新增就业10万人": "每年新增就业人数 | annual_stock | >= 100000人",
    "亿元以上企业达到20家": "亿元以上企业数 | stock | >= 20家",
    "年收入2000万元以上的企业达到500家": "年收入2000万元以上的企业数 | stock | >= 500家",
    "居民收入增速快于经济增速": "居民收入增速 | relative | > %",
}


@pytest.mark.parametrize("words", AIMED)
def test_a_target_is_read_from_its_words(words: str) -> None:
    assert targets_of(read(f"行动方案\n一、主要目标\n{words}。\n")) == [f"{AIMED[words]} |"]


NOT_AIMED = [
    "落实“4+1”工程和531X工程",
    "实施“双百”“十百千万”行动",
    "深化三张清单、一件事改革",
    "办好12345热线",
    "迎接第十四个五年规划收官",
    "落实《2021—2023年行动计划》和（国办发〔2021〕21号）要求",
    "用3年时间取得突破",
    "对1000万元以下的贷款给予支持",
    "进入世界500强",
    "提供24小时服务",
    "推进5G应用和4A级景区建设",
    "2020年全市企业已达到500家",
    "联系电话0571-87654321",
    "营商环境持续优化，创新能力显著增强",
]


@pytest.mark.parametrize("words", NOT_AIMED)
def test_other_numbers_are_no_targets(words: str) -> None:
    assert read(f"行动方案\n一、主要目标\n{words}。\n")["indicators"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百二十", 320),
        ("十二", 12),
        ("二〇二一", 2021),
        ("一千二百万", 12_000_000),
        ("两千零五", 2005),
        ("一亿零三万", 100_030_000),
    ],
)
def test_chinese_numerals_are_numbers(text: str, value: int) -> None:
    assert whole_number(text) == value
    assert number(text) == value


@pytest.mark.parametrize("text", ["十百千万", "", "百家", "三二十百"])
def test_what_only_looks_like_numerals_is_none(text: str) -> None:
    assert whole_number(text) is None
