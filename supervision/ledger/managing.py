"""Who may change whose posts: managers those of others, nobody their own, administrators alone those of one.

Whoever could name themselves stand-in of a leader, or administrator, could be the second person to their own acts.
Source: docs/decisions/051-managing-people.md.
"""

from __future__ import annotations

from sqlmodel import Session

from config.errors import BadInput, Refused
from config.terms import Role
from supervision.in_force import InForce
from supervision.queries.people import UNIT_ROLES, Actor, actor
from supervision.queries.people_page import holds

MANAGERS = frozenset({Role.OFFICE, Role.ADMINISTRATOR})


def refuse_unmanaged(
    session: Session, force: InForce, *, by: Actor, login: str = "", to: str = "", role: Role | None = None
) -> None:
    """Raise Refused unless `by` may do it: to the person `login`, to the advantage of `to`, or giving `role`.

    `to` is whoever gets a post or stands in; it may not be `by`, nor whom `by` stands in for.
    """
    if not by.holding(MANAGERS):
        raise Refused("人员由领导小组办公室或系统管理员管理")
    if to and to in by.names:
        raise Refused("不能给自己（或所代办的人）任职、委托或移交岗位，请由另一位管理人员办理")
    touched = role is Role.ADMINISTRATOR or any(_administers(session, force, name) for name in {login} - {""})
    if touched and not by.holds(Role.ADMINISTRATOR):
        raise Refused("系统管理员的任职、委托、交接和停用由系统管理员办理")


def refuse_leaving(*, by: Actor, login: str, what: str = "停用自己（或所代办的人）") -> None:
    """Raise Refused when somebody would switch off themselves, or end an own post: `what` says which.

    The last administrator could shut everybody out.
    """
    if login in by.names:
        raise Refused(f"不能{what}，请由另一位管理人员办理")


def seat(force: InForce, role: Role, unit: str) -> int | None:
    """Return the number of the unit for which a role is held: `unit` is a name or code, empty for none.

    The office's people belong to the unit that houses it unless another is named, because nobody decides on items of
    their own unit. Raises BadInput for a unit role without a unit, UnknownName for the unit.
    """
    if not unit and role in UNIT_ROLES:
        raise BadInput(f"“{role.label}”属于某个单位，请选择单位")
    if not unit and role is Role.OFFICE:
        unit = force.plan.office.unit
    return force.unit_id(unit) if unit else None


def _administers(session: Session, force: InForce, login: str) -> bool:
    """Return whether the person is an administrator, now or later, or stands in for one today."""
    if holds(session, force, login, Role.ADMINISTRATOR, on=force.today):
        return True
    try:
        return actor(session, force.tenant_id, login, on=force.today).holds(Role.ADMINISTRATOR)
    except Refused:
        return False
