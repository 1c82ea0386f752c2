"""What one district could do to move up one rank, indicator by indicator, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from supervision.analysis.series import Topic
from supervision.exact import plain, plain_or_none


class LeverState(StrEnum):
    """Whether an indicator alone can lift the district."""

    LIFTS = "lifts"
    CANNOT = "cannot"
    FULL = "full"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Lever:
    """One indicator of one district.

    `before` is the figure now (a rubric: the rating), None when nothing was reported. `needed` is the smallest change
    that lifts, or, where none does, the furthest figure that was tried; `total` and `rank` are what it leads to.
    """

    topic: Topic
    state: LeverState
    before: Decimal | None = None
    needed: Decimal | None = None
    total: Decimal | None = None
    rank: int | None = None
    is_rating: bool = False
    """Whether the figure is the office's rating, which has no unit of measure."""

    @property
    def change(self) -> Decimal | None:
        """Return the change of the figure that lifts; None without one, or where nothing was reported."""
        if self.state is not LeverState.LIFTS or self.before is None or self.needed is None:
            return None
        return self.needed - self.before

    @property
    def words(self) -> str:
        """Return what it takes in a sentence."""
        title, needed = self.topic.title, self._amount(self.needed)
        match self.state:
            case LeverState.NOT_APPLICABLE:
                return f"{title}：不适用，无从着力"
            case LeverState.FULL:
                return f"{title}：现为 {self._amount(self.before)}，已得满分，再好也不加分"
            case LeverState.CANNOT:
                reached = f"即使达到 {needed}，总分也只有 {self.total}"
                return f"{title}：单靠这一项不能升位，{reached}，仍为第 {self.rank} 位"
            case LeverState.LIFTS:
                moved = f"总分即为 {self.total}，升至第 {self.rank} 位"
                if self.is_rating:
                    return f"{title}：由{self._amount(self.before)} 提高到{needed}，{moved}"
                if self.change is None:
                    return f"{title}：现未报，报送数达到 {needed}，{moved}"
                verb = "增加" if self.change > 0 else "减少"
                by = self._amount(abs(self.change))
                return f"{title}：由 {self._amount(self.before)} {verb} {by}，达到 {needed}，{moved}"

    def _amount(self, number: Decimal | None) -> str:
        if number is None:
            return "未报"
        return f"评定 {plain(number)}" if self.is_rating else self.topic.amount(number)

    def as_json(self) -> dict[str, object]:
        """Return plain data; numbers as text, in the unit of measure."""
        return {
            "code": self.topic.code,
            "indicator": self.topic.name,
            "unit_of_measure": self.topic.unit_of_measure,
            "state": self.state.value,
            "before": plain_or_none(self.before),
            "needed": plain_or_none(self.needed),
            "change": plain_or_none(self.change),
            "total": None if self.total is None else str(self.total),
            "rank": self.rank,
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class UnitLevers:
    """What would move one district up: `goal` is the total to reach, held by `above`.

    Without a goal there are no levers: the district leads, or is not ranked (数据不足, `rank` None).
    """

    code: str
    name: str
    rank: int | None
    total: Decimal
    goal: Decimal | None
    above: tuple[str, ...]
    levers: tuple[Lever, ...]

    @property
    def words(self) -> str:
        """Return where the district stands and what is missing."""
        if self.rank is None:
            return f"{self.name}：数据不足，未参加排名，应先补报数据"
        if self.goal is None:
            return f"{self.name}：总分 {self.total}，已居首位"
        short = self.goal - self.total
        above = f"{'、'.join(self.above)}（{self.goal}）"
        said = f"{self.name}：总分 {self.total}，第 {self.rank} 位，距{above}还差 {short} 分"
        possible = sum(lever.state is LeverState.LIFTS for lever in self.levers)
        return f"{said}；{len(self.levers)} 项指标中有 {possible} 项单独改善即可升位"

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "code": self.code,
            "name": self.name,
            "rank": self.rank,
            "total": str(self.total),
            "goal": None if self.goal is None else str(self.goal),
            "above": list(self.above),
            "levers": [lever.as_json() for lever in self.levers],
            "words": self.words,
        }
