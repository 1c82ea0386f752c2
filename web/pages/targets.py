"""目标任务: the targets of the districts; a district confirms its own or objects, the office answers."""

from __future__ import annotations

from sqlmodel import Session
from starlette.responses import Response

from config.clock import day_ends
from config.terms import Role, TargetState
from supervision.in_force import InForce
from supervision.ledger.targets import confirm_targets, object_to_target, uphold_target
from supervision.queries.people import Actor
from supervision.queries.targets import district_board
from web import inputs
from web.attempts import Step, attempt
from web.routing import Pages
from web.rules import EVERYBODY, OFFICE, UNITS
from web.visit import Visit, Visiting

pages = Pages()


@pages.show("/targets", EVERYBODY)
async def listed(visit: Visiting) -> Response:
    """Show the targets: all districts' to who oversees, a district's own to its people."""
    return _page(visit)


def _page(visit: Visit, *, error: str = "", status: int = 200, tried: str = "") -> Response:
    given = visit.request.query_params
    districts = {unit.code: unit.name_on(visit.force.today) for unit in visit.force.plan.districts}
    own = [code for code in districts if visit.force.unit_ids[code] in visit.sight.units]
    unit = inputs.text(given, "unit", longest=20) or (own[0] if own else "")
    if not visit.sight.everything and unit not in own:
        unit = own[0] if own else "-"
    state = inputs.term(TargetState, given, "state", "状态")
    known_at = day_ends(visit.force.today)
    board = district_board(visit.session, visit.force, known_at=known_at, unit=unit or None, state=state)
    return visit.page(
        "targets/list.html", status=status, error=error, tried=tried, given=visit.form, board=board, unit=unit,
        state=state, states=TargetState, districts=districts, own=own, everything=visit.sight.everything,
        office=visit.actor.holds(Role.OFFICE),
        proposed=[line.indicator for each in board for line in each.lines if line.state is TargetState.PROPOSED],
    )  # fmt: skip


@pages.do("/targets/{unit}/confirm", UNITS)
def confirm(visit: Visiting, unit: str) -> Response:
    """Confirm all targets of the district that wait for its word, or the one named."""

    def confirmed(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        one = inputs.text(visit.form, "indicator")
        done = confirm_targets(session, force, unit=unit, indicators=(one,) if one else (), by=actor, at=force.now)
        return "/targets", f"已确认 {len(done)} 项目标"

    return _attempt(visit, confirmed)


@pages.do("/targets/{unit}/{indicator}/object", UNITS)
def object_to(visit: Visiting, unit: str, indicator: str) -> Response:
    """Object to one target, with a reason."""

    def objected(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        comment = inputs.text(visit.form, "comment", "异议理由")
        object_to_target(session, force, unit=unit, indicator=indicator, comment=comment, by=actor, at=force.now)
        return "/targets", f"对 {indicator} 的异议已提交办公室"

    return _attempt(visit, objected, tried=f"{unit}/{indicator}")


@pages.do("/targets/{unit}/{indicator}/uphold", OFFICE)
def uphold(visit: Visiting, unit: str, indicator: str) -> Response:
    """Uphold a target in spite of an objection, with the reason."""

    def upheld(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        answer = inputs.text(visit.form, "comment", "答复")
        uphold_target(session, force, unit=unit, indicator=indicator, reason=answer, by=actor, at=force.now)
        return f"/targets?unit={unit}", f"已维持 {indicator} 的目标并答复"

    return _attempt(visit, upheld, tried=f"{unit}/{indicator}")


def _attempt(visit: Visit, step: Step, *, tried: str = "") -> Response:
    return attempt(visit, step, lambda error, status: _page(visit, error=error, status=status, tried=tried))
