"""The columns of every table in the workbook."""

from __future__ import annotations

from documents.scoring.table import Column, Table
from documents.scoring.words import COMPONENTS
from supervision.scoring.case import ComponentCode, Scheme

GUIDE, SCHEME, CALENDAR = "说明", "办法", "工作日"
"""The sheets that are not one table."""

_WHO = (Column("code", "代码", 10), Column("name", "名称", 14))

LINES = Table(
    "指标得分",
    (
        *_WHO,
        Column("indicator", "指标", 8),
        Column("title", "指标名称", 32),
        Column("unit", "计量单位", 9),
        Column("kind", "指标类型", 17),
        Column("rule", "计分规则", 18),
        Column("target", "目标值", 11),
        Column("baseline", "基期值", 10),
        Column("reference", "参照值", 10),
        Column("value", "填报值（评定）", 11),
        Column("good", "满意值", 9),
        Column("bad", "不允许值", 9),
        Column("by_other", "由其他单位报送", 7),
        Column("not_applicable", "认定不适用", 7),
        Column("scheduled", "序时进度", 9),
        Column("status", "状态", 7),
        Column("expected", "应达值", 15),
        Column("attainment", "完成率", 11),
        Column("share", "得分率", 10),
        Column("nominal", "办法权重", 8),
        Column("weight", "分摊后权重", 10),
        Column("points", "得分", 11),
        Column("light", "灯", 4),
        Column("wording", "计划表述", 22),
        Column("clause", "出处", 10),
    ),
)

KEY_TASKS = Table(
    "重点任务",
    (
        *_WHO,
        Column("number", "序号", 6),
        Column("due", "到期日", 13),
        Column("completed", "办结日（报请办结并经核验）", 16),
        Column("late", "逾期工作日", 11),
        Column("credit", "计分", 9),
        Column("points", "折合得分", 12),
    ),
)

REQUESTS = Table(
    "报送",
    (
        *_WHO,
        Column("number", "序号", 6),
        Column("late", "迟报", 9),
        Column("returned", "退回次数", 9),
        Column("missing", "未报", 9),
        Column("deducted", "扣分", 9),
    ),
)

PARTS = Table(
    "组成部分",
    (
        *_WHO,
        Column("component", "组成部分", 12),
        Column("nominal", "办法权重", 9),
        Column("based_on", "计算依据", 20),
        Column("amount", "依据数值", 13),
        Column("applies", "是否适用", 9),
        Column("weight", "分摊后权重", 12),
        Column("share", "得分率", 12),
        Column("points", "得分", 12),
    ),
)


RULINGS = Table(
    "口径裁定",
    (
        Column("topic", "事项", 24),
        Column("question", "疑问", 42),
        Column("ruling", "裁定", 42),
        Column("date", "日期", 13),
        Column("affects", "涉及", 26),
        Column("source", "出处", 34),
    ),
)


def conduct_table(scheme: Scheme) -> Table:
    """Return the table of papers and adjustments; without the component 督办, of adjustments alone."""
    papers = (
        Column("supervision_notices", "督办单件数", 9),
        Column("circulars", "通报件数", 9),
        Column("deducted", "督办扣分", 9),
    )
    supervised = any(part.code is ComponentCode.SUPERVISION for part in scheme.components)
    adjustments = (
        Column("points", "加减分", 9),
        Column("reason", "事由", 50),
        Column("net", "净加减分（限额之内）", 12),
    )
    name = "督办与加减分" if supervised else "加减分"
    return Table(name, (*_WHO, *(papers if supervised else ()), *adjustments))


def summary_table(scheme: Scheme, *, vetoed: bool = False) -> Table:
    """Return the table of totals.

    One column for each component, those on coverage only where there are targets, one on vetoes where there are any.
    """
    parts = (Column(part.code.value, f"{COMPONENTS[part.code]}得分", 11) for part in scheme.components)
    coverage = (Column("coverage", "覆盖率", 10), Column("ranked", "参加排名", 10))
    return Table(
        "汇总",
        (
            Column("rank", "位次", 6),
            Column("group_rank", "组内位次", 6),
            *_WHO,
            Column("group", "分组", 8),
            *parts,
            Column("adjustments", "净加减分", 10),
            Column("total", "总分", 9),
            *((Column("veto", "一票否决（事由）", 16),) if vetoed else ()),
            Column("grade", "等次", 9),
            *(coverage if scheme.items else ()),
            Column("low", "位次区间（模拟）起", 8),
            Column("high", "位次区间（模拟）止", 8),
            Column("stored_total", "存档总分", 9),
            Column("stored_rank", "存档位次", 6),
            Column("stored_grade", "存档等次", 9),
            Column("check", "与存档核对", 9),
        ),
    )
