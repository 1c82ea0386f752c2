"""Files that people hand in: what is taken, what is refused, and how it is kept."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from config.errors import BadInput, StoreError
from documents import evidence
from documents.evidence import Kept

MOST = 2**20
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
DOCUMENT = "WordDocument\0".encode("utf-16-le")
BOOK = "Workbook\0".encode("utf-16-le")
MACROS = "_VBA_PROJECT".encode("utf-16-le")
TYPES_PART = "[Content_Types].xml"


def zipped(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return made.getvalue()


def docx() -> bytes:
    made = io.BytesIO()
    Document().save(made)
    return made.getvalue()


def xlsx() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def files_under(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("报告.pdf", PDF),
        ("报告.PDF", PDF),
        ("报告.docx", docx()),
        ("名单.xlsx", xlsx()),
        ("旧报告.doc", COMPOUND + DOCUMENT),
        ("报告.wps", COMPOUND + DOCUMENT),
        ("旧名单.xls", COMPOUND + BOOK),
        ("名单.et", COMPOUND + BOOK),
        ("照片.png", PNG),
        ("照片.jpg", JPEG),
        ("照片.jpeg", JPEG),
        ("说明.txt", "进展顺利".encode()),
        ("说明.txt", "进展顺利".encode("gb18030")),
        ("说明.txt", "进展顺利".encode("utf-16")),
        ("名单.csv", "﻿企业,数\n甲,3\n".encode()),
        ("比较.txt", "<甲公司> 低于 <乙公司>".encode()),
    ],
)
def test_what_offices_hand_in_is_taken_and_comes_back_as_it_was(name: str, content: bytes, tmp_path: Path) -> None:
    kept = evidence.keep(tmp_path, name, content, most_bytes=MOST)
    assert (kept.file_name, kept.size) == (name, len(content))
    assert evidence.fetch(tmp_path, kept.sha256) == content
    assert files_under(tmp_path) == [tmp_path / "evidence" / kept.sha256[:2] / kept.sha256]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("报告.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "内容与扩展名不符"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "类型不能上传"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "内容与扩展名不符"),
        ("图.jpg", PNG, "内容与扩展名不符"),
        ("页.txt", b"<html><body>x</body></html>", "内容与扩展名不符"),
        ("页.txt", b"\n <!-- x -->\n<SVG onload=alert(1)>", "内容与扩展名不符"),
        ("页.txt", "<html>".encode("utf-16"), "内容与扩展名不符"),
        ("页.csv", b"\xef\xbb\xbf<script>alert(1)</script>", "内容与扩展名不符"),
        ("页.html", b"<html></html>", "类型不能上传"),
        ("页.pdf.html", PDF, "类型不能上传"),
        ("空.pdf", b"", "空文件"),
        ("大.pdf", PDF + b"\0" * MOST, "超过 1 MB"),
        ("假.docx", zipped(**{"a.txt": "x"}), "内容与扩展名不符"),
        ("表.docx", xlsx(), "内容与扩展名不符"),
        ("坏.docx", docx()[:-40], "内容与扩展名不符"),
        ("宏.docx", zipped(**{TYPES_PART: "x", "word/document.xml": "x", "word/vbaProject.bin": "x"}), "含有宏"),
        (
            "改名的宏.xlsx",
            zipped(**{TYPES_PART: "application/vnd.ms-office.vbaProject", "xl/workbook.xml": "x", "xl/a.bin": "x"}),
            "含有宏",
        ),
        (
            "改名.docx",
            zipped(**{TYPES_PART: "application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": "x"}),
            "含有宏",
        ),
        ("旧宏.doc", COMPOUND + DOCUMENT + MACROS, "含有宏"),
        ("表.doc", COMPOUND + BOOK, "内容与扩展名不符"),
        ("安装.doc", COMPOUND, "内容与扩展名不符"),
        ("压缩.zip", zipped(**{"a.txt": "x"}), "类型不能上传"),
        ("程序.pdf", b"MZ\x90\x00" + b"\0" * 400, "内容与扩展名不符"),
        ("程序.txt", b"MZ\x90\x00" + b"\0" * 400, "内容与扩展名不符"),
        ("无扩展名", PDF, "类型不能上传"),
        (".pdf", PDF, "类型不能上传"),
    ],
)
def test_what_is_not_what_it_says_leaves_nothing_behind(name: str, content: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=why):
        evidence.keep(tmp_path, name, content, most_bytes=MOST)
    assert files_under(tmp_path) == []


@pytest.mark.parametrize("part", ["word/document.xml", TYPES_PART])
def test_a_bomb_is_never_unpacked(part: str, tmp_path: Path) -> None:
    bomb = zipped(**{TYPES_PART: "x", "word/document.xml": "x"} | {part: "0" * (64 * 2**20)})
    assert len(bomb) < MOST
    tracemalloc.start()
    kept = evidence.keep(tmp_path, "报告.docx", bomb, most_bytes=MOST)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 2**20, "bytes"
    assert evidence.fetch(tmp_path, kept.sha256) == bomb


@pytest.mark.parametrize(
    ("sent", "called"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ('C:\\tmp\\"报告".pdf', '"报告".pdf'),
        ("..\\..\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.txt.pdf", "fdp.txt.pdf"),
        (f"{'长' * 400}.pdf", f"{'长' * 120}.pdf"),
        ("/", "未命名"),
    ],
)
def test_a_name_is_only_a_name(sent: str, called: str) -> None:
    assert evidence.called(sent) == called


def test_the_same_content_is_kept_once_under_whatever_name(tmp_path: Path) -> None:
    first = evidence.keep(tmp_path, "甲.pdf", PDF, most_bytes=MOST)
    second = evidence.keep(tmp_path, "乙.pdf", PDF, most_bytes=MOST)
    assert first.sha256 == second.sha256 and second == Kept("乙.pdf", "application/pdf", len(PDF), first.sha256)
    assert len(files_under(tmp_path)) == 1


def test_what_was_changed_on_the_disk_is_not_handed_out(tmp_path: Path) -> None:
    kept = evidence.keep(tmp_path, "甲.pdf", PDF, most_bytes=MOST)
    evidence.place_of(tmp_path, kept.sha256).write_bytes(PDF + b"!")
    with pytest.raises(StoreError, match="校验值不符"):
        evidence.fetch(tmp_path, kept.sha256)
    evidence.place_of(tmp_path, kept.sha256).unlink()
    with pytest.raises(StoreError, match="读不出"):
        evidence.fetch(tmp_path, kept.sha256)


def test_a_disk_that_takes_nothing_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="没有保存"):
        evidence.keep(tmp_path, "甲.pdf", PDF, most_bytes=MOST)
