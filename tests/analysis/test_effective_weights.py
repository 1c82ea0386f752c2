"""Effective weights: a decomposition that sums to exactly 1, and what it says about a scheme."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from analysis_cases import ready, worked
from hypothesis import given, settings
from scoring_cases import Json, a_case, a_district, an_item, cases

from supervision.analysis.series import Topic
from supervision.analysis.weights import Balance, EffectiveWeights, PartWeight, effective_weights


def weights_of(case: Json, **options: Any) -> EffectiveWeights:
    read, result = ready(case)
    return effective_weights(read, result, **{"dominant": Decimal(2), "topics": {}, **options})


def part(found: EffectiveWeights, code: str) -> PartWeight:
    return next(each for each in (*found.parts, *found.items) if each.code == code)


@given(cases(most_districts=5))
@settings(max_examples=20, deadline=None)
def test_the_shares_of_the_parts_sum_to_exactly_one_and_those_of_the_items_to_the_targets(case: Json) -> None:
    found = weights_of(case)
    shares = [each.effective for each in found.parts]
    if found.variance == 0:
        assert set(shares) <= {None}
        return
    assert sum((share for share in shares if share is not None), Fraction(0)) == 1
    nominal = [each.nominal for each in found.parts if each.nominal is not None]
    assert sum(nominal, Fraction(0)) == 1
    if found.items:
        items = [each.effective for each in found.items if each.effective is not None]
        assert sum(items, Fraction(0)) == part(found, "targets").effective


@pytest.mark.parametrize("case", worked("实际权重"), ids=lambda case: case["情形"])
def test_weights_are_as_the_office_worked_them_out(case: Json) -> None:
    items = [an_item(code, weight) for code, weight in case["权重"].items()]
    districts = [
        a_district(f"{place}", figures={code: {"target": "100", "value": value} for code, value in row.items()})
        for place, row in enumerate(case["各区"])
    ]
    found = weights_of(a_case(items, districts))
    assert {code: part(found, code).effective for code in case["权重"]} == {
        code: Fraction(share) for code, share in case["实际"].items()
    }
    assert {code: part(found, code).balance.value for code in case["权重"]} == case["判断"]


def test_what_is_equal_everywhere_decides_nothing_whatever_its_weight() -> None:
    district = {"T01": {"target": "100", "value": "50"}, "T02": {"target": "100", "value": "100"}}
    other = {"T01": {"target": "100", "value": "80"}, "T02": {"target": "100", "value": "100"}}
    case = a_case(
        [an_item("T01", "10"), an_item("T02", "90")],
        [a_district("1", figures=district), a_district("2", figures=other)],
    )
    read, result = ready(case)
    found = effective_weights(read, result, dominant=Decimal(2), topics={"T02": Topic("T02", "培训人次")})
    assert part(found, "T01").effective == 1
    assert part(found, "T01").balance is Balance.DOMINANT
    assert part(found, "T02").words == "T02 培训人次：名义权重 90%，各单位得分相同（90.00 分），对位次不起作用"
    assert len(found.remarks) == 2


def test_adjustments_and_limits_are_parts_without_a_weight() -> None:
    figures = [{"T01": {"target": "100", "value": value}} for value in ("90", "99")]
    rows = [a_district("1", figures=figures[0], adjustments=[{"points": "2"}]), a_district("2", figures=figures[1])]
    found = weights_of(a_case([an_item("T01", "100")], rows, max_total="95"))
    assert [each.code for each in found.parts] == ["targets", "adjustments", "limits"]
    assert part(found, "adjustments").nominal is None
    assert part(found, "limits").spread == (-4, 0)
    assert "缩小了差距" in part(found, "limits").words


def test_equal_totals_cannot_be_divided_up() -> None:
    rows = [a_district(code, figures={"T01": {"target": "100", "value": "90"}}) for code in "12"]
    found = weights_of(a_case([an_item("T01", "100")], rows))
    assert part(found, "targets").balance is Balance.UNDECIDED
    assert found.remarks == ()
    assert part(found, "targets").as_json()["effective"] is None
