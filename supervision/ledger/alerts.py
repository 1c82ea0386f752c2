"""Telling people of an alert that statistical data raised: who owes the series, and the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from config.clock import day_of
from config.plan.schema.base import in_chinese
from config.terms import NoticeKind
from supervision.escalation import Audience
from supervision.exact import plain
from supervision.in_force import InForce
from supervision.indices.growth import Raised
from supervision.ledger import notices
from supervision.queries.people import recipients, unit_people

_AUDIENCE = (Audience.LIAISON, Audience.UNIT_HEAD, Audience.OFFICE)


def tell(session: Session, force: InForce, raised: Sequence[Raised], *, at: datetime) -> None:
    """Make a notice for each alert.

    Key: rule, area, period and the two figures compared, so that recording the same again tells nobody twice. An
    alert on an official series, which nobody here owes, goes to the unit that houses the office.
    """
    people = unit_people(session, force.tenant_id, on=day_of(at))
    drafts = []
    for alert in raised:
        owner = force.plan.statistics.series_of(alert.series).owner or force.plan.office.unit
        unit = force.unit_id(owner)
        figures = "/".join(plain(n) for n in (alert.change.figure, alert.change.reference) if n is not None)
        drafts.append(
            notices.Draft(
                key=f"alert/{alert.code}/{alert.area}/{alert.period}/{figures}",
                kind=NoticeKind.DATA_ALERT,
                unit_id=unit,
                because=f"{alert.words}（{in_chinese(alert.source)}）",
                recipients=recipients(people, unit, _AUDIENCE),
                not_before=notices.digest_moment(force, at),
            )
        )
    notices.make(session, force, drafts, at=at)
