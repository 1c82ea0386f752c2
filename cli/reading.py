"""Reading what was typed: dates, times, numbers and names, each refused in one line that says how to write it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from config.clock import ZONE
from config.errors import BadInput, UnknownName
from config.naming import code as code
from config.naming import email as email
from config.reasons import reason

ATerm = TypeVar("ATerm", bound=StrEnum)

STDIN = "-"

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")

_ALIKE = 0.5
"""How much of a name must agree (difflib's ratio) before it is offered."""

_OFFERED = 5
_LISTED = 20


def day(text: str, what: str) -> date:
    """Return the date written as `text` (2022-07-01). Raises BadInput, naming `what` it is for."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput(f"{what}“{text}”不是日期，应写成 2022-07-01")


def day_if(text: str | None, what: str) -> date | None:
    """Return the date written as `text`; None when none was given."""
    return None if text is None else day(text, what)


def moment(text: str, what: str) -> datetime:
    """Return the instant written as `text` (2022-07-01T09:00:00+08:00).

    Raises BadInput without an offset from UTC, and for an instant that has no date in Asia/Shanghai or UTC.
    """
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            found.astimezone(UTC), found.astimezone(ZONE)  # at the ends of the calendar there is no such instant
    except (ValueError, OverflowError):
        found = None
    if found is None or "T" not in text:
        raise BadInput(f"{what}“{text}”不是时刻，应写成 2022-07-01T09:00:00+08:00")
    if found.tzinfo is None:
        raise BadInput(f"{what}“{text}”没有时区，应写成 {found.isoformat()}+08:00")
    return found


def moment_if(text: str | None, what: str) -> datetime | None:
    """Return the instant written as `text`; None when none was given."""
    return None if text is None else moment(text, what)


def whole(text: str, what: str) -> int:
    """Return the whole number written as `text`. Raises BadInput, naming `what` it is for."""
    if not _WHOLE.fullmatch(text):
        raise BadInput(f"{what}“{text}”不是整数")
    return int(text)


def number(text: str, what: str) -> int:
    """Return the number (1, 2, …) of an item, request, notice or paper, as the lists print it."""
    found = whole(text, what)
    if found < 1:
        raise BadInput(f"{what}“{text}”不是编号，应为列表里的编号，如 12")
    return found


def text_of(file: str) -> str:
    """Return the text of a UTF-8 file, with or without a mark; of standard input for `-`."""
    try:
        data = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} 不是 UTF-8 编码的文本文件") from None
    except OSError as error:
        raise BadInput(f"{file} 无法读取（{reason(error)}），请核对路径和权限") from None
    except ValueError:  # a path with a NUL in it
        raise BadInput(f"{file} 不是文件路径，请核对") from None


def term_if(vocabulary: type[ATerm], text: str | None, what: str) -> ATerm | None:
    """Return the term of that value or label; None when none was given."""
    return None if text is None else term(vocabulary, text, what)


def number_if(text: str | None, what: str) -> int | None:
    """Return the number written as `text`; None when none was given."""
    return None if text is None else number(text, what)


def term(vocabulary: type[ATerm], text: str, what: str) -> ATerm:
    """Return the term of that value, or of that Chinese label. Raises UnknownName with the nearest ones."""
    for member in vocabulary:
        if text in (member.value, getattr(member, "label", member.value)):
            return member
    raise unknown(f"没有{what}“{text}”", text, [member.value for member in vocabulary])


def unknown(message: str, text: str, names: Iterable[str]) -> UnknownName:
    """Return the error `message` with the names nearest to `text`; with the first ones when none is near."""
    known = list(dict.fromkeys(names))
    held = [name for name in known if len(text) > 1 and text in name]
    near = list(dict.fromkeys([*held, *get_close_matches(text, known, _OFFERED, _ALIKE)]))[:_OFFERED]
    if near:
        return UnknownName(f"{message}，是不是：{'、'.join(near)}")
    shown = "、".join(known[:_LISTED]) + (" 等" if len(known) > _LISTED else "")
    return UnknownName(f"{message}，可用：{shown}" if known else message)
