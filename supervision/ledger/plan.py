"""Loading a plan folder into the tables: idempotent, and a changed folder becomes a new version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from config import plan as folder
from config.clock import day_of
from config.errors import Refused, UnknownName
from config.terms import Cadence, Responsibility, Role, UnitKind
from database import chain
from models import (
    Appointment,
    Form,
    Indicator,
    KeyTask,
    Ladder,
    Measure,
    Membership,
    Paper,
    Person,
    Plan,
    PlanVersion,
    Ruling,
    TaskUnit,
    Tenant,
    Unit,
)
from supervision import escalation, in_force
from supervision.in_force import InForce
from supervision.ledger.frozen import refuse_changed_schemes
from supervision.ledger.series import put_statistics
from supervision.ledger.targets import put_targets

Row = TypeVar("Row", bound=SQLModel)

LOADING_LOCK = 20211230
"""Advisory lock key under which PostgreSQL lets one plan be loaded at a time."""


def put_plan(session: Session, plan: folder.Plan, *, at: datetime) -> InForce:
    """Put the plan into the tables and return it as in force. The same folder twice changes nothing.

    Key: tenant and plan code; within them the codes of the folder. Entries that a new folder no longer has stay,
    because items and figures refer to them; the plan version in force says what counts.
    Raises PlanError for a ladder that cannot be climbed, Refused for a scheme that is changed while it is in use, and
    for the 机关代字 of another tenant.
    """
    escalation.read_ladder(plan.ladder.model_dump(mode="json"))
    _take_turn(session)
    tenant = _upsert(session, Tenant, {"code": plan.tenant.code}, {"name": plan.tenant.name})
    chain.open_chain(session, tenant.id or 0)
    chain.lock(session, tenant.id or 0)
    row = _upsert(
        session,
        Plan,
        {"tenant_id": tenant.id, "code": plan.code},
        {"title": plan.title, "starts": plan.start, "ends": plan.end, "issued": plan.issued},
    )
    keys = {"tenant_id": tenant.id or 0, "plan_id": row.id or 0}
    if _newest_digest(session, keys["plan_id"]) == plan.digest:
        return in_force.of_row(session, row)
    _refuse_borrowed_word(session, keys["tenant_id"], plan.office)
    if row.content_id is not None:
        refuse_changed_schemes(in_force.of_row(session, row).plan, plan, on=day_of(at))
    _put_version(session, keys, row, plan, at)
    units = _put_units(session, keys["tenant_id"], plan, at)
    _put_structure(session, keys, plan, units)
    _put_posts(session, keys["tenant_id"], plan, units, at)
    force = in_force.of_row(session, row)
    put_targets(session, force, at=at)
    put_statistics(session, force, at=at)
    return force


def _take_turn(session: Session) -> None:
    """Let one plan be loaded at a time, lest two tenants take one 机关代字 unseen. SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOADING_LOCK)))


def _refuse_borrowed_word(session: Session, tenant_id: int, office: folder.Office) -> None:
    """Refuse the 机关代字 of another tenant's plan in force, or of papers it has signed: a 文号 would be given twice.

    Plans of one tenant share it, and count in the same series.
    """
    others, word = col(Plan.tenant_id) != tenant_id, col(PlanVersion.content)["office"]["word"].as_string()
    bearing = select(Plan).join(PlanVersion, col(PlanVersion.id) == col(Plan.content_id)).where(word == office.word)
    signed = (
        select(Plan).join(Paper, col(Paper.plan_id) == col(Plan.id)).where(col(Paper.series).in_(office.all_series))
    )
    for statement in (bearing, signed):
        if (found := session.scalars(statement.where(others).limit(1)).first()) is not None:
            raise Refused(
                f"机关代字“{office.word}”已由同一数据库中的计划“{found.title}”使用，两地的文号会重复："
                "请在 plan.yaml 的 office.word 改用本机关的代字"
            )


def _newest_digest(session: Session, plan_id: int) -> str | None:
    newest = select(col(PlanVersion.digest)).where(col(PlanVersion.plan_id) == plan_id)
    return session.scalars(newest.order_by(col(PlanVersion.number).desc()).limit(1)).one_or_none()


def _put_version(session: Session, keys: Mapping[str, int], row: Plan, plan: folder.Plan, at: datetime) -> None:
    content = plan.model_dump(mode="json")
    last = select(func.max(PlanVersion.number)).where(col(PlanVersion.plan_id) == keys["plan_id"])
    number = (session.scalars(last).one() or 0) + 1
    version = PlanVersion(**keys, number=number, digest=plan.digest, content=content, loaded_at=at)
    session.add(version)
    _put_ladder(session, keys, content["ladder"])
    session.flush()
    row.content_id = version.id
    entry = chain.Entry(
        "load_plan", at, "flow:init", plan_id=keys["plan_id"],
        data={"code": plan.code, "version": number, "digest": plan.digest},
    )  # fmt: skip
    chain.append(session, keys["tenant_id"], [entry])


def _put_ladder(session: Session, keys: Mapping[str, int], content: dict[str, Any]) -> None:
    _upsert(session, Ladder, {**keys, "digest": in_force.ladder_digest(content)}, {"content": content})


