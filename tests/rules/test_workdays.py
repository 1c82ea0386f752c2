"""Counting working days along the national arrangement, and loading a year that the package does not have."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.clock import ZONE, moment
from config.errors import BadInput, CalendarNotPublished
from supervision.workdays import WorkingTime, at_most_days, read_arrangement
from supervision.workdays import published as national

CALENDAR = national()
COVERED = st.dates(date(2004, 1, 1), date(2026, 12, 31))
INSIDE = st.dates(date(2006, 1, 1), date(2024, 12, 31))


def an_arrangement(year: int = 2027, *days: tuple[str, str, bool], **changes: object) -> dict[str, object]:
    named = days or (("元旦", f"{year}-01-01", True), ("国庆节", f"{year}-10-01", True))
    entries = [{"name": name, "date": day, "isOffDay": off} for name, day, off in named]
    return {"year": year, "days": entries, **changes}


# --- the national calendar


@pytest.mark.parametrize(
    ("year", "days"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_year_has_the_working_days_that_five_sources_agree_on(year: int, days: int) -> None:
    assert CALENDAR.between(date(year, 1, 1), date(year, 12, 31)) == days


@given(COVERED)
def test_a_day_is_worked_exactly_when_the_national_arrangement_says_so(day: date) -> None:
    assert CALENDAR.is_working(day) is chinese_calendar.is_workday(day)


@pytest.mark.parametrize("day", ["2022-01-29", "2022-01-30", "2022-10-08", "2022-10-09", "2023-01-28"])
def test_a_make_up_weekend_day_is_worked(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert CALENDAR.is_working(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2022-01-31", "2022-02-04", "2022-10-03", "2022-10-07", "2018-12-31"])
def test_a_weekday_given_off_is_not_worked(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert not CALENDAR.is_working(date.fromisoformat(day))


# --- counting


@given(INSIDE, INSIDE)
def test_a_count_is_the_number_of_working_days_in_the_closed_interval(first: date, last: date) -> None:
    last = min(last, first + timedelta(days=900))
    days = range((last - first).days + 1)
    assert CALENDAR.count(first, last) == sum(CALENDAR.is_working(first + timedelta(days=n)) for n in days)


def test_a_count_of_a_backward_interval_is_nothing_but_asking_for_it_is_refused() -> None:
    assert CALENDAR.count(date(2022, 5, 2), date(2022, 5, 1)) == 0
    with pytest.raises(BadInput, match="2022-05-02 晚于截止日期 2022-05-01"):
        CALENDAR.between(date(2022, 5, 2), date(2022, 5, 1))


@given(INSIDE, st.integers(1, 400))
def test_the_nth_working_day_after_a_day_is_n_working_days_away_without_counting_it(day: date, n: int) -> None:
    there = CALENDAR.add(day, n)
    assert CALENDAR.is_working(there)
    assert CALENDAR.count(day + timedelta(days=1), there) == n


@given(INSIDE, st.integers(1, 400))
def test_counting_back_mirrors_counting_forward(day: date, n: int) -> None:
    there = CALENDAR.add(day, -n)
    assert CALENDAR.is_working(there)
    assert CALENDAR.count(there, day - timedelta(days=1)) == n


@given(INSIDE, st.integers(-60, 60))
def test_adding_and_taking_away_returns_to_the_same_working_day(day: date, n: int) -> None:
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.add(CALENDAR.add(start, n), -n) == start


@given(INSIDE)
def test_adding_nothing_gives_the_day_or_the_next_working_day(day: date) -> None:
    assert CALENDAR.add(day, 0) == CALENDAR.on_or_after(day)
    assert CALENDAR.on_or_before(day) <= day <= CALENDAR.on_or_after(day)
    assert CALENDAR.count(CALENDAR.on_or_before(day), CALENDAR.on_or_after(day)) == (
        1 if CALENDAR.is_working(day) else 2
    )


@pytest.mark.parametrize(
    ("day", "n", "there"),
    [
        ("2022-01-28", 1, "2022-01-29"),  # the Saturday worked before the spring festival
        ("2022-01-30", 1, "2022-02-07"),  # the festival itself is skipped
        ("2022-09-30", 1, "2022-10-08"),  # National Day, and the Saturday made up after it
        ("2022-09-30", 2, "2022-10-09"),
        ("2022-10-05", 0, "2022-10-08"),
        ("2022-10-05", -1, "2022-09-30"),
        ("2022-12-31", 1, "2023-01-03"),
        ("2023-01-03", -1, "2022-12-30"),
    ],
)
def test_counting_crosses_holidays_make_up_days_and_the_turn_of_the_year(day: str, n: int, there: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), n) == date.fromisoformat(there)


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="只按日期计算"):
        CALENDAR.is_working(datetime(2022, 5, 5, tzinfo=UTC))


# --- years that are not published


def test_a_year_that_is_not_published_is_refused_by_name_and_says_how_to_load_it() -> None:
    with pytest.raises(CalendarNotPublished, match=r"2027 年的节假日安排尚未发布.*2027\.json") as refusal:
        CALENDAR.is_working(date(2027, 3, 1))
    assert refusal.value.year == 2027
    with pytest.raises(CalendarNotPublished, match="2003"):
        CALENDAR.add(date(2004, 1, 1), -1)
    assert CALENDAR.is_published(2026)
    assert not CALENDAR.is_published(2027)


def test_an_unpublished_year_blocks_only_what_needs_one_of_its_days() -> None:
    assert CALENDAR.on_or_after(date(2026, 12, 31)) == date(2026, 12, 31)
    assert CALENDAR.add(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(CalendarNotPublished, match="2027"):
        CALENDAR.add(date(2026, 12, 31), 1)
    with pytest.raises(CalendarNotPublished, match="2027"):
        CALENDAR.count(date(2026, 12, 1), date(2027, 1, 1))


@given(st.dates(date(2004, 1, 1), date(2025, 12, 31)), st.integers(1, 100))
@example(date(2020, 1, 19), 5)
@example(date(2026, 1, 30), 60)
def test_working_days_never_take_longer_than_the_bound_that_needs_no_calendar(day: date, n: int) -> None:
    assert n <= (CALENDAR.add(day, n) - day).days <= at_most_days(n)


# --- loading a year


def test_a_loaded_year_follows_its_file_and_the_week_elsewhere() -> None:
    arrangement = an_arrangement(2027, ("元旦", "2027-01-01", True), ("元旦", "2027-01-03", False))
    calendar = CALENDAR.with_year(read_arrangement(arrangement, "2027.json"))
    assert calendar.add(date(2026, 12, 31), 1) == date(2027, 1, 3)
    assert not calendar.is_working(date(2027, 1, 2))
    assert calendar.is_working(date(2027, 10, 1)), "a day outside the list follows the week"
    assert not CALENDAR.is_published(2027), "the calendar it was loaded on stays as it was"


def test_a_year_loaded_again_is_replaced_whole() -> None:
    first = read_arrangement(an_arrangement(2027, ("元旦", "2027-01-01", True)), "初稿")
    second = read_arrangement(an_arrangement(2027, ("元旦", "2027-01-04", True)), "更正")
    calendar = CALENDAR.with_year(first).with_year(second)
    assert calendar.is_working(date(2027, 1, 1))
    assert not calendar.is_working(date(2027, 1, 4))
    assert calendar == CALENDAR.with_year(second)


def test_a_new_years_notice_may_move_days_of_the_december_before() -> None:
    moved = an_arrangement(2027, ("元旦", "2026-12-31", True), ("元旦", "2026-12-27", False))
    calendar = CALENDAR.with_year(read_arrangement(moved, "2027.json"))
    assert not calendar.is_working(date(2026, 12, 31))
    assert calendar.is_working(date(2026, 12, 27))
    assert calendar.between(date(2026, 1, 1), date(2026, 12, 31)) == 248


def test_loading_a_year_keeps_december_days_that_the_next_years_notice_moved() -> None:
    calendar = CALENDAR.with_year(read_arrangement(an_arrangement(2018), "2018.json"))
    assert calendar.is_working(date(2018, 12, 29)), "worked by the notice for 2019"
    assert not calendar.is_working(date(2018, 12, 31))
    assert calendar.is_working(date(2018, 2, 15)), "the file loaded names no spring festival"


def test_an_arrangement_is_read_from_text_and_other_keys_are_left_alone() -> None:
    data = an_arrangement(2027, papers=["https://www.gov.cn/"])
    assert read_arrangement(json.dumps(data), "2027.json") == read_arrangement(data, "2027.json")


OFF = ("元旦", "2027-01-01", True)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("{", "不是有效的 JSON"),
        (b"\xff\xfe", "不是有效的 JSON"),
        ([], "应为含 year 和 days"),
        (an_arrangement(2027, OFF) | {"year": True}, "year 应为四位年份"),
        (an_arrangement(2027, OFF) | {"year": "2027"}, "year 应为四位年份"),
        (an_arrangement(2027, OFF) | {"year": 2026}, "第 1 项：2027-01-01 不在 2026 年内"),
        (an_arrangement(2027) | {"days": []}, "不能为空"),
        (an_arrangement(2027) | {"days": ["2027-01-01"]}, "第 1 项：应含 name、date、isOffDay"),
        (an_arrangement(2027, OFF, OFF), "2027-01-01 重复列出（days 第 2 项）"),
        (an_arrangement(2027, ("", "2027-01-01", True)), "缺少节日名称"),
        (an_arrangement(2027, ("元旦", "2027-02-29", True)), "现为 '2027-02-29'"),
        (an_arrangement(2027, ("元旦", "2026-11-30", True)), "2026-11-30 不在 2027 年内"),
        (an_arrangement(2027, ("元旦", "2027-01-01", 1)), "isOffDay 应为 true"),  # type: ignore[arg-type]
        (an_arrangement(2027, ("元旦", "2027-01-04", False)), "是星期一，本来就上班"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_with_its_name_and_the_entry(data: object, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint) as refusal:
        read_arrangement(data, "安排.json")
    assert str(refusal.value).startswith("安排.json：")


# --- working time


HOURS = WorkingTime(time(8, 30), time(17, 30), CALENDAR)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "working"),
    [
        ("2022-10-08T08:29:59.999999", False),
        ("2022-10-08T08:30:00", True),  # a Saturday that is worked
        ("2022-10-08T17:29:59.999999", True),
        ("2022-10-08T17:30:00", False),
        ("2022-10-07T10:00:00", False),  # a Friday that is off
    ],
)
def test_working_time_opens_inclusively_and_closes_exclusively(at: str, working: bool) -> None:
    assert HOURS.is_working_time(shanghai(at)) is working


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2022-09-30T16:00:00", "2022-09-30T16:00:00"),
        ("2022-09-30T17:30:00", "2022-10-08T08:30:00"),
        ("2022-10-05T09:00:00", "2022-10-08T08:30:00"),
        ("2022-10-05T03:00:00", "2022-10-08T08:30:00"),
        ("2022-10-08T03:00:00", "2022-10-08T08:30:00"),
    ],
)
def test_a_moment_outside_working_time_moves_to_the_next_opening(at: str, then: str) -> None:
    assert HOURS.next_working_moment(shanghai(at)) == shanghai(then)


@given(st.builds(moment, INSIDE, st.times()))
def test_the_next_working_moment_is_the_first_instant_of_working_time(at: datetime) -> None:
    then = HOURS.next_working_moment(at)
    assert then >= at
    assert HOURS.is_working_time(then)
    if then > at:
        assert not HOURS.is_working_time(then - timedelta(microseconds=1))
        assert CALENDAR.count(at.astimezone(ZONE).date(), then.date()) <= 2


def test_an_instant_in_another_zone_is_judged_by_shanghai() -> None:
    assert HOURS.is_working_time(datetime(2022, 10, 8, 0, 30, tzinfo=UTC))
    with pytest.raises(ValueError, match="没有时区"):
        HOURS.is_working_time(datetime(2022, 10, 8, 9, 0))  # noqa: DTZ001


def test_hours_that_close_before_they_open_are_refused() -> None:
    with pytest.raises(BadInput, match="应早于终点"):
        WorkingTime(time(17, 30), time(8, 30), CALENDAR)
