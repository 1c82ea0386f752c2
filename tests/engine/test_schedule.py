"""When each flow is to run: working days, moved days, years without a calendar, and what a break leaves to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import ZONE, moment
from config.errors import BadInput
from flows.catalogue import FLOWS
from flows.schedule import (
    Scheduled,
    due_runs,
    latest_moment,
    may_run,
    missed,
    next_moment,
    schedule,
    strikes,
)
from supervision.cycle import MORNING
from supervision.workdays import Workdays, published, read_arrangement

CALENDAR = published()
ENTRIES = {entry.flow: entry for entry in schedule()}
SUPERVISE, DELIVER = ENTRIES["supervise_plan"], ENTRIES["deliver_notices"]
ASSESS, AUDIT = ENTRIES["assess_districts"], ENTRIES["audit_supervision"]

INSTANTS = st.builds(moment, st.dates(date(2021, 1, 1), date(2025, 12, 1)), st.times())
ANY_ENTRY = st.sampled_from(list(ENTRIES.values()))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def an_entry(
    cron: str = "35 8 * * *", *, working_days_only: bool = False, move: str | None = None, minutes: int = 60
) -> Scheduled:
    moved = f"\n    move: {move}" if move else ""
    text = f"""
zone: Asia/Shanghai
flows:
  a_flow:
    title: 某流程
    cron: "{cron}"
    working_days_only: {str(working_days_only).lower()}{moved}
    grace_minutes: {minutes}
    source: 测试