def _put_units(session: Session, tenant_id: int, plan: folder.Plan, at: datetime) -> Mapping[str, int]:
    for order, unit in enumerate(plan.units, start=1):
        values = {
            "name": unit.name,
            "kind": UnitKind(unit.kind),
            "sort_order": order,
            "peer_group": plan.peer_group(unit.code, on=day_of(at)),
        }
        _upsert(session, Unit, {"tenant_id": tenant_id, "code": unit.code}, values)
    session.flush()
    rows = session.execute(select(col(Unit.name), col(Unit.id)).where(col(Unit.tenant_id) == tenant_id))
    return {name: number or 0 for name, number in rows}


def _put_structure(session: Session, keys: Mapping[str, int], plan: folder.Plan, units: Mapping[str, int]) -> None:
    for order, indicator in enumerate(plan.indicators, start=1):
        values = indicator.model_dump(include={"goal", "name", "measure_type", "unit_of_measure", "target"})
        _upsert(session, Indicator, {**keys, "code": indicator.code}, {**values, "sort_order": order})
    for group in plan.groups:
        for member in group.memberships:
            for name in member.units:
                key = {**keys, "group_name": group.name, "unit_id": _unit(units, plan, name), "since": member.start}
                _upsert(session, Membership, key, {"until": member.end, "source": member.source})
    for form in plan.forms:
        _upsert(session, Form, {**keys, "code": form.code},
                {"title": form.title, "frequency": Cadence(form.frequency)})  # fmt: skip
    for ruling in plan.rulings:
        _upsert(session, Ruling, {**keys, "topic": ruling.topic, "ruled_on": ruling.date},
                {"ruling": ruling.ruling, "source": ruling.source})  # fmt: skip
    _put_tasks(session, keys, plan, units)


def _put_tasks(session: Session, keys: Mapping[str, int], plan: folder.Plan, units: Mapping[str, int]) -> None:
    order = 0
    for matter in plan.matters:
        task_id = None
        if isinstance(matter, folder.KeyTask):
            lead = _unit(units, plan, matter.lead)
            task = _upsert(session, KeyTask, {**keys, "number": matter.number},
                           {"title": matter.title, "lead_unit_id": lead})  # fmt: skip
            task_id = task.id
            _put_task_units(session, keys, plan, units, matter, task_id or 0)
        for measure in matter.measures:
            order += 1
            values = {
                "key_task_id": task_id,
                "title": measure.title,
                "cadence": Cadence(measure.cadence),
                "due_rule": measure.due,
                "clause": measure.clause,
                "sort_order": order,
            }
            _upsert(session, Measure, {**keys, "code": measure.code}, values)


def _put_task_units(
    session: Session,
    keys: Mapping[str, int],
    plan: folder.Plan,
    units: Mapping[str, int],
    task: folder.KeyTask,
    task_id: int,
) -> None:
    parts: dict[int, tuple[Responsibility, str | None]] = {_unit(units, plan, task.lead): (Responsibility.LEAD, None)}
    for name in task.supporting:
        parts.setdefault(_unit(units, plan, name), (Responsibility.SUPPORTING, None))
    for group in task.groups:
        for member in plan.members(group, on=plan.issued):
            parts.setdefault(units[member.name], (Responsibility.SUPPORTING, group))
    for unit_id, (responsibility, via) in parts.items():
        key = {**keys, "key_task_id": task_id, "unit_id": unit_id}
        _upsert(session, TaskUnit, key, {"responsibility": responsibility, "via_group": via})


def _put_posts(session: Session, tenant_id: int, plan: folder.Plan, units: Mapping[str, int], at: datetime) -> None:
    """Create the post accounts, so that a notice always has somewhere to go; people are appointed later."""
    codes = {unit.code: units[unit.name] for unit in plan.units}
    for account in plan.accounts():
        known = select(col(Person.id)).where(col(Person.tenant_id) == tenant_id, col(Person.login) == account.login)
        if session.scalars(known).one_or_none() is not None:
            continue
        person = Person(tenant_id=tenant_id, login=account.login, name=account.name)
        session.add(person)
        session.flush()
        role = Role(account.role)
        housed = role in {Role.LIAISON, Role.UNIT_HEAD, Role.OFFICE}
        unit_id = codes[account.unit] if housed else None
        since = min(plan.start, plan.issued, day_of(at))
        session.add(Appointment(tenant_id=tenant_id, person_id=person.id or 0, unit_id=unit_id, role=role, since=since))
    session.flush()


def _unit(units: Mapping[str, int], plan: folder.Plan, name: str) -> int:
    found = units.get(plan.unit(name).name)
    if found is None:
        raise UnknownName(f"计划里没有单位“{name}”")
    return found


def _upsert(session: Session, table: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> Row:
    """Return the row of that key, made or brought up to `values`."""
    row = session.scalars(select(table).filter_by(**key)).one_or_none()
    if row is None:
        row = table(**key, **values)
        session.add(row)
        session.flush()
        return row
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    return row
