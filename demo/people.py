"""Opening a demonstration: in an empty database only, with post accounts that say that nobody holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.errors import Refused
from config.plan import Plan
from database import chain
from demo.lots import Lots
from models import Event, Person
from models import Plan as PlanRow
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger.plan import put_plan
from supervision.queries.people import flow

DIRECTOR = flow("demo")
"""Who opens a demonstration, in the audit."""

MAIL_DOMAIN = "example.invalid"
"""No mail can ever leave for this domain. Source: RFC 2606."""

OPENS = time(8)
"""When the office opens on the day the plan is issued: before the first run of the morning."""

MADE_UP = "（模拟）"
_BEGIN = "begin_demonstration"
_SETTING_UP = frozenset({"load_plan", "apportion_targets"})
"""Events that are no work: a database with nothing else in it is empty."""


def begin(session: Session, plan: Plan, *, seed: int, at: datetime) -> tuple[InForce, Lots]:
    """Load the plan if it is not there, turn it into a demonstration, and return it with the lots it is played by.

    A demonstration that has begun is returned as it stands, with its own seed. Raises Refused when real work has been
    done for the tenant: made-up people are never put beside real ones.
    """
    force = put_plan(session, plan, at=at)
    row = session.get_one(PlanRow, force.plan_id)
    if row.demonstrated_until is not None:
        return force, Lots(_seed(session, force))
    _refuse_real_work(session, force.tenant_id)
    lots = Lots(seed)
    logins = _make_up(session, force.tenant_id, lots)
    row.demonstrated_until = plan.issued - timedelta(days=1)
    data = {"seed": str(seed), "people": len(logins), "says": "模拟数据"}
    entry = chain.Entry(_BEGIN, at, DIRECTOR.login, plan_id=force.plan_id, data=data)
    chain.append(session, force.tenant_id, [entry])
    session.flush()
    return in_force.load(session, plan.code), lots


def _seed(session: Session, force: InForce) -> int:
    begun = select(Event).where(col(Event.plan_id) == force.plan_id, col(Event.action) == _BEGIN)
    return int(session.scalars(begun).one().data["seed"])


def played(session: Session, force: InForce, day: date) -> None:
    """Keep that the demonstration has been played through `day`."""
    session.get_one(PlanRow, force.plan_id).demonstrated_until = day


def _refuse_real_work(session: Session, tenant_id: int) -> None:
    work = select(func.count()).where(col(Event.tenant_id) == tenant_id, col(Event.action).not_in(_SETTING_UP))
    if done := session.scalars(work).one():
        raise Refused(
            f"数据库里已有 {done} 条工作记录，模拟数据不能与之混在一起："
            "请用 DUBAN_HOME 和 DUBAN_DATABASE_URL 另指一个空库，再运行 duban demo"
        )


def _make_up(session: Session, tenant_id: int, lots: Lots) -> Sequence[str]:
    """Mark everybody as made up and give them addresses that lead nowhere, but for one who has none."""
    people = session.scalars(select(Person).where(col(Person.tenant_id) == tenant_id)).all()
    logins = lots.shuffled((person.login for person in people), "without address")
    for person in people:
        person.synthetic = True
        person.name = person.name.removesuffix(MADE_UP) + MADE_UP
        person.email = None if person.login == logins[0] else f"{person.login}@{MAIL_DOMAIN}"
    return logins
