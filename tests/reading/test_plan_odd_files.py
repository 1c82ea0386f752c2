"""Whatever is given to be read: one clear line, or a draft with warnings, in bounded time."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_documents import CASES, as_pdf, bomb, read, text_of

from config.errors import BadInput
from documents.plans.reading import read_plan
from documents.plans.source import MAX_BYTES

FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("plan.txt", b"", "空文件"),
    "blank": ("plan.txt", b" \r\n \n", "空文件"),
    "no Chinese": ("plan.txt", b"all work and no play\n", "没有读到中文"),
    "binary": ("plan.txt", bytes(range(256)) * 20, "不是文本文件"),
    "broken encoding": ("plan.txt", "计划".encode() + b"\xff\xff\xff", "编码无法识别"),
    "half a character": ("plan.txt", "﻿计划".encode("utf-16")[:-1], "有损坏"),
    "another type": ("plan.xlsx", b"PK\x03\x04", "只收 .txt、.docx、.pdf"),
    "old Word": ("plan.doc", b"\xd0\xcf\x11\xe0", "另存为 .docx"),
    "locked Word": ("plan.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "加密"),
    "no Word": ("plan.docx", "计划".encode(), "不是它的后缀所说的文件"),
    "no zip": ("plan.docx", b"PK\x03\x04" + b"\0" * 300, "已损坏"),
    "no PDF": ("plan.pdf", b"%PDF-1.7\n" + b"\0" * 300, "已损坏或不是 PDF"),
    "bomb": ("plan.docx", bomb(), "解开后过大"),
    "too large": ("plan.txt", b"a" * (MAX_BYTES + 1), "超过 20 MB"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_plan_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    name, content, says = FILES[kind]
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_plan(file)
    assert says in str(refused.value) and "\n" not in str(refused.value) and str(tmp_path) not in str(refused.value)


def test_a_zip_without_a_document_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(BadInput, match="不是 Word 文档"):
        read_plan(file)


@pytest.mark.parametrize("xml", [b"<a", b"<w:document xmlns:w='x'/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_a_damaged_document_is_refused(tmp_path: Path, xml: bytes) -> None:
    file = tmp_path / "plan.docx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", xml)
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(BadInput, match="不是 Word 文档或已损坏"):
        read_plan(file)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for file in (tmp_path / "missing.txt", tmp_path / "folder.txt", Path("nul\0.txt")):
        with pytest.raises(BadInput):
            read_plan(file)


def test_a_locked_pdf_and_one_without_text_are_refused(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    file = tmp_path / "scan.pdf"
    document.save(str(file))
    with pytest.raises(BadInput, match="文字识别"):
        read_plan(file)
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(_locked())
    with pytest.raises(BadInput, match="有密码"):
        read_plan(locked)


def _locked() -> bytes:
    """Return a PDF that names an encryption whose password nobody gives."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%bendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID[<41><41>]>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 4\n0000000000 65535 f \n" + table + trailer


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_torn_pdf_is_refused_or_read_as_far_as_it_goes(tmp_path: Path, cut: float) -> None:
    whole = as_pdf(text_of("flat-notice"), tmp_path / "whole.pdf").read_bytes()
    file = tmp_path / "torn.pdf"
    file.write_bytes(whole[: int(len(whole) * cut)])
    try:
        read_plan(file)
    except BadInput as refused:
        assert "\n" not in str(refused)


def test_a_text_without_any_outline_gives_a_draft_with_warnings() -> None:
    data = read("今天天气很好，大家出去走走。\n")
    assert (data["key_tasks"], data["indicators"], data["units"]) == ([], [], [])
    assert {"没有读到重点任务，请核对文件是否完整", "没有读到工作目标，请核对"} <= {
        w["message"] for w in data["warnings"]
    }


def test_a_plan_that_names_no_units_still_gives_its_tasks() -> None:
    tasks = "（一）办好实事。\n1.修路。\n2.架桥。\n（二）管好环境。\n1.治水。\n"
    text = f"工作方案\n一、工作目标\n新增企业5家。\n二、重点任务\n{tasks}"
    data = read(text)
    assert [task["title"] for task in data["key_tasks"]] == ["修路", "架桥", "治水"]
    assert any("没有读到责任单位" in warning["message"] for warning in data["warnings"])


SCRAPS = [
    "（",
    "）",
    "“",
    "”",
    "《",
    "》",
    "责任单位：",
    "（责任单位：",
    "牵头",
    "、",
    "，",
    "。",
    "第一条",
    "一、",
    "\n1.",
    "分别",
    "各",
    "2023年",
    "百分之",
    "1万",
    "\x00",
    "\ud800",
    "　",
    "①",
    "%",
]


@given(choice=st.data())
@settings(max_examples=80, derandomize=True)
def test_mutilated_plans_never_fail(choice: st.DataObject) -> None:
    text = text_of(choice.draw(st.sampled_from(sorted(CASES))))
    for _ in range(choice.draw(st.integers(1, 12))):
        place = choice.draw(st.integers(0, len(text)))
        if choice.draw(st.booleans()):
            text = text[:place] + choice.draw(st.sampled_from(SCRAPS)) + text[place:]
        else:
            text = text[:place] + text[place + choice.draw(st.integers(1, 30)) :]
    read(text)


@given(
    st.text(
        st.sampled_from(
            "一二三四五六七八九十、（）《》“”.1234567890年月日底前到至％%万亿家个"
            "责任单位：牵头配合市县局委，。；\n 各第条分别和达以上"
        ),
        max_size=200,
    )
)
@settings(max_examples=120, derandomize=True)
def test_any_text_gives_a_draft(text: str) -> None:
    read(text)
