"""One step of the ladder: what a case is due on a day, and what it waits for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.errors import BadInput, CalendarNotPublished, UnknownName
from config.terms import Level
from supervision.escalation import Audience, Case, Finished, Issue, Issued, Ladder, Rung, Step, Wait, earned, next_step
from supervision.workdays import Workdays, published, read_arrangement

CALENDAR = published()
LADDER = Ladder(
    (
        Rung(-5, Level.REMIND, (Audience.LIAISON,), signed=False),
        Rung(-1, Level.WARN, (Audience.LIAISON, Audience.UNIT_HEAD), signed=False),
        Rung(1, Level.URGE, (Audience.LIAISON, Audience.UNIT_HEAD), signed=False),
        Rung(3, Level.SUPERVISION_NOTICE, (Audience.UNIT_HEAD, Audience.OFFICE), signed=True),
        Rung(7, Level.CIRCULAR, (Audience.LEADING_GROUP,), signed=True),
    ),
    due_soon_days=5,
    source="office ruling",
)

NEW_YEAR_2027 = read_arrangement(
    {
        "year": 2027,
        "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]
        + [{"name": "春节", "date": f"2027-02-{day:02}", "isOffDay": True} for day in range(5, 12)],
    },
    "2027.json",
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def a_case(
    due: str = "2022-06-30", *issued: Issued, started_on: str = "2022-05-05", retrospective: bool = False
) -> Case:
    return Case(day(due), day(started_on), issued, retrospective)


def held(offset: int, issued_on: str | None, delivered_on: str | None = None) -> Issued:
    return Issued(offset, day(issued_on) if issued_on else None, day(delivered_on) if delivered_on else None)


def step(case: Case, as_of: str, calendar: Workdays = CALENDAR) -> Step:
    return next_step(case, LADDER, as_of=day(as_of), calendar=calendar)


def level(found: Step) -> str:
    assert isinstance(found, Issue), found
    return found.rung.level


def until(found: Step) -> date | None:
    assert isinstance(found, Wait), found
    return found.until


# --- before the due date


def test_nothing_is_due_before_the_first_rung_and_its_day_is_announced() -> None:
    assert until(step(a_case(), "2022-06-22")) == day("2022-06-23")
    assert level(step(a_case(), "2022-06-23")) == "remind"


def test_a_reminder_given_leaves_only_the_warning_to_wait_for() -> None:
    reminded = a_case("2022-06-30", held(-5, "2022-06-23"))
    assert until(step(reminded, "2022-06-23")) == day("2022-06-29")
    assert level(step(reminded, "2022-06-29")) == "warn"


def test_of_the_rungs_missed_before_the_due_date_only_the_most_urgent_goes_out() -> None:
    assert level(step(a_case(), "2022-06-29")) == "warn"
    warned = a_case("2022-06-30", held(-1, "2022-06-29"))
    assert until(step(warned, "2022-06-29")) == day("2022-07-01")


def test_a_rung_whose_day_precedes_the_assignment_lapses() -> None:
    assert until(step(a_case(started_on="2022-06-24"), "2022-06-24")) == day("2022-06-29")
    assert level(step(a_case(started_on="2022-06-23"), "2022-06-23")) == "remind"
    assert level(step(a_case(started_on="2022-06-23"), "2022-06-27")) == "remind", "late, but still before it is due"


def test_nothing_happens_before_the_version_begins() -> None:
    assert until(step(a_case(started_on="2022-06-24"), "2022-06-23")) == day("2022-06-24")


def test_on_the_due_date_itself_the_case_is_warned_and_not_urged() -> None:
    assert level(step(a_case(), "2022-06-30")) == "warn"


def test_an_earlier_day_looked_at_again_brings_no_milder_notice() -> None:
    warned = a_case("2022-06-30", held(-1, "2022-06-29"))
    assert until(step(warned, "2022-06-24")) == day("2022-06-29")


# --- after the due date


def test_the_first_overdue_rung_is_urging_however_late_one_looks() -> None:
    assert level(step(a_case(), "2022-07-01")) == "urge"
    assert level(step(a_case(), "2022-12-01")) == "urge"


def test_a_weekend_after_the_due_date_is_waited_out() -> None:
    friday = a_case("2022-07-01", held(-1, "2022-06-30"))
    assert until(step(friday, "2022-07-02")) == day("2022-07-04")
    assert level(step(friday, "2022-07-04")) == "urge"


def test_the_next_rung_counts_from_the_delivery_of_the_one_before() -> None:
    urged = a_case("2022-06-30", held(1, "2022-07-01", "2022-07-04"))
    assert until(step(urged, "2022-07-05")) == day("2022-07-06")
    assert level(step(urged, "2022-07-06")) == "supervision_notice"


def test_a_delivery_on_a_day_off_counts_from_the_next_day() -> None:
    urged = a_case("2022-06-30", held(1, "2022-07-01", "2022-07-09"))
    assert until(step(urged, "2022-07-11")) == day("2022-07-12")


def test_a_delivery_dated_before_the_issue_counts_from_the_issue() -> None:
    urged = a_case("2022-06-30", held(1, "2022-07-05", "2022-07-01"))
    assert until(step(urged, "2022-07-05")) == day("2022-07-07")


def test_a_rung_issued_too_early_does_not_pull_the_next_one_forward() -> None:
    urged = a_case("2022-06-30", held(1, "2022-06-20", "2022-06-30"))
    assert until(step(urged, "2022-07-01")) == day("2022-07-05"), "three after it was due, not two after delivery"
    assert level(step(urged, "2022-07-05")) == "supervision_notice"


def test_a_notice_not_delivered_stops_the_climb_until_it_is() -> None:
    found = step(a_case("2022-06-30", held(1, "2022-07-01")), "2022-12-01")
    assert found == Wait(None, "催办尚未送达责任单位，送达之前不发督办单")


def test_a_draft_that_waits_for_signature_stops_the_climb() -> None:
    drafted = a_case("2022-06-30", held(1, "2022-07-01", "2022-07-01"), held(3, None))
    assert until(step(drafted, "2022-12-01")) is None


def test_only_delivery_of_the_overdue_rung_before_matters() -> None:
    never_reminded = a_case("2022-06-30", held(-5, "2022-06-23"), held(-1, "2022-06-29"))
    assert level(step(never_reminded, "2022-07-01")) == "urge"


def test_the_ladder_ends_with_its_last_rung() -> None:
    climbed = a_case(
        "2022-06-30", held(1, "2022-07-01", "2022-07-01"), held(3, "2022-07-05", "2022-07-05"), held(7, "2022-07-11")
    )
    assert step(climbed, "2022-07-12") == Finished("通报已发出，是最后一级")


def test_what_was_due_before_the_plan_was_issued_never_climbs() -> None:
    past = a_case("2021-09-30", started_on="2021-12-29", retrospective=True)
    assert isinstance(step(past, "2022-06-30"), Finished)
    assert earned(past, LADDER, as_of=day("2022-06-30"), calendar=CALENDAR) is None


@pytest.mark.parametrize(
    ("case", "as_of", "because"),
    [
        (a_case(), "2022-06-23", "距到期日2022年6月30日不超过5个工作日，应发提醒"),
        (a_case(), "2022-07-01", "到期日2022年6月30日已过，满1个工作日仍未完成，应发催办"),
        (
            a_case("2022-06-30", held(1, "2022-07-01", "2022-07-01")),
            "2022-07-05",
            "催办已于2022年7月1日送达，满2个工作日仍未完成，应发督办单",
        ),
        (
            a_case("2022-06-30", held(1, "2022-07-01", "2022-07-01")),
            "2022-07-04",
            "催办已于2022年7月1日送达，满2个工作日仍未完成的，发督办单",
        ),
        (a_case(), "2022-06-01", "到期日2022年6月30日前5个工作日，下一级是提醒"),
    ],
)
def test_every_step_says_why_in_one_sentence(case: Case, as_of: str, because: str) -> None:
    assert step(case, as_of).because == because


def test_a_notice_delivered_before_it_was_signed_is_refused() -> None:
    with pytest.raises(BadInput, match="尚未签发，却已登记送达"):
        held(3, None, "2022-07-05")


def test_a_notice_from_another_ladder_is_refused() -> None:
    with pytest.raises(UnknownName, match="没有偏移 2 个工作日的一级"):
        step(a_case("2022-06-30", held(2, "2022-07-04", "2022-07-04")), "2022-07-06")


# --- what the audit asks


def test_a_rung_left_out_below_another_shows_as_missing() -> None:
    odd = a_case("2022-06-30", held(3, "2022-07-05", "2022-07-05"))
    owed = earned(odd, LADDER, as_of=day("2022-07-06"), calendar=CALENDAR)
    assert owed == LADDER.at(1)
    assert odd.holding(LADDER.at(1)) is None


@pytest.mark.parametrize(
    ("as_of", "owed"),
    [
        ("2022-05-04", None),
        ("2022-06-22", None),
        ("2022-06-23", -5),
        ("2022-06-30", -1),
        ("2022-07-01", 1),
        ("2022-07-04", 1),
        ("2022-07-05", 3),
        ("2022-12-01", 3),
    ],
)
def test_what_is_earned_grows_with_the_days_and_the_deliveries(as_of: str, owed: int | None) -> None:
    urged = a_case("2022-06-30", held(1, "2022-07-01", "2022-07-01"))
    found = earned(urged, LADDER, as_of=day(as_of), calendar=CALENDAR)
    assert (found.offset if found else None) == owed


# --- a year ahead that is not published


def test_a_rung_in_a_year_ahead_waits_for_the_earliest_day_it_can_be() -> None:
    case = a_case("2027-06-30", started_on="2026-10-08")
    found = until(step(case, "2026-11-20"))
    assert found is not None
    assert day("2026-12-01") < found < day("2027-06-23")


def test_a_rung_that_is_certain_is_issued_without_the_year_ahead() -> None:
    case = a_case("2027-01-04", started_on="2026-10-08")
    assert level(step(case, "2026-12-30")) == "remind", "five days are left, so five working days at most"
    assert until(step(a_case("2027-01-15", started_on="2026-10-08"), "2026-12-31")) == day("2027-01-01")


def test_urging_after_a_due_date_at_the_end_of_the_year_waits_for_the_first_day_it_can_be() -> None:
    case = a_case("2026-12-31", held(-1, "2026-12-30"), started_on="2026-10-08")
    assert until(step(case, "2026-12-31")) == day("2027-01-01")
    with pytest.raises(CalendarNotPublished, match="2027"):
        step(case, "2027-01-01")


def test_the_year_that_it_is_must_be_published_once_it_decides() -> None:
    case = a_case("2027-03-10", started_on="2026-10-08")
    with pytest.raises(CalendarNotPublished, match="2027"):
        step(case, "2027-03-01")


@given(
    st.dates(date(2026, 12, 15), date(2027, 5, 31)),
    st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    st.integers(0, 60),
    st.lists(st.integers(0, 12), min_size=0, max_size=2),
)
@example(date(2027, 1, 4), date(2026, 12, 31), 10, [])
@example(date(2027, 1, 5), date(2026, 12, 31), 0, [])
@example(date(2026, 12, 29), date(2026, 12, 31), 10, [1])
def test_an_unpublished_year_ahead_raises_nothing_and_brings_no_notice_that_is_not_due(
    due: date, as_of: date, before: int, delays: list[int]
) -> None:
    full = CALENDAR.with_year(NEW_YEAR_2027)
    issued = tuple(
        Issued(rung.offset, due + timedelta(days=n), due + timedelta(days=n))
        for rung, n in zip(LADDER.after_due, sorted(delays), strict=False)
        if due + timedelta(days=n) <= as_of
    )
    case = Case(due, as_of - timedelta(days=before), issued)
    blind = next_step(case, LADDER, as_of=as_of, calendar=CALENDAR)
    seeing = next_step(case, LADDER, as_of=as_of, calendar=full)
    if isinstance(blind, Issue):
        assert isinstance(seeing, Issue)
        assert blind.rung.offset <= seeing.rung.offset, "milder at most, never a notice that is not due"
    if isinstance(blind, Wait) and isinstance(seeing, Wait):
        assert (blind.until is None) == (seeing.until is None)
        assert blind.until is None or seeing.until is None or as_of < blind.until <= seeing.until
    if isinstance(seeing, Finished):
        assert blind == seeing
