"""Files as offices really send them: other encodings and marks, other programs' formats under the wrong name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from plan_documents import read, saved, targets_of, tasks_of

from config.errors import BadInput
from documents.plans.reading import read_plan

PLAN = """某市河道治理行动计划（2023—2025年）
一、工作目标
到2025年，新增巡查点100处以上。
二、重点任务
1.整治河道。清理淤积。（责任单位：市水利局、市城管局）
2.修缮堤岸。加固险段，2024年6月底前完成。（责任单位：市住建局）
"""
TASKS = [
    "1 整治河道 | 市水利局 | 市城管局",
    "2 修缮堤岸 | 市住建局 |  · once on 2024-06-30",
]
TARGETS = ["新增巡查点数 | cumulative | >= 100处 | 2025-12-31"]

TRADITIONAL = """某市河道治理行動計劃（2023—2025年）
一、工作目標
到2025年，新增巡查點100處以上。
二、重點任務
1.整治河道。清理淤積。（責任單位：市水利局、市城管局）
"""

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "traditional characters": ("plan.txt", TRADITIONAL.encode(), "繁体字"),
    "Big5": ("plan.txt", TRADITIONAL.encode("big5", "ignore"), "繁体字"),
    "nothing but a mark": ("plan.txt", b"\xef\xbb\xbf", "空文件"),
    "nothing but a mark of UTF-16": ("plan.txt", b"\xff\xfe \x00", "空文件"),
    "a web page": ("plan.txt", f"<!DOCTYPE html><html><p>{PLAN}</p></html>".encode(), "网页"),
    "a page from a browser": ("plan.txt", b"From: <x>\r\nMIME-Version: 1.0\r\n\r\n" + PLAN.encode(), "网页"),
    "rich text": ("plan.txt", b"{\\rtf1\\ansi " + PLAN.encode("gb18030") + b"}", "RTF"),
    "Word as XML": ("plan.txt", f"<?xml version='1.0'?><w:wordDocument>{PLAN}".encode(), "XML"),
    "UTF-32": ("plan.txt", PLAN.encode("utf-32-le"), "不是文本文件"),
    "a picture": ("plan.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 9, "编码无法识别"),
    "a name of two lines": ("a\nb.doc", b"x", "只收"),
    "macros": ("plan.docm", b"PK\x03\x04", "另存为 .docx"),
    "too many lines": ("plan.txt", "市\n".encode() * 300_000, "行"),
    "nothing but lines": ("plan.txt", b"\n" * 1_500_000 + "市".encode(), "的文字超过"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line_that_says_why(tmp_path: Path, kind: str) -> None:
    name, content, says = REFUSED[kind]
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_plan(file)
    assert says in str(refused.value) and str(refused.value).isprintable()


@pytest.mark.parametrize(
    "content",
    [
        PLAN.encode("gb18030"),
        b"\xef\xbb\xbf\xef\xbb\xbf" + PLAN.encode(),
        b"\xfe\xff" + PLAN.encode("utf-16-be"),
        PLAN.encode("utf-16-le")[:-1],
        PLAN.replace("\n", "\r\n").encode(),
        PLAN.replace("\n", "\r").encode(),
        PLAN.replace("\n", "\r\r\n").encode(),
        PLAN.replace("\n", "\x85").encode(),
        PLAN.replace("责任", "责\u200b\x01任").encode(),
        PLAN.replace("责任", "\u202e责任").encode(),
    ],
)
def test_encodings_ends_of_lines_and_invisible_characters_change_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "计划.TXT"
    file.write_bytes(content)
    data = read_plan(file).data()
    assert (tasks_of(data), targets_of(data)) == (TASKS, TARGETS)


@pytest.mark.parametrize(
    ("full", "half"),
    [
        ("，", ","),
        ("（）：", "():"),
        ("，（）：；", ",():;"),
        ("。", "｡"),
        ("。", "."),
        ("、", "､"),
        ("，。（）：", ",.():"),
    ],
)
def test_half_width_marks_between_chinese_words_are_read_like_full_ones(full: str, half: str) -> None:
    data = read(PLAN.translate(str.maketrans(full, half)))
    assert (tasks_of(data), targets_of(data)) == (TASKS, TARGETS)


def test_half_width_points_and_commas_in_numbers_stay_what_they_are() -> None:
    data = read(PLAN.replace("100处", "1,200.5万处"))
    assert targets_of(data) == ["新增巡查点数 | cumulative | >= 12005000处 | 2025-12-31"]


@pytest.mark.parametrize("number", ["1" * 200, "1" * 20 + "万", "一" * 5000, "一万" * 1500, "1,111" * 40])
def test_a_number_that_is_no_quantity_is_told_not_taken(number: str) -> None:
    data = read(PLAN.replace("100处", f"{number}处"))
    assert targets_of(data) == []
    [told] = [warning for warning in data["warnings"] if "位数过多" in warning["message"]]
    assert told["line"] == 3 and len(told["message"]) < 80


@pytest.mark.parametrize("day", ["2024年13月底", "2024年2月30日", "2023年2月29日", "2024年0月"])
def test_a_day_that_no_calendar_has_is_told(day: str) -> None:
    data = read(PLAN.replace("2024年6月底", day))
    [told] = [warning for warning in data["warnings"] if "没有这一天" in warning["message"]]
    assert told["line"] == 6 and day[:7] in told["message"]


def test_brackets_in_brackets_stay_with_their_unit() -> None:
    data = read(PLAN.replace("市城管局", "市城管局（综合执法局（城管支队（筹）））"))
    assert data["key_tasks"][0]["supporting_units"] == ["市城管局（综合执法局（城管支队（筹）））"]


def _word(lines: str = PLAN) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in lines.splitlines():
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def _with_text(content: bytes, old: str, new: str, extra: tuple[str, bytes] | None = None) -> bytes:
    """Return a .docx in whose text `old` has become `new`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in whole.namelist():
            text = whole.read(part)
            changed.writestr(part, text.replace(old.encode(), new.encode()) if part == "word/document.xml" else text)
        if extra:
            changed.writestr(*extra)
    return out.getvalue()


