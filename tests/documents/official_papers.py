"""Papers to lay out, with sane defaults, and how a .docx and a .pdf are looked into."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
from docx import Document
from docx.oxml.ns import qn
from needed import libreoffice, missing

from config.errors import FontsMissing
from documents import fonts
from documents.official.content import (
    Align,
    Attachment,
    Column,
    Heading,
    Imprint,
    Paper,
    Signature,
    Table,
    paragraph,
)

OFFICE = "杭州市“小微企业三年成长计划”推进领导小组办公室"
DAY = date(2022, 8, 3)
SENTENCE = "各区、县（市）政府应当按照本计划的要求，结合实际制订实施方案，细化政策措施，认真贯彻落实。"
HOSTILE = "<b>&amp; #let $x$ *强* _下_ @引 \\ [方括号] `代码` //注 = 标题 ~ 波 \"引号\" '单' {{ x }} %s"
"""What would be markup, a reference or a template somewhere."""


def a_paper(**changes: Any) -> Paper:
    """Return a signed paper with everything on it."""
    values: dict[str, Any] = {
        "title": "关于推进“小升规”事项的督办单", "day": DAY, "red_head": OFFICE, "number": "杭小微办督〔2022〕3号",
        "addressee": "市经信局", "mark": "模拟数据",
        "blocks": (
            paragraph(SENTENCE), Heading(1, "督办事项"), Heading(2, "基本情况"), Heading(3, "进展"), Heading(4, "细目"),
            Heading(4, "又一细目"), a_table(), Heading(1, "工作要求"), paragraph(SENTENCE),
        ),
        "attachments": (Attachment("办理情况回执", (a_table(),)),),
        "signature": Signature(OFFICE, DAY), "copied_to": ("市市场监管局", "市科技局"), "imprint": Imprint(OFFICE, DAY),
    }  # fmt: skip
    return Paper(**values | changes)


def a_table(rows: int = 2, **changes: Any) -> Table:
    """Return a table of two columns."""
    values: dict[str, Any] = {
        "columns": (Column("项目", 1), Column("内容", 3, Align.LEFT)),
        "rows": tuple((f"第{row}项", SENTENCE) for row in range(1, rows + 1)),
    }
    return Table(**values | changes)


def body(content: bytes) -> Any:
    """Return the body of a .docx as XML."""
    return Document(io.BytesIO(content)).element.body


def said(element: Any) -> str:
    """Return the text of an XML element, instructions of fields included."""
    return "".join(each.text or "" for each in element.iter(qn("w:t"), qn("w:instrText")))


def part(content: bytes, name: str) -> str:
    """Return a part of the package as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def style(content: bytes, name: str) -> dict[str, str]:
    """Return fonts, size in points, line pitch and first line of a style."""
    found = Document(io.BytesIO(content)).styles[name].element
    run, shape = found.find(qn("w:rPr")), found.find(qn("w:pPr"))
    spacing, indent = shape.find(qn("w:spacing")), shape.find(qn("w:ind"))
    return {
        "font": run.find(qn("w:rFonts")).get(qn("w:eastAsia")),
        "latin": run.find(qn("w:rFonts")).get(qn("w:ascii")),
        "size": str(int(run.find(qn("w:sz")).get(qn("w:val"))) / 2),
        "colour": run.find(qn("w:color")).get(qn("w:val")),
        "pitch": f"{spacing.get(qn('w:line'))} {spacing.get(qn('w:lineRule'))}",
        "first": indent.get(qn("w:firstLineChars"), "0"),
        "align": shape.find(qn("w:jc")).get(qn("w:val")),
    }


def lines(content: bytes) -> list[tuple[str, str]]:
    """Return style and text of the paragraphs outside tables, the empty ones left out."""
    return [(p.style.name, p.text) for p in Document(io.BytesIO(content)).paragraphs if p.text]


def pdf_text(content: bytes) -> str:
    """Return the text of a .pdf without the breaks of its lines."""
    document = pypdfium2.PdfDocument(content)
    try:
        return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def pdf_pages(content: bytes) -> list[str]:
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Return `text` as `pdf_text` would give it."""
    return re.sub(r"\s+", "", text)


def the_fonts() -> fonts.Fonts:
    """Return the fonts of this machine; without any the test is skipped, and fails where CI runs it."""
    try:
        return fonts.find()
    except FontsMissing as error:
        missing(str(error))


def converted(content: bytes, folder: Path, ending: str = "docx") -> bytes:
    """Return the document as LibreOffice prints it."""
    source = folder / f"paper.{ending}"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [libreoffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(".pdf").read_bytes()
