"""A plan document as lines and tables: .txt in the encodings of China, .docx, and .pdf with a layer of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from config.errors import BadInput
from documents.opened import content_of
from documents.plans.characters import LINE_ENDS
from documents.plans.mending import Line

MAX_BYTES = 20 * 1024 * 1024
"""No plan is longer, with its pictures; a file beyond it is something else."""

MAX_CHARACTERS = 1_000_000
"""Characters of text, cells of tables included: ten times the longest plans."""

_KINDS = (".txt", ".docx", ".pdf")
_ZIP, _PDF, _COMPOUND = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SAMPLE = 4000


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
    name = path.name.encode("utf-8", "replace").decode()
    content = _content(path, name)
    source = _read(content, name)
    if sum(_lengths(source)) > MAX_CHARACTERS:
        raise too_much_text(name)
    if not any(_HAN.search(line.text) for line in source.lines) and not source.tables:
        raise BadInput(f"{name} 里没有读到中文文字：扫描件请先做文字识别（OCR），其他文件请核对")
    return source


def too_much_text(name: str) -> BadInput:
    """Return what to raise for a document with more text than any plan."""
    return BadInput(f"{name} 的文字超过 {MAX_CHARACTERS // 10_000} 万字，不是计划文件；如是汇编，请拆开后逐份读入")


def _lengths(source: Source) -> Iterator[int]:
    yield from (len(line.text) for line in source.lines)
    yield from (len(cell) for table in source.tables for row in table.rows for cell in row)


def _content(path: Path, name: str) -> bytes:
    if PurePath(name).suffix.lower() not in _KINDS:
        hint = "，旧版 .doc、.wps 请另存为 .docx" if PurePath(name).suffix.lower() in (".doc", ".wps", ".rtf") else ""
        raise BadInput(f"{name} 的类型读不了，只收 .txt、.docx、.pdf{hint}")
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
    return plain(_decoded(content, name), name)


def plain(text: str, name: str = "") -> Source:
    """Return the lines of a text; a form feed begins a page."""
    lines = []
    number, new_page, start = 0, False, 0
    for found in LINE_ENDS.finditer(text + "\n"):
        number += 1
        lines.append(Line(number, text[start : found.start()], new_page))
        new_page, start = found[0] == "\x0c", found.end()
    return Source(name, tuple(lines))


def _decoded(content: bytes, name: str) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _text(content, encoding, name)
    if b"\x00" in content[:_SAMPLE]:
        return _without_mark(content, name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{name} 的编码无法识别，请另存为 UTF-8 编码的 .txt")


def _text(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput(f"{name} 的文字有损坏（{encoding}），请重新另存为 UTF-8 编码的 .txt") from None


def _without_mark(content: bytes, name: str) -> str:
    """Decode UTF-16 without a byte order mark: the order in which more of the text is Chinese."""
    content = content[: len(content) // 2 * 2]
    texts = [content.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    best = max(texts, key=lambda text: len(_HAN.findall(text[:_SAMPLE])))
    if "\ufffd" in best or "\x00" in best or len(_HAN.findall(best[:_SAMPLE])) * 3 < len(best[:_SAMPLE]):
        raise BadInput(f"{name} 不是文本文件，请另存为 UTF-8 编码的 .txt，或 .docx、.pdf")
    return best
