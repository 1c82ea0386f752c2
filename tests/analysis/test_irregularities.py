"""Every planted manipulation is found, and steady honest figures raise no flag."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from analysis_cases import NOW, RULES, a_series, a_topic, honest_case, on, only, quarters, ready, seen, worked
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import Json, a_case, a_district, an_item

from config.plan.schema.analysis import Irregularities
from supervision.analysis.copies import digits
from supervision.analysis.flags import Flag, Kind
from supervision.analysis.irregularities import irregularities
from supervision.analysis.series import Series
from supervision.indicators import MeasureType
from supervision.scoring import Result

EMPTY: Json = a_case([an_item()], [a_district(figures={"T01": {}})])


def flags_of(
    series: Sequence[Series] = (), *, result: Result | None = None, rules: Irregularities = RULES
) -> tuple[Flag, ...]:
    return irregularities(result or ready(EMPTY)[1], series, topics={}, rules=rules)


def kinds(flags: Sequence[Flag]) -> list[str]:
    return sorted(flag.kind.value for flag in flags)


def of_worked_case(case: Json) -> Series:
    values: list[Any] = [None if value == "未报" else Decimal(value) for value in case["各期"]]
    last = seen(NOW, values[-1], filed_on=_day(case.get("报送日")), due=_day(case.get("截止日")))
    before = seen(NOW.previous, values[-2]) if values[-2] is not None else None
    if before is not None and "上季度冻结时" in case:
        before = replace(before, frozen=Decimal(case["上季度冻结时"]))
    kind = MeasureType(case.get("类型", "cumulative"))
    return a_series(
        *values[:-2], before, last,
        topic=a_topic(unit_of_measure=case.get("单位", "家"), decimals=int(case.get("小数", 0))),
        target=Decimal(case.get("目标", 1200)),
        baseline=Decimal(case["基期"]) if "基期" in case else None,
        measure_type=kind,
        never_falls=kind is MeasureType.CUMULATIVE,
    )  # fmt: skip


def _day(text: str | None) -> Any:
    return on(text) if text else None


@pytest.mark.parametrize("case", worked("异常提示"), ids=lambda case: case["情形"])
def test_a_series_raises_the_flags_that_the_office_expects(case: Json) -> None:
    assert kinds(flags_of([of_worked_case(case)])) == sorted(case["提示"])


# ---- bunching


@pytest.mark.parametrize("spread", [0.05, 0.15, 0.3])
def test_honest_attainments_hardly_ever_bunch(spread: float) -> None:
    flagged = [seed for seed in range(10) if flags_of(result=ready(honest_case(seed, spread=spread))[1])]
    assert len(flagged) <= 1  # by chance one run in a thousand, more where few figures tell how dense they lie


def plant(case: Json, district: int, code: str) -> None:
    """File the smallest figure that reaches what is expected."""
    figure = case["districts"][district]["figures"][code]
    figure["value"] = str(-(-int(figure["target"]) // 2))


@pytest.mark.parametrize("spread", [0.05, 0.15, 0.3])
def test_a_district_that_just_reaches_many_indicators_is_flagged_alone(spread: float) -> None:
    case = honest_case(7, spread=spread)
    for number in range(8):
        plant(case, 4, f"T{number:02d}")
    (flag,) = flags_of(result=ready(case)[1])
    assert (flag.kind, flag.unit, flag.subject) == (Kind.BUNCHING, "330105", "")
    assert "项刚好达到应达数" in flag.words
    assert len(flag.evidence) >= 8


@pytest.mark.parametrize("spread", [0.05, 0.15, 0.3])
def test_many_districts_that_just_reach_one_indicator_are_each_flagged(spread: float) -> None:
    case = honest_case(7, spread=spread)
    for district in range(7):
        plant(case, district, "T11")
    flags = flags_of(result=ready(case)[1])
    assert {flag.unit for flag in flags if flag.subject == "T11"} >= {f"{330101 + n}" for n in range(7)}
    assert {flag.subject for flag in flags} == {"T11"}


def test_a_rate_of_exactly_100_percent_and_a_ceiling_far_away_are_no_bunching() -> None:
    items = [an_item(f"T{n:02d}", "5", measure_type="exact_rate") for n in range(10)]
    items += [an_item(f"C{n:02d}", "5", measure_type="ceiling_ratio") for n in range(10)]
    figures = {item["code"]: {"target": "100", "value": "100" if item["code"][0] == "T" else "60"} for item in items}
    case = a_case(items, [a_district(f"{n}", figures=figures) for n in range(5)])
    assert flags_of(result=ready(case)[1]) == ()


def test_figures_just_under_a_ceiling_bunch_too() -> None:
    case = honest_case(5)
    for item in case["scheme"]["components"][0]["items"][:8]:
        item["measure_type"] = "ceiling_ratio"
        case["districts"][2]["figures"][item["code"]] = {"target": "1000", "value": "1000"}
    assert ("330103", "") in {(flag.unit, flag.subject) for flag in flags_of(result=ready(case)[1])}


# ---- copies


def a_form(unit: str, *rows: Sequence[object], **options: Any) -> list[Series]:
    """Return one series for each row of figures, as one unit's form has them."""
    return [
        a_series(*row, unit=unit, topic=a_topic(f"T{place:02d}"), **{"target": Decimal(10**6), **options})
        for place, row in enumerate(rows, start=1)
    ]


