"""单位记录: a unit's rates over time, what each number counts, what was late, its scores, and who did what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from starlette.responses import Response

from config.errors import UnknownName
from config.terms import Level, RequestState, Status
from documents.charts.chart import Chart
from documents.charts.conduct import QuarterRates, conduct
from documents.charts.wording import COMPONENTS, percent
from supervision.deadlines import Light
from supervision.exact import half_up
from supervision.queries.items_as_known import KnownItem
from supervision.queries.lapses import lapses
from supervision.queries.ledger_page import Wanted, count
from supervision.queries.people import UNIT_ROLES
from supervision.queries.record import COUNTED, Outcome, PeriodRecord, Record, record_of
from supervision.queries.reporting import requests
from supervision.queries.unit_acts import By, acts_of
from supervision.queries.unit_scores import scores_of
from supervision.scoring import conduct as rules
from web import inputs
from web.pictures import picture
from web.queries import address
from web.routing import Pages
from web.rules import EVERYBODY
from web.visit import Visit, Visiting

pages = Pages()

PAGE = 50
FIRST = 10
"""Lapses and papers shown on the page itself."""

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ON_TIME: "按期办结",
    Outcome.A_LITTLE_LATE: f"逾期 {rules.A_LITTLE_LATE_DAYS} 个工作日以内办结",
    Outcome.LATE: f"逾期超过 {rules.A_LITTLE_LATE_DAYS} 个工作日办结",
    Outcome.OPEN: "到期未办结",
    Outcome.NOT_DUE: "尚未到期",
    Outcome.LEFT_OUT: "不计入",
}
"""What became of an item, in words."""

_LEFT_OUT: Mapping[Status, str] = {
    Status.COMPLETION_REPORTED: "等待办公室核验",
    Status.DISPUTED: "异议等待答复",
    Status.SUSPENDED: "暂缓",
    Status.WITHDRAWN: "已撤销",
    Status.ARCHIVED: "已撤销",
}
_A_YEAR = 12


@dataclass(frozen=True)
class _List:
    """One of the lists behind the numbers: its heading, and how it is cut from a period's record."""

    title: str
    kind: str
    """Which columns it has: items, requests or papers."""
    rows: Callable[[PeriodRecord], Sequence[object]]


def _items(*outcomes: Outcome) -> Callable[[PeriodRecord], Sequence[object]]:
    return lambda record: record.of(*outcomes)


LISTS: Mapping[str, _List] = {
    "due": _List("应办结的事项", "items", _items(*COUNTED)),
    **{outcome.value: _List(f"{OUTCOMES[outcome]}的事项", "items", _items(outcome)) for outcome in Outcome},
    "expected": _List("应报的报表", "requests", lambda record: record.expected),
    "received": _List("已报的报表", "requests", lambda record: record.received),
    "filed-on-time": _List("按期报送的报表", "requests", lambda record: record.filed_on_time),
    "filed-late": _List("迟报的报表", "requests", lambda record: record.filed_late),
    "returned": _List("被退回的报表", "requests", lambda record: record.returned),
    "missing": _List("未报的报表", "requests", lambda record: record.missing),
    "supervision-notices": _List("督办单", "papers", lambda record: record.at_level(Level.SUPERVISION_NOTICE)),
    "circulars": _List("通报", "papers", lambda record: record.at_level(Level.CIRCULAR)),
}
"""By the last part of the address. Every number of the page leads to one of them, and is its length."""


@pages.show("/record", EVERYBODY)
async def index(visit: Visiting) -> Response:
    """Lead to the own unit's record, or offer those that are seen."""
    seen = {
        unit.code: unit.name_on(visit.force.today)
        for unit in visit.force.plan.units
        if visit.sight.sees_unit(visit.force.unit_ids[unit.code])
    }
    if len(seen) == 1:
        return visit.done(f"/record/{next(iter(seen))}")
    return visit.page("record/units.html", units=seen)


@pages.show("/record/{unit}", EVERYBODY)
def show(visit: Visiting, unit: str) -> Response:
    """Show the record of a unit."""
    name = _seen(visit, unit)
    record = record_of(visit.session, visit.force, unit)
    late = lapses(visit.session, visit.force, unit, record)
    return visit.page(
        "record/record.html", unit=unit, name=name, own=_is_own(visit, unit), record=record, late=late, first=FIRST,
        now=_now(visit, unit), chart=_chart(visit, name, record), scores=scores_of(visit.session, visit.force, unit),
        components=COMPONENTS, counted=COUNTED, outcomes=OUTCOMES, Outcome=Outcome, Level=Level, percent=percent,
        points=_points, called=_called, rules=rules, why=_why_left_out,
    )  # fmt: skip


@pages.show("/record/{unit}/rates.svg", EVERYBODY)
def rates_chart(visit: Visiting, unit: str) -> Response:
    """Draw the rates over time."""
    name = _seen(visit, unit)
    record = record_of(visit.session, visit.force, unit)
    if not record.years:
        raise UnknownName("该单位还没有可以画的数据")
    return picture(visit, _chart(visit, name, record))


