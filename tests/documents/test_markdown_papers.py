"""A paper as markdown: the same words, and nothing in them that markdown would take for its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from documents.official.content import (
    Attachment,
    Column,
    Heading,
    Landscape,
    PageBreak,
    Paper,
    Signature,
    Table,
    paragraph,
)
from documents.official.markdown import as_markdown


def a_paper(*blocks: Any, **changes: Any) -> Paper:
    return Paper("关于考核的\n通报", date(2022, 7, 25), blocks, **changes)


def test_headings_are_numbered_and_pages_are_no_matter() -> None:
    found = as_markdown(a_paper(Heading(1, "总体情况"), Heading(2, "概况"), PageBreak(), Heading(1, "考核结果")))
    assert found == "# 关于考核的通报\n\n## 一、总体情况\n\n### （一）概况\n\n## 二、考核结果\n"


def test_what_people_wrote_is_shown_as_it_is_written() -> None:
    found = as_markdown(a_paper(paragraph("<b>*甲*</b>|乙", strong=True), Table((Column("单|位"),), (("a\nb",),))))
    assert "**\\<b\\>\\*甲\\*\\</b\\>\\|乙**" in found
    assert "| 单\\|位 |\n| --- |\n| a b |" in found


def test_mark_addressee_attachments_and_signature_stand_in_their_places() -> None:
    inside = Landscape((Heading(1, "明细"),))
    paper = a_paper(
        paragraph("正文"), mark="模拟数据", addressee="各区", attachments=(Attachment("评分表", (inside,)),),
        signature=Signature("领导小组办公室", None), state="征求意见稿", closing_note="字体替代",
    )  # fmt: skip
    assert as_markdown(paper).split("\n\n") == [
        "**模拟数据**", "# 关于考核的通报", "征求意见稿", "各区：", "正文", "**附件** 评分表", "## 一、明细",
        "领导小组办公室", "*字体替代*\n",
    ]  # fmt: skip
