"""The portal's application. Until people can sign in it is one status page, for this machine alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined

from config.errors import DubanError
from config.settings import Settings
from database import Database, ensure_current, reading
from web.access import from_this_machine
from web.status import UNIT_NAMES_SHOWN, Outlook, plan_statuses, plans_shown

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Sent with every answer: nothing from outside is loaded, nothing is framed, nothing is kept."""

UNAVAILABLE = 503
FORBIDDEN = 403


def create_app(settings: Settings, database: Database, *, outlook: Callable[[], Outlook] = Outlook) -> FastAPI:
    """Return the application. `outlook` tells how clock and engine are, each time a page is shown.

    `/` is the status page, `/healthz` says that the process answers, `/readyz` that its database and plan are usable.
    """
    app = FastAPI(title="督办", docs_url=None, redoc_url=None, openapi_url=None)
    portal = _Portal(settings, database, outlook)
    app.middleware("http")(portal.guarded)
    app.get("/", response_class=HTMLResponse)(portal.status)
    app.get("/healthz")(portal.alive)
    app.get("/readyz")(portal.ready)
    app.mount("/static", StaticFiles(directory=Path(str(files("web") / "static"))), name="static")
    return app


@dataclass(frozen=True)
class _Portal:
    """What the pages are made from. Plain SQLite in an async endpoint serves more readers than a pool of threads."""

    settings: Settings
    database: Database
    outlook: Callable[[], Outlook]

    async def guarded(self, request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        allowed = from_this_machine(request, self.settings)
        response = await answer(request) if allowed else Response("仅限本机访问", status_code=FORBIDDEN)
        response.headers.update(SECURITY_HEADERS)
        return response

    async def status(self) -> Response:
        try:
            with reading(self.database) as session:
                plans = plan_statuses(session, self.settings.plan)
        except DubanError as error:
            return HTMLResponse(_page("unavailable.html", why=str(error)), UNAVAILABLE)
        mail = "" if self.settings.smtp_host else str((self.settings.home / "mail").absolute())
        shown = {"plans": plans, "outlook": self.outlook(), "mail": mail, "shown": UNIT_NAMES_SHOWN}
        return HTMLResponse(_page("status.html", **shown))

    async def alive(self) -> dict[str, str]:
        return {"status": "ok"}

    async def ready(self) -> JSONResponse:
        outlook = self.outlook()
        told = {"engine": outlook.engine, "clock": outlook.clock}
        try:
            ensure_current(self.database)
            with reading(self.database) as session:
                plans = [force.plan.code for force in plans_shown(session, self.settings.plan)]
        except DubanError as error:
            return JSONResponse({"status": "unavailable", "why": str(error), **told}, UNAVAILABLE)
        return JSONResponse({"status": "ready", "plans": plans, **told})


def _page(template: str, **shown: Any) -> str:
    return _environment().get_template(template).render(shown)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
