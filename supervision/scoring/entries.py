"""Reading one JSON object strictly: every complaint is one line that names the place.

A place is written `districts[0].figures.T01.value`. An absent key and null are the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from config.errors import BadInput
from supervision.periods import Period, parse_quarter

MOST_DIGITS = 30
"""Digits allowed before and after the decimal point: beyond any statistic, and 1e999999 must not be expanded."""

_TOO_LARGE = 10**MOST_DIGITS
_LONGEST_NUMBER = 80  # characters; enough for MOST_DIGITS on both sides in any notation
_SHOWN = 40  # characters of a wrong value that a complaint repeats

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_Term = TypeVar("_Term", bound=StrEnum)
_Value = TypeVar("_Value")


def refusal(place: str, complaint: str) -> BadInput:
    """Return the error for what stands at `place`; an empty place is the whole input."""
    return BadInput(f"{place or '输入'}：{complaint}")


def joined(place: str, key: str) -> str:
    """Return the place of `key` in the object at `place`."""
    return f"{place}.{key}" if place else key


def shown(value: object, as_text: Callable[[object], str] = repr) -> str:
    """Return a wrong value as a complaint repeats it: short and on one line."""
    text = str(value) if isinstance(value, Decimal) else as_text(value)
    text = _UNPRINTABLE.sub("?", text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def number_in(value: object, place: str) -> Decimal:
    """Return the exact number written at `place`: an integer, a Decimal or decimal text.

    Raises BadInput for booleans, binary floats (they have lost what was written), NaN, infinities, anything
    but plain ASCII notation, and more than MOST_DIGITS digits on a side of the decimal point.
    """
    if isinstance(value, str) and len(value) <= MOST_DIGITS and _PLAIN.fullmatch(value):
        return Decimal(value)
    number = _decimal(value, place)
    if not number.is_finite():
        raise refusal(place, f"应为有限的数字，现为 {shown(value)}")
    exponent = int(number.as_tuple().exponent)
    if exponent < -MOST_DIGITS or max(exponent, number.adjusted()) >= MOST_DIGITS:
        raise refusal(place, f"整数部分和小数部分最多各 {MOST_DIGITS} 位，现为 {shown(value)}")
    return number


def _decimal(value: object, place: str) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, float):
        raise refusal(place, '小数请写成字符串，如 "12.5"：二进制浮点数不能精确表示')
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= _TOO_LARGE:  # spare the conversion of a monster
            raise refusal(place, f"整数部分最多 {MOST_DIGITS} 位")
        return Decimal(value)
    raise refusal(place, f'应为数字，如 "12.5"，现为 {shown(value)}')


def text_in(value: object, place: str) -> str:
    """Return text that is not blank and fits on a line of a table."""
    if not isinstance(value, str):
        raise refusal(place, f"应为文字（字符串），现为 {shown(value)}")
    if not value.strip():
        raise refusal(place, "不能为空")
    if _UNPRINTABLE.search(value):
        raise refusal(place, f"含有换行、控制字符或残缺字符：{shown(value)}")
    return value


def day_in(value: object, place: str) -> date:
    """Return a date written 2022-07-25."""
    try:
        return date.fromisoformat(value if isinstance(value, str) and _DAY.fullmatch(value) else "")
    except ValueError:
        raise refusal(place, f"应为 2022-07-25 这样的日期，现为 {shown(value)}") from None


def quarter_in(value: object, place: str) -> Period:
    """Return a quarter written 2022Q3."""
    try:
        return parse_quarter(value if isinstance(value, str) else "")
    except BadInput:
        raise refusal(place, f"应为 2022Q3 这样的季度，现为 {shown(value)}") from None


def rows_in(value: object, place: str) -> list[object]:
    """Return a list; null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise refusal(place, f"应为列表 […]，现为 {shown(value)}")
    return value


class Entry:
    """A JSON object at its place. Refuses keys that are not `known`."""

    __slots__ = ("_data", "place")

    def __init__(self, data: object, place: str, known: frozenset[str]) -> None:
        if not isinstance(data, dict):
            raise refusal(place, f"应为 JSON 对象 {{…}}，现为 {shown(data)}")
        if not data.keys() <= known:
            stranger = min(shown(key, str) for key in data if key not in known)
            raise refusal(joined(place, stranger), f"不认识的字段；这里可用：{'、'.join(sorted(known)) or '无'}")
        self._data: dict[str, object] = data
        self.place = place

    def at(self, key: str) -> str:
        """Return the place of `key`."""
        return joined(self.place, key)

    def get(self, key: str) -> object:
        """Return what stands at `key` unread; None when absent or null."""
        return self._data.get(key)

    def child(self, key: str, known: frozenset[str]) -> Entry:
        """Return the object at `key`; an empty one when absent."""
        value = self._data.get(key)
        return Entry({} if value is None else value, self.at(key), known)

    def optional(self, key: str, read: Callable[[object, str], _Value]) -> _Value | None:
        """Return `key` as `read` reads it; None when absent or null."""
        value = self._data.get(key)
        return None if value is None else read(value, self.at(key))

    def required(self, key: str, read: Callable[[object, str], _Value]) -> _Value:
        """Return `key` as `read` reads it; it must be there."""
        value = self._data.get(key)
        if value is None:
            raise refusal(self.at(key), "缺少，必须填写")
        return read(value, self.at(key))

    def rows(self, key: str) -> list[tuple[object, str]]:
        """Return the elements of the list at `key`, each with its place."""
        place = self.at(key)
        return [(row, f"{place}[{index}]") for index, row in enumerate(rows_in(self.get(key), place))]

    def flag(self, key: str) -> bool:
        """Return a true or false; absent is false."""
        value = self._data.get(key)
        if value is None or value is False:
            return False
        if value is not True:
            raise refusal(self.at(key), f"应为 true 或 false，现为 {shown(value)}")
        return True

    def count(self, key: str) -> int:
        """Return a count, 0 or more; absent is 0."""
        number = self.optional(key, number_in)
        if number is None:
            return 0
        if number < 0 or number != number.to_integral_value():
            raise refusal(self.at(key), f"应为不小于 0 的整数，现为 {shown(self.get(key))}")
        return int(number)

    def number(self, key: str, default: Decimal, *, least: int = 0, most: int | None = None) -> Decimal:
        """Return a number from `least` to `most`, both included; `default` when absent."""
        number = self.optional(key, number_in)
        if number is None:
            return default
        if number < least or (most is not None and number > most):
            bounds = f"不小于 {least}" if most is None else f"在 {least} 与 {most} 之间"
            raise refusal(self.at(key), f"应{bounds}，现为 {shown(number)}")
        return number

    def numbers(self, keys: frozenset[str]) -> dict[str, Decimal]:
        """Return the numbers that are given under any of `keys`."""
        given = self._data.items()
        return {key: number_in(value, self.at(key)) for key, value in given if value is not None and key in keys}

    def term(self, key: str, vocabulary: type[_Term]) -> _Term | None:
        """Return a word of a closed vocabulary; None when absent."""
        value = self._data.get(key)
        if value is None:
            return None
        try:
            return vocabulary(value if isinstance(value, str) else "")
        except ValueError:
            words = "、".join(vocabulary)
            raise refusal(self.at(key), f"应为 {words} 之一，现为 {shown(value)}") from None
