"""Reading a .csv file: UTF-8 with or without a mark, or GB18030 as spreadsheets in China save it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from config.errors import BadInput
from documents.grids import MAX_COLUMNS, MAX_ROWS, Grid, tidy


def read_delimited(content: bytes, name: str) -> Grid:
    """Return the one table of a comma-separated file. Raises BadInput in one line when it is none."""
    text = _decoded(content, name)
    try:
        lines = tuple(_lines(text, name))
    except csv.Error as error:
        raise BadInput(f"{name} 读不完整：引号没有成对，或某一格过长（{error}），请重新导出") from None
    return Grid(name, lines, lambda line, column, heading: f"第 {line} 行“{heading or column + 1}”列")


def _decoded(content: bytes, name: str) -> str:
    if b"\x00" in content:
        raise BadInput(f"{name} 不是文本文件，请另存为 UTF-8 编码的 .csv，或 .xlsx")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{name} 的编码无法识别，请另存为 UTF-8 或 GB18030 编码的 .csv")


def _lines(text: str, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number, kept = 1, 0
    for record in reader:
        texts = tuple(tidy(field) for field in record[:MAX_COLUMNS])
        if any(texts):
            kept += 1
            if kept > MAX_ROWS:
                raise BadInput(f"{name} 超过 {MAX_ROWS} 行，不是报送表，请核对")
            yield number, texts
        number = reader.line_num + 1
