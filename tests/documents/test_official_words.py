"""What a layout adds to a paper's words, and what content refuses."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from official_papers import HOSTILE, a_paper

from config.plan.numerals import ordinal
from documents.official import measures as m
from documents.official.content import Attachment, Column, Heading, Landscape, Picture, Table, paragraphs
from documents.official.words import (
    attachment_lines,
    columns,
    copied_line,
    numbered,
    printable,
    title_lines,
)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (45, "四十五"), (99, "九十九")]
)
def test_headings_count_in_chinese(number: int, words: str) -> None:
    assert ordinal(number) == words


@pytest.mark.parametrize("number", [0, 100, -1])
def test_a_paper_of_a_hundred_parts_is_a_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="超出 1 至 99"):
        ordinal(number)


def test_headings_are_numbered_by_their_level_and_begin_again_under_each_heading_above() -> None:
    levels = (1, 2, 2, 3, 4, 4, 3, 1, 2, 3)
    found = numbered([Heading(level, "甲") for level in levels])  # type: ignore[arg-type]
    assert [block.text for block in found if isinstance(block, Heading)] == [
        "一、甲", "（一）甲", "（二）甲", "1.甲", "（1）甲", "（2）甲", "2.甲", "二、甲", "（一）甲", "1.甲",
    ]  # fmt: skip


def test_headings_on_landscape_pages_go_on_counting() -> None:
    [first, turned, last] = numbered([Heading(1, "甲"), Landscape((Heading(1, "乙"),)), Heading(1, "丙")])
    assert isinstance(turned, Landscape)
    assert [block.text for block in (first, *turned.blocks, last) if isinstance(block, Heading)] == [
        "一、甲", "二、乙", "三、丙",
    ]  # fmt: skip


def test_a_short_title_stays_on_one_line() -> None:
    assert title_lines("关于推进小升规事项的督办单") == ("关于推进小升规事项的督办单",)


def test_a_long_title_is_broken_after_a_pause_and_never_inside_quotes() -> None:
    assert title_lines("关于市经信局逾期未办结“小升规”培育工作事项的督办单") == (
        "关于市经信局逾期未办结", "“小升规”培育工作事项的督办单",
    )  # fmt: skip


def test_line_breaks_of_the_title_itself_stay() -> None:
    assert title_lines("杭州市行动计划\n进展汇总") == ("杭州市行动计划", "进展汇总")


@given(st.text(alphabet="关于推进小微“”《》（），。2022年a", min_size=1, max_size=300))
def test_a_title_loses_nothing_and_no_line_is_longer_than_fits(title: str) -> None:
    found = title_lines(title)
    assert "".join(found) == title
    assert all(columns(line) <= m.TEXT_WIDTH / 25.4 * 72 / m.TITLE + 1 for line in found)


def test_attachments_are_numbered_only_when_there_are_several() -> None:
    assert attachment_lines((Attachment("回执"),)) == (("附件：", "回执"),)
    assert attachment_lines((Attachment("甲"), Attachment("乙"))) == (("附件：", "1.甲"), ("", "2.乙"))


def test_copies_are_parted_by_commas_and_by_semicolons_where_names_hold_some() -> None:
    assert copied_line(a_paper(copied_to=("甲局", "乙局"))) == "甲局，乙局。"
    assert copied_line(a_paper(copied_to=("市委、市人大", "乙局"))) == "市委、市人大；乙局。"
    assert copied_line(a_paper(copied_to=())) == ""


def test_nothing_invisible_is_printed_and_line_breaks_are_kept() -> None:
    paper = printable(a_paper(title="甲\x00乙\u202e丙\r\n丁", addressee="市\x0b局"))
    assert (paper.title, paper.addressee) == ("甲乙丙\n丁", "市\n局")


def test_what_would_be_markup_elsewhere_is_text_here() -> None:
    assert printable(a_paper(title=HOSTILE)).title == HOSTILE


def test_text_of_people_becomes_a_paragraph_for_each_line() -> None:
    found = paragraphs("第一行\n\n  第二行 ", lead="市经信局：")
    assert [[run.text for run in each.runs] for each in found] == [["市经信局：", "第一行"], ["第二行"]]
    assert paragraphs("  \n") == ()


def test_a_table_whose_rows_do_not_fit_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells for 2 columns"):
        Table((Column("甲"), Column("乙")), (("1", "2"), ("3",)))
    with pytest.raises(ValueError, match="at least one column"):
        Table((), ())


def test_a_picture_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="PNG"):
        Picture(b"GIF89a", "图", "图")
    with pytest.raises(ValueError, match="width"):
        Picture(b"\x89PNG\r\n\x1a\n", "图", "图", Fraction(0))


@pytest.mark.parametrize("characters", [0, 4, 9, 22, 24, 60])
def test_a_long_name_over_a_paper_is_condensed_but_never_beyond_reading(characters: int) -> None:
    size, scale = m.red_head_fit(characters)
    assert m.TITLE <= size <= m.RED_HEAD_LARGEST
    assert m.RED_HEAD_NARROWEST <= scale <= 1
    assert characters > 33 or characters * size * scale <= m.points(m.TEXT_WIDTH)
