"""What is answered when something is wrong: always a page that says what to do, never a trace."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from config.errors import DubanError
from web.rendering import rendered
from web.safeguards import FILES_AT_ONCE, BodyTooLarge, is_program, too_large
from web.visit import (
    SEE_OTHER,
    FormForged,
    NotAdmitted,
    PasswordDue,
    SignInNeeded,
    Visit,
    recognise,
    sign_in_address,
    status_of,
)
from web.wording import told

_WORDS = {
    404: "没有这个页面，或者您无权查看。请核对地址，或从菜单进入。",
    405: "这个地址不接受这样的操作。请从菜单进入。",
    400: "请求不完整，没有受理。请刷新页面后重试。",
}
_SECRET = frozenset({"csrf", "password", "old", "new", "again"})

_log = logging.getLogger("duban.web")


def explain(app: FastAPI) -> None:
    """Let every failure of the application be answered in words."""
    handlers: dict[Any, Any] = {
        SignInNeeded: _sign_in,
        NotAdmitted: _not_admitted,
        PasswordDue: _password_due,
        FormForged: _forged,
        BodyTooLarge: _too_large,
        DubanError: _refused,
        DBAPIError: _unavailable,
        RequestValidationError: _no_such_page,
        HTTPException: _http,
        Exception: _broken,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _sign_in(request: Request, _error: Exception) -> Response:
    """Send a reader to the sign-in page and back; show a writer what was typed, so that it is not lost."""
    if request.method != "POST":
        return RedirectResponse(sign_in_address(request), SEE_OTHER)
    typed = [(name, value) for name, value in (await _form(request)).multi_items() if name not in _SECRET]
    kept = [(name, value) for name, value in typed if isinstance(value, str) and value.strip()]
    return _page(request, "expired.html", 401, typed=kept)


async def _form(request: Request) -> FormData:
    try:
        return await request.form()
    except (HTTPException, BodyTooLarge):
        return FormData()


async def _not_admitted(request: Request, _error: Exception) -> Response:
    with _asking(request) as visit:
        without_post = visit.signed is not None and not visit.actor.holdings
    if without_post:
        return _failure(request, 403, "您现在没有任职，不能查看和办理事项。有疑问请联系领导小组办公室。")
    return _failure(request, 403, "您的身份不能进入这个页面。如需权限，请联系领导小组办公室。")


async def _password_due(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/account/password", SEE_OTHER)


async def _forged(request: Request, _error: Exception) -> Response:
    return _failure(request, 403, "表单已失效，没有保存。请返回上一页，刷新后重新提交。")


async def _too_large(request: Request, _error: Exception) -> Response:
    megabytes = request.app.state.portal.settings.upload_megabytes * FILES_AT_ONCE
    return _failure(request, 413, f"{too_large(megabytes)}。")


async def _refused(request: Request, error: DubanError) -> Response:
    return _failure(request, status_of(error), told(error))


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.error("database: %s", type(error).__name__)
    return _failure(request, 503, "数据库暂时不可用，没有作任何改动，请稍后再试。")


async def _no_such_page(request: Request, _error: Exception) -> Response:
    return _failure(request, 404, _WORDS[404])


async def _http(request: Request, error: HTTPException) -> Response:
    if is_program(request.scope):  # an address so strange that it does not even lead to the API
        return JSONResponse({"error": "not_found", "message": "没有这个接口，请核对地址"}, error.status_code)
    return _failure(request, error.status_code, _WORDS.get(error.status_code, "请求没有受理，请返回后重试。"))


async def _broken(request: Request, error: Exception) -> Response:
    _log.error("unexpected failure at %s %s", request.method, request.url.path, exc_info=error)
    return _failure(request, 500, "系统出错，没有保存这次操作。请稍后重试；如仍出错，请联系系统管理员。")


def _failure(request: Request, status: int, words: str) -> Response:
    return _page(request, "failure.html", status, words=words)


def _page(request: Request, template: str, status: int, **shown: Any) -> Response:
    with _asking(request) as visit:
        if visit.signed is None:
            return HTMLResponse(rendered(template, visit=None, menu=[], told="", signed=False, **shown), status)
        return visit.page(template, status=status, signed=True, **shown)


@contextmanager
def _asking(request: Request) -> Iterator[Visit]:
    """Give the visit of who asks, for the menu round the page; nobody's, where even that cannot be read."""
    visit = Visit(request, request.app.state.portal)
    try:
        recognise(visit)
    except (DubanError, DBAPIError):
        visit.signed = None
    try:
        yield visit
    finally:
        visit.close()
