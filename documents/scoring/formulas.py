"""The calculator's rules as spreadsheet formulas, one set for each kind of line.

`{value}` and the like are cells of the line, by the keys of its columns; `{weight_of_item}`, `{tolerance}`, `{best}`,
`{weight_of_targets}` and `{weight_applying}` cells of other sheets; `{places}` the decimals to which a difference is
rounded. Words without braces are names that the sheet 办法 defines. Only functions that Excel 2016, WPS and
LibreOffice 7.4 have.
Source: docs/scoring.md, A line; docs/scoring-workbook.md, Binary numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from documents.scoring.words import LIGHTS, STATUSES, UNRANKED, YES
from supervision.indicators import Basis, FigureLight, LineStatus, Measure, MeasureType, PointRule

NEAR = 12
"""Decimals to which a ratio is rounded before it is held against a threshold: beyond them a double is noise."""

DECIMALS_OF_A_DIFFERENCE = 9
"""Decimals to which the difference of two figures is rounded, unless the figures have more."""

_OK, _MISSING, _OUT = (STATUSES[status] for status in (LineStatus.OK, LineStatus.MISSING, LineStatus.NOT_APPLICABLE))

_SCHEDULED = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK})
_REFERRED = frozenset({MeasureType.RELATIVE, MeasureType.DIRECTION})


@dataclass(frozen=True, slots=True)
class LineFormulas:
    """The formulas of a line, still with their braces, and the columns that are filled in by hand."""

    inputs: frozenset[str]
    by_column: Mapping[str, str]


def line_formulas(measure: Measure, rule: PointRule) -> LineFormulas:
    """Return the formulas for lines of that measure, scored by that rule."""
    return LineFormulas(
        inputs=frozenset(_inputs(measure, rule)),
        by_column={
            "status": _status(measure),
            "expected": f'IF({{status}}="{_OUT}","",{_expected(measure)})',
            "attainment": f'IF({{status}}="{_OK}",{_attainment(measure)},"")',
            "share": f'IF({{status}}="{_OUT}","",IF({{status}}="{_MISSING}",0,{_share(rule)}))',
            "nominal": "{weight_of_item}",
            "weight": f'IF({{status}}="{_OUT}",0,{{nominal}}/{{weight_applying}}*{{weight_of_targets}})',
            "points": f'IF({{status}}="{_OUT}","",{{weight}}*{{share}})',
            "light": _light(measure),
        },
    )


def has_schedule(measure: Measure) -> bool:
    """Return whether the measure looks at the scheduled share s."""
    return measure.measure_type in _SCHEDULED


def _inputs(measure: Measure, rule: PointRule) -> set[str]:
    kind = measure.measure_type
    found = {"value", "by_other", "not_applicable"}
    if kind in _REFERRED:
        found.add("reference")
    elif kind is not MeasureType.RUBRIC:
        found.add("target")
    if kind is MeasureType.STOCK:
        found.add("baseline")
    if rule is PointRule.EFFICACY:
        found |= {"good", "bad"}
    return found


def _status(measure: Measure) -> str:
    """Return 不适用, 未报 or 正常; a blank target equals 0."""
    conditions = [f'{{not_applicable}}="{YES}"', f'AND({{by_other}}="{YES}",{{value}}="")', *_unmeasurable(measure)]
    return f'IF(OR({",".join(conditions)}),"{_OUT}",IF({{value}}="","{_MISSING}","{_OK}"))'


def _unmeasurable(measure: Measure) -> tuple[str, ...]:
    kind = measure.measure_type
    if kind is MeasureType.RUBRIC:
        return ()
    if kind in _REFERRED:
        return ('{reference}=""',)
    if kind is MeasureType.CEILING_RATIO:
        return ('{target}=""',)
    if kind is MeasureType.CUMULATIVE:
        return ("{target}=0", "{scheduled}=0")
    if measure.basis is Basis.GAIN:
        return ("{target}=0", "{scheduled}=0", "ROUND({target}-{baseline},{places})=0")
    if kind is MeasureType.STOCK:
        return ("{target}=0", 'AND({baseline}<>"",{baseline}=0,{scheduled}=0)')
    return ("{target}=0",)


def _expected(measure: Measure) -> str:
    kind = measure.measure_type
    if kind is MeasureType.RUBRIC:
        return '""'
    if kind in _REFERRED:
        return "{reference}"
    if kind is MeasureType.CUMULATIVE:
        return "{target}*{scheduled}"
    if kind is MeasureType.STOCK:
        scheduled = "{baseline}+({target}-{baseline})*{scheduled}"
        return scheduled if measure.basis is Basis.GAIN else f'IF({{baseline}}="",{{target}},{scheduled})'
    return "{target}"


def _attainment(measure: Measure) -> str:
    if measure.basis is Basis.GAIN:
        gained, wanted = "ROUND({value}-{baseline},{places})", "(ROUND({target}-{baseline},{places})*{scheduled})"
        return f'IF({{baseline}}="",NA(),MAX(0,{gained}/{wanted}))'
    return _ATTAINED.get(measure.measure_type, "MAX(0,{value}/{expected})")


_ATTAINED: Mapping[MeasureType, str] = {
    MeasureType.AVERAGE_GROWTH: "MAX({value},0)/{expected}",
    MeasureType.CEILING_RATIO: "IF({value}<={expected},1,{expected}/{value})",
    MeasureType.EXACT_RATE: "MAX(0,MIN({value}/{expected},1))",
    MeasureType.RELATIVE: (
        "IF({value}>={expected},1,IF({tolerance}=0,0,MAX(0,1+ROUND({value}-{expected},{places})/{tolerance})))"
    ),
    MeasureType.DIRECTION: "IF({value}>{expected},1,0)",
    MeasureType.RUBRIC: "{value}",
}
"""What is not simply v / E."""


def _share(rule: PointRule) -> str:
    return _SHARES[rule]


_EFFICACY = (
    "MIN(1,MAX(0,(不允许值计分+(满意值计分-不允许值计分)"
    "*ROUND({value}-{bad},{places})/ROUND({good}-{bad},{places}))/满意值计分))"
)

_SHARES: Mapping[PointRule, str] = {
    PointRule.CAPPED: "MIN({attainment},完成率封顶)",
    PointRule.ZHENJIANG_2005: f"IF(ROUND({{attainment}},{NEAR})<镇江起计完成率,0,MIN({{attainment}},镇江最高完成率))",
    PointRule.BEST_TAKES_FULL: "IF({best}>0,MAX({value},0)/{best},0)",
    PointRule.EFFICACY: f'IF(OR({{good}}="",{{bad}}=""),NA(),{_EFFICACY})',
}


def _light(measure: Measure) -> str:
    green, yellow, red, grey = (LIGHTS[light] for light in FigureLight)
    near = f"ROUND({{attainment}},{NEAR})"
    reached = f'"{green}"'
    if measure.strict:
        only_just = "{value}={target}" if measure.measure_type is MeasureType.CEILING_RATIO else f"{near}=1"
        reached = f'IF({only_just},"{yellow}","{green}")'
    below = f'IF({near}>=黄灯起点,"{yellow}","{red}")'
    return f'IF({{status}}="{_OUT}","",IF({{status}}="{_MISSING}","{grey}",IF({near}>=1,{reached},{below})))'


def days_late(due: str, completed: str) -> str:
    """Return the working days from the day after `due` through `completed`; an error for an unpublished year."""
    years = f"YEAR({completed})-YEAR({due}+1)+1"
    known = f'COUNTIFS(已公布年份,">="&YEAR({due}+1),已公布年份,"<="&YEAR({completed}))={years}'
    weekdays = f"NETWORKDAYS({due}+1,{completed},放假日)"
    made_up = f'COUNTIFS(调休上班日,">"&{due},调休上班日,"<="&{completed})'
    not_completed = f'{due}="",{completed}="",{completed}>数据截止日'
    return f'IF(OR({not_completed}),"",IF({completed}<={due},0,IF({known},{weekdays}+{made_up},NA())))'


def credit(due: str, completed: str, late: str, *, not_counted: str) -> str:
    """Return what a due item earns."""
    open_at_the_end = f'OR({completed}="",{completed}>数据截止日)'
    undone = f'IF({due}<=数据截止日,0,"{not_counted}")'
    done = f"IF({completed}<={due},按时计分,IF({late}<=逾期工作日上限,逾期计分,0))"
    return f'IF({due}="","{not_counted}",IF({open_at_the_end},{undone},{done}))'


def request_deduction(late: str, returned: str, missing: str) -> str:
    """Return the points that one reporting request costs."""
    return f'IF({missing}="{YES}",未报扣分,MIN(未报扣分,IF({late}="{YES}",迟报扣分,0)+退回扣分*{returned}))'


def ranked(coverage: str) -> str:
    """Return 是, or 数据不足 where too little was reported."""
    return f'IF(ROUND({coverage},{NEAR})>=最低覆盖率,"{YES}","{UNRANKED}")'


def total(points: str, *, limited: bool) -> str:
    """Return the total, rounded once: to nine decimals first, so that an exact half is one for a double too."""
    floored = f"MAX(0,{points})"
    whole = f"MIN({floored},总分上限)" if limited else floored
    return f"ROUND(ROUND({whole},{DECIMALS_OF_A_DIFFERENCE}),2)"
