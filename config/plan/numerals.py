"""Numbers as plans write them (16.5万, 4,800, 三百, 百分之九十, 一千二百万), and ordinals as papers write them."""

from __future__ import annotations

import re
from decimal import Decimal

_ORDINALS = "零一二三四五六七八九"

DIGITS = {character: value for value, character in enumerate(_ORDINALS)} | {"〇": 0, "两": 2}

_SMALL = {"十": 10, "百": 100, "千": 1000}

TENS: dict[str, int] = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
TENS |= {"十万": 10**5, "百万": 10**6, "千万": 10**7, "万亿": 10**12}
"""What stands behind a number and multiplies it."""

ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"

_HAN = "零〇一二两三四五六七八九十百千"

CHINESE = rf"[{_HAN}]+(?:万[{_HAN}]*)?(?:亿[{_HAN}万]*)?"

_SECTION = re.compile(
    r"(?:([一二两三四五六七八九])千)?零?(?:([一二两三四五六七八九])百)?零?(?:([一二两三四五六七八九])?(十))?零?([一二两三四五六七八九])?"
)


def whole_number(text: str) -> int | None:
    """Return the whole number that Chinese numerals say (三百二十, 二〇二一, 一千二百万); None for anything else."""
    if not text:
        return None
    for big, value in (("亿", 10**8), ("万", 10**4)):
        if big in text:
            left, _, right = text.partition(big)
            before, after = whole_number(left), whole_number(right.lstrip("零")) if right else 0
            return None if before is None or after is None else before * value + after
    if len(text) > 1 and all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    found = _SECTION.fullmatch(text)
    if text == "零" or found is None or not any(found.groups()):
        return 0 if text in ("零", "〇") else None
    thousands, hundreds, tens, ten, ones = found.groups()
    return (
        DIGITS.get(thousands, 0) * 1000
        + DIGITS.get(hundreds, 0) * 100
        + (DIGITS.get(tens, 1) * 10 if ten else 0)
        + DIGITS.get(ones, 0)
    )


def number(text: str) -> Decimal | None:
    """Return the number written as `text`, in Arabic digits (thousands may have commas) or Chinese numerals."""
    if re.fullmatch(ARABIC, text):
        return Decimal(text.replace(",", ""))
    whole = whole_number(text)
    return None if whole is None else Decimal(whole)


def ordinal(number: int) -> str:
    """Return a number from 1 to 99 as papers count: 一, 十, 十一, 二十, 九十九.

    Raises ValueError for any other: a paper with a hundred parts is a mistake.
    """
    if not 1 <= number < 100:
        raise ValueError(f"序号 {number} 超出 1 至 99")
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_ORDINALS[tens]}十"
    return before + (_ORDINALS[ones] if ones else "")
