"""Why the system would not read or write a file, in words for the person who chose the place."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

from config.errors import BadInput, DubanError, NotWritten

_WORDS: Mapping[int, str] = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EIO: "磁盘读写出错",
    errno.ENOTDIR: "路径中间有一段是文件，不是目录",
    errno.EISDIR: "是目录，不是文件",
    errno.EEXIST: "已有同名的文件",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "链接互相指向",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
}

_NOT_THE_PLACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""The machine's failure rather than a place badly chosen."""


def reason(error: OSError) -> str:
    """Return why, in Chinese where it is one of the usual reasons, else in the system's words."""
    return _WORDS.get(error.errno or 0) or error.strerror or str(error)


def not_written(error: OSError, place: Path) -> DubanError:
    """Return what to raise when `place` cannot be written: BadInput, or NotWritten when the machine failed."""
    if error.errno in _NOT_THE_PLACE:
        return NotWritten(f"{place} 无法写入（{reason(error)}）：请清理空间或检查磁盘后再试")
    return BadInput(f"{place} 无法写入（{reason(error)}）：请检查权限，或用 --out 换一个位置")
