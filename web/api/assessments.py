"""Assessments: the runs on their way, and a result."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from supervision.queries import publication as queries
from supervision.queries.assessment_page import lines_seen, run_seen
from supervision.queries.publication import RunLine
from web.api.calling import Calling
from web.api.routing import Endpoints
from web.api.shapes.assessments import RunList, RunResult, RunShape
from web.api.shapes.base import Number
from web.rules import EVERYBODY

endpoints = Endpoints("考核")


@endpoints.get("/assessments", EVERYBODY, RunList, "列出考核结果")
async def listed(
    call: Calling, quarter: Annotated[str | None, Query(max_length=10, description="如 2022Q2")] = None
) -> RunList:
    """Give the runs that the caller sees, newest first."""
    seen = queries.runs(call.session, call.force, quarter=quarter, drafts=call.sight.everything)
    return RunList(assessments=[RunShape(**_known(run)) for run in seen])


@endpoints.get("/assessments/{number}", EVERYBODY, RunResult, "一次考核的结果")
async def one(call: Calling, number: Number) -> RunResult:
    """Give a result, with the vetoes of whom it assesses. Before publication the lines of other units are left out."""
    run = run_seen(call.session, call.force, call.sight, number)
    seen = queries.runs(call.session, call.force, quarter=run.quarter, drafts=call.sight.everything)
    line = next(each for each in seen if each.id == number)
    districts = [
        row if lines_seen(run, call.sight, call.force.unit_ids[row["code"]]) else {**row, "components": []}
        for row in run.result["districts"]
    ]
    assessed = {call.force.unit_ids[row["code"]]: row["code"] for row in districts}
    found = queries.vetoes(call.session, run)
    vetoes = {assessed[unit]: why for unit, why in found.items() if unit in assessed}
    return RunResult(**_known(line), result={**run.result, "districts": districts}, vetoes=vetoes)


def _known(run: RunLine) -> dict[str, object]:
    return {name: getattr(run, name) for name in RunShape.model_fields}
