"""Reading a .docx: paragraphs with the numbers of their lists, and tables with their merged cells."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from config.errors import BadInput
from documents.plans.lists import Lists
from documents.plans.mending import Line
from documents.plans.source import MAX_LINES, Source, Table, too_many_lines

MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes that the parts of a document may have; a small file that grows beyond it was made to."""

MAX_MARKUP = 20 * 1024 * 1024
"""Bytes of its XML, which takes many times as much when it is read; pictures only take their own."""

_NO_MARKUP = ("word/media/", "word/embeddings/", "word/fonts/")

MAX_PARTS = 5000
MAX_COLUMNS = 60
_ENCRYPTED = 0x1
_HEAD = 4096

_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_REFERENCES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_SKIPPED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:drawing"), qn("w:pict"), qn("w:object"), qn("w:instrText")})


def read_word(content: bytes, name: str) -> Source:
    """Return paragraphs and tables of a .docx, deleted text and pictures left out.

    Raises BadInput for a file that is no Word document, is damaged, or unpacks to more than any plan.
    """
    _checked(content, name)
    if _is_strict(content):
        raise BadInput(f"{name} 是 Strict Open XML 文档，请另存为普通的 Word 文档（.docx）")
    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
        lists = Lists.of(document)
        notes = _notes(document)
    except Exception as error:  # python-docx and lxml raise whatever the damage makes them stumble over
        raise BadInput(
            f"{name} 不是 Word 文档或已损坏（{type(error).__name__}），请用文字处理软件另存为 .docx"
        ) from None
    reader = _Reader(lists, notes, MAX_LINES)
    try:
        reader.blocks(body)
    except OverflowError:
        raise too_many_lines(name) from None
    except RecursionError:
        raise BadInput(f"{name} 的表格嵌套过深，读不了，请简化后重试") from None
    return Source(name, tuple(reader.lines), tuple(reader.tables), tuple(reader.boxes.values()))


def _checked(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadInput(f"{name} 已损坏，请重新导出") from None
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadInput(f"{name} 有密码，请去掉密码后重试")
    markup = sum(part.file_size for part in parts if not part.filename.startswith(_NO_MARKUP))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED or markup > MAX_MARKUP:
        raise BadInput(f"{name} 解开后过大，不是计划文件，请核对")
    if "word/document.xml" not in {part.filename for part in parts}:
        raise BadInput(f"{name} 不是 Word 文档（.docx），请用文字处理软件另存为 .docx")


def _is_strict(content: bytes) -> bool:
    """Return whether the document is in the form of the norm that Word writes only when it is told to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("word/document.xml") as part:
            return b"http://purl.oclc.org/ooxml/" in part.read(_HEAD)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error, EOFError):
        return False  # what is damaged is told when it is read


class _Reader:
    """Walks the body; paragraphs and rows of tables are counted alike."""

    def __init__(self, lists: Lists, notes: Mapping[tuple[str, str], str], most: int) -> None:
        self.lists = lists
        self.most = most
        self.notes = dict(notes)
        self.boxes: dict[str, Line] = {}
        self.lines: list[Line] = []
        self.tables: list[Table] = []
        self.number = 0

    def blocks(self, parent: Any) -> None:
        """Read the paragraphs, tables and content controls inside `parent`.

        Raises OverflowError when there are more lines than `most`.
        """
        for element in parent:
            if max(self.number, len(self.lines)) > self.most:
                raise OverflowError
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag in (qn("w:sdt"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")):
                content = element.find(qn("w:sdtContent"))
                self.blocks(element if content is None else content)

    def _paragraph(self, element: Any) -> None:
        self.number += 1
        text = self.lists.label(element) + _text(element)
        for line in text.split("\n"):
            self.lines.append(Line(self.number, line))
        for reference in element.iter(*_REFERENCES):
            # read once, wherever else it is referred to
            note = self.notes.pop((_REFERENCES[reference.tag], reference.get(qn("w:id"), "")), "")
            self.lines += [Line(self.number, line) for line in note.split("\n") if line]
        for box in element.iter(qn("w:txbxContent")):
            words = "".join(_text(paragraph) for paragraph in box.iter(qn("w:p"))).strip()
            if words:
                self.boxes.setdefault(words, Line(self.number, words))  # it is written twice, for old programs

    def _table(self, element: Any) -> None:
        begins = self.number + 1
        rows: list[tuple[str, ...]] = []
        continued: list[frozenset[int]] = []
        for row in element.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not element:
                continue  # a row of a table inside a cell
            self.number += 1
            cells, goes_on = _cells(row, rows[-1] if rows else ())
            rows.append(cells)
            continued.append(goes_on)
        if max((len(row) for row in rows), default=0) <= 1:  # a frame around text
            for offset, row in enumerate(rows):
                self.lines += [Line(begins + offset, text) for cell in row for text in cell.split("\n")]
        else:
            self.tables.append(Table(begins, tuple(rows), tuple(continued)))


def _notes(document: Any) -> dict[tuple[str, str], str]:
    """Return the texts of footnotes and endnotes by kind and number, their lines trimmed."""
    found: dict[tuple[str, str], str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in ("footnotes", "endnotes"):
            continue
        for note in parse_xml(relation.target_part.blob):
            if note.get(qn("w:type")) is None:  # not the rule above the notes
                lines = (_text(paragraph).strip() for paragraph in note.iter(qn("w:p")))
                found[kind, note.get(qn("w:id"), "")] = "\n".join(lines)
    return found


def _cells(row: Any, above: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the texts of a row's cells, one for each column, and which of them continue the row above."""
    cells: list[str] = []
    goes_on: set[int] = set()
    for cell in _cell_elements(row):
        properties = cell.find(qn("w:tcPr"))
        span, merged = 1, None
        if properties is not None:
            width, merge = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
            span = _whole(width.get(qn("w:val"))) if width is not None else 1
            merged = merge.get(qn("w:val"), "continue") if merge is not None else None
        text = "\n".join(_text(paragraph) for paragraph in cell.iter(qn("w:p"))).strip()
        if merged == "continue" and len(cells) < len(above):
            text = above[len(cells)]
            goes_on.add(len(cells))
        for _ in range(min(span, MAX_COLUMNS - len(cells))):
            cells.append(text)
    return tuple(cells), frozenset(goes_on)


def _cell_elements(row: Any) -> Iterator[Any]:
    for element in row:
        if element.tag == qn("w:tc"):
            yield element
        elif element.tag == qn("w:sdt") and (content := element.find(qn("w:sdtContent"))) is not None:
            yield from (cell for cell in content if cell.tag == qn("w:tc"))


def _whole(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 4 else 1


def _text(element: Any) -> str:
    """Return the text of a paragraph as it reads with all changes accepted."""
    pieces: list[str] = []
    pending = [element]
    while pending:
        node = pending.pop()
        if node.tag in _SKIPPED:
            continue
        if node.tag == qn("w:t"):
            pieces.append(node.text or "")
        elif node.tag in _BREAKS:
            pieces.append(_BREAKS[node.tag])
        else:
            pending.extend(reversed(node))
    return "".join(pieces)
