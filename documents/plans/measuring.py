"""How a target is measured, by the words of its name and number."""

from __future__ import annotations

import re

from documents.plans.naming import MODE, VERBS
from documents.plans.quantities import Quantity

_FLOW = re.compile(VERBS)
_STOCKS = re.compile(
    r"总量|总数|余额|面积|规模|存量|保有量|拥有量|数量|总额|里程|增加值|产值|收入|总值|入库|在库|保有|床位|容量|装机|人口|密度|寿命"
)
_GROWTH = re.compile(r"(?:年均|年平均)(?:分别)?(?:增长|增速|递增|提高|增幅)|年均.{0,4}增")
_CHANGE = re.compile(r"(?:增长|下降|降低|提高|提升|减少|增速|增幅|递减)$")
_REACHED = re.compile(r"达|超|突破|增至|提高|提升|增加|扩大|保持|稳定")
_RATES, _POINTS = ("%", "‰"), ("个百分点", "百分点")
_EACH_YEAR = re.compile(r"^年新增|^年均(?!.*(?:浓度|价格|水平))|年均$")
_ALL = 100


def is_flow(name: str) -> bool:
    """Return whether `name` is of something done, whose numbers add up (新增…, 培育…)."""
    return bool(_FLOW.search(name) or MODE.match(name))


def is_change(name: str) -> bool:
    """Return whether `name` is of a change against a base (…增长, …下降)."""
    return bool(_CHANGE.search(name))


def measure_type(quantity: Quantity, name: str, mode: str) -> tuple[str, str]:
    """Return how the target is measured, and what to confirm when the wording leaves it open (else empty).

    `mode` is the way of counting that the sentence has said (累计新增, 每年动态保有); empty for none.
    """
    said = f"“{name}{quantity.text}”"
    if quantity.unit in _RATES:
        return _rate_type(quantity, name, said)
    if quantity.unit in _POINTS:
        return "cumulative", ""
    if quantity.comparator in ("<=", "<"):
        return "ceiling_ratio", ""
    if quantity.unit == "倍":
        return "floor_ratio", f"{said}须对照基期值计算，请核对目标值和指标类型"
    if mode.startswith("每年") or "保有" in mode:
        return "annual_stock", ""
    if _EACH_YEAR.search(name):
        return "annual_stock", f"{said}按每年的数考核，请核对"
    own = MODE.match(name)
    if not quantity.is_done and _STOCKS.search(name) and not (own and own["mode"] != "年均") and not _FLOW.match(name):
        return "stock", ""
    if mode or quantity.is_done or _FLOW.search(name):
        return "cumulative", ""
    is_said = _REACHED.match(quantity.text)
    return "stock", "" if is_said else f"{said}是累计数还是存量没有写明，暂按存量，请核对"


def _rate_type(quantity: Quantity, name: str, said: str) -> tuple[str, str]:
    if _GROWTH.search(name):
        return "average_growth", ""
    if quantity.comparator in ("<=", "<"):
        return "ceiling_ratio", ""
    if quantity.target == _ALL and quantity.comparator == "=":
        return "exact_rate", ""
    return "floor_ratio", f"{said}是较基期的变化，请核对基期和指标类型" if is_change(name) else ""
