"""The plan as it is in force: what every flow and every act is told beside the time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session, col

from config import clock
from config.errors import BadInput, UnknownName
from config.plan import Plan
from database.remembered import remembered
from models import CalendarYear, Ladder, PlanVersion, Tenant, Unit
from models import Plan as PlanRow
from supervision import escalation
from supervision.workdays import Workdays, WorkingTime, published, read_arrangement


@dataclass(frozen=True)
class InForce:
    """One plan of one tenant: its content, its calendar, its ladder, and the database's numbers for its units."""

    tenant_id: int
    plan_id: int
    plan: Plan
    calendar: Workdays
    ladder: escalation.Ladder
    ladder_id: int
    unit_ids: Mapping[str, int]
    """By the unit's code."""
    unit_names: Mapping[int, str]
    """The names of the table, for bureaus that the plan does not have."""
    demonstrated_until: date | None = None
    """模拟数据: the day at which a demonstration stands; None: real work."""

    @property
    def today(self) -> date:
        """Return the day it is for this plan: the clock's, or the one at which a demonstration stands."""
        return self.demonstrated_until or clock.today()

    @property
    def now(self) -> datetime:
        """Return the instant it is for this plan: the clock's, or noon of the day at which a demonstration stands."""
        return clock.moment(self.demonstrated_until, time(12)) if self.demonstrated_until else clock.now()

    @cached_property
    def working_time(self) -> WorkingTime:
        """Return when notices may leave."""
        hours = self.plan.ladder.working_time
        return WorkingTime(calendar=self.calendar, opens=hours.opens, closes=hours.closes)

    @cached_property
    def unit_codes(self) -> Mapping[int, str]:
        """Return the unit's code by the database's number."""
        return {number: code for code, number in self.unit_ids.items()}

    def unit_id(self, name: str) -> int:
        """Return the number of the unit of that name or code, bureaus included. Raises UnknownName."""
        if name in self.unit_ids:
            return self.unit_ids[name]
        for number, known in self.unit_names.items():
            if known == name:
                return number
        return self.unit_ids[self.plan.unit(name).code]


def load(session: Session, plan_code: str = "") -> InForce:
    """Return the plan of that code; without a code, the only one there is.

    `plan_code` may be written with the tenant's before it, as in hangzhou/hangzhou-2021-2023. Raises UnknownName when
    there is none, BadInput when there are several and none is named, or two tenants have one of that code.
    """
    return of_row(session, _plan_row(session, plan_code))


def of_row(session: Session, row: PlanRow) -> InForce:
    """Return the plan of that row of the table."""
    read = partial(_in_force, session, row)
    found = remembered(session, row.tenant_id, ("in force", row.id, row.content_id), read)
    return replace(found, demonstrated_until=row.demonstrated_until)  # a demonstration moves on without an act


def _in_force(session: Session, row: PlanRow) -> InForce:
    plan, ladder_content = _content(session, row.content_id or 0)
    ladder_id, ladder = current_ladder(session, row.id or 0, ladder_content)
    units = session.scalars(select(Unit).where(col(Unit.tenant_id) == row.tenant_id)).all()
    return InForce(
        tenant_id=row.tenant_id,
        plan_id=row.id or 0,
        plan=plan,
        calendar=calendar(session, row.tenant_id),
        ladder=ladder,
        ladder_id=ladder_id,
        unit_ids={unit.code: unit.id or 0 for unit in units},
        unit_names={unit.id or 0: unit.name for unit in units},
    )


_CONTENTS: dict[str, tuple[Plan, Mapping[str, Any]]] = {}
"""Plans read before, with the ladder's part of their content, by digest: a version never changes."""
_CONTENTS_KEPT = 8


def _content(session: Session, version: int) -> tuple[Plan, Mapping[str, Any]]:
    """Return the plan of a version, and the ladder as it stands in it."""
    digest = session.scalars(select(col(PlanVersion.digest)).where(col(PlanVersion.id) == version)).one()
    if digest not in _CONTENTS:
        content = session.scalars(select(col(PlanVersion.content)).where(col(PlanVersion.id) == version)).one()
        if len(_CONTENTS) >= _CONTENTS_KEPT:
            _CONTENTS.clear()
        _CONTENTS[digest] = Plan.model_validate(content, context={"stored": True}), content["ladder"]
    return _CONTENTS[digest]


