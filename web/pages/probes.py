"""What a monitor asks: whether the process answers, and whether it could do its work."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import JSONResponse

from config.errors import DubanError
from database import ensure_current, reading
from web.portal import Portal
from web.routing import Pages
from web.rules import PUBLIC
from web.status import plans_shown

UNAVAILABLE = 503

pages = Pages()


@pages.show("/healthz", PUBLIC)
async def alive() -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


@pages.show("/readyz", PUBLIC)
async def ready(request: Request) -> JSONResponse:
    """Say whether database and plan are usable, and how clock and engine are."""
    portal: Portal = request.app.state.portal
    outlook = portal.outlook()
    told = {"engine": outlook.engine, "clock": outlook.clock}
    try:
        ensure_current(portal.database)
        with reading(portal.database) as session:
            plans = [force.plan.code for force in plans_shown(session, portal.settings.plan)]
    except DubanError as error:
        return JSONResponse({"status": "unavailable", "why": str(error), **told}, UNAVAILABLE)
    return JSONResponse({"status": "ready", "plans": plans, **told})
