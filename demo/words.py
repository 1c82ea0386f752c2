"""What made-up people write. Everything they write says that it is made up."""

from __future__ import annotations

from demo.lots import Lots

MADE_UP = "（模拟数据）"
"""Stands behind whatever a made-up person writes."""

PROGRESS = (
    "已明确分工和时间节点，正按计划推进",
    "已完成前期摸底，正在汇总各方意见",
    "主要工作已过半，材料正在整理",
)
PROBLEMS = ("部分数据须向基层核实，进度略慢", "涉及多个处室，口径尚待统一", "无")
NEXT_STEPS = ("本月底前完成汇总", "下周召开协调会，逐项落实", "抓紧核实数据，按期报请办结")
COMPLETIONS = (
    "已按要求完成，佐证材料齐备，报请办结",
    "各项要求均已落实，成果已印发，报请办结",
    "已完成并报分管领导审定，报请办结",
)
RETURNS = (
    "缺少佐证材料，请补充后重新报请办结",
    "数据口径与上期不一致，请核对并说明",
    "只写了做法，没有写成效，请补充",
)
EXTENSIONS = ("涉及部门较多，征求意见尚未结束", "上级配套文件尚未印发，须延后完成", "基层数据须逐户核实，时间不足")
CONSENTS = ("理由充分，同意延期，请抓紧办理", "同意延期，不再顺延")
REFUSALS = ("可以先行完成已具备条件的部分，不同意延期", "理由不充分，请按原期限办理")
VERIFIED = ("材料齐全，核验通过", "经核对属实，核验通过")
PRAISE = ("典型做法在全市推广", "承办现场会，经验被市级简报刊载")
APPROVED = ("情况属实，同意", "同意，请附证明材料归档")
OBJECTIONS = ("个别事项系等待上级文件，不应计为逾期，请复核", "部分数据已在截止后补报，请予采纳")
RULINGS = ("经查，期限内未申请延期，维持原结果", "按考核办法以冻结日所知数据计分，维持原结果")
LOOKED_INTO = ("已核对原始记录，数据无误", "已向填报单位核实，属实际情况")
MISSED_FIGURES = ("有指标漏填，请补齐后重报", "有数值未填，请核实补报")
TOO_MUCH = ("本地企业基数偏小，按常住人口分解偏重，请予核减", "该项业务在本地体量较小，目标偏高，请予调整")
LESS = ("经与该区县会商，基数确实偏小，予以核减，差额由其他区县分担", "经核实情况属实，适当核减，其余各地按基数分担")
NO_LESS = ("分解基数对各地一致，已考虑人口规模，维持原目标", "该项目标与上一年度实绩相当，维持原目标")


def one_of(texts: tuple[str, ...], lots: Lots, *names: object) -> str:
    """Return one of `texts`, marked as made up."""
    return texts[lots.between(0, len(texts) - 1, "words", texts[0], *names)] + MADE_UP
