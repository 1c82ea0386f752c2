"""Whether a file is what its name says. Only headers and tables of contents are read; nothing is unpacked."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping

import puremagic

from config.errors import BadInput

TYPES: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
    ".et": "application/octet-stream",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""What is taken, by extension. No archives: what is in them could not be looked at. No HTML and no SVG: they run."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the Office files of 1997–2003 begin, and those of WPS: a small file system with named streams."""

_STREAMS: Mapping[str, tuple[str, ...]] = {
    ".doc": ("WordDocument",),
    ".wps": ("WordDocument",),
    ".xls": ("Workbook", "Book"),
    ".et": ("Workbook", "Book"),
}
"""The stream that each kind of them has: by that a document is told from a workbook or an installer."""

_MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
_LONGEST_LIST = 2**20
"""Bytes of [Content_Types].xml that are read: it is a few kilobytes in any real file."""

_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, OSError, EOFError, RuntimeError, NotImplementedError,
)  # fmt: skip
"""What a broken, encrypted or strangely packed file raises."""

_MACRO = re.compile(rb"vbaproject|macroenabled", re.IGNORECASE)
_OLD_MACRO = "_VBA_PROJECT".encode("utf-16-le")
_MARKUP = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|svg|script|\?xml|iframe)", re.IGNORECASE | re.S)
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def refuse_other_content(name: str, suffix: str, content: bytes) -> None:
    """Raise BadInput in one line that names the file when it is not what `suffix` says, or holds macros."""
    if suffix in {".txt", ".csv"}:
        fits = _is_text(content)
    elif suffix in _STREAMS:
        fits = _is_compound(suffix, content)
        if fits and _OLD_MACRO in content:
            raise _with_macros(name)
    elif suffix in _MAIN_PART:
        fits = _is_package(name, suffix, content)
    else:
        fits = suffix in _seen_as(content)
    if not fits:
        raise BadInput(f"{name} 的内容与扩展名不符，没有保存，请核对文件")


def _is_compound(suffix: str, content: bytes) -> bool:
    return content.startswith(_COMPOUND) and any(
        f"{stream}\0".encode("utf-16-le") in content for stream in _STREAMS[suffix]
    )


def _is_package(name: str, suffix: str, content: bytes) -> bool:
    """Look into the table of contents of an Office file, and at the one part that says what each other part is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.namelist()
            if "[Content_Types].xml" not in parts or _MAIN_PART[suffix] not in parts:
                return False
            with package.open("[Content_Types].xml") as file:
                kinds = file.read(_LONGEST_LIST)
    except _UNREADABLE:
        return False
    if _MACRO.search(kinds) or any(_MACRO.search(part.encode()) for part in parts):
        raise _with_macros(name)
    return True


def _with_macros(name: str) -> BadInput:
    return BadInput(f"{name} 含有宏，没有保存，请另存为不含宏的文件")


def _is_text(content: bytes) -> bool:
    """Return whether it reads as text in an encoding that offices use, and is no page that a browser would run."""
    encodings = ("utf-16",) if content.startswith(_BYTE_ORDER_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "\0" not in text and not _MARKUP.match(text)
    return False


def _seen_as(content: bytes) -> set[str]:
    try:
        return {found.extension for found in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()
