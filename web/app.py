"""The portal's application. Until people can sign in it is one status page, for this machine alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined

from config.errors import DubanError
from config.settings import Settings
from database import Database, ensure_current, reading
from web.access import from_this_machine
from web.status import UNIT_NAMES_SHOWN, Outlook, plan_statuses

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
    pages = _environment()

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        allowed = from_this_machine(request, settings)
        response = await answer(request) if allowed else Response("仅限本机访问", status_code=FORBIDDEN)
        response.headers.update(SECURITY_HEADERS)
        return response

    # Plain SQLite in an async endpoint serves more readers than a pool of threads does.
    @app.get("/", response_class=HTMLResponse)
    async def status() -> Response:
        try:
            with reading(database) as session:
                plans = plan_statuses(session, settings.plan)
        except DubanError as error:
            return HTMLResponse(pages.get_template("unavailable.html").render(why=str(error)), UNAVAILABLE)
        mail = "" if settings.smtp_host else str((settings.home / "mail").absolute())
        page = pages.get_template("status.html").render(
            plans=plans, outlook=outlook(), mail=mail, shown=UNIT_NAMES_SHOWN
        )
        return HTMLResponse(page)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        return _readiness(settings, database, outlook())

    app.mount("/static", StaticFiles(directory=Path(str(files("web") / "static"))), name="static")
    return app


def _readiness(settings: Settings, database: Database, outlook: Outlook) -> JSONResponse:
    told = {"engine": outlook.engine, "clock": outlook.clock}
    try:
        ensure_current(database)
        with reading(database) as session:
            plans = [plan.code for plan in plan_statuses(session, settings.plan)]
    except DubanError as error:
        return JSONResponse({"status": "unavailable", "why": str(error), **told}, UNAVAILABLE)
    return JSONResponse({"status": "ready", "plans": plans, **told})


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
