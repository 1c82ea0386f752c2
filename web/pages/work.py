"""我的工作: where the day of a unit's person begins."""

from __future__ import annotations

from starlette.responses import Response

from supervision.queries.work import work_of
from web.lights import light_names
from web.routing import Pages
from web.rules import UNITS
from web.visit import Visiting

pages = Pages()


@pages.show("/work", UNITS)
async def work(visit: Visiting) -> Response:
    """Show what is to be done, what bites first at the top."""
    found = work_of(visit.session, visit.force, visit.actor, as_of=visit.force.today)
    return visit.page("work/work.html", work=found, lights=light_names(visit.force))
