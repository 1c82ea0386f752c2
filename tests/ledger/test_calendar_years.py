"""Loading a year's arrangement of days off: what is still open is counted anew, what was judged stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import chinese_calendar
import pytest
from builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, Office, at, day, on_sqlite
from sqlalchemy import select
from sqlmodel import col

from config.errors import CalendarNotPublished, Refused
from config.plan import Plan
from config.terms import Action, DueReason, Role, Status
from database import reading, writing
from models import CalendarYear, Item, ReportingRequest
from supervision import cycle, in_force
from supervision.arrangement import ArrangedDay, YearArrangement
from supervision.ledger.calendar import Change, load_year, preview
from supervision.ledger.plan import put_plan

A, S = Action, Status


def an_arrangement(year: int = 2022, *, off: Iterable[str] = (), worked: Iterable[str] = ()) -> YearArrangement:
    """Return the national arrangement of a year with some days changed."""
    named = {each: True for each in chinese_calendar.holidays if each.year == year}
    named |= {each: False for each in chinese_calendar.workdays if each.year == year}
    named |= {day(each): True for each in off} | {day(each): False for each in worked}
    return YearArrangement(year, tuple(ArrangedDay(each, named[each], "测试") for each in sorted(named)))


def looked_at(office: Office, arrangement: YearArrangement, when: str = "2022-07-11") -> list[Change]:
    with reading(office.database) as session:
        return preview(session, office.force, arrangement, as_of=day(when))


def load(office: Office, arrangement: YearArrangement, when: str = "2022-07-11", by: str = CLERK) -> list[Change]:
    with writing(office.database) as session:
        found = load_year(session, office.force, arrangement, by=office.who(session, by, at(when)), at=at(when))
    office.reload()
    return found


def a_plan_item(office: Office, measure: str = "M01-08", unit: str = "jxj", period: str = "2022Q2") -> int:
    """Return the item that the generator makes for that occurrence by July 2022."""
    cycle.supervise_key_task(office.database, "", int(measure[1:3]), as_of=day("2022-07-01"))
    with reading(office.database) as session:
        wanted = select(col(Item.id)).where(col(Item.occurrence) == f"{measure}/{period}/{unit}")
        return session.scalars(wanted).one() or 0


TWENTIETH_OFF = an_arrangement(off=["2022-07-20"])
"""The day by which the feedback on the second quarter is due becomes a day off."""


def test_a_date_of_the_plan_s_rule_is_counted_anew_with_a_ladder_of_its_own(office: Office) -> None:
    number = a_plan_item(office)
    assert office.item(number).due == day("2022-07-20")
    office.escalate("2022-07-13")
    changes = load(office, TWENTIETH_OFF, when="2022-07-13")
    assert [(change.due, change.day) for change in changes if change.item_id == number] == [
        (day("2022-07-20"), day("2022-07-21"))
    ]
    item = office.item(number)
    assert (item.due, item.judged_due, item.original_due) == (day("2022-07-21"), day("2022-07-21"), day("2022-07-20"))
    assert (item.due_version, item.rung, item.clock_started_on) == (2, None, day("2022-07-13"))
    newest = office.versions(number)[-1]
    assert (newest.reason, newest.judges) == (DueReason.RECOUNTED, True)
    remind, told = office.notices(number)[-2:]
    assert (remind.kind, remind.cancelled_at) == ("remind", at("2022-07-13"))
    assert (told.kind, told.due) == ("due_changed", day("2022-07-21"))
    assert "由 2022-07-20 改为 2022-07-21" in told.because
    assert [office.last(number).action, office.last(number).data["from"]] == ["recount", "2022-07-20"]
    assert [line.level for line in office.escalate("2022-07-14").notices if line.item == number] == ["remind"]
    assert office.chain_is_whole()


def test_a_preview_shows_what_loading_does_and_writes_nothing(office: Office) -> None:
    a_plan_item(office)
    office.a_matter(due=day("2022-07-20"))
    before = office.snapshot()
    shown = looked_at(office, TWENTIETH_OFF)
    assert office.snapshot() == before
    assert len(shown) > 1
    assert load(office, TWENTIETH_OFF) == shown


@on_sqlite
def test_the_same_arrangement_again_changes_nothing(office: Office) -> None:
    a_plan_item(office)
    assert load(office, TWENTIETH_OFF)
    before = office.snapshot()
    assert load(office, TWENTIETH_OFF) == []
    assert looked_at(office, TWENTIETH_OFF) == []
    assert office.snapshot() == before


@on_sqlite
def test_a_corrected_arrangement_gives_the_rule_s_date_back(office: Office) -> None:
    number = a_plan_item(office)
    load(office, TWENTIETH_OFF)
    load(office, an_arrangement(off=["2022-07-20", "2022-07-21"]))
    assert office.item(number).due == day("2022-07-22")
    load(office, an_arrangement())
    assert office.item(number).due == day("2022-07-20")
    assert [version.due.day for version in office.versions(number)] == [20, 21, 22, 20]


@on_sqlite
def test_an_end_of_a_period_moves_back_and_a_make_up_day_keeps_it(office: Office) -> None:
    number = a_plan_item(office, "M01-03", "scjg", "2022")
    assert office.item(number).due == day("2022-11-30")
    load(office, an_arrangement(off=["2022-11-30"]))
    assert office.item(number).due == day("2022-11-29")
    load(office, an_arrangement(off=["2022-11-28", "2022-11-29", "2022-11-30"], worked=["2022-11-26", "2022-11-27"]))
    assert office.item(number).due == day("2022-11-27")  # a Sunday that is worked


@on_sqlite
def test_a_date_that_a_person_gave_moves_forward_only_from_a_day_off(office: Office) -> None:
    [matter] = office.a_matter(due=day("2022-07-29"))
    extended, returned, plain = office.a_signed_item(), office.a_reported_item("2022-07-04"), office.an_item()
    office.act(extended, A.REQUEST_EXTENSION, by=LIAISON, when="2022-07-05", comment="x", date=day("2022-08-05"))
    office.act(extended, A.APPROVE_EXTENSION, by=CLERK, when="2022-07-05")
    office.act(returned, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-05", comment="x", date=day("2022-08-05"))
    part = office.a_part(plain, due=day("2022-07-29"), assignee=HEAD)
    load(office, an_arrangement(off=["2022-07-29", "2022-08-05"]))
    dues = {office.item(number).due for number in (matter, plain)}
    assert dues == {day("2022-08-01")}
    assert (office.item(extended).due, office.item(extended).judged_due) == (day("2022-08-08"), day("2022-08-08"))
    assert (office.item(returned).due, office.item(returned).judged_due) == (day("2022-08-08"), day("2022-07-29"))
    assert office.versions(returned)[-1].judges is False
    assert office.item(part).due == day("2022-07-28")
    load(office, an_arrangement())
    assert office.item(matter).due == day("2022-08-01")  # no reason to take the time back


@on_sqlite
def test_what_was_due_by_the_day_of_loading_stays_as_it_was_judged(office: Office) -> None:
    due_today, overdue = office.a_signed_item(due=day("2022-07-29")), office.a_signed_item(due=day("2022-07-28"))
    done = office.a_reported_item("2022-07-20", due=day("2022-08-05"))
    office.act(done, A.VERIFY, by=CHIEF)
    retrospective = office.an_item(due=day("2021-10-20"), retrospective=True)
    off = [f"2022-{month:02}-{number:02}" for month, number in ((7, 28), (7, 29), (8, 5))]
    changes = load(office, an_arrangement(off=off), when="2022-07-29")
    assert changes == []
    for number in (due_today, overdue, done, retrospective):
        assert len(office.versions(number)) == 1


@on_sqlite
def test_a_recount_makes_nothing_overdue(office: Office) -> None:
    number = a_plan_item(office, "M01-03", "scjg", "2022")
    off = [f"2022-11-{number:02}" for number in range(21, 31)]
    load(office, an_arrangement(off=off), when="2022-11-22")
    assert office.item(number).due == day("2022-12-01")


@on_sqlite
def test_what_does_not_move_is_looked_at_again_because_days_between_may_have(office: Office) -> None:
    number = office.an_item(due=day("2022-07-29"))
    assert office.escalate("2022-07-11").notices == ()
    assert office.item(number).sweep_on == day("2022-07-22")
    load(office, an_arrangement(off=["2022-07-25", "2022-07-26"]), when="2022-07-19")
    assert office.item(number).due_version == 1
    assert [line.level for line in office.escalate("2022-07-20").notices] == ["remind"]
    assert cycle.audit_supervision(office.database, "", as_of=day("2022-07-20")).findings == ()


@on_sqlite
def test_a_suspended_item_is_counted_anew_without_its_clock_running(office: Office) -> None:
    [number] = office.a_matter(due=day("2022-07-29"))
    office.act(number, A.SUSPEND, by=CHIEF, when="2022-07-08", reason="upstream", comment="x")
    load(office, an_arrangement(off=["2022-07-29"]))
    item = office.item(number)
    assert (item.due, item.status, item.sweep_on) == (day("2022-08-01"), S.SUSPENDED, None)


@on_sqlite
def test_a_rule_that_a_new_folder_changed_moves_no_item_that_was_made_before(office: Office, hangzhou: Plan) -> None:
    number = a_plan_item(office)
    changed = hangzhou.model_dump(mode="json")
    for task in changed["key_tasks"]:
        for measure in task["measures"]:
            measure["due"] = "day 25 month +1" if measure["code"] == "M01-08" else measure["due"]
    with writing(office.database) as session:
        put_plan(session, Plan.model_validate(changed, context={"stored": True}), at=at("2022-07-05"))
    office.reload()
    assert load(office, an_arrangement(off=["2022-10-31"])) == []
    assert office.item(number).due == day("2022-07-20")


def test_a_year_that_nobody_has_published_can_be_loaded_and_is_then_counted(office: Office) -> None:
    with pytest.raises(CalendarNotPublished, match=r"duban calendar load 2027\.json"):
        office.a_matter(due=day("2027-03-06"))
    load(office, YearArrangement(2027, (ArrangedDay(date(2027, 1, 1), True, "元旦"),)))
    [number] = office.a_matter(due=day("2027-03-06"))
    assert office.item(number).due == day("2027-03-08")
    with reading(office.database) as session:
        assert session.scalars(select(col(CalendarYear.year))).all() == [2027]


@on_sqlite
def test_requests_follow_the_calendar_like_items(office: Office) -> None:
    cycle.collect_figures(office.database, "", as_of=day("2022-07-01"))
    open_ones = select(ReportingRequest).where(col(ReportingRequest.due) > day("2022-07-04"))
    with reading(office.database) as session:
        before = {request.id: request.due for request in session.scalars(open_ones)}
    first = min(before.values())
    changes = load(office, an_arrangement(off=[first.isoformat()]), when="2022-07-04")
    assert {change.request_id for change in changes} == {number for number, due in before.items() if due == first}
    with reading(office.database) as session:
        for request in session.scalars(open_ones):
            moved = before[request.id] == first
            assert request.due_version == (2 if moved else 1)
            assert (request.due != before[request.id]) is moved
            assert office.force.calendar.is_working(request.due)
            assert request.closes >= request.due


@on_sqlite
def test_only_the_office_or_an_administrator_loads_a_year(office: Office) -> None:
    office.add_person("root", Role.ADMINISTRATOR)
    for login in (LIAISON, LEADER, "auditor"):
        with pytest.raises(Refused, match="领导小组办公室或系统管理员"):
            load(office, TWENTIETH_OFF, by=login)
    load(office, TWENTIETH_OFF, by="root")


@on_sqlite
def test_every_plan_of_the_tenant_follows_its_calendar_and_no_other_tenant_s(office: Office, hangzhou: Plan) -> None:
    second = hangzhou.model_copy(update={"code": "second"})
    city, word = hangzhou.tenant.model_copy(update={"code": "ningbo"}), {"word": "甬小微办"}
    elsewhere = hangzhou.model_copy(update={"tenant": city, "office": hangzhou.office.model_copy(update=word)})
    with writing(office.database) as session:
        put_plan(session, second, at=at("2021-12-29"))
        put_plan(session, elsewhere, at=at("2021-12-29"))
    codes = ("hangzhou/hangzhou-2021-2023", "hangzhou/second", "ningbo/hangzhou-2021-2023")
    for code in codes:
        cycle.supervise_key_task(office.database, code, 1, as_of=day("2022-07-01"))
    office.force = _in_force(office, codes[0])
    with writing(office.database) as session:
        clerk = office.who(session, CLERK, at("2022-07-11"))
        load_year(session, office.force, TWENTIETH_OFF, by=clerk, at=at("2022-07-11"))
    for code, due in zip(codes, ("2022-07-21", "2022-07-21", "2022-07-20"), strict=True):
        force = _in_force(office, code)
        wanted = select(col(Item.due)).where(
            col(Item.plan_id) == force.plan_id, col(Item.occurrence) == "M01-08/2022Q2/jxj"
        )
        with reading(office.database) as session:
            assert session.scalars(wanted).one() == day(due)


def _in_force(office: Office, code: str) -> in_force.InForce:
    with reading(office.database) as session:
        return in_force.load(session, code)
