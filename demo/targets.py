"""Made-up people at work on targets: they are sent out, confirmed, objected to, and the office answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from config.plan import Indicator, Plan
from config.terms import Role, TargetState
from demo import words
from demo.conduct import Day, Span
from demo.scene import Scene
from supervision.apportion import Overridden, family
from supervision.apportion.splitting import is_split, quantum_of
from supervision.ledger import targets as ledger

SENT_OUT_AFTER = 2
"""Working days from the issue of the plan; like all that follows, made up to look like an office."""
OBJECTED_AFTER: Span = (4, 5)
CONFIRMED_AFTER: Span = (6, 14)
ANSWERED_AFTER: Span = (3, 6)
LIGHTER = Decimal("0.9")
"""What is left of a target when the office gives way."""
ROOM = 10
"""Steps that a target has at least when somebody asks for less of it."""
SILENT_FROM = 4
"""From so many districts on there is one that never says anything to its targets."""


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """The newest version of a district's target that is not confirmed; `indicator` and `unit` are codes.

    `since`: the day from which the district had it. `objected_on` and `answered_on` are None until then.
    """

    indicator: str
    unit: str
    version: int
    target: Decimal
    state: TargetState
    since: date
    objected_on: date | None
    answered_on: date | None


@dataclass(frozen=True)
class Parts:
    """Who does what about the targets, the same on every day. `objects` is the one indicator by district.

    `gets_less`: the district to which the office gives way; the others' objections are not upheld. `silent`: who
    never answers.
    """

    objects: Mapping[str, str]
    gets_less: str | None
    silent: str | None


def parts_of(plan: Plan, day: Day) -> Parts:
    """Return the parts by lot: two districts object, and of four or more one is silent."""
    order = day.lots.shuffled((unit.code for unit in plan.districts), "targets")
    by_code = {each.code: each for each in plan.indicators if each.apportion is not None and each.target}
    light = [code for code, each in by_code.items() if _can_be_less(plan, each)]
    objects, gets_less = {}, None
    if order and light:
        gets_less = order[0]
        objects[gets_less] = day.lots.shuffled(light, "objected", gets_less)[0]
    left = [code for code in by_code if code not in objects.values()]
    if len(order) > 1 and left:
        objects[order[1]] = day.lots.shuffled(left, "objected", order[1])[0]
    return Parts(objects, gets_less, order[-1] if len(order) >= SILENT_FROM else None)


def _can_be_less(plan: Plan, indicator: Indicator) -> bool:
    """Return whether one district's target can be lowered without any other indicator being touched."""
    alone = family(plan, indicator.code) == {indicator.code}
    return is_split(indicator) and alone


def less_of(indicator: Indicator, target: Decimal) -> Decimal | None:
    """Return a lighter target, in whole steps; None where there are too few to give any away."""
    if target < ROOM * quantum_of(indicator):
        return None
    return (target * LIGHTER).quantize(quantum_of(indicator), rounding=ROUND_FLOOR)


def work_on(scene: Scene, open_now: Sequence[OpenTarget]) -> None:
    """Note what office and districts do about the targets that are not confirmed."""
    if not open_now or not scene.staff.clerk().holds(Role.OFFICE):
        return
    plan, day = scene.force.plan, scene.day
    proposed = any(each.state is TargetState.PROPOSED for each in open_now)
    if proposed and day.as_of == day.calendar.add(plan.issued, SENT_OUT_AFTER):
        by = scene.staff.clerk()
        scene.note(lambda at: ledger.tell_pending(scene.session, scene.force, by=by, at=at), "targets sent out")
    parts = parts_of(plan, day)
    for unit in dict.fromkeys(each.unit for each in open_now):
        if unit != parts.silent:
            _district(scene, parts, unit, [each for each in open_now if each.unit == unit])
    for each in open_now:
        if each.state is TargetState.OBJECTED and each.objected_on is not None:
            _answer(scene, parts, each, each.objected_on)


def _district(scene: Scene, parts: Parts, unit: str, own: Sequence[OpenTarget]) -> None:
    """Note what a district does: it objects first, then confirms what it has nothing against, then what was upheld."""
    day = scene.day
    proposed = [each for each in own if each.state is TargetState.PROPOSED]
    disliked = next((each for each in proposed if _is_disliked(parts, each)), None)
    if disliked is not None:
        if day.as_of >= day.after(disliked.since, OBJECTED_AFTER, "objects", unit):
            _object(scene, disliked)
        return
    if proposed:
        since = max(each.since for each in proposed)
        if day.as_of >= day.after(since, CONFIRMED_AFTER, "confirms", unit, since):
            _confirm(scene, unit)
    for each in own:
        if each.state is TargetState.UPHELD and each.answered_on is not None:
            if day.as_of >= day.after(each.answered_on, CONFIRMED_AFTER, "gives in", unit):
                _confirm(scene, unit, each.indicator)


def _is_disliked(parts: Parts, each: OpenTarget) -> bool:
    return each.version == 1 and parts.objects.get(each.unit) == each.indicator


def _object(scene: Scene, each: OpenTarget) -> None:
    by, comment = scene.staff.liaison(each.unit), scene.day.words(words.TOO_MUCH, each.unit)
    scene.note(
        lambda at: ledger.object_to_target(
            scene.session, scene.force, unit=each.unit, indicator=each.indicator, comment=comment, by=by, at=at
        ),
        "target objected", each.unit,
    )  # fmt: skip


def _confirm(scene: Scene, unit: str, *indicators: str) -> None:
    by = scene.staff.head(unit)
    scene.note(
        lambda at: ledger.confirm_targets(
            scene.session, scene.force, unit=unit, indicators=indicators, by=by, at=at
        ),
        "targets confirmed", unit, *indicators,
    )  # fmt: skip


def _answer(scene: Scene, parts: Parts, each: OpenTarget, objected_on: date) -> None:
    """Note the office's answer: less for the one to which it gives way, for anybody else the reason why not."""
    by = scene.staff.clerk()
    if scene.day.as_of < scene.day.after(objected_on, ANSWERED_AFTER, "answers", each.unit):
        return
    less = less_of(scene.force.plan.indicator(each.indicator), each.target) if each.unit == parts.gets_less else None
    touched = {scene.force.unit_ids[unit.code] for unit in scene.force.plan.districts}
    if by.unit_ids & touched:
        return  # nobody decides on their own district's targets
    if less is None:
        reason = scene.day.words(words.NO_LESS, each.unit)
        scene.note(
            lambda at: ledger.uphold_target(
                scene.session, scene.force, unit=each.unit, indicator=each.indicator, reason=reason, by=by, at=at
            ),
            "target upheld", each.unit,
        )  # fmt: skip
        return
    reason, wanted = scene.day.words(words.LESS, each.unit), Overridden(each.indicator, each.unit, less)
    scene.note(
        lambda at: ledger.change_targets(scene.session, scene.force, wanted, reason=reason, by=by, at=at),
        "target lowered", each.unit,
    )  # fmt: skip
