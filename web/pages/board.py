"""督办总览: key tasks × units as lights, and what waits for the office."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from database.remembered import remembered
from supervision.queries import overview
from supervision.queries.items import BADNESS, board
from supervision.queries.ledger_page import Wanted
from supervision.queries.overview import AGES, week_end
from web.lights import light_names
from web.queries import address
from web.rendering import rendered
from web.routing import Pages
from web.rules import OVERSIGHT
from web.visit import Visit, Visiting

pages = Pages()


@pages.show("/board", OVERSIGHT)
async def board_page(visit: Visiting) -> Response:
    """Show the lights of all units in all key tasks, and how many things wait for what."""
    day = visit.force.today
    question = visit.force.plan_id, "board's page", day
    return visit.page(
        "board/board.html",
        all_lights=remembered(visit.session, visit.force.tenant_id, question, lambda: _lights(visit)),
        waiting=overview.waiting(visit.session, visit.force, visit.sight, as_of=day),
        ages=AGES,
        this_week={"open_only": True, "due_from": day, "due_to": week_end(day)},
        ledger=_ledger,
    )


def _lights(visit: Visit) -> Markup:
    """Return the tables of the board, which are the same for everybody who sees it."""
    day = visit.force.today
    made = rendered(
        "board/lights.html",
        lights=light_names(visit.force),
        tasks=board(visit.session, visit.force, as_of=day),
        units=overview.matrix(visit.session, visit.force, as_of=day),
        badness=BADNESS,
        ledger=_ledger,
    )
    return Markup(made)  # noqa: S704 - made by a template that escapes


def _ledger(**wanted: Any) -> str:
    return address("/ledger", Wanted(**wanted))
