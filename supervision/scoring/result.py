"""What an assessment found, line by line, and the form in which it is printed.

Inside, every weight, attainment and point is an exact Fraction; decimals appear only in `as_json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from supervision.exact import half_up, ratio_half_up
from supervision.indicators import Figure, FigureLight, PointRule, Reading, light_of
from supervision.periods import Period
from supervision.scoring.case import ComponentCode, DueItem, Item

TOTAL_PLACES = 2
PLACES = 6

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Gauge:
    """An item made ready for one assessment: what is the same for all districts.

    `rule` is the one in force; `parts` the weight in whole units that all items share; `scheduled` is s at the
    end of the quarter; `best` the highest value of all districts, which `best_takes_full` alone looks at.
    """

    item: Item
    rule: PointRule
    parts: int
    scheduled: Fraction
    cap: Fraction
    yellow_from: Fraction
    best: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one district, with all that explains its points.

    `share` is the part of its weight that it earns: None where the line does not apply, 0 where it is
    missing. `per_part` is what one of the weight's parts is worth in points after sharing out.
    """

    gauge: Gauge
    figure: Figure
    reading: Reading
    share: Fraction | None
    per_part: Fraction

    @property
    def code(self) -> str:
        """Return the code of the item."""
        return self.gauge.item.code

    @property
    def weight(self) -> Fraction:
        """Return the weight after sharing out, in points; 0 where the line does not apply."""
        return _NOTHING if self.share is None else self.per_part * self.gauge.parts

    @property
    def points(self) -> Fraction | None:
        """Return weight x share; None where the line does not apply."""
        return None if self.share is None else self.weight * self.share

    @property
    def light(self) -> FigureLight | None:
        """Return the light of the figure; None where the line does not apply."""
        measure = self.gauge.item.measure
        return light_of(measure, self.figure, self.reading, yellow_from=self.gauge.yellow_from)

    def as_json(self) -> dict[str, object]:
        """Return the line as `duban score --json` prints it."""
        light, share = self.light, self.share
        top, bottom = self.per_part.numerator * self.gauge.parts, self.per_part.denominator
        points = None
        if share is None:
            top = 0
        else:
            points = ratio_half_up(top * share.numerator, bottom * share.denominator, PLACES)
        return {
            "code": self.gauge.item.code,
            "weight": ratio_half_up(top, bottom, PLACES),
            "expected": in_six(self.reading.expected),
            "attainment": in_six(self.reading.attainment),
            "points": points,
            "status": self.reading.status.value,
            "light": light and light.value,
        }


@dataclass(frozen=True, slots=True)
class Credit:
    """What one due item earns: 0 to 1, None while it is open and not yet due.

    `days_late` is the number of working days after the due date up to and including the completion; None
    where nothing was completed by the day of the assessment.
    """

    item: DueItem
    credit: Fraction | None
    days_late: int | None


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One component of one district: weight after sharing out x share = points.

    `share` is None where nothing applied, and the weight, now 0, went to the other components. `lines` belong
    to targets, `credits` to key tasks; `deducted`, in points of the scheme's weight, to reporting and
    supervision.
    """

    code: ComponentCode
    weight: Fraction
    share: Fraction | None
    points: Fraction
    lines: tuple[Line, ...] = ()
    credits: tuple[Credit, ...] = ()
    deducted: Fraction | None = None

    def as_json(self) -> dict[str, object]:
        """Return the component as `duban score --json` prints it."""
        return {
            "code": self.code.value,
            "weight": half_up(self.weight, PLACES),
            "points": half_up(self.points, PLACES),
            "items": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class DistrictScore:
    """One district's result. `adjustments` are net and clipped; `total` is rounded once, to 0.01.

    Ranks and interval are None for a district with too little reported (数据不足): it is not ranked.
    """

    code: str
    name: str
    group: str | None
    total: Decimal
    rank: int | None
    group_rank: int | None
    grade: str
    coverage: Fraction
    ranked: bool
    rank_interval: tuple[int, int] | None
    components: tuple[ComponentScore, ...]
    adjustments: Fraction

    def as_json(self) -> dict[str, object]:
        """Return the district as `duban score --json` prints it."""
        return {
            "code": self.code,
            "name": self.name,
            "group": self.group,
            "total": str(self.total),
            "rank": self.rank,
            "group_rank": self.group_rank,
            "grade": self.grade,
            "coverage": half_up(self.coverage, PLACES),
            "ranked": self.ranked,
            "rank_interval": None if self.rank_interval is None else list(self.rank_interval),
            "components": [component.as_json() for component in self.components],
            "adjustments": half_up(self.adjustments, PLACES),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """An assessment: the districts in rank order, then by code, the unranked last; and its fingerprints."""

    quarter: Period
    districts: tuple[DistrictScore, ...]
    scheme_hash: str
    input_digest: str

    def as_json(self) -> dict[str, object]:
        """Return the result as `duban score --json` prints it: exact numbers as text, the same for the same case."""
        return {
            "quarter": str(self.quarter),
            "districts": [district.as_json() for district in self.districts],
            "scheme_hash": self.scheme_hash,
            "input_digest": self.input_digest,
        }


def in_six(number: Fraction | None) -> str | None:
    """Return a number as results print it, with six decimals, half up; None for None."""
    return None if number is None else half_up(number, PLACES)
