"""The office's own index from confirmed figures, as known on a day, recorded under its label and released."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from desk import CHIEF, CLERK, LIAISON, Desk, at, day, on_sqlite

from config.clock import day_of
from config.errors import Refused, UnknownName
from config.terms import ReleaseStatus, ValueMark
from database import reading, writing
from supervision.exact import half_up
from supervision.indices.composite import CompositeIndex
from supervision.ledger.series import record_index
from supervision.ledger.vintages import Kept
from supervision.periods import parse_period
from supervision.queries.indices import composites
from supervision.queries.people import actor
from supervision.queries.releases import releases

CODE = "plan-progress-index"

DISTRICT = {
    ("T01", "2021Q4"): "100", ("T01", "2022Q1"): "200", ("T01", "2022Q2"): "344",
    ("T02", "2021Q4"): "10", ("T02", "2022Q1"): "30", ("T02", "2022Q2"): "50",
    ("T15", "2022Q1"): "100", ("T15", "2022Q2"): "121",
    ("T16", "2022Q1"): "50", ("T16", "2022Q2"): "50",
    ("T28", "2022Q1"): "20", ("T28", "2022Q2"): "20",
    ("T33", "2021Q4"): "0", ("T33", "2022Q1"): "500", ("T33", "2022Q2"): "1000",
}  # fmt: skip
"""The quarter alone: new firms 100 → 144, key ones 20 → 20, training 500 → 500; science firms 100 → 121."""


def computed(desk: Desk, as_of: str = "2022-07-28", area: str = "上城区", period: str = "2022Q2") -> CompositeIndex:
    with reading(desk.database) as session:
        (found,) = composites(session, desk.force, CODE, parse_period(period), as_of=day(as_of), area=area)
    return found


def parts(found: CompositeIndex) -> Mapping[str, Fraction | None]:
    return {part.code: part.index for module in found.modules for part in module.components}


def recorded(desk: Desk, *, when: str = "2022-07-28", by: str = CLERK) -> Kept:
    with writing(desk.database) as session:
        found = composites(session, desk.force, CODE, parse_period("2022Q2"), as_of=day_of(at(when)))
        who = actor(session, desk.force.tenant_id, by, on=day_of(at(when)))
        return record_index(session, desk.force, found, by=who, at=at(when), as_of=day_of(at(when)))


def test_plan_to_date_figures_count_by_what_the_quarter_adds(desk: Desk) -> None:
    desk.figures("上城区", DISTRICT)
    found = computed(desk)
    assert parts(found) == {
        "new-firms": 144, "new-key-firms": 100, "science-firms": 121, "high-tech-firms": 100, "parks": 100,
        "training": 100,
    }  # fmt: skip
    assert [half_up(module.index or Fraction(0), 2) for module in found.modules] == ["124.46", "110.00", "100.00"]
    assert half_up(found.index or Fraction(0), 2) == "112.31"  # 1.44^0.24 x 1.21^0.15
    assert computed(desk, period="2022Q1").index == 100


@on_sqlite
def test_what_was_confirmed_later_is_not_known_yet(desk: Desk) -> None:
    desk.figures("上城区", DISTRICT, when="2022-07-20")
    assert computed(desk, as_of="2022-07-19").index is None
    assert computed(desk, as_of="2022-07-20").index is not None


@on_sqlite
def test_the_city_has_its_own_figure_where_a_bureau_files_it(desk: Desk) -> None:
    desk.figures("市市场监管局", {("T01", "2021Q4"): "0", ("T01", "2022Q1"): "1000", ("T01", "2022Q2"): "2500"})
    assert parts(computed(desk, area="杭州市"))["new-firms"] == 150
    assert computed(desk, area="杭州市").index is None  # a sixth of the weights is not enough


@on_sqlite
def test_an_area_or_period_that_the_index_does_not_have_is_told(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="没有地区“绍兴市”"):
        computed(desk, area="绍兴市")
    with pytest.raises(UnknownName, match="应写成 2022Q1 的形式"):
        computed(desk, period="2022")


def test_the_index_is_recorded_under_its_label_and_released_by_another(desk: Desk) -> None:
    desk.figures("上城区", DISTRICT)
    assert recorded(desk) == Kept(new=1, revised=0, unchanged=0)
    assert recorded(desk, when="2022-08-01") == Kept(new=0, revised=0, unchanged=1)
    (point,) = desk.vintages(CODE)
    assert (str(point.value), point.mark) == ("112.31", ValueMark.INTERNAL)
    assert point.source == "内部测算：加权几何平均，2022Q1=100，按 2022-07-28 所知的数据"
    with pytest.raises(Refused, match="须由另一人复核后发布"):
        desk.release("progress-index", "2022Q2", when="2022-07-28", by=CLERK)
    made = desk.release("progress-index", "2022Q2", when="2022-07-28", by=CHIEF)
    assert (made.status, made.values, made.late) == (ReleaseStatus.FINAL, 1, False)
    with reading(desk.database) as session:
        (copy,) = releases(session, desk.force, code="progress-index")
    assert [(value["value"], value["mark"]) for value in copy.content["values"]] == [("112.31", "internal")]
    assert desk.is_whole()


@on_sqlite
def test_only_the_office_records_an_index(desk: Desk) -> None:
    desk.figures("上城区", DISTRICT)
    with pytest.raises(Refused, match="由领导小组办公室记入"):
        recorded(desk, by=LIAISON)


@on_sqlite
def test_an_index_is_printed_with_all_its_decimals(desk: Desk) -> None:
    level = {(code, period): value for (code, period), value in DISTRICT.items() if code not in {"T01", "T15"}}
    desk.figures("上城区", {**level, ("T15", "2022Q1"): "100", ("T15", "2022Q2"): "100"})
    recorded(desk)
    assert [point.text for point in desk.vintages(CODE)] == ["100.00"]
