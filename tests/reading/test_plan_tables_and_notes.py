"""Word documents with their units in footnotes, aims year by year in a table, and headings over two rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from plan_documents import add_table, saved, targets_of, tasks_of

from documents.plans.reading import read_plan

AIMS = [
    ["序号", "指标", "计量单位", "2023年", "2024年", "2025年", "2026年", "属性"],
    ["1", "行政村千兆网络覆盖率", "%", "62", "75", "88", "100", "预期性"],
    ["2", "农产品网络零售额", "亿元", "12.6", "16", "20", "25", "预期性"],
    ["3", "农业面源污染事件", "起", "2", "≤2", "≤1", "0", "约束性"],
    ["4", "平均办理时间", "个工作日", "9", "7", "6", "5", "预期性"],
    ["5", "高标准农田占比（%）", "", "55", "", "", "70以上", "约束性"],
    ["6", "村民满意度", "—", "—", "—", "—", "明显提升", "预期性"],
]


def _read(document: Any, folder: Path) -> Any:
    return read_plan(saved(document, folder / "plan.docx")).data()


def _messages(data: Any) -> str:
    return "\n".join(f"{warning['line']} {warning['message']}" for warning in data["warnings"])


def add_footnotes(document: Any, notes: dict[int, str]) -> None:
    """Add footnotes, each to the end of the paragraph with that index."""
    texts = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
        for n, text in enumerate(notes.values(), start=1)
    )
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>——</w:t></w:r></w:p></w:footnote>'
    content = f"<w:footnotes {nsdecls('w')}>{separator}{texts}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    for n, index in enumerate(notes, start=1):
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(n))
        document.paragraphs[index].add_run()._r.append(reference)


def village_plan() -> Any:
    document = docx.Document()
    for line in (
        "汀州市数字乡村建设行动方案（2024—2026年）",
        "一、工作目标",
        "到2026年，主要指标达到附件所列水平。",
        "二、重点任务",
        "（一）建设网络。新建5G基站600个。",
        "（二）发展电商。培育电商村30个。",
    ):
        document.add_paragraph(line)
    return document


def test_units_in_footnotes_belong_to_the_entry_that_refers_to_them(tmp_path: Path) -> None:
    document = village_plan()
    add_footnotes(document, {4: "牵头单位：市经信局；配合单位：市通信管理局", 5: "责任单位：市商务局、市农业农村局"})
    assert tasks_of(_read(document, tmp_path)) == [
        "1 建设网络 | 市经信局 | 市通信管理局",
        "2 发展电商 | 市商务局 | 市农业农村局",
    ]


def test_a_table_of_aims_year_by_year_gives_the_last_year_with_its_day_and_direction(tmp_path: Path) -> None:
    document = village_plan()
    document.add_paragraph("附件：主要指标")
    add_table(document, AIMS)
    data = _read(document, tmp_path)
    assert [target for target in targets_of(data) if "新建" not in target and "培育" not in target] == [
        "行政村千兆网络覆盖率 | exact_rate | = 100% | 2026-12-31",
        "农产品网络零售额 | stock | >= 25亿元 | 2026-12-31",
        "农业面源污染事件 | ceiling_ratio | <= 0起 | 2026-12-31",
        "平均办理时间 | ceiling_ratio | <= 5个工作日 | 2026-12-31",
        "高标准农田占比 | floor_ratio | >= 70% | 2026-12-31",
    ]
    said = _messages(data)
    assert "“村民满意度”的目标“明显提升”没有读出数字" in said
    assert "“平均办理时间”由9到5，按“不超过”理解" in said
    assert "分年目标" in said and "2024年、2025年" in said


def test_headings_over_two_rows_and_years_in_words_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("汀州市数字乡村建设任务分工表（2024—2026年）")
    rows = [
        ["序号", "重点任务", "主要内容", "责任单位", "责任单位", "时限要求"],
        ["序号", "重点任务", "主要内容", "牵头单位", "配合单位", "时限要求"],
        ["1", "搭建平台", "建成市级数据平台", "市数据局", "各县（市、区）人民政府", "2025年第三季度前"],
        ["2", "推广应用", "培训村级信息员2000人次", "市农业农村局", "市人社局", "“十四五”期末"],
        ["3", "强化安全", "每半年开展一次检查", "市委网信办", "市公安局、市数据局等", "长期"],
    ]
    add_table(document, rows, merges=[(0, 0, 1), (1, 0, 1), (2, 0, 1), (5, 0, 1)])
    table = document.tables[0]
    table.cell(0, 3).merge(table.cell(0, 4)).text = "责任单位"
    data = _read(document, tmp_path)
    assert tasks_of(data) == [
        "1 搭建平台 | 市数据局 | [各县（市、区）人民政府] · once on 2025-06-30",
        "2 推广应用 | 市农业农村局 | 市人社局 · once on 2025-12-31",
        "3 强化安全 | 市委网信办 | 市公安局 市数据局 · continuous period_end",
    ]
    assert "“强化安全”的责任单位后面写有“等”" in _messages(data)
    assert "培训村级信息员" in "".join(targets_of(data))


def test_a_text_box_that_is_not_read_is_told(tmp_path: Path) -> None:
    document = village_plan()
    box = OxmlElement("w:pict")
    content = OxmlElement("w:txbxContent")
    paragraph, run, text = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "（三）培训人才。（责任单位：市人社局）"
    run.append(text)
    paragraph.append(run)
    content.append(paragraph)
    box.append(content)
    document.paragraphs[5].add_run()._r.append(box)
    assert re.search(r"^6 这里有文本框，里面的“（三）培训人才", _messages(_read(document, tmp_path)), re.M)
