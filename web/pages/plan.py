"""行动计划: the plan in force as it was loaded, to be read; it is changed by loading a new version."""

from __future__ import annotations

from starlette.responses import Response

from config.plan.due import in_words
from config.terms import Cadence, Level
from supervision.escalation import Audience
from supervision.queries.plan_versions import versions
from web.routing import Pages
from web.rules import EVERYBODY
from web.visit import Visiting

pages = Pages()

AUDIENCES = {
    Audience.LIAISON: "联络员",
    Audience.UNIT_HEAD: "分管负责人",
    Audience.OFFICE: "领导小组办公室",
    Audience.LEADING_GROUP: "领导小组领导",
}

DIGEST_SHOWN = 12
"""Characters of a version's digest: enough to compare by eye."""


@pages.show("/plan", EVERYBODY)
async def plan(visit: Visiting) -> Response:
    """Show goals, indicators, key tasks, memberships, the ladder, the rulings and the versions."""
    return visit.page(
        "plan/plan.html", plan=visit.force.plan, versions=versions(visit.session, visit.force), shown=DIGEST_SHOWN,
        due=in_words, cadences={term.value: term.label for term in Cadence},
        levels={term.value: term.label for term in Level}, audiences=AUDIENCES,
    )  # fmt: skip
