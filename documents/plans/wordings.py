"""Targets that name no number: 不低于各项贷款增速, 保持增长, 保持在合理水平."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from documents.plans.naming import without_lead
from documents.plans.quantities import Quantity
from documents.plans.target import Target

_COMPARES = {
    "不低于": ">=",
    "不慢于": ">=",
    "不高于": "<=",
    "高于": ">",
    "快于": ">",
    "超过": ">",
    "优于": ">",
    "低于": "<",
}
_RELATIVE = re.compile(
    rf"(?P<what>增速|增幅|增长率|增长速度|增长|水平|比例)?(?P<compare>{'|'.join(_COMPARES)})"
    r"(?P<reference>[^，。；、\d]{2,24}?(?:增速|增幅|平均水平|平均|水平|均值|速度|增长|平均值))$"
)
_IN_STEP = re.compile(r"(?P<what>增速|增幅|增长)?与(?P<reference>[^，。；、\d]{2,20})(?:基本)?同步(?:增长)?$")
_DIRECTION = re.compile(r"(?:保持|实现)(?:稳定|稳步|持续|平稳|正)?增长$|只增不减$|不减少$|不下降$|不降低$")
_FULL = re.compile(r"(?P<nearly>基本)?(?:实现)?全覆盖$")
_NONE = re.compile(r"(?:保持|实现|达到|确保){0,3}(?:零(?:发生|事故|死亡|增长|新增|投诉|上访|违规|库存|伤亡)|动态清零)$")
_RUBRIC = re.compile(r"(?:保持|控制|稳定|处于|维持)在?合理(?:水平|区间|范围)$")
_MEASURABLE = re.compile(r"(?:数|量|率|额|值|速|点|规模|比重|占比|面积|收入|投资|贷款|余额|产值)$")
_UNITS = (("户数", "户"), ("家数", "家"), ("企业数", "家"), ("人数", "人"), ("率", "%"), ("增速", "%"), ("比重", "%"))
_MONEY = re.compile(r"(?:余额|贷款|收入|产值|投资)$")

_BARE = 3
"""Characters of a name that says nothing without the subject before it (利率)."""

_SHORTEST = 6


def without_number(sentence: str, found: Sequence[Quantity]) -> Iterator[Target]:
    """Yield the targets of a sentence that name no number; `found` are the numbers of its other clauses."""
    subject = ""
    numbers = iter([*(quantity.start for quantity in found), len(sentence)])
    following = next(numbers)
    for clause in re.finditer(r"[^，；。、：]+", sentence):
        while following < clause.start():
            following = next(numbers, len(sentence))
        if following < clause.end():
            continue
        words = without_lead(clause[0].strip())
        if (relative := _compared(words)) is not None:
            target = _relative(words, relative, clause.start())
            subject = target.name.removesuffix(relative["what"] or "")
            yield target
        elif (steady := _DIRECTION.search(words)) and _MEASURABLE.search(words[: steady.start()]):
            yield _wordy(words, words[: steady.start()], "direction", clause.start())
        elif (full := _FULL.search(words)) and full.start() >= _BARE:
            yield _covered(words, full, clause.start())
        elif (none := _NONE.search(words)) and none.start() >= _BARE:
            yield _nothing(words, none, clause.start())
        elif (sensible := _RUBRIC.search(words)) and sensible.start():
            name = words[: sensible.start()]
            yield _wordy(words, f"{subject if len(name) <= _BARE else ''}{name}", "rubric", clause.start())


def _compared(words: str) -> re.Match[str] | None:
    if len(words) <= _SHORTEST:
        return None
    if found := _RELATIVE.search(words):
        return found
    in_step = _IN_STEP.search(words)
    return in_step if in_step and (in_step["what"] or _MEASURABLE.search(words[: in_step.start()])) else None


def _relative(words: str, found: re.Match[str], at: int) -> Target:
    subject = re.sub(r"^.*(?:以下|以上|以内)的", "", words[: found.start()])
    what, reference = found["what"] or "", found["reference"]
    compare = found.groupdict().get("compare")
    unit = "%" if re.search(r"增|率|比|速", what + reference) else _unit_of(subject)
    reversed_ = bool(compare) and _COMPARES[compare or ""] in ("<", "<=")
    doubts = [f"“{words}”以低者为好，而比较类指标按不低于比较对象计分，请核对指标类型"] if reversed_ else []
    doubts += [] if compare else [f"“{words}”没有写明高低，比较方式请核对"]
    doubts += [] if unit else [f"“{words}”的计量单位没有写明，请补填"]
    return Target(
        name=subject + what,
        measure_type="relative",
        target=None,
        unit_of_measure=unit,
        text=words[found.start() :] if what else f"{subject}{words[found.start() :]}",
        comparator=_COMPARES[compare] if compare else "~",
        at=at,
        reference=reference,
        doubts=tuple(doubts),
    )


def _covered(words: str, found: re.Match[str], at: int) -> Target:
    """Return the target of 实现全覆盖: all of them, a rate of 100%."""
    nearly = "基本" if found["nearly"] else ""
    return Target(
        name=f"{words[: found.start()]}覆盖率",
        measure_type="exact_rate",
        target=Decimal(100),
        unit_of_measure="%",
        text=words,
        comparator="=",
        at=at,
        doubts=(f"“{words}”按{nearly and '“基本”未计，'}覆盖率100%理解，请核对指标名称和口径",),
    )


def _nothing(words: str, found: re.Match[str], at: int) -> Target:
    """Return the target of 零发生 and 零增长: none of it, or a growth of not more than 0%."""
    grows = found[0].endswith("零增长")
    name = words[: found.start()]
    return Target(
        name=f"{name}增长" if grows else name,
        measure_type="ceiling_ratio",
        target=Decimal(0),
        unit_of_measure="%" if grows else "起",
        text=words,
        comparator="<=",
        at=at,
        doubts=(f"“{words}”按{'增幅不超过0%' if grows else '0起'}理解，请核对目标值和计量单位",),
    )


def _wordy(words: str, name: str, measure_type: str, at: int) -> Target:
    unit = _unit_of(name)
    doubts = [] if unit else [f"“{words}”的计量单位没有写明，请补填"]
    if measure_type == "direction" and re.search("[减降]", words):
        doubts.append(f"“{words}”含持平，而增减方向类指标持平不得分，请核对指标类型")
    return Target(
        name=name,
        measure_type=measure_type,
        target=None,
        unit_of_measure=unit,
        text=words,
        comparator=None,
        at=at,
        reference="上年同期" if measure_type == "direction" else None,
        doubts=tuple(doubts),
    )


def _unit_of(name: str) -> str | None:
    """Return the unit of measure that a name implies; None when it implies none."""
    implied = next((unit for ending, unit in _UNITS if name.endswith(ending)), None)
    return implied or ("亿元" if _MONEY.search(name) else None)
