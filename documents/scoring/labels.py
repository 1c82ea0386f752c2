"""What the plan calls the things that a score is made of: the words beside the numbers, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from config.plan import Indicator, Plan, Scheme
from config.plan.schema.base import in_chinese
from config.terms import Population
from supervision.scoring.case import ComponentCode


@dataclass(frozen=True, slots=True)
class IndicatorLabel:
    """An indicator: its name, unit of measure, decimals of a figure, the plan's wording and clause.

    `reference` says what a relative or direction indicator is compared with.
    """

    name: str
    unit_of_measure: str = ""
    decimals: int = 0
    wording: str = ""
    source: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RulingLabel:
    """How the office reads a contested definition (口径), and which codes that touches."""

    topic: str
    question: str
    ruling: str
    date: date
    affects: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Labels:
    """The words of one scheme. What is not named here stands in the workbook by its code."""

    subject: str = "考核对象"
    """What those who are assessed are called: 区、县（市） or 成员单位."""
    scheme: str = ""
    scheme_source: str = ""
    indicators: Mapping[str, IndicatorLabel] = field(default_factory=dict)
    component_sources: Mapping[ComponentCode, str] = field(default_factory=dict)
    rulings: tuple[RulingLabel, ...] = ()

    def indicator(self, code: str) -> IndicatorLabel:
        """Return what the indicator of that code is called; its code where the plan does not know it."""
        return self.indicators.get(code) or IndicatorLabel(code)


def labels_of(plan: Plan, scheme: Scheme) -> Labels:
    """Return the words for `scheme`, with the rulings that touch its indicators."""
    codes = [item.code for component in scheme.components for item in component.items]
    rulings = (ruling for ruling in plan.rulings if set(ruling.affects) & set(codes))
    return Labels(
        subject=Population(scheme.population).label,
        scheme=scheme.title,
        scheme_source=in_chinese(scheme.source),
        indicators={code: _indicator(plan.indicator(code)) for code in codes},
        component_sources={ComponentCode(part.code): in_chinese(part.source) for part in scheme.components},
        rulings=tuple(
            RulingLabel(each.topic, each.question, each.ruling, each.date, each.affects, in_chinese(each.source))
            for each in rulings
        ),
    )


def _indicator(indicator: Indicator) -> IndicatorLabel:
    return IndicatorLabel(
        name=indicator.name,
        unit_of_measure=indicator.unit_of_measure,
        decimals=indicator.decimals,
        wording=indicator.text,
        source=in_chinese(indicator.source),
        reference=indicator.reference or "",
    )
