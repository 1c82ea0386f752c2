"""From the cells of a table to targets: every cell means one district's target of one indicator, or is named."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from config.errors import BadInput, Refused
from config.plan import Indicator, Plan, Unit
from supervision.apportion.bounds import refuse_impossible, refuse_impossible_baseline
from supervision.apportion.changing import Given, Place
from supervision.collection.filing import Problem, Unacceptable
from supervision.collection.values import read_value
from supervision.exact import plain

TOTALS = frozenset({"合计", "总计", "全市", "全市合计", "total", "sum"})
"""How a table calls the sum of the districts: it is compared, and never taken for a district."""


class CellOfTargets(Protocol):
    """A cell of a table of targets, whatever file it comes from; texts are empty when there is none."""

    @property
    def indicator(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def baseline(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def where_baseline(self) -> str: ...
    @property
    def where_names(self) -> str: ...
    @property
    def unreadable(self) -> str: ...


@dataclass(frozen=True)
class ReadTable:
    """What a table gives, and the reasons that stand beside single targets."""

    given: Given
    reasons: Mapping[Place, str]


def read_table(plan: Plan, name: str, cells: Sequence[CellOfTargets]) -> ReadTable:
    """Return what the cells of the table `name` give. An empty cell gives nothing and leaves the target as it is.

    Raises Unacceptable with every faulty cell: an indicator or district that the plan does not have, a number that
    cannot be a target, the same target twice, a sum that is not the sum of its districts.
    """
    table, problems = _Table(plan), []
    for cell in cells:
        try:
            table.take(cell)
        except _Faulty as fault:
            problems.append(fault.problem)
    problems += table.wrong_sums()
    if problems:
        raise Unacceptable(name, problems)
    if not table.targets and not table.baselines:
        raise BadInput(f"{name} 没有填任何目标值或基期值")
    return ReadTable(Given(table.targets, table.baselines), table.reasons)


class _Faulty(Exception):
    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(where, message)


class _Table:
    """What was taken from the cells so far."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.targets: dict[Place, Decimal] = {}
        self.baselines: dict[Place, Decimal] = {}
        self.reasons: dict[Place, str] = {}
        self._where: dict[Place, str] = {}
        self._sums: dict[str, tuple[str, Decimal]] = {}

    def take(self, cell: CellOfTargets) -> None:
        """Take one cell. Raises _Faulty when it cannot be meant."""
        if cell.unreadable:
            raise _Faulty(cell.where, cell.unreadable)
        if _same(cell.indicator) in TOTALS:  # a line that sums up different things means nothing
            return
        indicator = _indicator(self.plan, cell)
        if _same(cell.district) in TOTALS:
            target = _number(indicator, cell.target, cell.where)
            if target is not None:
                self._sums[indicator.code] = cell.where, target
            return
        place = indicator.code, _district(self.plan, cell).code
        if place in self._where:
            raise _Faulty(cell.where_names, f"与 {self._where[place]} 重复，请只留一处")
        self._where[place] = cell.where
        self._take_numbers(place, indicator, cell)

    def _take_numbers(self, place: Place, indicator: Indicator, cell: CellOfTargets) -> None:
        target = _number(indicator, cell.target, cell.where)
        if target is not None:
            _checked(cell.where, refuse_impossible, self.plan, indicator, place[1], target)
            self.targets[place] = target
        baseline = _number(indicator, cell.baseline, cell.where_baseline)
        if baseline is not None:
            _checked(cell.where_baseline, refuse_impossible_baseline, self.plan, indicator, place[1], baseline)
            self.baselines[place] = baseline
        if cell.reason:
            self.reasons[place] = cell.reason

    def wrong_sums(self) -> list[Problem]:
        """Return the sums that the table states wrongly, where it has all districts of the indicator."""
        found = []
        for code, (where, stated) in self._sums.items():
            parts = [self.targets.get((code, district.code)) for district in self.plan.districts]
            known = [part for part in parts if part is not None]
            if len(known) == len(parts) and sum(known) != stated:
                message = f"{code} 的合计 {plain(stated)} 与各区县之和 {plain(sum(known, Decimal(0)))} 不符"
                found.append(Problem(where, message))
        return found


def _number(indicator: Indicator, text: str, where: str) -> Decimal | None:
    try:
        value = read_value(text, indicator.unit_of_measure)
    except BadInput as error:
        raise _Faulty(where, str(error)) from None
    if text.strip() and value.number is None:
        raise _Faulty(where, f"“{text}”不是目标值；没有任务的写 0，不作变动的留空")
    return value.number


class _Check(Protocol):
    def __call__(self, plan: Plan, indicator: Indicator, district: str, number: Decimal, /) -> None: ...


def _checked(where: str, check: _Check, plan: Plan, indicator: Indicator, district: str, number: Decimal) -> None:
    try:
        check(plan, indicator, district, number)
    except (BadInput, Refused) as error:
        raise _Faulty(where, str(error)) from None


def _indicator(plan: Plan, cell: CellOfTargets) -> Indicator:
    for indicator in plan.indicators:
        if _same(cell.indicator) in map(_same, (indicator.code, indicator.name, indicator.code + indicator.name)):
            return indicator
    named = f"计划里没有指标“{cell.indicator}”" if cell.indicator else "没有写明指标"
    raise _Faulty(cell.where_names, f"{named}，请写编号（如 {plan.indicators[0].code}）或全称")


def _district(plan: Plan, cell: CellOfTargets) -> Unit:
    for unit in plan.districts:
        names = (unit.code, unit.name, unit.official_name, *unit.aliases, *(each.name for each in unit.successors))
        if _same(cell.district) in map(_same, names):
            return unit
    named = f"“{cell.district}”不是本市的区、县（市）" if cell.district else "没有写明区、县（市）"
    raise _Faulty(cell.where_names, f"{named}，应为：{'、'.join(unit.name for unit in plan.districts)}")


def _same(text: str) -> str:
    """Return `text` as names are compared: compatibility form, without spaces and case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
