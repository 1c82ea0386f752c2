"""Reading a .csv of data lines under one heading line: statistical series, samples, population frames."""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from config.errors import BadInput
from documents.grids import tidy
from documents.opened import content_of
from supervision.indices.lines import DataFile, Line

MAX_BYTES = 50 * 1024 * 1024
"""Size of a file that is read at all: a sample of 100,000 units with twenty questions takes 15 MB."""

MAX_LINES = 200_000

_ENCODINGS = ("utf-8-sig", "gb18030")
"""As spreadsheets in China save them."""

Aliases = Mapping[str, tuple[str, ...]]
"""By column, its headings in any spelling; capitals and widths make no difference."""


def read_data_file(source: Path, aliases: Aliases, *, required: Collection[str]) -> DataFile:
    """Return the lines of a .csv, every cell on one line and without control characters.

    Columns are found by their headings in any order; others are ignored; empty lines are left out.
    Raises BadInput in one line for a file that is absent, empty, too large, no text, damaged, without a `required`
    column, with one twice, or with a line longer than its heading.
    """
    name = tidy(source.name.encode("utf-8", "replace").decode())
    content = content_of(source, name, limit=MAX_BYTES)
    (number, heading), *rest = _read(content, name)
    columns = _columns(heading, aliases, f"{name} 第 {number} 行")
    missing = [_title(aliases, column) for column in aliases if column in required and column not in columns]
    if missing:
        raise BadInput(f"{name} 第 {number} 行的表头缺少列：{'、'.join(missing)}")
    if not rest:
        raise BadInput(f"{name} 只有表头，没有数据")
    too_long = [at for at, cells in rest if any(cells[len(heading) :])]
    if too_long:
        raise BadInput(f"{name} 第 {too_long[0]} 行的列数多于表头，请核对逗号和引号")
    lines = tuple(
        Line(at, {column: cells[k] if k < len(cells) else "" for column, k in columns.items()}) for at, cells in rest
    )
    headings = {column: heading[k] for column, k in columns.items()}
    return DataFile(name, hashlib.sha256(content).hexdigest(), headings, lines)


def _read(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Return every line with content and its number; at least one."""
    file = io.StringIO(_decoded(content, name), newline="")
    try:
        records = list(_records(file, name))
    except csv.Error as error:
        raise BadInput(f"{name} 读不完整：引号没有成对，或某一格过长（{error}），请重新导出") from None
    if not records:
        raise BadInput(f"{name} 是空文件")
    return records


def _decoded(content: bytes, name: str) -> str:
    if b"\x00" not in content:
        for encoding in _ENCODINGS:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise BadInput(f"{name} 不是 UTF-8 或 GB18030 编码的文本，请另存为 .csv")


def _records(file: io.StringIO, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, strict=True)
    number, kept = 1, 0
    for record in reader:
        cells = [tidy(cell) for cell in record]
        if any(cells):
            kept += 1
            if kept > MAX_LINES:
                raise BadInput(f"{name} 超过 {MAX_LINES} 行，请拆分后再试")
            yield number, cells
        number = reader.line_num + 1


def _columns(heading: list[str], aliases: Aliases, place: str) -> dict[str, int]:
    """Return the position of each known column."""
    names = {_plain(alias): column for column, known in aliases.items() for alias in (column, *known)}
    found: dict[str, int] = {}
    for position, cell in enumerate(heading):
        column = names.get(_plain(cell))
        if column in found:
            raise BadInput(f"{place}的表头重复：“{heading[found[column]]}”和“{cell}”，请只留一列")
        if column is not None:
            found[column] = position
    return found


def _title(aliases: Aliases, column: str) -> str:
    """Return a column's heading in Chinese, where it has one."""
    return next((alias for alias in aliases[column] if not alias.isascii()), column)


def _plain(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading).casefold().strip()
