"""Made-up people at work on items: every act of theirs goes through the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from config.terms import Action, Status
from demo import words
from demo.conduct import OpenItem, Wish, office_wish, unit_wish
from demo.incidents import others_responsible
from demo.scene import Scene
from supervision.ledger.acts import Act, perform
from supervision.queries.people import Actor

_OF_UNIT = frozenset(
    {Action.ACKNOWLEDGE, Action.REPORT_PROGRESS, Action.REPORT_COMPLETION, Action.REQUEST_EXTENSION, Action.DISPUTE}
)
_ASKED_BY_HEAD = frozenset({Action.REQUEST_EXTENSION, Action.DISPUTE})


def work_on(scene: Scene, items: Iterable[OpenItem]) -> None:
    """Note what units and office do to `items` today: one act to each at most, an answer of the office first."""
    for item in items:
        wish = _wish(scene, item)
        if wish is not None:
            do(scene, item, wish)


def do(scene: Scene, item: OpenItem, wish: Wish) -> None:
    """Note one act to an item; nothing is noted when there is nobody who may do it."""
    by = actor(scene, item, wish)
    if by is None:
        return

    def doing(at: datetime) -> object:
        act = Act(
            item.id, wish.action, by, at, comment=wish.comment, date=wish.date, to_unit=wish.to_unit,
            reason=wish.reason, source=wish.recorded_from, problems=wish.problems, next_steps=wish.next_steps,
        )  # fmt: skip
        return perform(scene.session, scene.force, act)

    scene.note(doing, "item", item.id)


def actor(scene: Scene, item: OpenItem, wish: Wish) -> Actor | None:
    """Return who does it. Of a sub-item the assignee does the unit's acts, and the unit's other person decides."""
    staff = scene.staff
    if wish.recorded_from is not None or (wish.action is Action.CLOSE and item.assignee is None):
        return staff.clerk()
    if item.assignee is not None:
        if wish.action in _OF_UNIT:
            return staff.person(item.assignee)
        return next((each for each in staff.of_unit(item.unit) if not _stands_for(each, item.assignee)), None)
    if wish.action in _OF_UNIT:
        return staff.head(item.unit) if wish.action in _ASKED_BY_HEAD else staff.liaison(item.unit)
    return staff.second(item.unit)


def _stands_for(person: Actor, login: str) -> bool:
    return login == person.login or any(holding.owner == login for holding in person.holdings)


def _wish(scene: Scene, item: OpenItem) -> Wish | None:
    habit = scene.world.habit_of(item)
    if item.status is Status.REGISTERED:
        return _elsewhere(scene, item)
    is_district = item.unit in scene.world.figures.districts
    return office_wish(item, habit, scene.day, is_district=is_district) or unit_wish(item, habit, scene.day)


def _elsewhere(scene: Scene, item: OpenItem) -> Wish:
    """Return where an item goes whose dispute was accepted: to another unit of its key task, if there is one."""
    others = others_responsible(item, scene.force.plan, scene.day) if item.is_of_plan else ()
    if not others:
        return Wish(Action.ASSIGN)
    return Wish(Action.REASSIGN, f"经研究，改由{others[0].name}办理{words.MADE_UP}", to_unit=others[0].code)
