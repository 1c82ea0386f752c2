"""What the analysis reads from a database: cases, series with their days, flags, outlooks, the final case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from reporting_office import Office, at
from sqlmodel import Session

from config.errors import BadInput, Refused
from config.terms import Population
from database import Database, reading, writing
from supervision.analysis.series import Series
from supervision.ledger import assessments
from supervision.periods import Period, parse_period
from supervision.queries import analysis
from supervision.queries.figure_series import series_as_known

Q1, Q2 = parse_period("2022Q1"), parse_period("2022Q2")
FREEZE = date(2022, 7, 25)
DISTRICTS = Population.DISTRICTS

on_sqlite = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(supervised: Database) -> Office:
    """上城区 has filed two quarters: the first on its last day, the second with a figure that has fallen."""
    found = Office(supervised)
    for period, opens, filed, values in (
        ("2022Q1", "04-01", "04-20", {"T01": "4100", "T02": "1100", "T28": "29", "T39": "0"}),
        ("2022Q2", "07-01", "07-19", {"T01": "4000", "T02": "1250", "T28": "31", "T39": "0"}),
    ):
        found.open(opens)
        sent = found.submit(values, filed, note="剔除重复登记", period=period)
        found.confirm(sent.request_id, filed.replace("-19", "-21").replace("-20", "-21"))
    return found


@contextmanager
def looking(office: Office) -> Iterator[Session]:
    with reading(office.database) as session:
        yield session


def series_of(office: Office, code: str, *, as_of: date = FREEZE, since: date | None = None) -> Series:
    with looking(office) as session:
        found = series_as_known(session, office.force, Q2, DISTRICTS, as_of=as_of, since=since)
    return next(each for each in found if each.topic.code == code)


def kept(office: Office, quarter: Period, as_of: date, population: Population = DISTRICTS) -> None:
    with writing(office.database) as session:
        assessments.assess(session, office.force, quarter, population, as_of=as_of, at=at(f"{as_of:%m-%d} 18:00"))


def test_a_series_holds_values_days_explanations_and_what_was_known_at_an_earlier_freeze(office: Office) -> None:
    found = series_of(office, "T01", since=date(2022, 4, 25))
    assert [(str(each.period), each.value) for each in found.observations] == [("2022Q1", 4100), ("2022Q2", 4000)]
    first, second = found.observations
    assert (first.filed_on, first.due, first.frozen) == (date(2022, 4, 20), date(2022, 4, 20), Decimal(4100))
    assert (second.filed_on, second.due, second.frozen) == (date(2022, 7, 19), date(2022, 7, 20), None)
    assert second.note == "剔除重复登记"
    assert (found.unit_name, found.filed_by, found.never_falls) == ("上城区", None, True)
    assert found.target == 18332
    assert found.plan == (parse_period("2021Q1"), parse_period("2023Q4"))


@on_sqlite
def test_what_was_not_yet_confirmed_on_the_day_is_not_in_the_series(office: Office) -> None:
    assert [str(each.period) for each in series_of(office, "T01", as_of=date(2022, 7, 20)).observations] == ["2022Q1"]


@on_sqlite
def test_a_stock_without_an_established_baseline_starts_nowhere(office: Office) -> None:
    found = series_of(office, "T28")
    assert (found.baseline, found.start, found.scheduled_step) == (None, None, None)


@on_sqlite
def test_the_fall_is_flagged_with_the_explanation_and_the_explicit_zero_is_not(office: Office) -> None:
    with looking(office) as session:
        found = analysis.assessed(session, office.force, Q2, DISTRICTS)
        flags = analysis.flags_of(session, office.force, found, DISTRICTS)
    assert [flag.key for flag in flags] == [("330102", "T01", "fall")]
    assert ("2022Q2", "4000家（说明：剔除重复登记）") in flags[0].evidence


@on_sqlite
def test_without_a_stored_run_the_freeze_date_is_taken_and_nothing_is_kept(office: Office) -> None:
    with looking(office) as session:
        found = analysis.assessed(session, office.force, Q2, DISTRICTS)
        assert (found.case.as_of, found.vintage) == (FREEZE, None)
        assert analysis.runs_of(session, office.force, Q2, DISTRICTS) == []


@on_sqlite
def test_a_stored_run_goes_before_and_is_calculated_again_to_the_same_result(office: Office) -> None:
    kept(office, Q2, FREEZE)
    with looking(office) as session:
        (run,) = analysis.runs_of(session, office.force, Q2, DISTRICTS)
        found = analysis.assessed(session, office.force, Q2, DISTRICTS)
        assert found.vintage == 1
        assert found.result.as_json() == run.result
        other = analysis.assessed(session, office.force, Q2, DISTRICTS, as_of=date(2022, 7, 28))
        assert (other.case.as_of, other.vintage) == (date(2022, 7, 28), None)


@on_sqlite
def test_what_cannot_be_analysed_is_refused(office: Office) -> None:
    with looking(office) as session:
        with pytest.raises(BadInput, match="2024Q1 不在计划期"):
            analysis.assessed(session, office.force, parse_period("2024Q1"), DISTRICTS)
        with pytest.raises(Refused, match="2022年第二季度到 2022-06-30 才结束"):
            analysis.assessed(session, office.force, Q2, DISTRICTS, as_of=date(2022, 6, 30))
        with pytest.raises(Refused, match="期末考核"):
            analysis.final(session, office.force, DISTRICTS, as_of=date(2023, 12, 31))


@on_sqlite
def test_every_district_has_an_outlook_for_every_growing_indicator_with_a_target(office: Office) -> None:
    with looking(office) as session:
        found = list(analysis.outlooks(session, office.force, analysis.assessed(session, office.force, Q2, DISTRICTS)))
    assert len({each.unit for each in found}) == 13
    assert len({len([each for each in found if each.unit == unit]) for unit in {each.unit for each in found}}) == 1
    mine = next(each for each in found if (each.unit_name, each.topic.code) == ("上城区", "T02"))
    assert mine.known == (Q2, Decimal(1250))
    assert mine.projection is not None
    # 1,100 in the five quarters to 2022Q1, 150 in the sixth: 1,250 in six, and as much again in the other six.
    assert mine.projection.point == 2500
    assert mine.remaining == 6


@on_sqlite
def test_vintages_are_found_by_what_they_correct_and_by_number(office: Office) -> None:
    with looking(office) as session, pytest.raises(BadInput, match="没有可比较的两版"):
        analysis.vintages(session, office.force, Q2, DISTRICTS, before=None, after=None)
    for day in (25, 26, 27):
        kept(office, Q2, date(2022, 7, day))
    with looking(office) as session:
        pair = analysis.vintages(session, office.force, Q2, DISTRICTS, before=None, after=None)
        assert [run.vintage for run in pair] == [2, 3]
        pair = analysis.vintages(session, office.force, Q2, DISTRICTS, before=1, after=3)
        assert [run.vintage for run in pair] == [1, 3]
        with pytest.raises(BadInput, match="没有第 7 版考核，现有：1、2、3"):
            analysis.vintages(session, office.force, Q2, DISTRICTS, before=7, after=None)
        with pytest.raises(BadInput, match="两个版次相同"):
            analysis.vintages(session, office.force, Q2, DISTRICTS, before=3, after=3)
        with pytest.raises(BadInput, match="没有第 0 版"):
            analysis.vintages(session, office.force, Q2, DISTRICTS, before=None, after=1)


@on_sqlite
def test_the_final_case_holds_the_conduct_of_the_years_with_a_scheme(office: Office) -> None:
    with looking(office) as session:
        found = analysis.final(session, office.force, DISTRICTS)
    assert found.years == (2022, 2023)
    assert str(found.case.quarter) == "2023Q4"
    mine = next(each for each in found.case.districts if each.name == "上城区")
    assert len(mine.requests) >= 2
    assert sum(part.weight for part in found.case.scheme.components) == 200
