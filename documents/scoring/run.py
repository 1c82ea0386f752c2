"""The stored run that a workbook shows: its input read again, its result found again, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from config.errors import BadInput, Refused
from supervision import scoring
from supervision.exact import half_up
from supervision.scoring.case import Case, District, Scheme
from supervision.scoring.result import PLACES, DistrictScore, Result
from supervision.workdays import Workdays

_WORDS = {
    "quarter": "考核季度",
    "scheme_hash": "办法指纹",
    "input_digest": "数据指纹",
    "total": "总分",
    "rank": "位次",
    "group_rank": "组内位次",
    "grade": "等次",
    "coverage": "覆盖率",
    "ranked": "是否排名",
    "adjustments": "净加减分",
    "components": "组成部分得分",
    "name": "名称",
    "group": "分组",
}

_EARLIEST = date(1900, 3, 1)
"""Before this day the spreadsheets do not agree on the number of a date."""


@dataclass(frozen=True)
class Run:
    """An assessment: what it was calculated from, and what it found. Both in the order of publication.

    `vetoes` holds the reason by unit of each veto (一票否决) that the result stands under.
    """

    case: Case
    result: Result
    calendar: Workdays
    vetoes: Mapping[str, str] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        """Return the scheme."""
        return self.case.scheme

    @property
    def districts(self) -> Sequence[tuple[District, DistrictScore]]:
        """Return input and score of everyone who is assessed, in the order of publication."""
        return tuple(zip(self.case.districts, self.result.districts, strict=True))

    def grade_of(self, score: DistrictScore) -> str:
        """Return the grade that the unit is given: the lowest under a veto, else the one that its total reached."""
        return self.scheme.grades[-1].name if score.code in self.vetoes else score.grade


def read_run(case: Mapping[str, Any], result: Mapping[str, Any], *, calendar: Workdays) -> Run:
    """Return the run whose input and printed result were stored.

    Everything exact is calculated anew from `case`; it must print as `result`, except the rank intervals, which are
    a simulation and taken from `result` as they stand.
    Raises BadInput for a case that cannot be read or has dates that a spreadsheet cannot hold, and Refused when the
    result is not that of the case: then the workbook's formulas could not find it either.
    """
    read = scoring.read_case(case)
    _refuse_early_days(read)
    found = scoring.assess(read, calendar=calendar)
    _refuse_difference(found.as_json(), result)
    intervals = {row["code"]: row["rank_interval"] for row in result["districts"]}
    scores = tuple(replace(score, rank_interval=_pair(intervals[score.code])) for score in found.districts)
    by_code = {district.code: district for district in read.districts}
    ordered = replace(read, districts=tuple(by_code[score.code] for score in scores))
    return Run(ordered, replace(found, districts=scores), calendar)


def printed(number: Fraction) -> float:
    """Return a number as the stored run prints it: six decimals, half up."""
    return float(half_up(number, PLACES))


def _pair(interval: Sequence[int] | None) -> tuple[int, int] | None:
    return None if interval is None else (interval[0], interval[1])


def _refuse_early_days(case: Case) -> None:
    due = (day for district in case.districts for item in district.items_due for day in (item.due, item.completed))
    for day in (case.span.start, case.span.end, case.as_of, *due):
        if day is not None and day < _EARLIEST:
            raise BadInput(f"{day} 早于 {_EARLIEST}，表格软件不能正确表示这一日期，不能生成评分工作簿")


def _refuse_difference(found: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    """Raise Refused naming the first place where the two results are not the same."""
    for key in ("quarter", "scheme_hash", "input_digest"):
        if found[key] != stored.get(key):
            raise _different(_WORDS[key], found[key], stored.get(key))
    listed = stored.get("districts") or []
    rows = {row["code"]: row for row in listed}
    for row in found["districts"]:
        other = rows.get(row["code"], {})
        for key in row.keys() - {"rank_interval"}:
            if row[key] != other.get(key):
                what = f"{row['code']} {row['name']} 的{_WORDS.get(key, key)}"
                raise _different(what, row[key], other.get(key))
    if [row["code"] for row in found["districts"]] != [row["code"] for row in listed]:
        raise _different("考核对象的名单或次序", [], [])


def _different(what: str, found: object, stored: object) -> Refused:
    values = f"（重算为 {found}，存档为 {stored}）" if not isinstance(found, list) else ""
    return Refused(
        f"没有生成评分工作簿：存档结果与按存档数据重算的结果不一致，差在{what}{values}；"
        "请核对放假安排是否在考核之后改动过、程序版本是否与考核时相同"
    )
