"""The final assessment of the whole plan (期末考核): an ordinary case that anybody can calculate again.

The targets of the last quarter are those of the plan's end already. The conduct of a quarter is that of its year;
in the final one it is either the last year's, or that of all assessed years. Then everything that was due, filed or
issued in those years is put together, and all weights stand for as many years: a lapse costs in the final result
exactly what it cost in its own year. Source: docs/decisions/040; assessment.yaml, final.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal

from config.errors import BadInput
from config.plan.schema.analysis import Final
from supervision.exact import exact, half_up
from supervision.periods import quarter_of
from supervision.scoring.case import Case, District, Grade, Scheme, Supervision
from supervision.scoring.result import TOTAL_PLACES, Result

_EXACT = Context(prec=100)
"""A weight may have 60 digits, more than Decimal's usual 28."""


@dataclass(frozen=True, slots=True)
class FinalCase:
    """The case of the final assessment, and how many years of conduct it holds: its full marks are so many times
    those of a year.
    """

    case: Case
    years: tuple[int, ...]

    @property
    def words(self) -> str:
        """Return how the final result comes about."""
        named = "、".join(map(str, self.years))
        if len(self.years) == 1:
            return f"目标任务按计划期末计算，履职情况为 {named} 年"
        whole = sum((part.weight for part in self.case.scheme.components), Decimal(0))
        return (
            f"目标任务按计划期末计算，履职情况为 {named} 年合并；各年满分相加，共 {whole.normalize():f} 分，"
            f"加减分限额和等次分数线同比例相加"
        )

    def yearly(self, total: Decimal) -> Decimal:
        """Return a total of the final result on the scale of one year, with two decimals, half up; for showing only."""
        return Decimal(half_up(exact(total) / len(self.years), TOTAL_PLACES))

    def as_json(self, result: Result) -> dict[str, object]:
        """Return `result`, which is that of the case, as the calculator prints it, with what makes it a final one."""
        yearly = {district.code: str(self.yearly(district.total)) for district in result.districts}
        return {**result.as_json(), "years": list(self.years), "words": self.words, "yearly_totals": yearly}


def final_case(last: Case, earlier: Sequence[Case], *, rule: Final | None) -> FinalCase:
    """Return the case of the final assessment.

    `last` is the case of the plan's last quarter; `earlier` that of the last quarter of each year before, gathered as
    of the same day, so that what was completed since then is known. Without a rule, or with last_year, it is `last`
    itself. Raises BadInput when a case is of another quarter or day, a year stands twice, or a unit is missing.
    """
    if last.quarter != quarter_of(last.span.end):
        raise BadInput(f"期末考核以计划的最后一个季度 {quarter_of(last.span.end)} 为准，现为 {last.quarter}")
    if rule is None or rule.conduct == "last_year":
        return FinalCase(last, (last.quarter.year,))
    ordered = sorted(earlier, key=lambda case: case.quarter)
    years = [case.quarter.year for case in (*ordered, last)]
    if len(set(years)) < len(years):
        raise BadInput("期末考核每年只能有一份数据，请核对年度")
    for case in ordered:
        if case.as_of != last.as_of or case.quarter.month != last.quarter.month:
            raise BadInput(f"{case.quarter}（截至 {case.as_of}）应为年末季度，并与期末考核同为截至 {last.as_of} 的数据")
    conduct = [{district.code: district for district in case.districts} for case in ordered]
    districts = tuple(_together(district, conduct, years) for district in last.districts)
    return FinalCase(replace(last, scheme=_times(last.scheme, len(years)), districts=districts), tuple(years))


def _together(district: District, conduct: Sequence[Mapping[str, District]], years: Sequence[int]) -> District:
    """Return the district with the conduct of all years; its figures are those of the last."""
    missing = [str(year) for year, known in zip(years, conduct, strict=False) if district.code not in known]
    if missing:
        raise BadInput(f"{district.name} 缺少 {'、'.join(missing)} 年的数据，不能合并履职情况")
    all_years = [*(known[district.code] for known in conduct), district]
    return replace(
        district,
        items_due=tuple(item for each in all_years for item in each.items_due),
        requests=tuple(request for each in all_years for request in each.requests),
        supervision=Supervision(
            sum(each.supervision.supervision_notices for each in all_years),
            sum(each.supervision.circulars for each in all_years),
        ),
        adjustments=tuple(adjustment for each in all_years for adjustment in each.adjustments),
    )


def _times(scheme: Scheme, years: int) -> Scheme:
    """Return the scheme with the full marks, limits and grades of so many years."""

    def times(number: Decimal) -> Decimal:
        return _EXACT.multiply(number, Decimal(years))

    return replace(
        scheme,
        adjustment_limit=times(scheme.adjustment_limit),
        max_total=None if scheme.max_total is None else times(scheme.max_total),
        components=tuple(
            replace(
                part,
                weight=times(part.weight),
                items=tuple(replace(item, weight=times(item.weight)) for item in part.items),
            )
            for part in scheme.components
        ),
        grades=tuple(Grade(times(grade.at_least), grade.name) for grade in scheme.grades),
    )
