"""同比 and 环比, and the alert when a burden rises."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from config.plan.schema.statistics import Alert, Series
from supervision.indices.growth import Raised, alert, change
from supervision.periods import Period, parse_period

NOW, BEFORE, YEAR_AGO = (parse_period(text) for text in ("2022H1", "2021H2", "2021H1"))


def points(**values: str) -> dict[Period, Decimal]:
    names = {"now": NOW, "before": BEFORE, "year_ago": YEAR_AGO}
    return {names[name]: Decimal(value) for name, value in values.items()}


def a_series(unit: str = "元") -> Series:
    return Series(code="fees", name="收费", kind="statistic", unit_of_measure=unit, decimals=3, frequency="half_yearly",
                  areas=("杭州市",), owner="市市场监管局", source="四（三）")  # fmt: skip


def an_alert(**changes: object) -> Alert:
    told = {"code": "rise", "title": "收费上升", "series": "fees", "direction": "rise", "compare": "previous",
            "threshold": "0", "source": "office ruling"}  # fmt: skip
    return Alert.model_validate(told | changes)


def raised(rule: Alert, unit: str = "元", **values: str) -> Raised | None:
    return alert(rule, a_series(unit), points(**values), NOW, area="杭州市")


def test_growth_is_in_percent_of_the_reference() -> None:
    found = points(now="105", before="100", year_ago="84")
    assert change(found, NOW, "previous", unit_of_measure="元").by == 5
    assert change(found, NOW, "year_ago", unit_of_measure="元").by == 25
    assert change(found, NOW, "year_ago", unit_of_measure="元").words == "同比增长 25.00%（内部测算）"


def test_a_series_in_percent_is_compared_in_percentage_points() -> None:
    found = change(points(now="0.42", before="0.40"), NOW, "previous", unit_of_measure="%")
    assert (found.by, found.in_points) == (Fraction(2, 100), True)
    assert found.words == "环比提高 0.02 个百分点（内部测算）"


@pytest.mark.parametrize("values", [{"now": "5"}, {"before": "5"}, {"now": "5", "before": "-5"}])
def test_what_has_no_reference_above_zero_has_no_growth(values: dict[str, str]) -> None:
    assert change(points(**values), NOW, "previous", unit_of_measure="元").by is None


def test_any_rise_of_the_burden_is_an_alert() -> None:
    found = raised(an_alert(), "%", now="0.421", before="0.420")
    assert found is not None
    assert found.words == (
        "收费上升：杭州市 2022年上半年为 0.421，2021年下半年为 0.42，"
        "环比提高 0.001 个百分点（内部测算），超过预警线 0 个百分点"
    )


@pytest.mark.parametrize(("now", "is_raised"), [("104.99", False), ("105", False), ("105.01", True)])
def test_reaching_the_threshold_exactly_is_no_alert(now: str, is_raised: bool) -> None:
    rule = an_alert(compare="year_ago", threshold="5")
    assert (raised(rule, now=now, year_ago="100") is not None) == is_raised


def test_a_fall_is_an_alert_only_for_a_rule_about_falls() -> None:
    assert raised(an_alert(), now="90", before="100") is None
    assert raised(an_alert(direction="fall", threshold="9"), now="90", before="100") is not None
    assert raised(an_alert(direction="fall", threshold="10"), now="90", before="100") is None


def test_a_burden_that_rises_from_nothing_is_an_alert_whatever_the_threshold() -> None:
    found = raised(an_alert(threshold="50"), now="1", before="0")
    assert found is not None
    assert "环比由 0 升起" in found.words


def test_without_a_reference_there_is_no_alert() -> None:
    assert raised(an_alert(), now="1") is None
