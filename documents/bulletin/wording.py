"""Grammar of a bulletin: lists, counts and comparisons that read well for none, one and many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from documents.charts.wording import percent
from supervision.exact import half_up
from supervision.scoring.result import DistrictScore

LISTED = 6
"""Names that a sentence bears; of more it names the first and counts all."""

_CURTAIN = "等"
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


def joined(names: Iterable[str]) -> str:
    """Return all names with 、 between them."""
    return "、".join(names)


def named(names: Sequence[str], of: str = "个", most: int = LISTED) -> str:
    """Return the names, or the first of them and how many there are: 甲、乙等9个."""
    if len(names) <= most:
        return joined(names)
    return f"{joined(names[:most])}{_CURTAIN}{len(names)}{of}"


def how_many(count: int, names: Sequence[str], of: str = "个") -> str:
    """Return a count with names behind it in brackets, the first of them when there are many; no brackets for 0."""
    told = joined(names[:LISTED]) + (_CURTAIN if len(names) > LISTED else "")
    return f"{count}{of}（{told}）" if count else f"0{of}"


def points(number: Fraction) -> str:
    """Return points of a score with two decimals, half up."""
    return half_up(number, 2)


def signed(number: Fraction) -> str:
    """Return points with their sign: +1.00, -0.50."""
    return f"+{points(number)}" if number > 0 else points(number)


def parts_of(score: DistrictScore) -> tuple[Fraction, ...]:
    """Return what a total is the sum of: the points of its parts, and the net adjustment."""
    return (*(part.points for part in score.components), score.adjustments)


def rounding(sums: Iterable[Sequence[Fraction]], whole: str, *, places: int = 2, of: str = "") -> str:
    """Return how far parts and their `whole`, both printed with so many decimals, are apart; nothing where they add up.

    Of several sums it says how far they are apart at most. `of` is the unit of measure.
    """
    apart = [_apart(parts, places) for parts in sums]
    may = "可能" if len(apart) > 1 else ""
    return f"因四舍五入，分项之和与{whole}{may}相差{max(apart)}{of}。" if any(apart) else ""


def _apart(parts: Sequence[Fraction], places: int) -> Decimal:
    whole = Decimal(half_up(sum(parts, Fraction(0)), places))
    return abs(sum((Decimal(half_up(part, places)) for part in parts), Decimal(0)) - whole)


def gap(attained: Fraction, scheduled: Fraction) -> str:
    """Return how far an attained share is from the scheduled one, in percentage points with one decimal.

    It is the difference of the two percentages as they are printed, so that a reader's subtraction agrees.
    """
    printed = [Decimal(half_up(share * 100, 1)) for share in (attained, scheduled)]
    apart = format(abs(printed[0] - printed[1]), "f")
    if attained == scheduled:
        return "与序时进度持平"
    if apart == "0.0":
        return "略高于序时进度" if attained > scheduled else "略低于序时进度"
    return f"{'高于' if attained > scheduled else '低于'}序时进度{apart}个百分点"


def share_of(part: int, whole: int) -> str:
    """Return a count and its share of the whole: 85项次（28.4%）without the unit; the bare count of nothing."""
    return f"（{percent(Fraction(part, whole))}）" if whole else ""


def one_by_one(sentences: Sequence[str]) -> tuple[str, ...]:
    """Return the sentences with 一是, 二是, … before them; a single one as it is."""
    if len(sentences) == 1:
        return tuple(sentences)
    return tuple(
        f"{_ORDINALS[place]}是{sentence}" if place < len(_ORDINALS) else sentence
        for place, sentence in enumerate(sentences)
    )
