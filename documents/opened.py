"""The content of a file that somebody named; where there is none, one line says what to do."""

from __future__ import annotations

from pathlib import Path

from config.errors import BadInput
from config.reasons import reason

_MEGABYTE = 1024 * 1024


def content_of(path: Path, name: str, *, limit: int, wanted: str = "") -> bytes:
    """Return what the file holds, `limit` bytes at most.

    `name` is what complaints call it, `wanted` what a larger one cannot be (报送表). Raises BadInput for what is
    absent, a folder or a device, unreadable or too large.
    """
    try:
        is_folder, content = path.is_dir(), _beginning(path, limit)
    except OSError as error:
        raise BadInput(f"{name} 打不开（{reason(error)}），请核对文件和权限") from None
    except ValueError:  # a path with a NUL in it
        raise BadInput(f"{name} 不是文件路径，请核对") from None
    if is_folder:
        raise BadInput(f"{name} 是目录，请指明其中的文件")
    if content is None:
        raise BadInput(f"找不到文件 {name}，请核对路径和文件名")
    if len(content) > limit:
        raise too_large(name, limit=limit, wanted=wanted)
    return content


def too_large(name: str, *, limit: int, wanted: str = "") -> BadInput:
    """Return what to raise for content of more than `limit` bytes."""
    return BadInput(f"{name} 超过 {limit // _MEGABYTE} MB{f'，不是{wanted}' if wanted else ''}，请核对")


def _beginning(path: Path, limit: int) -> bytes | None:
    """Return what the file holds, one byte more than the limit at most; None when it is no file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(limit + 1)
