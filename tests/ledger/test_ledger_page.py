"""The ledger a page at a time shows what the whole ledger shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from builders import CLERK, HEAD, LIAISON, UNIT, Office, day

from config.terms import Action, Role, Status
from database import reading
from supervision import cycle
from supervision.deadlines import Light
from supervision.queries import items as whole
from supervision.queries import lights
from supervision.queries.ledger_page import SORTS, Scope, Wanted, count, everything, ledger_page
from supervision.queries.people import Actor, Holding
from supervision.queries.sight import sight_of

DAY = day("2022-07-04")
CODE = "hangzhou-2021-2023"


@pytest.fixture
def office(office: Office) -> Office:
    """The first four key tasks generated, and some items in other states."""
    for task in (1, 2, 3, 4):
        cycle.supervise_key_task(office.database, CODE, task, as_of=day("2022-07-01"))
    number = office.a_signed_item(due=date(2022, 7, 6))
    office.act(
        number, Action.REQUEST_EXTENSION, by=LIAISON, when="2022-07-04", comment="数据未齐", date=date(2022, 8, 1)
    )
    office.act(office.a_reported_item(reported="2022-07-03"), Action.VERIFY, by=CLERK, when="2022-07-04")
    office.act(office.an_item(), Action.WITHDRAW, by=CLERK, when="2022-07-04", comment="取消")
    return office


def shown(office: Office, wanted: Wanted, login: str = CLERK, **page: int) -> list[int]:
    with reading(office.database) as session:
        sight = sight_of(session, office.force, office.actor(login, "2022-07-04"))
        return [row.id for row in ledger_page(session, office.force, sight, wanted, as_of=DAY, **page).rows]


def all_lines(office: Office) -> list[whole.ItemLine]:
    with reading(office.database) as session:
        return whole.items(session, office.force, as_of=DAY)


@pytest.mark.parametrize("light", list(Light))
def test_the_lights_asked_for_are_the_lights_shown(light: Light, office: Office) -> None:
    expected = [line.id for line in all_lines(office) if line.light is light]
    assert shown(office, Wanted(light=light), size=10_000) == expected
    assert expected or light is Light.YELLOW or light is Light.BLUE


def test_the_lights_counted_are_the_lights_of_the_items(office: Office) -> None:
    office.a_reported_item(reported="2022-07-03")
    expected: Counter[tuple[int, Light | None]] = Counter()
    for line in all_lines(office):
        if line.key_task and not line.retrospective and line.status is not Status.WITHDRAWN:
            expected[line.key_task, line.light] += 1
    with reading(office.database) as session:
        found = lights.counts(session, office.force, as_of=DAY)
    counted: Counter[tuple[int, Light | None]] = Counter()
    for (task, _), cell in found.items():
        counted.update({(task, light): many for light, many in cell.items()})
    assert counted == expected and {light for _, light in counted} >= {Light.GREEN, Light.BLUE, None}


def test_a_page_across_two_blocks_is_whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = shown(office, Wanted(scope=Scope.ALL), size=10_000)
    monkeypatch.setattr("supervision.queries.ledger_page.BLOCK", 30)
    wanted = Wanted(scope=Scope.ALL, descending=True)
    pages = [shown(office, wanted, page=page, size=50) for page in range(1, -(-len(everywhere) // 50) + 1)]
    assert [number for page in pages for number in page] == everywhere[::-1]


def test_each_scope_shows_its_part_and_together_they_are_the_ledger(office: Office) -> None:
    parts = {scope: shown(office, Wanted(scope=scope), size=10_000) for scope in Scope}
    assert sorted(parts[Scope.OPEN] + parts[Scope.DONE]) == sorted(parts[Scope.ALL])
    assert sorted(parts[Scope.ALL] + parts[Scope.RECORDED]) == sorted(line.id for line in all_lines(office))
    assert all(parts.values())


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_the_pages_in_any_order_hold_every_item_once(sort: str, descending: bool, office: Office) -> None:
    wanted = Wanted(scope=Scope.ALL, sort=sort, descending=descending)
    with reading(office.database) as session:
        sight = sight_of(session, office.force, office.actor(CLERK, "2022-07-04"))
        total = count(session, office.force, sight, wanted, as_of=DAY)
        exported = [row.id for row in everything(session, office.force, sight, wanted, as_of=DAY)]
    pages = [shown(office, wanted, page=page, size=37) for page in range(1, -(-total // 37) + 1)]
    assert [number for page in pages for number in page] == exported
    assert len(set(exported)) == total
    assert shown(office, wanted, page=9999, size=37) == pages[-1]


def test_filters_narrow_and_words_find_title_unit_and_number(office: Office) -> None:
    every = {line.id: line for line in all_lines(office)}
    one = next(line for line in every.values() if not line.retrospective and line.unit == UNIT)
    by_unit = shown(office, Wanted(scope=Scope.ALL, unit=UNIT), size=10_000)
    assert by_unit and {every[number].unit for number in by_unit} == {UNIT}
    assert set(shown(office, Wanted(scope=Scope.ALL, task=3), size=10_000)) == {
        line.id for line in every.values() if line.key_task == 3 and not line.retrospective
    }
    assert one.id in shown(office, Wanted(scope=Scope.ALL, words=str(one.id)), size=10_000)
    assert set(by_unit) <= set(shown(office, Wanted(scope=Scope.ALL, words=UNIT), size=10_000))
    assert shown(office, Wanted(words="%_\\' OR 1=1")) == []
    assert len(shown(office, Wanted(asks_extension=True))) == 1


def test_overdue_is_counted_in_working_days_and_the_classes_do_not_overlap(office: Office) -> None:
    overdue = [line for line in all_lines(office) if line.light is Light.RED]
    classes = [(1, 5), (6, 10), (11, None)]
    found = [shown(office, Wanted(overdue_from=first, overdue_to=last), size=10_000) for first, last in classes]
    assert sorted(number for part in found for number in part) == sorted(line.id for line in overdue)
    for (first, last), part in zip(classes, found, strict=True):
        passed = [date.fromordinal(line.due.toordinal() + 1) for line in overdue if line.id in part]
        assert all(first <= office.force.calendar.count(start, DAY) <= (last or 9999) for start in passed)


def test_a_unit_sees_its_own_and_a_lead_unit_also_the_supporting_units_items(office: Office) -> None:
    wanted = Wanted(scope=Scope.ALL)
    lines = {line.id: line for line in all_lines(office)}
    district = shown(office, wanted, login="330102.liaison", size=10_000)
    assert district and {lines[number].unit for number in district} == {"上城区"}
    leading = shown(office, wanted, login="ghzyj.liaison", size=10_000)
    assert {lines[number].key_task for number in leading if lines[number].unit != "市规划资源局"} == {3}
    with reading(office.database) as session:
        nobody = sight_of(session, office.force, Actor("x", 0, "x", (Holding(Role.ADMINISTRATOR, None),)))
        assert count(session, office.force, nobody, wanted, as_of=DAY) == 0
    assert shown(office, replace(wanted, status=Status.WITHDRAWN), login=HEAD) != []
