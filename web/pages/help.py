"""Help: what each page is for and how its work is done, in the words of the office."""

from __future__ import annotations

from starlette.responses import Response

from web.routing import Pages
from web.rules import SIGNED_IN
from web.visit import Visiting

pages = Pages()


@pages.show("/help", SIGNED_IN)
async def help_page(visit: Visiting) -> Response:
    """Show the help of all pages; each page links to its own part."""
    return visit.page("help/help.html")
