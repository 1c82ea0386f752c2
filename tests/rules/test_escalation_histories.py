"""The ladder over whole histories: diaries that the office can read, and simulated offices that come late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from supervision.escalation import Case, Finished, Issue, Issued, Ladder, Rung, Wait, earned, next_step, read_ladder
from supervision.workdays import published

CALENDAR = published()
CASES = YAML(typ="safe").load((Path(__file__).parent.parent / "cases" / "ladder.yaml").read_text("utf-8"))
LADDER = read_ladder(CASES["阶梯"])
ONE_DAY = timedelta(days=1)
LONG = 120


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


@dataclass
class Notice:
    """A notice of the simulation, with the days on which it was made, signed and delivered, or will be."""

    rung: Rung
    made: date
    signed: date | None
    delivered: date | None

    def seen_on(self, day: date) -> Issued:
        signed = self.signed if self.signed and self.signed <= day else None
        delivered = self.delivered if signed and self.delivered and self.delivered <= day else None
        return Issued(self.rung.offset, signed, delivered)


@dataclass
class Office:
    """An office that looks at one case, and takes so many days to sign and to deliver. None: never."""

    due: date
    started_on: date
    signs_after: dict[int, int | None] = field(default_factory=dict)
    delivers_after: dict[int, int | None] = field(default_factory=dict)
    ladder: Ladder = LADDER
    notices: list[Notice] = field(default_factory=list)

    def case(self, day: date) -> Case:
        return Case(self.due, self.started_on, tuple(notice.seen_on(day) for notice in self.notices))

    def look(self, day: date) -> Wait | Finished:
        """Do what is due on `day` until nothing is; return why nothing is."""
        while isinstance(step := next_step(self.case(day), self.ladder, as_of=day, calendar=CALENDAR), Issue):
            self.make(step.rung, day)
        return step

    def make(self, rung: Rung, day: date) -> None:
        signed = self._later(day, self.signs_after.get(rung.offset, 0)) if rung.signed else day
        delivered = self._later(signed, self.delivers_after.get(rung.offset, 0))
        self.notices.append(Notice(rung, day, signed, delivered))

    @staticmethod
    def _later(day: date | None, number: int | None) -> date | None:
        return None if day is None or number is None else day + timedelta(days=number)

    @property
    def overdue(self) -> list[Notice]:
        return [notice for notice in self.notices if notice.rung.offset > 0]

    @property
    def made(self) -> list[tuple[date, str]]:
        return [(notice.made, notice.rung.level) for notice in self.notices]


# --- the diaries


@dataclass(frozen=True)
class Line:
    day: date
    act: str
    level: str


def diary(case: dict[str, Any]) -> list[Line]:
    lines = []
    for text in case["经过"]:
        day, words = text.split(" ")
        act = next(act for act in ("签发", "送达", "发", "拟") if words.startswith(act))
        lines.append(Line(date.fromisoformat(day), act, words.removeprefix(act)))
    return lines


@pytest.mark.parametrize("case", CASES["案例"], ids=lambda case: case["案例"])
def test_the_ladder_does_what_the_diary_says_and_nothing_else(case: dict[str, Any]) -> None:
    lines = diary(case)
    notices: list[Notice] = []
    found: list[Line] = []
    given_lines = [line for line in lines if line.act in ("签发", "送达")]
    dark = case.get("停摆", [date.max, date.max])
    for day in days(case["交办"], case["截至"]):
        issued = tuple(notice.seen_on(day) for notice in notices)
        snapshot = Case(case["到期"], case["交办"], issued, retrospective=case.get("补录", False))
        if not dark[0] <= day <= dark[1]:
            step = next_step(snapshot, LADDER, as_of=day, calendar=CALENDAR)
            if isinstance(step, Issue):
                notices.append(Notice(step.rung, day, None if step.rung.signed else day, None))
                found.append(Line(day, "拟" if step.rung.signed else "发", step.rung.level.label))
        for line in (line for line in given_lines if line.day == day):
            notice = next(notice for notice in notices if notice.rung.level.label == line.level)
            if line.act == "签发":
                notice.signed = day
            else:
                notice.delivered = day
    assert found == [line for line in lines if line.act in ("发", "拟")]
    last = Case(case["到期"], case["交办"], tuple(n.seen_on(day) for n in notices), case.get("补录", False))
    assert next_step(last, LADDER, as_of=day, calendar=CALENDAR).because == case["此后"]


# --- simulated offices

patient = settings(deadline=None)  # a history is some hundred steps, and the machine may be busy
DUES = st.dates(date(2012, 1, 1), date(2025, 3, 31))
DELAYS = st.one_of(st.none(), st.integers(0, 25))
PER_RUNG = st.fixed_dictionaries({rung.offset: DELAYS for rung in LADDER.rungs})


@st.composite
def offices(draw: st.DrawFn) -> Office:
    due = draw(DUES)
    started_on = due - timedelta(days=draw(st.integers(-20, 40)))
    return Office(due, started_on, draw(PER_RUNG), draw(PER_RUNG))


@st.composite
def sweeps(draw: st.DrawFn, office: Office) -> list[date]:
    """Return the days on which a sweep ran: all of them but for outages of a few days or weeks."""
    dark: set[date] = set()
    for _ in range(draw(st.integers(0, 4))):
        start = office.started_on + timedelta(days=draw(st.integers(0, LONG)))
        dark |= set(days(start, start + timedelta(days=draw(st.integers(0, 30)))))
    return [day for day in every_day(office) if day not in dark]


def every_day(office: Office) -> list[date]:
    start = min(office.started_on, office.due) - timedelta(days=3)
    return list(days(start, max(office.started_on, office.due) + timedelta(days=LONG)))


def swept(office: Office, on: Iterable[date], times: int = 1) -> Office:
    run = Office(office.due, office.started_on, office.signs_after, office.delivers_after, office.ladder)
    for day in on:
        for _ in range(times):
            run.look(day)
    return run


@patient
@given(st.data())
def test_no_rung_after_the_due_date_is_issued_unwarned(data: st.DataObject) -> None:
    office = data.draw(offices())
    run = swept(office, data.draw(sweeps(office)))
    for notice in run.overdue:
        assert CALENDAR.count(run.due + ONE_DAY, notice.made) >= notice.rung.offset
    for before, after in pairwise(run.overdue):
        assert before.delivered is not None, "the notice before was never delivered"
        gap = after.rung.offset - before.rung.offset
        assert CALENDAR.count(before.delivered + ONE_DAY, after.made) >= gap


@patient
@given(st.data())
def test_escalation_begins_with_urging_and_leaves_no_rung_out(data: st.DataObject) -> None:
    office = data.draw(offices())
    run = swept(office, data.draw(sweeps(office)))
    assert [notice.rung for notice in run.overdue] == list(LADDER.after_due)[: len(run.overdue)]


@patient
@given(st.data())
def test_every_rung_is_issued_once_in_order_and_one_a_day_at_most(data: st.DataObject) -> None:
    office = data.draw(offices())
    run = swept(office, data.draw(sweeps(office)), times=2)
    assert all(one.made < two.made for one, two in pairwise(run.notices))
    assert all(one.rung.offset < two.rung.offset for one, two in pairwise(run.notices))


@patient
@given(st.data())
def test_a_rung_before_the_due_date_comes_on_its_day_or_late_but_never_after_it_is_due(data: st.DataObject) -> None:
    office = data.draw(offices())
    run = swept(office, data.draw(sweeps(office)))
    for notice in run.notices:
        if notice.rung.offset < 0:
            planned = CALENDAR.add(run.due, notice.rung.offset)
            assert run.started_on <= planned <= notice.made <= run.due


@patient
@given(st.data())
def test_sweeping_twice_a_day_changes_nothing(data: st.DataObject) -> None:
    office = data.draw(offices())
    on = data.draw(sweeps(office))
    assert swept(office, on, times=2).notices == swept(office, on).notices


@patient
@given(offices())
def test_with_a_sweep_every_day_each_rung_comes_on_the_very_first_day_it_may(office: Office) -> None:
    run = swept(office, every_day(office))
    expected = [
        (planned, rung.level)
        for rung in LADDER.before_due
        if run.started_on <= (planned := CALENDAR.add(run.due, rung.offset)) <= run.due
    ]
    since: date | None = run.due
    offset = 0
    for notice, rung in zip([*run.overdue, None], [*LADDER.after_due, None], strict=False):
        if rung is None or since is None:
            break
        expected.append((max(CALENDAR.add(since, rung.offset - offset), run.started_on), rung.level))
        since, offset = (notice.delivered if notice else None), rung.offset
    horizon = every_day(office)[-1]
    assert run.made == [(day, level) for day, level in expected if day <= horizon]


@patient
@given(st.data())
def test_looking_only_on_the_days_that_were_announced_misses_nothing(data: st.DataObject) -> None:
    office = data.draw(offices())
    lazy = Office(office.due, office.started_on, office.signs_after, office.delivers_after)
    wake: date | None = date.min
    for day in every_day(office):
        happened = any(day in (notice.signed, notice.delivered) for notice in lazy.notices)
        if happened or (wake is not None and wake <= day):
            step = lazy.look(day)
            wake = step.until if isinstance(step, Wait) else None
            assert wake is None or wake > day
    assert lazy.notices == swept(office, every_day(office)).notices


@patient
@given(st.data())
def test_after_every_sweep_the_case_holds_what_it_has_earned(data: st.DataObject) -> None:
    office = data.draw(offices())
    run = Office(office.due, office.started_on, office.signs_after, office.delivers_after)
    for day in data.draw(sweeps(office)):
        run.look(day)
        owed = earned(run.case(day), LADDER, as_of=day, calendar=CALENDAR)
        assert owed is None or run.case(day).holding(owed) is not None


@patient
@given(st.data())
def test_between_sweeps_the_audit_names_exactly_the_rung_that_the_next_sweep_issues(data: st.DataObject) -> None:
    office = data.draw(offices())
    run = swept(office, data.draw(sweeps(office)))
    day = data.draw(st.sampled_from(every_day(office)))
    run.notices = [notice for notice in run.notices if notice.made <= day]
    case = run.case(day)
    step = next_step(case, LADDER, as_of=day, calendar=CALENDAR)
    owed = earned(case, LADDER, as_of=day, calendar=CALENDAR)
    missing = owed if owed and case.holding(owed) is None else None
    assert missing == (step.rung if isinstance(step, Issue) else None)


@patient
@given(st.data())
def test_a_notice_that_never_reaches_the_unit_stops_the_climb_for_good(data: st.DataObject) -> None:
    office = data.draw(offices())
    stuck = data.draw(st.sampled_from(LADDER.after_due))
    office.delivers_after[stuck.offset] = None
    assert all(notice.rung.offset <= stuck.offset for notice in swept(office, every_day(office)).notices)
