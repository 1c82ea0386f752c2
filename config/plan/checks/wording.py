"""What the wording of a target says about its comparator and number."""

from __future__ import annotations

import re
from decimal import Decimal

from config.plan.numerals import ARABIC, CHINESE, TENS, number
from config.plan.schema.base import Comparator

_WORDS: tuple[tuple[str, frozenset[Comparator]], ...] = (
    ("不超过|不高于|不多于|不大于|以内|以下|控制在|≤|<=", frozenset({"<="})),
    ("不低于|不少于|不小于|以上|至少|≥|>=", frozenset({">="})),
    ("超过|高于|大于|多于|突破|＞|>", frozenset({">"})),
    ("低于|少于|小于|＜|<", frozenset({"<"})),
    ("左右|约", frozenset({"~"})),
    ("达到", frozenset({">=", "="})),
)
"""Words, the negated ones first, and the comparators they allow."""

_ALL = "全覆盖"
_NONE = re.compile(r"(?:零(?:发生|事故|死亡|增长|新增|投诉|上访|违规|库存|伤亡)|动态清零)$")
"""Words that state a number without a figure: all of them, and none."""

_NUMBER = re.compile(rf"(?P<number>{ARABIC}|{CHINESE}) ?(?P<tens>(?:万亿|[十百千]?万|[万亿千百])?)")


def comparators(text: str) -> frozenset[Comparator] | None:
    """Return the comparators that `text` allows; None when it has no word that decides."""
    return next((allowed for words, allowed in _WORDS if re.search(words, text)), None)


def says_unit(text: str, unit_of_measure: str) -> bool:
    """Return whether `text` states a number in `unit_of_measure`: 百分之九十, 全覆盖 in %, 零发生 in any unit."""
    if _NONE.search(text) and not re.search(r"\d", text):
        return True
    return unit_of_measure in text or (unit_of_measure == "%" and ("百分之" in text or text.endswith(_ALL)))


def numbers(text: str, unit_of_measure: str) -> frozenset[Decimal]:
    """Return the numbers that `text` states, in units of `unit_of_measure`.

    16.5万家 is 165000 in 家; 4800亿元 is 4800 in 亿元, because the unit itself carries the 亿. Chinese numerals and
    thousands with commas are numbers too; 全覆盖 is 100, 零发生 and 动态清零 are 0.
    """
    carried = next((tens for tens in ("万亿", "万", "亿") if unit_of_measure.startswith(tens)), "")
    implied = [Decimal(100)] if text.endswith(_ALL) else [Decimal(0)] if text.endswith("动态清零") else []
    stated = ((number(found["number"]), TENS[found["tens"]]) for found in _NUMBER.finditer(text))
    return frozenset((*implied, *(value * tens / TENS[carried] for value, tens in stated if value is not None)))
