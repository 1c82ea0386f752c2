"""The .docx after GB/T 9704-2012, measured on its XML."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction

import pytest
from docx import Document
from docx.oxml.ns import qn
from official_papers import DAY, HOSTILE, OFFICE, SENTENCE, a_paper, a_table, body, lines, part, said, style

from documents.official.content import Attachment, Imprint, Landscape, PageBreak, Paper, Picture, Signature, paragraph
from documents.official.render import as_docx
from documents.official.word.styles import INSTEAD

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""One transparent pixel."""

CONTENT = as_docx(a_paper())


def test_the_page_is_a4_with_the_margins_of_the_standard() -> None:
    section = Document(io.BytesIO(CONTENT)).sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(side.mm, 1) for side in sides if side is not None] == [210.0, 297.0, 37.0, 28.0]
    assert section.right_margin is not None and section.bottom_margin is not None
    assert [round(section.right_margin.mm), round(section.bottom_margin.mm)] == [26, 35]


def test_the_grid_puts_twenty_two_lines_on_a_page() -> None:
    grid = body(CONTENT).sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert 225 / 25.4 * 72 // (579 / 20) == 22


@pytest.mark.parametrize(
    ("name", "font", "size", "pitch", "first"),
    [
        ("正文段落", "仿宋_GB2312", "16.0", "579 exact", "200"),
        ("Title", "方正小标宋简体", "22.0", "579 exact", "0"),
        ("Heading 1", "黑体", "16.0", "579 exact", "200"),
        ("Heading 2", "楷体_GB2312", "16.0", "579 exact", "200"),
        ("Heading 3", "仿宋_GB2312", "16.0", "579 exact", "200"),
        ("Heading 4", "仿宋_GB2312", "16.0", "579 exact", "200"),
        ("发文字号", "仿宋_GB2312", "16.0", "579 exact", "0"),
        ("主送机关", "仿宋_GB2312", "16.0", "579 exact", "0"),
        ("紧急程度", "黑体", "16.0", "579 exact", "0"),
        ("附件", "黑体", "16.0", "579 exact", "0"),
        ("版记", "仿宋_GB2312", "14.0", "400 exact", "0"),
        ("页码", "宋体", "14.0", "240 auto", "0"),
    ],
)
def test_every_element_has_its_official_font_size_and_pitch(
    name: str, font: str, size: str, pitch: str, first: str
) -> None:
    found = style(CONTENT, name)
    assert (found["font"], found["latin"], found["size"], found["pitch"], found["first"]) == (
        font, font, size, pitch, first,
    )  # fmt: skip


def test_twenty_eight_characters_fit_into_a_line() -> None:
    spacing = Document(io.BytesIO(CONTENT)).styles["正文段落"].element.find(qn("w:rPr")).find(qn("w:spacing"))
    width = 16 + Fraction(int(spacing.get(qn("w:val"))), 20)
    assert 28 * width <= Fraction(156 * 720, 254) < 29 * width


def test_fonts_that_are_not_installed_have_named_substitutes() -> None:
    table = part(CONTENT, "word/fontTable.xml")
    assert all(
        f'w:name="{name}"' in table and f'w:val="{",".join(others)}"' in table for name, others in INSTEAD.items()
    )


def test_the_elements_stand_in_their_order_with_their_numbers() -> None:
    assert lines(CONTENT) == [
        ("发文机关标志", OFFICE),
        ("发文字号", "杭小微办督〔2022〕3号"),
        ("Title", "关于推进“小升规”事项的督办单"),
        ("主送机关", "市经信局："),
        ("正文段落", SENTENCE),
        ("Heading 1", "一、督办事项"),
        ("Heading 2", "（一）基本情况"),
        ("Heading 3", "1.进展"),
        ("Heading 4", "（1）细目"),
        ("Heading 4", "（2）又一细目"),
        ("Heading 1", "二、工作要求"),
        ("正文段落", SENTENCE),
        ("附件说明", "附件：办理情况回执"),
        ("落款", f"{OFFICE}（盖章）"),
        ("落款", "2022年8月3日"),
        ("附件", "附件"),
        ("Title", "办理情况回执"),
    ]


def test_the_name_over_the_paper_is_red_and_its_rule_four_millimetres_below_the_number() -> None:
    assert style(CONTENT, "发文机关标志")["colour"] == "FF0000"
    number = next(p for p in body(CONTENT).findall(qn("w:p")) if "督〔2022〕" in said(p))
    rule = number.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (rule.get(qn("w:color")), rule.get(qn("w:space"))) == ("FF0000", "11")
    assert round(11 / 72 * 25.4) == 4


def test_the_date_ends_four_characters_from_the_right_and_the_office_is_centred_over_it() -> None:
    paper = a_paper(signature=Signature("督办处", DAY, sealed=False))
    office, day = [p for p in body(as_docx(paper)).findall(qn("w:p")) if p.style == "Signature"][-2:]
    right = [int(line.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) for line in (office, day)]
    # 2022年8月3日 is 6 full characters wide, 督办处 3: its end lies one and a half further in.
    assert right == [550, 400]


def test_a_long_office_ends_at_the_edge() -> None:
    office = next(p for p in body(CONTENT).findall(qn("w:p")) if "（盖章）" in said(p))
    assert office.pPr.find(qn("w:ind")).get(qn("w:right")) == "0"


def test_a_draft_has_a_state_for_a_number_and_room_for_the_date() -> None:
    paper = a_paper(number=None, state="（拟稿）", signature=Signature(OFFICE, None), imprint=Imprint(OFFICE, None))
    texts = [text for _, text in lines(as_docx(paper))]
    assert "（拟稿）" in texts and "　　年　月　日" in texts
    assert not any("2022" in text for text in texts)


