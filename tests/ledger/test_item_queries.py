"""The list of items, one item's history, and the board of key tasks."""

from __future__ import annotations

from typing import Any

import pytest
from builders import CHIEF, CLERK, LIAISON, OTHER_UNIT, OWN_UNIT, UNIT, Office, at, day, on_sqlite

from config.errors import UnknownName
from config.terms import Action, Responsibility, Status
from database import reading
from supervision.deadlines import Light
from supervision.queries import items as queries
from supervision.queries.items import ItemLine, TaskLight

A, S = Action, Status
pytestmark = on_sqlite


def listed(office: Office, as_of: str = "2022-07-20", **filters: Any) -> list[ItemLine]:
    with reading(office.database) as session:
        return queries.items(session, office.force, as_of=day(as_of), **filters)


def numbers(office: Office, as_of: str = "2022-07-20", **filters: Any) -> list[int]:
    return [line.id for line in listed(office, as_of, **filters)]


def board(office: Office, as_of: str) -> dict[int, TaskLight]:
    with reading(office.database) as session:
        return {each.number: each for each in queries.board(session, office.force, as_of=day(as_of))}


def test_a_line_has_the_keys_of_the_contract_with_dates_and_instants_as_text(office: Office) -> None:
    number = office.a_reported_item("2022-07-28 17:05")
    office.act(number, A.VERIFY, by=CLERK, when="2022-08-05")
    data = office.line(number).as_json()
    wanted = {
        "id": number, "source": "plan", "key_task": 1, "measure": "M01-08", "title": "推进“小升规”", "unit": UNIT,
        "role": "lead", "period": "2022Q2", "status": "completed", "original_due": "2022-07-29", "due": "2022-07-29",
        "completed": "2022-07-28T17:05:00+08:00", "light": "blue", "rung": None,
    }  # fmt: skip
    assert {key: data[key] for key in wanted} == wanted


def test_a_matter_from_outside_has_no_measure(office: Office) -> None:
    [number] = office.a_matter()
    line = office.line(number)
    assert (line.source, line.key_task, line.measure, line.completed) == ("meeting", None, None, None)


def test_every_filter_narrows_and_all_of_them_together(office: Office) -> None:
    early, late = office.an_item(due=day("2022-07-15")), office.a_signed_item(due=day("2022-08-15"))
    other = office.an_item(unit=OTHER_UNIT, due=day("2022-07-18"), role=Responsibility.SUPPORTING)
    [matter] = office.a_matter(due=day("2022-07-19"), key_task=3)
    assert numbers(office) == [early, other, matter, late]
    assert numbers(office, status=S.ACKNOWLEDGED) == [late]
    assert numbers(office, unit=UNIT) == numbers(office, unit="jxj") == [early, matter, late]
    assert numbers(office, task=1) == [early, other, late]
    assert numbers(office, task=3) == [matter]
    assert numbers(office, overdue=True) == [early, other, matter]
    assert numbers(office, overdue=True, unit=UNIT, task=1, status=S.ASSIGNED) == [early]


def test_an_item_is_overdue_from_the_day_after_its_due_date(office: Office) -> None:
    number = office.an_item()
    assert numbers(office, "2022-07-29", overdue=True) == []
    assert numbers(office, "2022-07-30", overdue=True) == [number]


def test_what_waits_rests_or_is_done_is_not_overdue(office: Office) -> None:
    waiting, disputed = office.a_reported_item(), office.a_signed_item()
    suspended, done = office.a_signed_item(), office.a_reported_item()
    office.act(disputed, A.DISPUTE, by=LIAISON, comment="x")
    office.act(suspended, A.SUSPEND, by=CLERK, comment="x", reason="upstream")
    office.act(done, A.VERIFY, by=CLERK)
    office.an_item(due=day("2021-10-20"), retrospective=True)
    assert numbers(office, "2022-09-30", overdue=True) == []
    assert [office.line(each, "2022-09-30").light for each in (waiting, disputed, suspended, done)] == [
        None, None, None, Light.BLUE,
    ]  # fmt: skip


