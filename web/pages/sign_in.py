"""Signing in and out."""

from __future__ import annotations

from starlette.responses import Response

from access import accounts, sign_ins
from access.accounts import Known
from config import clock
from config.errors import DubanError
from database import writing
from web import inputs
from web.routing import Pages
from web.rules import EVERYBODY, PUBLIC
from web.visit import COOKIE, Visit, Visiting, status_of

pages = Pages()


@pages.show("/sign-in", PUBLIC)
async def ask(visit: Visiting) -> Response:
    """Ask for login and password; whoever is signed in already goes on."""
    if visit.signed is not None:
        return visit.done(_next(visit.request.query_params.get("next", "")))
    return visit.page("sign_in.html", error="", login="", next=visit.request.query_params.get("next", ""))


@pages.do("/sign-in", PUBLIC)
def enter(visit: Visiting) -> Response:
    """Let somebody in, or say why not in words that give nothing away."""
    login = inputs.text(visit.form, "login", "登录名", longest=100)
    password = visit.form.get("password")
    target = inputs.text(visit.form, "next")
    tenant, _, name = login.rpartition("/")
    try:
        known = accounts.attempt(
            visit.portal.database, tenant=tenant, login=name,
            password=password if isinstance(password, str) else "", at=clock.now(),
        )  # fmt: skip
    except DubanError as error:
        return visit.page("sign_in.html", status=status_of(error), error=str(error), login=login, next=target)
    return admitted(visit, known, target)


def admitted(visit: Visit, known: Known, target: str) -> Response:
    """Begin the sign-in of somebody who has shown who they are, and go to `target`, if that is a page of ours."""
    with writing(visit.portal.database) as session:
        token = sign_ins.opened(
            session, known, at=clock.now(), terms=visit.portal.terms,
            browser=visit.request.headers.get("user-agent", ""),
        )  # fmt: skip
    answer = visit.done(_next(target))
    answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@pages.do("/sign-out", EVERYBODY)
def leave(visit: Visiting) -> Response:
    """End the sign-in."""
    with writing(visit.portal.database) as session:
        sign_ins.ended(session, visit.me, at=clock.now())
    answer = visit.done("/sign-in", "您已退出")
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _next(target: str) -> str:
    """Return `target` when it is a path on this server, else the way home: a link must not lead elsewhere."""
    ours = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable() and "\\" not in target
    )
    return target if ours else "/"
