"""Reading what was reported: as known at any moment, as lists, as rates, and as the assessment counts it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting_office import Office, at

from config.clock import day_of
from config.errors import Refused, UnknownName
from config.terms import RequestState
from database import Database, reading
from supervision.deadlines import Light
from supervision.periods import parse_period
from supervision.queries import reporting as reported

Q2 = {"T01": "480", "T02": "100"}


def lines(office: Office, as_of: str, **conditions: Any) -> list[reported.RequestLine]:
    with reading(office.database) as session:
        return reported.requests(session, office.force, as_of=day_of(at(as_of)), **conditions)


def test_figures_are_found_by_indicator_unit_and_period(office: Office) -> None:
    office.confirm(office.submit({"T01": "400"}, "04-18", period="2022Q1").request_id, "04-19")
    office.confirm(office.submit(Q2, "07-18").request_id, "07-19")
    with reading(office.database) as session:
        everything = reported.figures_as_known(session, office.force, known_at=at("08-01"))
        through = reported.figures_as_known(session, office.force, known_at=at("08-01"), through=parse_period("2022Q1"))
    assert everything["T01", "330102", "2022Q2"].value == 480
    assert everything["T01", "330102", "2022Q2"].filed_at == at("07-18")
    assert {period for _, _, period in everything} == {"2022Q1", "2022Q2"}
    assert {period for _, _, period in through} == {"2022Q1"}


def test_an_unconfirmed_version_hides_no_confirmed_one(office: Office) -> None:
    filed = office.submit(Q2, "07-12")
    office.confirm(filed.request_id, "07-13")
    office.send_back(filed.request_id, "07-14")
    office.submit(Q2 | {"T01": "500"}, "07-15")
    assert office.known("07-16")["T01", "330102"] == "480"
    assert office.known("07-16", confirmed_only=False)["T01", "330102"] == "500"


def test_a_moment_is_exclusive_like_the_end_of_a_day(office: Office) -> None:
    office.submit(Q2, "07-18 10:00")
    assert office.known("07-18 10:00", confirmed_only=False) == {}
    assert office.known("07-18 10:01", confirmed_only=False) != {}


def test_requests_are_listed_by_every_condition(office: Office) -> None:
    office.open("07-01")
    office.submit(Q2, "07-18")
    assert {line.unit for line in lines(office, "07-18", unit="330102")} == {"上城区"}
    assert len(lines(office, "07-18", form="district-quarterly", period="2022Q2")) == 13
    filed = lines(office, "07-18", state=RequestState.FILED)
    assert [(line.unit, line.form, line.light) for line in filed] == [("上城区", "district-quarterly", Light.BLUE)]
    assert lines(office, "07-18", state=RequestState.FILED, unit="滨江区") == []
    with pytest.raises(UnknownName):
        lines(office, "07-18", unit="火星区")


def test_requests_come_by_due_date(office: Office) -> None:
    office.open("07-01")
    due = [line.due for line in lines(office, "07-18")]
    assert due == sorted(due) and len(due) > 100


@pytest.mark.parametrize(
    ("as_of", "light"), [("07-12", Light.GREEN), ("07-13", Light.YELLOW), ("07-20", Light.YELLOW), ("07-21", Light.RED)]
)
def test_an_open_request_shines_by_the_plans_ladder(office: Office, as_of: str, light: Light) -> None:
    office.open("07-01")
    found = lines(office, as_of, form="district-quarterly", period="2022Q2", unit="上城区")
    assert [line.light for line in found] == [light]


def test_a_unit_is_listed_by_the_name_of_the_day(office: Office) -> None:
    office.open("07-01")
    named = office.force.plan.unit("浙江银保监局")
    later = max(each.start for each in named.successors)
    with reading(office.database) as session:
        found = reported.requests(session, office.force, as_of=later, unit=named.code)
    assert {line.unit for line in found} == {named.name_on(later)} != {named.name}


def test_rates_are_by_unit_and_period_in_official_order(office: Office) -> None:
    office.open("07-01")
    office.submit(Q2, "07-18")
    office.submit(Q2, "07-22", unit="滨江区", by="330108.liaison")
    with reading(office.database) as session:
        found = reported.rates(session, office.force, as_of=date(2022, 7, 25))
    by_key = {(each.unit, each.period): each.as_json() for each in found}
    assert by_key["330102", "2022Q2"] == {
        "unit": "330102", "period": "2022Q2", "expected": 1, "received": 1, "on_time": 1, "returned": 0,
        "completeness": "100.00", "timeliness": "100.00",
    }  # fmt: skip
    assert by_key["330108", "2022Q2"]["timeliness"] == "0.00"
    assert by_key["330105", "2022Q2"]["completeness"] == "0.00"
    order = [unit.code for unit in office.force.plan.units]
    places = [order.index(each.unit) for each in found]
    assert places == sorted(places)


def test_a_third_is_rounded_once(office: Office) -> None:
    rate = reported.UnitRate("330102", "2022Q2", reported.Rate(expected=3, received=2, on_time=1, returned=0))
    assert (rate.as_json()["completeness"], rate.as_json()["timeliness"]) == ("66.67", "33.33")


def test_facts_are_those_of_the_periods_asked_for(office: Office) -> None:
    office.open("04-01")
    office.open("07-01")

    def many(first: date, last: date, as_of: date) -> int:
        with reading(office.database) as session:
            return len(
                reported.request_facts(session, office.force, unit="上城区", first=first, last=last, as_of=as_of)
            )

    year = date(2022, 1, 1)
    # the quarter and the month of March; January and February were opened long after they were due
    assert many(year, date(2022, 3, 31), date(2022, 4, 25)) == 2
    assert many(year, date(2022, 3, 30), date(2022, 4, 25)) == 0
    assert many(year, date(2022, 6, 30), date(2022, 7, 25)) == 4
    assert many(year, date(2022, 6, 30), date(2022, 7, 20)) == 3  # the quarter is not overdue on its due date


# ---------------------------------------------------------------- any history


@dataclass
class Told:
    """What a person who watched one request would have written down."""

    versions: list[str] = field(default_factory=list)
    returned: int = 0
    state: RequestState = RequestState.OPEN
    confirmed: str | None = None
    late: bool = False
    due: date = date(2022, 7, 20)

    def do(self, office: Office, number: int, act: str, day: int) -> None:
        """Do `act` on a day of July, if it is allowed, and write down what it does."""
        when = f"07-{day:02}"
        try:
            if act == "confirm":
                office.confirm(number, when)
                self.state, self.confirmed = RequestState.CONFIRMED, self.versions[-1]
            elif act == "return":
                self.due = office.send_back(number, when).due
                self.state, self.returned = RequestState.RETURNED, self.returned + 1
            elif office.submit({"T01": act}, when).state == "filed":
                self.late = self.late if self.versions else date(2022, 7, day) > self.due
                self.versions.append(act)
                self.state = RequestState.FILED
        except Refused:
            pass

    def close(self) -> None:
        """Let the window close."""
        if self.state is RequestState.FILED:
            self.state, self.confirmed = RequestState.CONFIRMED, self.versions[-1]
        elif self.confirmed is not None:
            self.state = RequestState.CONFIRMED
        elif self.state is not RequestState.CONFIRMED:
            self.state = RequestState.MISSING


@contextmanager
def a_copy(template: Path) -> Iterator[Office]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "duban.db"
        shutil.copy(template, path)
        database = Database(f"sqlite:///{path}")
        yield Office(database)
        database.dispose()


acts = st.tuples(st.integers(1, 24), st.sampled_from(["confirm", "return", "100", "101", "102"]))


@given(history=st.lists(acts, max_size=9).map(lambda each: sorted(each, key=lambda act: act[0])))
@settings(max_examples=25)
def test_any_history_ends_as_its_record_tells(loaded_file: Path, history: list[tuple[int, str]]) -> None:
    with a_copy(loaded_file) as office:
        office.open("07-01")
        number = lines(office, "07-01", unit="上城区", form="district-quarterly", period="2022Q2")[0].id
        told = Told()
        for day, act in history:
            told.do(office, number, act, day)
        request = office.request(number)
        extended = request.closes > date(2022, 7, 24)
        office.close("08-01" if extended else "07-25")
        told.close()
        request = office.request(number)
        assert (request.state, request.returned, request.late) == (told.state, told.returned, told.late)
        assert [version.version for version in office.versions(number)] == list(range(1, len(told.versions) + 1))
        assert office.known("08-02").get(("T01", "330102")) == told.confirmed
        missing = told.state is RequestState.MISSING
        fact = {"late": told.late or not told.versions, "returned": told.returned, "missing": missing}
        assert fact in office.facts("08-01")


@given(moments=st.lists(st.integers(1, 23), min_size=2, max_size=5, unique=True).map(sorted))
@settings(max_examples=10)
def test_every_version_is_known_from_its_filing_to_the_next(loaded_file: Path, moments: list[int]) -> None:
    with a_copy(loaded_file) as office:
        for value, hour in enumerate(moments):
            office.submit({"T01": str(value + 1)}, f"07-18 {hour:02}:00")
        for value, hour in enumerate(moments):
            known = office.known(f"07-18 {hour:02}:01", confirmed_only=False)
            assert known["T01", "330102"] == str(value + 1)


def test_a_moment_has_a_zone(office: Office) -> None:
    with reading(office.database) as session, pytest.raises(Exception, match="naive"):
        reported.figures_as_known(session, office.force, known_at=datetime(2022, 7, 18))  # noqa: DTZ001
