"""The .pdf: everything that was said is in it, in glyphs that exist, on pages of the standard's measures."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from official_papers import (
    DAY,
    HOSTILE,
    OFFICE,
    SENTENCE,
    a_paper,
    a_table,
    converted,
    pdf_pages,
    pdf_text,
    squeezed,
    the_fonts,
)

from documents.official.content import Attachment, Heading, Imprint, Landscape, Paper, Signature, Table, paragraph
from documents.official.render import as_docx, as_pdf, substitution_note

ODD_CHARACTERS = "〔〕《》—…·〃‰℃㎡①②⑩ⅢⅣ×÷±≥≤％　℡～、。：；！？“”‘’〇镕囍"
"""What papers hold beside common characters."""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return as_pdf(a_paper(), the_fonts())


def test_everything_that_the_paper_holds_is_in_the_text(pdf: bytes) -> None:
    text = pdf_text(pdf)
    for expected in (
        OFFICE, "杭小微办督〔2022〕3号", "关于推进“小升规”事项的督办单", "市经信局：", SENTENCE, "一、督办事项",
        "（一）基本情况", "1.进展", "（1）细目", "（2）又一细目", "二、工作要求", "附件：办理情况回执", "2022年8月3日",
        f"{OFFICE}（盖章）", "抄送：市市场监管局，市科技局。", "2022年8月3日印发", "【模拟数据】", "第2项", "—1—",
        substitution_note(the_fonts()),
    ):  # fmt: skip
        assert squeezed(expected) in text, expected


def test_made_up_data_are_marked_on_every_page(pdf: bytes) -> None:
    pages = pdf_pages(pdf)
    assert len(pages) == 3
    assert all("【模拟数据】" in page for page in pages)


def test_pages_are_a4_and_the_text_keeps_to_its_area(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    assert {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document} == {(210, 297)}
    page = document[0].get_textpage()
    boxes = [page.get_charbox(place) for place in range(page.count_chars())]
    lefts, rights = zip(*((box[0], box[2]) for box in boxes if box[2] > box[0]), strict=True)
    assert min(lefts) / 72 * 25.4 >= 27.5 and max(rights) / 72 * 25.4 <= 184.9
    document.close()


def test_a_line_holds_twenty_eight_characters_and_a_page_twenty_two_lines() -> None:
    paper = Paper(title="甲", day=DAY, blocks=(Table((a_table().columns[0],), ()), paragraph("一" * 28 * 60)))
    pages = pdf_pages(as_pdf(paper, the_fonts()))
    full = [line for line in pages[1].splitlines() if set(line.strip()) == {"一"}]
    assert len(full) == 22 and {len(line.strip()) for line in full} == {28}


def test_page_numbers_are_outside(pdf: bytes) -> None:
    places = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        dash = text.get_text_bounded(bottom=0, top=85).strip()
        assert re.fullmatch(r"— ?\d ?—", dash)
        at = [text.get_charbox(k) for k in range(text.count_chars()) if text.get_charbox(k)[3] < 85]
        places.append("left" if at[0][0] < 200 else "right")
    document.close()
    assert places == ["right", "left", "right"]


def test_hostile_texts_are_text_wherever_they_stand() -> None:
    paper = a_paper(
        title=HOSTILE, red_head=HOSTILE, number=HOSTILE, addressee=HOSTILE, mark=HOSTILE, urgency=HOSTILE,
        blocks=(paragraph(HOSTILE), Heading(1, HOSTILE), a_table(rows=1, caption=HOSTILE, note=HOSTILE)),
        attachments=(Attachment(HOSTILE, (paragraph(HOSTILE),)),), signature=Signature(HOSTILE, DAY),
        contact=HOSTILE, copied_to=(HOSTILE,), imprint=Imprint(HOSTILE, DAY), closing_note=HOSTILE,
    )  # fmt: skip
    text = pdf_text(as_pdf(paper, the_fonts()))
    assert text.count(squeezed(HOSTILE)) >= 14


@pytest.mark.parametrize("title", ["甲" * 300, "甲\n乙", "", "a" * 2000, "\x00"])
def test_no_title_is_too_long_or_too_odd_for_a_page(title: str) -> None:
    text = pdf_text(as_pdf(a_paper(title=title), the_fonts()))
    assert all(text.count(letter) >= title.count(letter) for letter in "甲乙a")


def test_a_cell_longer_than_a_page_goes_on_over_the_next() -> None:
    cell = "甲乙丙丁" * 1500
    table = Table(a_table().columns, (("长", cell), ("短", "戊")))
    text = pdf_text(as_pdf(Paper(title="表", day=DAY, blocks=(table,)), the_fonts()))
    assert len(re.findall("[甲乙丙丁]", text)) == len(cell)


def test_no_glyph_is_missing() -> None:
    paper = a_paper(blocks=(paragraph(ODD_CHARACTERS), Heading(1, ODD_CHARACTERS), Heading(2, ODD_CHARACTERS)))
    content = as_pdf(paper, the_fonts())
    assert squeezed(ODD_CHARACTERS) in pdf_text(content)
    assert glyphs(content) and 0 not in glyphs(content)


def test_the_proof_that_no_glyph_is_missing_finds_one_that_is() -> None:
    unknown = "\U000f0000"  # of the private use area: no font has it
    assert 0 in glyphs(as_pdf(a_paper(blocks=(paragraph(f"甲{unknown}"),)), the_fonts()))


def test_the_same_paper_is_the_same_bytes_dated_by_itself(pdf: bytes) -> None:
    assert as_pdf(a_paper(), the_fonts()) == pdf
    document = pypdfium2.PdfDocument(pdf)
    about = document.get_metadata_dict()
    document.close()
    assert (about["Title"], about["Author"], about["CreationDate"][:10]) == (
        "关于推进“小升规”事项的督办单", OFFICE, "D:20220803",
    )  # fmt: skip


def test_a_draft_says_so_and_leaves_the_date_blank() -> None:
    paper = a_paper(number=None, state="（送审稿）", signature=Signature(OFFICE, None), imprint=Imprint(OFFICE, None))
    text = pdf_text(as_pdf(paper, the_fonts()))
    assert "（送审稿）" in text and "年月日印发" in text and "2022年" not in text


def test_a_wide_table_lies_on_its_side() -> None:
    content = as_pdf(a_paper(blocks=(paragraph(SENTENCE), Landscape((a_table(),)), paragraph(SENTENCE))), the_fonts())
    document = pypdfium2.PdfDocument(content)
    lies = [page.get_width() > page.get_height() for page in document]
    document.close()
    assert lies == [False, True, False, False]


def test_both_forms_hold_the_same_words_and_libreoffice_opens_the_docx(tmp_path: Any) -> None:
    paper = a_paper(attachments=(), blocks=(paragraph(SENTENCE), a_table(rows=3)))
    printed = converted(as_docx(paper), tmp_path)
    text = pdf_text(printed)
    for page, words in enumerate(pdf_pages(printed), start=1):
        assert "【模拟数据】" in words and re.search(rf"— {page} —", words)
    for expected in (
        OFFICE,
        paper.title,
        SENTENCE,
        "（盖章）",
        "抄送：市市场监管局，市科技局。",
        "2022年8月3日印发",
    ):
        assert squeezed(expected) in text, expected
    assert len(pdf_pages(printed)) == len(pdf_pages(as_pdf(replace(paper), the_fonts())))


def glyphs(content: bytes) -> set[int]:
    """Return the numbers of all glyphs shown. Number 0 is .notdef: the box that stands for a character without one."""
    found: set[int] = set()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            stream = zlib.decompress(packed)
        except zlib.error:
            continue
        if b" Tf" in stream:
            for text in _strings(stream):
                found.update(text[place] << 8 | text[place + 1] for place in range(0, len(text) - 1, 2))
    return found


def _strings(stream: bytes) -> list[bytes]:
    """Return the strings that a page shows: hexadecimal ones, and literal ones with their escapes resolved."""
    shown = [bytes.fromhex(text.decode()) for text in re.findall(rb"<([0-9A-Fa-f]+)>", stream)]
    for text in re.findall(rb"\(((?:\\.|[^\\()])*)\)", stream, re.DOTALL):
        shown.append(re.sub(rb"\\([0-7]{3}|.)", _unescaped, text, flags=re.DOTALL))
    return shown


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if len(code) == 3:
        return bytes([int(code, 8)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(code, code)


@pytest.mark.parametrize("lines", range(9, 13))
def test_the_signature_never_stands_on_a_page_without_text(lines: int) -> None:
    paper = Paper(
        title="甲", day=DAY, red_head=OFFICE, number="甲〔2022〕1号", signature=Signature(OFFICE, DAY),
        blocks=tuple(paragraph(f"第{line}段") for line in range(lines)),
    )  # fmt: skip
    [page] = [page for page in pdf_pages(as_pdf(paper, the_fonts())) if "（盖章）" in page]
    assert f"第{lines - 1}段" in squeezed(page)
