"""The words and the looks that charts have in common: readable in black and white, and to the colour-blind."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from supervision.exact import half_up
from supervision.indicators import FigureLight
from supervision.scoring.case import ComponentCode

COMPONENTS: Mapping[ComponentCode, str] = {
    ComponentCode.TARGETS: "目标任务",
    ComponentCode.KEY_TASKS: "重点任务",
    ComponentCode.REPORTING: "数据报送",
    ComponentCode.SUPERVISION: "督办情况",
}
"""What the office calls the parts of a score."""

UNRANKED = "数据不足"


class Look(NamedTuple):
    """How an area is filled: a colour of one lightness of its own, and a hatch for black and white."""

    colour: str
    hatch: str = ""


COMPONENT_LOOKS: Mapping[ComponentCode, Look] = {
    ComponentCode.TARGETS: Look("#0072b2"),
    ComponentCode.KEY_TASKS: Look("#e69f00", "////"),
    ComponentCode.REPORTING: Look("#56b4e9", "...."),
    ComponentCode.SUPERVISION: Look("#cfe8dd", "xxxx"),
}
ADDED, DEDUCTED = Look("#cc79a7", "++++"), Look("white", "----")
"""加分 and 扣分. The colours are those of Okabe and Ito, which the colour-blind tell apart."""


class LightLook(NamedTuple):
    """How a light is shown: its fill, its mark, its word."""

    colour: str
    mark: str
    word: str


LIGHTS: Mapping[FigureLight | None, LightLook] = {
    FigureLight.GREEN: LightLook("#8fd3b6", "●", "达到"),
    FigureLight.YELLOW: LightLook("#f5e27a", "▲", "接近"),
    FigureLight.RED: LightLook("#e8946a", "×", "落后"),
    FigureLight.GREY: LightLook("#d0d0d0", "□", "未报"),
    None: LightLook("#ffffff", "—", "不适用"),
}
"""Marks that GB 2312 has, so that any Chinese font shows them."""


def percent(share: Fraction | None) -> str:
    """Return a share of one in percent with one decimal, half up; None gives a dash.

    What falls short of the whole is never shown as 100 %: it is 99.9% to the last hair.
    """
    if share is None:
        return "—"
    text = half_up(share * 100, 1)
    return "99.9%" if share < 1 and text == "100.0" else f"{text}%"


def whole_percent(share: Fraction) -> str:
    """Return the whole percents reached, without the sign: 99 for 99.7 %, so that number and light agree."""
    return str(int(share * 100))
