"""Made-up people at work on the results: 加减分, 公示, 申诉 and 复核, 核查 of flags, 发布."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import col

from config.clock import day_of
from config.terms import AssessmentState, Decision, Finding, Population
from demo import words
from demo.scene import Scene
from models import Adjustment, Assessment, Flag, Objection
from supervision.ledger import flags, objections, publication, verdicts
from supervision.periods import Period, quarter_of
from supervision.queries.case import populations

PRAISED_ON = 12
"""Number of the working day in its quarter on which the office proposes points for the quarter before."""
POINTS = Decimal("0.5")
OBJECTS_AFTER = 2
"""Working days after the opening on which somebody objects."""

_OfRun = TypeVar("_OfRun", Objection, Flag)


def take_forward(scene: Scene) -> None:
    """Note what is done today about points and results, each by somebody who may."""
    if scene.day.calendar.count(quarter_of(scene.day.as_of).first, scene.day.as_of) == PRAISED_ON:
        _praise(scene)
    _decide_on_points(scene)
    for run in _newest(scene):
        if run.state is AssessmentState.DRAFT and run.as_of < scene.day.as_of:
            _open(scene, run)
        if run.state is AssessmentState.PUBLICITY:
            _under_publicity(scene, run)


def _praise(scene: Scene) -> None:
    quarter = _quarter_before(scene)
    if Population.DISTRICTS not in populations(scene.force, quarter):
        return
    unit = scene.day.lots.shuffled((each.code for each in scene.force.plan.districts), "praised", quarter)[0]
    by = scene.staff.clerk()
    if scene.force.unit_ids[unit] in by.unit_ids:
        return

    reason = scene.day.words(words.PRAISE, quarter)
    scene.note(
        lambda at: verdicts.propose_adjustment(
            scene.session, scene.force, quarter, unit, POINTS, reason=reason, by=by, at=at
        ),
        "praise", quarter,
    )  # fmt: skip


def _quarter_before(scene: Scene) -> Period:
    first = quarter_of(scene.day.as_of).first
    return quarter_of(first.fromordinal(first.toordinal() - 1))


def _decide_on_points(scene: Scene) -> None:
    pending = select(Adjustment).where(
        col(Adjustment.plan_id) == scene.force.plan_id, col(Adjustment.decision) == Decision.PENDING
    )
    for row in scene.session.scalars(pending.order_by(col(Adjustment.id))):
        _approve(scene, row)


def _approve(scene: Scene, row: Adjustment) -> None:
    by, number = scene.staff.signer(scene.force.unit_codes[row.unit_id]), row.id or 0
    comment = scene.day.words(words.APPROVED, number)
    if by is not None:
        scene.note(
            lambda at: verdicts.decide_adjustment(
                scene.session, scene.force, number, approve=True, comment=comment, by=by, at=at
            ),
            "points", number,
        )  # fmt: skip


def _newest(scene: Scene) -> list[Assessment]:
    statement = select(Assessment).where(col(Assessment.plan_id) == scene.force.plan_id)
    newest: dict[tuple[str, Population], Assessment] = {}
    for run in scene.session.scalars(statement.order_by(col(Assessment.vintage))):
        newest[run.quarter, run.population] = run
    return list(newest.values())


def _open(scene: Scene, run: Assessment) -> None:
    number, by = run.id or 0, scene.staff.clerk()
    scene.note(lambda at: publication.open_publicity(scene.session, scene.force, number, by=by, at=at), "open", number)


def _under_publicity(scene: Scene, run: Assessment) -> None:
    """Answer what waits; when nothing does, let somebody object early on, and publish when the term is over."""
    objected = _of(scene, run, Objection)
    waiting = [row for row in objected if row.decision is Decision.PENDING]
    unseen = [row for row in _of(scene, run, Flag) if row.finding is Finding.OPEN]
    for row in waiting:
        _reject(scene, row)
    for flag in unseen:
        _clear(scene, flag)
    if waiting or unseen or run.opened_at is None or run.objections_until is None:
        return
    if scene.day.as_of > run.objections_until:
        _publish(scene, run)
    elif not objected and scene.day.as_of >= scene.day.calendar.add(day_of(run.opened_at), OBJECTS_AFTER):
        _object(scene, run)


def _of(scene: Scene, run: Assessment, kind: type[_OfRun]) -> list[_OfRun]:
    rows = select(kind).where(col(kind.plan_id) == run.plan_id, col(kind.assessment_id) == run.id)
    return list(scene.session.scalars(rows.order_by(col(kind.id))))


def _object(scene: Scene, run: Assessment) -> None:
    """Let the unit that came last object to its result as a whole."""
    unit, number = run.result["districts"][-1]["code"], run.id or 0
    by, grounds = scene.staff.head(unit), scene.day.words(words.OBJECTIONS, number)
    scene.note(
        lambda at: objections.object_to(
            scene.session, scene.force, number, subject="", grounds=grounds, by=by, at=at, unit=unit
        ),
        "object", number,
    )  # fmt: skip


def _reject(scene: Scene, row: Objection) -> None:
    by, number = scene.staff.signer(scene.force.unit_codes[row.unit_id]), row.id or 0
    ruling = scene.day.words(words.RULINGS, number)
    if by is not None:
        scene.note(
            lambda at: objections.rule(
                scene.session, scene.force, number, uphold=False, ruling=ruling, by=by, at=at
            ),
            "rule", number,
        )  # fmt: skip


def _clear(scene: Scene, row: Flag) -> None:
    by, number = scene.staff.second(scene.force.unit_codes[row.unit_id]), row.id or 0
    comment = scene.day.words(words.LOOKED_INTO, number)
    if by is not None:
        scene.note(
            lambda at: flags.decide_flag(
                scene.session, scene.force, number, upheld=False, comment=comment, by=by, at=at
            ),
            "flag", number,
        )  # fmt: skip


def _publish(scene: Scene, run: Assessment) -> None:
    by, number = scene.staff.leader(), run.id or 0
    if by is not None:
        scene.note(lambda at: publication.publish(scene.session, scene.force, number, by=by, at=at), "publish", number)
