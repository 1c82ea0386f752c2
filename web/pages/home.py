"""The way in: everybody begins where their day begins."""

from __future__ import annotations

from starlette.responses import Response

from web.navigation import home_of
from web.routing import Pages
from web.rules import SIGNED_IN
from web.visit import Visiting

pages = Pages()


@pages.show("/", SIGNED_IN)
async def home(visit: Visiting) -> Response:
    """Go to the first page of this person's menu."""
    return visit.done(home_of(visit.actor))
