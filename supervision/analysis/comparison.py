"""How an assessment differs from an earlier one: totals, components, ranks, and the lines that moved most.

Source: docs/analysis.md, Changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from supervision.analysis.series import Topics, percent, topic_of
from supervision.analysis.weights import ADJUSTMENTS, TITLES
from supervision.exact import exact, half_up, plain, total_of
from supervision.indicators import LineStatus
from supervision.periods import Period
from supervision.scoring.case import ComponentCode
from supervision.scoring.explaining import explain_component
from supervision.scoring.result import PLACES, ComponentScore, DistrictScore, Line, Result, in_six

MOST_REASONS = 3
"""How many reasons are put into words; all are listed."""

ANOTHER_YEAR = "两个季度不在同一年：重点任务、数据报送、督办情况和加减分按年度累计，跨年后重新起算"
ANOTHER_SCHEME = "两次考核所用的办法不同，得分变化有一部分来自办法调整"

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Reason:
    """One line, component or the adjustments: the points before and after; None where it did not apply."""

    code: str
    title: str
    before: Fraction | None
    after: Fraction | None
    words: str

    @property
    def change(self) -> Fraction:
        """Return the change in points."""
        return (self.after or _NOTHING) - (self.before or _NOTHING)

    def as_json(self) -> dict[str, object]:
        """Return plain data; points with six decimals."""
        return {
            "code": self.code,
            "title": self.title,
            "before": in_six(self.before),
            "after": in_six(self.after),
            "change": half_up(self.change, PLACES),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stood: `rank` and `group_rank` are None for one that was not ranked (数据不足)."""

    total: Decimal
    rank: int | None
    group_rank: int | None
    grade: str

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"total": str(self.total), "rank": self.rank, "group_rank": self.group_rank, "grade": self.grade}


