"""Opening a file that holds tables, whatever they are about: .csv or .xlsx, checked before anything is read."""

from __future__ import annotations

from pathlib import Path

from config.errors import BadInput
from documents.delimited import read_delimited
from documents.grids import MAX_BYTES, Grid, tidy
from documents.opened import content_of
from documents.workbooks import read_workbook

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""What old workbooks (.xls) and encrypted ones begin with."""


def read_tables(file: Path) -> tuple[str, list[Grid]]:
    """Return the file's name for complaints, and its tables: the visible sheets of a workbook, or the one of a .csv.

    Raises BadInput in one line for a file that is absent, empty, too large, of another type, encrypted or damaged.
    """
    name = tidy(file.name.encode("utf-8", "replace").decode())  # a name on disk need not be text
    if file.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(f"{name} 的类型不能读取，只收 .csv 和 .xlsx")
    content = content_of(file, name, limit=MAX_BYTES, wanted="目标分解表")
    if not content.strip():
        raise BadInput(f"{name} 是空文件")
    if content.startswith(_COMPOUND):
        raise BadInput(f"{name} 是旧版 .xls 或加密的工作簿，请去掉密码并另存为 .xlsx")
    return name, read_workbook(content, name) if content.startswith(_ZIP) else [read_delimited(content, name)]
