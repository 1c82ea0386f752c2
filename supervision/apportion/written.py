"""What people write when they change a target: which district they mean, and which number."""

from __future__ import annotations

from decimal import Decimal

from config.errors import BadInput
from config.plan import Plan
from supervision.collection.values import read_value


def refuse_other_units(plan: Plan, code: str, *, called: str) -> None:
    """Raise BadInput unless the unit of that code, `called` so by who named it, is a district: targets go to those."""
    if code not in {district.code for district in plan.districts}:
        names = "、".join(district.name for district in plan.districts)
        raise BadInput(f"“{called}”不是区、县（市），目标只分解到：{names}")


def number_of(plan: Plan, indicator: str, text: str) -> Decimal:
    """Return the number written as `text` in the unit of measure of an indicator (a code). Raises BadInput."""
    value = read_value(text, plan.indicator(indicator).unit_of_measure)
    if value.number is None:
        raise BadInput(f"“{text}”不是数，没有任务的写 0")
    return value.number