@dataclass(frozen=True, slots=True)
class UnitChange:
    """How one unit moved. `before` is None for one that was not assessed then.

    `components` stand in scheme order, `reasons` with what moved most first; `rest` is what the limits of the total
    and the rounding add, so that components, adjustments and rest together are the change of the total, exactly.
    """

    code: str
    name: str
    before: Standing | None
    after: Standing
    components: tuple[Reason, ...]
    reasons: tuple[Reason, ...]
    rest: Fraction

    @property
    def change(self) -> Decimal | None:
        """Return the change of the total; None for a unit that was not assessed before."""
        return None if self.before is None else self.after.total - self.before.total

    @property
    def words(self) -> str:
        """Return the change in a sentence with the main reasons."""
        if self.before is None:
            return f"{self.name}：前一次未参加考核，本次总分 {self.after.total}，{_rank(self.after.rank)}"
        moved = total_moved(self.before.total, self.after.total)
        place = f"{self.name}：{moved}，{rank_moved(self.before.rank, self.after.rank)}"
        if self.before.grade != self.after.grade:
            place = f"{place}，等次由{self.before.grade}变为{self.after.grade}"
        main = "；".join(reason.words for reason in self.reasons[:MOST_REASONS])
        return f"{place}。主要变化：{main}" if main else f"{place}。各项得分没有变化"

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "code": self.code,
            "name": self.name,
            "before": self.before and self.before.as_json(),
            "after": self.after.as_json(),
            "change": None if self.change is None else str(self.change),
            "components": [reason.as_json() for reason in self.components],
            "reasons": [reason.as_json() for reason in self.reasons],
            "rest": half_up(self.rest, PLACES),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assessments of one population, unit by unit in the order of the later one."""

    before: Period
    after: Period
    units: tuple[UnitChange, ...]
    gone: tuple[str, ...]
    """Names of units that only the earlier one has."""
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "before": str(self.before),
            "after": str(self.after),
            "remarks": list(self.remarks),
            "units": [unit.as_json() for unit in self.units],
            "gone": list(self.gone),
        }


def compare(before: Result, after: Result, *, topics: Topics) -> Comparison:
    """Return how each unit moved from `before` to `after`, whatever the two are: quarters, vintages."""
    known = {district.code: district for district in before.districts}
    present = {district.code for district in after.districts}
    remarks = []
    if before.quarter.year != after.quarter.year:
        remarks.append(ANOTHER_YEAR)
    if before.scheme_hash != after.scheme_hash:
        remarks.append(ANOTHER_SCHEME)
    return Comparison(
        before.quarter,
        after.quarter,
        tuple(_change(known.get(district.code), district, topics) for district in after.districts),
        tuple(district.name for district in before.districts if district.code not in present),
        tuple(remarks),
    )


def _change(before: DistrictScore | None, after: DistrictScore, topics: Topics) -> UnitChange:
    if before is None:
        return UnitChange(after.code, after.name, None, _standing(after), (), (), _NOTHING)
    components = tuple(_components(before, after))
    reasons = [*_lines(before, after, topics), *(each for each in components if each.code != ComponentCode.TARGETS)]
    moved = sorted((each for each in reasons if each.change), key=lambda each: (-abs(each.change), each.code))
    rest = exact(after.total - before.total) - total_of(each.change for each in components)
    return UnitChange(
        after.code, after.name, _standing(before), _standing(after), components, tuple(moved), rest
    )  # fmt: skip


def _standing(district: DistrictScore) -> Standing:
    return Standing(district.total, district.rank, district.group_rank, district.grade)


def _components(before: DistrictScore, after: DistrictScore) -> Iterator[Reason]:
    """Give the components of either, and the adjustments when there are any."""
    old = {part.code: part for part in before.components}
    new = {part.code: part for part in after.components}
    for code in dict.fromkeys((*new, *old)):
        yield _component(old.get(code), new.get(code), code)
    if before.adjustments or after.adjustments:
        words = f"{TITLES[ADJUSTMENTS]}由 {_two(before.adjustments)} 分变为 {_two(after.adjustments)} 分"
        yield Reason(ADJUSTMENTS, TITLES[ADJUSTMENTS], before.adjustments, after.adjustments, words)


def _component(before: ComponentScore | None, after: ComponentScore | None, code: ComponentCode) -> Reason:
    title = TITLES[code.value]
    old = None if before is None else before.points
    new = None if after is None else after.points
    said = f"{title}由 {_two(old)} 分变为 {_two(new)} 分"
    if code is not ComponentCode.TARGETS and before is not None and after is not None and old != new:
        said = f"{said}（原为：{explain_component(before)}；现为：{explain_component(after)}）"
    return Reason(code.value, title, old, new, said)


def _lines(before: DistrictScore, after: DistrictScore, topics: Topics) -> Iterator[Reason]:
    old, new = _by_code(before), _by_code(after)
    for code in dict.fromkeys((*new, *old)):
        one, other = old.get(code), new.get(code)
        earned, earns = None if one is None else one.points, None if other is None else other.points
        title = topic_of(topics, code).title
        said = f"{title}{_line_moved(one, other)}，得分 {_two(earned)} → {_two(earns)}"
        yield Reason(code, title, earned, earns, said)


def _by_code(district: DistrictScore) -> Mapping[str, Line]:
    return {line.code: line for part in district.components for line in part.lines}


def _line_moved(before: Line | None, after: Line | None) -> str:
    """Return how a line moved: its state, its attainment, else its weight, or what its attainment is worth."""
    if before is None or after is None:
        return "新列入考核" if before is None else "不再列入考核"
    old, new = _state(before), _state(after)
    if old != new:
        return f"由{old}变为{new}"
    if before.weight == after.weight:
        shares = _share(before), _share(after)
        return (
            f"{new}，变化不足 0.01 个百分点"
            if shares[0] == shares[1]
            else f"{new}不变，得分率由 {shares[0]} 变为 {shares[1]}"
        )
    return f"{new}不变，权重由 {_two(before.weight)} 变为 {_two(after.weight)}"


def _share(line: Line) -> str:
    return "—" if line.share is None else percent(line.share)


def _state(line: Line) -> str:
    if line.reading.status is LineStatus.OK and line.reading.attainment is not None:
        return f"完成率 {percent(line.reading.attainment)}"
    return "未报" if line.reading.status is LineStatus.MISSING else "不适用"


def total_moved(before: Decimal, after: Decimal) -> str:
    """Return a change of the total in words."""
    if before == after:
        return f"总分 {after} 不变"
    return f"总分由 {before} 变为 {after}（{signed(after - before)}）"


def rank_moved(before: int | None, after: int | None) -> str:
    """Return a change of rank in words."""
    if before == after:
        return f"位次仍为{_rank(after)}"
    if before is None or after is None:
        return f"由{_rank(before)}变为{_rank(after)}"
    return f"位次由第 {before} 位{'升' if after < before else '降'}至第 {after} 位"


def _rank(rank: int | None) -> str:
    return "数据不足、未排名" if rank is None else f"第 {rank} 位"


def signed(number: Decimal) -> str:
    """Return a number with its sign: +1.5, −0.3 (with the minus of papers), 0."""
    return plain(number).replace("-", "−") if number <= 0 else f"+{plain(number)}"


def _two(points: Fraction | None) -> str:
    return "—" if points is None else half_up(points, 2)
