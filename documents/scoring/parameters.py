"""The parameters of a scheme that formulas refer to by name, each with where it comes from.

Only those that some formula of the workbook reads are listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from documents.scoring.cells import DAY, PLAIN, WHOLE
from documents.scoring.labels import Labels
from documents.scoring.run import Run
from supervision.indicators import PointRule
from supervision.points import EFFICACY_AT_BAD, EFFICACY_FULL, ZHENJIANG_FULL_STOP, ZHENJIANG_NOTHING_BELOW
from supervision.scoring import conduct
from supervision.scoring.case import ComponentCode

_TENTHS = 10
_ZHENJIANG = "镇政办发〔2005〕79号"
_ZHENJIANG_REPORTING = "参照镇江 2008 年办法（迟报扣 0.5、拒报扣 1），以该次报送扣完为止"
_EFFICACY = "功效系数法"
_DEFAULT = "办公室裁定"
_CASE = "考核数据"


class Parameter(NamedTuple):
    """A named value; with a `formula` it is calculated from others and not to be filled in."""

    name: str
    value: Decimal | Fraction | date | int | str
    source: str
    number: str = PLAIN
    formula: str | None = None


def parameters_of(run: Run, labels: Labels) -> tuple[Parameter, ...]:
    """Return the parameters in the order in which they are listed."""
    return (*_period(run), *_scheme(run, labels), *_rules(run, labels), *_conduct(run))


def _period(run: Run) -> Iterator[Parameter]:
    span, quarter = run.case.span, run.case.quarter
    yield Parameter("计划起始日", span.start, _CASE, DAY)
    yield Parameter("计划截止日", span.end, _CASE, DAY)
    yield Parameter("考核季度", str(quarter), _CASE)
    yield Parameter("数据截止日", run.case.as_of, "考核数据：这一天之后才办结的事项尚不知道", DAY)
    first = "ROUNDUP(MONTH(计划起始日)/3,0)"
    yield Parameter(
        "计划季度数", span.quarters, "计划起止日之间的季度数", WHOLE,
        f"(YEAR(计划截止日)-YEAR(计划起始日))*4+ROUNDUP(MONTH(计划截止日)/3,0)-{first}+1",
    )  # fmt: skip
    yield Parameter(
        "已过季度数", span.elapsed(quarter), "截至考核季度末的季度数", WHOLE,
        f"(VALUE(LEFT(考核季度,4))-YEAR(计划起始日))*4+VALUE(RIGHT(考核季度,1))-{first}+1",
    )  # fmt: skip


def _scheme(run: Run, labels: Labels) -> Iterator[Parameter]:
    scheme, source = run.scheme, labels.scheme_source or _CASE
    if scheme.items:
        yield Parameter("最低覆盖率", scheme.min_coverage, f"{source}；低于此数不排名")
        yield Parameter("黄灯起点", scheme.yellow_from, f"{source}；完成率达到 1 为绿灯，达到此数为黄灯")
    yield Parameter("加减分限额", scheme.adjustment_limit, f"{source}；净加减分不超过正负此数")
    if scheme.max_total is not None:
        yield Parameter("总分上限", scheme.max_total, source)


def _rules(run: Run, labels: Labels) -> Iterator[Parameter]:
    rules = {run.scheme.rule_of(item) for item in run.scheme.items}
    if PointRule.CAPPED in rules:
        yield Parameter("完成率封顶", run.scheme.cap, labels.scheme_source or _CASE)
    if PointRule.ZHENJIANG_2005 in rules:
        yield Parameter("镇江起计完成率", ZHENJIANG_NOTHING_BELOW, f"{_ZHENJIANG}：低于 80% 不得分")
        yield Parameter("镇江最高完成率", ZHENJIANG_FULL_STOP, f"{_ZHENJIANG}：高于 150% 按 150%")
    if PointRule.EFFICACY in rules:
        yield Parameter("不允许值计分", EFFICACY_AT_BAD, _EFFICACY)
        yield Parameter("满意值计分", EFFICACY_FULL, _EFFICACY)


def _conduct(run: Run) -> Iterator[Parameter]:
    codes = {part.code for part in run.scheme.components}
    if ComponentCode.KEY_TASKS in codes:
        yield Parameter("按时计分", conduct.ON_TIME, _DEFAULT)
        yield Parameter("逾期计分", conduct.A_LITTLE_LATE, f"{_DEFAULT}；逾期不超过下列工作日")
        yield Parameter("逾期工作日上限", conduct.A_LITTLE_LATE_DAYS, f"{_DEFAULT}；从到期日次日起算，含办结当日")
    if ComponentCode.REPORTING in codes:
        yield Parameter("未报扣分", Decimal(conduct.MISSING_REQUEST) / _TENTHS, _ZHENJIANG_REPORTING)
        yield Parameter("迟报扣分", Decimal(conduct.LATE_REQUEST) / _TENTHS, _ZHENJIANG_REPORTING)
        yield Parameter("退回扣分", Decimal(conduct.RETURNED_REQUEST) / _TENTHS, _ZHENJIANG_REPORTING)
    if ComponentCode.SUPERVISION in codes:
        yield Parameter("督办单扣分", conduct.SUPERVISION_NOTICE, f"{_DEFAULT}；每件事项督办单")
        yield Parameter("通报扣分", conduct.CIRCULAR, f"{_DEFAULT}；每件事项通报")
