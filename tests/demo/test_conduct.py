"""What made-up people do with an item on a day, whatever the item and the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.terms import Action, Level, Status
from demo.behaviour import Habit
from demo.conduct import LATE_BY, Day, OpenItem, office_wish, unit_wish
from demo.lots import Lots
from supervision.workdays import published

CALENDAR = published()
DUE = date(2022, 4, 20)
PERIOD_ENDS = date(2022, 3, 31)
DAYS = [day for n in range(120) if CALENDAR.is_working(day := date(2022, 1, 4) + timedelta(days=n))]


def day(as_of: date, seed: int = 1) -> Day:
    return Day(as_of, CALENDAR, Lots(seed), tuple(Level), date(2024, 2, 29))


def an_item(status: Status = Status.ASSIGNED, **changes: object) -> OpenItem:
    item = OpenItem(1, "M01-06/2022Q1/scjg", "推进“个转企”", "scjg", status, PERIOD_ENDS, DUE, 1, date(2022, 1, 4))
    return replace(item, **changes)  # type: ignore[arg-type]


def finished(habit: Habit, seed: int, **changes: object) -> date | None:
    """The first day on which the unit reports completion."""
    item = an_item(Status.ACKNOWLEDGED, **changes)
    return next((d for d in DAYS if _does(item, habit, d, seed) is Action.REPORT_COMPLETION), None)


def _does(item: OpenItem, habit: Habit, as_of: date, seed: int) -> Action | None:
    wish = unit_wish(item, habit, day(as_of, seed))
    return wish.action if wish else None


SEEDS = st.integers(0, 10_000)


@given(SEEDS)
def test_a_prompt_unit_reports_after_the_period_and_by_the_due_date(seed: int) -> None:
    found = finished(Habit.PROMPT, seed)
    assert found is not None and PERIOD_ENDS < found <= DUE


@given(SEEDS)
def test_a_late_unit_reports_a_few_working_days_after_the_due_date(seed: int) -> None:
    found = finished(Habit.LATE, seed)
    assert found is not None
    assert LATE_BY[0] <= CALENDAR.count(DUE + timedelta(days=1), found) <= LATE_BY[1]


@given(SEEDS)
def test_a_silent_unit_signs_only_when_it_is_urged_and_reports_only_on_a_signed_paper(seed: int) -> None:
    assert all(_does(an_item(), Habit.SILENT, d, seed) is None for d in DAYS)
    assert _does(an_item(rung=Level.URGE), Habit.SILENT, DAYS[-1], seed) is Action.ACKNOWLEDGE
    assert finished(Habit.SILENT, seed) is None
    assert finished(Habit.SILENT, seed, rung=Level.URGE) is None
    assert finished(Habit.SILENT, seed, rung=Level.CIRCULAR) is not None


@given(SEEDS)
def test_a_silent_colleague_moves_when_urged_because_inside_a_unit_nothing_graver_comes(seed: int) -> None:
    assert finished(Habit.SILENT, seed, parent=7, rung=Level.URGE) is not None


@given(SEEDS)
def test_who_wants_more_time_asks_before_the_due_date(seed: int) -> None:
    item = an_item(Status.ACKNOWLEDGED)
    asked = [d for d in DAYS if _does(item, Habit.EXTENDED, d, seed) is Action.REQUEST_EXTENSION]
    assert all(d < DUE for d in asked) and len(asked) <= 1


@given(SEEDS, st.sampled_from(list(Habit)), st.sampled_from(DAYS))
def test_an_item_that_waits_for_its_parts_or_for_the_office_is_left_alone_by_the_unit(
    seed: int, habit: Habit, as_of: date
) -> None:
    for item in (
        an_item(Status.ACKNOWLEDGED, waits_for_parts=True),
        *(
            an_item(status)
            for status in Status
            if status not in {Status.ASSIGNED, Status.ACKNOWLEDGED, Status.RETURNED}
        ),
    ):
        assert unit_wish(item, habit, day(as_of, seed)) is None


@given(SEEDS)
def test_a_hasty_report_comes_back_once_and_the_second_is_verified(seed: int) -> None:
    reported = an_item(Status.COMPLETION_REPORTED, reported_on=date(2022, 4, 12))
    later = [d for d in DAYS if d > date(2022, 4, 12)]
    first = [w for d in later if (w := office_wish(reported, Habit.RETURNED, day(d, seed), is_district=True))]
    again = replace(reported, version=2)
    second = [w for d in later if (w := office_wish(again, Habit.RETURNED, day(d, seed), is_district=True))]
    assert {wish.action for wish in first} == {Action.RETURN_FOR_REWORK}
    assert {wish.action for wish in second} == {Action.VERIFY}
    assert all(wish.comment and wish.date for wish in first)


@given(SEEDS)
def test_a_dispute_is_accepted_of_a_municipal_unit_and_not_of_a_district(seed: int) -> None:
    disputed = an_item(Status.DISPUTED)
    for is_district, expected in ((True, Action.REJECT_DISPUTE), (False, Action.ACCEPT_DISPUTE)):
        wishes = (office_wish(disputed, Habit.PROMPT, day(d, seed), is_district=is_district) for d in DAYS)
        assert {wish.action for wish in wishes if wish} == {expected}


def test_an_extension_request_is_answered_on_a_later_day() -> None:
    asked = an_item(Status.ACKNOWLEDGED, asked_on=date(2022, 4, 14))
    assert office_wish(asked, Habit.EXTENDED, day(date(2022, 4, 14)), is_district=True) is None
    answers = [office_wish(asked, Habit.EXTENDED, day(date(2022, 4, 15), seed), is_district=True) for seed in range(50)]
    actions = [answer.action for answer in answers if answer]
    assert set(actions) == {Action.APPROVE_EXTENSION, Action.REJECT_EXTENSION} and len(actions) == 50
    assert actions.count(Action.APPROVE_EXTENSION) > actions.count(Action.REJECT_EXTENSION)


def test_nobody_asks_for_a_date_beyond_what_the_plan_allows() -> None:
    item = an_item(Status.ACKNOWLEDGED)
    for as_of in DAYS:
        at_the_end = replace(day(as_of), last_due=DUE)
        wish = unit_wish(item, Habit.EXTENDED, at_the_end)
        assert wish is None or wish.action is not Action.REQUEST_EXTENSION
        reported = replace(item, status=Status.COMPLETION_REPORTED, reported_on=date(2022, 4, 12))
        verdict = office_wish(reported, Habit.RETURNED, at_the_end, is_district=True)
        assert verdict is None or verdict.date is None or verdict.date <= DUE
