"""The effect of a correction (更正): two vintages of one quarter, which inputs differ, and what that did to everybody.

A unit whose own inputs are the same can move all the same: because others did, or because a rule looks at the best.
Source: docs/analysis.md, Changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from config.errors import BadInput
from supervision.analysis.comparison import Comparison, UnitChange, compare, rank_moved, signed, total_moved
from supervision.analysis.series import Topic, Topics, topic_of
from supervision.exact import plain
from supervision.indicators import Figure
from supervision.periods import Period
from supervision.scoring import assess
from supervision.scoring.case import Adjustment, Case, ComponentCode, District, DueItem, Request
from supervision.workdays import Workdays

FIGURE_TITLES = {
    "target": "目标值",
    "value": "实际值",
    "baseline": "基期值",
    "reference": "参照值",
    "rating": "评定",
    "good": "满意值",
    "bad": "不允许值",
    "reported_by_other": "由其他单位报送",
    "not_applicable": "认定不适用",
}
OTHERS_MOVED = "受其他单位更正或办法变化影响"
FELL_DUE = "因数据截止日推后，其间到期的交办事项一并计入"
_AMOUNTS = frozenset({"target", "value", "baseline", "reference", "good", "bad"})


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input that differs: `subject` is the indicator's code or the kind of input; texts are empty for nothing."""

    subject: str
    key: str
    before: str
    after: str
    words: str

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """What a correction did to one unit."""

    change: UnitChange
    inputs: tuple[InputChange, ...]
    day_moved: bool = False

    @property
    def is_touched(self) -> bool:
        """Return whether anything of the unit differs: an input, its total, rank or grade."""
        return bool(self.inputs) or self.change.before != self.change.after

    @property
    def is_moved(self) -> bool:
        """Return whether the unit has another rank than before, or was not assessed before."""
        return self.change.before is None or self.change.before.rank != self.change.after.rank

    def points_moved(self, code: str) -> Fraction:
        """Return by how many points the line or component of that code moved; 0 for one that did not."""
        return next((each.change for each in self.change.reasons if each.code == code), Fraction(0))

    @property
    def cause(self) -> str:
        """Return why a unit moves whose own inputs are the same.

        Key tasks rest on the unit's own items alone: with a later day, those that fell due since then count as well.
        """
        moved = {each.code for each in self.change.components if each.change}
        if not (self.day_moved and ComponentCode.KEY_TASKS in moved):
            return OTHERS_MOVED
        return FELL_DUE if moved == {ComponentCode.KEY_TASKS} else f"{FELL_DUE}，并{OTHERS_MOVED}"

    @property
    def words(self) -> str:
        """Return what differs in a sentence."""
        before, after = self.change.before, self.change.after
        if before is None:
            return self.change.words
        what = "；".join(each.words for each in self.inputs) if self.inputs else "本单位的数据未变"
        if before == after:
            return f"{self.change.name}：{what}，得分、位次、等次不变"
        moved = total_moved(before.total, after.total)
        grade = "" if before.grade == after.grade else f"，等次由{before.grade}变为{after.grade}"
        cause = "" if self.inputs else f"，{self.cause}"
        return f"{self.change.name}：{what}{cause}，{moved}，{rank_moved(before.rank, after.rank)}{grade}"

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "code": self.change.code,
            "name": self.change.name,
            "before": self.change.before and self.change.before.as_json(),
            "after": self.change.after.as_json(),
            "inputs": [each.as_json() for each in self.inputs],
            "touched": self.is_touched,
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """Two vintages of a quarter beside one another, in the order of the corrected one.

    `day_moved`: they were made as of different days, so that due items may count otherwise without any correction.
    """

    quarter: Period
    units: tuple[UnitEffect, ...]
    comparison: Comparison
    day_moved: bool

    @property
    def words(self) -> str:
        """Return the effect on everybody in a sentence."""
        changed = [unit for unit in self.units if unit.inputs]
        moved = [
            unit
            for unit in self.units
            if unit.change.before is None or unit.change.before.rank != unit.change.after.rank
        ]
        names = "、".join(unit.change.name for unit in changed) or "没有单位"
        return f"{self.quarter.in_words}更正：{names}的数据有改动，{len(moved)} 个单位的位次有变化"

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "quarter": str(self.quarter),
            "words": self.words,
            "day_moved": self.day_moved,
            "remarks": list(self.comparison.remarks),
            "units": [unit.as_json() for unit in self.units],
            "gone": list(self.comparison.gone),
        }


