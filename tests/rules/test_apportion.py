"""Apportioning: exact sums, official order on ties, parts within wholes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.errors import BadInput, PlanError, Refused, UnknownName
from config.plan import Plan, load_plan, packaged_plan
from supervision.apportion import Override, district_targets, largest_remainder, refuse_shortfall

ONE = Decimal(1)
CENT = Decimal("0.01")

weights = st.lists(st.integers(0, 10**7).map(Decimal), min_size=1, max_size=20).filter(any)


@cache
def load_once() -> Plan:
    return load_plan(packaged_plan())


@pytest.fixture
def hangzhou() -> Plan:
    return load_once()


def changed(plan: Plan, code: str, **keys: object) -> Plan:
    """Return `plan` with some keys of one indicator changed."""
    data = plan.model_dump(mode="json")
    entry = next(each for each in data["indicators"] if each["code"] == code)
    entry.update(keys)
    return Plan.model_validate(data, context={"stored": True})


def by_district(plan: Plan, code: str, *overrides: Override) -> dict[str, Decimal]:
    return {
        line.district: line.target for line in district_targets(plan, overrides=overrides) if line.indicator == code
    }


@given(total=st.integers(0, 10**8), shares=weights)
def test_whole_numbers_are_shared_out_without_a_unit_lost(total: int, shares: list[Decimal]) -> None:
    parts = largest_remainder(Decimal(total), shares, quantum=ONE)
    assert sum(parts) == total
    assert all(part == part.to_integral_value() and part >= 0 for part in parts)


@given(cents=st.integers(0, 10**8), shares=weights)
def test_decimals_are_shared_out_in_whole_quanta(cents: int, shares: list[Decimal]) -> None:
    parts = largest_remainder(cents * CENT, shares, quantum=CENT)
    assert sum(parts) == cents * CENT
    assert all(part % CENT == 0 for part in parts)


@given(total=st.integers(0, 10**6), shares=weights)
def test_nobody_is_a_whole_quantum_away_from_the_quota(total: int, shares: list[Decimal]) -> None:
    whole = sum(Fraction(share) for share in shares)
    parts = largest_remainder(Decimal(total), shares, quantum=ONE)
    assert all(abs(Fraction(part) - total * Fraction(s) / whole) < 1 for part, s in zip(parts, shares, strict=True))


@given(total=st.integers(0, 10**6), shares=weights)
def test_a_larger_base_never_gets_less(total: int, shares: list[Decimal]) -> None:
    parts = largest_remainder(Decimal(total), shares, quantum=ONE)
    pairs = list(zip(shares, parts, strict=True))
    assert all(low[1] <= high[1] for low in pairs for high in pairs if low[0] < high[0])


def test_equal_remainders_go_to_the_first_in_official_order() -> None:
    assert largest_remainder(Decimal(5), [ONE] * 3, quantum=ONE) == (Decimal(2), Decimal(2), Decimal(1))


def test_a_worked_example_that_can_be_checked_by_hand() -> None:
    # quotas 4.8 × 0.5 / 0.3 / 0.2 = 2.40, 1.44, 0.96 at one decimal: 2.4, 1.4 and 0.9, and 0.1 left for the last
    found = largest_remainder(Decimal("4.8"), [Decimal(5), Decimal(3), Decimal(2)], quantum=Decimal("0.1"))
    assert found == (Decimal("2.4"), Decimal("1.4"), Decimal("1.0"))


@given(data=st.data(), shares=weights.filter(all), room=st.integers(0, 50))
def test_caps_hold_and_the_sum_stays_exact(data: st.DataObject, shares: list[Decimal], room: int) -> None:
    caps = data.draw(st.lists(st.integers(0, 1000), min_size=len(shares), max_size=len(shares)))
    total = max(sum(caps) - room, 0)
    parts = largest_remainder(Decimal(total), shares, quantum=ONE, caps=[Decimal(cap) for cap in caps])
    assert sum(parts) == total
    assert all(part <= cap for part, cap in zip(parts, caps, strict=True))


@given(total=st.integers(1, 1000), shares=weights)
def test_caps_that_nobody_reaches_change_nothing(total: int, shares: list[Decimal]) -> None:
    caps = [Decimal(total)] * len(shares)
    free = largest_remainder(Decimal(total), shares, quantum=ONE)
    assert largest_remainder(Decimal(total), shares, quantum=ONE, caps=caps) == free


def test_caps_that_cannot_hold_the_total_are_refused() -> None:
    with pytest.raises(Refused, match="分不出去"):
        largest_remainder(Decimal(5), [ONE, ONE], quantum=ONE, caps=[Decimal(2), Decimal(2)])


@pytest.mark.parametrize(
    ("total", "shares"), [("-1", ["1"]), ("1", ["0", "0"]), ("1", ["-1", "2"]), ("1", []), ("0.5", ["1"])]
)
def test_what_cannot_be_shared_out_is_refused(total: str, shares: list[str]) -> None:
    with pytest.raises(BadInput):
        largest_remainder(Decimal(total), [Decimal(share) for share in shares], quantum=ONE)


def test_every_split_target_of_the_plan_sums_to_the_citys(hangzhou: Plan) -> None:
    lines = district_targets(hangzhou)
    for indicator in hangzhou.indicators:
        targets = [line.target for line in lines if line.indicator == indicator.code]
        if indicator.apportion is None:
            assert targets == []
        elif indicator.apportion.method == "split":
            assert sum(targets) == indicator.target
        else:
            assert targets == [indicator.target] * len(hangzhou.districts)


def test_lines_follow_the_plan_and_the_official_order(hangzhou: Plan) -> None:
    lines = district_targets(hangzhou)
    apportioned = [each.code for each in hangzhou.indicators if each.apportion]
    assert list(dict.fromkeys(line.indicator for line in lines)) == apportioned
    official = [district.code for district in hangzhou.districts]
    assert [line.district for line in lines] == official * len(apportioned)


def test_a_line_says_by_which_base_it_was_split(hangzhou: Plan) -> None:
    line = district_targets(hangzhou)[0]
    assert "假定基数" in line.source
    assert line.source.startswith("四（二）")


def test_a_subset_stays_within_its_set_in_every_district(hangzhou: Plan) -> None:
    tight = changed(hangzhou, "T02", target="165000")  # the set's own total: every district is filled to the brim
    assert by_district(tight, "T02") == by_district(tight, "T01")


@given(target=st.integers(0, 330))
def test_a_subset_of_any_size_stays_within_its_set_or_is_refused(target: int) -> None:
    plan = changed(load_once(), "T14", target=str(target))
    if target > 300:
        with pytest.raises(Refused, match="T14"):
            district_targets(plan)
        return
    subset, whole = by_district(plan, "T14"), by_district(plan, "T13")
    assert sum(subset.values()) == target
    assert all(subset[code] <= whole[code] for code in whole)


def test_a_subset_listed_before_its_set_is_split_after_it(hangzhou: Plan) -> None:
    data = hangzhou.model_dump(mode="json")
    data["indicators"].reverse()
    turned = Plan.model_validate(data, context={"stored": True})
    assert by_district(turned, "T14") == by_district(hangzhou, "T14")


def test_an_override_is_deducted_before_the_rest_is_shared_out(hangzhou: Plan) -> None:
    override = Override("T06", "滨江区", Decimal(200), "高新企业集中")
    found = by_district(hangzhou, "T06", override)
    assert found["330108"] == 200
    assert sum(found.values()) == 1000
    lines = district_targets(hangzhou, overrides=[override])
    assert "高新企业集中" in next(x.source for x in lines if (x.indicator, x.district) == ("T06", "330108"))


def test_an_override_of_a_set_bounds_its_subset(hangzhou: Plan) -> None:
    found = by_district(hangzhou, "T02", Override("T01", "淳安县", Decimal(100), "生态保护区"))
    assert found["330127"] == 100
    assert sum(found.values()) == 48000


def test_an_override_of_a_shared_target_stands_beside_the_citys(hangzhou: Plan) -> None:
    found = by_district(hangzhou, "T05", Override("T05", "淳安县", Decimal("4.5"), "生态保护区"))
    assert found.pop("330127") == Decimal("4.5")
    assert set(found.values()) == {Decimal(6)}


@given(values=st.lists(st.integers(0, 200), min_size=13, max_size=13))
def test_overrides_for_everybody_must_reach_the_citys_target(values: list[int]) -> None:
    plan = load_once()
    overrides = [Override("T06", d.code, Decimal(v), "会商") for d, v in zip(plan.districts, values, strict=True)]
    if sum(values) < 1000:
        with pytest.raises(Refused, match="少于全市目标"):
            district_targets(plan, overrides=overrides)
    else:
        assert list(by_district(plan, "T06", *overrides).values()) == values


@pytest.mark.parametrize(
    ("override", "error", "words"),
    [
        (Override("T06", "滨江区", Decimal(1001), "会商"), Refused, "超出全市目标"),
        (Override("T02", "滨江区", Decimal(47000), "会商"), Refused, "超过其所属的"),
        (Override("T06", "滨江区", Decimal(10), "  "), BadInput, "理由"),
        (Override("T06", "滨江区", Decimal(-1), "会商"), BadInput, "不得为负"),
        (Override("T06", "滨江区", Decimal("1.5"), "会商"), BadInput, "小数位数"),
        (Override("T03", "滨江区", Decimal(1), "会商"), BadInput, "不分解"),
        (Override("T06", "市税务局", Decimal(1), "会商"), BadInput, "不分解"),
        (Override("T06", "火星区", Decimal(1), "会商"), UnknownName, "火星区"),
        (Override("T99", "滨江区", Decimal(1), "会商"), UnknownName, "T99"),
    ],
)
def test_an_impossible_override_is_refused(
    hangzhou: Plan, override: Override, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        district_targets(hangzhou, overrides=[override])


def test_two_overrides_of_one_target_are_refused(hangzhou: Plan) -> None:
    twice = [Override("T06", name, Decimal(10), "会商") for name in ("滨江区", "330108")]
    with pytest.raises(BadInput, match="重复"):
        district_targets(hangzhou, overrides=twice)


def test_a_rate_is_not_split_by_sum(hangzhou: Plan) -> None:
    split = {"method": "split", "base": "population_2020", "source": "四（二）"}
    with pytest.raises(ValueError, match="不能按基数分解"):
        changed(hangzhou, "T17", additive=True, apportion=split)


def test_a_base_that_leaves_a_district_out_is_refused(hangzhou: Plan) -> None:
    data = hangzhou.model_dump(mode="json")
    data["assessment"]["bases"][0]["shares"].pop()
    with pytest.raises(PlanError, match="建德市"):
        district_targets(Plan.model_validate(data, context={"stored": True}))


def test_a_baseline_that_is_established_is_split_like_the_target(hangzhou: Plan) -> None:
    data = hangzhou.model_dump(mode="json")
    baseline = next(each for each in data["assessment"]["baselines"] if each["indicator"] == "T28")
    baseline["value"] = "200"
    lines = district_targets(Plan.model_validate(data, context={"stored": True}))
    assert sum(line.baseline or 0 for line in lines if line.indicator == "T28") == 200
    assert all(line.baseline is None for line in lines if line.indicator == "T29")


@given(total=st.integers(0, 2000))
def test_a_sum_below_the_citys_target_is_refused(total: int) -> None:
    indicator = load_once().indicator("T06")
    assume(total != 1000)
    if total < 1000:
        with pytest.raises(Refused, match=f"差 {1000 - total}"):
            refuse_shortfall(indicator, [Decimal(total)])
    else:
        refuse_shortfall(indicator, [Decimal(total)])
