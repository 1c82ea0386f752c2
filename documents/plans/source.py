"""A plan document as lines and tables: .txt in the encodings of China, .docx, and .pdf with a layer of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from config.errors import BadInput
from documents.opened import content_of
from documents.plans.characters import LINE_ENDS
from documents.plans.encoding import HAN, decoded
from documents.plans.mending import Line

MAX_BYTES = 20 * 1024 * 1024
"""No plan is longer, with its pictures; a file beyond it is something else."""

MAX_CHARACTERS = 1_000_000
"""Characters of text, cells of tables included: ten times the longest plans."""

MAX_LINES = 200_000
"""Lines of a text, or paragraphs of a document."""

_KINDS = (".txt", ".docx", ".pdf")
_ZIP, _PDF, _COMPOUND = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0"
_TRADITIONAL = re.compile(
    "[責單實業務發關點為與國際應對開時過經濟計劃項數額標準區縣鎮鄉創辦組織領導進會議監電網絡產資質檢測體總負參設備"
    "農動處報個統籌學術護環級類據階見說話長門問題將於從後來這還們變選適運達]"
)
_MOST_TRADITIONAL = 0.05
"""Share of the characters from which a text is written in traditional ones, which no rule here knows."""


@dataclass(frozen=True)
class Table:
    """A table of the document: the line it begins at, and the text of its cells, merged ones repeated.

    `spans` holds, for each row, which of its cells only continue the one above.
    """

    line: int
    rows: tuple[tuple[str, ...], ...]
    continued: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Source:
    """A document as it was read. Lines count from 1: of a .txt its lines, of a .docx its paragraphs and table rows.

    The lines of a .pdf are those of its text, page after page. `boxes` are text boxes, which are not read.
    """

    name: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    boxes: tuple[Line, ...] = ()


def read_source(path: Path) -> Source:
    """Return the lines and tables of a document.

    Raises BadInput in one line for a file that is absent, too large, of another type, encrypted, damaged, or
    without any Chinese text.
    """
    name = "".join(c if c.isprintable() else "？" for c in path.name.encode("utf-8", "replace").decode())
    content = _content(path, name)
    source = _read(content, name)
    if sum(_lengths(source)) > MAX_CHARACTERS:
        raise too_much_text(name)
    if len(source.lines) > MAX_LINES:
        raise too_many_lines(name)
    if not any(HAN.search(line.text) for line in source.lines) and not source.tables:
        raise BadInput(f"{name} 里没有读到中文文字：扫描件请先做文字识别（OCR），其他文件请核对")
    if _is_traditional(source):
        raise BadInput(f"{name} 是繁体字文件，单位和目标只能按简体字识别，请先转换为简体字")
    return source


def too_many_lines(name: str) -> BadInput:
    """Return what to raise for a document with more lines or paragraphs than any plan."""
    return BadInput(f"{name} 超过 {MAX_LINES // 10_000} 万行，不是计划文件，请核对")


def _is_traditional(source: Source) -> bool:
    han, found = 0, 0
    for line in source.lines:
        han += len(HAN.findall(line.text))
        found += len(_TRADITIONAL.findall(line.text))
    return found > han * _MOST_TRADITIONAL


def too_much_text(name: str) -> BadInput:
    """Return what to raise for a document with more text than any plan."""
    return BadInput(f"{name} 的文字超过 {MAX_CHARACTERS // 10_000} 万字，不是计划文件；如是汇编，请拆开后逐份读入")


def _lengths(source: Source) -> Iterator[int]:
    yield from (len(line.text) for line in source.lines)
    yield from (len(cell) for table in source.tables for row in table.rows for cell in row)


def _content(path: Path, name: str) -> bytes:
    if PurePath(name).suffix.lower() not in _KINDS:
        raise BadInput(f"{name} 的类型读不了，只收 .txt、.docx、.pdf，其他文档请先另存为 .docx")
    content = content_of(path, name, limit=MAX_BYTES, wanted="计划文件")
    if not content.strip():
        raise BadInput(f"{name} 是空文件")
    return content


def _read(content: bytes, name: str) -> Source:
    """Read by what the file is, whatever its name says."""
    if content.startswith(_COMPOUND):
        raise BadInput(f"{name} 是旧版 .doc 或加密的文档，请去掉密码并另存为 .docx")
    if content.startswith(_ZIP):
        from documents.plans.word import read_word  # costs more than all else here

        return read_word(content, name)
    if _PDF in content[:1024]:
        from documents.plans.portable import read_portable

        return read_portable(content, name)
    if PurePath(name).suffix.lower() != ".txt":
        raise BadInput(f"{name} 不是它的后缀所说的文件，可能已损坏，请重新导出")
    text = decoded(content, name)
    if len(text) > MAX_CHARACTERS:
        raise too_much_text(name)
    return plain(text, name)


def plain(text: str, name: str = "") -> Source:
    """Return the lines of a text; a form feed begins a page."""
    lines = []
    number, new_page, start = 0, False, 0
    for found in LINE_ENDS.finditer(text + "\n"):
        number += 1
        lines.append(Line(number, text[start : found.start()], new_page))
        new_page, start = found[0] == "\x0c", found.end()
    return Source(name, tuple(lines))
