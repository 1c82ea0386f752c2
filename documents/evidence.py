"""佐证材料: files that people hand in. Looked at before they are kept, kept under the hash of their content.

Nothing is unpacked and nothing is ever shown as a page: what is kept is handed out again as a download.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import puremagic

from config.errors import BadInput, StoreError

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
_OLD_OFFICE = frozenset({".doc", ".xls", ".wps", ".et"})
_MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
_TEXT = frozenset({".txt", ".csv"})
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Kept:
    """A file that was taken. `size` in bytes."""

    file_name: str
    media_type: str
    size: int
    sha256: str


def keep(home: Path, name: str, content: bytes, *, most_bytes: int) -> Kept:
    """Keep a file that somebody hands in and return what it is; the same content is kept once.

    Raises BadInput in one line for an empty or too large file, a type that is not taken, and content that is not what
    the name says; StoreError where nothing can be written.
    """
    shown = called(name)
    if not content:
        raise BadInput(f"{shown} 是空文件，没有保存")
    if len(content) > most_bytes:
        raise BadInput(f"{shown} 超过 {most_bytes // 2**20} MB，没有保存，请压缩或拆分后再传")
    suffix = PurePath(shown).suffix.lower()
    if suffix not in TYPES:
        raise BadInput(f"{shown} 的类型不能上传，可用：{'、'.join(kind.removeprefix('.') for kind in TYPES)}")
    _refuse_other_content(shown, suffix, content)
    digest = hashlib.sha256(content).hexdigest()
    _write(place_of(home, digest), content)
    return Kept(shown, TYPES[suffix], len(content), digest)


def place_of(home: Path, sha256: str) -> Path:
    """Return where content of that hash lies under an installation's home."""
    return home / "evidence" / sha256[:2] / sha256


def fetch(home: Path, sha256: str) -> bytes:
    """Return the content of that hash. Raises StoreError when it is gone, or is not what it was."""
    try:
        content = place_of(home, sha256).read_bytes()
    except OSError as error:
        raise StoreError(f"佐证材料读不出（{error.strerror}），请联系系统管理员从备份恢复") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError("佐证材料与登记的校验值不符，可能已损坏，请联系系统管理员从备份恢复")
    return content


def called(name: str) -> str:
    """Return a file's own name, without the folders and control characters a browser may have sent along."""
    bare = PurePath(name.replace("\\", "/")).name
    plain = "".join(character for character in bare if character.isprintable()).strip()
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
    return f"{stem[:_LONGEST_NAME]}{suffix[:10]}" or "未命名"


def _refuse_other_content(name: str, suffix: str, content: bytes) -> None:
    wrong = BadInput(f"{name} 的内容与扩展名不符，没有保存，请核对文件")
    if suffix in _TEXT:
        if not _is_text(content):
            raise wrong
        return
    if suffix in _OLD_OFFICE:
        if not content.startswith(_COMPOUND):
            raise wrong
        return
    if suffix in _MAIN_PART:
        _refuse_other_package(name, suffix, content, wrong)
        return
    if suffix not in _seen_as(content):
        raise wrong


def _refuse_other_package(name: str, suffix: str, content: bytes, wrong: BadInput) -> None:
    """Look into the table of contents of an Office file; nothing is unpacked."""
    try:
        parts = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise wrong from None
    if "[Content_Types].xml" not in parts or _MAIN_PART[suffix] not in parts:
        raise wrong
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise BadInput(f"{name} 含有宏，没有保存，请另存为不含宏的文件")


def _is_text(content: bytes) -> bool:
    if b"\0" in content or _seen_as(content) & {".html", ".htm", ".svg", ".xml"}:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _seen_as(content: bytes) -> set[str]:
    try:
        return {found.extension for found in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _write(place: Path, content: bytes) -> None:
    """Put the content where it belongs, whole or not at all."""
    if place.exists():
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, place)
    except OSError as error:
        raise StoreError(f"佐证材料没有保存（{error.strerror}），请稍后再传，或联系系统管理员") from None
