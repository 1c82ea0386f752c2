"""The packaged plan says what the plan says. The expected values are copied from its text."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest

from config.plan import Plan, check_plan, load_plan, packaged_plan
from config.plan.schema.base import WITHOUT_TARGET

RESPONSIBLE: dict[int, tuple[str, list[str], list[str]]] = {
    1: ("市市场监管局", ["浙江证监局", "市经信局", "市文广旅游局", "市地方金融监管局", "市工商联"], []),
    2: ("市市场监管局", [], []),
    3: ("市规划资源局", ["市发改委", "市经信局", "市科技局", "市商务局", "市文广旅游局"], []),
    4: ("市人力社保局", ["市市场监管局"], []),
    5: ("市商务局", ["市经信局", "市财政局"], []),
    6: ("市科技局", ["市税务局", "市财政局", "市市场监管局"], []),
    7: ("人行杭州中心支行", ["浙江银保监局", "市财政局", "市市场监管局", "市地方金融监管局"], []),
    8: ("市经信局", ["市发改委", "浙江银保监局"], []),
    9: ("市市场监管局", [], ["领导小组各成员单位"]),
    10: (
        "市市场监管局",
        ["市经信局", "市科技局", "市司法局", "市财政局", "市税务局", "市地方金融监管局"],
        ["各区县（市）政府"],
    ),
    11: ("市发改委", ["市税务局", "市市场监管局", "人行杭州中心支行"], []),
    12: ("市市场监管局", ["市发改委", "市财政局"], []),
}

TITLES = [
    "持续引导小微企业提档升级",
    "深入推行小微企业质量管理",
    "持续整合小微企业存量资源",
    "着力推进小微企业人才支持",
    "大力拓宽小微企业多元市场",
    "鼓励支持小微企业创新发展",
    "不断丰富小微企业融资渠道",
    "加快推进小微企业数字化改造",
    "持续优化准入退出机制建设",
    "着力提升综合服务能力建设",
    "加快推进信用监管体系建设",
    "营造公平竞争有序市场环境",
]

TARGETS = """
T01 165000 家 >= cumulative   T02 48000 家 >= cumulative    T03 12000 家 >= stock
T04 45000 家 >= stock         T05 6 % >= average_growth     T06 1000 家 >= cumulative
T07 420 家 >= cumulative      T08 30 家 >= cumulative       T09 50 家 >= cumulative
T10 25 家 >= cumulative       T11 80 家 >= cumulative       T12 2000 家 >= annual_stock
T13 300 家 >= annual_stock    T14 120 家 >= annual_stock    T15 3800 家 >= cumulative
T16 3000 家 >= cumulative     T17 2.5 % >= floor_ratio      T18 10 % >= floor_ratio
T19 4800 亿元 >= cumulative   T20 4000 亿元 >= cumulative   T21 50000 户 >= cumulative
T22 1500 亿元 >= cumulative   T23 750000 笔 >= cumulative   T24 1250 亿元 >= stock
T25 None % >= relative        T26 None 户 None direction    T27 None % None rubric
T28 300 个 >= stock           T29 4500000 平方米 > stock    T30 10000 台次 >= cumulative
T31 10000 批次 >= cumulative  T32 60000 单次 >= cumulative  T33 60000 人次 >= cumulative
T34 900 家次 >= cumulative    T35 900 家次 >= cumulative    T36 4 场 >= cumulative
T37 100 % = exact_rate        T38 1830 家 >= cumulative     T39 900 家 >= cumulative
"""


def test_the_packaged_plan_has_no_error() -> None:
    problems = check_plan(packaged_plan())
    assert [str(p) for p in problems if p.severity == "error"] == []


def test_it_warns_of_every_stock_whose_baseline_is_not_established() -> None:
    warned = [p.message[:3] for p in check_plan(packaged_plan())]
    assert warned == ["T03", "T04", "T24", "T28", "T29"]


def test_it_loads_in_less_than_a_second_and_a_half() -> None:
    begun = perf_counter()
    load_plan(packaged_plan())
    assert perf_counter() - begun < 1.5


def test_it_runs_for_three_years_and_was_issued_at_the_end_of_the_first(hangzhou: Plan) -> None:
    assert (hangzhou.start, hangzhou.end, hangzhou.issued) == (date(2021, 1, 1), date(2023, 12, 31), date(2021, 12, 29))
    assert hangzhou.title == "杭州市小微企业三年成长计划（2021—2023年）"
    assert (hangzhou.tenant.code, hangzhou.code) == ("hangzhou", "hangzhou-2021-2023")
    assert hangzhou.basis == "浙政办发〔2021〕21号"
    assert [goal.number for goal in hangzhou.goals] == [1, 2, 3, 4, 5, 6]


def test_it_has_thirty_nine_indicators_of_which_three_have_no_number(hangzhou: Plan) -> None:
    assert [indicator.code for indicator in hangzhou.indicators] == [f"T{n:02d}" for n in range(1, 40)]
    assert [i.code for i in hangzhou.indicators if i.target is None] == ["T25", "T26", "T27"]
    assert Counter(i.goal for i in hangzhou.indicators) == {1: 5, 2: 9, 3: 4, 4: 9, 5: 10, 6: 2}


def test_every_target_is_the_number_of_the_text_in_base_units(hangzhou: Plan) -> None:
    told = [f"{i.code} {i.target} {i.unit_of_measure} {i.comparator} {i.measure_type}" for i in hangzhou.indicators]
    words = TARGETS.split()
    assert told == [" ".join(words[n : n + 5]) for n in range(0, len(words), 5)]


def test_only_more_than_four_and_a_half_million_square_metres_is_strict(hangzhou: Plan) -> None:
    assert [i.code for i in hangzhou.indicators if i.strict] == ["T29"]
    assert hangzhou.indicator("T29").text == "超过450万平方米"


def test_the_two_subsets_are_those_that_the_text_introduces_with_among_them(hangzhou: Plan) -> None:
    assert {i.code: i.subset_of for i in hangzhou.indicators if i.subset_of} == {"T02": "T01", "T14": "T13"}


def test_every_owner_is_a_unit_and_every_indicator_without_number_has_no_target(hangzhou: Plan) -> None:
    for indicator in hangzhou.indicators:
        assert all(hangzhou.unit(name).kind != "district" for name in indicator.owners)
        assert (indicator.measure_type in WITHOUT_TARGET) == (indicator.target is None)


def test_there_are_sixteen_units_and_thirteen_districts_in_official_order(hangzhou: Plan) -> None:
    kinds = Counter(unit.kind for unit in hangzhou.units)
    assert kinds == {"municipal": 12, "central": 4, "district": 13}
    central = {unit.name for unit in hangzhou.units if unit.kind == "central"}
    assert central == {"浙江证监局", "浙江银保监局", "人行杭州中心支行", "市税务局"}
    names = "上城区 拱墅区 西湖区 滨江区 萧山区 余杭区 临平区 钱塘区 富阳区 临安区 桐庐县 淳安县 建德市"
    assert [unit.name for unit in hangzhou.districts] == names.split()
    codes = "330102 330105 330106 330108 330109 330110 330113 330114 330111 330112 330122 330127 330182"
    assert [unit.code for unit in hangzhou.districts] == codes.split()


def test_the_units_are_exactly_those_that_the_key_tasks_name(hangzhou: Plan) -> None:
    named = {name for lead, supporting, _ in RESPONSIBLE.values() for name in (lead, *supporting)}
    assert {unit.name for unit in hangzhou.units if unit.kind != "district"} == named
    assert len(named) == 16


@pytest.mark.parametrize("number", range(1, 13))
def test_a_key_task_has_the_lead_and_the_supporting_units_of_the_text(hangzhou: Plan, number: int) -> None:
    task = hangzhou.key_task(number)
    assert (task.lead, list(task.supporting), list(task.groups)) == RESPONSIBLE[number]
    assert task.title == TITLES[number - 1]


def test_the_market_regulator_leads_five_of_twelve_key_tasks_and_houses_the_office(hangzhou: Plan) -> None:
    assert len(hangzhou.key_tasks) == 12
    assert [t.number for t in hangzhou.key_tasks if t.lead == "市市场监管局"] == [1, 2, 9, 10, 12]
    assert hangzhou.office.unit == "市市场监管局"


def test_key_tasks_stand_under_three_headings(hangzhou: Plan) -> None:
    assert [part.number for part in hangzhou.parts] == [1, 2, 3]
    assert [task.part for task in hangzhou.key_tasks] == [1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3]


def test_the_leading_group_expands_to_sixteen_units_with_the_lead_once(hangzhou: Plan) -> None:
    units = hangzhou.units_of("M09-09", on=hangzhou.issued)
    assert len(units) == 16
    assert units[0].name == "市市场监管局"


MECHANISMS = """成长之星 培育库 雏鹰行动 个转企 小升规 规改股 股上市 限上 赋能平台 领军型 双百 品字标 三合一 涂料
存量土地 入园 评价 清退 技能培训 技能大赛 补贴申领 展会 预留采购份额 首台套 梯度培育 75% 100% 25% 一件事 贯标
品牌指导服务站 4+1 首贷户 贷款码 三张清单 1% 十百千万 未来工厂 上云用数赋智 园区大脑 伙伴银行 伙伴保险 确认制
证照分离 强制注销 小微通 企业码 三对接 浙里检 计量 实验室 法律顾问 税收优惠 531X 风险分类 联合激励 失信联合惩戒
信用修复 公平竞争审查 违规收费 转供电 联合执法 十区百县千企 政府采购 双随机 领导小组 分解 考评 上报 抽样调查
成长指数 活力指数 规下工业非目录 外贸小微 缴费负担 发展数据 调整 宣传 实施方案"""


@pytest.mark.parametrize("mechanism", MECHANISMS.split())
def test_every_mechanism_that_the_plan_names_is_a_measure(hangzhou: Plan, mechanism: str) -> None:
    titles = [measure.title for matter in hangzhou.matters for measure in matter.measures]
    assert any(mechanism in title for title in titles)


def test_where_the_text_addresses_the_districts_each_of_them_has_an_item(hangzhou: Plan) -> None:
    addressed = {m.code: matter for matter in hangzhou.matters for m in matter.measures if m.districts}
    tasks = {matter.number for code, matter in addressed.items() if code.startswith("M")}
    assert tasks == {1, 5, 6, 10}
    assert {"S1-02", "S2-02", "S4-01", "S6-01"} <= addressed.keys()
    units = hangzhou.units_of("M10-04", on=hangzhou.issued)
    assert [unit.name for unit in units] == ["市市场监管局", *(d.name for d in hangzhou.districts)]
    assert hangzhou.units_of("S6-01", on=hangzhou.issued) == hangzhou.districts


def test_most_measures_do_not_report_every_quarter(hangzhou: Plan) -> None:
    cadences = Counter(m.cadence for matter in hangzhou.matters for m in matter.measures)
    often = cadences["monthly"] + cadences["quarterly"] + cadences["continuous"]
    assert often * 3 < cadences.total() * 2


def test_every_figure_reaches_the_city_and_every_apportioned_one_the_districts(hangzhou: Plan) -> None:
    city = {code for form in hangzhou.forms if form.areas == "city" for code in form.indicators}
    districts = {code for form in hangzhou.forms if form.areas != "city" for code in form.indicators}
    assert districts == {i.code for i in hangzhou.indicators if i.apportion}
    assert {i.code for i in hangzhou.indicators} == city | {
        i.code for i in hangzhou.indicators if i.additive
    } & districts


def test_the_district_scheme_scores_what_was_passed_on_to_the_districts(hangzhou: Plan) -> None:
    scheme = hangzhou.scheme("districts", quarter="2022Q2")
    parts = {component.code: component for component in scheme.components}
    weights = {code: part.weight for code, part in parts.items()}
    assert weights == {"targets": 60, "key_tasks": 20, "reporting": 10, "supervision": 10}
    assert sum(item.weight for item in parts["targets"].items) == 60
    assert {item.code for item in parts["targets"].items} == {i.code for i in hangzhou.indicators if i.apportion}
    assert (scheme.cap, scheme.min_coverage, scheme.adjustment_limit) == (Decimal(1), Decimal("0.8"), Decimal(5))
    assert scheme.rule == "capped"
    assert [(str(floor), name) for floor, name in scheme.grades] == [
        ("90", "优秀"),
        ("80", "良好"),
        ("60", "合格"),
        ("0", "不合格"),
    ]


def test_member_units_are_assessed_without_targets(hangzhou: Plan) -> None:
    scheme = hangzhou.scheme("units", quarter="2023Q4")
    weights = {str(component.code): component.weight for component in scheme.components}
    assert weights == {"key_tasks": 60, "reporting": 20, "supervision": 20}


def test_the_base_of_apportionment_is_the_census_and_is_labelled_as_assumed(hangzhou: Plan) -> None:
    base = hangzhou.base("population_2020")
    assert base.label == "假定基数"
    assert [share.district for share in base.shares] == [unit.name for unit in hangzhou.districts]
    assert sum(share.value for share in base.shares) == 11_912_247
    assert {share.district: share.value for share in base.shares}["滨江区"] == 503_859


def test_the_ladder_has_the_five_default_rungs(hangzhou: Plan) -> None:
    rungs = [(r.offset, r.level, r.signed) for r in hangzhou.ladder.rungs]
    assert rungs == [
        (-5, "remind", False),
        (-1, "warn", False),
        (1, "urge", False),
        (3, "supervision_notice", True),
        (7, "circular", True),
    ]


def test_central_units_are_asked_and_copied_never_circulated(hangzhou: Plan) -> None:
    words = {words.kind: words for words in hangzhou.papers}
    assert (words["central"].supervision_notice, words["central"].circular) == ("商请", "抄送")
    assert words["municipal"].circular == "通报"


def test_reorganised_units_keep_their_code_and_change_their_name_on_the_day(hangzhou: Plan) -> None:
    bank = hangzhou.unit("人行杭州中心支行")
    assert bank.name_on(date(2023, 8, 17)) == "人行杭州中心支行"
    assert bank.name_on(date(2023, 8, 18)) == "中国人民银行浙江省分行"
    assert hangzhou.unit("国家金融监督管理总局浙江监管局") == hangzhou.unit("浙江银保监局")


def test_every_unit_has_a_liaison_and_a_head_and_the_office_three_posts_apart(hangzhou: Plan) -> None:
    accounts = {account.login: account for account in hangzhou.accounts()}
    assert len(accounts) == 29 * 2 + 4
    assert accounts["scjg.liaison"].name == "市市场监管局联络员"
    assert accounts["330102.head"].role == "unit_head"
    roles = [accounts[login].role for login in ("office.clerk", "office.chief", "leader.signer", "auditor")]
    assert roles == ["office", "office", "leader", "auditor"]


KNOWN_AMBIGUITIES = ["T05", "T01", "T13", "T14", "T08", "T10", "T07", "T39", "T25", "T37"]


@pytest.mark.parametrize("code", KNOWN_AMBIGUITIES)
def test_every_contested_definition_is_ruled_with_a_date(hangzhou: Plan, code: str) -> None:
    assert all(ruling.date >= hangzhou.issued for ruling in hangzhou.rulings_on(code))
    assert hangzhou.rulings_on(code)


def test_two_districts_differ_in_peer_group_and_a_bureau_has_none(hangzhou: Plan) -> None:
    groups = [hangzhou.peer_group(name, on=hangzhou.issued) for name in ("上城区", "建德市", "市商务局")]
    assert groups == ["区", "县市", None]


def test_districts_reply_for_themselves_and_bureaus_for_all_districts(hangzhou: Plan) -> None:
    assert hangzhou.reporters("district-quarterly", on=hangzhou.issued) == hangzhou.districts
    [bureau] = hangzhou.reporters("listing-districts-quarterly", on=hangzhou.issued)
    assert bureau.name == "市地方金融监管局"