def test_on_a_paper_that_goes_up_the_signatory_stands_beside_the_number() -> None:
    found = lines(as_docx(a_paper(signatory="李明")))
    assert ("发文字号", "杭小微办督〔2022〕3号\t签发人：李明") in found


def test_copies_and_printing_stand_between_rules_at_the_foot_of_the_last_page() -> None:
    box = next(body(CONTENT).iter("{*}anchor"))
    place = ["".join(each.itertext()) for each in (*box.iter("{*}positionV"), *box.iter("{*}positionH"))]
    assert place == ["bottom", "center"]
    rows = list(box.iter(qn("w:tr")))
    assert [said(row) for row in rows] == ["抄送：市市场监管局，市科技局。", f"{OFFICE}2022年8月3日印发"]
    rules = [[int(side.get(qn("w:sz"))) for side in row.iter(qn("w:top"), qn("w:bottom"))] for row in rows]
    assert rules == [[8, 6], [6, 8]]  # 0.35 mm at the ends, 0.25 mm between, in eighths of a point


def test_page_numbers_are_outside_odd_right_and_even_left() -> None:
    assert "w:evenAndOddHeaders" in part(CONTENT, "word/settings.xml")
    section = Document(io.BytesIO(CONTENT)).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [line._p.pPr.find(qn("w:jc")).get(qn("w:val")) for line in (odd, even)] == ["right", "left"]
    assert [re.sub(r"\s+", " ", said(line._p)) for line in (odd, even)] == ["— PAGE 1 —"] * 2


def test_made_up_data_are_marked_at_the_head_of_every_page() -> None:
    section = Document(io.BytesIO(CONTENT)).sections[0]
    assert [head.paragraphs[0].text for head in (section.header, section.even_page_header)] == ["【模拟数据】"] * 2
    plain = Document(io.BytesIO(as_docx(a_paper(mark="")))).sections[0]
    assert plain.header.paragraphs[0].text == ""


def test_a_table_repeats_its_headings_and_keeps_its_rows_whole() -> None:
    table = next(body(CONTENT).iter(qn("w:tbl")))
    rows = table.tr_lst
    assert rows[0].trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    widths = [int(column.get(qn("w:w"))) for column in table.tblGrid.gridCol_lst]
    assert sum(widths) == 8844


def test_old_habits_are_gone() -> None:
    everything = "".join(
        part(CONTENT, name) for name in zipfile.ZipFile(io.BytesIO(CONTENT)).namelist() if "xml" in name
    )
    assert "主题词" not in everything
    assert "二〇二二年" not in everything and "第3号" not in everything


def test_a_wide_table_lies_on_its_side_and_the_text_goes_on_upright() -> None:
    content = as_docx(a_paper(blocks=(paragraph(SENTENCE), Landscape((a_table(),)), paragraph(SENTENCE))))
    sizes = [(s.page_width.mm, s.page_height.mm) for s in Document(io.BytesIO(content)).sections]  # type: ignore[union-attr]
    assert [(round(width), round(height)) for width, height in sizes] == [(210, 297), (297, 210), (210, 297)]


def test_nothing_behind_a_landscape_page_leaves_no_empty_page() -> None:
    paper = Paper(title="台账", day=DAY, blocks=(paragraph("甲"), Landscape((a_table(),))))
    assert len(Document(io.BytesIO(as_docx(paper))).sections) == 2


def test_a_new_page_begins_where_it_is_asked_for() -> None:
    content = as_docx(a_paper(blocks=(paragraph("甲"), PageBreak(), paragraph("乙"))))
    second = next(p for p in body(content).findall(qn("w:p")) if said(p) == "乙")
    assert second.pPr.find(qn("w:pageBreakBefore")) is not None


def test_a_picture_can_be_told_to_who_cannot_see_it() -> None:
    content = as_docx(a_paper(blocks=(Picture(PNG, "图1　得分", "各区得分的柱状图"),)))
    described = next(body(content).iter("{*}docPr"))
    assert (described.get("descr"), described.get("title")) == ("各区得分的柱状图", "图1 得分")


def test_hostile_texts_are_kept_as_they_are() -> None:
    paper = a_paper(title=HOSTILE * 3, addressee=HOSTILE, blocks=(paragraph(HOSTILE), a_table(rows=1, caption=HOSTILE)))
    texts = "".join(text for _, text in lines(as_docx(paper)))
    assert texts.count(HOSTILE) >= 3


@pytest.mark.parametrize("title", ["甲" * 300, "甲\n乙", "", "\x00\x01", "a" * 2000])
def test_no_title_is_too_long_or_too_odd(title: str) -> None:
    assert as_docx(a_paper(title=title))


def test_the_same_paper_is_the_same_bytes_dated_by_itself() -> None:
    assert as_docx(a_paper()) == CONTENT
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as package:
        assert {entry.date_time[:3] for entry in package.infolist()} == {(2022, 8, 3)}
    about = Document(io.BytesIO(CONTENT)).core_properties
    assert (about.author, about.keywords, about.created and about.created.date()) == (OFFICE, "模拟数据", DAY)


def test_a_paper_needs_no_more_than_a_title() -> None:
    assert lines(as_docx(Paper(title="台账", day=DAY, blocks=()))) == [("Title", "台账")]


def test_several_attachments_are_listed_below_one_another() -> None:
    attachments = (Attachment("甲表", (a_table(),)), Attachment("乙表", (Landscape((a_table(),)),)), Attachment("丙件"))
    found = lines(as_docx(replace(a_paper(), attachments=attachments)))
    listed = [text for name, text in found if name in ("附件说明", "附件")]
    assert listed == ["附件：1.甲表", "2.乙表", "3.丙件", "附件1", "附件2"]
