"""Reading a .xlsx workbook: values as they stand in the cells, without running anything."""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import get_column_letter

from config.errors import BadInput
from documents.grids import MAX_COLUMNS, MAX_ROWS, Grid, GridCell, has_content, tidy

MAX_UNPACKED = 20 * 1024 * 1024
"""Size of everything in the package together, unpacked: what keeps a small file from filling the memory."""

MAX_PARTS = 1000
"""Files in the package."""

LAST_ROW = 1_048_576
"""The last row that a spreadsheet has; a row numbered beyond it comes from a broken or hostile file."""

DIGITS = 15
"""Significant digits that a spreadsheet keeps and shows. Beyond them a stored double is noise: 0.1+0.2 is 0.3."""

_ENCRYPTED = 0x1
_IN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')

warnings.filterwarnings("ignore", module="openpyxl")  # about styles and extensions, nothing that a unit could act on


def read_workbook(content: bytes, name: str) -> list[Grid]:
    """Return the visible sheets of a workbook, in order.

    Raises BadInput in one line for a package that is damaged, encrypted, too large or no workbook.
    """
    _check_package(content, name)
    try:
        # Twice, because only the first reading has the results of formulas, and only the second says that a cell
        # without a result is a formula at all, not empty.
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        return [
            Grid(sheet.title, tuple(_lines(sheet, formulas[sheet.title], name)), _cell_name)
            for sheet in values.worksheets
            if sheet.sheet_state == "visible"
        ]
    except BadInput:
        raise
    except Exception as error:  # a damaged workbook makes the reader fail in any way there is
        raise BadInput(f"{name} 已损坏或不是 .xlsx 工作簿，请重新保存后再报（{type(error).__name__}）") from error


def _check_package(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError, OSError, NotImplementedError) as error:
        raise BadInput(f"{name} 不完整或已损坏，请重新保存后再报（{type(error).__name__}）") from None
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadInput(f"{name} 已加密，请去掉密码后再报")
    # What a part unpacks to is never more than the size it declares: reading stops there.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadInput(f"{name} 展开后过大（上限 {MAX_UNPACKED // 1024 // 1024} MB），不是报送表，请核对")
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise BadInput(f"{name} 不是 .xlsx 工作簿，请用表格软件另存为 .xlsx")


def _cell_name(line: int, column: int, _heading: str) -> str:
    return f"{get_column_letter(column + 1)}{line}"


def _lines(values: Any, formulas: Any, name: str) -> Iterator[tuple[int, tuple[GridCell, ...]]]:
    # The dimensions that a file claims for its sheet need not be true.
    values.reset_dimensions()
    formulas.reset_dimensions()
    extent = {"max_row": LAST_ROW, "max_col": MAX_COLUMNS}
    both = zip(values.iter_rows(**extent), formulas.iter_rows(**extent), strict=True)
    kept = 0
    for number, (shown, stored) in enumerate(both, start=1):
        if all(cell is EMPTY_CELL for cell in shown):
            continue  # a sheet may have a million of these below its last line
        cells = tuple(_cell(a, b) for a, b in zip(shown, stored, strict=True))
        if has_content(cells):
            kept += 1
            if kept > MAX_ROWS:
                raise BadInput(f"{name} 超过 {MAX_ROWS} 行，不是报送表，请核对")
            yield number, cells


def _cell(shown: Any, stored: Any) -> GridCell:
    value = shown.value
    if value is None:
        if stored.data_type == "f":
            return GridCell("", "是公式但没有计算结果，请用表格软件打开并保存一次，或直接填数")
        return GridCell("")
    if isinstance(value, str):
        text = tidy(value)
        return GridCell(text, f"是错误值 {text}，请改正公式或直接填数") if shown.data_type == "e" else GridCell(text)
    if isinstance(value, bool):
        return GridCell(str(value).upper(), "是逻辑值，不是数，请填数")
    if isinstance(value, int | float):
        return _number(value, shown.number_format)
    return GridCell(str(value), f"是日期或时间（{value}），不是数，请把单元格格式改为常规后填数")


def _number(value: int | float, number_format: str) -> GridCell:
    if not math.isfinite(value):
        return GridCell(str(value), f"是 {value}，不是数，请填数")
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{DIGITS}g}")
    if "%" in _IN_QUOTES.sub("", number_format or ""):
        return GridCell(f"{number.scaleb(2):f}%")  # what is stored as 0.025 is shown, and meant, as 2.5%
    return GridCell(f"{number:f}")
