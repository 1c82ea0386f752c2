"""Reading what a form or an address brings: one clear line for what cannot be used, and the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from config.errors import BadInput

TermType = TypeVar("TermType", bound=StrEnum)

LONGEST_TEXT = 20_000
"""Characters in one field: a briefing, not a book."""

Given = FormData | Mapping[str, str]


def text(given: Given, name: str, label: str = "", *, needed: bool = False, longest: int = LONGEST_TEXT) -> str:
    """Return a field's text, stripped; empty when it was not sent.

    Raises BadInput when it is needed and empty, too long, or holds a NUL, which one of the databases cannot keep.
    """
    value = given.get(name)
    found = value.strip() if isinstance(value, str) else ""
    if needed and not found:
        raise BadInput(f"请填写“{label or name}”")
    if "\0" in found:
        raise BadInput(f"“{label or name}”中有无法保存的字符，请重新输入")
    if len(found) > longest:
        raise BadInput(f"“{label or name}”最多 {longest} 字，现为 {len(found)} 字")
    return found


def day(given: Given, name: str, label: str) -> date | None:
    """Return a field's date, None when it was left empty. Raises BadInput for anything but 2022-07-29."""
    found = text(given, name, label)
    if not found:
        return None
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise BadInput(f"“{label}”应为日期，如 2022-07-29，现为“{found[:40]}”") from None


def whole(given: Given, name: str, label: str, *, default: int, lowest: int = 0, highest: int = 2**31 - 1) -> int:
    """Return a field's whole number, `default` when it was left empty. Raises BadInput."""
    found = text(given, name, label)
    if not found:
        return default
    if not (found.isascii() and found.isdigit() and len(found) < 11 and lowest <= int(found) <= highest):
        raise BadInput(f"“{label}”应为 {lowest} 至 {highest} 之间的整数，现为“{found[:40]}”")
    return int(found)


def term(terms: type[TermType], given: Given, name: str, label: str) -> TermType | None:
    """Return the term that a field names, None when it was left empty. Raises BadInput."""
    found = text(given, name, label)
    if not found:
        return None
    try:
        return terms(found)
    except ValueError:
        raise BadInput(f"“{label}”没有“{found[:40]}”这一项，请从列表中选择") from None


def upload(given: FormData, name: str) -> UploadFile | None:
    """Return the file that was chosen; None when none was."""
    found = given.get(name)
    return found if isinstance(found, UploadFile) and found.filename else None
