"""The office's acts on the districts' targets: splitting anew, setting one, taking a whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from database import chain
from models import DistrictTarget
from supervision.apportion import Given, Proposed, Resplit, Table, Wanted, family, propose
from supervision.exact import plain
from supervision.in_force import InForce
from supervision.ledger.targets.rows import (
    CHANGE,
    Place,
    indicator_ids,
    newest_rows,
    office_only,
    record,
    refuse_backdated,
    told_of,
    words,
)
from supervision.ledger.targets.telling import tell
from supervision.queries.people import Actor
from supervision.queries.targets import standing_of


@dataclass(frozen=True)
class Changed:
    """What an act has changed: the lines as they were proposed, the versions written, and the districts told."""

    lines: tuple[Proposed, ...]
    versions: Mapping[Place, int]
    told: tuple[str, ...]


def preview(session: Session, force: InForce, wanted: Wanted) -> tuple[Proposed, ...]:
    """Return what `wanted` would change, and write nothing. Raises as `supervision.apportion.propose` does."""
    return propose(force.plan, _table(force, newest_rows(session, force)), wanted)


def change_targets(
    session: Session,
    force: InForce,
    wanted: Wanted,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    reasons: Mapping[Place, str] | None = None,
    document: str = "",
) -> Changed:
    """Write what `wanted` changes as new versions, chain the act, and tell the districts concerned.

    `reasons` are single ones that go before `reason`; `document` names the file that a table came from. Nothing is
    written when anything is refused. Raises Refused for anybody but the office, for somebody of a district that is
    touched, for an act before the last one on the same targets, and as `supervision.apportion.propose` does;
    BadInput without a reason.
    """
    chain.lock(session, force.tenant_id)
    rows = newest_rows(session, force)
    why = words(reason, "理由（--reason）")
    acting_for = office_only(by, (), "目标分解")
    lines = propose(force.plan, _table(force, rows), wanted)
    _refuse(force, lines, rows, by, at)
    own = {place: words(text, "理由") for place, text in (reasons or {}).items()}
    whys = {(each.indicator, each.district): _reason(force, each, wanted, why) for each in lines} | own
    written = _write(session, force, lines, rows, whys, by=by, at=at)
    told = [_told(line, written[line.indicator, line.district]) for line in lines]
    record(session, force, CHANGE, told, by=by, at=at, acting_for=acting_for, reason=why, document=document)
    districts = tell(session, force, written, because="目标有调整，请确认或提出异议", at=at)
    return Changed(lines, {place: row.version for place, row in written.items()}, tuple(districts))


def _refuse(
    force: InForce, lines: Sequence[Proposed], rows: Mapping[Place, DistrictTarget], by: Actor, at: datetime
) -> None:
    """Raise Refused for somebody of a district that `lines` touch, and for an act before an earlier one."""
    units = dict.fromkeys(line.district for line in lines)
    office_only(by, [force.unit_ids[code] for code in units], "目标分解")
    bound = {code for line in lines for code in family(force.plan, line.indicator)}
    refuse_backdated((row for (code, _), row in rows.items() if code in bound), at)


def _write(
    session: Session,
    force: InForce,
    lines: Sequence[Proposed],
    rows: Mapping[Place, DistrictTarget],
    whys: Mapping[Place, str],
    *,
    by: Actor,
    at: datetime,
) -> Mapping[Place, DistrictTarget]:
    ids, written = indicator_ids(session, force), {}
    for line in lines:
        place = line.indicator, line.district
        written[place] = DistrictTarget(
            tenant_id=force.tenant_id, plan_id=force.plan_id, indicator_id=ids[line.indicator],
            unit_id=force.unit_ids[line.district], version=_next_version(rows.get(place)), target=line.after.target,
            baseline=line.after.baseline, base=line.after.base, source=line.source, set_at=at, set_by=by.person_id,
            reason=whys[place],
        )  # fmt: skip
    session.add_all(written.values())
    session.flush()
    return written


def _table(force: InForce, rows: Mapping[Place, DistrictTarget]) -> Table:
    return {place: standing_of(force.plan, place[0], row) for place, row in rows.items()}


def _next_version(row: DistrictTarget | None) -> int:
    return 1 if row is None else row.version + 1


def _reason(force: InForce, line: Proposed, wanted: Wanted, why: str) -> str:
    """Return why a line changed: for who only shares what others left, what was asked for stands before it."""
    if isinstance(wanted, Given) or (isinstance(wanted, Resplit) and line.indicator == wanted.indicator):
        return why
    if isinstance(wanted, Resplit):
        return f"随 {wanted.indicator} 的调整重新分解：{why}"
    if (line.indicator, line.district) == (wanted.indicator, wanted.district):
        return why
    return f"随{force.plan.unit(wanted.district).name} {wanted.indicator} 的调整重新分解：{why}"


def _told(line: Proposed, row: DistrictTarget) -> dict[str, object]:
    more: dict[str, object] = {"target": plain(line.after.target)}
    if line.before is not None:
        more["before"] = plain(line.before.target)
    if line.after.baseline is not None:
        more["baseline"] = plain(line.after.baseline)
    return told_of((line.indicator, line.district), row, **more)
