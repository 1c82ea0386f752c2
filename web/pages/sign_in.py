"""Signing in and out."""

from __future__ import annotations

import base64
import json

from starlette.responses import RedirectResponse, Response

from access import accounts, sign_ins
from access.accounts import Known
from access.identity import Begun, Provider
from config import clock
from config.errors import DubanError, Refused, UnknownName
from database import chain, writing
from web import inputs
from web.routing import Pages
from web.rules import PUBLIC, SIGNED_IN
from web.visit import COOKIE, SEE_OTHER, Visit, Visiting, status_of

pages = Pages()

_ON_THE_WAY = "duban_provider"
_MINUTES_TO_COME_BACK = 10


@pages.show("/sign-in", PUBLIC)
async def ask(visit: Visiting) -> Response:
    """Ask for login and password; whoever is signed in already goes on."""
    if visit.signed is not None:
        return visit.done(_next(visit.request.query_params.get("next", "")))
    return _page(visit, next=visit.request.query_params.get("next", ""))


def _page(visit: Visit, *, error: str = "", status: int = 200, login: str = "", next: str = "") -> Response:
    settings = visit.portal.settings
    provider = settings.oidc_title if settings.oidc_issuer else ""
    return visit.page("sign_in.html", status=status, error=error, login=login, next=next, provider=provider)


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
        return _page(visit, status=status_of(error), error=str(error), login=login, next=target)
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


@pages.show("/sign-in/provider", PUBLIC)
def to_provider(visit: Visiting) -> Response:
    """Send the browser to the identity provider."""
    provider = Provider.of(visit.portal.settings)
    if provider is None:
        raise UnknownName("没有设置统一身份认证，请用口令登录")
    begun = provider.begin()
    answer = RedirectResponse(begun.address, SEE_OTHER)
    target = visit.request.query_params.get("next", "")
    value = base64.urlsafe_b64encode(json.dumps([begun.state, begun.nonce, begun.verifier, target]).encode()).decode()
    answer.set_cookie(
        _ON_THE_WAY, value, max_age=_MINUTES_TO_COME_BACK * 60, path="/sign-in", secure=True, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return answer


@pages.show("/sign-in/provider/back", PUBLIC)
def from_provider(visit: Visiting) -> Response:
    """Let in whom the provider vouches for, if that is somebody here."""
    provider = Provider.of(visit.portal.settings)
    if provider is None:
        raise UnknownName("没有设置统一身份认证，请用口令登录")
    try:
        state, nonce, verifier, target = json.loads(base64.urlsafe_b64decode(visit.request.cookies[_ON_THE_WAY]))
    except (KeyError, ValueError, TypeError):
        raise Refused("登录已超时，请重新登录") from None
    subject = provider.finish(dict(visit.request.query_params), Begun("", state, nonce, verifier))
    with writing(visit.portal.database) as session:
        known = accounts.by_subject(session, subject)
        if known is not None:
            chain.append(session, known.tenant_id, [chain.Entry("sign_in", clock.now(), known.login)])
    if known is None:
        raise Refused("您的统一身份没有绑定本系统的人员，请联系系统管理员")
    answer = admitted(visit, known, str(target))
    answer.delete_cookie(_ON_THE_WAY, path="/sign-in", secure=True, httponly=True, samesite="lax")
    return answer


@pages.do("/sign-out", SIGNED_IN)
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
