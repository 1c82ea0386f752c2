"""A return after the day of an assessment leaves what was known on that day as it was, row by row."""

from __future__ import annotations

from reporting_office import Office


def test_a_return_with_a_later_due_date_does_not_change_the_order_of_an_earlier_day(office: Office) -> None:
    office.open("07-01")
    quarterly = office.submit({"T01": "480", "T02": "100"}, "07-22").request_id
    monthly = office.submit({"T06": "3"}, "07-05", form="district-upgrade-monthly", period="2022-06").request_id
    assert quarterly < monthly, "made in the other order than due"
    office.confirm(quarterly, "07-23")
    office.confirm(monthly, "07-06")
    before = office.facts("07-25")
    assert [each["late"] for each in before] == [True, False]

    office.send_back(quarterly, "07-28")
    office.send_back(monthly, "07-28")

    assert office.facts("07-25") == before