"""
    return schedule(text)[0]


# --- the office's own schedule


def test_every_entry_of_the_schedule_is_a_flow_that_exists() -> None:
    assert set(ENTRIES) <= {flow.name for flow in FLOWS}


def test_the_office_begins_its_working_days_with_supervision_then_figures_then_escalation() -> None:
    monday = at("2022-07-04 00:00")
    first = [(flow, next_moment(entry, after=monday, calendar=CALENDAR)) for flow, entry in ENTRIES.items()]
    assert dict(first) | {"deliver_notices": None, "fetch_mail": None, "assess_districts": None} == {
        "supervise_plan": at("2022-07-04 08:35"),
        "collect_figures": at("2022-07-04 08:40"),
        "escalate_overdue": at("2022-07-04 08:45"),
        "audit_supervision": at("2022-07-04 23:30"),
        "deliver_notices": None,
        "fetch_mail": None,
        "assess_districts": None,
    }


@pytest.mark.parametrize(
    ("run", "flow"),
    [
        ("supervise", "supervise_plan"),
        ("collect", "collect_figures"),
        ("escalate", "escalate_overdue"),
        ("assess", "assess_districts"),
    ],
)
def test_a_run_for_a_past_day_is_taken_to_have_happened_at_the_hour_of_the_schedule(run: str, flow: str) -> None:
    hour = next_moment(ENTRIES[flow], after=at("2022-07-01 00:00"), calendar=CALENDAR).time()
    assert MORNING[run] == hour


# --- working days


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2022-07-01 08:34", "2022-07-01 08:35"),  # a Friday
        ("2022-07-01 08:35", "2022-07-04 08:35"),  # over the weekend
        ("2022-01-28 09:00", "2022-01-29 08:35"),  # Saturday and Sunday made up for the Spring Festival
        ("2022-01-29 09:00", "2022-01-30 08:35"),
        ("2022-01-30 09:00", "2022-02-07 08:35"),  # the Spring Festival itself
        ("2022-09-30 09:00", "2022-10-08 08:35"),  # National Day, ending on a worked Saturday
        ("2022-12-30 09:00", "2023-01-03 08:35"),  # over the turn of the year
    ],
)
def test_a_working_day_flow_runs_on_working_days_alone(after: str, expected: str) -> None:
    assert next_moment(SUPERVISE, after=at(after), calendar=CALENDAR) == at(expected)


def test_notices_are_looked_after_every_five_minutes_on_every_day() -> None:
    holiday = at("2022-10-03 03:02")
    assert next_moment(DELIVER, after=holiday, calendar=CALENDAR) == at("2022-10-03 03:05")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2022-07-01 00:00", "2022-07-25 09:00"),  # a Monday
        ("2022-09-01 00:00", "2022-10-25 09:00"),
        ("2023-01-02 00:00", "2023-01-28 09:00"),  # the 25th lies in the Spring Festival; a worked Saturday ends it
        ("2023-01-26 12:00", "2023-01-28 09:00"),  # asked between the 25th and the day it moved to
        ("2023-01-28 09:00", "2023-04-25 09:00"),
        ("2020-01-02 00:00", "2020-02-03 09:00"),  # moved into the next month
    ],
)
def test_a_moved_flow_runs_on_the_next_working_day(after: str, expected: str) -> None:
    assert next_moment(ASSESS, after=at(after), calendar=CALENDAR) == at(expected)


@given(ANY_ENTRY, INSTANTS)
def test_the_next_moment_lies_ahead_on_a_day_for_the_flow(entry: Scheduled, after: datetime) -> None:
    found = next_moment(entry, after=after, calendar=CALENDAR)
    assert found > after
    assert may_run(entry, found.date(), CALENDAR)
    if entry.move:
        assert CALENDAR.is_working(found.date())


@settings(max_examples=50)
@given(ANY_ENTRY, INSTANTS)
def test_the_latest_moment_is_the_last_one_not_after_now(entry: Scheduled, now: datetime) -> None:
    found = latest_moment(entry, at=now, calendar=CALENDAR)
    assert found is not None
    assert found <= now < next_moment(entry, after=found, calendar=CALENDAR)


@settings(max_examples=50)
@given(ANY_ENTRY, INSTANTS)
def test_our_clock_times_are_those_of_the_server_that_deployments_run_on(entry: Scheduled, after: datetime) -> None:
    from cronsim import CronSim

    ours, theirs = entry.clock_times(after), CronSim(entry.cron, after.replace(tzinfo=ZoneInfo("Asia/Shanghai")))
    found = [next(ours) for _ in range(3)]
    assert found == [next(theirs) for _ in range(3)]
    assert all(strikes(entry.cron, "Asia/Shanghai", each.astimezone(UTC)) for each in found)


# --- years without a calendar

UNPUBLISHED = 2030


def test_in_a_year_without_a_calendar_a_working_day_flow_keeps_its_hour_every_day() -> None:
    moment, found = at(f"{UNPUBLISHED}-03-01 00:00"), []
    for _ in range(7):
        moment = next_moment(SUPERVISE, after=moment, calendar=CALENDAR)
        found.append(moment)
    assert found == [at(f"{UNPUBLISHED}-03-0{day} 08:35") for day in range(1, 8)]


def test_in_a_year_without_a_calendar_a_moved_flow_is_tried_daily_as_long_as_days_off_can_last() -> None:
    moment, found = at(f"{UNPUBLISHED}-01-02 00:00"), []
    while moment < at(f"{UNPUBLISHED}-04-01 00:00"):
        moment = next_moment(ASSESS, after=moment, calendar=CALENDAR)
        found.append(moment)
    assert found[:2] == [at(f"{UNPUBLISHED}-01-25 09:00"), at(f"{UNPUBLISHED}-01-26 09:00")]
    assert found[-1] == at(f"{UNPUBLISHED}-04-25 09:00")
    assert len(found) < 20


def test_a_year_that_is_loaded_meanwhile_is_followed_at_once() -> None:
    loaded = read_arrangement(
        {"year": UNPUBLISHED, "days": [{"name": "元旦", "date": f"{UNPUBLISHED}-01-01", "isOffDay": True}]}, "测试"
    )
    saturday = date(UNPUBLISHED, 3, 2)
    assert saturday.weekday() == 5
    asked = datetime.combine(saturday, datetime.min.time(), tzinfo=ZONE)
    assert next_moment(SUPERVISE, after=asked, calendar=CALENDAR).date() == saturday
    assert next_moment(SUPERVISE, after=asked, calendar=Workdays().with_year(loaded)).date() == date(UNPUBLISHED, 3, 4)


def test_the_turn_into_a_year_without_a_calendar_stops_nothing() -> None:
    last = max(year for year in range(2020, 2100) if CALENDAR.is_published(year))
    for entry in ENTRIES.values():
        assert next_moment(entry, after=at(f"{last}-12-31 23:59"), calendar=CALENDAR).year == last + 1


# --- what a break leaves to do


def test_a_flow_that_never_ran_is_due() -> None:
    due = due_runs([SUPERVISE], {}, at=at("2022-07-01 09:00"), calendar=CALENDAR)
    assert [(each.entry.flow, each.planned, each.last_run) for each in due] == [
        ("supervise_plan", at("2022-07-01 08:35"), None)
    ]


def test_a_break_of_many_days_leaves_one_run_to_do() -> None:
    ran = {"supervise_plan": at("2022-06-01 08:35")}
    due = due_runs([SUPERVISE], ran, at=at("2022-07-01 09:00"), calendar=CALENDAR)
    assert [each.planned for each in due] == [at("2022-07-01 08:35")]


def test_a_flow_that_ran_at_its_time_is_not_due() -> None:
    ran = {"supervise_plan": at("2022-07-01 08:35")}
    assert due_runs([SUPERVISE], ran, at=at("2022-07-04 08:34"), calendar=CALENDAR) == ()
    assert len(due_runs([SUPERVISE], ran, at=at("2022-07-04 08:35"), calendar=CALENDAR)) == 1


def test_over_a_weekend_a_working_day_flow_is_not_due() -> None:
    ran = {"supervise_plan": at("2022-07-01 08:40")}
    assert due_runs([SUPERVISE], ran, at=at("2022-07-03 23:00"), calendar=CALENDAR) == ()


def test_a_flow_is_missed_only_beyond_its_grace() -> None:
    asked = {"since": at("2022-01-01 00:00"), "calendar": CALENDAR}
    ran = {"supervise_plan": at("2022-06-30 08:35")}
    inside = at("2022-07-01 08:35") + SUPERVISE.grace - timedelta(seconds=1)
    assert missed([SUPERVISE], ran, at=inside, **asked) == ()
    assert len(missed([SUPERVISE], ran, at=inside + timedelta(seconds=1), **asked)) == 1


def test_what_was_to_run_before_the_plan_was_loaded_is_not_missed() -> None:
    loaded = at("2022-07-01 10:00")
    assert missed([SUPERVISE], {}, since=loaded, at=at("2022-07-01 23:30"), calendar=CALENDAR) == ()
    assert len(missed([SUPERVISE], {}, since=loaded, at=at("2022-07-04 23:30"), calendar=CALENDAR)) == 1


# --- a schedule that cannot be run is refused


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("35 8 * * *", "35 8 * * 1"), "cron"),  # weekdays are numbered differently by every library
        (("35 8 * * *", "35 8 * * mon"), "cron"),
        (("35 8 * * *", "35 8 last * *"), "cron"),
        (("35 8 * * *", "99 8 * * *"), "cron"),
        (("35 8 * * *", "35 8 31 2 *"), "cron"),  # never
        (("35 8 * * *", "35 8 * *"), "cron"),
        (("Asia/Shanghai", "Asia/Nowhere"), "zone"),
        (("Asia/Shanghai", "../../etc/passwd"), "zone"),
        (("grace_minutes: 60", "grace_minutes: 0"), "grace_minutes"),
        (("grace_minutes: 60", "grace_minutes: soon"), "grace_minutes"),
        (("source: 测试", "source: ''"), "source"),
        (("source: 测试", "move: next_monday\n    source: 测试"), "move"),
        (("working_days_only: true", "working_days_only: true\n    move: next_working_day"), "a_flow"),
        (("title: 某流程", "titel: 某流程"), "tit"),
        (("zone: Asia/Shanghai", "zone: [Asia"), "YAML"),
    ],
)
def test_a_schedule_that_cannot_be_run_is_refused_with_its_place(change: tuple[str, str], place: str) -> None:
    text = """
zone: Asia/Shanghai
flows:
  a_flow:
    title: 某流程
    cron: "35 8 * * *"
    working_days_only: true
    grace_minutes: 60
    source: 测试
"""
    assert change[0] in text
    with pytest.raises(BadInput) as refused:
        schedule(text.replace(*change), "schedule.yaml")
    assert "schedule.yaml" in str(refused.value) and place in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_entry_may_move_along_working_days() -> None:
    entry = an_entry("0 9 1 * *", move="next_working_day")
    assert next_moment(entry, after=at("2022-09-30 12:00"), calendar=CALENDAR) == at("2022-10-08 09:00")