def effect_of_correction(before: Case, after: Case, *, calendar: Workdays, topics: Topics) -> Effect:
    """Return what differs between two vintages of one quarter and what it did to each unit.

    Raises BadInput when the two are of different quarters, CalendarNotPublished as `assess` does.
    """
    if before.quarter != after.quarter:
        raise BadInput(f"{before.quarter} 与 {after.quarter} 不是同一季度，不能作为更正前后比较")
    comparison = compare(assess(before, calendar=calendar), assess(after, calendar=calendar), topics=topics)
    inputs = inputs_changed(before, after, topics=topics)
    moved = before.as_of != after.as_of
    units = tuple(UnitEffect(change, inputs[change.code], moved) for change in comparison.units)
    return Effect(before.quarter, units, comparison, moved)


def inputs_changed(before: Case, after: Case, *, topics: Topics) -> Mapping[str, tuple[InputChange, ...]]:
    """Return by the code of each unit of `after` which of its inputs differ; nothing for one that came new."""
    old = {district.code: district for district in before.districts}
    codes = [[item.code for item in case.scheme.items] for case in (before, after)]
    return {
        now.code: tuple(_inputs(old[now.code], now, codes[0], codes[1], topics)) if now.code in old else ()
        for now in after.districts
    }


def _inputs(
    before: District, after: District, old_codes: list[str], new_codes: list[str], topics: Topics
) -> Iterator[InputChange]:
    old = dict(zip(old_codes, before.figures, strict=True))
    for code, figure in zip(new_codes, after.figures, strict=True):
        if code in old:
            yield from _figure(old[code], figure, topic_of(topics, code))
    yield from _rows("items_due", "交办事项", map(_due, before.items_due), map(_due, after.items_due))
    yield from _rows("requests", "报送任务", map(_request, before.requests), map(_request, after.requests))
    for key, title in (("supervision_notices", "督办单"), ("circulars", "通报")):
        many = getattr(before.supervision, key), getattr(after.supervision, key)
        if many[0] != many[1]:
            words = f"{title}由 {many[0]} 份改为 {many[1]} 份"
            yield InputChange("supervision", key, str(many[0]), str(many[1]), words)
    yield from _rows("adjustments", "加减分", map(_points, before.adjustments), map(_points, after.adjustments))
    if before.group != after.group:
        words = f"组别由{before.group or '无'}改为{after.group or '无'}"
        yield InputChange("group", "group", before.group or "", after.group or "", words)


def _figure(before: Figure, after: Figure, topic: Topic) -> Iterator[InputChange]:
    for key, title in FIGURE_TITLES.items():
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            texts = _shown(old, key, topic), _shown(new, key, topic)
            words = f"{topic.title}的{title}由{texts[0] or '空'}改为{texts[1] or '空'}"
            yield InputChange(topic.code, key, texts[0], texts[1], words)


def _shown(value: Decimal | bool | None, key: str, topic: Topic) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return topic.amount(value) if key in _AMOUNTS else plain(value)


def _rows(key: str, title: str, before: Iterable[Hashable], after: Iterable[Hashable]) -> Iterator[InputChange]:
    """Give the rows that only one side has; their order means nothing."""
    old, new = Counter(before), Counter(after)
    for row, many in (old - new).items():
        yield InputChange(key, "removed", str(row), "", f"减少{_many(title, many)}：{row}")
    for row, many in (new - old).items():
        yield InputChange(key, "added", "", str(row), f"增加{_many(title, many)}：{row}")


def _many(title: str, many: int) -> str:
    return title if many == 1 else f"{many} 项{title}"


def _due(item: DueItem) -> str:
    return f"{item.due} 到期，{f'{item.completed} 办结' if item.completed else '未办结'}"


def _request(request: Request) -> str:
    if request.missing:
        return "未报"
    late = "迟报" if request.late else "按时"
    return f"{late}，退回 {request.returned} 次" if request.returned else late


def _points(adjustment: Adjustment) -> str:
    reason = f"（{adjustment.reason}）" if adjustment.reason else ""
    return f"{signed(adjustment.points)} 分{reason}"
