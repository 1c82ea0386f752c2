"""The portal's application: safeguards, pages, API, and what is answered when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from config.settings import Settings
from database import Database
from web import failures, pages
from web.api.app import create_api
from web.portal import Portal
from web.rules import refuse_undeclared
from web.safeguards import Safeguards
from web.status import Outlook


def create_app(settings: Settings, database: Database, *, outlook: Callable[[], Outlook] = Outlook) -> FastAPI:
    """Return the application. `outlook` tells how clock and engine are, each time a page is shown.

    Raises LookupError when a route has no rule of who may enter.
    """
    app = FastAPI(title="督办", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.portal = Portal(settings, database, outlook)
    for area in pages.AREAS:
        area.put_into(app)
    app.mount("/api/v1", create_api(app.state.portal))
    app.mount("/static", StaticFiles(directory=Path(str(files("web") / "static"))), name="static")
    failures.explain(app)
    app.add_middleware(Safeguards, settings=settings)
    refuse_undeclared(app.routes)
    return app
