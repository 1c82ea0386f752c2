"""What the workbook calls the terms of the calculator."""

from __future__ import annotations

from collections.abc import Mapping

from documents.charts.wording import COMPONENTS, UNRANKED
from supervision.indicators import Basis, FigureLight, LineStatus, Measure, MeasureType, PointRule
from supervision.points import EFFICACY_AT_BAD, EFFICACY_FULL
from supervision.scoring.case import ComponentCode

__all__ = [
    "BASED_ON",
    "COMPONENTS",
    "EARNED",
    "LIGHTS",
    "NO",
    "NONE",
    "NOT_COUNTED",
    "RULES",
    "STATUSES",
    "UNRANKED",
    "YES",
    "attainment_in_words",
    "kind_of",
]

YES, NO = "是", "否"
NONE = "—"
NOT_COUNTED = "不计"

BASED_ON: Mapping[ComponentCode, str] = {
    ComponentCode.TARGETS: "适用指标的权重合计",
    ComponentCode.KEY_TASKS: "计入的事项数",
    ComponentCode.REPORTING: "扣分合计",
    ComponentCode.SUPERVISION: "扣分合计",
}
"""What the points of a component are calculated from."""

STATUSES: Mapping[LineStatus, str] = {
    LineStatus.OK: "正常",
    LineStatus.MISSING: "未报",
    LineStatus.NOT_APPLICABLE: "不适用",
}

LIGHTS: Mapping[FigureLight, str] = {
    FigureLight.GREEN: "绿",
    FigureLight.YELLOW: "黄",
    FigureLight.RED: "红",
    FigureLight.GREY: "灰",
}

RULES: Mapping[PointRule, str] = {
    PointRule.CAPPED: "完成率（封顶）",
    PointRule.ZHENJIANG_2005: "镇江2005",
    PointRule.BEST_TAKES_FULL: "最优值得满分",
    PointRule.EFFICACY: "功效系数",
}

EARNED: Mapping[PointRule, str] = {
    PointRule.CAPPED: "得分率＝完成率，不超过封顶值",
    PointRule.ZHENJIANG_2005: "完成率低于起计值得 0，高于最高值按最高值，其余按完成率（镇政办发〔2005〕79号）",
    PointRule.BEST_TAKES_FULL: "得分率＝填报值÷各考核对象最优值，负数按 0",
    PointRule.EFFICACY: (
        f"得分率＝〔{EFFICACY_AT_BAD}＋{EFFICACY_FULL - EFFICACY_AT_BAD}×（填报值－不允许值）÷（满意值－不允许值）〕"
        f"÷{EFFICACY_FULL}，在 0 至 1 之间"
    ),
}

GAIN = "存量（按增量）"
RATING = "评定"
AVERAGE_GROWTH = "年均增长"
STOCK = "存量"

_KINDS: Mapping[MeasureType, str] = {
    MeasureType.CUMULATIVE: "累计",
    MeasureType.STOCK: STOCK,
    MeasureType.ANNUAL_STOCK: "每年保有",
    MeasureType.AVERAGE_GROWTH: AVERAGE_GROWTH,
    MeasureType.FLOOR_RATIO: "比率（不低于）",
    MeasureType.CEILING_RATIO: "比率（不高于）",
    MeasureType.EXACT_RATE: "比率（定值）",
    MeasureType.RELATIVE: "与参照值比",
    MeasureType.DIRECTION: "与同期比",
    MeasureType.RUBRIC: RATING,
}

_ATTAINED: Mapping[MeasureType, str] = {
    MeasureType.CUMULATIVE: "填报值÷（目标值×序时进度）",
    MeasureType.STOCK: "填报值÷〔基期值＋（目标值－基期值）×序时进度〕；没有基期值的÷目标值",
    MeasureType.ANNUAL_STOCK: "填报值÷目标值",
    MeasureType.AVERAGE_GROWTH: "填报值÷目标值，负数按 0",
    MeasureType.FLOOR_RATIO: "填报值÷目标值",
    MeasureType.CEILING_RATIO: "不超过目标值的为 1，否则目标值÷填报值",
    MeasureType.EXACT_RATE: "填报值÷目标值，最高为 1",
    MeasureType.RELATIVE: "不低于参照值的为 1，否则 1－相差百分点÷容差，最低为 0",
    MeasureType.DIRECTION: "高于参照值（上年同期）的为 1，否则为 0",
    MeasureType.RUBRIC: "评定等级 0、0.5 或 1",
}


def kind_of(measure: Measure) -> str:
    """Return what the measure is called."""
    return GAIN if measure.basis is Basis.GAIN else _KINDS[measure.measure_type]


def attainment_in_words(measure: Measure) -> str:
    """Return how the attainment is calculated."""
    if measure.basis is Basis.GAIN:
        return "（填报值－基期值）÷〔（目标值－基期值）×序时进度〕"
    return _ATTAINED[measure.measure_type]