def as_known(session: Session, force: InForce, *, known_at: datetime) -> InForce:
    """Return `force` with the plan's content as it was loaded just before `known_at`.

    The first version holds from the plan's issue on, whenever it was put into the database.
    """
    versions = select(PlanVersion).where(col(PlanVersion.plan_id) == force.plan_id).order_by(col(PlanVersion.number))
    known = [row for row in session.scalars(versions) if row.number == 1 or row.loaded_at < known_at]
    if not known or known[-1].digest == force.plan.digest:
        return force
    return replace(force, plan=Plan.model_validate(known[-1].content, context={"stored": True}))


def calendar(session: Session, tenant_id: int) -> Workdays:
    """Return the national calendar with the years that this tenant has loaded on top."""
    found = published()
    years = select(CalendarYear).where(col(CalendarYear.tenant_id) == tenant_id).order_by(col(CalendarYear.year))
    for year in session.scalars(years):
        found = found.with_year(read_arrangement(year.arrangement, f"{year.year} 年安排"))
    return found


def current_ladder(session: Session, plan_id: int, content: Mapping[str, Any]) -> tuple[int, escalation.Ladder]:
    """Return number and content of the ladder that new cases are opened under: the one with the plan's `content`."""
    known = select(col(Ladder.id)).where(col(Ladder.plan_id) == plan_id, col(Ladder.digest) == ladder_digest(content))
    return session.scalars(known).one() or 0, escalation.read_ladder(content)


def ladder_digest(content: Mapping[str, Any]) -> str:
    """Return what tells one ladder from another: the SHA-256 of its canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def ladders(session: Session, force: InForce) -> Mapping[int, escalation.Ladder]:
    """Return every ladder that some case of the plan runs under, by number."""
    return remembered(session, force.tenant_id, ("ladders", force.plan_id), lambda: _ladders(session, force.plan_id))


def _ladders(session: Session, plan_id: int) -> Mapping[int, escalation.Ladder]:
    rows = session.execute(_OF_PLAN, {"plan": plan_id}).tuples()
    return {number or 0: _ladder(session, number or 0, digest) for number, digest in rows}


_OF_PLAN = select(col(Ladder.id), col(Ladder.digest)).where(col(Ladder.plan_id) == bindparam("plan", type_=Integer))
_LADDERS: dict[str, escalation.Ladder] = {}
"""Ladders read before, by digest: one that was opened never changes."""


def _ladder(session: Session, number: int, digest: str) -> escalation.Ladder:
    if digest not in _LADDERS:
        content = session.scalars(select(col(Ladder.content)).where(col(Ladder.id) == number)).one()
        if len(_LADDERS) >= _CONTENTS_KEPT:
            _LADDERS.clear()
        _LADDERS[digest] = escalation.read_ladder(content)
    return _LADDERS[digest]


def _plan_row(session: Session, code: str) -> PlanRow:
    statement = select(PlanRow, col(Tenant.code)).join(Tenant, col(Tenant.id) == col(PlanRow.tenant_id))
    rows = session.execute(statement.order_by(col(PlanRow.id))).tuples().all()
    if not rows:
        raise UnknownName("数据库里还没有计划：请先运行 duban init")
    codes = "、".join(f"{tenant}/{row.code}" for row, tenant in rows)
    found: list[PlanRow] = [row for row, tenant in rows if code in {"", row.code, f"{tenant}/{row.code}"}]
    if not found:
        raise UnknownName(f"数据库里没有计划 {code}；现有：{codes}")
    if len(found) > 1:
        raise BadInput(f"数据库里有多个计划（{codes}），请用环境变量 DUBAN_PLAN 指明一个")
    return found[0]


def tenant_name(session: Session, tenant_id: int) -> str:
    """Return the name of the tenant."""
    return session.get_one(Tenant, tenant_id).name
