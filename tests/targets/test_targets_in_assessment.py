"""What an assessment takes of the targets: those known on its day, whatever was set since."""

from __future__ import annotations

from datetime import date
from typing import Any

from target_office import BINJIANG, CHUNAN, Office, changed, on_sqlite

from config.plan import Plan
from config.terms import Population
from database import reading
from supervision.periods import parse_quarter
from supervision.queries.case import gather
from supervision.scoring import assess, read_case
from supervision.workdays import published


def figure(office: Office, as_of: date, code: str = "T06", district: str = BINJIANG) -> dict[str, Any]:
    with reading(office.database) as session:
        found = gather(session, office.force, parse_quarter("2022Q2"), Population.DISTRICTS, as_of=as_of)
    row = next(each for each in found.case["districts"] if each["code"] == district)
    line: dict[str, Any] = row["figures"][code]
    return line


@on_sqlite
def test_a_target_that_was_set_later_does_not_reach_back(office: Office) -> None:
    office.set_one(120, "07-26")
    assert figure(office, date(2022, 7, 25))["target"] == "42"
    assert figure(office, date(2022, 7, 26))["target"] == "120"


@on_sqlite
def test_a_target_holds_while_an_objection_to_it_is_open(office: Office) -> None:
    office.object_to("T06")
    assert figure(office, date(2022, 7, 25), district=CHUNAN)["target"] == "28"


@on_sqlite
def test_an_item_under_efficacy_is_scored_between_the_values_of_the_scheme(office: Office, hangzhou: Plan) -> None:
    def change(data: dict[str, Any]) -> None:
        scheme = {**data["assessment"]["schemes"][0], "code": "districts-2022b", "first_quarter": "2022Q2"}
        component = {**scheme["components"][0]}
        component["items"] = [
            {**item, "rule": "efficacy", "good": "3", "bad": "1"} if item["code"] == "T17" else item
            for item in component["items"]
        ]
        scheme["components"] = [component, *scheme["components"][1:]]
        data["assessment"]["schemes"].append(scheme)

    office.load(changed(hangzhou, change), "02-01")
    line = figure(office, date(2022, 7, 25), "T17")
    assert (line["good"], line["bad"]) == ("3", "1")
    with reading(office.database) as session:
        found = gather(session, office.force, parse_quarter("2022Q2"), Population.DISTRICTS, as_of=date(2022, 7, 25))
    assert len(assess(read_case(found.case), calendar=published()).as_json()["districts"]) == 13
