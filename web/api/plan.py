"""The plan in force: what the codes of indicators, forms, measures and units mean."""

from __future__ import annotations

from web.api.calling import Calling
from web.api.routing import Endpoints
from web.api.shapes.plan import PlanShape
from web.rules import EVERYBODY

endpoints = Endpoints("行动计划")


@endpoints.get("/plan", EVERYBODY, PlanShape, "行动计划")
async def plan(call: Calling) -> PlanShape:
    """Give goals, indicators, key tasks with their measures, units, forms, the ladder and the rulings."""
    return PlanShape.model_validate(call.force.plan.show())
