"""Searching items, units and clauses."""

from __future__ import annotations

from starlette.responses import Response

from supervision.queries.search import SHOWN, search
from web import inputs
from web.lights import light_names
from web.routing import Pages
from web.rules import EVERYBODY
from web.visit import Visiting

pages = Pages()


@pages.show("/search", EVERYBODY)
async def results(visit: Visiting) -> Response:
    """Show what holds the words and may be seen."""
    words = inputs.text(visit.request.query_params, "q", "搜索", longest=100)
    found = search(visit.session, visit.force, visit.sight, words, as_of=visit.force.today) if words else None
    return visit.page("search/results.html", words=words, found=found, shown=SHOWN, lights=light_names(visit.force))
