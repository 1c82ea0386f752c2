"""What stands in the cell of a form: a number, an explicit zero, 不适用, or nothing. Never one for another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from config.errors import BadInput
from config.terms import FigureState
from supervision.exact import plain

SHOWN = 20
"""Characters of a cell that a complaint repeats."""

NOT_APPLICABLE = frozenset({"不适用", "n/a"})
"""How a unit claims that there is nothing to report; a second person rules on the claim."""

SCALES = {"万": 4, "亿": 8}
"""Powers of ten that may stand behind a number of things counted in ones (16.5万家)."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.(?P<part>[0-9]{1,10}))?(?P<rest>[^0-9.,].*)?"
)
"""At most fifteen digits before the point and ten after it: beyond that nobody has counted anything."""

_TOO_LONG = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?(?:[^0-9.,].*)?")

_EXPONENT = re.compile(r"[eE][+-]?[0-9]+")

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}
"""Full-width characters to plain ones. Not all compatibility forms: they would turn 10³ into 103."""

_AMBIGUOUS = frozenset({"-", "--", "—", "——", "/", "无", "没有", "空", "零", "〇", "na", "nil", "null", "none"})
"""What people write for zero, for 不适用 and for nothing alike."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell held. `number` is there exactly when `state` is NUMBER; zero is a number."""

    state: FigureState
    number: Decimal | None = None

    @property
    def text(self) -> str:
        """The value as a form shows it; nothing is empty."""
        if self.number is not None:
            return plain(self.number)
        return FigureState.NOT_APPLICABLE.label if self.state is FigureState.NOT_APPLICABLE else ""


BLANK = Value(FigureState.BLANK)


def read_value(text: str, unit_of_measure: str) -> Value:
    """Return the value that `text` states, a number in base units of `unit_of_measure`.

    Taken: full-width digits, well-placed thousands separators, the unit itself behind the number (480家, 2.5%), and
    万 or 亿 before a unit that has no scale of its own (16.5万 is 165000家; 4.8亿 is 4.8亿元, never 4.8×10⁸亿元).
    Raises BadInput, without the cell's name, for everything that could mean two things: dashes and 无, numbers in
    scientific notation, another unit, misplaced separators, dates, words.
    """
    text = text.translate(_PLAIN).strip()
    if not text:
        return BLANK
    if text.casefold() in NOT_APPLICABLE:
        return Value(FigureState.NOT_APPLICABLE)
    if text.casefold() in _AMBIGUOUS:
        raise BadInput(f"“{text}”含义不清：没有发生写 0，不适用写“不适用”，尚无数据请留空")
    found = _NUMBER.fullmatch(text)
    if found is None and _TOO_LONG.fullmatch(text):
        raise BadInput(f"“{_short(text)}”位数过多：整数最多十五位，小数最多十位，请核对计量单位")
    if found is None:
        raise BadInput(f"“{_short(text)}”不是数，请只填阿拉伯数字")
    rest = (found["rest"] or "").strip()
    if _EXPONENT.fullmatch(rest):
        raise BadInput(f"“{_short(text)}”是科学计数法，可能丢了位数，请写出全部数字")
    shift = _shift(rest, unit_of_measure.translate(_PLAIN))
    if shift is None:
        raise BadInput(f"“{_short(text)}”请按计量单位“{unit_of_measure}”填写数字")
    digits = f"{found['sign']}{found['whole'].replace(',', '')}.{found['part'] or '0'}"
    return Value(FigureState.NUMBER, Decimal(plain(Decimal(digits).scaleb(shift))))


def _shift(suffix: str, unit_of_measure: str) -> int | None:
    """Return the power of ten that `suffix` stands for, None when it cannot be the unit of measure."""
    if suffix in ("", unit_of_measure):
        return 0
    if unit_of_measure[:1] in SCALES:
        return 0 if suffix == unit_of_measure[0] else None
    if suffix[0] in SCALES and suffix[1:] in ("", unit_of_measure) and unit_of_measure != "%":
        return SCALES[suffix[0]]
    return None


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
