"""委托 as forms bring it: by a manager for somebody, or by somebody for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from config.errors import BadInput
from supervision.in_force import InForce
from supervision.ledger import people
from supervision.queries.people import Actor
from web import inputs
from web.visit import Visit

_REASON = 200


@dataclass(frozen=True)
class Given:
    """A delegation as it was filled in."""

    to: str
    since: date
    until: date
    reason: str

    def put(self, session: Session, force: InForce, *, login: str, by: Actor) -> None:
        """Keep it as a delegation of `login`. Raises as `delegate` does."""
        people.delegate(
            session, force.tenant_id, login=login, to=self.to, since=self.since, until=self.until, reason=self.reason,
            at=force.now, by=by.login,
        )  # fmt: skip

    @property
    def said(self) -> str:
        """Return what is said of it once it is kept."""
        return f"{self.since} 至 {self.until} 由 {self.to} 代为办理"


def delegation_of(visit: Visit, force: InForce) -> Given:
    """Return the delegation in the form; without a first day it begins today. Raises BadInput."""
    form = visit.form
    to = inputs.text(form, "to", "代办人", needed=True)
    since, until = inputs.day(form, "since", "委托起日"), inputs.day(form, "until", "委托止日")
    if until is None:
        raise BadInput("请填写“委托止日”")
    reason = inputs.text(form, "reason", "委托事由", needed=True, longest=_REASON)
    return checked(force, to=to, since=since, until=until, reason=reason)


def checked(force: InForce, *, to: str, since: date | None, until: date, reason: str) -> Given:
    """Return a delegation that can still be of use; without a first day it begins today. Raises BadInput."""
    if not reason:
        raise BadInput("请填写“委托事由”")
    if until < force.today:
        raise BadInput(f"委托止日 {until} 已过，请填写今天或以后的日期")
    return Given(to, since or force.today, until, reason)


def typed_into(visit: Visit) -> Mapping[str, str]:
    """Return what was typed into the form that came, field by field; empty on a page that was only asked for."""
    return {name: value for name, value in visit.form.items() if isinstance(value, str) and name != "csrf"}
