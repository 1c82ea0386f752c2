"""A line, a due item or a deduction in one Chinese sentence, so that a district can check it by hand.

Numbers are shown with six decimals at most, as they are printed; the calculation itself is exact.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from supervision.exact import exact, half_up, plain
from supervision.indicators import AGAINST_REFERENCE, Basis, Figure, LineStatus, MeasureType, PointRule
from supervision.scoring.case import ComponentCode
from supervision.scoring.result import PLACES, ComponentScore, Credit, Line


def explain_line(line: Line) -> str:
    """Return how the points of `line` came about: what was compared, under which rule, times which weight."""
    if line.reading.status is LineStatus.NOT_APPLICABLE:
        return f"{_why_not_applicable(line)}，权重由其他指标分担"
    if line.share is None or line.points is None or line.reading.status is LineStatus.MISSING:
        return f"未报，权重 {_shown(line.weight)}，得 0 分"
    return (
        f"{_comparison(line)}，完成率 {_shown(line.reading.attainment)}；{_rule(line)}，"
        f"权重 {_shown(line.weight)} × {_shown(line.share)} = {_shown(line.points)} 分"
    )


def explain_credit(credit: Credit) -> str:
    """Return what a due item earns, and why."""
    due = f"{credit.item.due} 到期"
    if credit.credit is None:
        return f"{due}，尚未到期，不计"
    if credit.days_late is None:
        return f"{due}，尚未办结，计 0"
    done = f"{due}，{credit.item.completed} 办结"
    when = f"逾期 {credit.days_late} 个工作日" if credit.credit != 1 else "按时"
    return f"{done}，{when}，计 {_shown(credit.credit)}"


def explain_component(score: ComponentScore) -> str:
    """Return how the points of a component came about."""
    if score.share is None:
        return "没有适用的内容，权重由其他部分分担"
    counted = sum(credit.credit is not None for credit in score.credits)
    how = {
        ComponentCode.TARGETS: "各指标得分之和",
        ComponentCode.KEY_TASKS: f"计入 {counted} 项，平均 {_shown(score.share)}",
        ComponentCode.REPORTING: f"迟报、退回、未报共扣 {_shown(score.deducted)} 分",
        ComponentCode.SUPERVISION: f"督办单、通报共扣 {_shown(score.deducted)} 分",
    }[score.code]
    return f"{how}；权重 {_shown(score.weight)} × {_shown(score.share)} = {_shown(score.points)} 分"


def _why_not_applicable(line: Line) -> str:
    figure, kind = line.figure, line.gauge.item.measure.measure_type
    if figure.not_applicable:
        return "经认定不适用"
    if figure.reported_by_other and (figure.rating if kind is MeasureType.RUBRIC else figure.value) is None:
        return "应由其他单位报送而未报，不计入本单位"
    if kind in AGAINST_REFERENCE:
        return "没有参照值"
    if figure.target is None:
        return "没有目标值"
    return "到本季度末尚无进度要求" if figure.target else "目标值为 0"


def _comparison(line: Line) -> str:
    """Return the formula of the measure with its numbers."""
    figure, measure = line.figure, line.gauge.item.measure
    value, target, reference = _given(figure.value), _given(figure.target), _given(figure.reference)
    match measure.measure_type:
        case MeasureType.RUBRIC:
            return f"评定 {_given(figure.rating)}"
        case MeasureType.CUMULATIVE | MeasureType.STOCK:
            return _against_schedule(line)
        case MeasureType.CEILING_RATIO:
            over = figure.value is not None and figure.target is not None and figure.value > figure.target
            return f"上限 {target} ÷ 实际 {value}" if over else f"实际 {value} 未超过上限 {target}"
        case MeasureType.EXACT_RATE:
            return f"实际 {value} ÷ 目标 {target}，最高计 1"
        case MeasureType.DIRECTION:
            return f"实际 {value} {'高于' if line.reading.attainment else '未高于'}同期 {reference}"
        case MeasureType.RELATIVE:
            return _against_reference(figure, measure.tolerance)
        case _:
            return f"实际 {value} ÷ 目标 {target}"


def _against_schedule(line: Line) -> str:
    figure, measure = line.figure, line.gauge.item.measure
    value, target, baseline = _given(figure.value), _given(figure.target), _given(figure.baseline)
    progress = f"序时进度 {_shown(line.gauge.scheduled)}"
    expected = _shown(line.reading.expected)
    if measure.measure_type is MeasureType.CUMULATIVE:
        return f"实际 {value} ÷ 应达 {expected}（目标 {target} × {progress}）"
    if figure.baseline is None:
        return f"实际 {value} ÷ 目标 {target}（基期值不详）"
    if measure.basis is Basis.GAIN:
        return f"增量（{value} − {baseline}）÷ 应增（{target} − {baseline}）× {progress}"
    return f"实际 {value} ÷ 应达 {expected}（基期 {baseline} + 应增（{target} − {baseline}）× {progress}）"


def _against_reference(figure: Figure, tolerance: Decimal) -> str:
    value, reference = figure.value or Decimal(0), figure.reference or Decimal(0)
    if value >= reference:
        return f"实际 {plain(value)} 不低于参照 {plain(reference)}"
    short = _shown(exact(reference) - exact(value))
    return f"实际 {plain(value)} 低于参照 {plain(reference)}，相差 {short} 个百分点（容差 {plain(tolerance)}）"


def _rule(line: Line) -> str:
    figure, gauge = line.figure, line.gauge
    match gauge.rule:
        case PointRule.CAPPED:
            return f"按完成率计分，最高 {_shown(gauge.cap)}"
        case PointRule.ZHENJIANG_2005:
            return "按镇政办发〔2005〕79号计分：低于 0.8 计 0，高于 1.5 计 1.5"
        case PointRule.BEST_TAKES_FULL:
            return f"以最优值 {_shown(gauge.best)} 为满分"
        case PointRule.EFFICACY:
            return f"按功效系数计分：满意值 {_given(figure.good)}，不允许值 {_given(figure.bad)}"


def _given(number: Decimal | None) -> str:
    return "—" if number is None else plain(number)


def _shown(number: Fraction | None) -> str:
    return "—" if number is None else plain(Decimal(half_up(number, PLACES)))
