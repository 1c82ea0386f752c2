"""Writing papers into a folder: .docx always, .pdf where the machine has Chinese fonts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output
from config.errors import BadInput, FontsMissing
from config.reasons import not_written
from config.settings import settings

if TYPE_CHECKING:
    from documents.official.content import Paper

Out = Annotated[str, typer.Option("--out", metavar="DIR", help="写到哪个目录，没有的会建立；同名文件会被替换")]

FONTS = "fonts"
"""The folder under the home in which an office may put fonts of its own."""

_LONGEST_NAME = 80
"""Characters of a file's name: four bytes each, and an ending, stay below what file systems allow."""

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*\s]+')


def folder_of(out: str) -> Path:
    """Return the folder that `out` names. Raises BadInput when it is a file, or no path."""
    folder = Path(out)
    if not out.strip() or "\0" in out:
        raise BadInput("--out 应为一个目录")
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"--out {folder} 是文件，不是目录")
    return folder


def file_name(text: str) -> str:
    """Return `text` as the name of a file: without what no file system takes."""
    return _UNFIT.sub("-", text).strip("-. ")[:_LONGEST_NAME] or "文书"


def save(paper: Paper, folder: Path, name: str, *, others: dict[str, bytes] | None = None, json: bool) -> None:
    """Write the paper as `name`.docx and .pdf, and `others` by their endings; print what was written.

    Raises FontsMissing after writing and telling everything else, when the .pdf cannot be set.
    """
    from documents import fonts
    from documents.official.render import as_docx, as_pdf, substitution_note

    made = {"docx": as_docx(paper), **(others or {})}
    refused: FontsMissing | None = None
    note = ""
    try:
        found = fonts.find([settings().home / FONTS])
        made["pdf"], note = as_pdf(paper, found), substitution_note(found)
    except FontsMissing as error:
        refused = error
    paths = [_write(folder, f"{file_name(name)}.{ending}", content) for ending, content in made.items()]
    _tell(paths, note, json)
    if refused is not None:
        raise FontsMissing(f"PDF 没有生成，其余文件已写好：{refused}")


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write the file whole or not at all: what is printed from a half one would pass for a paper.

    Raises BadInput when it cannot be put there, NotWritten when the disk is full or fails.
    """
    path, half = folder / name, folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        raise not_written(error, path) from None
    return path


def _tell(paths: list[Path], note: str, json: bool) -> None:
    if json:
        output.as_json({"files": [str(path) for path in paths], "note": note})
        return
    for path in paths:
        output.sentence(f"已写好 {path}")
    if note:
        output.remark(note)