def test_a_form_filed_with_last_periods_figures_is_flagged_once() -> None:
    rows = [(510 + n, 623 + 7 * n, 623 + 7 * n) for n in range(6)]
    (flag,) = flags_of(a_form("1", *rows), rules=only("repeated_column"))
    assert (flag.kind, flag.subject) == (Kind.REPEATED_COLUMN, "")
    assert flag.words == "2022年第二季度报送的 6 个数中有 6 个与上期完全相同"


def test_a_form_of_which_half_has_moved_is_not() -> None:
    rows = [(510, 623, 623 + (n % 2)) for n in range(6)]
    assert flags_of(a_form("1", *rows), rules=only("repeated_column")) == ()


def test_one_long_figure_shared_with_another_district_is_flagged_at_both() -> None:
    series = [*a_form("1", (10, 20, 48231)), *a_form("2", (11, 22, 48231)), *a_form("3", (11, 22, 48232))]
    flags = flags_of(series, rules=only("same_as_other"))
    assert [(flag.unit, flag.subject) for flag in flags] == [("1", "T01"), ("2", "T01")]
    assert flags[0].words == "T01 新增企业：48231家，与区2的数完全相同"


def test_three_short_figures_shared_with_another_district_are_flagged_as_one() -> None:
    rows = [(1, 2, 481), (1, 2, 377), (1, 2, 905)]
    flags = flags_of([*a_form("1", *rows), *a_form("2", *rows)], rules=only("same_as_other"))
    assert [(flag.unit, flag.subject, len(flag.evidence)) for flag in flags] == [("1", "", 3), ("2", "", 3)]


def test_shared_zeros_percentages_and_short_figures_are_chance() -> None:
    percents = {"topic": a_topic(unit_of_measure="%", decimals=2)}
    series = [
        *a_form("1", (1, 2, 0), (1, 2, 12000), (1, 2, 37)),
        *a_form("2", (1, 2, 0), (1, 2, 12000), (1, 2, 37)),
        a_series(1, 2, "98.7654", unit="1", **percents),
        a_series(1, 2, "98.7654", unit="2", **percents),
    ]
    assert flags_of(series, rules=only("same_as_other")) == ()


def test_mostly_round_numbers_are_flagged() -> None:
    rows = [(100, 110, 130 + 10 * n) for n in range(9)]
    (flag,) = flags_of(a_form("1", *rows), rules=only("round_numbers"))
    assert flag.words == "9 个 3 位以上的数中有 9 个是整十数，正常情况下约占十分之一"


