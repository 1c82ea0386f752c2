"""What all entries of a plan folder have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from config.plan.due import parse

OFFICE_RULING = "office ruling"
"""How `source` begins where the plan is silent and the office has decided."""


def in_chinese(source: str) -> str:
    """Return a `source` as people read it."""
    return source.replace(f" {OFFICE_RULING}", "办公室裁定").replace(OFFICE_RULING, "办公室裁定")


class Entry(BaseModel):
    """A frozen entry; a key that is not in the model is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _plain(value: Decimal) -> Decimal:
    """Return `value` without trailing zeros or exponent, so that 6, 6.0 and 6e0 are one figure and one digest."""
    return Decimal(format(value.normalize(), "f"))


def _due_text(text: str) -> str:
    parse(text)
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words that must be there."""

Source = Text
"""A clause of the plan like 二（一） or 三（一）1, or `office ruling`, with a note after a Chinese colon."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]
"""A short ASCII name that never changes."""

Figure = Annotated[Decimal, Field(max_digits=24, decimal_places=8), AfterValidator(_plain)]
"""An exact number in base units."""

DueText = Annotated[str, AfterValidator(_due_text)]
"""A due rule in the grammar of `config.plan.due`."""

Cadence = Literal["once", "monthly", "quarterly", "half_yearly", "yearly", "continuous"]
"""How often a measure falls due; `continuous` gives feedback once a quarter."""

Frequency = Literal["monthly", "quarterly", "half_yearly", "yearly"]
"""How often a form is filled in."""

MeasureType = Literal[
    "cumulative",
    "stock",
    "annual_stock",
    "average_growth",
    "floor_ratio",
    "ceiling_ratio",
    "exact_rate",
    "relative",
    "direction",
    "rubric",
]
"""How an indicator is measured, and so how its attainment is computed."""

WITHOUT_TARGET: frozenset[MeasureType] = frozenset({"relative", "direction", "rubric"})
"""Measure types that compare with a reference or a rating instead of a number in the plan."""

ADDITIVE_TYPES: frozenset[MeasureType] = frozenset({"cumulative", "stock", "annual_stock"})
"""Measure types whose districts can add up to the city; shares, rates and ratings do not."""

Comparator = Literal[">=", ">", "<=", "<", "=", "~"]
"""How a figure is compared with its target; `~` is 左右."""

PointRule = Literal["capped", "zhenjiang_2005", "best_takes_full", "efficacy"]
"""How attainment becomes a share of the points."""

Role = Literal["liaison", "unit_head", "office", "leader", "auditor"]
"""What a post may do; the rights of each role are code, the posts are data."""