def test_what_is_filtered_by_must_be_there(office: Office) -> None:
    with pytest.raises(UnknownName, match="市气象局"):
        listed(office, unit="市气象局")
    with pytest.raises(UnknownName, match="13"):
        listed(office, task=13)
    with pytest.raises(UnknownName, match="4711"):
        office.line(4711)
    with pytest.raises(UnknownName, match="4711"):
        office.history(4711)


def test_a_light_turns_yellow_five_working_days_before_and_red_after_the_due_date(office: Office) -> None:
    number = office.an_item()
    days = ("2022-07-21", "2022-07-22", "2022-07-29", "2022-07-30")
    assert [office.line(number, as_of).light for as_of in days] == ["green", "yellow", "yellow", "red"]


def test_a_history_tells_everything_in_order_with_local_time(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-07-22")
    history = office.history(number)
    assert [line.action for line in history] == ["assign", "acknowledge", "remind"]
    assert [line.seq for line in history] == sorted(line.seq for line in history)
    assert [line.actor for line in history] == ["flow:supervise_key_task", LIAISON, "flow:escalate_overdue"]
    assert history[0].at == at("2022-07-01 08:35")
    assert history[0].at.isoformat() == "2022-07-01T08:35:00+08:00"
    assert history[-1].data["to"] == [LIAISON]


# --- the board


def test_the_board_has_every_key_task_in_order_also_without_items(office: Office) -> None:
    found = board(office, "2022-07-20")
    assert list(found) == list(range(1, 13))
    assert {(each.light, each.units, each.items) for each in found.values()} == {(None, (), 0)}
    assert found[1].lead_unit == OWN_UNIT


def test_a_key_task_shows_the_worst_of_its_items_with_the_units_it_comes_from(office: Office) -> None:
    office.an_item(unit=OWN_UNIT, due=day("2022-12-30"))
    office.an_item(due=day("2022-07-29"))
    office.an_item(unit=OTHER_UNIT, due=day("2022-07-29"), role=Responsibility.SUPPORTING)
    done = office.a_reported_item("2022-07-04")
    office.act(done, A.VERIFY, by=CHIEF)
    assert [board(office, as_of)[1].light for as_of in ("2022-07-21", "2022-07-25", "2022-08-01")] == [
        "green", "yellow", "red",
    ]  # fmt: skip
    late = board(office, "2022-08-01")[1]
    assert late.units == (UNIT, OTHER_UNIT)
    assert late.counts == {Light.RED: 2, Light.GREEN: 1, Light.BLUE: 1}
    assert late.items == 4
    assert board(office, "2022-07-21")[1].units == ()


def test_a_late_supporter_does_not_turn_the_lead_red(office: Office) -> None:
    lead = office.an_item(unit=OWN_UNIT, due=day("2022-12-30"))
    office.an_item(unit=OTHER_UNIT, role=Responsibility.SUPPORTING)
    assert board(office, "2022-08-01")[1].units == (OTHER_UNIT,)
    assert office.line(lead, "2022-08-01").light is Light.GREEN


def test_the_board_leaves_out_what_was_withdrawn_and_what_was_before_the_plan(office: Office) -> None:
    office.an_item(due=day("2021-10-20"), retrospective=True)
    for archived in (False, True):
        number = office.a_signed_item()
        office.act(number, A.WITHDRAW, by=CLERK, comment="x")
        if archived:
            office.act(number, A.ARCHIVE, by=CLERK)
    assert (board(office, "2022-08-01")[1].light, board(office, "2022-08-01")[1].items) == (None, 0)
    done = office.a_reported_item()
    for action, by in ((A.VERIFY, CLERK), (A.CLOSE, CLERK), (A.ARCHIVE, CLERK)):
        office.act(done, action, by=by)
    assert (board(office, "2022-08-01")[1].light, board(office, "2022-08-01")[1].items) == (Light.BLUE, 1)


def test_the_board_counts_what_the_list_shows(office: Office) -> None:
    for due in ("2022-07-15", "2022-07-22", "2022-07-29", "2022-12-30"):
        office.an_item(due=day(due))
        office.a_signed_item(unit=OTHER_UNIT, due=day(due))
    office.a_reported_item()
    lights = [line.light for line in listed(office, "2022-07-21", task=1)]
    shown = board(office, "2022-07-21")[1]
    assert shown.counts == {light: lights.count(light) for light in Light if light in lights}
    assert shown.items == len(lights)
