"""Writing one workbook that people fill in or change: where it goes, and that nothing filled in is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.errors import BadInput, Refused
from config.reasons import not_written

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写到哪个 .xlsx 文件或目录")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="文件已存在时替换，已填的数会丢失")]


def place(out: Path | None, name: str) -> Path:
    """Return the workbook to be written: `out`, or `name` in the folder that it is; None: the working directory.

    Raises BadInput for a path of another type.
    """
    name = name.replace("/", "-")
    if out is None:
        return Path(name)
    if "\0" in str(out):
        raise BadInput("--out 应为一个文件或目录")
    if out.is_dir():
        return out / name
    if out.suffix.lower() != ".xlsx":
        raise BadInput(f"--out {out} 应为 .xlsx 文件，或已有的目录")
    return out


def put(target: Path, content: bytes, *, overwrite: bool) -> None:
    """Write the file. Raises Refused where one exists and is not to be replaced, BadInput where none can be written."""
    try:
        with target.open("wb" if overwrite else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(f"{target} 已存在，里面可能有已填的数：请换一个文件名，或用 --overwrite 替换") from None
    except OSError as error:
        raise not_written(error, target) from None
