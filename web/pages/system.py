"""How the installation is: flows, notices, clock, engine."""

from __future__ import annotations

from starlette.responses import Response

from web.routing import Pages
from web.rules import MANAGERS
from web.status import UNIT_NAMES_SHOWN, status_of_plan
from web.visit import Visiting

pages = Pages()


@pages.show("/system", MANAGERS)
async def system(visit: Visiting) -> Response:
    """Show the last runs, the next ones, and what has become of the notices."""
    settings = visit.portal.settings
    mail = "" if settings.smtp_host else str((settings.home / "mail").absolute())
    plan = status_of_plan(visit.session, visit.force)
    outlook = visit.portal.outlook()
    return visit.page(
        "system.html", plan=plan, outlook=outlook, silent=outlook.silent(visit.force), mail=mail,
        shown=UNIT_NAMES_SHOWN,
    )  # fmt: skip
