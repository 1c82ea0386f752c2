"""A unit's record counts what the assessment counts, names what was late, and shows what was shown of its scores."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import CHIEF, CLERK, LIAISON, UNIT, Office, at, on_sqlite
from publication.bench import DISTRICT, Bench
from publication.filings import file, send_back

from config.errors import UnknownName
from config.terms import Action, AssessmentState, Level, NoticeKind, Population
from database import Database, reading, writing
from supervision import scoring
from supervision.ledger import reporting
from supervision.periods import parse_quarter
from supervision.queries.case import gather
from supervision.queries.lapses import Lapse, lapses
from supervision.queries.record import COUNTED, Outcome, Record, record_of
from supervision.queries.unit_acts import By, acts_of
from supervision.queries.unit_scores import UnitScore, scores_of
from supervision.scoring.case import ComponentCode
from supervision.scoring.result import ComponentScore

TODAY = date(2022, 7, 25)
"""A Monday, on which the second quarter is frozen."""
QUARTER, YEAR, DUE = "2022Q2", "2022", date(2022, 7, 20)
DISTRICT_CODE, DISTRICT_LIAISON = "330102", "330102.liaison"


def record(office: Office, unit: str, today: date = TODAY) -> Record:
    with reading(office.database) as session:
        return record_of(session, replace(office.force, demonstrated_until=today), unit)


def lapsed(office: Office, unit: str, today: date = TODAY) -> list[Lapse]:
    force = replace(office.force, demonstrated_until=today)
    with reading(office.database) as session:
        return list(lapses(session, force, unit, record_of(session, force, unit)))


def scores(office: Office, unit: str) -> tuple[UnitScore, ...]:
    with reading(office.database) as session:
        return scores_of(session, office.force, unit)


def completed(office: Office, unit: str, due: date, reported: str) -> int:
    number = office.a_signed_item(unit=unit, due=due)
    code = office.force.plan.unit(unit).code
    office.act(number, Action.REPORT_COMPLETION, by=f"{code}.liaison", when=reported, comment="已办结")
    office.act(number, Action.VERIFY, by=CLERK, when="2022-07-25 11:00")
    return number


def a_mixed_quarter(office: Office, unit: str) -> None:
    """Give the unit an item of each outcome."""
    completed(office, unit, DUE, "2022-07-20")
    completed(office, unit, DUE, "2022-07-22")
    completed(office, unit, date(2022, 7, 5), "2022-07-22")
    office.a_signed_item(unit=unit, due=DUE)
    office.a_signed_item(unit=unit, due=date(2022, 7, 29))
    office.a_reported_item(unit=unit, due=DUE, reported="2022-07-20")
    office.an_item(unit=unit, due=date(2022, 6, 30))  # given on 1 July: its date had passed


def assessed(office: Office, unit: str, population: Population) -> dict[ComponentCode, ComponentScore]:
    with reading(office.database) as session:
        case = gather(session, office.force, parse_quarter(QUARTER), population, as_of=TODAY).case
    found = scoring.assess(scoring.read_case(case), calendar=office.force.calendar)
    [score] = [each for each in found.districts if each.code == office.force.plan.unit(unit).code]
    return {part.code: part for part in score.components}


@pytest.mark.parametrize(("unit", "population"), [(DISTRICT, Population.DISTRICTS), (UNIT, Population.UNITS)])
def test_on_the_day_of_a_freeze_the_record_finds_what_the_assessment_finds(
    unit: str, population: Population, office: Office
) -> None:
    with writing(office.database) as session:
        reporting.open_requests(session, office.force, as_of=date(2022, 7, 1), at=at("2022-07-01"))
    a_mixed_quarter(office, unit)
    if population is Population.DISTRICTS:
        send_back(office, file(office, DISTRICT, "1", "2022-07-22", DISTRICT_LIAISON), "2022-07-23")
    found = record(office, office.force.plan.unit(unit).code).period(YEAR)
    judged = assessed(office, unit, population)
    assert found is not None and found.mean_credit == judged[ComponentCode.KEY_TASKS].share
    assert found.reporting_deducted == judged[ComponentCode.REPORTING].deducted != 0
    assert found.supervision_deducted == judged[ComponentCode.SUPERVISION].deducted


@on_sqlite
def test_each_item_has_its_outcome_and_only_four_of_them_are_counted(office: Office) -> None:
    a_mixed_quarter(office, UNIT)
    found = record(office, "jxj").period(QUARTER)
    assert found is not None
    assert {outcome: len(found.of(outcome)) for outcome in Outcome} == {
        Outcome.ON_TIME: 1, Outcome.A_LITTLE_LATE: 1, Outcome.LATE: 1, Outcome.OPEN: 1, Outcome.NOT_DUE: 1,
        Outcome.LEFT_OUT: 2,
    }  # fmt: skip
    assert [each.days_late for each in found.of(*COUNTED)] == [13, 0, 2, 3]
    assert found.on_time_share is not None and found.on_time_share * 4 == 1
    assert {each.item.came_late for each in found.of(Outcome.LEFT_OUT)} == {True, False}


@on_sqlite
def test_what_is_due_today_is_open_but_not_a_day_late(office: Office) -> None:
    office.a_signed_item(due=TODAY)
    [judged] = record(office, "jxj").years[0].year.of(Outcome.OPEN)
    assert judged.days_late == 0


@on_sqlite
def test_a_unit_without_anything_has_an_empty_record(office: Office) -> None:
    assert record(office, "jxj") == Record(TODAY, (), ())
    assert lapsed(office, "jxj") == []
    with pytest.raises(UnknownName):
        record(office, "nobody")


@on_sqlite
def test_an_item_passed_on_is_in_the_record_of_who_has_it_now(office: Office) -> None:
    number = office.a_signed_item(due=DUE)
    office.act(number, Action.REASSIGN, by=CHIEF, when="2022-07-11", comment="职责调整", to_unit="市科技局")
    assert record(office, "jxj").years == ()
    [year] = record(office, "kjj").years
    assert [each.item.id for each in year.year.items] == [number]


@on_sqlite
def test_a_lapse_tells_how_late_and_what_was_done(office: Office) -> None:
    number = office.a_signed_item()
    office.sign(_reviewed(office, office.a_drafted_paper(number)))
    [lapse] = lapsed(office, "jxj", date(2022, 8, 8))
    assert lapse.item is not None and lapse.item.item.id == number
    assert (lapse.done, lapse.days_late) == (None, 6)
    assert lapse.steps == ((NoticeKind.URGE, date(2022, 8, 1)), (NoticeKind.SUPERVISION_NOTICE, date(2022, 8, 3)))
    found = record(office, "jxj", date(2022, 8, 8))
    assert [(paper.item_id, paper.level) for paper in found.papers] == [(number, Level.SUPERVISION_NOTICE)]
    assert [len(each.papers) for each in (found.years[0].year, *found.years[0].quarters)] == [1, 1, 0]
    assert found.years[0].year.supervision_deducted == 1


def _reviewed(office: Office, paper: int) -> int:
    office.review(paper)
    return paper


@on_sqlite
def test_a_draft_of_a_paper_is_nobodys_yet(office: Office) -> None:
    office.a_drafted_paper(office.a_signed_item())
    assert record(office, "jxj", date(2022, 8, 8)).papers == ()


@on_sqlite
def test_an_item_returned_in_time_is_told_with_the_words_of_the_return(office: Office) -> None:
    number = office.a_reported_item(reported="2022-07-18", due=DUE)
    office.act(
        number, Action.RETURN_FOR_REWORK, by=CLERK, when="2022-07-19", comment="缺少佐证", date=date(2022, 7, 26)
    )
    office.act(number, Action.REPORT_COMPLETION, by=LIAISON, when="2022-07-20", comment="已补充")
    office.act(number, Action.VERIFY, by=CLERK, when="2022-07-21")
    [lapse] = lapsed(office, "jxj")
    assert lapse.returns == ((date(2022, 7, 19), "缺少佐证"),)
    assert (lapse.due, lapse.done, lapse.days_late) == (DUE, date(2022, 7, 20), 0)


@on_sqlite
def test_a_late_form_is_late_by_its_first_date_although_it_was_returned(office: Office) -> None:
    with writing(office.database) as session:
        reporting.open_requests(session, office.force, as_of=date(2022, 7, 1), at=at("2022-07-01"))
    number = file(office, DISTRICT, "1", "2022-07-22", DISTRICT_LIAISON)
    send_back(office, number, "2022-07-23")
    [lapse] = [each for each in lapsed(office, DISTRICT_CODE) if each.request and each.request.request.id == number]
    assert (lapse.due, lapse.done, lapse.days_late) == (DUE, date(2022, 7, 22), 2)
    assert lapse.returns == ((date(2022, 7, 23), "有误"),)


def test_the_acts_are_the_own_peoples_or_everybodys_a_page_at_a_time(office: Office) -> None:
    number = office.a_reported_item()
    office.act(number, Action.VERIFY, by=CLERK, when="2022-07-21")
    office.an_item(unit="市科技局")
    with reading(office.database) as session:
        unit = office.force.unit_id("jxj")
        own = acts_of(session, office.force, unit, By.OWN)
        everybodys = acts_of(session, office.force, unit, By.ALL, page=9, size=2)
    assert [each.happened.what for each in own.rows] == ["报请办结", "签收"]
    assert {each.item_id for each in own.rows} == {number} and own.total == 2
    assert (everybodys.total, everybodys.page, everybodys.pages) == (4, 2, 2)
    assert [each.happened.what for each in everybodys.rows] == ["签收", "交办"]
    assert everybodys.rows[-1].happened.who == "系统"


def test_a_score_is_shown_once_it_is_public_and_a_correction_replaces_it(supervised: Database) -> None:
    bench = Bench(supervised)
    assert scores(bench, DISTRICT_CODE) == ()
    bench.open()
    [shown] = scores(bench, DISTRICT_CODE)
    assert (shown.run, shown.state, shown.is_replaced) == (bench.run, AssessmentState.PUBLICITY, False)
    bench.publish()
    bench.decide_points(bench.propose_points(when="2022-08-03 11:00"), when="2022-08-03 12:00")
    corrected = bench.correct(when="2022-08-03 14:00")
    bench.open(run=corrected, when="2022-08-04")
    assert [(each.run, each.is_correction, each.is_replaced) for each in scores(bench, DISTRICT_CODE)] == [
        (corrected, True, False), (bench.run, False, False),
    ]  # fmt: skip
    bench.publish(run=corrected, when="2022-08-12")
    assert [each.is_replaced for each in scores(bench, DISTRICT_CODE)] == [False, True]
    assert scores(bench, "jxj") == ()
