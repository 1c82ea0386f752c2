"""Three shapes of offices: nothing but a table, a notice with the 分工方案 as its annex, a plan with 专栏 boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from plan_documents import add_table, read, saved, targets_of, tasks_of

from documents.plans.reading import read_plan

NOTICE = """关于印发《河湖健康三年行动分工方案》的通知
各省、自治区、直辖市水利（水务）厅（局）：
为抓好河湖健康三年行动，现将《河湖健康三年行动分工方案》印发给你们，请认真落实。各省级水行政主管部门于每年12月10日前报送进展情况。
水利部办公厅
2024年3月15日
附件
河湖健康三年行动分工方案
（2024—2026年）
一、摸清底数
1.开展河湖健康评价，到2026年完成评价河湖2400条以上。（河湖司牵头，水文司、规划司配合，2026年底前完成）
2.建立河湖健康档案，实行一河一档。（河湖司、信息中心按职责分工负责，持续推进）
二、加强修复
3.推进母亲河复苏，恢复有水河段80条。（水资源司牵头，财务司参加，2025年底前完成）
"""

BOXES = """清溪市服务业提质行动计划（2024—2026年）
一、总体目标
到2026年，服务业增加值突破900亿元，培育规上服务业企业300家以上。
二、重点任务
（一）壮大市场主体。建立重点企业培育库，健全分级培育机制。（责任单位：市发改委，市商务局、市统计局）
专栏1 市场主体培育工程
1.升规行动。每年新增规上服务业企业100家。
2.领军行动。认定领军企业20家。
（二）建设集聚平台。优化空间布局，提升园区能级。（责任单位：市发改委，各区县政府）
专栏2 平台建设重点项目
河东数字产业园、南站商务区、云谷设计中心。
（三）引育专业人才。2025年6月底前出台人才目录。（责任单位：市人社局，市教育局）
三、保障措施
（一）加强统筹。市服务业发展领导小组每季度调度一次。
"""


def _table_only(folder: Path) -> Any:
    document = docx.Document()
    document.add_paragraph("长宁河新区2025年营商环境重点工作任务分工表")
    rows = [
        ["序号", "工作任务", "责任单位", "完成时限"],
        ["一、政务服务", "一、政务服务", "一、政务服务", "一、政务服务"],
        ["1", "压减办事材料，高频事项材料压减30%以上", "区行政审批局、区司法局", "2025年6月底"],
        ["2", "推广“一次告知”。编制告知清单。", "区行政审批局牵头，各相关部门配合", "2025年9月"],
        ["二、要素保障", "二、要素保障", "二、要素保障", "二、要素保障"],
        ["3", "建设标准厂房12万平方米", "区住建局\n区自然资源分局", "年底前"],
        ["4", "走访企业", "区工商联", "每月"],
        ["", "", "", ""],
        [
            "备注：列第一位的为牵头单位",
            "备注：列第一位的为牵头单位",
            "备注：列第一位的为牵头单位",
            "备注：列第一位的为牵头单位",
        ],
    ]
    add_table(document, rows)
    table = document.tables[0]
    for row in (1, 4, 8):
        words = rows[row][0]
        table.cell(row, 0).merge(table.cell(row, 3)).text = words
    return read_plan(saved(document, folder / "plan.docx")).data()


def test_a_document_of_nothing_but_a_table_gives_its_rows_as_tasks(tmp_path: Path) -> None:
    data = _table_only(tmp_path)
    assert (data["plan"]["title"], data["plan"]["start"]) == (
        "长宁河新区2025年营商环境重点工作任务分工表",
        "2025-01-01",
    )
    assert tasks_of(data) == [
        "1 压减办事材料，高频事项材料压减30%以上 | 区行政审批局 | 区司法局 · once on 2025-06-30",
        "2 推广“一次告知” | 区行政审批局 | [各相关部门] · once on 2025-09-30",
        "3 建设标准厂房12万平方米 | 区住建局 | 区自然资源分局 · once on 2025-12-31",
        "4 走访企业 | 区工商联 |  · monthly period_end",
    ]


def test_the_headings_and_the_remark_of_a_table_are_no_tasks_and_leave_no_false_doubt(tmp_path: Path) -> None:
    said = "\n".join(warning["message"] for warning in _table_only(tmp_path)["warnings"])
    assert "没有写责任单位" not in said and "没有写明第一位为牵头单位" not in said


def test_the_numbers_of_a_table_of_tasks_are_targets(tmp_path: Path) -> None:
    assert targets_of(_table_only(tmp_path)) == [
        "高频事项材料压减 | floor_ratio | >= 30% | 2025-06-30",
        "建设标准厂房 | cumulative | >= 120000平方米 | 2025-12-31",
    ]


def test_a_ministry_s_notice_gives_the_tasks_of_its_annex() -> None:
    data = read(NOTICE)
    assert tasks_of(data) == [
        "1 开展河湖健康评价，到2026年完成评价河湖2400条以上 | 河湖司 | 水文司 规划司 · once on 2026-12-31",
        "2 建立河湖健康档案，实行一河一档 | 河湖司 | 信息中心 · continuous period_end",
        "3 推进母亲河复苏，恢复有水河段80条 | 水资源司 | 财务司 · once on 2025-12-31",
    ]
    assert targets_of(data) == [
        "完成评价河湖数 | cumulative | >= 2400条 | 2026-12-31",
        "恢复有水河段数 | cumulative | >= 80条 | 2025-12-31",
    ]


def test_a_ministry_s_notice_says_who_issued_the_plan_when_and_for_which_years() -> None:
    plan = read(NOTICE)["plan"]
    assert (plan["title"], plan["issuer"], plan["signed"]) == ("河湖健康三年行动分工方案", "水利部办公厅", "2024-03-15")
    assert (plan["start"], plan["end"]) == ("2024-01-01", "2026-12-31")


def test_a_box_is_no_task_and_tears_no_outline() -> None:
    data = read(BOXES)
    assert tasks_of(data) == [
        "1 壮大市场主体 | 市发改委 | 市商务局 市统计局 · yearly period_end",
        "2 建设集聚平台 | 市发改委 | [各区县政府]",
        "3 引育专业人才 | 市人社局 | 市教育局 · once on 2025-06-30",
    ]
    assert [task["title"] for task in data["safeguards"]] == ["加强统筹"]


def test_the_numbers_in_a_box_are_targets_of_the_task_above_it() -> None:
    assert targets_of(read(BOXES)) == [
        "服务业增加值 | stock | > 900亿元 | 2026-12-31",
        "培育规上服务业企业数 | cumulative | >= 300家 | 2026-12-31",
        "每年新增规上服务业企业数 | annual_stock | >= 100家 |",
        "认定领军企业数 | cumulative | >= 20家 |",
    ]


def test_the_entries_of_a_box_are_measures_of_the_task_above_it() -> None:
    [first, second, _] = read(BOXES)["key_tasks"]
    assert [measure["title"] for measure in first["measures"]] == ["升规行动", "领军行动"]
    assert second["measures"] == []
