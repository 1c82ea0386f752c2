"""The made-up city's figures are such as a real one could have, and pass the plan's own checks."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.plan import Indicator, Plan, load_plan, packaged_plan
from config.terms import Cadence, FigureState, RequestState
from demo.behaviour import characters
from demo.figures import Figures
from demo.filing import Request, cells, file_name, sheet
from demo.lots import Lots
from documents.sheets import read_submission
from supervision.collection.checks import Standing, problems_of
from supervision.collection.filing import is_empty, read_cells
from supervision.collection.windows import form_periods, reporters
from supervision.exact import plain
from supervision.periods import Period, periods

HANGZHOU = load_plan(packaged_plan())
QUARTERS = periods(Cadence.QUARTERLY, start=HANGZHOU.start, end=HANGZHOU.end)


def figures(plan: Plan, seed: int = 1) -> Figures:
    lots = Lots(seed)
    return Figures(plan, lots, characters(plan, lots))


SEEDS = st.integers(0, 20)
INDICATORS = st.sampled_from(HANGZHOU.indicators)
DISTRICTS = st.sampled_from([unit.code for unit in HANGZHOU.districts])


@settings(max_examples=60)
@given(SEEDS, INDICATORS, DISTRICTS)
def test_a_cumulative_figure_never_falls_but_for_the_one_correction(seed: int, each: Indicator, district: str) -> None:
    city = figures(HANGZHOU, seed)
    series = [city.value(each, district, quarter) for quarter in QUARTERS]
    falls = [now < before for before, now in pairwise(series)]
    if each.measure_type == "cumulative":
        assert sum(falls) <= ((each.code, district) == city.corrected)


@settings(max_examples=60)
@given(SEEDS, INDICATORS, DISTRICTS, st.sampled_from(QUARTERS))
def test_a_figure_keeps_to_its_decimals_its_range_and_its_whole(
    seed: int, each: Indicator, district: str, quarter: Period
) -> None:
    city = figures(HANGZHOU, seed)
    value = city.value(each, district, quarter)
    assert value >= 0
    assert value == value.quantize(Decimal(1).scaleb(-each.decimals))
    if each.unit_of_measure == "%":
        assert value <= 100
    if each.subset_of is not None:
        assert value <= city.value(HANGZHOU.indicator(each.subset_of), district, quarter)


@settings(max_examples=30)
@given(SEEDS, INDICATORS, st.sampled_from(QUARTERS))
def test_the_citys_figure_is_the_sum_of_the_districts(seed: int, each: Indicator, quarter: Period) -> None:
    city = figures(HANGZHOU, seed)
    if each.additive and each.apportion is not None:
        parts = (city.value(each, unit.code, quarter) for unit in HANGZHOU.districts)
        assert city.value(each, each.owners[0], quarter) == sum(parts)


def test_zero_not_applicable_and_correction_each_happen_in_one_place() -> None:
    city = figures(HANGZHOU)
    assert city.zero is not None and city.not_applicable is not None and city.corrected is not None
    code, district = city.zero
    assert all(city.value(HANGZHOU.indicator(code), district, quarter) == 0 for quarter in QUARTERS)


def test_every_way_of_measuring_has_a_figure(river_city: Plan) -> None:
    city, last = figures(river_city), Period(2024, 10, 3)
    for each in river_city.indicators:
        assert city.value(each, river_city.districts[0].code, last) > 0 or (each.code, "990001") == city.zero
        assert city.value(each, each.owners[0], last) > 0


@pytest.mark.parametrize("seed", [1, 20211229])
@pytest.mark.parametrize("which", ["hangzhou", "river_city"])
def test_what_is_filed_passes_the_plans_own_checks(which: str, seed: int, request: pytest.FixtureRequest) -> None:
    plan: Plan = request.getfixturevalue(which)
    city = figures(plan, seed)
    standing: list[Standing] = []
    states: set[FigureState] = set()
    for form in plan.forms:
        for period in form_periods(plan, form):
            for unit in reporters(plan, form, period):
                asked = _request(form.code, unit.code, period)
                hasty = city.lots.chosen(Decimal("0.1"), form.code, unit.code, period)
                for explained in (False, True):
                    content = sheet(form, cells(form, asked, city, hasty=hasty, explained=explained), plan)
                    filed = read_submission(content, file_name(form, asked, city))
                    read, problems = read_cells(plan, form, unit, filed.rows)
                    assert [str(problem) for problem in problems] == []
                    assert not is_empty(read)
                    asks = problems_of(plan, form, period, read, standing)
                    assert explained is False or asks == []
                    if not asks:
                        break
                states |= {cell.value.state for cell in read.values()}
                standing += [
                    Standing(cell.indicator, cell.area, period, cell.value.number)
                    for cell in read.values()
                    if cell.value.number is not None
                ]
    assert states == set(FigureState)
    assert Decimal(0) in {each.number for each in standing}


def _request(form: str, unit: str, period: Period) -> Request:
    return Request(
        1, form, unit, period, RequestState.OPEN, period.last, period.last, period.last, period.last, 0, None, None
    )


def test_the_correction_downwards_is_explained() -> None:
    city = figures(HANGZHOU)
    assert city.corrected is not None
    code, district = city.corrected
    form = next(each for each in HANGZHOU.forms if code in each.indicators and each.areas == "self")
    series = form_periods(HANGZHOU, form)
    values = [city.value(HANGZHOU.indicator(code), district, period) for period in series]
    fallen = next(n for n in range(1, len(series)) if values[n] < values[n - 1])
    written = cells(form, _request(form.code, district, series[fallen]), city, hasty=False)
    filed = read_submission(sheet(form, written, HANGZHOU), "x.csv")
    [row] = [row for row in filed.rows if row.indicator == code]
    assert (row.value_text, "模拟数据" in row.note) == (plain(values[fallen]), True)
