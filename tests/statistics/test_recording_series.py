"""Values are recorded as vintages: whole files or nothing, the same twice changes nothing, and old tables come back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from desk import CHIEF, CLERK, LIAISON, STRANGER, Desk, at, day, on_sqlite
from sqlalchemy import func, select
from sqlmodel import col

from config.errors import BadInput, Refused
from config.plan import load_plan, packaged_plan
from config.terms import NoticeKind, ReleaseStatus, ValueMark
from database import reading, writing
from models import Delivery, Event, Notice, Person, SeriesValue
from supervision.indices.reading import Defaults
from supervision.ledger.plan import put_plan


def test_a_changed_value_is_a_new_vintage_and_the_old_table_comes_back(desk: Desk) -> None:
    assert desk.fees("0.420", released="2022-07-28").kept.new == 1
    assert desk.fees("0.425", released="2022-08-20", when="2022-08-20").kept.revised == 1
    assert (desk.value("2022-07-27"), desk.value("2022-08-19"), desk.value("2022-08-20")) == (None, "0.42", "0.425")
    assert [(v.vintage, str(v.value), v.recorded_by) for v in desk.vintages()] == [
        (1, "0.42", CLERK),
        (2, "0.425", CLERK),
    ]
    assert desk.is_whole()


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    desk.fees("0.420", released="2022-07-28")
    before = events(desk)
    again = desk.fees("0.4200", released="2022-07-28", when="2022-12-01")
    assert (again.kept.new, again.kept.revised, again.kept.unchanged) == (0, 0, 1)
    assert events(desk) == before


def test_an_old_file_recorded_again_does_not_bring_the_old_value_back(desk: Desk) -> None:
    desk.fees("0.420", released="2022-07-28")
    desk.fees("0.425", released="2022-08-20", when="2022-08-20")
    assert desk.fees("0.420", released="2022-07-28", when="2022-09-01").kept.unchanged == 1
    assert desk.value("2022-09-01") == "0.425"


def test_a_late_recording_does_not_change_what_this_database_knew(desk: Desk) -> None:
    desk.fees("0.420", released="2022-07-28")
    desk.fees("0.415", released="2022-07-29", when="2022-12-01")
    assert desk.value("2022-08-01") == "0.415"
    assert desk.value("2022-08-01", recorded_before="2022-11-01") == "0.42"


def test_an_undated_value_is_known_from_its_recording_on(desk: Desk) -> None:
    desk.fees("0.420", when="2022-08-01")
    assert (desk.value("2022-07-31"), desk.value("2022-08-01")) == (None, "0.42")


def test_a_contradiction_on_the_same_day_needs_a_reason(desk: Desk) -> None:
    desk.fees("0.420")
    with pytest.raises(Refused, match=r"在 2022-08-01 已有另一个数（0.42），未作改动.*--correction"):
        desk.fees("0.240")
    assert desk.fees("0.240", correction="小数点录错").kept.revised == 1
    assert (desk.value("2022-08-01"), desk.vintages()[-1].reason) == ("0.24", "小数点录错")


def test_a_file_with_a_slip_is_not_taken_at_all(desk: Desk) -> None:
    text = "序列,地区,周期,数值,来源\nfee-burden,杭州市,2022H1,0.42,表\nfee-burden,上城区,2022Q2,0.4x,表\n"
    with pytest.raises(BadInput) as error:
        desk.record(text)
    assert str(error.value) == (
        "values.csv 未收录：第 3 行“周期”列：“2022Q2”与序列 fee-burden 的频率不符，应写成 2022H1 的形式；"
        "第 3 行“数值”列：“0.4x”请按计量单位“%”填写数字"
    )
    assert desk.vintages() == []


@on_sqlite
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("fee-burdn,杭州市,2022H1,1,,表", "第 2 行“series”列：计划里没有统计序列“fee-burdn”，是不是 fee-burden"),
        ("plan-progress-index,杭州市,2022Q1,1,,表", "是内部测算的指数"),
        (",杭州市,2022H1,1,,表", "没有写序列"),
        ("fee-burden,绍兴市,2022H1,1,,表", "没有地区“绍兴市”，有：杭州市 和各区县"),
        ("fee-burden,,2022H1,1,,表", "没有写地区"),
        ("fee-burden,杭州市,去年,1,,表", "周期“去年”无法识别"),
        ("fee-burden,杭州市,2022H1,,,表", "第 2 行“value”列：是空的"),
        ("fee-burden,杭州市,2022H1,不适用,,表", "没有“不适用”"),
        ("fee-burden,杭州市,2022H1,1e3,,表", "科学计数法"),
        ("fee-burden,杭州市,2022H1,0.12345,,表", "小数位超过序列规定的 3 位"),
        ("fee-burden,杭州市,2022H1,1,2022-13-01,表", "“2022-13-01”不是日期"),
        ("fee-burden,杭州市,2022H1,1,,", "没有来源"),
        ("fee-burden,杭州市,2022H1,1,,同上", "没有来源"),
        ("fee-burden,杭州市,2022H1,1,,表\nfee-burden,杭州市,2022H1,2,,表", "第 3 行与第 2 行是同一序列"),
        ("fee-burden,杭州市,2022H1,1,2022-09-01,表", "发布日期 2022-09-01 在登记日之后"),
    ],
)
def test_a_slip_is_named_by_line_and_column(desk: Desk, line: str, says: str) -> None:
    with pytest.raises(BadInput) as error:
        desk.record(f"series,area,period,value,released,source\n{line}\n")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@on_sqlite
def test_a_file_in_gb18030_with_titles_and_thousands_is_read(desk: Desk) -> None:
    text = '序列,地区,周期,数值,来源,备注\n有进出口实绩的外贸小微企业数,上城区,2022H1,"１,２３４ 家",海关数据,\n'
    assert desk.record(text, encoding="gb18030").kept.new == 1
    assert desk.known("trading-firms", "2022-08-01")["trading-firms", "上城区", "2022H1"].value == Decimal(1234)


@on_sqlite
def test_the_layout_of_a_compilation_with_modules_and_dittos_is_read(desk: Desk) -> None:
    text = (
        "index,area,year,value,yoy_pct,module,note,source\n"
        "小微企业成长指数,杭州市,2018,130.00,2.93,总,推算：某报道,公报甲\n"
        "小微企业成长指数,杭州市,2018,137.00,,综合贡献力,,同上\n"
        "小微企业成长指数,余杭区(调整前),2017,129.24,,总,,公报乙\n"
    )
    assert desk.record(text).kept.new == 3
    total = desk.known("growth-index", "2022-08-01")["growth-index", "杭州市", "2018"]
    module = desk.known("growth-contribution", "2022-08-01")["growth-contribution", "杭州市", "2018"]
    assert (total.mark, total.growth, total.source) == (ValueMark.DERIVED, Decimal("2.93"), "公报甲")
    assert (module.mark, module.source) == (ValueMark.PUBLISHED, "公报甲")


@on_sqlite
def test_what_a_line_does_not_say_is_taken_from_the_options(desk: Desk) -> None:
    defaults = Defaults("fee-burden", "杭州市", "检测表", day("2022-07-28"), ReleaseStatus.FINAL)
    desk.record("period,value\n2022H1,0.42\n", defaults=defaults)
    (found,) = desk.vintages()
    assert (found.source, found.released_on, found.status) == ("检测表", day("2022-07-28"), ReleaseStatus.FINAL)


@on_sqlite
def test_who_owes_a_statistic_files_it_and_nobody_else(desk: Desk) -> None:
    assert desk.fees("0.42", by=LIAISON).kept.new == 1
    assert desk.vintages()[0].mark is ValueMark.FILED
    with pytest.raises(Refused, match="该序列由市市场监管局报送"):
        desk.fees("0.43", by=STRANGER, period="2021H2")
    official = "series,area,period,value,source\ngrowth-index,杭州市,2018,130,公报\n"
    with pytest.raises(Refused, match="由领导小组办公室登记"):
        desk.record(official, by=LIAISON)


@on_sqlite
def test_the_calendar_gives_the_status_and_a_given_one_goes_before_it(desk: Desk) -> None:
    desk.fees("0.420", released="2022-07-28")
    desk.fees("0.421", released="2022-10-20", when="2022-10-20")
    desk.fees("0.422", released="2022-11-20", when="2022-11-20")
    assert [v.status.value for v in desk.vintages()] == ["provisional", "final", "revised"]
    again = Defaults(status=ReleaseStatus.FINAL)
    assert desk.fees("0.422", released="2022-11-21", when="2022-11-21", defaults=again).kept.revised == 1


@on_sqlite
def test_a_rise_of_the_burden_is_told_at_once(desk: Desk) -> None:
    assert desk.fees("0.420", period="2021H2").alerts == ()
    (raised,) = desk.fees("0.421").alerts
    assert raised.code == "fee-burden-rise"
    assert desk.fees("0.400", released="2022-08-02", when="2022-08-02").alerts == ()


@on_sqlite
def test_what_comes_with_the_plan_is_there_with_its_source_and_mark(desk: Desk) -> None:
    known = desk.known("growth-index", "2022-08-01")
    province = known["growth-index", "浙江省", "2021"]
    derived = known["growth-index", "浙江省", "2017"]
    assert (province.value, province.growth, province.mark) == (Decimal("142.42"), Decimal("6.32"), ValueMark.PUBLISHED)
    assert (derived.value, derived.mark) == (Decimal("119.41"), ValueMark.DERIVED)
    assert all(point.source.startswith("http") for point in known.values())
    modules = [desk.known(code, "2022-08-01")[code, "浙江省", "2021"].value for code in MODULES]
    assert sum(value or 0 for value in modules) / 4 == Decimal("140.68")  # the plain mean is not the published 142.42


MODULES = ("growth-contribution", "growth-competence", "growth-activity", "growth-institutions")


@on_sqlite
def test_loading_the_plan_again_brings_no_superseded_value_back(desk: Desk) -> None:
    head = "series,area,period,value,released,source\n"
    desk.record(f"{head}growth-index,浙江省,2014,101,2022-06-01,订正公报\n")
    desk.record(f"{head}growth-index,浙江省,2016,111.09,2017-04-26,核对原文\n", correction="录入有误")
    plan = load_plan(packaged_plan())
    newer = plan.model_copy(update={"title": f"{plan.title}（修订）"})
    with writing(desk.database) as session:
        put_plan(session, newer, at=at("2022-09-01"))
    known = desk.known("growth-index", "2022-09-02")
    values = [known["growth-index", "浙江省", year].value for year in ("2014", "2016")]
    assert values == [Decimal(101), Decimal("111.09")]


def test_each_recording_is_one_link_of_the_chain(desk: Desk) -> None:
    before = events(desk)
    desk.fees("0.42", by=CHIEF)
    with reading(desk.database) as session:
        newest = session.scalars(select(Event).order_by(col(Event.seq).desc()).limit(1)).one().model_copy()
        many = session.scalars(select(func.count()).where(col(SeriesValue.recorded_by_person_id).is_not(None))).one()
    assert (events(desk), newest.action, newest.actor, many) == (before + 1, "record_series", CHIEF, 1)
    assert newest.data["series"] == ["fee-burden"] and len(newest.data["digest"]) == 64


def events(desk: Desk) -> int:
    with reading(desk.database) as session:
        return session.scalars(select(func.count()).select_from(Event)).one()


def test_who_owes_the_series_and_the_office_are_told_of_an_alert_once(desk: Desk) -> None:
    desk.fees("0.420", period="2021H2")
    desk.fees("0.421")
    desk.fees("0.421", when="2022-08-02")
    with reading(desk.database) as session:
        told = session.execute(
            select(col(Notice.because), col(Person.login))
            .join(Delivery, col(Delivery.notice_id) == col(Notice.id))
            .join(Person, col(Person.id) == col(Delivery.person_id))
            .where(col(Notice.kind) == NoticeKind.DATA_ALERT)
        ).all()
    assert sorted(login for _, login in told) == [CHIEF, CLERK, "scjg.head", LIAISON]
    assert {because for because, _ in told} == {told[0].because}
    assert "0.421" in told[0].because and "凡有上升即预警" in told[0].because


@on_sqlite
def test_a_recording_cannot_be_dated_before_the_last_one(desk: Desk) -> None:
    desk.fees("0.420", when="2022-08-01")
    with pytest.raises(Refused, match=r"在 2022-08-01T10:00.* 已有登记"):
        desk.fees("0.410", period="2021H2", when="2022-07-01")
