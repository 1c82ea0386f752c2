"""佐证材料: files that people hand in. Looked at before they are kept, kept under the hash of their content.

Nothing is unpacked and nothing is ever shown as a page: what is kept is handed out again as a download.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from config.errors import BadInput, StoreError
from config.reasons import reason
from documents.sniffing import TYPES, refuse_other_content

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
    refuse_other_content(shown, suffix, content)
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
        raise StoreError(f"佐证材料读不出（{reason(error)}），请联系系统管理员从备份恢复") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError("佐证材料与登记的校验值不符，可能已损坏，请联系系统管理员从备份恢复")
    return content


def called(name: str) -> str:
    """Return a file's own name, without the folders and control characters a browser may have sent along."""
    bare = PurePath(name.replace("\\", "/")).name
    plain = "".join(character for character in bare if character.isprintable()).strip()
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
    return f"{stem[:_LONGEST_NAME]}{suffix[:10]}" or "未命名"


def _write(place: Path, content: bytes) -> None:
    """Put the content where it belongs, whole or not at all, and on the disk before anybody is told."""
    if place.exists():
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
            os.replace(part, place)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
        _sync(place.parent)
    except OSError as error:
        raise StoreError(f"佐证材料没有保存（{reason(error)}），请稍后再传，或联系系统管理员") from None


def _sync(folder: Path) -> None:
    """Write a folder's own entries to the disk, so that the name of a new file outlives a loss of power."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
