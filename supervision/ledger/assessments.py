"""Running an assessment: freeze what is known, calculate, keep input and result for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import Refused
from config.terms import AssessmentState, Finding, Population
from database import chain
from models import Assessment, Flag, Score, ScoreLine
from supervision import scoring
from supervision.in_force import InForce
from supervision.periods import Period
from supervision.queries import analysis
from supervision.queries.case import Gathered, gather
from supervision.queries.people import flow
from supervision.queries.register import is_simulated

ASSESSOR = flow("assess_districts")


def stored(
    session: Session, force: InForce, quarter: Period, population: Population, *, as_of: date | None
) -> Assessment | None:
    """Return the newest run of the quarter, only one for `as_of` when it is given."""
    statement = select(Assessment).where(
        col(Assessment.plan_id) == force.plan_id,
        col(Assessment.quarter) == str(quarter),
        col(Assessment.population) == population,
    )
    if as_of is not None:
        statement = statement.where(col(Assessment.as_of) == as_of)
    return session.scalars(statement.order_by(col(Assessment.vintage).desc()).limit(1)).one_or_none()


def assess(
    session: Session, force: InForce, quarter: Period, population: Population, *, as_of: date, at: datetime
) -> Assessment:
    """Return the run of the quarter as known on `as_of`, made when it is not there.

    Key: quarter, population and `as_of`; a run for another day is a new draft beside the old one.
    Raises Refused before the quarter has ended, and for another day once a result has been shown to the units: that
    is corrected, with a reason.
    """
    chain.lock(session, force.tenant_id)
    found = stored(session, force, quarter, population, as_of=as_of)
    if found is not None:
        return found
    newest = stored(session, force, quarter, population, as_of=None)
    if newest is not None and newest.state is not AssessmentState.DRAFT:
        raise Refused(
            f"{quarter.in_words}考核结果已{newest.state.label}（数据截至 {newest.as_of}），不再重新考核；"
            f"数据有误的，请用 duban assessment correct {newest.id} 更正"
        )
    return run(session, force, quarter, population, as_of=as_of, at=at, actor=ASSESSOR.login)


def run(
    session: Session, force: InForce, quarter: Period, population: Population, *, as_of: date, at: datetime,
    actor: str, acting_for: str | None = None, frozen_on: date | None = None,
) -> Assessment:  # fmt: skip
    """Make a run of the quarter as known on `as_of` and keep it as the next vintage, a draft.

    `frozen_on`: the run corrects one that was frozen on this day, by which conduct stays judged.
    The caller holds the chain. Raises Refused before the quarter has ended, and for a day after that of `at`: what
    will be known on it nobody knows yet, so that the run could never be made again.
    """
    if as_of > day_of(at):
        raise Refused(f"数据截止日 {as_of} 晚于办理日 {day_of(at)}，不能以那一天所知考核；请核对 --as-of")
    if as_of <= quarter.last:
        raise Refused(f"{quarter.in_words}到 {quarter.last} 才结束，不能在 {as_of} 考核")
    gathered = gather(session, force, quarter, population, as_of=frozen_on or as_of, known_on=as_of)
    case = scoring.read_case(gathered.case)
    found = scoring.assess(case, calendar=force.calendar)
    result = found.as_json()
    made = _run(session, force, quarter, population, as_of, at, gathered, result)
    _put_scores(session, force, made, gathered, result)
    _put_flags(session, force, made, analysis.Assessed(case, found, made.vintage, as_of))
    entry = chain.Entry(
        "assess", at, actor, plan_id=force.plan_id, acting_for=acting_for,
        data={"assessment": made.id, "quarter": made.quarter, "population": population.value, "vintage": made.vintage,
              "scheme_hash": made.scheme_hash, "input_digest": made.input_digest},
    )  # fmt: skip
    chain.append(session, force.tenant_id, [entry])
    return made


def _run(
    session: Session,
    force: InForce,
    quarter: Period,
    population: Population,
    as_of: date,
    at: datetime,
    gathered: Gathered,
    result: dict[str, Any],
) -> Assessment:
    newest = select(func.max(col(Assessment.vintage))).where(
        col(Assessment.plan_id) == force.plan_id,
        col(Assessment.quarter) == str(quarter),
        col(Assessment.population) == population,
    )
    run = Assessment(
        tenant_id=force.tenant_id, plan_id=force.plan_id, quarter=str(quarter), population=population,
        vintage=(session.scalars(newest).one() or 0) + 1, as_of=as_of, case=gathered.case,
        result=json.loads(json.dumps(result)), scheme_hash=str(result["scheme_hash"]),
        input_digest=str(result["input_digest"]), synthetic=is_simulated(session, force), run_at=at,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def _put_scores(
    session: Session, force: InForce, run: Assessment, gathered: Gathered, result: Mapping[str, Any]
) -> None:
    keys = {"tenant_id": force.tenant_id, "plan_id": force.plan_id, "assessment_id": run.id}
    scores, lines = [], []
    for district in result["districts"]:
        unit = {**keys, "unit_id": force.unit_ids[district["code"]]}
        scores.append({**unit, "total": Decimal(district["total"]), "rank": district["rank"],
                       "grade": district["grade"]})  # fmt: skip
        for component in district["components"]:
            lines += [_line(force, unit, district["code"], component, entry, gathered) for entry in _entries(component)]
    session.execute(insert(Score), scores)
    session.execute(insert(ScoreLine), lines)


def _put_flags(session: Session, force: InForce, run: Assessment, assessed: analysis.Assessed) -> None:
    """Keep what the checks for irregularities saw in the run, for a person to look into."""
    rows = [
        {
            "tenant_id": force.tenant_id, "plan_id": force.plan_id, "assessment_id": run.id,
            "unit_id": force.unit_ids[flag.unit], "subject": flag.subject, "kind": flag.kind.value,
            "words": flag.words, "evidence": flag.as_json(), "finding": Finding.OPEN,
        }
        for flag in analysis.flags_of(session, force, assessed, run.population)
    ]  # fmt: skip
    if rows:
        session.execute(insert(Flag), rows)


def _entries(component: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a component's lines; one without lines is a line of its own."""
    if component["items"]:
        return list(component["items"])
    return [{**component, "attainment": None, "status": "ok"}]


def _line(
    force: InForce,
    unit: Mapping[str, Any],
    unit_code: str,
    component: Mapping[str, Any],
    entry: Mapping[str, Any],
    gathered: Gathered,
) -> dict[str, Any]:
    code = entry["code"]
    is_figure = bool(component["items"])
    items = {item["code"]: item for part in gathered.case["scheme"]["components"] for item in part.get("items", ())}
    rule = (items[code]["rule"] or gathered.case["scheme"]["rule"]) if is_figure else code
    return {
        **unit,
        "component": component["code"],
        "code": code,
        "figure_id": gathered.figure_ids.get((unit_code, code)),
        "weight": Decimal(entry["weight"]),
        "attainment": Decimal(entry["attainment"]) if entry["attainment"] is not None else None,
        "points": Decimal(entry["points"] or 0),
        "status": entry["status"],
        "rule": rule,
        "clause": force.plan.indicator(code).source if is_figure else gathered.clauses[code],
    }
