"""Plans as Word documents: tables of tasks and of targets, numbers that only the list holds, tracked changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from plan_documents import add_list, add_table, gist, numbered, read, saved, targets_of, tasks_of, text_of

from documents.plans.reading import read_plan

HEADINGS = ["序号", "任务类别", "工作任务", "具体举措", "牵头单位", "配合单位", "完成时限"]


def _read(document: Any, folder: Path) -> Any:
    return read_plan(saved(document, folder / "plan.docx")).data()


def test_paragraphs_are_read_like_lines(tmp_path: Path) -> None:
    text = text_of("county-three-year")
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    assert gist(_read(document, tmp_path)) == gist(read(text))


def test_a_table_of_tasks_gives_tasks_with_measures_and_deadlines(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("安江市2024年民生实事任务分工表")
    rows = [
        HEADINGS,
        [
            "1",
            "教育",
            "扩大普惠托育供给",
            "新增托位1200个。",
            "市卫生健康委",
            "市发展改革委\n市教育局",
            "2024年10月底前",
        ],
        [
            "2",
            "教育",
            "改善办学条件",
            "1.改造食堂20所；\n2.更新课桌椅。",
            "市教育局",
            "市财政局、各县（市、区）政府",
            "2024年8月",
        ],
        ["3", "出行", "优化公交线网", "开通微循环线路", "市交通运输局", "市公安局", "第三季度"],
        ["3", "出行", "优化公交线网", "增设港湾站台", "市城管局", "市交通运输局", "持续推进"],
        ["4", "就业", "开展技能培训", "培训2万人次以上", "市人社局", "/", "每季度"],
    ]
    add_table(document, rows, merges=[(0, 3, 4), (1, 3, 4), (2, 3, 4), (1, 1, 2)])
    data = _read(document, tmp_path)
    assert tasks_of(data) == [
        "1 扩大普惠托育供给 | 市卫生健康委 | 市发展改革委 市教育局 · once on 2024-10-31",
        "2 改善办学条件 | 市教育局 | 市财政局 [各县（市、区）政府] · once on 2024-08-31",
        "3 开通微循环线路 | 市交通运输局 | 市公安局 · once on 2024-09-30",
        "4 增设港湾站台 | 市城管局 | 市交通运输局 · continuous period_end",
        "5 开展技能培训 | 市人社局 |  · quarterly period_end",
    ]
    assert [measure["title"] for measure in data["key_tasks"][1]["measures"]] == ["改造食堂20所", "更新课桌椅"]
    assert "新增托位数 | cumulative | >= 1200个 | 2024-10-31" in targets_of(data)


def test_rows_that_share_task_and_units_are_measures_of_one_task(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("任务分解表")
    rows = [
        ["序号", "重点任务", "工作内容", "责任单位"],
        ["1", "整治河道", "清理淤积", "市水利局、市城管局"],
        ["1", "整治河道", "修复堤岸", "市水利局、市城管局"],
    ]
    add_table(document, rows, merges=[(0, 1, 2), (1, 1, 2), (3, 1, 2)])
    [task] = _read(document, tmp_path)["key_tasks"]
    assert (task["title"], task["lead_unit"], task["supporting_units"]) == ("整治河道", "市水利局", ["市城管局"])
    assert [measure["title"] for measure in task["measures"]] == ["清理淤积", "修复堤岸"]


def test_a_table_beside_the_text_adds_what_the_text_leaves_out(tmp_path: Path) -> None:
    document = docx.Document()
    for line in (
        "年度工作方案",
        "一、重点任务",
        "1.整治河道。清理淤积。（责任单位：市水利局）",
        "2.修缮堤岸。加固险段。（责任单位：市水利局）",
    ):
        document.add_paragraph(line)
    rows = [
        ["任务", "责任单位", "完成时限"],
        ["整治河道", "市水务局", "2024年6月底前"],
        ["疏浚湖泊", "市水利局", "长期坚持"],
    ]
    add_table(document, rows)
    data = _read(document, tmp_path)
    assert [(task["title"], task["lead_unit"], task["due"]) for task in data["key_tasks"]] == [
        ("整治河道", "市水利局", "on 2024-06-30"),
        ("修缮堤岸", "市水利局", None),
        ("疏浚湖泊", "市水利局", "period_end"),
    ]
    assert any("牵头单位不同" in warning["message"] for warning in data["warnings"])


def test_a_table_of_targets_gives_the_last_aim_and_not_the_base(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("发展规划（2023—2025年）")
    rows = [
        ["序号", "指标名称", "单位", "2022年（实际）", "2025年目标"],
        ["1", "物业覆盖率", "%", "60", "≥95"],
        ["2", "累计新增停车位", "个", "300", "2,000"],
        ["3", "投诉响应时间", "小时", "48", "≤24"],
        ["4", "居民满意度", "—", "—", "明显提升"],
    ]
    add_table(document, rows)
    data = _read(document, tmp_path)
    assert targets_of(data) == [
        "物业覆盖率 | floor_ratio | >= 95% | 2025-12-31",
        "累计新增停车位 | cumulative | >= 2000个 | 2025-12-31",
        "投诉响应时间 | ceiling_ratio | <= 24小时 | 2025-12-31",
    ]


def test_a_table_of_something_else_is_told_not_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("通讯录")
    add_table(document, [["姓名", "电话"], ["王某", "12345678"]])
    assert [w for w in _read(document, tmp_path)["warnings"] if "有一张表没有读进来" in w["message"]]


def test_numbers_that_stand_in_the_list_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("北桥区治理实施方案（2023—2025年）")
    number = add_list(document, [("chineseCounting", "%1、"), ("japaneseCounting", "（%2）"), ("decimal", "%3.")])
    numbered(document, "工作目标", number, 0)
    document.add_paragraph("到2025年底，完成治理90个以上。")
    numbered(document, "主要任务", number, 0)
    numbered(document, "完善设施", number, 1)
    numbered(document, "更新管网。统筹改造。（牵头单位：区住建局；配合单位：区水务局）", number, 2)
    numbered(document, "整治线路。清理线缆。（区城管局牵头，区经信局、供电公司配合）", number, 2)
    numbered(document, "提升服务", number, 1)
    numbered(document, "推行信托。选取试点。（责任单位：区住建局，各街道）", number, 2)
    data = _read(document, tmp_path)
    assert [f"{task['source']} {task['title']}" for task in data["key_tasks"]] == [
        "二（一）1 更新管网",
        "二（一）2 整治线路",
        "二（二）1 推行信托",
    ]
    assert targets_of(data) == ["完成治理数 | cumulative | >= 90个 | 2025-12-31"]


def test_deleted_text_is_left_out_and_inserted_text_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("工作方案")
    paragraph = document.add_paragraph("1.整治河道。清理淤积。（责任单位：")
    for tag, text_tag, text in (("w:del", "w:delText", "市水务局"), ("w:ins", "w:t", "市水利局")):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    paragraph._p.append(paragraph.add_run("）")._r)
    assert [task["lead_unit"] for task in _read(document, tmp_path)["key_tasks"]] == ["市水利局"]


def test_a_frame_of_one_cell_is_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("工作方案")
    add_table(document, [["1.整治河道。清理淤积。（责任单位：市水利局）"]])
    assert [task["title"] for task in _read(document, tmp_path)["key_tasks"]] == ["整治河道"]


def test_a_table_copied_as_text_with_tabs_or_bars_is_still_a_table() -> None:
    rows = [
        ["序号", "重点任务", "责任单位", "完成时限"],
        ["1", "整治河道", "市水利局、市城管局", "2024年6月底前"],
        ["2", "疏浚湖泊", "市水利局", "长期坚持"],
    ]
    for mark in ("\t", " | "):
        table = "\n".join(mark.join(row) for row in rows)
        assert tasks_of(read(f"分工方案\n按下表执行。\n{table}\n各单位抓好落实。\n")) == [
            "1 整治河道 | 市水利局 | 市城管局 · once on 2024-06-30",
            "2 疏浚湖泊 | 市水利局 |  · continuous period_end",
        ]


def test_a_table_that_has_become_lines_is_told_and_spoils_nothing() -> None:
    table = "序号任务责任单位完成时限\n1疏浚湖泊市城管局2024年6月底前\n"
    data = read(f"工作方案\n1.整治河道。清理淤积。（责任单位：市水利局）\n{table}")
    assert tasks_of(data) == ["1 整治河道 | 市水利局 |"]
    assert [w["line"] for w in data["warnings"] if "像是一张表" in w["message"]] == [3]
