"""督办总览: key tasks × units as lights, and what waits for the office."""

from __future__ import annotations

from starlette.responses import Response

from supervision.queries import overview
from supervision.queries.items import board
from supervision.queries.ledger_page import Wanted
from supervision.queries.overview import AGES, week_end
from web.lights import light_names
from web.queries import address
from web.routing import Pages
from web.rules import OVERSIGHT
from web.visit import Visiting

pages = Pages()


@pages.show("/board", OVERSIGHT)
async def board_page(visit: Visiting) -> Response:
    """Show the lights of all units in all key tasks, and how many things wait for what."""
    day = visit.force.today

    def ledger(**wanted: object) -> str:
        return address("/ledger", Wanted(**wanted))  # type: ignore[arg-type]

    return visit.page(
        "board/board.html",
        lights=light_names(visit.force),
        tasks=board(visit.session, visit.force, as_of=day),
        units=overview.matrix(visit.session, visit.force, as_of=day),
        waiting=overview.waiting(visit.session, visit.force, visit.sight, as_of=day),
        ages=AGES,
        badness=overview.BADNESS,
        this_week={"open_only": True, "due_from": day, "due_to": week_end(day)},
        ledger=ledger,
    )