_DECLARED = "<!DOCTYPE w [{}]><w:document "
WORD: dict[str, tuple[bytes, str]] = {
    "many empty paragraphs": (_with_text(_word(), "<w:body>", "<w:body>" + "<w:p/>" * 400_000), "行"),
    "much markup": (_with_text(_word(), "<w:body>", "<w:body>" + "<w:p/>" * 4_000_000), "解开后过大"),
    "much of another part": (
        _with_text(_word(), "x" * 9, "", ("word/numbering2.bin", b"0" * 40 * 1024 * 1024)),
        "解开后过大",
    ),
    "entities in entities": (
        _with_text(
            _with_text(
                _word(),
                "<w:document ",
                _DECLARED.format(
                    '<!ENTITY a0 "市市市市市市市市市市">'
                    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
                ),
            ),
            "清理淤积",
            "&a8;",
        ),
        "",
    ),
    "torn": (_word()[:9000], "已损坏"),
    "strict": (
        _with_text(
            _word(),
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        "Strict",
    ),
}


@pytest.mark.parametrize("kind", WORD)
def test_a_word_document_made_to_burst_or_bent_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    content, says = WORD[kind]
    file = tmp_path / "plan.docx"
    file.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_plan(file)
    assert says in str(refused.value) and str(refused.value).isprintable()


def test_an_entity_that_names_a_file_brings_nothing_of_it_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密文字", encoding="utf-8")
    named = _with_text(_word(), "<w:document ", _DECLARED.format(f'<!ENTITY a SYSTEM "{secret.as_uri()}">'))
    file = tmp_path / "plan.docx"
    file.write_bytes(_with_text(named, "清理淤积", "&a;"))
    try:
        said = str(read_plan(file).data())
    except BadInput as refused:
        said = str(refused)
    assert "机密" not in said


def test_tables_in_tables_and_odd_widths_are_read_without_end(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("分工表")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("任务", "责任单位", "整治河道", "市水利局"), strict=True):
        cell.text = text
    inner = table
    for _ in range(40):
        inner = inner.cell(1, 0).add_table(2, 2)
    assert tasks_of(read_plan(saved(document, tmp_path / "plan.docx")).data()) == ["1 整治河道 | 市水利局 |"]
