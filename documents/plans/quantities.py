"""Quantities in a sentence: a number with its unit of measure and the words that make it a target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from config.plan.checks.wording import comparators
from config.plan.numerals import ARABIC, CHINESE, TENS, number

_COUNTS = (
    "家次|户次|人次|台次|批次|单次|场次|班次|架次|车次|件次|辆次|标准箱|标箱|个百分点|百分点|个工作日|工作日|个月|平方公里|平方千米|平方米|立方米|公里|千米|公顷|亩"
    "|吨标准煤|吨标煤|吨|公斤|千克|千瓦时|千瓦|兆瓦时|兆瓦|吉瓦|微克/立方米|毫克/升|分贝|人年|学位|床位|车位|泊位|机架|分钟|小时"
    "|kW|MW|GW|EFLOPS|PFLOPS|Mbps|Gbps|TB|PB|TEU|TWh|km|P(?![A-Za-z])"
    "|个|家(?!庭|属)|户(?!籍|外|均)|人(?!均|才|口|工|大|民|员|社)|名(?!牌|优|录|单)|位(?!于|置|居)|件(?!均)|项(?!目)|台(?!湾|州)|套(?!餐)|辆|座(?!谈)|条(?!例|件)"
    "|处(?!理|置)|所(?!有|在)|场(?!景|所|地)|次(?!数|级)|间|张|笔|只(?!增|减)|头|羽|株|棵|种(?!植|业|子|养)|类(?!别|型)|篇|部(?!门|委|分|级)|本(?!科|市|级|地|省|县)|期(?!间)"
    "|批(?!发)|对(?!接|外|口|标)|支(?!持|撑|付|行|部)|艘|架|款|例|宗|起(?!草|步)|幅|块|栋|幢|班(?!子)|组(?!织|建)|村|岁|分(?!别|类|级|为|布|局|工)|天(?!然|府)|日(?!常)|倍|份(?!额)|课时|学时|枚|颗|盏|根(?!据|本|治)|口(?=[，。；、])|面(?!积|向)|箱|桶|期次|人天|度(?!假)|门(?!诊|类|店)|片|米|席|级(?=[，。；、以])"
)
_MONEY = "元人民币|元|美元"
_TENS = "万亿|千万|百万|十万|万|亿|千|百"

_RANGE = r"(?:—+|-|~|至|到)"
_NUMBER = rf"(?:{ARABIC})"
_HAN = rf"(?:{CHINESE})"
_QUANTITY = re.compile(
    rf"(?<![A-Za-z0-9.,#＃+\-—〔])(?:百分之(?P<hundredth>{_NUMBER}|{_HAN})"
    rf"|(?:(?P<low>{_NUMBER})(?P<lowtens>{_TENS})?(?P<lowunit>%|{_COUNTS}|{_MONEY})?{_RANGE})?"
    rf"(?P<number>{_NUMBER}|{_HAN})(?P<tens>{_TENS})?(?P<more>[多余])?(?P<unit>%|‰|{_COUNTS}|{_MONEY}))"
)
TOO_LONG = re.compile(r"\d{16,}|\d[\d,.]{24,}|[零〇一二两三四五六七八九十百千万亿]{25,}")
"""A run of digits that is no quantity: 999万亿 has fifteen digits."""

_DOUBLED = re.compile(r"翻(?P<times>一|两|二|1|2)?番")

_AHEAD = (
    "不低于|不少于|不小于|至少|不超过|不高于|不大于|不多于|不突破|超过|超出|突破|高于|大于|多于|低于|少于|小于|达到|达|超|破|控制在|稳定在|保持在|维持在|保持|稳定"
    "|提高到|提高至|提升到|提升至|增加到|增加至|增长到|增长至|增至|扩大到|扩大至|上升到|上升至|拓展到|发展到|延长至|延长到|降至|降到|降低到|降低至|下降到|下降至"
    "|减少到|减少至|压减到|压减至|压缩到|压缩至|压缩为|缩短到|缩短至|缩减至|缩减到|约|接近|近|为|实现|完成|≥|≤|＞|＜|>=|<=|>|<"
)
_PREFIX = re.compile(
    rf"(?P<hope>力争|确保|努力|预计)?(?P<each>分别|(?<!年)均|都|也)?(?P<hope2>力争)?(?P<words>(?:{_AHEAD})+)(?P<of>[^，。；、（）：]{{2,16}}?的)?$"
)
_OF = re.compile(r"不低于|不少于|超过|高于|低于|不超过|不高于")
_SUFFIX = re.compile(r"(?:及)?(?:以上|以内|之内|以下|左右|上下)|内(?=[，。；、）]|$)")
_PLAIN_WORDS = ("为", "实现", "完成", "保持", "稳定")

_DOWNWARD = re.compile(r"降至|降到|降低到|降低至|下降到|下降至|减少到|减少至|压减|压缩|缩短|缩减|不突破")
_UPWARD_STRICT = re.compile(r"超|破")
_NEARLY = re.compile(r"近|约")

_RANKS = ("位", "名")
_PREFIX_REACH = 40
_TIMES = ("个工作日", "工作日", "个月", "分钟", "小时", "天", "日")
_SMALLEST_HAN = 10
_NOT_COUNTED = re.compile(
    r"(?:大)?(?:方面|阶段|环节|层面|维度|步骤|要素|统一|一批|角度|领域(?!.*\d)|行动(?!\d)|专项行动|坚持|确保|必须|体系)"
)
_NOT_TARGET_BEFORE = re.compile(r"(?:第|〔|“|《|前|近|每|这|上述|以下|下列|以上|等)$")
_NOT_TARGET_AFTER = re.compile(r"(?:的)?(?:基础上|基数)|热线|政策(?!.{0,3}\d)|强(?:企|县|市)")


class _Said(TypedDict, total=False):
    share_of: str
    each: bool
    is_done: bool
    hoped: bool


@dataclass(frozen=True)
class Quantity:
    """A number in a text, at [start, end): comparator words, number, unit and 以上 together.

    `number_at` is where the number itself begins. `target` is in `unit`: 16.5万家 is 165000 家, 4800亿元 is 4800
    亿元. `high` is the upper end of a range. `comparator` follows from the wording; `bare` tells that it has no word
    that decides. `share_of` is what a percentage is of (不低于销售收入的2.5%). 分别 (`each`), 力争 (`hoped`) and 完成
    (`is_done`) may stand before it.
    """

    start: int
    end: int
    number_at: int
    text: str
    target: Decimal
    unit: str
    comparator: str
    bare: bool
    high: Decimal | None = None
    share_of: str = ""
    each: bool = False
    hoped: bool = False
    is_done: bool = False


def quantities(sentence: str, masked: str) -> list[Quantity]:
    """Return the quantities of `sentence`, in order.

    `masked` is the sentence with # for the digits that are no quantity: dates, 文号, names in quotes. Both have the
    same length.
    """
    found = []
    end = 0
    for match in sorted((*_QUANTITY.finditer(masked), *_DOUBLED.finditer(masked)), key=lambda m: m.start()):
        if match.start() >= end and (quantity := _quantity(sentence, masked, match, end)):
            found.append(quantity)
            end = quantity.end
    return [quantity for quantity in found if not _is_baseline(masked, quantity)]


def _quantity(sentence: str, masked: str, match: re.Match[str], after: int) -> Quantity | None:
    prefix = _PREFIX.search(masked, max(after, match.start() - _PREFIX_REACH), match.start())
    if prefix and prefix["of"] and not _OF.search(prefix["words"]):
        prefix = None
    words, suffix = prefix["words"] if prefix else "", _SUFFIX.match(masked, match.end())
    measured = _times(match) if match.re is _DOUBLED else _measured(match)
    if measured is None or (match.re is not _DOUBLED and not _counts(masked, match, words, bool(suffix), measured[1])):
        return None
    target, unit, high = measured
    is_rank = masked[match.start() - 1 : match.start()] == "前" and unit in _RANKS
    start = match.start() - 1 if is_rank else _start_of_text(prefix, match.start())
    end = suffix.end() if suffix else match.end()
    text = sentence[start:end]
    comparator, bare = ("<=", False) if is_rank else _comparator(text, words, unit, target)
    return Quantity(
        start=prefix.start() if prefix else start,
        end=end,
        number_at=match.start(),
        text=text,
        target=high if high is not None and comparator in ("<=", "<") else target,
        unit=unit,
        comparator=comparator,
        bare=bare,
        high=high,
        **_said(prefix),
    )


def _said(prefix: re.Match[str] | None) -> _Said:
    """Return what the words before the number say beyond the comparator."""
    if prefix is None:
        return {}
    return {
        "share_of": (prefix["of"] or "").removesuffix("的"),
        "each": prefix["each"] == "分别",
        "is_done": prefix["words"].endswith("完成"),
        "hoped": "力争" in (prefix["hope"], prefix["hope2"]),
    }


def _times(match: re.Match[str]) -> tuple[Decimal, str, None]:
    """Return how many times as much 翻一番 and 翻两番 are."""
    return Decimal(4 if match["times"] in ("两", "二", "2") else 2), "倍", None


def _start_of_text(prefix: re.Match[str] | None, number_at: int) -> int:
    if prefix is None or (prefix["words"] in _PLAIN_WORDS and not prefix["of"]):
        return number_at
    return prefix.start("words")


def _measured(match: re.Match[str]) -> tuple[Decimal, str, Decimal | None] | None:
    """Return number, unit and upper end; None for numerals that are badly formed."""
    if match["hundredth"]:
        value = number(match["hundredth"])
        return None if value is None else (value, "%", None)
    unit, tens = match["unit"], match["tens"] or ""
    value = number(match["number"])
    if value is None:
        return None
    factor = Decimal(TENS[tens])
    if unit in ("元", "美元", "元人民币") and tens in ("万", "亿", "万亿"):
        unit, factor = tens + unit.removesuffix("人民币"), Decimal(1)
    if match["low"] is None:
        return value * factor, unit, None
    low = number(match["low"])
    if low is None:
        return None
    return low * (factor if not match["lowtens"] else Decimal(TENS[match["lowtens"]])), unit, value * factor


def _counts(masked: str, match: re.Match[str], words: str, has_suffix: bool, unit: str) -> bool:
    """Return whether the number is counted at all, by the words around it."""
    before, after = masked[max(0, match.start() - 8) : match.start()], masked[match.end() : match.end() + 12]
    if before.endswith("前") and unit in ("位", "名"):
        return True
    if _NOT_TARGET_BEFORE.search(before) and not words and not re.search(r"(?:近|以上|等)$", before):
        return False
    if _NOT_TARGET_AFTER.match(after) or (unit == "个" and _NOT_COUNTED.match(after)):
        return False
    if unit in _TIMES and not (words or has_suffix):
        return False
    if match["hundredth"] or match["number"][0].isascii():
        return not (unit == "个" and match["number"] == "1" and not words and not has_suffix)
    value = number(match["number"]) or Decimal(0)
    if value < _SMALLEST_HAN and not match["tens"]:
        return bool(re.search(r"至少|不少于|不低于|达到|超过", words)) or has_suffix
    return match["number"][0] not in "百千" and not re.match(r"[一二三四五六七八九十]", after)


def _comparator(text: str, words: str, unit: str, target: Decimal) -> tuple[str, bool]:
    """Return the comparator that the wording says, and whether it had to be concluded from a bare number."""
    said = comparators(text)
    if said is not None and len(said) > 1:  # 达到
        return ("=" if unit == "%" and target == 100 else ">="), False
    if said is not None:
        return next(iter(said)), False
    for pattern, comparator in ((_DOWNWARD, "<="), (_UPWARD_STRICT, ">"), (_NEARLY, "~")):
        if pattern.search(words):
            return comparator, False
    if unit == "%" and target == 100:
        return "=", False
    return ">=", not re.search(r"到|至(?!少)|达", words)


def _is_baseline(masked: str, quantity: Quantity) -> bool:
    """Return whether the quantity is where something comes from (由35%提高到…), not where it goes."""
    before = masked[max(0, quantity.start - 14) : quantity.start]
    after = masked[quantity.end : quantity.end + 10]
    if re.search(r"(?:由|从)[^，。；、]{0,12}$", before) and re.match(
        r"[^，。；]{0,4}(?:提高|提升|增加|增长|降|减|压|扩|上升|缩|到|至)", after
    ):
        return True
    return bool(re.match(r"的?(?:基础上|基数)", after))


def segments(sentence: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence between semicolons, as (start, end)."""
    start = 0
    for found in re.finditer(r"[；;。！]|$", sentence):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