@pages.show("/record/{unit}/late", EVERYBODY)
def late_or_returned(visit: Visiting, unit: str) -> Response:
    """Show all that was late or returned, with what was done about it."""
    name = _seen(visit, unit)
    found = lapses(visit.session, visit.force, unit, record_of(visit.session, visit.force, unit))
    page, last, rows = _page(visit, found)
    return visit.page(
        "record/late.html", unit=unit, name=name, rows=rows, total=len(found), page=page, pages=last,
        at_page=lambda number: f"/record/{unit}/late?page={number}", outcomes=OUTCOMES, why=_why_left_out,
    )  # fmt: skip


@pages.show("/record/{unit}/acts", EVERYBODY)
def acts(visit: Visiting, unit: str) -> Response:
    """Show who did what about the unit's items and reports, and when."""
    name = _seen(visit, unit)
    given = visit.request.query_params
    by = inputs.term(By, given, "by", "范围") or By.OWN
    number = inputs.whole(given, "page", "页码", default=1, lowest=1)
    found = acts_of(visit.session, visit.force, visit.force.unit_ids[unit], by, page=number)
    return visit.page(
        "record/acts.html", unit=unit, name=name, found=found, by=by, By=By,
        at_page=lambda page: f"/record/{unit}/acts?by={by.value}&page={page}",
    )  # fmt: skip


@pages.show("/record/{unit}/{period}/{what}", EVERYBODY)
def behind(visit: Visiting, unit: str, period: str, what: str) -> Response:
    """Show exactly what one number of the page counts."""
    name = _seen(visit, unit)
    record = record_of(visit.session, visit.force, unit)
    found, wanted = record.period(period), LISTS.get(what)
    if found is None or wanted is None:
        raise UnknownName("没有这份清单：请从单位记录的数字点进来")
    rows = wanted.rows(found)
    page, last, shown = _page(visit, rows)
    return visit.page(
        "record/behind.html", unit=unit, name=name, period=_called(record, found), wanted=wanted, rows=shown,
        total=len(rows), page=page, pages=last, outcomes=OUTCOMES, why=_why_left_out,
        at_page=lambda number: f"/record/{unit}/{period}/{what}?page={number}",
    )  # fmt: skip


def _seen(visit: Visit, unit: str) -> str:
    """Return what the unit of that code is called. Raises UnknownName alike for none and for one that is not seen."""
    known = next((each for each in visit.force.plan.units if each.code == unit), None)
    if known is None or not visit.sight.sees_unit(visit.force.unit_ids[unit]):
        raise UnknownName("没有这个单位，或者您无权查看它的记录")
    return known.name_on(visit.force.today)


def _is_own(visit: Visit, unit: str) -> bool:
    return any(h.unit_id == visit.force.unit_ids[unit] for h in visit.actor.holding(UNIT_ROLES))


def _page(visit: Visit, rows: Sequence[object]) -> tuple[int, int, Sequence[object]]:
    """Return which page is asked for, how many there are, and its rows."""
    pages = max(1, -(-len(rows) // PAGE))
    page = min(inputs.whole(visit.request.query_params, "page", "页码", default=1, lowest=1), pages)
    return page, pages, rows[(page - 1) * PAGE : page * PAGE]


def _chart(visit: Visit, name: str, record: Record) -> Chart:
    rates = [
        QuarterRates(
            each.period,
            (len(each.of(Outcome.ON_TIME)), len(each.of(*COUNTED))),
            (each.rate.on_time, each.rate.expected),
        )
        for each in record.quarters
    ]
    return conduct(rates, who=name, simulated=visit.simulated)


def _now(visit: Visit, unit: str) -> Sequence[tuple[str, int, str, bool]]:
    """Return what is open now: words, number, the list of just so many, and whether it is bad."""
    day = visit.force.today
    lists = (
        ("未办结事项", Wanted(unit=unit), False),
        ("红灯（已逾期）", Wanted(unit=unit, light=Light.RED), True),
        ("黄灯（将到期）", Wanted(unit=unit, light=Light.YELLOW), False),
        ("待签收", Wanted(unit=unit, status=Status.ASSIGNED), False),
        ("等待核验", Wanted(unit=unit, status=Status.COMPLETION_REPORTED), False),
    )
    found = [
        (words, count(visit.session, visit.force, visit.sight, wanted, as_of=day), address("/ledger", wanted), bad)
        for words, wanted, bad in lists
    ]
    for state, words in ((RequestState.OPEN, "待报报表"), (RequestState.RETURNED, "退回待重报")):
        many = len(requests(visit.session, visit.force, as_of=day, unit=unit, state=state))
        found.append((words, many, f"/reports?unit={unit}&state={state.value}", state is RequestState.RETURNED))
    return found


def _called(record: Record, found: PeriodRecord) -> str:
    """Return what a period is called: a year that still runs is 年初以来."""
    if found.period.months < _A_YEAR:
        return found.period.in_words
    return f"{found.period}年初以来" if record.as_of in found.period else f"{found.period}年全年"


def _points(number: Fraction) -> str:
    return half_up(number, 1).removesuffix(".0")


def _why_left_out(item: KnownItem) -> str:
    """Return why the assessment leaves an item out, in words."""
    return _LEFT_OUT.get(item.status, "交办到本单位时期限已过")
