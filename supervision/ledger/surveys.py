"""Recording what a survey found. Only estimates are kept, never an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from config.errors import Refused
from config.terms import Role
from database import chain
from models import SurveyResult
from supervision.in_force import InForce
from supervision.indices.survey import Findings
from supervision.queries.people import Actor, acting_for
from supervision.queries.register import is_simulated
from supervision.queries.surveys import survey_results


@dataclass(frozen=True)
class KeptSurvey:
    """What became of a survey's findings; `unchanged`: these very files had been recorded last."""

    version: int
    unchanged: bool


def record_survey(
    session: Session, force: InForce, found: Findings, digest: str, *, by: Actor, at: datetime
) -> KeptSurvey:
    """Record the findings as the newest version of the survey's period.

    Key: survey, period and `digest` of the files and the survey's definition; the same again changes nothing. What is
    withheld is not kept either. Raises Refused for anybody but the office.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding({Role.OFFICE})
    if not held:
        raise Refused("抽样调查的结果由领导小组办公室记入")
    before = survey_results(session, force, survey=found.survey.code, period=found.period)
    if before and before[-1].digest == digest:
        return KeptSurvey(before[-1].version, True)
    row = SurveyResult(
        tenant_id=force.tenant_id,
        plan_id=force.plan_id,
        survey=found.survey.code,
        period=found.period,
        version=len(before) + 1,
        digest=digest,
        content=found.as_json(),
        synthetic=is_simulated(session, force),
        recorded_at=at,
        recorded_by_person_id=by.person_id or 0,
    )
    session.add(row)
    data = {"survey": row.survey, "period": row.period, "version": row.version, "digest": digest}
    entry = chain.Entry("record_survey", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=data)
    chain.append(session, force.tenant_id, [entry])
    session.flush()
    return KeptSurvey(row.version, False)