@pytest.mark.parametrize(("number", "expected"), [("0", 0), ("12000", 2), ("0.0120", 2), ("1E+3", 1), ("-405", 3)])
def test_significant_digits_leave_zeros_at_the_ends_out(number: str, expected: int) -> None:
    assert digits(Decimal(number)) == expected


# ---- all together


def honest_series(seed: int) -> list[Series]:
    """Return a city's steady figures: each quarter's gain is around a twelfth of the target, filed on any day."""
    lots = random.Random(seed)
    found = []
    for place in range(13):
        for number in range(20):
            target = lots.choice([12, 60, 350, 2400, 18000])
            total, observations = 0.0, []
            for period in quarters(6):
                total += target / 12 * lots.uniform(0.6, 1.4)
                filed = on(f"2022-07-{lots.choice([12, 18, 20, 20, 21])}")
                observations.append(seen(period, round(total), filed_on=filed, due=on("2022-07-20")))
            topic = a_topic(f"T{number:02d}")
            found.append(a_series(*observations, unit=f"{place}", topic=topic, target=Decimal(target)))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_steady_honest_figures_raise_no_flag(seed: int) -> None:
    found = flags_of(honest_series(seed), rules=only(*{kind.value for kind in Kind} - {"same_as_other"}))
    assert [flag.words for flag in found] == []


@pytest.mark.parametrize("seed", range(3))
def test_among_honest_figures_a_shared_long_number_is_rare(seed: int) -> None:
    assert len(flags_of(honest_series(seed), rules=only("same_as_other"))) <= 4


@given(st.lists(st.integers(0, 400), min_size=3, max_size=8), st.booleans())
@settings(deadline=None)
def test_no_series_of_rising_figures_breaks_a_check_or_raises_a_flag_twice(gains: list[int], late: bool) -> None:
    total, observations = 0, []
    for period, gain in zip(quarters(len(gains)), gains, strict=True):
        total += gain
        due = on("2022-07-20")
        observations.append(seen(period, total, filed_on=due if late else on("2022-07-02"), due=due))
    found = flags_of([a_series(*observations)])
    assert len({flag.key for flag in found}) == len(found)
    assert not {Kind.FALL, Kind.TAKEN_BACK, Kind.CHANGED_AFTER_FREEZE} & {flag.kind for flag in found}


def test_a_zero_that_was_frozen_is_told_as_a_zero() -> None:
    series = a_series(None, seen(NOW.previous, 60, frozen=Decimal(0)), 90)
    (flag,) = flags_of([series], rules=only("changed_after_freeze"))
    assert flag.words == "T01 新增企业：已用于上次考核的数在冻结后改动，2022年第一季度由 0家 改为 60家"


def test_what_a_bureau_filed_names_the_bureau() -> None:
    (flag,) = flags_of([a_series(95, 190, 180, filed_by="市科技局")], rules=only("fall"))
    assert flag.filed_by == "市科技局"
    assert flag.as_json()["filed_by"] == "市科技局"


def test_a_flag_shows_the_figures_the_test_and_what_may_be_innocent() -> None:
    series = a_series(95, 190, seen(NOW, 180, note="剔除重复登记"))
    (flag,) = flags_of([series], rules=only("fall"))
    assert flag.as_json() == {
        "kind": "fall",
        "title": "累计数减少",
        "unit": "330102",
        "name": "区330102",
        "subject": "T01",
        "words": "T01 新增企业：累计数由2022年第一季度的 190家 减少到2022年第二季度的 180家",
        "test": "只增不减的累计指标比上一个数减少（office ruling：累计数不应减少）",
        "evidence": {"2021Q4": "95家", "2022Q1": "190家", "2022Q2": "180家（说明：剔除重复登记）"},
        "filed_by": None,
        "innocent": "订正以前的差错，或统计口径、区划有调整",
    }


def test_a_check_that_is_switched_off_raises_nothing() -> None:
    assert flags_of([a_series(95, 190, 180)], rules=only()) == ()


def test_what_happened_in_another_quarter_is_not_flagged_again() -> None:
    assert kinds(flags_of([a_series(95, 80, 190)])) == []
